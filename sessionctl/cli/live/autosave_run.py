"""Autosave run: sessions saved automatically, alone or beside the watch of files, and its log."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from sessionctl.cli.output.console import JSON_SCHEMA
from sessionctl.cli.output.time_text import moment_data
from sessionctl.core.text.plural import counted
from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.text.source import visible
from sessionctl.services.live.autosave import autosave_event as events

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from sessionctl.cli.output.console import Console
    from sessionctl.services.live.autosave.autosave_event import AutosaveEvent
    from sessionctl.services.live.autosave.tmux_autosave import TmuxAutosave
    from sessionctl.services.watching.watcher_registry import Registry

_ROLES = {events.SAVED: "changed", events.FOLLOWED: "added"}


class AutosaveOptions(NamedTuple):
    """The options of 'sessionctl watch' about tmux."""

    socket: str = ""
    stays: bool = False


class AutosaveLog:
    """Writes what happens to sessions, a line each, at once."""

    def __init__(self, console: Console, *, as_json: bool) -> None:
        self._console = console
        self._as_json = as_json
        self._home = (console.machine.home or "").rstrip("/")

    def hear(self, event: AutosaveEvent) -> None:
        """Write what happened."""
        if self._as_json:
            from sessionctl.cli.output.json_text import render_line

            head = {"schema": JSON_SCHEMA, "command": "watch", "kind": "session"}
            self._console.stdout.write(f"{render_line({**head, **event_data(event)})}\n")
        else:
            self._write(event)
        self._console.flush()

    def _write(self, event: AutosaveEvent) -> None:
        console = self._console
        message, hint = words(event)
        role = "error" if event.is_bad else _ROLES.get(event.what, "dim")
        clock = time.strftime("%H:%M:%S", time.localtime(event.time_s))
        name = visible(event.session) or "tmux"
        parts = [
            console.style(clock, "dim"),
            console.style(f"{name}:", "place"),
            console.style(self._short(message), role),
        ]
        if hint:
            parts.append(f"({console.style('next:', 'hint')} {hint})")
        console.out(" ".join(parts))

    def _short(self, text: str) -> str:
        return text.replace(f"{self._home}/", "~/") if self._home else text


def words(event: AutosaveEvent) -> tuple[str, str]:
    """Return what happened in words, and the next step or ""."""
    file = visible(event.file)
    outcome, error = event.outcome, event.error
    if error is not None:
        hints = list(error.hints)
        return f"not saved: {error.message}", hints[0] if hints else ""
    if outcome is not None and event.what == events.CONFLICT:
        places = ", ".join(visible(str(conflict.path)) for conflict in outcome.conflicts)
        text = f"the file and the session both changed, the file keeps its value: {places}"
        return text, f"sessionctl edit {path_word(event.file)}"
    if outcome is not None and event.what == events.MASKED:
        number = counted(len(outcome.masked), "secret")
        return f"{number} left out of {file}", f"sessionctl save -n {last_words(event.session)}"
    return _PLAIN[event.what].format(file=file, reason=event.reason), ""


_PLAIN = {
    events.FOLLOWED: "is saved from now on into {file}",
    events.SAVED: "saved into {file}",
    events.WAITING: "much disappeared at once: saved if it stays that way",
    events.ENDED: "has ended; {file} stays as it is",
    events.SERVER_ENDED: "the server has ended",
    events.POLLING: "{reason}: checked every 1.5 s instead",
}


def event_data(event: AutosaveEvent) -> dict[str, object]:
    """Return an event for ``--json``."""
    message, hint = words(event)
    return {
        "event": event.what,
        "time": moment_data(event.time_s),
        "session": event.session or None,
        "file": event.file or None,
        "message": message,
        "hint": hint or None,
    }


def make_autosave(console: Console, options: AutosaveOptions, *, as_json: bool) -> TmuxAutosave:
    """Return what saves the sessions of the server that is meant."""
    from sessionctl.cli.live.live_session import live_context
    from sessionctl.services.live.autosave.tmux_autosave import TmuxAutosave

    log = AutosaveLog(console, as_json=as_json)
    context = live_context(console, options.socket)
    return TmuxAutosave(context, log.hear, stays=options.stays)


def autosave_root(console: Console, options: AutosaveOptions) -> str:
    """Return what the registry of watchers knows an autosave by: the socket of its server."""
    import os

    from sessionctl.system.tmux.tmux_server import socket_path

    return os.path.realpath(socket_path(console.machine.environ, options.socket))


def session_states(autosave: TmuxAutosave) -> list[Mapping[str, Any]]:
    """Return how the sessions are that are saved, for who asks."""
    return [
        {"name": one.session.name, "file": one.file, "last": one.last}
        for one in list(autosave.saver.followed.values())
    ]


def run_alone(console: Console, options: AutosaveOptions, *, as_json: bool) -> int:
    """Save sessions until the server ends, or a signal comes; return the exit code."""
    from sessionctl.cli.output.json_text import render_json, render_line
    from sessionctl.cli.stop_signals import stopped_by_signals
    from sessionctl.services.watching.watcher_registry import user_registry
    from sessionctl.system.watch.status_socket import say

    autosave = make_autosave(console, options, as_json=as_json)
    since = moment_data(time.time())

    def answer(listener: socket.socket) -> None:
        data = {"since": since, "files": [], "sessions": session_states(autosave)}
        say(listener, render_json(data).encode())

    def tell(event: str, note: str) -> None:
        if as_json:
            head = {"schema": JSON_SCHEMA, "command": "watch", "kind": "event"}
            files: dict[str, list[str]] = {"files": []} if event == "started" else {}
            console.stdout.write(f"{render_line({**head, 'event': event, **files})}\n")
            console.flush()
        else:
            console.note(note)

    registry = user_registry(console.machine)
    with listed(console, registry, [autosave_root(console, options)]) as listener:
        if listener is not None:
            autosave.wakeup.listen_to(listener)
            autosave.answer = answer
        with stopped_by_signals(autosave.stop):
            began = "saving tmux sessions after each change; stop it with Ctrl-C"
            autosave.run(lambda: tell("started", began))
    tell("stopped", "stopped")
    return 0


@contextmanager
def listed(
    console: Console, registry: Registry, roots: Sequence[str]
) -> Iterator[socket.socket | None]:
    """List this process as the one that watches ``roots``; gives the socket to answer at.

    Where that cannot be, it is only said: it watches all the same.

    Raises:
      FileError: another process watches one of them.
    """
    from sessionctl.services.watching.watcher_registry import UnlistedError

    with ExitStack() as stack:
        try:
            listener = stack.enter_context(registry.entered(roots))
        except UnlistedError as error:
            console.warn(f"not listed by 'watch --status': {error.message}", hints=error.hints)
            listener = None
        yield listener


@contextmanager
def beside(autosave: TmuxAutosave | None, failed: Callable[[], None]) -> Iterator[None]:
    """Let ``autosave`` run in a thread of its own for a while.

    When it cannot go on, ``failed`` is called there, and its error is raised at the end.
    """
    if autosave is None:
        yield
        return
    errors: list[BaseException] = []

    def run() -> None:
        try:
            autosave.run()
        except BaseException as error:  # noqa: BLE001 - raised by the other thread
            errors.append(error)
            failed()

    thread = threading.Thread(target=run, name="autosave")
    thread.start()
    try:
        yield
    finally:
        autosave.stop()
        thread.join()
    if errors:
        raise errors[0]
