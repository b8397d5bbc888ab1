"""sessionctl connections favourite: mark a connection as a favourite."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click


@click.command("favourite")
@session_argument(writes=True, metavar="FILE|SESSION")
@click.argument("name", shell_complete=complete_connection)
@click.option("--off", is_flag=True, help="Remove the mark.")
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console, *, file: str, name: str, off: bool, dry_run: bool, as_json: bool
) -> None:
    """Mark the connection NAME as a favourite: it is listed first.

    Favourites are kept on this machine, not in the file.

    \b
    Examples:
      sessionctl connections favourite api.session.toml prod
      sessionctl connections favourite --off api.session.toml prod
    """
    from sessionctl.cli.connections.session_option import session_connections

    connections = session_connections(console, file)
    connections.chosen(name)
    if not dry_run:
        connections.memory.mark(name, is_favourite=not off)
    if as_json:
        console.print_json(
            "connections favourite", file=connections.file, name=name, favourite=not off
        )
    else:
        verb = "would be" if dry_run else "is"
        console.note(f"{name} {verb} {'no longer a favourite' if off else 'a favourite'}")
