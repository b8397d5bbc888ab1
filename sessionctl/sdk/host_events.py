"""Host events: what a workspace reports, given to every listener in the host's thread."""

from __future__ import annotations

from collections import deque

from sessionctl.sdk.workspace_event import Status, WorkspaceEvent, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.sdk.host_calls import HostCalls
    from sessionctl.sdk.states.edit_refusal import EditRefusal
    from sessionctl.services.watching.live_document import LiveDocument
    from sessionctl.services.watching.watch_event import WatchEvent
    from sessionctl.system.watch.wakeup import Clock

    Listener = Callable[[WorkspaceEvent], object]

_TROUBLES = (Status.FAILED, Status.DEGRADED, Status.CONFLICT)
_NO_THREAD = "not saved: the thread that saves does not run in a copy of the process; open it again"


class HostEvents:
    """The listeners of one workspace."""

    def __init__(self, calls: HostCalls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._listeners: list[Listener] = []
        self._marks: deque[str] = deque()
        self._logged: tuple[Status, str, str] | None = None
        self.file = ""

    def add(self, listener: Listener) -> None:
        """Let ``listener`` have every event from now on; what it raises is dropped."""
        self._listeners.append(listener)

    def tell_modified(self, name: str, keeper: LiveDocument | None) -> None:
        """Report a change, without waiting for a callback that runs in the thread that saves."""
        if keeper is not None and not keeper.is_alive:
            self.tell(Status.FAILED, _NO_THREAD, name)
        elif keeper is None or self._calls.has_loop:
            self.tell(Status.MODIFIED, provider=name)
        else:
            self._marks.append(name)
            keeper.call(self.tell_marks)

    def tell_marks(self) -> None:
        """Report the changes that were not yet: before what became of them."""
        while self._marks:
            self.tell(Status.MODIFIED, provider=self._marks.popleft())

    def report(self, status: Status, event: WatchEvent, refusals: tuple[EditRefusal, ...]) -> None:
        """Report what happened to the file; ``refusals`` are what providers did not take over."""
        for one in refusals:
            self.tell(status, one.words(event.file), one.provider, one.conflicts)
        if not refusals:
            self.tell(status, words_of(event), conflicts=event.conflicts)

    def tell(
        self,
        status: Status,
        text: str = "",
        provider: str = "",
        conflicts: tuple[Conflict, ...] = (),
    ) -> None:
        """Give an event to every listener; a trouble that no listener hears is logged."""
        if not self._listeners:
            self._log(status, text, provider, conflicts)
        event = WorkspaceEvent(status, text, provider, conflicts, self._clock.time_s())
        for listener in list(self._listeners):
            self._calls.post(lambda listener=listener: listener(event))  # type: ignore[misc]

    def _log(
        self, status: Status, text: str, provider: str, conflicts: tuple[Conflict, ...]
    ) -> None:
        """Log a trouble, once until something else is reported; values are left out."""
        if status is Status.MODIFIED:
            return
        is_again, self._logged = self._logged == (status, text, provider), (status, text, provider)
        if is_again or status not in _TROUBLES:
            return
        import logging  # only where there is something to say: it costs memory

        from sessionctl.core.text.shellwords import path_word

        what = text or ", ".join(str(one.path) for one in conflicts) or "cannot be used now"
        where = "" if self.file in what else f"{self.file}: "
        about = f"{provider}: " if provider else ""
        word = path_word(self.file)
        steps = [f"see what can be restored: sessionctl recover {word}"]
        if status is Status.DEGRADED:
            step = f"fix it: sessionctl edit {word}"
            steps = [step, *steps]
        elif status is Status.CONFLICT:
            steps = ["each side keeps its value until the application calls resolve()"]
        lines = "".join(f"\nhint: {step}" for step in steps)
        message = f"{status.value}: {where}{about}{what}{lines}"
        logging.getLogger("sessionctl.sdk").warning("%s", message)
