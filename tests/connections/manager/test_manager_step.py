"""The manager's pure core: schedules under a fake clock, and random sequences of events."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionctl.connections import Failure, FailureKind
from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.backoff import (
    LONG_CAP_S,
    SHORT_CAP_S,
    SHORT_FOR_S,
    RetryLimits,
    backoff_s,
)
from sessionctl.connections.manager.circuit import OPENS_AFTER
from sessionctl.connections.manager.kept_connection import HEALTHY_S, PROBE_EVERY_S, KeptConnection
from sessionctl.connections.manager.manager_action import ActionKind
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
from sessionctl.connections.manager.manager_step import MOST_DIALS, step
from tests.world import IN_CI

CUT = Failure(FailureKind.TRANSIENT, "connection refused")
NETWORK = Wakeup(WakeupKind.NETWORK)


class World:
    """A manager under a fake clock."""

    def __init__(self, *connections, chance=lambda: 1.0):
        self.state = begin(connections or [KeptConnection("a", "db:1")])
        self.now = 0.0
        self.chance = chance
        self.actions = []
        self.reports = []

    def __call__(self, event):
        done = step(self.state, event, self.now, self.chance())
        self.state = done.state
        self.actions += done.actions
        self.reports += done.reports
        return [(action.kind.value, action.name) for action in done.actions]

    def one(self, name="a"):
        return self.state.connections[name]

    def at(self, now):
        self.now = now
        return self(ClockTick())

    def after(self, seconds):
        return self.at(self.now + seconds)

    def until_dial(self):
        """Let time pass until something is dialled; return how long it took."""
        began = self.now
        while not any(kind == "dial" for kind, _ in self.at(self.state.wake_at)):
            assert self.now - began < 100
        return self.now - began


def opened(*args, **extra):
    world = World(*args, **extra)
    world(StartWish("a"))
    world(DialSuccess("a"))
    return world


# -- schedules ---------------------------------------------------------------------------------


def test_an_asked_for_connection_is_dialled_at_once_and_probed_every_two_seconds():
    world = World()
    assert world(StartWish("a")) == [("dial", "a")]
    assert world.one().state is states.CONNECTING
    assert world(DialSuccess("a")) == []
    assert world.one().state is states.READY
    assert world.after(1.9) == []
    assert world.after(0.1) == [("probe", "a")]
    assert world.after(5) == []  # one probe at a time
    world(ProbeAnswer("a", 0.01))
    assert world.after(PROBE_EVERY_S) == [("probe", "a")]


def test_waits_double_up_to_four_seconds_for_two_minutes_then_up_to_thirty():
    world = World(KeptConnection("a", "db:1"))
    world(StartWish("a"))
    waits = []
    while world.now < 400:
        world(DialFailure("a", CUT))
        waits.append((world.now, world.until_dial()))
    assert [round(wait, 3) for _, wait in waits[:6]] == [0.2, 0.4, 0.8, 1.6, 3.2, 4.0]
    early = [wait for at, wait in waits if 10 < at < SHORT_FOR_S]
    late = [wait for at, wait in waits if at > SHORT_FOR_S + 10]
    assert {round(wait, 3) for wait in early} == {SHORT_CAP_S}
    assert {round(wait, 3) for wait in late} == {LONG_CAP_S}


@given(
    st.integers(1, 10_000),
    st.floats(0, 1e6),
    st.floats(0, 1),
    st.builds(
        RetryLimits,
        st.none(),
        st.floats(0.001, 100),
        st.floats(1, 1e9),
        st.none() | st.floats(0.001, 1e4),
    ),
)
def test_a_wait_is_never_longer_than_its_cap_nor_negative(attempt, failing_s, chance, limits):
    wait = backoff_s(limits, attempt, failing_s, chance)
    assert 0 <= wait <= limits.cap_s(failing_s)
    assert wait == pytest.approx(chance * backoff_s(limits, attempt, failing_s, 1.0))


def test_the_jitter_is_full():
    drawn = random.Random(1)
    waits = [backoff_s(RetryLimits(), 9, 30, drawn.random()) for _ in range(2000)]
    assert min(waits) < 0.05 and max(waits) > 3.95
    assert sum(waits) / len(waits) == pytest.approx(2.0, abs=0.1)


def test_a_server_that_comes_back_is_found_within_ten_seconds_in_every_simulated_outage():
    drawn = random.Random(7)
    worst = 0.0
    for _ in range(300 if IN_CI else 60):
        world = opened(chance=drawn.random)
        world.now = drawn.uniform(2, 60)
        back = world.now + drawn.uniform(0.1, 100)
        world(ProbeFailure("a", CUT))
        while not world.one().is_open:
            world.until_dial()
            world(DialFailure("a", CUT) if world.now < back else DialSuccess("a"))
        worst = max(worst, world.now - back)
    assert worst <= SHORT_CAP_S


def test_attempts_are_forgotten_only_after_ten_healthy_seconds():
    world = opened()
    for _ in range(3):  # it comes and goes
        world.after(PROBE_EVERY_S)
        world(ProbeFailure("a", CUT))
        world.until_dial()
        world(DialSuccess("a"))
    assert world.one().failures == 3
    while world.now - world.one().opened_at < HEALTHY_S:
        world.after(PROBE_EVERY_S)
        world(ProbeAnswer("a"))
    assert world.one().failures == 0


def test_what_wakes_makes_a_waiting_connection_dial_at_once():
    world = World()
    world(StartWish("a"))
    for _ in range(4):
        world(DialFailure("a", CUT))
        world.until_dial()
    world.now += 1
    world(DialFailure("a", CUT))
    assert world(NETWORK) == [("dial", "a")]
    world(DialFailure("a", CUT))
    assert world(NETWORK) == []  # not more often than once a second
    assert world.state.wake_at - world.now <= 1


def test_what_wakes_asks_an_open_connection_whether_it_is_still_there():
    world = opened()
    assert world(Wakeup(WakeupKind.RESUME)) == [("probe", "a")]
    assert world(Wakeup(WakeupKind.RESUME)) == []


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (FailureKind.AUTH, states.NEEDS_AUTH),
        (FailureKind.CONFIG, states.STOPPED),
        (FailureKind.INCOMPATIBLE, states.STOPPED),
        (FailureKind.PERMANENT, states.STOPPED),
    ],
)
@pytest.mark.parametrize("is_open", [False, True])
def test_what_the_same_again_would_not_mend_is_never_tried_again(kind, state, is_open):
    world = World()
    world(StartWish("a"))
    failure = Failure(kind, "no")
    if is_open:
        world(DialSuccess("a"))
        assert world(ProbeFailure("a", failure)) == [("hang-up", "a")]
    else:
        world(DialFailure("a", failure))
    assert world.one().state is state
    assert world.state.wake_at is None
    assert world.after(10_000) == []
    assert world(NETWORK) == []
    assert world(StartWish("a")) == [("dial", "a")]  # the user decides


def test_retry_after_is_kept_to_whatever_wakes_but_not_against_the_user():
    world = World()
    world(StartWish("a"))
    world(DialFailure("a", Failure(FailureKind.BUSY, "too many", retry_after_s=60)))
    assert world.reports[-1].next_at == 60
    world.now = 10
    assert world(NETWORK) == []
    assert world.after(49) == []
    assert world(StartWish("a")) == [("dial", "a")]
    world(DialFailure("a", Failure(FailureKind.BUSY, "too many", retry_after_s=60)))
    assert world.until_dial() == pytest.approx(60)


def test_a_busy_server_keeps_its_connection_which_is_degraded():
    world = opened()
    world.after(2)
    assert world(ProbeFailure("a", Failure(FailureKind.BUSY, "locked"))) == []
    assert world.one().state is states.DEGRADED
    world.after(2)
    world(ProbeAnswer("a", 0.1))
    assert world.one().state is states.READY
    world.after(2)
    world(ProbeAnswer("a", 1.5))
    assert (world.one().state, world.one().reason) == (states.DEGRADED, "an answer took 1.5 s")


def test_attempts_can_be_limited():
    world = World(KeptConnection("a", "h", RetryLimits(attempts=3)))
    world(StartWish("a"))
    for _ in range(2):
        world(DialFailure("a", CUT))
        world.until_dial()
    world(DialFailure("a", CUT))
    assert world.one().state is states.STOPPED
    assert world.one().reason == "connection refused, after 3 attempts"
    once = World(KeptConnection("a", "h", RetryLimits(attempts=0)))
    once(StartWish("a"))
    once(DialSuccess("a"))
    once(ProbeFailure("a", CUT))
    assert once.one().state is states.STOPPED


def test_an_attempt_under_way_can_be_cancelled_and_begun_anew():
    world = World()
    world(StartWish("a"))
    assert world(StopWish("a")) == [("hang-up", "a")]
    assert world.one().state is states.STOPPED
    assert world(StartWish("a")) == []  # until the cancelled one has ended
    assert world(DialFailure("a", CUT)) == [("dial", "a")]
    world(StopWish("a"))
    assert world(DialSuccess("a")) == [("hang-up", "a")]
    assert world.one().state is states.STOPPED


# -- many connections ----------------------------------------------------------------------------


def many(number, host=lambda i: f"h{i}"):
    return World(*[KeptConnection(f"c{i}", host(i)) for i in range(number)])


def test_four_are_dialled_at_once_and_the_others_in_turn():
    world = many(7)
    dialled = [action for i in range(7) for action in world(StartWish(f"c{i}"))]
    assert dialled == [("dial", f"c{i}") for i in range(MOST_DIALS)]
    assert world(DialSuccess("c2")) == [("dial", "c4")]
    assert world(StopWish("c5")) == []
    assert world(DialFailure("c0", CUT)) == [("dial", "c6")]


def test_a_server_that_fails_is_tried_by_one_connection_for_all():
    world = many(3, host=lambda _: "db:1")
    for i in range(3):
        world(StartWish(f"c{i}"))
    failures = 0
    while failures < OPENS_AFTER:
        for name in [name for name, one in world.state.connections.items() if one.is_dialing]:
            world(DialFailure(name, CUT))
            failures += 1
        if failures < OPENS_AFTER:
            world.until_dial()
    for name, one in world.state.connections.items():
        if one.is_dialing:
            world(DialFailure(name, CUT))
    assert {one.state for one in world.state.connections.values()} == {states.CIRCUIT_OPEN}
    assert "db:1 failed" in world.one("c1").reason
    world.until_dial()
    probers = [one.name for one in world.state.connections.values() if one.is_dialing]
    assert len(probers) == 1
    world.after(100)
    world(NETWORK)
    for i in range(3):
        assert world(StartWish(f"c{i}")) == []  # the user waits for it too
    assert sum(one.is_dialing for one in world.state.connections.values()) == 1
    world(DialSuccess(probers[0]))
    assert sum(one.is_dialing for one in world.state.connections.values()) == 2


# -- laws ------------------------------------------------------------------------------------------

NAMES = [f"c{i}" for i in range(6)]
FAILURES = st.builds(
    Failure,
    st.sampled_from(FailureKind),
    st.just("why"),
    retry_after_s=st.none() | st.floats(0, 50),
)
EVENTS = st.one_of(
    st.builds(StartWish, st.sampled_from([*NAMES, "nobody"])),
    st.builds(StopWish, st.sampled_from(NAMES)),
    st.builds(DialSuccess, st.sampled_from(NAMES)),
    st.builds(DialFailure, st.sampled_from(NAMES), FAILURES),
    st.builds(ProbeAnswer, st.sampled_from(NAMES), st.floats(0, 3)),
    st.builds(ProbeFailure, st.sampled_from(NAMES), FAILURES),
    st.just(ClockTick()),
    st.sampled_from([NETWORK, Wakeup(WakeupKind.RESUME)]),
)


def check_sequence(events, hosts, attempts):
    """Play ``events``, a real runner's answers among them, and hold every law after each."""
    limits = RetryLimits(attempts=attempts)
    pairs = zip(NAMES, hosts, strict=True)
    state = begin(KeptConnection(name, host, limits) for name, host in pairs)
    now = 0.0
    dialing, handles = set(), set()
    for event, passed, chance in events:
        now += passed
        # What no runner would report: the end of a dial that was not asked for.
        if isinstance(event, DialSuccess | DialFailure) and event.name not in dialing:
            continue
        before = state
        done = step(state, event, now, chance)
        state = done.state
        if isinstance(event, DialSuccess | DialFailure):
            dialing.discard(event.name)
        if isinstance(event, DialSuccess):
            handles.add(event.name)
        check_actions(done, before, dialing, handles)
        check_reports(done, before, now)
        check_connections(state, dialing, handles)


