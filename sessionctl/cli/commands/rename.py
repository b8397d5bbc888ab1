"""sessionctl rename: give a session another name, with all that is its own."""

from __future__ import annotations

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, session_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.secrets.secret_options import identity_option
from sessionctl.cli.start.late_click import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@click.command("rename")
@session_argument(writes=True)
@click.argument("new")
@identity_option
@socket_option
@no_input_option
@dry_run_option
@json_option
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    file: str,
    new: str,
    socket: str,
    identity: Path | None,
    **flags: bool,
) -> int:
    """Rename the session FILE to NEW, a name or a path, with its secrets.

    This also renames it in its backups, trust and stored state, in git's index (as 'git mv'),
    in tmux if it was saved from there, and inside the file. A link is renamed with the file that
    it leads to. An existing file is never replaced. If NEW is in the directory of another vault,
    secrets are encrypted to that; without a key that opens them the exit code is 4.

    \b
    Examples:
      sessionctl rename api web
      sessionctl rename -n api archive/          show what would be done
    """
    from sessionctl.cli.arguments.naming_run import NamingRun, server_of
    from sessionctl.services.naming.session_naming import plan_rename

    work = NamingRun(console, server_of(console, file, socket), identity, **flags)
    work.clear_cut(file, new)
    found = plan_rename(file, new, work.store, work.standing(), work.sealing(file), work.home)
    return work.carry_out("rename", found)
