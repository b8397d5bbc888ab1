"""Session saver: which sessions of a server are saved automatically, and the saving of all."""

from __future__ import annotations

# Paths are texts here.
# ruff: noqa: PTH113
import os
from typing import NamedTuple

from sessionctl.core.workspace.workspace_loss import is_poorer, is_sudden_loss
from sessionctl.errors import KeyNotFoundError, RefusedError, SessionctlError, ToolError
from sessionctl.services.live.autosave import autosave_event as events
from sessionctl.services.live.autosave.autosave_event import AutosaveEvent
from sessionctl.services.live.last_sessions import forget_server
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.tmux.adapter import TmuxAdapter
from sessionctl.services.live.workspace_save import SaveRequest, save_workspace
from sessionctl.system.tmux.command_text import unescape_name
from sessionctl.system.tmux.tmux_server import NoServerError, socket_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.live.workspace_save import SaveOutcome
    from sessionctl.system.watch.wakeup import Clock

_LOSS_MS = 5_000
"""How long much must be gone before that is saved."""
_GONE_MS = 3_000
"""How long the server must outlive a session for that to be an end on purpose."""
_AGAIN_MS = 200
_UNSURE_MS = 1_000
_RETRY_MS = 5_000
_LONGEST_RETRY_MS = 60_000


class SessionId(NamedTuple):
    """A session of a server: its id and its name."""

    key: str
    name: str


class FollowedSession:
    """A session that is saved automatically; ``before`` is how it stood when it was saved last."""

    def __init__(self, session: SessionId, file: str, before: Workspace) -> None:
        self.session = session
        self.file = file
        self.before = before
        self.last = events.FOLLOWED
        self.lost_since_ms: int | None = None
        self.gone_since_ms: int | None = None
        self.retry_ms = _RETRY_MS
        self.reported: set[str] = set()