def check_actions(done, before, dialing, handles):
    for kind, name in done.actions:
        if kind is ActionKind.HANG_UP:
            handles.discard(name)
        elif kind is ActionKind.PROBE:
            assert name in handles, "probed while not open"
        else:
            assert name not in dialing | handles, "dialled while open, or twice"
            host = done.state.connections[name].host
            circuit = done.state.circuits.get(host)
            if host in before.circuits and circuit is not None and circuit.is_open:
                assert circuit.prober == name, "only one tries for all"
                tries = before.circuits[host].prober
                assert tries in ("", name) or tries not in dialing, "another one tries"
            dialing.add(name)
    assert len(dialing) <= MOST_DIALS


def check_reports(done, before, now):
    for report in done.reports:
        assert report.after in states.LEGAL_CHANGES[report.before], report
        assert report.at == now
        assert report.next_at is None or report.next_at >= now
    for name, one in done.state.connections.items():
        if one.state is not before.connections[name].state:
            assert [report for report in done.reports if report.name == name]


def check_connections(state, dialing, handles):
    for name, one in state.connections.items():
        assert one.is_open == (name in handles)
        assert one.is_dialing == (name in dialing)
        assert one.state is not states.BACKOFF or one.next_at is not None
        if one.state is states.CONNECTING:
            assert one.is_dialing != (name in state.queue) or one.is_cancelled
        else:
            assert name not in state.queue
    waits = any(one.state in states.WAITING_STATES for one in state.connections.values())
    probed = any(circuit.is_probed for circuit in state.circuits.values())
    assert not waits or state.wake_at is not None or probed, "something waits for ever"


