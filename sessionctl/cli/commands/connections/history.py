"""sessionctl connections history: what happened to the connections of a session."""

from __future__ import annotations

from sessionctl.cli.options import json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click
from sessionctl.core.text.source import visible


@click.command("history")
@session_argument(metavar="FILE|SESSION")
@click.argument("name", required=False, shell_complete=complete_connection)
@json_option
@click.pass_obj
def command(console: Console, *, file: str, name: str | None, as_json: bool) -> None:
    """Show the events of a session's connections, newest first.

    The last 50 events of each are kept on this machine, with how often it was opened, failed
    and was lost.

    \b
    Examples:
      sessionctl connections history api.session.toml prod
    """
    from sessionctl.cli.connections.session_option import session_connections
    from sessionctl.cli.output.time_text import moment

    connections = session_connections(console, file)
    names = connections.chosen(name)
    records = connections.memory.records()
    known = [(one, records[one]) for one in names if one in records]
    if as_json:
        data = [
            {
                "name": one,
                "events": record.events[::-1],
                "opens": record.opens,
                "failures": record.failures,
                "losses": record.losses,
            }
            for one, record in known
        ]
        console.print_json("connections history", file=connections.file, connections=data)
        return
    for one, record in known:
        counts = f"{record.opens} opened, {record.failures} failed, {record.losses} lost"
        console.out(f"{console.style(visible(one), 'heading')}: {counts}")
        for event in record.events[::-1]:
            console.out(f"  {moment(event['at'])}  {event['state']}: {visible(event['reason'])}")
    if not known:
        console.note("no events yet")
