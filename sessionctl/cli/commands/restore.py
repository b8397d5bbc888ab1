"""sessionctl restore: bring a saved session back."""

from __future__ import annotations

from sessionctl.cli.completion import complete_session_file
from sessionctl.cli.live.live_options import adapter_option, socket_option
from sessionctl.cli.options import dry_run_option, json_option, no_input_option, yes_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import click
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.live.restore_options import RestoreOptions


@click.command("restore")
@click.argument("names", nargs=-1, metavar="[FILE|NAME]...", shell_complete=complete_session_file)
@click.option(
    "--window", "windows", metavar="NAME", multiple=True, help="Restore this window only."
)
@click.option("--into", metavar="SESSION", help="Put the windows into this session.")
@click.option("--replace", is_flag=True, help="End the session of this name first.")
@click.option("--at", metavar="ID|TIME", help="Restore an earlier text: see 'backups list FILE'.")
@click.option("--fresh", is_flag=True, help="Without focus, zoom, titles and text of before.")
@click.option("--attach", is_flag=True, help="Attach to the session then.")
@click.option("--verify", is_flag=True, help="Only compare what stands with the file.")
@yes_option
@no_input_option
@socket_option
@adapter_option
@dry_run_option
@json_option
@click.pass_obj
def command(console: Console, /, *, names: tuple[str, ...], **options: object) -> int:
    """Bring the session in FILE, or the saved session NAME, back in tmux; several too.

    FILE is by default the only *.session.toml here. What stands already is left as it is,
    what is missing is made. A program that was typed into a shell is typed again, once its
    shell is ready; one that was the pane itself is started so; 'start' and 'resume' in the
    file say otherwise, and what could do harm (rm, sudo, dd) is typed, not entered: --yes
    starts that too.

    Programs, options and variables of a file that is not trusted are shown and asked for;
    without an answer only windows, directories and shells come back.

    \b
    Exit code: 0 all of it is there; 1 a part is not, and the report says which; 3 nothing
    could be done; 5 it is there, but programs were not started: the file is not trusted.

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
            "restore: --attach cannot be had with --dry-run or --json",
            hints=["see 'sessionctl restore --help'"],
        )