@settings(max_examples=300 if IN_CI else 25)
@given(
    st.lists(st.tuples(EVENTS, st.floats(0, 40), st.floats(0, 1)), max_size=80),
    st.lists(st.sampled_from(["h", "i"]), min_size=6, max_size=6),
    st.sampled_from([None, None, 0, 1, 3]),
)
def test_no_sequence_of_events_breaks_a_law(events, hosts, attempts):
    check_sequence(events, hosts, attempts)


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_many_random_sequences_break_no_law(count):
    drawn = random.Random(20261129)
    kinds = list(FailureKind)

    def failure():
        kind = drawn.choice([FailureKind.TRANSIENT] * 4 + kinds)
        return Failure(kind, "why", retry_after_s=drawn.choice([None, None, 0.5, 20.0]))

    def event():
        name = drawn.choice(NAMES)
        return drawn.choice(
            [
                StartWish(name), StartWish(name), StopWish(name), DialSuccess(name),
                DialFailure(name, failure()), DialFailure(name, failure()), ProbeAnswer(name),
                ProbeFailure(name, failure()), ClockTick(), ClockTick(), NETWORK,
            ]
        )  # fmt: skip

    for _ in range(count):
        length = drawn.randrange(5, 40)
        events = [(event(), drawn.random() * drawn.choice([0.1, 5, 40]), drawn.random())
                  for _ in range(length)]  # fmt: skip
        hosts = [drawn.choice("hi") for _ in NAMES]
        check_sequence(events, hosts, drawn.choice([None, None, 0, 3]))
