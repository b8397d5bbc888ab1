"""Tmux autosave: one control client that reports changes, and a save soon after each."""

from __future__ import annotations

import socket
from typing import NamedTuple

from sessionctl.errors import FileError
from sessionctl.services.live.autosave.autosave_event import SERVER_ENDED, AutosaveEvent
from sessionctl.services.live.autosave.session_saver import SessionSaver
from sessionctl.system.tmux.control_client import TICK_OPTION, ControlClient
from sessionctl.system.tmux.tmux_server import NoServerError
from sessionctl.system.watch.wakeup import Clock, WakeUp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.services.live.live_context import LiveContext

_QUIET_MS = 100
"""How long after the first of several changes they are saved."""
_PAUSE_MS = 400
"""How long after a save the next one is."""
_LOOK_MS = 15_000
"""How often titles are kept that change all the time."""
_ABSENT_MS = 2_000
"""How often a server is looked for that does not run."""

# tmux tells of no option that set-window-option sets.
_WINDOW_OPTIONS = (
    "aggressive-resize", "allow-rename", "automatic-rename", "main-pane-height",
    "main-pane-width", "mode-keys", "monitor-activity", "monitor-bell", "monitor-silence",
    "other-pane-height", "other-pane-width", "pane-base-index", "pane-border-format",
    "pane-border-status", "remain-on-exit", "synchronize-panes", "window-status-style",
    "window-style", "window-active-style", "wrap-search",
)  # fmt: skip
_WORK = (
    f"#{{{TICK_OPTION}}}"
    "#{S:#{session_id}#{session_name}|"
    "#{W:#{window_id}#{window_index} #{window_name} #{window_layout} #{window_active}"
    "#{window_last_flag}#{window_zoomed_flag} "
    f"{''.join(f'#{{{name}}}' for name in _WINDOW_OPTIONS)}|"
    "#{P:#{pane_id} #{pane_pid}#{pane_active} #{pane_current_command} #{pane_current_path};}}}"
)
_LOOK = "#{S:#{W:#{P:#{pane_title};}}}"
FORMATS = {"work": _WORK, "look": _LOOK}
"""What is subscribed to: what is in the file, and what is only kept beside it."""


class StopAutosave(NamedTuple):
    """The autosave is to end."""


class TmuxAutosave:
    """Saves the sessions of one server until it ends, or until ``stop``.

    With ``stays`` the next server is waited for. ``answer`` is called when somebody connects
    to a socket that ``listen_to`` was given.
    """

    def __init__(
        self,
        context: LiveContext,
        hear: Callable[[AutosaveEvent], None],
        clock: Clock | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Prepare; nothing is done yet.

        Raises:
          FileError: there is no place to remember what was saved.
        """
        if context.store.directory is None:
            raise FileError(
                "watch: no directory to keep its state in", hints=["set HOME or XDG_STATE_HOME"]
            )
        self.wakeup = WakeUp()
        self.answer: Callable[[socket.socket], None] = lambda _listener: None
        self.saver = SessionSaver(context, hear, clock or Clock())
        self._clock = clock or Clock()
        self._hear = hear
        self._stays = stays
        self._is_stopping = False
        self._due_ms: int | None = None
        self._saved_ms = 0
        self._looked_ms = -_LOOK_MS

    def stop(self) -> None:
        """Let it end soon; from any thread, and from a signal handler."""
        self.wakeup.send(StopAutosave())

    def check(self) -> None:
        """Raise ``NoServerError`` where no server runs and none is waited for."""
        if not (self._stays or self.saver.adapter.server.is_running()):
            raise NoServerError("tmux: no server runs", hints=["wait for one: --stay"])

    def run(self, begun: Callable[[], None] = lambda: None) -> None:
        """Save until the server ends, or until ``stop``; ``begun`` is called at the beginning.

        Raises:
          NoServerError: no server runs, and none is waited for.
          ToolError: tmux is missing.
        """
        try:
            self.check()
            begun()
            self._run()
        finally:
            self.wakeup.close()

    def _run(self) -> None:
        was_there = False
        while self._goes_on():
            client = self._attach()
            if client is not None:
                was_there = True
                self._serve(client)
                continue
            if was_there:
                self._hear(AutosaveEvent(self._clock.time_s(), SERVER_ENDED))
                was_there = False
            if not self._stays:
                return
            self._wait(_ABSENT_MS)

    def _goes_on(self) -> bool:
        return not self._is_stopping

    # -- the client ----------------------------------------------------------------------

    def _attach(self) -> ControlClient | None:
        """Return a client attached to a session; None where there is none."""
        server = self.saver.adapter.server
        fields = "#{destroy-unattached} #{session_activity} #{session_id}"
        try:
            answer = server.run([("list-sessions", "-F", fields)])[0]
        except NoServerError:
            return None
        # The longest unused: tmux itself prefers the others for clients of the user. A session
        # that is destroyed when nobody is attached is left alone as long as there is another.
        found = sorted(tuple(line.split()) for line in answer.text.splitlines())
        return ControlClient(server, found[0][-1], FORMATS) if found else None

    def _serve(self, client: ControlClient) -> None:
        """Save what changes until the client ends."""
        self._plan({""})
        self.wakeup.listen_to(client.process)
        try:
            while self._goes_on():
                due_ms = self._due_ms
                wait_ms = None if due_ms is None else max(0, due_ms - self._clock.now_ms())
                if self._wait(wait_ms, client):
                    changes = client.read()
                    if changes is None:
                        return
                    self._plan(changes)
                if self._due_ms is not None and self._clock.now_ms() >= self._due_ms:
                    self._save()
        finally:
            self.wakeup.leave(client.process)
            client.end()

    def _wait(self, duration_ms: int | None, client: ControlClient | None = None) -> bool:
        """Wait; tell whether the client has something to say."""
        messages, sources = self.wakeup.wait(duration_ms)
        self._is_stopping |= any(isinstance(message, StopAutosave) for message in messages)
        for source in sources:
            if isinstance(source, socket.socket):
                self.answer(source)
        return client is not None and client.process in sources

    # -- when ----------------------------------------------------------------------------

    def _plan(self, changes: set[str]) -> None:
        """Say when the changes are saved."""
        if not changes:
            return
        soon_ms = max(self._clock.now_ms() + _QUIET_MS, self._saved_ms + _PAUSE_MS)
        if changes == {"look"}:
            soon_ms = max(soon_ms, self._looked_ms + _LOOK_MS)
        self._due_ms = soon_ms if self._due_ms is None else min(self._due_ms, soon_ms)

    def _save(self) -> None:
        self._due_ms = None
        again_ms = self.saver.save_all()
        self._saved_ms = self._looked_ms = self._clock.now_ms()
        if again_ms is not None:
            self._due_ms = self._saved_ms + again_ms
