"""sessionctl connections keep: hold the connections of a session open, in one process."""

from __future__ import annotations

from sessionctl.cli.options import json_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_connection
from sessionctl.cli.start.late_click import click


@click.command("keep")
@session_argument(writes=True, metavar="FILE|SESSION")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_connection)
@click.option("--stop", "stops", is_flag=True, help="Stop the process that keeps them open.")
@click.option("--retry", "retries", is_flag=True, help="Retry failed connections now.")
@json_option
@click.pass_obj
def command(
    console: Console,
    *,
    file: str,
    names: tuple[str, ...],
    stops: bool,
    retries: bool,
    as_json: bool,
) -> int:
    """Keep the connections of a session open until you stop it.

    Without NAME: those with 'start = true'. 'restore' starts this in the background, 'close'
    stops it, and 'connections status' asks it. Only trusted files are opened: see 'sessionctl
    trust'.

    Exit code: 0 stopped; 3 already kept by another process; 5 the file is not trusted.

    \b
    Examples:
      sessionctl connections keep api.session.toml
      sessionctl connections keep --retry api.session.toml
      sessionctl connections keep --stop api.session.toml
    """
    from sessionctl.cli.connections.keep_run import keep, retry, stop_keeper

    if retries:
        return retry(console, file, as_json=as_json)
    if stops:
        return stop_keeper(console, file, as_json=as_json)
    return keep(console, file, names, as_json=as_json)
