"""What is remembered of connections: types, damage, bounds, many at a time."""

from __future__ import annotations

import datetime
import json
import threading

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.connections import PeerIdentity
from sessionctl.services.connections.connection_memory import (
    MOST_EVENTS,
    ConnectionMemory,
    ConnectionRecord,
)
from tests.together import together

PEER = PeerIdentity("key", "a server")
GOOD = {"at": 1.0, "state": "ready", "reason": "x"}


def memory(folder):
    return ConnectionMemory(str(folder / "state"), str(folder / "a.session.toml"))


def test_a_state_comes_back_with_its_types_and_for_its_driver_alone(tmp_path):
    state = {
        "text": 'a "quoted"\nline', "number": 7, "share": 0.5, "yes": True, "list": ["a", 1],
        "table": {"x y": {"z": []}},
        "moment": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
    }  # fmt: skip
    memory(tmp_path).keep_state("db", "sqlite", state, PEER)
    found = memory(tmp_path).recall("db", "sqlite")
    assert (found.state, found.peer, found.peer_text) == (state, "key", "a server")
    assert memory(tmp_path).recall("db", "redis").state == {}
    assert memory(tmp_path).recall("other", "sqlite").state == {}


def test_what_has_the_shape_of_a_secret_is_not_kept(tmp_path):
    token = "ghp_" + "a1B2c3D4e5" * 4
    memory(tmp_path).keep_state("db", "sqlite", {"x": token, "l": [token]}, PEER)
    memory(tmp_path).note("db", "ready", f"with {token}")
    assert all(token not in path.read_text() for path in (tmp_path / "state").rglob("*.json"))


def test_events_are_bounded_and_counted(tmp_path):
    for number in range(MOST_EVENTS + 9):
        memory(tmp_path).note("db", "ready", str(number), count="opens")
    record = memory(tmp_path).record("db")
    assert len(record.events) == MOST_EVENTS
    assert record.events[-1]["reason"] == str(MOST_EVENTS + 8)
    assert record.opens == MOST_EVENTS + 9


def test_many_writers_lose_nothing(tmp_path):
    def work(name):
        for _ in range(10):
            memory(tmp_path).note(name, "ready", "", count="opens")

    threads = [threading.Thread(target=work, args=(f"c{i % 2}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: one.opens for name, one in memory(tmp_path).records().items()} == {
        "c0": 20, "c1": 20,
    }  # fmt: skip


@together(
    "record",
    [
        7, {"status": 7}, {"events": "x"}, {"events": [7]}, {"opens": "1"}, {"opens": True},
        {"status": {"at": "x", "state": "ready", "reason": ""}}, {"is_favourite": 1},
        {"status": {**GOOD, "at": 1e300}}, {"status": {**GOOD, "at": -1}}, {"state": None},
    ],
)  # fmt: skip
def test_a_damaged_record_is_left_out_and_the_others_stay(tmp_path, record):
    memory(tmp_path).note("db", "ready", "")
    (path,) = (tmp_path / "state").rglob("*.json")
    data = json.loads(path.read_text())
    data["connections"]["bad"] = record
    data["connections"]["newer"] = {"status": GOOD, "of a newer version": 1}
    path.write_text(json.dumps(data))
    assert sorted(memory(tmp_path).records()) == ["db", "newer"]
    memory(tmp_path).note("bad", "ready", "")
    assert memory(tmp_path).record("bad").opens == 0


SCALARS = st.none() | st.booleans() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.text() | JSON.map(json.dumps))
def test_any_file_is_read_as_nothing(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("m")
    memory(folder).note("db", "ready", "")
    memory(folder).note_use("db", ok=True)
    for path in (folder / "state").rglob("*.json"):
        path.write_text(text, encoding="utf-8", errors="replace")
    assert memory(folder).records() == {}
    assert memory(folder).recents() == []
    assert memory(folder).record("db") == ConnectionRecord()


def test_without_a_state_directory_nothing_is_kept():
    nowhere = ConnectionMemory(None, "a.session.toml")
    nowhere.note("db", "ready", "")
    nowhere.note_use("db", ok=True)
    nowhere.keep_state("db", "sqlite", {"x": 1}, PEER)
    assert nowhere.records() == {}
    assert nowhere.recents() == []
    assert not nowhere.forget("db")
