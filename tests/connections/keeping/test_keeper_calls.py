"""What a keeper is asked for and what it tells, with its own thread at rest."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.keeping import keeper as keeper_module
from sessionctl.connections.keeping.keeper import Keeper, KeeperEvent
from sessionctl.connections.keeping.kept_line import LineResult
from sessionctl.connections.keeping.target import Target
from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.circuit import Circuit
from sessionctl.connections.manager.manager_action import StatusEvent
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
from tests.together import together


class Line:
    """The calls on a connection; what is asked of it is noted."""

    overrun_at = None

    def __init__(self):
        self.asked, self.opened, self.was_lent = [], None, False
        self.lock = threading.Lock()

    def __getattr__(self, name):
        return lambda *_arguments: self.asked.append(name)

    def received(self, result):
        return result.event

    def failure_of(self, error):
        return error.failure


@pytest.fixture
def heard():
    return []


@pytest.fixture
def keeper(heard):
    """A keeper of "a" and "b", at one server, whose thread has ended."""
    keeper = Keeper(
        [Target(name, None, None, "h:1") for name in "ab"], heard.append, watches_network=False
    )
    keeper.close()
    keeper._lines = {"a": Line(), "b": Line()}
    while said(keeper):
        pass
    return keeper


def said(keeper):
    """Return what the keeper's thread would take next, None for nothing."""
    try:
        return keeper._inbox.get(block=False)
    except queue.Empty:
        return None


def failure(kind):
    return Failure(FailureKind(kind), "no")


def test_what_is_asked_for_is_left_to_the_thread(keeper):
    for call, event in (
        (lambda: keeper.open("a"), StartWish("a")),
        (lambda: keeper.stop("a"), StopWish("a")),
        (keeper.wake, Wakeup(WakeupKind.NETWORK)),
        (lambda: keeper.wake(WakeupKind.RESUME), Wakeup(WakeupKind.RESUME)),
    ):
        call()
        assert (said(keeper), said(keeper)) == (event, None)


@together(
    "kind, is_acted_on",
    [
        ("transient", True), ("auth", True), ("busy", False), ("config", False),
        ("incompatible", False), ("permanent", False),
    ],
)  # fmt: skip
def test_what_broke_under_the_user_is_classified_and_ends_the_connection_where_it_may(
    keeper, kind, is_acted_on
):
    assert keeper.report("a", ConnectionFailure(failure(kind))) == failure(kind)
    assert said(keeper) == (ProbeFailure("a", failure(kind)) if is_acted_on else None)


def test_a_connection_is_lent_to_one_at_a_time_and_only_while_it_is_open(keeper):
    line = keeper._lines["a"]
    with pytest.raises(ConnectionError, match=r"\Aa: it is not open\Z"), keeper.lend("a"):
        pytest.fail("it is lent")
    assert not line.was_lent
    line.opened = SimpleNamespace(handle="h")
    assert keeper.opened("a") is line.opened
    with keeper.lend("a", timeout_s=20) as handle:
        assert (handle, line.was_lent) == ("h", True)
        with pytest.raises(ConnectionError, match=r"\Aa: it is in use\Z"), keeper.lend("a", 0.01):
            pytest.fail("it is lent twice")
        assert line.lock.locked()
    # Without a limit it is waited for.
    line.lock.acquire()
    timer = threading.Timer(0.05, line.lock.release)
    timer.start()
    with keeper.lend("a") as handle:
        assert handle == "h"
    timer.join()
    assert not line.lock.locked()


def test_the_next_attempt_is_that_of_the_server_where_it_is_left_alone(keeper):
    waiting = keeper._state.connections["a"]._replace(state=states.CIRCUIT_OPEN, next_at=1.0)
    for kept, circuits, next_at in (
        (waiting, {"h:1": Circuit(5, 1.0, 50.0)}, 50.0),
        (waiting, {"h:1": Circuit(5, 1.0, 50.0, prober="b")}, 1.0),
        (waiting, {"other": Circuit(5, 1.0, 50.0)}, 1.0),
        (waiting._replace(state=states.BACKOFF), {"h:1": Circuit(5, 1.0, 50.0)}, 1.0),
    ):
        keeper._state = keeper._state._replace(
            connections={**keeper._state.connections, "a": kept}, circuits=circuits
        )
        assert keeper.status("a") == kept._replace(next_at=next_at)


