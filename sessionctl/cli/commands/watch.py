"""sessionctl watch: check session files as they are saved, and keep copies in step."""

from __future__ import annotations

import gc
from contextlib import suppress

from sessionctl.cli.live.live_options import socket_option
from sessionctl.cli.options import json_option, paths_argument
from sessionctl.cli.output.console import Console
from sessionctl.cli.start.late_click import RENAMED_OPTION, click
from sessionctl.cli.stop_signals import stopped_by_signals
from sessionctl.core.text.plural import counted
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from sessionctl.cli.live.autosave_run import AutosaveOptions
    from sessionctl.cli.output.watch_log import Log
    from sessionctl.services.live.autosave.tmux_autosave import TmuxAutosave
    from sessionctl.services.machine import Machine
    from sessionctl.services.watching.auto_commit import Committer
    from sessionctl.services.watching.auto_extraction import Extractor
    from sessionctl.services.watching.file_set import FileSet
    from sessionctl.services.watching.loop.watch_keeper import OpenWatcher
    from sessionctl.services.watching.replica import ReplicaContext
    from sessionctl.services.watching.stop_switch import StopSwitch
    from sessionctl.services.watching.watch_event import WatchEvent
    from sessionctl.services.watching.watch_run import Watch
    from sessionctl.services.watching.watcher_registry import Registry
    from sessionctl.system.watch.watcher import Watcher

    Helpers = tuple[Committer | None, Extractor | None]

_NO = 1
_OBJECTS = 5_000
"""It runs for long: what comparisons leave behind is cleared away early, while it is little."""


@click.command("watch")
@paths_argument("paths", "[PATH]...")
@click.option(
    "-n",
    "--dry-run",
    "check",
    cls=RENAMED_OPTION,
    old=["--check"],
    is_flag=True,
    help="Print what would be done; change nothing.",
)
@click.option("--status", is_flag=True, help="Show running watchers and the state of their files.")
@click.option(
    "--commit", "commits", is_flag=True, help="Commit changes after a pause without changes."
)
@click.option("--extract", "extracts", is_flag=True, help="Move plain-text secrets to the sidecar.")
@click.option("--poll", is_flag=True, help="Check twice a second (for network drives).")
@click.option("--tmux", "saves", is_flag=True, help="Save tmux sessions soon after each change.")
@click.option(
    "--stay", "stays", is_flag=True, help="Wait for the tmux server, and for the next one."
)
@socket_option
@json_option
@click.pass_obj
def command(console: Console, /, *, paths: tuple[str, ...], socket: str, **flags: bool) -> int:
    """Check session files on every save, and keep their copies in sync.

    Watches each PATH: files, and the session files in and below directories; without PATH, the
    mirrors in your settings, else this directory. Every save is checked as 'validate' does,
    whichever program saved; the last 20 valid versions are kept (see 'recover'). Invalid files
    are left alone and not copied.

    A mirror is a pair of directories with the same files, such as those in use and those in a
    dotfiles repository. An edit of one copy is copied to the other; edits of both are merged by
    key. Conflicting keys keep their value on each side and are reported, the rest is synced.
    Nothing is written during a git merge or rebase.

    With --extract, a secret typed into a session file is moved to its sidecar, as 'secret
    extract' does, with identities that need no prompt; otherwise it is only reported.

    With --tmux, the sessions of the tmux server that have a file are saved within two seconds
    of each change, as 'save' does. It ends with the server, or waits for the next one with
    --stay. PATHs and mirrors are watched as well.

    It runs until Ctrl-C or SIGTERM and never asks. 'sessionctl service install' runs it in the
    background.

    Exit code: 0 stopped; with --dry-run: 0 all is well, 1 a file needs attention; with
    --status: 1 no watcher runs; 3 it cannot run, or another watcher has the files.

    \b
    Examples:
      sessionctl watch
      sessionctl watch --dry-run ~/dotfiles
      sessionctl watch --commit ~/dotfiles/sessions
      sessionctl watch --tmux
    """
    alone = [name for name in ("check", "status") if flags[name]]
    others = [name for name in ("commits", "extracts", "poll", "saves") if flags[name]]
    _check_tmux(flags, socket)
    if len(alone) > 1 or (flags["status"] and others):
        raise UsageError("watch: use --status alone, and --dry-run without --status")
    as_json = flags["as_json"]
    if flags["status"]:
        return _show_status(console, paths, as_json=as_json)
    from sessionctl.cli.live.autosave_run import AutosaveOptions, run_alone

    tmux = AutosaveOptions(socket, flags["stays"]) if flags["saves"] else None
    files = _file_set(console, paths, may_be_none=tmux is not None)
    if flags["check"]:
        assert files is not None
        return _show_check(console, files, as_json=as_json)
    if files is None:
        assert tmux is not None
        return run_alone(console, tmux, as_json=as_json)
    helpers = _helpers(console, commits=flags["commits"], extracts=flags["extracts"])
    opens = not flags["poll"]
    return _run(console, files, helpers, tmux, is_polling=not opens, as_json=as_json)


def _check_tmux(flags: Mapping[str, bool], socket: str) -> None:
    if (flags["stays"] or socket) and not flags["saves"]:
        raise UsageError("watch: --stay and --tmux-socket are for --tmux")
    if flags["saves"] and flags["check"]:
        hint = "see what would be saved: sessionctl save -n NAME"
        raise UsageError("watch: --dry-run is for files, not for --tmux", hints=[hint])


