"""sessionctl move: put a window, a pane or another item elsewhere in its list."""

from __future__ import annotations

from sessionctl.cli.completion import complete_key, complete_toml_file
from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

_PLACES = ("before", "after", "first", "last")


@click.command("move")
@session_argument(writes=True, shell_complete=complete_toml_file)
@click.argument("item", shell_complete=complete_key)
@click.option("--before", metavar="ITEM", help="Move it before ITEM of the same list.")
@click.option("--after", metavar="ITEM", help="Move it behind ITEM of the same list.")
@click.option("--first", is_flag=True, help="Move it to the beginning of its list.")
@click.option("--last", is_flag=True, help="Move it to the end of its list.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, /, file: str, item: str, *, dry_run: bool, as_json: bool, **places: object
) -> None:
    """Move ITEM of the session FILE within its list: a window, a pane, any array of tables.

    Its comments and its content move with it; all other bytes stay as they are.

    \b
    Examples:
      sessionctl move api 'windows[name=logs]' --first
      sessionctl move api 'windows[name=logs]' --after 'windows[name=editor]'
      sessionctl move api 'windows[0].panes[1]' --before 'windows[0].panes[0]'
    """
    from sessionctl.cli.output.edit_output import carry_out
    from sessionctl.services.documents.value_access import plan_move
    from sessionctl.services.naming.session_paper import check_session_file

    check_session_file(file, "move")
    given = [place for place in _PLACES if places[place]]
    if len(given) != 1:
        raise UsageError(
            f"move: expected one place, got {len(given)}",
            hints=["see 'sessionctl move --help'"],
        )
    other = places[given[0]]
    change = plan_move(file, item, given[0], other if isinstance(other, str) else None)
    carry_out(console, "move", change, dry_run=dry_run, as_json=as_json)
