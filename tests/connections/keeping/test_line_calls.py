"""The calls on a kept connection: what each posts, and what is left of one given up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    PeerIdentity,
)
from sessionctl.connections.keeping import kept_line
from sessionctl.connections.keeping.dialling import OpenedConnection
from sessionctl.connections.keeping.guarded_call import GRACE_S
from sessionctl.connections.keeping.kept_line import KeptLine, LineResult
from sessionctl.connections.manager.kept_connection import PROBE_DEADLINE_S
from sessionctl.connections.manager.manager_event import (
    DialFailure,
    DialSuccess,
    ProbeAnswer,
    ProbeFailure,
)

OPENED = OpenedConnection("handle", PeerIdentity("k", "server", "1"), None, (), {"n": 1})
NO = Failure(FailureKind.CONFIG, "no host", key="host")
TIMEOUT_S = 7.0


class World:
    """The thread of a line, its attempts and the clock: nothing is done before it is let."""

    def __init__(self):
        self.now, self.jobs, self.aside, self.threads = 100.0, [], [], []
        self.posted, self.kept, self.closed, self.attempts = [], [], [], []
        self.outcomes, self.health = [], Health(0.5)

    def monotonic(self):
        return self.now

    def do(self):
        """Do what was put into the thread last."""
        self.jobs.pop()()

    def thread(self, name):
        made = SimpleNamespace(name=name, put=self.jobs.append, is_let_go=False, joined=None)

        def let_go():
            made.is_let_go = True

        def join(timeout_s):
            made.joined = timeout_s

        made.let_go, made.join = let_go, join
        self.threads.append(made)
        return made

    def attempt(self, target):
        def run(deadline):
            assert 0 < deadline.remaining_s <= TIMEOUT_S
            outcome = self.outcomes.pop(0)
            if isinstance(outcome, Failure):
                raise ConnectionFailure(outcome)
            return outcome

        made = SimpleNamespace(run=run, cancel=lambda: None)
        self.attempts.append(made)
        return made

    def probe(self, handle, deadline):
        assert (handle, 0 < deadline.remaining_s <= PROBE_DEADLINE_S) == ("handle", True)
        return self.health

    def capture(self, handle, deadline):
        return {"n": 2}


@pytest.fixture
def world(monkeypatch):
    world = World()
    monkeypatch.setattr(kept_line, "time", world)
    monkeypatch.setattr(kept_line, "CallThread", world.thread)
    monkeypatch.setattr(kept_line, "Dialling", world.attempt)
    monkeypatch.setattr(
        kept_line, "in_background", lambda job, name: world.aside.append((job, name))
    )
    world.close = world.closed.append
    world.line = KeptLine(
        SimpleNamespace(
            name="db", adapter=world, timeout_s=TIMEOUT_S,
            recall=lambda: SimpleNamespace(peer_text=""),
            keep=lambda state, peer: world.kept.append((state, peer)),
        ),
        world.posted.append,
    )  # fmt: skip
    return world


def opened(world):
    """Let the line open its connection."""
    world.outcomes.append(OPENED)
    world.line.dial()
    world.do()
    assert world.line.received(world.posted.pop()) == DialSuccess("db", "server")


def test_an_attempt_posts_what_it_came_to(world):
    line = world.line
    assert (line.overrun_at, line.overrun(), line.opened) == (None, None, None)
    world.outcomes += [OPENED, NO]
    line.dial()
    assert line.overrun_at == 100.0 + TIMEOUT_S + GRACE_S
    world.do()
    success = LineResult("db", 1, DialSuccess("db", "server"), OPENED)
    assert (world.posted, world.kept) == ([success], [({"n": 1}, OPENED.peer)])
    assert line.received(world.posted.pop()) == DialSuccess("db", "server")
    assert (line.opened, line.overrun_at) == (OPENED, None)
    line.dial()
    world.do()
    # It was found before: it is out of reach now.
    later = DialFailure("db", NO._replace(kind=FailureKind.TRANSIENT))
    assert world.posted == [LineResult("db", 2, later)]
    assert line.received(world.posted.pop()) == later
    assert line.opened is None
    assert [one.name for one in world.threads] == ["db"]


def test_a_call_that_takes_too_long_is_given_up_and_what_it_brings_is_closed(world):
    line, first_lock = world.line, world.line.lock
    line.dial()
    world.now += TIMEOUT_S + GRACE_S - 0.01
    assert line.overrun() is None
    world.now += 0.01
    late = Failure(FailureKind.TRANSIENT, "no answer within 7 s")
    assert line.overrun() == DialFailure("db", late)
    assert (line.overrun(), line.overrun_at) == (None, None)
    assert world.aside == [(world.attempts[0].cancel, "rescue")]
    assert world.threads[0].is_let_go
    assert line.lock is not first_lock
    world.outcomes.append(OPENED)
    world.do()
    world.aside.clear()
    assert line.received(world.posted.pop()) is None
    assert line.opened is None
    [(close, name)] = world.aside
    close()
    assert (name, world.closed) == ("hang up", ["handle"])
    assert line.received(LineResult("db", 1, DialFailure("db", NO))) is None


def test_a_new_attempt_leaves_what_hangs_behind(world):
    world.line.dial()
    world.line.dial()
    assert [one.is_let_go for one in world.threads] == [True, False]
    world.outcomes += [OPENED, OPENED]
    world.do()
    world.do()
    second, first = world.posted
    assert (second.serial, first.serial) == (2, 1)
    assert world.line.received(first) is None
    assert world.line.received(second) == DialSuccess("db", "server")


def test_a_probe_asks_what_is_open_and_not_in_use(world):
    line = world.line
    line.probe()
    assert world.posted == [LineResult("db", 1, ProbeAnswer("db"))]
    assert line.received(world.posted.pop()) == ProbeAnswer("db")
    opened(world)
    with line.lock:
        line.probe()
        assert world.posted == [LineResult("db", 3, ProbeAnswer("db"))]
        line.received(world.posted.pop())
    world.kept.clear()
    line.probe()
    assert line.overrun_at == world.now + PROBE_DEADLINE_S + GRACE_S
    assert line.lock.locked()
    world.do()
    assert not line.lock.locked()
    assert world.posted == [LineResult("db", 4, ProbeAnswer("db", 0.5))]
    assert world.kept == []  # it was captured a moment ago
    assert line.received(world.posted.pop()) == ProbeAnswer("db", 0.5)
    assert line.opened is OPENED
    line.probe()
    world.now += PROBE_DEADLINE_S + GRACE_S
    late = Failure(FailureKind.TRANSIENT, f"no answer within {PROBE_DEADLINE_S:g} s")
    assert line.overrun() == ProbeFailure("db", late)
    assert not line.lock.locked()


def test_what_is_open_is_closed_in_its_thread_where_that_is_free(world):
    line = world.line
    line.hang_up()
    assert (world.jobs, world.aside) == ([], [])
    opened(world)
    line.hang_up()
    world.do()
    assert (world.closed, line.opened, world.aside) == (["handle"], None, [])
    opened(world)
    with line.lock:
        line.hang_up()
    assert [name for _, name in world.aside] == ["hang up"]
    world.aside.clear()
    opened(world)
    line.probe()
    line.hang_up()
    assert [name for _, name in world.aside] == ["hang up"]
    world.aside.clear()
    line.dial()
    line.hang_up()
    assert world.aside == [(world.attempts[-1].cancel, "hang up")]


def test_the_end_cancels_closes_and_waits(world):
    line = world.line
    line.begin_to_end()
    line.end(3)
    assert (world.aside, world.threads) == ([], [])
    opened(world)
    line.dial()
    line.begin_to_end()
    assert [name for _, name in world.aside] == ["end", "hang up"]
    assert world.aside[0][0] is world.attempts[-1].cancel
    line.end(3)
    assert (world.threads[-1].is_let_go, world.threads[-1].joined) == (True, 3)
