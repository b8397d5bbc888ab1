"""sessionctl close: save a session, then end it."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, yes_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_running
from sessionctl.cli.start.late_click import click


@click.command("close")
@click.argument("name", required=False, shell_complete=complete_running)
@click.option("--file", metavar="FILE", shell_complete=complete_session_file, help="Save to FILE.")
@click.option(
    "--scrollback", is_flag=True, help="Also keep the text of the panes, outside the file."
)
@yes_option
@no_input_option
@socket_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, name: str | None, **options: object) -> int:
    """Save the tmux session NAME, then end it and all programs in it.

    NAME is by default the session this runs in, or the only one. A session that cannot be
    saved is not ended.

    Exit code: 0 saved and ended; 1 not ended: you said no, or the file and the session changed
    the same key; 3 the save failed; 5 refused: most of the file would be lost.

    \b
    Examples:
      sessionctl close api
      sessionctl close --yes --scrollback
    """
    from sessionctl.cli.live.close_run import CloseOptions, close

    return close(console, name, CloseOptions(**options))  # type: ignore[arg-type]