def states_told(heard):
    return [(event.status.name, event.status.after) for event in heard]


def test_what_the_manager_decides_is_done_and_told_with_what_it_is_about(keeper, heard):
    a, b = keeper._lines["a"], keeper._lines["b"]
    keeper._receive(StartWish("a"))
    assert (a.asked, b.asked) == (["dial"], [])
    at = keeper._state.connections["a"].since
    assert heard == [KeeperEvent(StatusEvent("a", states.IDLE, states.CONNECTING, "asked for", at))]
    heard.clear()
    a.opened = "opened"
    keeper._receive(LineResult("a", 1, DialSuccess("a", "server"), "opened"))
    assert states_told(heard) == [("a", states.READY)]
    assert (heard[0].opened, heard.pop().failure) == ("opened", None)
    keeper._receive(LineResult("a", 2, ProbeAnswer("a", 0.1, ("x", "y"))))
    assert [(event.status.before, event.status.after, event.status.reason) for event in heard] == [
        (states.READY, states.READY, "missed: x; y")
    ]
    heard.clear()
    keeper._receive(LineResult("a", 3, ProbeAnswer("a", 0.1)))
    assert heard == []
    keeper._receive(ProbeFailure("a", failure("transient")))
    assert "hang_up" in a.asked
    assert {event.failure for event in heard} == {failure("transient")}
    assert {event.opened for event in heard} == {None}
    heard.clear()
    keeper._receive(StartWish("b"))
    keeper._receive(LineResult("b", 1, DialFailure("b", failure("auth"))))
    assert states_told(heard)[-1] == ("b", states.NEEDS_AUTH)
    assert heard[-1].failure == failure("auth")
    keeper._lines["b"].received = lambda _result: None  # given up already
    before = list(heard)
    keeper._receive(LineResult("b", 1, DialSuccess("b", "server")))
    assert heard == before


def test_after_a_night_all_is_asked_and_a_call_that_overran_is_acted_on(keeper, monkeypatch):
    taken = []
    keeper._is_ended.clear()
    keeper._sleep = SimpleNamespace(was_asleep=lambda: True)
    late = ProbeFailure("b", failure("transient"))
    keeper._lines["a"].overrun = lambda: None
    keeper._lines["b"].overrun = lambda: late

    def take(event):
        taken.append(event)
        if event == ClockTick():
            keeper._is_ended.set()

    monkeypatch.setattr(keeper, "_take", take)
    keeper._inbox.put(StartWish("a"))
    keeper._run()
    assert taken == [Wakeup(WakeupKind.RESUME), late, StartWish("a"), ClockTick()]
    keeper._run()  # it has ended: nothing more
    assert len(taken) == 4


def test_it_waits_until_something_is_due(keeper, monkeypatch):
    waited = []

    def get(timeout):
        waited.append(timeout)
        raise queue.Empty

    monkeypatch.setattr(keeper_module, "time", SimpleNamespace(monotonic=lambda: 100.0))
    keeper._inbox = SimpleNamespace(get=get)
    for overrun_at, wake_at in ((None, None), (100.25, None), (101.5, 100.5), (99.0, 100.5)):
        keeper._lines["b"].overrun_at = overrun_at
        keeper._state = SimpleNamespace(wake_at=wake_at)
        assert keeper._next() is None
    assert waited == [1.0, 0.25, 0.5, 0.0]


def test_a_chance_is_a_part_of_one():
    chances = {keeper_module._chance() for _ in range(50)}
    assert len(chances) == 50
    assert all(0 <= chance < 1 for chance in chances)
    assert max(chances) > 0.5
