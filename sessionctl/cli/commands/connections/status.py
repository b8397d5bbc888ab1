"""sessionctl connections status: how the connections of a session are."""

from __future__ import annotations

from sessionctl.cli.options import json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.source import visible


@click.command("status")
@session_argument(required=False, metavar="[FILE|SESSION]")
@click.argument("name", required=False, shell_complete=complete_connection)
@json_option
@click.pass_obj
def command(console: Console, *, file: str | None, name: str | None, as_json: bool) -> int:
    """Show the state of a session's connections: since when, and why.

    Connections that 'restore' keeps open report their current state; of others the last event
    is shown.

    Exit code: 0 all that are kept open work, or none are kept open; 1 one does not.

    \b
    Examples:
      sessionctl connections status api.session.toml
      sessionctl connections status api.session.toml prod --json
    """
    import time

    from sessionctl.cli.connections.connection_words import milliseconds
    from sessionctl.cli.connections.session_option import session_connections
    from sessionctl.cli.output.time_text import moment
    from sessionctl.services.connections.connection_status import connection_statuses

    connections = session_connections(console, file)
    found = connection_statuses(connections, connections.chosen(name))
    if as_json:
        data = [one._asdict() for one in found]
        console.print_json("connections status", file=connections.file, connections=data)
    else:
        for one in found:
            when = f" since {moment(one.at)}" if one.at is not None else ""
            how = "" if one.is_kept else " (not kept open)"
            why = f": {visible(one.reason)}" if one.reason else ""
            wait = None if one.next_at is None else max(one.next_at - time.time(), 0.0)
            then = "" if wait is None else f"; next attempt in {milliseconds(wait)}"
            console.out(f"{visible(one.name)}: {one.state}{when}{how}{why}{then}")
    return 1 if any(one.is_kept and not one.is_ready for one in found) else 0
