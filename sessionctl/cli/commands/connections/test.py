"""sessionctl connections test: open each connection once, step by step."""

from __future__ import annotations

from sessionctl.cli.options import json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("test")
@session_argument(metavar="FILE|SESSION")
@click.argument("name", required=False, shell_complete=complete_connection)
@click.option("--any-version", is_flag=True, help="Accept a server of another version.")
@identity_option
@no_input_option
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    name: str | None,
    any_version: bool,
    identity: Path | None,
    no_input: bool,
    as_json: bool,
) -> int:
    """Open the connection NAME of a session once, step by step; without NAME, all.

    The steps: resolve the name, reach the server, log in, check the server (validate), restore
    the state (resume). Each is reported with its time; a failure names its step and what you
    can do. Nothing is stored, and nothing stays open.

    Exit code: 0 all work; 3 one does not.

    \b
    Examples:
      sessionctl connections test api.session.toml prod
      sessionctl connections test api.session.toml
    """
    from sessionctl.cli.connections.session_option import session_connections
    from sessionctl.cli.connections.test_run import run_tests
    from sessionctl.services.connections.session_connections import OpenOptions

    connections = session_connections(console, file, identity=identity, no_input=no_input)
    options = OpenOptions(accepts_any_version=any_version)
    return run_tests(console, connections, connections.chosen(name), options, as_json=as_json)
