"""sessionctl help: the help of a command, or a topic that no single command owns."""

from __future__ import annotations

from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_page
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

EXIT_CODES = (
    (0, "done; of a question: yes (valid, same, clean)"),
    (1, 'the answer is "no": invalid, conflicts, different, no such key'),
    (2, "usage: the command line is wrong"),
    (3, "could not: reading, writing, the network, a missing program"),
    (4, "secrets are locked: no identity opens them"),
    (5, "refused for safety: tampered with, not trusted, integrity lost"),
    (70, "a bug of sessionctl"),
    (130, "interrupted"),
    (141, "the reader of the output went away, as in 'sessionctl ... | head'"),
)


@click.command("help")
@click.argument(
    "words", nargs=-1, metavar="[COMMAND... | exit-codes]", shell_complete=complete_page
)
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show help for a command or a topic.

    \b
    Examples:
      sessionctl help merge          help for a command
      sessionctl help exit-codes     what each exit code means
    """
    console = ctx.ensure_object(Console)
    if words == ("exit-codes",):
        for code, meaning in EXIT_CODES:
            console.out(f"{code:>3}  {meaning}")
        return
    console.out(_command_help(ctx.find_root(), words))


def _command_help(root: click.Context, words: tuple[str, ...]) -> str:
    context = root
    for word in words:
        group = context.command
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        if found is None:
            raise UsageError(
                f"help: no such command or topic: {' '.join(words)}",
                hints=["see 'sessionctl --help', or 'sessionctl help exit-codes'"],
            )
        context = click.Context(found, parent=context, info_name=word)
    return context.get_help()
