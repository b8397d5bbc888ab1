"""Kept line: the calls on one connection, each with its deadline, in a thread of their own."""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.keeping.dialling import Dialling, classified, covered_state
from sessionctl.connections.keeping.guarded_call import GRACE_S, CallThread, in_background
from sessionctl.connections.manager.kept_connection import PROBE_DEADLINE_S
from sessionctl.connections.manager.manager_event import (
    DialFailure,
    DialSuccess,
    ProbeAnswer,
    ProbeFailure,
)
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from sessionctl.connections.keeping.dialling import OpenedConnection
    from sessionctl.connections.keeping.target import Target
    from sessionctl.connections.manager.manager_event import ManagerEvent

    LineEvent: TypeAlias = DialSuccess | DialFailure | ProbeAnswer | ProbeFailure

_CAPTURE_EVERY_S = 10.0
_QUICK_S = 0.5
"""After an answer that took longer, the state is left to a later probe."""
_NAMES_HOST = frozenset({"host", "hosts", "url", "sentinels", "address"})
"""Keys that name a host: what is wrong with them is that it is not found."""


class LineResult(NamedTuple):
    """What a call came to; ``serial`` tells it from one that was given up."""

    name: str
    serial: int
    event: LineEvent
    opened: OpenedConnection | None = None


class _Call(NamedTuple):
    serial: int
    overrun_at: float
    is_dial: bool
    seconds: float