def _file_set(console: Console, paths: tuple[str, ...], *, may_be_none: bool) -> FileSet | None:
    from sessionctl.cli.output.problem_output import complaint_lines
    from sessionctl.services.settings.user_store import user_settings
    from sessionctl.services.watching.file_set import FileSet, read_mirrors

    loaded = user_settings(console.machine)
    for complaint in complaint_lines(loaded):
        console.warn(complaint)
    mirrors = read_mirrors(loaded.settings["mirrors"].value, console.machine.home)
    if may_be_none and not (paths or mirrors):
        return None
    return FileSet(paths, mirrors, console.machine.own_places)


# -- watching ----------------------------------------------------------------------------


def _run(
    console: Console,
    files: FileSet,
    helpers: Helpers,
    tmux: AutosaveOptions | None,
    *,
    is_polling: bool,
    as_json: bool,
) -> int:
    from sessionctl.cli.live.autosave_run import autosave_root, beside, listed, make_autosave
    from sessionctl.cli.output.watch_log import Log
    from sessionctl.services.watching.stop_switch import StopSwitch, WatchInterrupt
    from sessionctl.services.watching.watch_run import Watch
    from sessionctl.services.watching.watcher_registry import user_registry

    gc.set_threshold(_OBJECTS)
    registry = user_registry(console.machine)
    switch = StopSwitch()
    switch.arm()
    log = Log(console, as_json=as_json, home=console.machine.home)
    autosave = None if tmux is None else make_autosave(console, tmux, as_json=as_json)
    roots = [*files.roots, *([] if tmux is None else [autosave_root(console, tmux)])]
    with (
        stopped_by_signals(switch.stop),
        suppress(WatchInterrupt),
        listed(console, registry, roots) as listener,
    ):
        opener = None if is_polling else _opener(registry)
        around = _surroundings(console.machine, log.tell, switch)
        watch = Watch(files, around, opener, *helpers)
        if listener is not None:
            watch.loop.wakeup.listen_to(listener)
            watch.loop.answer = _answerer(watch, log, autosave)
        stop = watch.loop.stop
        watch.loop.looked = log.looked

        def begun() -> None:
            watch.give_back()
            log.started(watch)

        with beside(autosave, stop):
            watch.loop.run(begun, lambda: log.watching(watch))
        around.check.keep()
    log.stopped()
    return 0


def _helpers(console: Console, *, commits: bool, extracts: bool) -> Helpers:
    """Return what commits, and what moves secrets, each where it was asked for."""
    machine = console.machine
    committer = None
    if commits:
        from sessionctl.services.watching.auto_commit import Committer

        committer = Committer(machine.environ)
    if not extracts:
        return committer, None
    from functools import partial

    from sessionctl.cli.secrets.user_keeper import make_keeper
    from sessionctl.services.settings.user_store import user_store
    from sessionctl.services.watching.auto_extraction import Extractor
    from sessionctl.system.files.private_files import protect_process

    protect_process()
    keeper = partial(make_keeper, console, None, no_input=True)
    return committer, Extractor(keeper, user_store(machine), machine.environ)


def _surroundings(
    machine: Machine, tell: Callable[[WatchEvent], None], switch: StopSwitch
) -> ReplicaContext:
    from sessionctl.services.settings.user_store import user_store
    from sessionctl.services.verdicts.user_verdicts import user_verdicts
    from sessionctl.services.watching.file_reading import ContentCheck
    from sessionctl.services.watching.replica import ReplicaContext

    check = ContentCheck(user_verdicts(machine))
    return ReplicaContext(user_store(machine), machine, tell, check=check, switch=switch)


def _opener(registry: Registry) -> OpenWatcher:
    def open_watcher(notice: Callable[[str], None], lost: Callable[[], None]) -> Watcher:
        from sessionctl.system.watch.system_watcher import open_system_watcher

        return open_system_watcher(notice, lost, registry.cookie())

    return open_watcher


def _answerer(
    watch: Watch, log: Log, autosave: TmuxAutosave | None
) -> Callable[[socket.socket], None]:
    from sessionctl.cli.live.autosave_run import session_states
    from sessionctl.cli.output.json_text import render_json
    from sessionctl.system.watch.status_socket import say

    def answer(listener: socket.socket) -> None:
        data = log.status_data(watch)
        if autosave is not None:
            data["sessions"] = session_states(autosave)
        say(listener, render_json(data).encode())

    return answer


# -- telling -----------------------------------------------------------------------------


def _show_check(console: Console, files: FileSet, *, as_json: bool) -> int:
    from sessionctl.cli.output.watch_log import Log, event_data
    from sessionctl.services.watching.rehearsal import rehearse
    from sessionctl.services.watching.stop_switch import StopSwitch

    around = _surroundings(console.machine, lambda _event: None, StopSwitch())
    found = rehearse(files, around)
    needs_person = any(event.is_bad for event in found.events)
    if as_json:
        console.print_json(
            "watch",
            kind="check",
            needs_person=needs_person,
            files=[{"file": file, "phase": phase} for file, phase in found.files],
            would=[event_data(one) for one in found.events if one.what != "valid"],
        )
    else:
        log = Log(console, as_json=False)
        for event in found.events:
            log.would(event)
        console.note(f"{counted(len(found.files), 'file')} would be watched")
    return _NO if needs_person else 0


def _show_status(console: Console, paths: tuple[str, ...], *, as_json: bool) -> int:
    from sessionctl.cli.output.watch_log import print_status
    from sessionctl.services.watching.watcher_registry import user_registry

    found = user_registry(console.machine).statuses(paths)
    if as_json:
        console.print_json("watch", kind="status", watchers=found)
    else:
        print_status(console, found)
    return 0 if found else _NO
