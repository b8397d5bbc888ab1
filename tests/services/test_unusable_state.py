"""A state directory that cannot be used: what must be remembered says so, the rest goes on."""

from __future__ import annotations

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.errors import FileError
from sessionctl.services.connections.connection_memory import ConnectionMemory, ConnectionRecord
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_memory import LiveMemory, LiveRecord
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.watching.sync_memory import AgreedState, SyncMemory

FILE = "a b.session.toml"
STANDING = StandingWorkspace(Workspace("s", "/x", ()), "server", ())
AGREED = AgreedWorkspace(STANDING, (), ())
RECORD = LiveRecord(FILE, "text", AGREED, "", 1.0, "tmux")


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Return a state directory that is a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("text")
    (tmp_path / "state").write_text("")
    return str(tmp_path / "state")


def test_what_must_be_remembered_says_that_it_cannot_be(state):
    live, connections = LiveMemory(state), ConnectionMemory(state, FILE)
    sync = SyncMemory(open_store(state), FILE)
    for call in (
        lambda: live.keep(RECORD),
        lambda: live.mark_snapshot(FILE),
        lambda: connections.note("db", "ready", "it answers"),
        lambda: connections.mark("db", is_favourite=True),
        lambda: connections.note_use("db", ok=True),
        lambda: sync.keep_base("text"),
        lambda: sync.keep_pending("text"),
    ):
        with pytest.raises(FileError):
            call()


def test_what_only_helps_goes_on_without(state):
    live, marks = LiveMemory(state), StandingMarks(state)
    live.announce(FILE, "text")
    assert not live.was_announced(FILE, "text")
    assert not live.is_snapshot(FILE)
    assert live.recall(FILE) is None
    assert list(live.records()) == []
    marks.keep(FILE, STANDING, "text")
    marks.forget("s")
    assert not marks.is_unchanged(FILE, STANDING)
    assert marks.file_of("s") is None
    connections = ConnectionMemory(state, FILE)
    assert connections.records() == {}
    assert connections.record("db") == ConnectionRecord()
    assert connections.recents() == []
    assert not connections.forget("db")
    assert SyncMemory(open_store(state), FILE).recall() == AgreedState()


def test_without_a_state_directory_nothing_is_remembered_or_said(state):
    live, marks, connections = LiveMemory(None), StandingMarks(None), ConnectionMemory(None, FILE)
    sync = SyncMemory(open_store(None), FILE)
    live.keep(RECORD)
    live.mark_snapshot(FILE)
    live.announce(FILE, "text")
    marks.keep(FILE, STANDING, "text")
    marks.assign("s", FILE)
    marks.forget("s")
    connections.note("db", "ready", "it answers")
    connections.mark("db", is_favourite=True)
    connections.note_use("db", ok=True)
    sync.keep_base("text")
    sync.sync_base()
    sync.keep_pending("text")
    assert (live.recall(FILE), live.is_snapshot(FILE), list(live.records())) == (None, False, [])
    assert (marks.file_of("s"), marks.is_unchanged(FILE, STANDING)) == (None, False)
    assert (connections.records(), connections.recents()) == ({}, [])
    assert sync.recall() == AgreedState()


def test_what_is_remembered_is_that_of_the_file(tmp_path, state):
    usable = str(tmp_path / "usable")
    live, marks = LiveMemory(usable), StandingMarks(usable)
    live.keep(RECORD)
    assert live.recall(FILE) == RECORD
    assert [one.name for one in live.records()] == ["s"]
    live.announce(FILE, "text")
    assert live.was_announced(FILE, "text")
    assert not live.was_announced(FILE, "other")
    live.mark_snapshot(FILE)
    assert (live.is_snapshot(FILE), live.is_snapshot("other")) == (True, False)
    marks.keep(FILE, STANDING, "text")
    assert marks.file_of("s") == str(tmp_path / FILE)
    assert marks.is_unchanged(FILE, STANDING)
    assert not marks.is_unchanged(FILE, STANDING._replace(server="another"))
    (tmp_path / FILE).write_text("other")
    assert not marks.is_unchanged(FILE, STANDING)
    (tmp_path / "b.session.toml").write_text("")
    marks.assign("s", "b.session.toml")
    assert marks.file_of("s") == str(tmp_path / "b.session.toml")
    marks.forget("s")
    assert marks.file_of("s") is None
