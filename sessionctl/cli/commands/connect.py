"""sessionctl connect: open a connection, bring its state back, keep it open."""

from __future__ import annotations

from sessionctl.cli.options import json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("connect")
@session_argument(writes=True, metavar="FILE|SESSION")
@click.argument("name", shell_complete=complete_connection)
@click.option("--once", is_flag=True, help="Open it, report, and close it.")
@click.option(
    "--print", "as_command", is_flag=True, help="Print the command that does it manually."
)
@click.option("--any-version", is_flag=True, help="Accept a server of another version.")
@click.option("--new-server", is_flag=True, help="Accept a different server from now on.")
@identity_option
@no_input_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    file: str,
    name: str,
    identity: Path | None,
    no_input: bool,
    as_json: bool,
    **flags: bool,
) -> int:
    """Open the connection NAME of a session, restore its state, and keep it open.

    Each change is one line: what was restored, what was lost and, after a failure, when the
    next attempt is made: after 0.2 seconds at first, later up to 4, after two minutes up to 30,
    and at once when the network changes or the machine wakes up. A refused secret, a wrong
    setting and a wrong version are not retried. Ctrl-C ends it.

    Nothing you sent is sent again: what was running when a connection broke is reported as
    lost.

    Exit code: 0 it was open; 3 it could not be opened; 4 no key decrypts its secret; 5 its
    secret is refused.

    \b
    Examples:
      sessionctl connect api.session.toml prod
      sessionctl connect --once api.session.toml prod
      sessionctl connect --print api.session.toml prod
    """
    if flags["as_command"] and flags["once"]:
        raise UsageError("connect: --print and --once exclude each other")
    from sessionctl.cli.connections.session_option import session_connections
    from sessionctl.services.connections.session_connections import OpenOptions

    connections = session_connections(console, file, identity=identity, no_input=no_input)
    options = OpenOptions(flags["any_version"], flags["new_server"])
    if flags["as_command"]:
        from sessionctl.cli.connections.printed_command import print_command

        return print_command(console, connections, name, as_json=as_json)
    if flags["once"]:
        from sessionctl.cli.connections.connect_run import connect_once

        return connect_once(console, connections, name, options, as_json=as_json)
    from sessionctl.cli.connections.connect_run import connect

    return connect(console, connections, name, options, as_json=as_json)