class KeptLine:
    """One connection: what is open of it, and the call that is under way.

    All methods but ``lock`` and ``opened`` are for the keeper's thread.
    """

    def __init__(self, target: Target, post: Callable[[LineResult], None]) -> None:
        self.target = target
        self.lock = threading.Lock()
        """Held by whoever uses the handle."""
        self.opened: OpenedConnection | None = None
        self.keep_failure = ""
        """Why the state could not be remembered, "" where it could."""
        self.was_lent = False
        """Whether somebody had the handle since the state was captured."""
        self._post = post
        self._thread: CallThread | None = None
        self._call: _Call | None = None
        self._serial = 0
        self._dialling: Dialling | None = None
        self._captured_at = 0.0
        self._was_skipped = False
        self._was_open = False

    # -- actions ---------------------------------------------------------------------------

    def dial(self) -> None:
        """Begin an attempt; what hangs in a call from before is left behind."""
        if self._call is not None:
            self._leave_thread()
        dialling = Dialling(self.target)
        deadline = Deadline(self.target.timeout_s)
        call = self._begin(self.target.timeout_s, is_dial=True)
        self._dialling = dialling

        def work() -> None:
            name = self.target.name
            try:
                opened = dialling.run(deadline)
            except ConnectionFailure as error:
                event: LineEvent = DialFailure(name, self._in_view_of_before(error.failure))
                self._post(LineResult(name, call.serial, event))
                return
            self._remember(opened)
            self._post(LineResult(name, call.serial, DialSuccess(name, opened.peer.text), opened))

        self._put(work)

    def probe(self) -> None:
        """Begin to ask whether the other side is there; a lent connection is left alone."""
        opened = self.opened
        call = self._begin(PROBE_DEADLINE_S, is_dial=False)
        if opened is None or not self.lock.acquire(blocking=False):
            self._answer(call, ProbeAnswer(self.target.name))
            return
        deadline, lock = Deadline(PROBE_DEADLINE_S), self.lock

        def work() -> None:
            try:
                self._answer(call, self._probed(opened, deadline))
            finally:
                lock.release()

        self._put(work)

    def hang_up(self) -> None:
        """Close what is open, or cancel the attempt under way."""
        if self._dialling is not None and self._call is not None and self._call.is_dial:
            in_background(self._dialling.cancel, "hang up")
            return
        self._drop()

    def overrun(self) -> ManagerEvent | None:
        """Give up a call that did not return in time; return what that is as an event."""
        call = self._call
        if call is None or time.monotonic() < call.overrun_at:
            return None
        self._call = None
        name = self.target.name
        failure = Failure(FailureKind.TRANSIENT, f"no answer within {call.seconds:g} s")
        self._leave_thread()
        if call.is_dial:
            dialling, self._dialling = self._dialling, None
            if dialling is not None:
                in_background(dialling.cancel, "rescue")
            return DialFailure(name, failure)
        return ProbeFailure(name, failure)

    @property
    def overrun_at(self) -> float | None:
        """When the call under way will have taken too long."""
        return None if self._call is None else self._call.overrun_at

    def received(self, result: LineResult) -> ManagerEvent | None:
        """Take what a call came to; None where it was given up already."""
        call = self._call
        if call is None or call.serial != result.serial:
            if result.opened is not None:
                self._close_later(result.opened.handle)
            return None
        self._call = None
        if call.is_dial:
            self._dialling = None
            self.opened = result.opened
        return result.event

    def failure_of(self, error: BaseException) -> Failure:
        """Return what an error means, with no secret in its words."""
        opened = self.opened
        failure = classified(self.target, error)
        return failure if opened is None else opened.cover.failure(failure)

    def begin_to_end(self) -> None:
        """Begin to close what there is."""
        if self._dialling is not None:
            in_background(self._dialling.cancel, "end")
        self._drop()
        if self._thread is not None:
            self._thread.let_go()

    def end(self, timeout_s: float) -> None:
        """Wait until all is closed, for ``timeout_s`` at most."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    # -- inside ----------------------------------------------------------------------------

    def _begin(self, seconds: float, *, is_dial: bool) -> _Call:
        self._serial += 1
        call = _Call(self._serial, time.monotonic() + seconds + GRACE_S, is_dial, seconds)
        self._call = call
        return call

    def _put(self, job: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = CallThread(self.target.name)
        self._thread.put(job)

    def _answer(self, call: _Call, event: LineEvent) -> None:
        self._post(LineResult(self.target.name, call.serial, event))

    def _probed(self, opened: OpenedConnection, deadline: Deadline) -> LineEvent:
        name, adapter = self.target.name, self.target.adapter
        began = time.monotonic()
        try:
            health = adapter.probe(opened.handle, deadline)
            has_changed = self.was_lent or health.is_skipped != self._was_skipped
            is_due = has_changed or began - self._captured_at >= _CAPTURE_EVERY_S
            # Both share one deadline: a slow server must not be cut off for its state.
            if is_due and time.monotonic() - began < _QUICK_S:
                self._captured_at, self._was_skipped = began, health.is_skipped
                self.was_lent = False
                state = adapter.capture(opened.handle, deadline)
                self._keep(opened, covered_state(opened.cover, state))
        except Exception as error:  # noqa: BLE001 - whatever a driver raises is classified
            failure = classified(self.target, error)
            return ProbeFailure(name, opened.cover.failure(failure))
        latency_s = health.latency_s or time.monotonic() - began
        return ProbeAnswer(name, latency_s, health.missed)

    def _in_view_of_before(self, failure: Failure) -> Failure:
        """Return ``failure``; a name that was found before is not wrong, but out of reach.

        A name of a private network does not exist while the way into that network is down.
        """
        is_name = failure.kind is FailureKind.CONFIG and failure.key in _NAMES_HOST
        if is_name and (self._was_open or self.target.recall().peer_text):
            return failure._replace(kind=FailureKind.TRANSIENT)
        return failure

    def _remember(self, opened: OpenedConnection) -> None:
        self._captured_at, self._was_skipped = time.monotonic(), False
        self._was_open = True
        self._keep(opened, opened.state)

    def _keep(self, opened: OpenedConnection, state: Any) -> None:
        # What was remembered of another server stays until the user decides.
        if opened.strangers is not None:
            return
        try:
            self.target.keep(state, opened.peer)
        except SessionctlError as error:
            self.keep_failure = error.message

    def _drop(self) -> None:
        opened, self.opened = self.opened, None
        if opened is not None:
            self._close_later(opened.handle)

    def _close_later(self, handle: Any) -> None:
        """Close ``handle``: before the next attempt where the thread is free, else beside it."""
        job = self._closing(handle)
        if self._thread is not None and self._call is None and not self.lock.locked():
            self._thread.put(job)
        else:
            in_background(job, "hang up")

    def _closing(self, handle: Any) -> Callable[[], None]:
        def close() -> None:
            try:
                self.target.adapter.close(handle)
            except Exception:  # noqa: BLE001 - it must not raise; one that does is closed enough
                return

        return close

    def _leave_thread(self) -> None:
        if self._thread is not None:
            self._thread.let_go()
            self._thread = None
        self.lock = threading.Lock()  # the old one is held by what hangs
