"""What is said of one connection that was opened once: the server, or the failure and its place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    PeerIdentity,
    ResumeReport,
)
from sessionctl.errors import LockedError
from sessionctl.services.board import connection_test
from sessionctl.services.board.connection_test import ConnectionVerdict, run_connection_test
from sessionctl.services.connections.failure_advice import kind_of


class Connections:
    """The connections of a file; ``db`` is opened as it is told."""

    file = "a.session.toml"

    def __init__(self, monkeypatch, outcome):
        self.outcome, self.closed = outcome, []
        adapter = SimpleNamespace(close=self.closed.append)
        self.made = SimpleNamespace(adapter=adapter, timeout_s=7.0)
        monkeypatch.setattr(connection_test, "opened_within", self.opened)
        monkeypatch.setattr(connection_test, "options_after", lambda *about: ["do this"])

    def target(self, name):
        assert name == "db"
        if isinstance(self.outcome, LockedError):
            raise self.outcome
        return self.made

    def opened(self, target, deadline, watch):
        assert target is self.made
        assert 6 < deadline.remaining_s <= 7
        watch("a step")
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def place(self, name, key):
        return SimpleNamespace(line=3, column=5, key_path=f"connections.{name}.{key}")

    def excerpt(self, place):
        return [f"line {place.line}"]


def outcome_of(monkeypatch, outcome):
    steps = []
    connections = Connections(monkeypatch, outcome)
    return run_connection_test(connections, "db", steps.append), connections.closed, steps


def opened(**more):
    usual = {"report": None, "strangers": None, "handle": "h", "peer": PeerIdentity("k", "Redis 7")}
    return SimpleNamespace(**{**usual, **more})


def test_a_connection_that_opens_is_closed_again(monkeypatch):
    assert outcome_of(monkeypatch, opened()) == (
        ConnectionVerdict("db", is_ready=True, server="Redis 7"), ["h"], ["a step"],
    )  # fmt: skip
    report = ResumeReport(("a", "b"), ("c",), ("d",))
    verdict, closed, _ = outcome_of(monkeypatch, opened(report=report, strangers=("old", "new")))
    assert verdict.remarks == (
        "would be restored: a", "would be restored: b", "lost: c", "for you to do: d",
        "another server answers than before: new instead of old",
    )  # fmt: skip
    assert closed == ["h"]
    broken = opened(peer=None)
    with pytest.raises(AttributeError):
        outcome_of(monkeypatch, broken)


def test_a_failure_is_said_with_its_place_and_what_helps(monkeypatch):
    failure = Failure(FailureKind.AUTH, "it is refused", key="password")
    verdict, closed, steps = outcome_of(monkeypatch, ConnectionFailure(failure))
    where = "a.session.toml:3:5: connections.db.password"
    assert verdict == ConnectionVerdict(
        "db", is_ready=False, failure=f"{where}: {kind_of(failure)}: it is refused",
        excerpt=("line 3",), hints=("do this",),
    )  # fmt: skip
    assert (closed, steps) == ([], ["a step"])
    for kind, known in ((FailureKind.INCOMPATIBLE, ("found 1, wanted 2",)),
                        (FailureKind.CONFIG, ())):  # fmt: skip
        sides = Failure(kind, "x", found="1", wanted="2")
        verdict, _, _ = outcome_of(monkeypatch, ConnectionFailure(sides))
        assert verdict.excerpt == known
    sides = Failure(FailureKind.INCOMPATIBLE, "x", wanted="2", key="port")
    assert outcome_of(monkeypatch, ConnectionFailure(sides))[0].excerpt == ("line 3", "wanted 2")


def test_what_is_locked_is_said_as_it_is(monkeypatch):
    error = LockedError("no key", hints=["make one"])
    assert outcome_of(monkeypatch, error)[0] == ConnectionVerdict(
        "db", is_ready=False, failure="no key", hints=error.hints
    )
