"""sessionctl restore: bring a saved session back."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.live.live_options import adapter_option, socket_option
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, yes_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.session_completion import complete_running
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.live.restore_options import RestoreOptions


@click.command("restore")
@click.argument("names", nargs=-1, metavar="[FILE|NAME]...", shell_complete=complete_session_file)
@click.option(
    "--window",
    "windows",
    metavar="NAME",
    multiple=True,
    help="Restore only this window; repeatable.",
)
@click.option(
    "--into",
    metavar="SESSION",
    shell_complete=complete_running,
    help="Restore the windows into this session.",
)
@click.option("--replace", is_flag=True, help="End the running session of this name first.")
@click.option(
    "--at", metavar="ID|TIME", help="Restore an earlier version: see 'backups list FILE'."
)
@click.option("--fresh", is_flag=True, help="Do not restore focus, zoom, titles and pane text.")
@click.option("--attach", is_flag=True, help="Attach to the session afterwards.")
@click.option("--verify", is_flag=True, help="Only compare the running session with the file.")
@yes_option
@no_input_option
@socket_option
@adapter_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, names: tuple[str, ...], **options: object) -> int:
    """Restore sessions in tmux, from a FILE or by the NAME of a saved session.

    FILE is by default the only *.session.toml here. Running windows stay as they are, missing
    ones are created. Programs that were typed into a shell are typed again once it is ready;
    others are started directly; 'start' and 'resume' in the file change that. Risky commands
    (rm, sudo, dd) are typed but not entered, unless you say --yes.

    A file that is not trusted: its programs, options and variables are shown, and you are
    asked. Without an answer only windows, directories and shells are restored.

    Exit code: 0 restored; 1 partly, as reported; 3 nothing could be done; 5 restored without
    programs, because the file is not trusted.

    \b
    Examples:
      sessionctl restore -n api                show what would be done
      sessionctl restore api.session.toml
      sessionctl restore api --window logs --into work
      sessionctl restore api --replace --attach
    """
    from sessionctl.cli.live.restore_options import RestoreOptions
    from sessionctl.cli.live.restore_run import restore

    chosen = RestoreOptions(**options)  # type: ignore[arg-type]
    _check(names, chosen)
    return restore(console, names, chosen)


def _check(names: tuple[str, ...], options: RestoreOptions) -> None:
    alone = {"--into": options.into, "--attach": options.attach, "--at": options.at}
    if len(names) > 1 and any(alone.values()):
        which = next(option for option, value in alone.items() if value)
        raise UsageError(
            f"restore: {which} is for one session",
            hints=["see 'sessionctl restore --help'"],
        )
    if options.into and options.replace:
        raise UsageError(
            "restore: --into and --replace exclude each other",
            hints=["see 'sessionctl restore --help'"],
        )
    if options.attach and (options.dry_run or options.as_json):
        raise UsageError(
            "restore: --attach does not work with --dry-run or --json",
            hints=["see 'sessionctl restore --help'"],
        )
