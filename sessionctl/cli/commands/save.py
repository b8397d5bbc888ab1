"""sessionctl save: capture a live session and merge it into its file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.live.live_options import adapter_option, socket_option
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import RENAMED_OPTION, click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.live.save_run import SaveOptions


@click.command("save")
@click.argument("name", required=False)
@click.option("--all", "is_all", is_flag=True, help="Save every session.")
@click.option(
    "--file", metavar="FILE", shell_complete=complete_session_file, help="Save into this file."
)
@click.option("--as", "snapshot", metavar="NAME", help="Save a snapshot that nothing saves into.")
@click.option("--window", "windows", metavar="NAME", multiple=True, help="Save this window only.")
@click.option("--scrollback", is_flag=True, help="Keep the text of the panes too, not in the file.")
@click.option(
    "--force",
    "yes",
    cls=RENAMED_OPTION,
    old=["-y", "--yes"],
    is_flag=True,
    help="Write it even if a check refuses it.",
)
@socket_option
@adapter_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, name: str | None, **options: object) -> int:
    """Save the tmux session NAME into its file, with what was edited there.

    NAME is by default the session this runs in, or the only one. Captured are windows and
    panes with their layout, directories, exact commands, options and variables that were set;
    a secret in a command is masked and reported. Comments, edits by hand, 'start', 'resume'
    and short forms such as ~ stay, an unchanged session writes nothing. Focus, zoom and
    titles are kept outside of the file.

    Outside of tmux, where no server of it runs, this terminal is saved: its directory, the
    variables that were set in it, and the jobs of its shell ('--adapter plain').

    A session without a file gets NAME.session.toml in the directory for sessions.

    \b
    Exit code: 0 saved, or nothing changed; 1 the file and the session both changed the same,
    and the file keeps its own; 3 no such session, or the file cannot be written; 5 refused:
    little is left of what the file has, or it is a snapshot.

    \b
    Examples:
      sessionctl save                          the session this runs in
      sessionctl save api
      sessionctl save api --file api.session.toml
      sessionctl save -n api                   show what would change
      sessionctl save notes --adapter plain    this terminal
      sessionctl save api --as before-lunch    a snapshot: restore it by that name
    """
    from sessionctl.cli.live.save_run import CONFLICTS, SaveOptions, save

    chosen = SaveOptions(**options)  # type: ignore[arg-type]
    _check(name, chosen)
    has_conflicts = save(console, name, chosen)
    return CONFLICTS if has_conflicts else 0


def _check(name: str | None, options: SaveOptions) -> None:
    if options.is_all and (name or options.file or options.snapshot or options.windows):
        raise UsageError("save: --all stands alone", hints=["see 'sessionctl save --help'"])
    if options.file and options.snapshot:
        raise UsageError(
            "save: --file and --as exclude each other", hints=["see 'sessionctl save --help'"]
        )
