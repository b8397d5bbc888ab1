"""sessionctl set: change one value of a file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_new_key
from sessionctl.cli.options import document_argument, dry_run_option, force_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import NUMBER_COMMAND, click
from sessionctl.core.toml.literal import KINDS
from sessionctl.errors import UsageError


@click.command("set", cls=NUMBER_COMMAND)
@document_argument(writes=True)
@click.argument("key", shell_complete=complete_new_key)
@click.argument("value")
@click.argument("more", nargs=-1, metavar="[KEY VALUE]...")
@click.option("--string", "is_string", is_flag=True, help="Take VALUE as a string, not as TOML.")
@click.option("--type", "kind", type=click.Choice(KINDS), help="Require VALUE to have this type.")
@force_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    file: str,
    key: str,
    value: str,
    more: tuple[str, ...],
    kind: str | None,
    **flags: bool,
) -> None:
    """Set KEY in FILE to VALUE; all other bytes stay as they are.

    FILE is any TOML file. VALUE is parsed as TOML if possible, else taken as a string; "-"
    reads it from stdin. Several keys are set in one edit, and a missing window or pane that KEY
    names is added. New text follows the style of its neighbours.

    A change that would make a valid session invalid is refused. So is a secret: it never belongs
    in a session file or on the command line.

    \b
    Examples:
      sessionctl set api.session.toml root '~/src/api'
      sessionctl set api 'windows[name=logs].panes[0].run' 'tail -f log'
      sessionctl set api 'windows[name=logs].name' journal
      sessionctl set api.session.toml connections.prod.port 5433
      sessionctl set --string pyproject.toml project.version 2
    """
    from sessionctl.cli.output.edit_output import carry_out
    from sessionctl.services.documents.value_access import plan_sets

    is_string = flags["is_string"]
    if is_string and kind not in (None, "string"):
        raise UsageError(f"set: --string and --type {kind} contradict each other")
    words = [key, value, *more]
    if len(words) % 2:
        raise UsageError(
            f"set: the key {words[-1]} has no value", hints=["see 'sessionctl set --help'"]
        )
    pairs = [
        (word, None if value == "-" else value)
        for word, value in zip(words[::2], words[1::2], strict=True)
    ]
    changes = plan_sets(file, pairs, kind="string" if is_string else kind, force=flags["force"])
    carry_out(console, "set", *changes, dry_run=flags["dry_run"], as_json=flags["as_json"])
