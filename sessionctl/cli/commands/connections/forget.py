"""sessionctl connections forget: delete what is remembered of a connection."""

from __future__ import annotations

from sessionctl.cli.options import dry_run_option, json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click


@click.command("forget")
@session_argument(writes=True, metavar="FILE|SESSION")
@click.argument("name", required=False, shell_complete=complete_connection)
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, *, file: str, name: str | None, dry_run: bool, as_json: bool) -> None:
    """Delete what is stored about the connection NAME: state, history, counts, server.

    Without NAME: about all connections of the session, including those no longer in its file.
    The session file and its secrets stay as they are.

    \b
    Examples:
      sessionctl connections forget -n api.session.toml
      sessionctl connections forget api.session.toml prod
    """
    from sessionctl.cli.connections.session_option import session_connections

    connections = session_connections(console, file)
    known = connections.memory.records()
    forgotten = sorted(known) if name is None else [one for one in known if one == name]
    for one in forgotten if not dry_run else ():
        connections.memory.forget(one)
    if as_json:
        console.print_json(
            "connections forget", file=connections.file, forgotten=forgotten, dry_run=dry_run
        )
        return
    lead = "would forget" if dry_run else "forgot"
    for one in forgotten:
        console.out(f"{lead} {one}")
    if not forgotten:
        console.note("nothing is stored")
