"""Volatile state is kept apart from the committed file, whoever writes it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.model import Schema
from sessionctl.core.session.volatile_values import join, split
from sessionctl.core.toml.document import Document
from sessionctl.errors import FileError
from sessionctl.services.documents.volatile_store import VolatileStore
from tests.world import CHECKOUT

SCHEMA = Schema.session()
SESSION = 'schema_version = 1\nname = "api"\n\n[[windows]]\nname = "editor"\n'
FOCUS = KeyPath.parse("windows[name=editor].focus")
COUNT = KeyPath.parse("connections.prod.connect_count")


@pytest.fixture
def store(tmp_path):
    return VolatileStore(str(tmp_path / "state"))


def values(store, file="api.session.toml", session_id=""):
    return {path: stamped.value for path, stamped in store.read(file, session_id).items()}


def test_what_is_recorded_can_be_read(store):
    assert values(store) == {}
    store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)
    store.record("api.session.toml", {COUNT: 2}, SCHEMA, at_ns=2)
    assert values(store) == {FOCUS: True, COUNT: 2}


def test_an_older_value_does_not_replace_a_later_one(store):
    store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=5)
    merged = store.record("api.session.toml", {FOCUS: False}, SCHEMA, at_ns=4)
    assert merged[FOCUS].value is True
    assert values(store) == {FOCUS: True}


def test_an_idle_session_writes_nothing_and_leaves_git_status_clean(git_repo, store, tmp_path):
    git_repo.commit("base", api__session__toml=SESSION)
    file = str(git_repo.path / "api.session.toml")
    before = os.stat(file)
    for number in range(50):
        document = Document.parse(SESSION).set(FOCUS, value=bool(number % 2))
        durable, found = split(document, SCHEMA)
        assert durable.text == SESSION
        store.record(file, found, SCHEMA, at_ns=number)
    assert os.stat(file) == before
    assert git_repo.run("status", "--porcelain").stdout == ""
    assert join(Document.parse(SESSION), store.read(file), SCHEMA)["windows"][0]["focus"] is True
    [kept] = (tmp_path / "state" / "volatile").glob("*.toml")
    written = kept.stat().st_mtime_ns
    store.record(file, {FOCUS: True}, SCHEMA, at_ns=99)
    assert kept.stat().st_mtime_ns == written


def test_a_session_with_an_id_keeps_its_state_when_it_is_renamed(store):
    store.record("a.session.toml", {FOCUS: True}, SCHEMA, at_ns=1, session_id="x")
    assert values(store, "b.session.toml", "x") == {FOCUS: True}
    assert values(store, "a.session.toml", "y") == {}
    assert values(store, "a.session.toml") == {}


def test_a_symlink_is_the_session_it_leads_to(store, tmp_path):
    (tmp_path / "a.session.toml").write_text(SESSION)
    (tmp_path / "b.session.toml").symlink_to("a.session.toml")
    store.record(str(tmp_path / "a.session.toml"), {FOCUS: True}, SCHEMA, at_ns=1)
    assert values(store, str(tmp_path / "b.session.toml")) == {FOCUS: True}


def test_the_state_is_for_its_owner_alone(store, tmp_path):
    store.record("a.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)
    assert (tmp_path / "state" / "volatile").stat().st_mode & 0o777 == 0o700


def test_a_damaged_state_counts_as_none_and_is_replaced(store, tmp_path):
    store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)
    [kept] = (tmp_path / "state" / "volatile").glob("*.toml")
    kept.write_text("fields = [[[\n")
    assert values(store) == {}
    store.record("api.session.toml", {COUNT: 1}, SCHEMA, at_ns=2)
    assert values(store) == {COUNT: 1}


def test_what_is_forgotten_is_gone(store):
    store.forget("api.session.toml")
    store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)
    store.forget("api.session.toml")
    assert values(store) == {}


def test_without_a_state_directory_nothing_is_kept():
    store = VolatileStore(None)
    merged = store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)
    assert merged[FOCUS].value is True
    assert store.read("api.session.toml") == {}
    store.forget("api.session.toml")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "state").write_text("a file")
    store = VolatileStore(str(tmp_path / "state"))
    with pytest.raises(FileError, match="cannot"):
        store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)


def test_a_state_that_cannot_be_removed_is_told(store, tmp_path, monkeypatch):
    store.record("api.session.toml", {FOCUS: True}, SCHEMA, at_ns=1)

    def fail(_path):
        raise OSError(1, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", fail)
        with pytest.raises(FileError, match="cannot remove"):
            store.forget("api.session.toml")


def test_processes_that_record_at_once_lose_nothing(store, tmp_path):
    program = (
        "import sys, time\n"
        "from sessionctl.core.keypath import KeyPath\n"
        "from sessionctl.core.schema.model import Schema\n"
        "from sessionctl.services.documents.volatile_store import VolatileStore\n"
        "store = VolatileStore(sys.argv[1])\n"
        "for number in range(10):\n"
        "    key = KeyPath(['history', f'{sys.argv[2]}-{number}'])\n"
        "    store.record('a', {key: [number]}, Schema.session(), at_ns=time.time_ns())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "state"), str(number)], cwd=CHECKOUT
        )
        for number in range(4)
    ]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert len(VolatileStore(str(tmp_path / "state")).read(str(CHECKOUT / "a"))) == 40
    assert time.time_ns() > 0
