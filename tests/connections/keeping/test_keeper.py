"""The keeper against a real server: cuts are noticed, state comes back, nothing is repeated."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import pytest

from sessionctl.connections import ConnectionFailure, ConnectionRequest, FailureKind, Secret
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.keeping.dialling import opened_within
from sessionctl.connections.keeping.guarded_call import call_within
from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.keeping.target import Recollection, Target
from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.backoff import RetryLimits
from sessionctl.connections.manager.kept_connection import PROBE_DEADLINE_S, PROBE_EVERY_S
from tests.connections.keeping.echo_adapter import EchoAdapter, EchoServer

PATIENCE_S = 30
NOTICED_S = 6.0
BACK_S = 10.0


@pytest.fixture
def server():
    server = EchoServer()
    yield server
    server.stop()


class Memory:
    """What is remembered, as a state directory would."""

    def __init__(self, **more):
        self.known = Recollection()
        self.more = more

    def keep(self, state, peer):
        self.known = Recollection(state, peer.key, peer.text)

    def target(self, server, adapter=None, name="a", password=None, **more):
        secrets = {} if password is None else {"password": Secret(password)}
        request = ConnectionRequest(name, {"port": server.port}, secrets, "", "", {}, "")
        return Target(
            name, adapter or EchoAdapter(), lambda: request, f"h:{server.port}",
            recall=lambda: self.known, keep=self.keep, **more,
        )  # fmt: skip


class Heard:
    """The events that a keeper told, with the moments it told them at."""

    def __init__(self):
        self.events = []
        self._change = threading.Condition()

    def __call__(self, event):
        with self._change:
            self.events.append((time.monotonic(), event))
            self._change.notify_all()

    def wait(self, *wanted, since=0):
        """Wait for a state; return when it came, and the event."""
        with self._change:
            end = time.monotonic() + PATIENCE_S
            while True:
                for at, event in self.events[since:]:
                    if event.status.after in wanted:
                        return at, event
                assert self._change.wait(end - time.monotonic()), self.words()

    def words(self):
        return [(event.status.after.value, event.status.reason) for _, event in self.events]


@contextmanager
def kept(target):
    heard = Heard()
    keeper = Keeper([target], heard, watches_network=False)
    try:
        keeper.open(target.name)
        yield keeper, heard
    finally:
        keeper.close()


def test_what_breaks_is_noticed_and_comes_back_with_its_state(server):
    memory = Memory()
    target = memory.target(server)
    with kept(target) as (keeper, heard):
        heard.wait(states.READY)
        with keeper.lend("a") as handle:
            handle.mood = "good"
        memory.known = memory.known._replace(state={"mood": "good"})
        server.stop()
        cut = time.monotonic()
        lost, _ = heard.wait(states.BACKOFF)
        assert lost - cut < NOTICED_S
        time.sleep(0.5)
        back, seen = time.monotonic(), len(heard.events)
        server.start()
        ready, event = heard.wait(states.READY, since=seen)
        assert ready - back < BACK_S
        assert event.opened.report.restored == ("mood good",)


def test_what_a_probe_missed_is_reported_and_the_state_stays(server):
    class Missing(EchoAdapter):
        def probe(self, handle, deadline):
            return super().probe(handle, deadline)._replace(missed=("2 events",))

    target = Memory().target(server, Missing())
    with kept(target) as (keeper, heard):
        heard.wait(states.READY)
        _, event = heard.wait(states.READY, since=len(heard.events))
        assert event.status.reason == "missed: 2 events"
        assert event.status.before is states.READY
        assert keeper.status("a").is_open


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_server_that_falls_silent_is_noticed_whatever_the_driver_does(server, stubborn):
    target = Memory().target(server, EchoAdapter(stubborn))
    with kept(target) as (_keeper, heard):
        heard.wait(states.READY)
        server.silent = True
        cut = time.monotonic()
        lost, event = heard.wait(states.BACKOFF)
        assert lost - cut < NOTICED_S
        assert event.failure.kind is FailureKind.TRANSIENT
        server.silent = False
        back, seen = time.monotonic(), len(heard.events)
        ready, _ = heard.wait(states.READY, since=seen)
        assert ready - back < BACK_S
        first = target.adapter.handles[0]
        end = time.monotonic() + PATIENCE_S
        while not first.is_closed:  # it is closed, the call in it too
            assert time.monotonic() < end
            time.sleep(0.01)


def test_a_refused_secret_is_tried_once_and_never_said(server):
    target = Memory().target(server, password="hunter2-wrong")
    with kept(target) as (keeper, heard):
        _, event = heard.wait(states.NEEDS_AUTH)
        assert event.failure.message == "the password *** is refused"
        end = time.monotonic() + PATIENCE_S
        while server.accepted < 1:
            assert time.monotonic() < end
            time.sleep(0.01)
        keeper.wake()
        time.sleep(0.5)
        assert server.accepted == 1
        assert keeper.status("a").state is states.NEEDS_AUTH
        assert "hunter2" not in str(heard.events)


def test_state_goes_to_no_other_server(server):
    memory = Memory()
    memory.known = Recollection({"mood": "good"}, "echo-0", "echo server echo-0")
    with kept(memory.target(server)) as (_keeper, heard):
        _, event = heard.wait(states.READY)
        assert event.opened.strangers == ("echo server echo-0", "echo server echo-1")
        assert event.opened.report is None
    assert memory.known.peer == "echo-0"  # what is remembered waits for the user
    with kept(memory.target(server, adopts_peer=True)) as (_keeper, heard):
        _, event = heard.wait(states.READY)
        assert event.opened.report.restored == ("mood good",)
    assert memory.known.peer == "echo-1"


def test_a_lent_connection_is_not_probed_and_a_failure_in_it_is_acted_on(server):
    with kept(Memory().target(server)) as (keeper, heard):
        heard.wait(states.READY)
        with keeper.lend("a") as handle:
            before = list(server.lines)
            time.sleep(PROBE_EVERY_S + 0.5)
            assert server.lines == before
            handle.socket.close()
        seen = len(heard.events)
        keeper.report("a", ConnectionResetError("gone"))
        heard.wait(states.READY, since=seen)
        assert "gone" in str(heard.words())
        with keeper.lend("a"), pytest.raises(ConnectionError, match="in use"):
            keeper.lend("a", timeout_s=0.01).__enter__()


def test_an_attempt_is_cancelled_and_the_keeper_ends_although_the_driver_hangs(server):
    server.silent = True
    with kept(Memory().target(server, EchoAdapter(stubborn=True))) as (keeper, heard):
        heard.wait(states.CONNECTING)
        keeper.stop("a")
        heard.wait(states.STOPPED)
        began = time.monotonic()
    assert time.monotonic() - began < 10


def test_a_dial_that_hangs_is_given_up_and_made_again(server):
    server.silent = True
    target = Memory().target(server, EchoAdapter(stubborn=True), timeout_s=0.3)
    with kept(target) as (_keeper, heard):
        _, event = heard.wait(states.BACKOFF)
        assert event.status.reason == "no answer within 0.3 s"
        server.silent = False
        heard.wait(states.READY)


class DeafAdapter(EchoAdapter):
    """The first probe hangs, and closing does not end it."""

    def __init__(self):
        super().__init__()
        self.is_probed, self.ends = threading.Event(), threading.Event()

    def probe(self, handle, deadline):
        if not self.is_probed.is_set():
            self.is_probed.set()
            self.ends.wait(2 * PATIENCE_S)
        return super().probe(handle, deadline)


def test_a_call_that_nothing_ends_keeps_no_attempt_waiting(server):
    adapter = DeafAdapter()
    with kept(Memory().target(server, adapter, timeout_s=2 * PATIENCE_S)) as (keeper, heard):
        heard.wait(states.READY)
        assert adapter.is_probed.wait(PATIENCE_S)
        seen = len(heard.events)
        keeper.report("a", ConnectionResetError("gone"))
        heard.wait(states.READY, since=seen)
        adapter.ends.set()


def test_attempts_end_where_the_user_set_a_limit(server):
    server.stop()
    limits = RetryLimits(attempts=2, initial_s=0.01)
    with kept(Memory().target(server, limits=limits)) as (_keeper, heard):
        _, event = heard.wait(states.STOPPED)
        assert event.status.attempt == 2
    server.start()


def test_a_single_attempt_has_a_deadline_too(server):
    server.silent = True
    target = Memory().target(server, EchoAdapter(stubborn=True))
    with pytest.raises(ConnectionFailure) as caught:
        opened_within(target, Deadline(0.3), lambda _step: None)
    assert caught.value.failure.message == "no answer within 0.3 s"


def test_a_call_within_its_time_returns_or_raises_as_it_is():
    assert call_within(lambda: 7, 5, lambda: None) == 7
    with pytest.raises(ZeroDivisionError):
        call_within(lambda: 1 // 0, 5, lambda: None)
    rescued = threading.Event()
    with pytest.raises(DeadlineError):
        call_within(lambda: rescued.wait(PATIENCE_S), 0.01, rescued.set)
    assert rescued.wait(PATIENCE_S)


def test_the_budget_of_noticing_a_cut_is_kept():
    assert PROBE_EVERY_S + PROBE_DEADLINE_S <= 4
