"""The command line as a click group that imports a command only to run it."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from sessionctl.cli import command_table
from sessionctl.cli.boundary import INTERRUPTED, guarded
from sessionctl.cli.options import adopt, global_json_option, global_options
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click_command
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from click.shell_completion import CompletionItem

PROGRAM = "sessionctl"
COMPLETE_VARIABLE = "_SESSIONCTL_COMPLETE"


class App(click.Group):
    """The root command; its subcommands are the table's, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the help."""
        return list(command_table.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command; None for a name that no command has."""
        if cmd_name not in command_table.COMMANDS:
            return None
        return adopt(click_command(import_module(command_table.module_name(cmd_name)).command))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command ``args`` begin with; suggest the nearest for a typing error."""
        name = args[0]
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            from sessionctl.cli.input.verb_table import advice_for

            advice = advice_for(PROGRAM, args, command_table.COMMANDS)
            raise UsageError(f"no such command: {name}", hints=[advice])
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help of the whole program."""
        return command_table.help_text().rstrip("\n")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return completions without importing the commands they name."""
        from click.shell_completion import CompletionItem

        fitting = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in command_table.COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return fitting + click.Command.shell_complete(self, ctx, incomplete)

    # Click's own main has an error boundary of its own; ours must be the only one.
    def main(self, args: Sequence[str] | None = None, **_extra: Any) -> NoReturn:  # type: ignore[override]
        """Run ``args`` as a process would, and exit with the exit code."""
        console = Console()
        arguments = list(sys.argv[1:] if args is None else args)
        sys.exit(guarded(lambda: run(arguments, console), console))


def run(arguments: list[str], console: Console) -> int:
    """Run one command line and return the exit code.

    A command's callback returns its exit code; None stands for 0.

    Raises:
      SessionctlError: the command could not; click's errors become a ``UsageError``.
    """
    console.arguments = tuple(arguments)
    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(app, {"obj": console}, PROGRAM, COMPLETE_VARIABLE, instruction)
    try:
        with app.make_context(PROGRAM, arguments, obj=console) as context:
            code = app.invoke(context)
    except (click.ClickException, click.Abort, click.exceptions.Exit, EOFError) as error:
        return code_of(error, console)
    return code if isinstance(code, int) else 0


def code_of(error: Exception, console: Console) -> int:
    """Return the exit code that an error of click means.

    Raises:
      SessionctlError: it is a mistake in the command line.
      Exception: ``error`` itself, where it is none of click's.
    """
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.Abort() | EOFError():
            return INTERRUPTED
        case click.exceptions.NoArgsIsHelpError():
            is_whole = getattr(error.ctx, "command", None) is app
            text = command_table.overview_text() if is_whole else f"{error.format_message()}\n"
            console.stderr.write(text)
            return error.exit_code
        case click.ClickException():
            raise _usage_error(error, console) from error
    raise error


def _usage_error(error: click.ClickException, console: Console) -> UsageError:
    # click lists choices one a line.
    message = error.format_message().replace("\n\t", " ").strip().removesuffix(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    page = context.command_path if context is not None else _command_path(console.arguments)
    hints = [*_order_hints(error, console.arguments), f"see '{page} --help'"]
    if isinstance(error, click.BadParameter) and error.param is not None:
        hints = [*_near_choice(error.message, error.param.type), *hints]
    return UsageError(message[:1].lower() + message[1:], hints=hints)


def _order_hints(error: click.ClickException, words: Sequence[str]) -> list[str]:
    """Return the hint for a value that was put behind ``=``, or an option before its command."""
    from sessionctl.core.text.shellwords import typed_word

    match error:
        case click.MissingParameter(param=click.Argument(name="value")):
            key, is_pair, _ = words[-1].partition("=")
            # What was typed as the value may be a secret.
            if is_pair and key and not key.startswith("-"):
                line = " ".join(map(typed_word, [*words[:-1], key]))
                return [f"a key and its value are two words: sessionctl {line} VALUE"]
        case click.NoSuchOption(ctx=click.Context(command=command)) if command is app:
            option = error.option_name
            for name in words:
                if any(option in param.opts for param in _params_of(name)):
                    return [f"an option of '{name}' stands behind it: 'sessionctl {name} --help'"]
    return []


def _params_of(name: str) -> list[click.Parameter]:
    command = app.get_command(click.Context(app), name)
    return [] if command is None or isinstance(command, click.Group) else command.params


def _command_path(arguments: Sequence[str]) -> str:
    """Return the words that name the command of a command line, as far as it names one."""
    words = [PROGRAM, *arguments[:1]]
    command = app.get_command(click.Context(app), words[-1]) if arguments else None
    if command is None:
        return PROGRAM
    if isinstance(command, click.Group):
        words += [word for word in arguments[1:2] if not word.startswith("-")]
    return " ".join(words)


def _near_choice(message: str, kind: object) -> list[str]:
    """Return the hint that names the choice which was probably meant; none without one."""
    word, is_choice, _ = message.removeprefix("'").partition("' is not one of")
    if not is_choice or not isinstance(kind, click.Choice):
        return []
    from sessionctl.core.text.near_words import near_hints

    begun = [str(choice) for choice in kind.choices if word and str(choice).startswith(word)]
    if len(begun) == 1:
        return [f"did you mean {begun[0]}?"]
    return near_hints(word, map(str, kind.choices), listed="")


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted and not ctx.resilient_parsing:
        from sessionctl._version import __version__

        ctx.ensure_object(Console).out(f"{PROGRAM} {__version__}")
        ctx.exit()


app = App(
    PROGRAM,
    params=[
        *global_options(),
        global_json_option(),
        click.Option(
            ["-V", "--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
        ),
    ],
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
