"""Tmux autosave: one control client that reports changes, and a save soon after each."""

from __future__ import annotations

import socket
from typing import NamedTuple

from sessionctl.errors import FileError
from sessionctl.services.live.autosave.autosave_event import POLLING, SERVER_ENDED, AutosaveEvent
from sessionctl.services.live.autosave.session_saver import SessionSaver
from sessionctl.system.tmux.control_client import UNATTACHED, ControlClient
from sessionctl.system.tmux.tmux_server import NoServerError, version_of
from sessionctl.system.watch.wakeup import Clock, WakeUp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.services.live.live_context import LiveContext

_QUIET_MS = 60
"""How long after the first of several changes they are saved."""
_PAUSE_MS = 400
"""How long after a save the next one is."""
_LOOK_MS = 15_000
"""How often titles are kept that change all the time."""
_LOOKS = 8
"""How many changes of titles are kept at once before they count as such."""
_ABSENT_MS = 2_000
"""How often a server is looked for that does not run."""

_TICK_MS = 500
"""How often it is looked at whether options or variables were set."""
_POLL_MS = 1_500
"""How often a server is looked at that cannot report changes."""
_OLDEST = (3, 2)

_WORK = (
    "#{S:#{session_id}#{session_name}|"
    "#{W:#{window_id}#{window_index} #{window_name} #{window_layout} #{window_active}"
    "#{window_last_flag}#{window_zoomed_flag}|"
    "#{P:#{pane_id} #{pane_pid}#{pane_active} #{pane_current_command} #{pane_current_path};}}}"
)
_LOOK = "#{S:#{W:#{P:#{pane_title};}}}"
FORMATS = {"work": _WORK, "look": _LOOK}
"""What is subscribed to: what is in the file, and what is only kept beside it."""


class StopAutosave(NamedTuple):
    """The autosave is to end."""


class AttachPlace(NamedTuple):
    """A server, and the session a client may be attached to without harm, "" for none."""

    session: str
    version: str

    @property
    def reason(self) -> str:
        """Why no client is attached."""
        if version_of(self.version) < _OLDEST:
            return f"tmux {self.version} reports no changes"
        return "every session ends when no client is attached (destroy-unattached)"


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
        self._looks = _TitleBudget()
        self._looked_at_ms = 0
        self._polled = ""

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
            place = self._place()
            if place is not None:
                was_there = True
                self._serve(place)
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

    def _place(self) -> AttachPlace | None:
        """Return where a client is to be attached; None where no server runs."""
        fields = "#{destroy-unattached} #{session_activity} #{session_id} #{version}"
        try:
            answer = self.saver.adapter.server.run([("list-sessions", "-F", fields)])[0]
        except NoServerError:
            return None
        # The longest unused: tmux itself prefers the others for clients of the user.
        found = sorted(tuple(line.split()) for line in answer.text.splitlines())
        if not found:
            return None
        keeps, _, session, version = found[0]
        # One that ends when nobody is attached would be kept by us, and would end with us.
        is_attachable = version_of(version) >= _OLDEST and keeps in ("0", "off")
        return AttachPlace(session if is_attachable else "", version)

    def _serve(self, place: AttachPlace) -> None:
        """Save what changes until the client or the server ends."""
        self._plan({""})
        if not place.session:
            self._serve_by_polling(place)
            return
        self._polled = ""
        client = ControlClient(self.saver.adapter.server, place.session, FORMATS)
        self.wakeup.listen_to(client.process)
        try:
            while self._goes_on() and self._turn(client):
                continue
        finally:
            self.wakeup.leave(client.process)
            client.end()

    def _turn(self, client: ControlClient) -> bool:
        """Wait for the client and for time once; return whether the client is still of use."""
        next_ms = self._looked_at_ms + _TICK_MS
        until_ms = next_ms if self._due_ms is None else min(next_ms, self._due_ms)
        if self._wait(max(0, until_ms - self._clock.now_ms()), client):
            changes = client.read()
            if changes is None or UNATTACHED in changes:
                return False
            self._plan(changes)
        if self._due_ms is not None and self._clock.now_ms() >= self._due_ms:
            self._save()
            if not client.has_log:
                client.forget_others()  # else our own save would be a change, for ever
        if self._clock.now_ms() >= next_ms:
            self._looked_at_ms = self._clock.now_ms()
            client.ask_what_was_set()
        return True

    def _serve_by_polling(self, place: AttachPlace) -> None:
        """Look at everything again and again for a while."""
        if self._polled != place.version:
            self._polled = place.version
            self._hear(AutosaveEvent(self._clock.time_s(), POLLING, reason=place.reason))
        self._save()
        self._due_ms = None
        self._wait(_POLL_MS)

    def _wait(self, duration_ms: int | None, client: ControlClient | None = None) -> bool:
        """Wait; return whether the client has something to say."""
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
            soon_ms = max(soon_ms, self._looks.spend(self._clock.now_ms()))
        self._due_ms = soon_ms if self._due_ms is None else min(self._due_ms, soon_ms)

    def _save(self) -> None:
        self._due_ms = None
        again_ms = self.saver.save_all()
        self._saved_ms = self._clock.now_ms()
        if again_ms is not None:
            self._due_ms = self._saved_ms + again_ms


class _TitleBudget:
    """Some changes at once, then one every ``_LOOK_MS``."""

    def __init__(self) -> None:
        self._free_ms = 0

    def spend(self, now_ms: int) -> int:
        """Return when a change that comes now is to be kept."""
        if self._free_ms - now_ms > _LOOKS * _LOOK_MS:
            return self._free_ms - _LOOKS * _LOOK_MS
        self._free_ms = max(self._free_ms, now_ms) + _LOOK_MS
        return now_ms
