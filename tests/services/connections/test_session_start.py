"""How the connections are that come up with a session, as their keeper says it."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.services.connections import session_start as module
from sessionctl.services.connections.session_start import SessionStart, StartedConnection
from sessionctl.services.machine import Machine
from tests.answering_keeper import answering_keeper
from tests.together import together

VALUE = {
    "connections": {
        "a": {"driver": "sqlite", "file": "a.db", "start": True},
        "b": {"driver": "sqlite", "file": "b.db", "start": True},
        "by hand": {"driver": "sqlite", "file": "c.db"},
    }
}
GONE = {name: StartedConnection(name, "stopped", "nothing keeps it open") for name in "ab"}


@pytest.fixture
def machine(tmp_path):
    (tmp_path / "run").mkdir(mode=0o700)
    environ = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    return Machine(environ, user_id=os.getuid())


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "work.session.toml")


def kept(name, state, **more):
    return {"name": name, "state": state, "reason": "as it is", **more}


def counted_pauses(monkeypatch):
    """Let a second pass at each look at the clock, and no pause take any time."""
    moments, pauses = iter(range(100)), []
    clock = SimpleNamespace(monotonic=lambda: next(moments), sleep=pauses.append)
    monkeypatch.setattr(module, "time", clock)
    return pauses


def test_without_a_keeper_all_are_stopped(machine, file):
    start = SessionStart(machine, file, VALUE)
    assert start.names == ("a", "b")
    assert start.states() == [GONE["a"], GONE["b"]]
    assert not start.try_again()
    assert not start.end()


def test_each_is_as_its_keeper_says_and_others_are_stopped(machine, file):
    said = kept("b", "ready", server="here", report={"lost": []}, hints=["look"])
    with answering_keeper(machine, file, said, kept("other", "ready")):
        found = SessionStart(machine, file, VALUE).states()
    ready = StartedConnection("b", "ready", "as it is", "here", {"lost": []}, ("look",))
    assert found == [GONE["a"], ready]
    assert [one.is_ready for one in found] == [False, True]


@together(
    "states, wanted, looks",
    [
        (("ready", "degraded"), "ab", 1),
        (("ready", "connecting"), "a", 1),
        (("ready", "stopped"), "ab", 1),
        (("needs-auth", "ready"), "ab", 1),
        (("ready", "connecting"), "ab", 4),
        (("waiting", "idle"), "b", 4),
    ],
)
def test_what_may_still_come_is_waited_for_and_nothing_else(
    machine, file, monkeypatch, states, wanted, looks
):
    pauses = counted_pauses(monkeypatch)
    connections = [kept(name, state) for name, state in zip("ab", states, strict=True)]
    with answering_keeper(machine, file, *connections):
        found = SessionStart(machine, file, VALUE).wait(wanted, 4)
    assert [one.state for one in found] == list(states)
    assert len(pauses) == looks - 1


@together(
    "states, looks",
    [
        (("ready", "waiting"), 1),
        (("needs-auth", "stopped"), 1),
        (("ready", "connecting"), 4),
        (("idle", "ready"), 4),
    ],
)
def test_the_first_try_of_each_is_waited_for(machine, file, monkeypatch, states, looks):
    pauses = counted_pauses(monkeypatch)
    connections = [kept(name, state) for name, state in zip("ab", states, strict=True)]
    with answering_keeper(machine, file, *connections):
        found = SessionStart(machine, file, VALUE).wait_for_first(4)
    assert [one.state for one in found] == list(states)
    assert len(pauses) == looks - 1
