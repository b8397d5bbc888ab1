"""What keeps connections open, within the process of the test: all it answers, and its end."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
import time
from contextlib import contextmanager
from hashlib import sha256

import pytest

from sessionctl.core.session.startup import connection_items
from sessionctl.errors import FileError
from sessionctl.services.connections.connection_status import (
    ConnectionStatus,
    connection_statuses,
)
from sessionctl.services.connections.keeper_process import KeeperAnswer, KeeperPlace
from sessionctl.services.connections.keeper_service import KeeperService, digest_of
from sessionctl.services.connections.session_connections import (
    ConnectionContext,
    SessionConnections,
)
from sessionctl.services.machine import Machine
from tests.together import together

SESSION = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"

[connections.good]
driver = "sqlite"
file = "good.db"
start = true

[connections.none]
driver = "nosuch"

[connections.gone]
driver = "sqlite"
file = "none/gone.db"
start = true
"""
LIMIT_S = 15


@pytest.fixture
def connections(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sqlite3.connect("good.db").close()
    file = tmp_path / "api.session.toml"
    file.write_text(SESSION)
    environ = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    (tmp_path / "run").mkdir(mode=0o700)
    return SessionConnections(str(file), ConnectionContext(Machine(environ), None))


def place_of(connections):
    return KeeperPlace(connections.context.machine, connections.file)


def until(holds):
    end = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@contextmanager
def running(service, listener):
    """Run the service in a thread, until the end of the block."""
    thread = threading.Thread(target=service.run, args=(listener,))
    thread.start()
    try:
        yield
    finally:
        service.stop()
        thread.join(LIMIT_S)
    assert not thread.is_alive()


def test_what_is_kept_is_answered_and_remembered(connections):
    began = time.time()
    service = KeeperService(connections, ["good", "none", "gone"])
    place = place_of(connections)
    assert place.answer() is None
    assert place.await_answer(0) is None
    assert not place.stop()
    place.wake()
    with place.listening() as listener, running(service, listener):
        assert place.await_answer(LIMIT_S).pid == os.getpid()
        until(lambda: place.answer().connections[0]["state"] == "ready")
        until(lambda: place.answer().connections[2]["state"] not in ("idle", "connecting"))
        answer = place.answer()
        assert (answer.pid, answer.digest) == (
            os.getpid(), digest_of(connection_items(connections.value), service.names),
        )  # fmt: skip
        good, none, gone = answer.connections
        assert [one["name"] for one in answer.connections] == ["good", "none", "gone"]
        reason = f"SQLite {sqlite3.sqlite_version}, {os.path.realpath('good.db')}"
        assert (good["state"], good["reason"], good["next_at"], good["hints"]) == (
            "ready", reason, None, [],
        )  # fmt: skip
        assert began <= good["at"] <= time.time()
        assert "SQLite" in good["server"]
        assert good["report"] is None
        assert none["state"] == "stopped"
        assert "nosuch" in none["reason"]
        assert none["server"] is None
        assert none["hints"]
        assert gone["reason"]
        statuses = connection_statuses(connections, ["good", "none"])
        assert statuses == [
            ConnectionStatus("good", "ready", reason, good["at"], None, is_kept=True),
            ConnectionStatus("none", "stopped", none["reason"], none["at"], None, is_kept=True),
        ]
        assert [one.is_ready for one in statuses] == [True, False]
        with pytest.raises(FileError), place.listening():
            pass
        service.wake()
        until(lambda: not service._is_woken.is_set())
    assert place.answer() is None
    record = connections.memory.record("good")
    assert (record.opens, record.failures) == (1, 0)
    assert connections.memory.record("none").opens == 0
    [status] = connection_statuses(connections, ["good"])
    assert status._replace(at=None, reason="") == ConnectionStatus(
        "good", "idle", "", None, None, is_kept=False
    )


def test_the_digest_is_that_of_what_is_kept_alone(connections):
    items = list(connection_items(connections.value))
    chosen = sorted(item.digest for item in items if item.where in ("good", "gone"))
    expected = sha256("\n".join(chosen).encode()).hexdigest()
    assert digest_of(items, ["gone", "good"]) == expected
    assert digest_of(items, ["good"]) != expected
    assert digest_of((), ["good"]) == sha256(b"").hexdigest()


@together(
    "said, answer",
    [
        (b'{"pid": 7, "digest": "d", "connections": []}', KeeperAnswer(7, "d", ())),
        (b'{"pid": "7", "digest": 1, "connections": [{}]}', KeeperAnswer(7, "1", ({},))),
        (b'{"pid": 7, "digest": "d"}', None),
        (b'{"pid": "x", "digest": "d", "connections": []}', None),
        (b"[1]", None),
        (b"{", None),
        (b"", None),
    ],
)
def test_an_answer_that_is_none_is_not_taken_for_one(tmp_path, said, answer):
    machine = Machine({"XDG_RUNTIME_DIR": str(tmp_path), "HOME": "/nowhere"})
    place = KeeperPlace(machine, str(tmp_path / "a"))
    (tmp_path / "sessionctl").mkdir(mode=0o700)
    with place.listening() as listener:
        path = listener.getsockname()
        assert os.path.basename(os.path.dirname(path)) in ("keepers", *map(str, range(99)))

        def speak():
            listener.settimeout(LIMIT_S)
            taken, _ = listener.accept()
            with taken:
                taken.sendall(said)

        thread = threading.Thread(target=speak)
        thread.start()
        assert place.answer() == answer
        thread.join()
    assert isinstance(listener, socket.socket)
