"""sessionctl open: go to a session, wherever it is: attach to it, or bring it back first."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import dry_run_option, no_input_option, yes_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click


@click.command("open")
@click.argument("name", required=False, metavar="[NAME|FILE]", shell_complete=complete_session_file)
@yes_option
@no_input_option
@socket_option
@dry_run_option
@click.pass_obj
def command(console: Console, /, *, name: str | None, socket: str, **flags: bool) -> int:
    """Attach to the session NAME; restore it first if it does not run.

    NAME is by default that of the only *.session.toml here. Inside tmux, the client switches
    to the session. If the file is not trusted, it asks, as 'restore' does.

    Exit code: that of 'restore', or that of tmux.

    \b
    Examples:
      sessionctl open api
      sessionctl open
      sessionctl open ~/dotfiles/api.session.toml
    """
    from sessionctl.cli.live.open_run import open_session
    from sessionctl.cli.live.restore_options import RestoreOptions

    return open_session(console, name, RestoreOptions(**flags, socket=socket))  # type: ignore[arg-type]
