"""One attempt to connect, by itself: its steps, what it comes to, and what it leaves closed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    OpenStep,
    PeerIdentity,
    ResumeReport,
)
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.keeping import dialling as dialling_module
from sessionctl.connections.keeping import guarded_call
from sessionctl.connections.keeping.dialling import Dialling, opened_within
from sessionctl.connections.keeping.target import Recollection, Target
from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.circuit import Circuit
from sessionctl.connections.manager.kept_connection import KeptConnection
from sessionctl.connections.manager.manager_state import ManagerState
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import FileError, LockedError
from tests.together import together

PEER = PeerIdentity("key-1", "server hunter2", "1.0")
REPORT = ResumeReport(("role: hunter2",), ("x",), ("log in as hunter2",))


class Driver:
    """A driver that fails where it is told to; a second goes by in each of its calls."""

    def __init__(self, fails="", error=None):
        self.fails, self.error = fails, error
        self.asked, self.now = [], 0.0

    def monotonic(self):
        return self.now

    def did(self, what, *arguments):
        self.asked.append((what, *arguments))
        self.now += 1
        if what == self.fails:
            raise self.error

    def open(self, request, deadline, step):
        step(OpenStep.RESOLVE)
        self.did("resolve", request.name)
        step(OpenStep.CONNECT)
        self.did("connect")
        return "handle"

    def identity(self, handle, deadline):
        self.did("identity", handle)
        return PEER

    def resume(self, handle, state, deadline):
        self.did("resume", handle, state)
        return REPORT

    def capture(self, handle, deadline):
        self.did("capture", handle)
        return {"role": "hunter2", "list": ["hunter2", 1], "n": True}

    def close(self, handle):
        self.asked.append(("close", handle))

    def classify(self, error):
        return Failure(FailureKind.PERMANENT, f"hunter2: {error}", ("not hunter2",))


def dial(driver, before, monkeypatch, **more):
    """Return what an attempt opens or fails with, and its steps as they were seen."""
    monkeypatch.setattr(dialling_module, "time", driver)
    request = SimpleNamespace(name="db", secrets={"password": Secret("hunter2")})
    target = Target("db", driver, lambda: request, "host", recall=lambda: before, **more)
    seen = []
    attempt = Dialling(target, seen.append)
    try:
        answer = attempt.run(Deadline(10))
    except ConnectionFailure as failed:
        answer = failed.failure
    assert seen == attempt.steps
    return answer, [(one.step, one.seconds, one.failure) for one in seen]


RESOLVE, CONNECT, RESUME = OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.RESUME


@together(
    "before, adopts, report, strangers",
    [
        (Recollection(), False, None, None),
        (Recollection({"role": "a"}, "key-1", "old"), False, "yes", None),
        (Recollection({"role": "a"}), False, "yes", None),
        (Recollection({"role": "a"}, "key-2", "old"), False, None, ("old", "server ***")),
        (Recollection({"role": "a"}, "key-2"), False, None, ("key-2", "server ***")),
        (Recollection({"role": "a"}, "key-2", "old"), True, "yes", None),
        (Recollection({}, "key-2", "old"), False, None, ("old", "server ***")),
    ],
)  # fmt: skip
def test_what_is_opened_has_its_state_back_from_the_same_server_alone(
    monkeypatch, before, adopts, report, strangers
):
    driver = Driver()
    opened, steps = dial(driver, before, monkeypatch, adopts_peer=adopts)
    assert (opened.handle, opened.peer) == ("handle", PEER._replace(text="server ***"))
    assert opened.report == (report and ResumeReport(("role: ***",), ("x",), ("log in as ***",)))
    assert opened.strangers == strangers
    assert opened.state == {"role": "***", "list": ["***", 1], "n": True}
    resumed = [one for one in driver.asked if one[0] == "resume"]
    assert resumed == ([("resume", "handle", {"role": "a"})] if report else [])
    resume_s = 3 if report else 2
    assert steps == [(RESOLVE, 1, None), (CONNECT, 1, None), (RESUME, resume_s, None)]
    assert tuple(one[0] for one in steps) == tuple(one.step for one in opened.steps)
    assert ("close", "handle") not in driver.asked
    assert repr(opened.cover).startswith("SecretCover(")
    assert "hunter2" not in repr(opened)


SAID = Failure(FailureKind.PERMANENT, "***: no", ("not ***",))
BEFORE = Recollection({"role": "a"}, "key-1")


@together(
    "fails, steps, is_closed",
    [
        ("resolve", [(RESOLVE, 1, SAID)], False),
        ("connect", [(RESOLVE, 1, None), (CONNECT, 1, SAID)], False),
        ("identity", [(RESOLVE, 1, None), (CONNECT, 1, None), (RESUME, 1, SAID)], True),
        ("resume", [(RESOLVE, 1, None), (CONNECT, 1, None), (RESUME, 2, SAID)], True),
        ("capture", [(RESOLVE, 1, None), (CONNECT, 1, None), (RESUME, 3, SAID)], True),
    ],
)  # fmt: skip
def test_a_step_that_fails_is_the_last_and_what_was_open_is_closed(
    monkeypatch, fails, steps, is_closed
):
    driver = Driver(fails, OSError("no"))
    assert dial(driver, BEFORE, monkeypatch) == (SAID, steps)
    assert (("close", "handle") in driver.asked) == is_closed


@together(
    "error, step, kind",
    [
        (LockedError("locked"), OpenStep.AUTHENTICATE, FailureKind.AUTH),
        (FileError("gone"), OpenStep.RESOLVE, FailureKind.CONFIG),
    ],
)
def test_what_fails_before_the_first_step_is_counted_to_the_nearest(error, step, kind):
    def request():
        raise error

    seen = []
    target = Target("db", Driver(), request, "host")
    with pytest.raises(ConnectionFailure) as raised:
        Dialling(target, seen.append).run(Deadline(10))
    assert raised.value.failure == Failure(kind, error.message)
    assert [(one.step, one.failure) for one in seen] == [(step, raised.value.failure)]
    assert 0 <= seen[0].seconds < 5


def test_an_attempt_that_is_given_up_leaves_nothing_open(monkeypatch):
    driver = Driver()
    request = SimpleNamespace(name="db", secrets={})
    attempt = Dialling(Target("db", driver, lambda: request, "host"))
    attempt.cancel()
    assert driver.asked == []
    with pytest.raises(ConnectionFailure) as raised:
        attempt.run(Deadline(10))
    late = Failure(FailureKind.TRANSIENT, "the attempt was cancelled")
    assert raised.value.failure == late
    assert driver.asked[-1] == ("close", "handle")
    attempt = Dialling(Target("db", driver, lambda: request, "host"))
    attempt.run(Deadline(10))
    driver.asked.clear()
    attempt.cancel()
    assert driver.asked == [("close", "handle")]


def test_opening_once_ends_by_its_deadline(monkeypatch):
    driver, seen = Driver(), []
    request = SimpleNamespace(name="db", secrets={})
    target = Target("db", driver, lambda: request, "host")
    assert opened_within(target, Deadline(10), seen.append).handle == "handle"
    assert [one.step for one in seen] == [RESOLVE, CONNECT, RESUME]

    def too_late(call, seconds, rescue):
        assert 0 < seconds <= 10
        rescue()
        raise DeadlineError("no answer within 10 s")

    monkeypatch.setattr(guarded_call, "call_within", too_late)
    with pytest.raises(ConnectionFailure) as raised:
        opened_within(target, Deadline(10), seen.append)
    assert raised.value.failure == Failure(FailureKind.TRANSIENT, "no answer within 10 s")


def test_time_alone_wakes_the_first_that_waits():
    def kept(name, **how):
        return KeptConnection(name, "h", **how)

    down = kept("a", state=states.CIRCUIT_OPEN)
    open_circuit = Circuit(9, 1.0, 5.0)
    assert open_circuit.is_open
    for connections, circuits, wake_at in (
        ([], {}, None),
        ([kept("a")], {}, None),
        ([kept("a", state=states.BACKOFF, next_at=7.0), kept("b", next_at=6.0)], {}, 6.0),
        ([down], {"h": open_circuit}, 5.0),
        ([down], {"other": open_circuit}, None),
        ([kept("a")], {"h": open_circuit}, None),
        ([down], {"h": open_circuit._replace(prober="a")}, None),
        ([down], {"h": Circuit(next_at=5.0)}, None),
    ):
        state = ManagerState({one.name: one for one in connections}, circuits)
        assert state.wake_at == wake_at, (connections, circuits)