class SessionSaver:
    """Saves those sessions of one server that have a file.

    A session is followed that was saved into its file, or restored from it, on this very
    server. One that has only the name of a saved session is followed too, unless it is poorer:
    after a restart it would replace what is to be restored.
    """

    def __init__(
        self, context: LiveContext, hear: Callable[[AutosaveEvent], None], clock: Clock
    ) -> None:
        self.context = context
        self.hear = hear
        self.clock = clock
        state = context.store.directory
        self.adapter = TmuxAdapter(context.machine.environ, context.socket, state)
        self.followed: dict[str, FollowedSession] = {}
        self._identity = ""

    def save_all(self) -> int | None:
        """Save what changed; return in how many milliseconds to try again, None for never."""
        try:
            sessions = self._sessions()
            again = [self._part(sessions)]
            self._find(sessions)
            again += self._save()
        except NoServerError:
            return None
        except ToolError:
            return _UNSURE_MS  # what the server cannot say now it says later, or it has ended
        waiting = [wait_ms for wait_ms in again if wait_ms is not None]
        return min(waiting) if waiting else None

    # -- which ---------------------------------------------------------------------------

    def _sessions(self) -> list[SessionId]:
        """Return the sessions that stand; those of another server are forgotten."""
        rows, identity = self.adapter.server.run(
            [
                ("list-sessions", "-F", "#{session_id} #{session_name}"),
                ("display-message", "-p", "#{pid}.#{start_time}"),
            ]
        )
        if identity.text.strip() != self._identity:
            self._identity = identity.text.strip()
            self.followed.clear()
        pairs = (line.partition(" ") for line in rows.text.splitlines())
        return [SessionId(key, unescape_name(name)) for key, _, name in pairs]

    def _part(self, sessions: list[SessionId]) -> int | None:
        """Part with the sessions that have ended, once it is clear that the server goes on."""
        there = {session.key: session for session in sessions}
        waits = False
        for key, one in list(self.followed.items()):
            if key in there:
                one.session = there[key]
                one.gone_since_ms = None
                continue
            now_ms = self.clock.now_ms()
            if one.gone_since_ms is None:
                one.gone_since_ms = now_ms
            if now_ms - one.gone_since_ms < _GONE_MS:
                waits = True
                continue
            del self.followed[key]
            try:
                forget_server(self.context, one.file)
            except SessionctlError as error:
                self._report(one, events.FAILED, error=error)
            self._report(one, events.ENDED)
        return _GONE_MS if waits else None

    def _find(self, sessions: list[SessionId]) -> None:
        """Follow the sessions that have got a file."""
        marks = StandingMarks(self.context.store.directory)
        taken = {one.file for one in self.followed.values() if one.gone_since_ms is None}
        for session in sessions:
            if session.key in self.followed:
                continue
            file = marks.file_of(session.name)
            if file is not None and file not in taken:
                self._follow(session, file)
                taken.add(file)

    def _follow(self, session: SessionId, file: str) -> None:
        record = self.context.memory.recall(file)
        environ = self.context.machine.environ
        elsewhere = {name: value for name, value in environ.items() if name != "TMUX"}
        here = socket_path(environ, self.context.socket)
        if record is None or record.adapter != self.adapter.name:
            return
        if socket_path(elsewhere, record.socket) != here:
            return
        standing = record.agreed.standing
        if standing.server != self._identity:
            live = self.adapter.standing(session.name)
            if live is None or is_poorer(live.workspace, standing.workspace):
                return
        one = FollowedSession(session, file, standing.workspace)
        self.followed[session.key] = one
        self._report(one, events.FOLLOWED)

    # -- saving --------------------------------------------------------------------------

    def _save(self) -> list[int | None]:
        for key, one in list(self.followed.items()):
            if not os.path.isfile(one.file):
                del self.followed[key]  # a file that was removed is not made again
        present = [one for one in self.followed.values() if one.gone_since_ms is None]
        if not present:
            return []
        try:
            captured = self.adapter.capture([one.session.name for one in present])
        except KeyNotFoundError:
            return [_AGAIN_MS]  # it has ended, or got another name, since it was listed
        if not self._is_whole(captured):
            return [_AGAIN_MS]
        return [self._save_one(*pair) for pair in zip(present, captured, strict=True)]

    def _is_whole(self, captured: list[StandingWorkspace]) -> bool:
        """Return whether everything that was captured still stands, in the same server.

        What ends while it is captured looks like less than it was.
        """
        fields = "#{pid}.#{start_time} #{window_id} #{pane_id}"
        answer = self.adapter.server.run([("list-panes", "-a", "-F", fields)])[0]
        there = set(answer.text.splitlines())
        return all(
            f"{standing.server} {window} {pane}" in there
            for standing in captured
            for window, panes in zip(standing.windows, standing.panes, strict=True)
            for pane in panes
        )

    def _save_one(self, one: FollowedSession, standing: StandingWorkspace) -> int | None:
        now_ms = self.clock.now_ms()
        if not is_sudden_loss(standing.workspace, one.before):
            one.lost_since_ms = None
        elif one.lost_since_ms is None:
            one.lost_since_ms = now_ms
            self._report(one, events.WAITING)
            return _LOSS_MS
        elif now_ms - one.lost_since_ms < _LOSS_MS:
            return _LOSS_MS - (now_ms - one.lost_since_ms)
        try:
            outcome = save_workspace(SaveRequest(standing, one.file, is_update=True), self.context)
        except RefusedError as error:
            self._report_once(one, events.REFUSED, error.message, error=error)
            return None
        except SessionctlError as error:
            if not os.path.isfile(one.file):
                return None
            self._report_once(one, events.FAILED, error.message, error=error)
            one.retry_ms = min(2 * one.retry_ms, _LONGEST_RETRY_MS)
            return one.retry_ms
        one.before, one.lost_since_ms = standing.workspace, None
        one.retry_ms = _RETRY_MS
        self._report_outcome(one, outcome)
        return None

    # -- reports -------------------------------------------------------------------------

    def _report_outcome(self, one: FollowedSession, outcome: SaveOutcome) -> None:
        if not outcome.conflicts:
            one.reported = {text for text in one.reported if text.startswith(events.MASKED)}
        if outcome.is_written:
            self._report(one, events.SAVED, outcome=outcome)
        if outcome.conflicts:
            text = " ".join(str(conflict.path) for conflict in outcome.conflicts)
            self._report_once(one, events.CONFLICT, text, outcome=outcome)
        if outcome.masked:
            text = " ".join(str(part.path) for part in outcome.masked)
            self._report_once(one, events.MASKED, text, outcome=outcome)

    def _report_once(
        self,
        one: FollowedSession,
        what: str,
        text: str,
        *,
        outcome: SaveOutcome | None = None,
        error: SessionctlError | None = None,
    ) -> None:
        """Report what goes on until something is done about it, the first time."""
        key = f"{what} {text}"
        if key not in one.reported:
            one.reported.add(key)
            self._report(one, what, outcome=outcome, error=error)

    def _report(
        self,
        one: FollowedSession,
        what: str,
        *,
        outcome: SaveOutcome | None = None,
        error: SessionctlError | None = None,
    ) -> None:
        one.last = what
        time_s = self.clock.time_s()
        self.hear(AutosaveEvent(time_s, what, one.session.name, one.file, outcome, error))
