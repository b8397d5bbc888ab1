"""sessionctl pane: what programs of tmux panes say about themselves."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import dry_run_option, json_option
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import ADVISING_GROUP, click
from sessionctl.errors import UsageError


class ResumeOptions(NamedTuple):
    """The options of 'sessionctl pane resume'."""

    is_shell: bool = False
    is_clear: bool = False
    pane: str = ""
    socket: str = ""
    dry_run: bool = False
    as_json: bool = False


@click.group("pane", cls=ADVISING_GROUP)
def command() -> None:
    """Set how the program of a tmux pane is restored.

    \b
    Examples:
      sessionctl pane resume -- vim -S Session.vim
      sessionctl pane resume                   print what is registered here
    """


@command.command("resume", context_settings={"allow_interspersed_args": False})
@click.argument("argv", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGV...]")
@click.option("--shell", "is_shell", is_flag=True, help="Restore a plain shell.")
@click.option(
    "--clear", "is_clear", is_flag=True, help="Restore the running program, as by default."
)
@click.option("--pane", metavar="ID", default="", help="The pane; by default $TMUX_PANE.")
@socket_option
@dry_run_option
@json_option
@click.pass_obj
def resume(console: Console, /, *, argv: tuple[str, ...], **options: object) -> None:
    """Register ARGV as the command that restores the program of this pane.

    Programs or their hooks call this as soon as they know how they can continue: an editor with
    its session file, an agent with the id of its conversation. It is stored as an option of
    the pane; 'save' writes it to the file as 'resume', beside 'run', and 'restore' starts it.
    Any argument is preserved exactly. Without ARGV it prints what is registered.

    Exit code: 0 done; 2 not in a tmux pane; 3 no such pane.

    \b
    Examples:
      sessionctl pane resume -- agent --resume 4f2c
      sessionctl pane resume --shell
      sessionctl pane resume --clear
    """
    from sessionctl.services.live.tmux.pane_resume import pane_here, read_resume, register_resume
    from sessionctl.system.tmux.tmux_server import TmuxServer

    chosen = ResumeOptions(**options)  # type: ignore[arg-type]
    _check(argv, chosen)
    environ = console.machine.environ
    server = TmuxServer(environ, chosen.socket)
    pane = chosen.pane or pane_here(environ)
    is_change = bool(argv) or chosen.is_shell or chosen.is_clear
    wanted = None if chosen.is_clear else argv
    if not is_change:
        wanted = read_resume(server, pane)
    elif not chosen.dry_run:
        register_resume(server, pane, wanted)
    if chosen.as_json:
        console.print_json(
            "pane resume",
            pane=pane,
            resume=wanted,
            changed=is_change and not chosen.dry_run,
            dry_run=chosen.dry_run,
        )
    elif is_change:
        _say(console, pane, wanted, dry_run=chosen.dry_run)
    else:
        _show(console, pane, wanted)


def _check(argv: tuple[str, ...], options: ResumeOptions) -> None:
    if bool(argv) + options.is_shell + options.is_clear > 1:
        raise UsageError(
            "pane resume: ARGV, --shell and --clear exclude each other",
            hints=["see 'sessionctl pane resume --help'"],
        )
    if argv and not argv[0]:
        raise UsageError("pane resume: the program has no name")


def _say(console: Console, pane: str, argv: tuple[str, ...] | None, *, dry_run: bool) -> None:
    would = "would be" if dry_run else "comes"
    console.note(f"pane {pane} {would} back {_words(argv)}")


def _show(console: Console, pane: str, argv: tuple[str, ...] | None) -> None:
    if not argv:
        console.note(f"pane {pane} is restored {_words(argv)}")
        return
    from sessionctl.core.text.shellwords import quoted

    console.out(" ".join(map(quoted, argv)))


def _words(argv: tuple[str, ...] | None) -> str:
    if argv is None:
        return "with what runs in it"
    if not argv:
        return "as a plain shell"
    from sessionctl.core.scan.text_scan import without_secrets
    from sessionctl.core.text.shellwords import quoted

    return f"with {without_secrets(' '.join(map(quoted, argv)))}"
