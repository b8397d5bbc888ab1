"""Manager step: one event in; the next state, what to do and what to report out.

Pure: the time and a random number come with the event. What holds after every step: at most
``MOST_DIALS`` connections are dialled at once; to a server whose circuit is open one at most is
dialled anew; a refused secret, a wrong setting or a wrong version is never tried again without
the user; nothing of the user's is ever repeated, for nothing of it is known here.
"""

from __future__ import annotations

from typing import assert_never

from sessionctl.connections.connection_adapter import FailureKind
from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.backoff import backoff_s
from sessionctl.connections.manager.circuit import CLOSED
from sessionctl.connections.manager.kept_connection import (
    DIALS_APART_S,
    HEALTHY_S,
    PROBE_EVERY_S,
    SLOW_S,
    KeptConnection,
)
from sessionctl.connections.manager.manager_action import ActionKind, ManagerAction, StatusEvent
from sessionctl.connections.manager.manager_event import (
    ClockTick,
    DialFailure,
    DialSuccess,
    ProbeAnswer,
    ProbeFailure,
    StartWish,
    StopWish,
    Wakeup,
)
from sessionctl.connections.manager.manager_state import ManagerState, ManagerStep, waiting_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.connection_adapter import Failure
    from sessionctl.connections.manager.circuit import Circuit
    from sessionctl.connections.manager.connection_state import ConnectionState
    from sessionctl.connections.manager.manager_event import ManagerEvent

MOST_DIALS = 4


def step(state: ManagerState, event: ManagerEvent, now: float, chance: float) -> ManagerStep:
    """Return what ``event`` comes to at the time ``now``; ``chance`` is from 0 to 1.

    An event on a connection that is not kept, or that does not concern its state (any more),
    changes nothing.
    """
    turn = _Turn(state, now, chance)
    turn.take(event)
    turn.admit()
    return ManagerStep(
        ManagerState(turn.connections, turn.circuits, tuple(turn.queue)),
        tuple(turn.actions),
        tuple(turn.reports),
    )


