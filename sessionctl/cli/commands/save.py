"""sessionctl save: capture a live session and merge it into its file."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.live.live_options import adapter_option, socket_option
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_running
from sessionctl.cli.start.late_click import RENAMED_OPTION, click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.live.save_run import SaveOptions


@click.command("save")
@click.argument("name", required=False, shell_complete=complete_running)
@click.option("--all", "is_all", is_flag=True, help="Save every session.")
@click.option("--file", metavar="FILE", shell_complete=complete_session_file, help="Save to FILE.")
@click.option(
    "--as", "snapshot", metavar="NAME", help="Save a snapshot, which later saves do not change."
)
@click.option(
    "--window", "windows", metavar="NAME", multiple=True, help="Save only this window; repeatable."
)
@click.option(
    "--scrollback", is_flag=True, help="Also keep the text of the panes, outside the file."
)
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
    """Save the tmux session NAME to its file, merged with what you edited there.

    NAME is by default the session this runs in, or the only one. Saved are windows, panes,
    layout, directories, exact commands, options and variables; secrets in commands are masked
    and reported. Comments, manual edits, 'start', 'resume' and short forms such as ~ stay. An
    unchanged session writes nothing. Focus, zoom and titles are kept outside the file.

    Without tmux, this terminal is saved: its directory, variables and shell jobs ('--adapter
    plain').

    A new session is written to NAME.session.toml in the sessions directory.

    Exit code: 0 saved or unchanged; 1 the file and the session changed the same key, and the
    file keeps its value; 3 no such session, or the write failed; 5 refused: most of the file
    would be lost, or it is a snapshot.

    \b
    Examples:
      sessionctl save                          the session this runs in
      sessionctl save api
      sessionctl save api --file api.session.toml
      sessionctl save -n api                   show what would change
      sessionctl save notes --adapter plain    this terminal
      sessionctl save api --as before-lunch    a snapshot
    """
    from sessionctl.cli.live.save_run import CONFLICTS, SaveOptions, save

    chosen = SaveOptions(**options)  # type: ignore[arg-type]
    _check(name, chosen)
    has_conflicts = save(console, name, chosen)
    return CONFLICTS if has_conflicts else 0


def _check(name: str | None, options: SaveOptions) -> None:
    if options.is_all and (name or options.file or options.snapshot or options.windows):
        raise UsageError(
            "save: use --all without a name or --file", hints=["see 'sessionctl save --help'"]
        )
    if options.file and options.snapshot:
        raise UsageError(
            "save: --file and --as exclude each other", hints=["see 'sessionctl save --help'"]
        )
