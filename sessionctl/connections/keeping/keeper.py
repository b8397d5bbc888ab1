"""Keeper: holds connections open; one thread decides, one for each connection calls its driver."""

from __future__ import annotations

import os
import queue
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple

from sessionctl.connections.connection_adapter import Failure, FailureKind
from sessionctl.connections.keeping.kept_line import KeptLine, LineResult
from sessionctl.connections.keeping.wakeup_watch import NetworkWatch, SleepClock
from sessionctl.connections.manager.connection_state import CIRCUIT_OPEN
from sessionctl.connections.manager.manager_action import ActionKind, StatusEvent
from sessionctl.connections.manager.manager_event import (
    ClockTick,
    DialFailure,
    DialSuccess,
    ProbeAnswer,
    ProbeFailure,
    StartWish,
    StopWish,
    Wakeup,
    WakeupKind,
)
from sessionctl.connections.manager.manager_state import begin
from sessionctl.connections.manager.manager_step import step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from sessionctl.connections.keeping.dialling import OpenedConnection
    from sessionctl.connections.keeping.target import Target
    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.connections.manager.manager_event import ManagerEvent

    Message: TypeAlias = ManagerEvent | LineResult

_LOOK_S = 1.0
"""How often the clocks are compared, to notice that the machine was asleep."""


class KeeperEvent(NamedTuple):
    """What a listener hears: a change of state, and what was opened where it is one to ready."""

    status: StatusEvent
    opened: OpenedConnection | None = None
    failure: Failure | None = None


class Keeper:
    """Holds connections open until it is closed.

    ``listen`` is called in the keeper's own thread, with one event at a time.
    """

    def __init__(
        self,
        targets: Iterable[Target],
        listen: Callable[[KeeperEvent], None] = lambda _event: None,
        *,
        watches_network: bool = True,
    ) -> None:
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._listen = listen
        self._lines = {one.name: KeptLine(one, self._inbox.put) for one in targets}
        self._state = begin(line.target.kept for line in self._lines.values())
        self._network = NetworkWatch(self._woken) if watches_network else None
        self._sleep = SleepClock()
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sessionctl keeper", daemon=True)
        self._thread.start()

    def open(self, name: str) -> None:
        """Ask for a connection, or for its next attempt now; returns at once."""
        self._inbox.put(StartWish(name))

    def stop(self, name: str) -> None:
        """Give a connection up, an attempt under way too; returns at once."""
        self._inbox.put(StopWish(name))

    def wake(self, kind: WakeupKind = WakeupKind.NETWORK) -> None:
        """Try at once what waits, and ask what is open whether it is still there."""
        self._woken(kind)

    def report(self, name: str, error: BaseException) -> Failure:
        """Report that a call on a lent connection failed; returns what that means."""
        line = self._lines[name]
        failure = line.failure_of(error)
        if failure.kind in (FailureKind.TRANSIENT, FailureKind.AUTH):
            self._inbox.put(ProbeFailure(name, failure))
        return failure

    def status(self, name: str) -> KeptConnection:
        """Return how a connection is; ``next_at`` also where its server is left alone."""
        state = self._state
        kept = state.connections[name]
        circuit = state.circuits.get(kept.host)
        if kept.state is not CIRCUIT_OPEN or circuit is None or circuit.is_probed:
            return kept
        return kept._replace(next_at=circuit.next_at)

    def opened(self, name: str) -> OpenedConnection | None:
        """Return what is open, None where it is not."""
        return self._lines[name].opened

    @contextmanager
    def lend(self, name: str, timeout_s: float | None = None) -> Iterator[Any]:
        """Give the handle of an open connection; it is not probed meanwhile.

        Raises:
          ConnectionError: it is not open, or another one has it for longer than ``timeout_s``.
        """
        line = self._lines[name]
        lock = line.lock
        if not lock.acquire(timeout=-1 if timeout_s is None else timeout_s):
            raise ConnectionError(f"{name}: it is in use")
        try:
            opened = line.opened
            if opened is None:
                raise ConnectionError(f"{name}: it is not open")
            line.was_lent = True
            yield opened.handle
        finally:
            lock.release()

    def close(self, timeout_s: float = 2.0) -> None:
        """Close all connections and end the threads; what hangs is left behind."""
        if self._is_ended.is_set():
            return
        self._is_ended.set()
        self._inbox.put(None)
        self._thread.join(timeout_s)
        if self._network is not None:
            self._network.close()
        end = time.monotonic() + timeout_s
        for line in self._lines.values():
            line.begin_to_end()
        for line in self._lines.values():
            line.end(max(end - time.monotonic(), 0.0))

    # -- the keeper's own thread -----------------------------------------------------------

    def _run(self) -> None:
        while not self._is_ended.is_set():
            message = self._next()
            if self._is_ended.is_set():
                return
            if self._sleep.was_asleep():
                self._take(Wakeup(WakeupKind.RESUME))
            for line in self._lines.values():
                overrun = line.overrun()
                if overrun is not None:
                    self._take(overrun)
            if message is not None:
                self._receive(message)
            self._take(ClockTick())

    def _next(self) -> Message | None:
        now = time.monotonic()
        times = [line.overrun_at for line in self._lines.values()]
        times += [self._state.wake_at, now + _LOOK_S]
        at = min(one for one in times if one is not None)
        try:
            return self._inbox.get(timeout=max(at - now, 0.0))
        except queue.Empty:
            return None

    def _receive(self, message: Message) -> None:
        if isinstance(message, LineResult):
            event = self._lines[message.name].received(message)
            if event is not None:
                self._take(event)
            if isinstance(event, ProbeAnswer) and event.missed:
                self._tell_missed(event)
            return
        self._take(message)

    def _tell_missed(self, answer: ProbeAnswer) -> None:
        """Report what came or went unseen; the state stays as it is."""
        state = self._state.connections[answer.name].state
        reason = f"missed: {'; '.join(answer.missed)}"
        self._listen(KeeperEvent(StatusEvent(answer.name, state, state, reason, time.monotonic())))

    def _take(self, event: ManagerEvent) -> None:
        done = step(self._state, event, time.monotonic(), _chance())
        self._state = done.state
        for action in done.actions:
            line = self._lines[action.name]
            match action.kind:
                case ActionKind.DIAL:
                    line.dial()
                case ActionKind.PROBE:
                    line.probe()
                case ActionKind.HANG_UP:
                    line.hang_up()
        for report in done.reports:
            self._listen(self._event(report, event))

    def _event(self, report: StatusEvent, event: ManagerEvent) -> KeeperEvent:
        line = self._lines[report.name]
        is_about_it = getattr(event, "name", "") == report.name
        opened = line.opened if is_about_it and isinstance(event, DialSuccess) else None
        failure = None
        if is_about_it and isinstance(event, DialFailure | ProbeFailure):
            failure = event.failure
        return KeeperEvent(report, opened, failure)

    def _woken(self, kind: WakeupKind) -> None:
        self._inbox.put(Wakeup(kind))


def _chance() -> float:
    # The module random loads a megabyte of others.
    return int.from_bytes(os.urandom(6), "big") / (1 << 48)