class _Turn:
    """One step while it is computed."""

    def __init__(self, state: ManagerState, now: float, chance: float) -> None:
        self.connections = dict(state.connections)
        self.circuits = dict(state.circuits)
        self.queue = list(state.queue)
        self.now = now
        self.chance = chance
        self.actions: list[ManagerAction] = []
        self.reports: list[StatusEvent] = []

    def take(self, event: ManagerEvent) -> None:
        if isinstance(event, ClockTick):
            self._tick()
            return
        if isinstance(event, Wakeup):
            self._wake(event)
            return
        one = self.connections.get(event.name)
        if one is None:
            return
        match event:
            case StartWish():
                self._start(one)
            case StopWish():
                self._stop(one)
            case DialSuccess():
                self._opened(one, event.note)
            case DialFailure():
                self._dial_failed(one, event.failure)
            case ProbeAnswer():
                self._answered(one, event.latency_s)
            case ProbeFailure():
                self._probe_failed(one, event.failure)
            case _:  # pragma: no cover
                assert_never(event)

    def admit(self) -> None:
        """Dial those whose turn it is."""
        busy = sum(one.is_dialing for one in self.connections.values())
        for name in list(self.queue):
            one = self.connections[name]
            if busy >= MOST_DIALS or one.is_dialing:
                continue
            self.queue.remove(name)
            self._put(one._replace(is_dialing=True, dialed_at=self.now))
            self._do(ActionKind.DIAL, name)
            busy += 1

    # -- wishes ----------------------------------------------------------------------------

    def _start(self, one: KeptConnection) -> None:
        if one.is_open:
            self._probe(one)
            return
        if one.state is states.CONNECTING:
            return
        one = one._replace(failures=0, failed_dials=0, failing_since=None, not_before=0.0)
        self._enter(one, "asked for", at_once=True)

    def _stop(self, one: KeptConnection) -> None:
        if one.state is states.STOPPED and not one.is_dialing:
            return
        if one.name in self.queue:
            self.queue.remove(one.name)
        if one.is_open or (one.is_dialing and not one.is_cancelled):
            self._do(ActionKind.HANG_UP, one.name)
        self._release(one)
        one = one._replace(is_cancelled=one.is_dialing, failure=None, failing_since=None)
        self._change(one, states.STOPPED, "stopped by the user")

    # -- dials -----------------------------------------------------------------------------

    def _enter(self, one: KeptConnection, reason: str, *, at_once: bool = False) -> None:
        """Let ``one`` be dialled, or wait for the one that tries for all of its server."""
        circuit = self.circuits.get(one.host, CLOSED)
        if circuit.is_open:
            if circuit.is_probed or (circuit.next_at > self.now and not at_once):
                self._wait_for_server(one, circuit)
                return
            self.circuits[one.host] = circuit._replace(prober=one.name)
        self._change(one._replace(next_at=None), states.CONNECTING, reason)
        self.queue.append(one.name)

    def _wait_for_server(self, one: KeptConnection, circuit: Circuit, reason: str = "") -> None:
        if one.state is not states.CIRCUIT_OPEN:
            why = f"{one.host} failed {circuit.failures} times in a row"
            why = f"{reason}; {why}" if reason else why
            waits = one._replace(next_at=None)
            self._change(waits, states.CIRCUIT_OPEN, why, next_at=circuit.next_at)

    def _opened(self, one: KeptConnection, note: str) -> None:
        if not one.is_dialing:
            return
        self._closes(one.host)
        if one.is_cancelled:
            # Cancelled while it succeeded: what is open is nobody's.
            self._do(ActionKind.HANG_UP, one.name)
            self._put(one._replace(is_dialing=False, is_cancelled=False))
            return
        one = one._replace(
            is_dialing=False,
            failed_dials=0,
            failure=None,
            next_at=None,
            not_before=0.0,
            opened_at=self.now,
            probe_at=self.now + PROBE_EVERY_S,
            is_probing=False,
        )
        self._change(one, states.READY, note or "open")

    def _dial_failed(self, one: KeptConnection, failure: Failure) -> None:
        if not one.is_dialing:
            return
        one = one._replace(is_dialing=False)
        if one.is_cancelled:
            self._put(one._replace(is_cancelled=False))
            return
        self._judge_server(one, failure.kind)
        self._fail(one._replace(failed_dials=one.failed_dials + 1), failure)

    def _judge_server(self, one: KeptConnection, kind: FailureKind) -> None:
        """Count a failed dial for the server, which is more than one connection's."""
        circuit = self.circuits.get(one.host, CLOSED)
        match kind:
            case FailureKind.TRANSIENT:
                wait = backoff_s(
                    one.limits, circuit.failures + 1, self._failing_s(circuit), self.chance
                )
                after = circuit.with_failure(one.name, self.now, wait)
                self.circuits[one.host] = after
                if after.is_open:
                    self._leave_alone(one.host, after)
            case FailureKind.BUSY | FailureKind.AUTH | FailureKind.INCOMPATIBLE:
                self._closes(one.host)  # it answers
            case _:
                self._release(one)

    def _failing_s(self, circuit: Circuit) -> float:
        return 0.0 if circuit.open_since is None else self.now - circuit.open_since

    def _leave_alone(self, host: str, circuit: Circuit) -> None:
        for other in list(self.connections.values()):
            is_asked_to_wait = other.not_before > self.now
            if other.host == host and other.state is states.BACKOFF and not is_asked_to_wait:
                self._wait_for_server(other, circuit)

    def _closes(self, host: str) -> None:
        """Let all connections of a server that answered be dialled again."""
        self.circuits.pop(host, None)
        for other in list(self.connections.values()):
            if other.host == host and other.state is states.CIRCUIT_OPEN:
                self._enter(other, "its server answers again")

    def _release(self, one: KeptConnection) -> None:
        circuit = self.circuits.get(one.host)
        if circuit is not None:
            self.circuits[one.host] = circuit.released(one.name)

    # -- failures --------------------------------------------------------------------------

    def _fail(self, one: KeptConnection, failure: Failure) -> None:
        """Decide what follows a failure: another attempt, or the user."""
        since = self.now if one.failing_since is None else one.failing_since
        one = one._replace(
            failures=one.failures + 1,
            failing_since=since,
            failure=failure,
            probe_at=None,
            is_probing=False,
        )
        match failure.kind:
            case FailureKind.AUTH:
                self._change(one, states.NEEDS_AUTH, failure.message)
            case FailureKind.CONFIG | FailureKind.INCOMPATIBLE | FailureKind.PERMANENT:
                self._change(one, states.STOPPED, failure.message)
            case FailureKind.TRANSIENT | FailureKind.BUSY:
                self._try_again(one, failure)
            case _:  # pragma: no cover
                assert_never(failure.kind)

    def _try_again(self, one: KeptConnection, failure: Failure) -> None:
        attempts = one.limits.attempts
        if attempts is not None and one.failed_dials >= attempts:
            times = "" if one.failed_dials < 2 else f", after {one.failed_dials} attempts"
            self._change(one, states.STOPPED, f"{failure.message}{times}")
            return
        circuit = self.circuits.get(one.host, CLOSED)
        if circuit.is_open and failure.retry_after_s is None:
            self._wait_for_server(one, circuit, failure.message)
            return
        failing_s = self.now - (self.now if one.failing_since is None else one.failing_since)
        wait = backoff_s(one.limits, one.failures, failing_s, self.chance)
        if failure.retry_after_s is not None:
            wait = max(wait, failure.retry_after_s)
            one = one._replace(not_before=self.now + failure.retry_after_s)
        one = one._replace(next_at=self.now + wait)
        self._change(one, states.BACKOFF, failure.message, next_at=one.next_at)

    # -- what is open ----------------------------------------------------------------------

    def _answered(self, one: KeptConnection, latency_s: float) -> None:
        if not (one.is_open and one.is_probing):
            return
        one = one._replace(is_probing=False, probe_at=self.now + PROBE_EVERY_S)
        if one.opened_at is not None and self.now - one.opened_at >= HEALTHY_S:
            one = one._replace(failures=0, failing_since=None)
        if latency_s > SLOW_S:
            self._change(one, states.DEGRADED, f"an answer took {latency_s:.1f} s")
        else:
            self._change(one, states.READY, "it answers in time again")

    def _probe_failed(self, one: KeptConnection, failure: Failure) -> None:
        if not one.is_open:
            return
        if failure.kind is FailureKind.BUSY:
            # It is there: what is open stays open.
            one = one._replace(is_probing=False, probe_at=self.now + PROBE_EVERY_S)
            self._change(one, states.DEGRADED, failure.message)
            return
        self._do(ActionKind.HANG_UP, one.name)
        self._fail(one, failure)

    def _probe(self, one: KeptConnection) -> None:
        if not one.is_probing:
            self._put(one._replace(is_probing=True))
            self._do(ActionKind.PROBE, one.name)

    # -- time ------------------------------------------------------------------------------

    def _tick(self) -> None:
        for one in list(self.connections.values()):
            if one.is_open and one.probe_at is not None and one.probe_at <= self.now:
                self._probe(one)
            elif one.state is states.BACKOFF and _is_due(one.next_at, self.now):
                self._enter(one, "another attempt")
        self._probe_circuits()

    def _probe_circuits(self) -> None:
        for host, circuit in list(self.circuits.items()):
            if circuit.is_open and not circuit.is_probed and circuit.next_at <= self.now:
                waiting = waiting_for(self.connections, host)
                if waiting:
                    self._enter(waiting[0], "its server is tried")

    def _wake(self, event: Wakeup) -> None:
        reason = event.kind.value
        for one in list(self.connections.values()):
            if one.is_open:
                self._probe(one)
            elif one.state is states.BACKOFF:
                self._hasten(one, reason)
        for host, circuit in list(self.circuits.items()):
            if circuit.is_open and not circuit.is_probed:
                at = min(circuit.next_at, self._soonest(host))
                self.circuits[host] = circuit._replace(open_since=self.now, next_at=at)
        self._probe_circuits()

    def _soonest(self, host: str) -> float:
        """Return when ``host`` may be dialled by what wakes its connections."""
        dials = [
            one.dialed_at
            for one in self.connections.values()
            if one.host == host and one.dialed_at is not None
        ]
        return max(self.now, max(dials, default=self.now - DIALS_APART_S) + DIALS_APART_S)

    def _hasten(self, one: KeptConnection, reason: str) -> None:
        at = max(self._soonest(one.host), one.not_before)
        one = one._replace(failures=0, failing_since=self.now)
        if at <= self.now:
            self._enter(one, reason)
        elif one.next_at is None or at < one.next_at:
            self._put(one._replace(next_at=at))
        else:
            self._put(one)

    # -- bookkeeping -----------------------------------------------------------------------

    def _do(self, kind: ActionKind, name: str) -> None:
        self.actions.append(ManagerAction(kind, name))

    def _put(self, one: KeptConnection) -> None:
        self.connections[one.name] = one

    def _change(
        self,
        one: KeptConnection,
        after: ConnectionState,
        reason: str,
        *,
        next_at: float | None = None,
    ) -> None:
        before = one.state
        if after is before and after in states.OPEN_STATES:
            self._put(one)
            return
        if after not in states.WAITING_STATES:
            one = one._replace(next_at=None)
        self._put(one._replace(state=after, since=self.now, reason=reason))
        if after is not before:
            kind = None if one.failure is None else one.failure.kind
            kind = None if after in states.OPEN_STATES else kind
            self.reports.append(
                StatusEvent(
                    one.name, before, after, reason, self.now, next_at, one.failed_dials, kind
                )
            )


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and at <= now
