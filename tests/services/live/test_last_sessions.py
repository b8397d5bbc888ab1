"""Which sessions a new tmux brings back: those of the server before, and nothing else."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.last_sessions import forget_server, sessions_to_bring_back
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.live_memory import LiveMemory, LiveRecord
from sessionctl.services.machine import Machine


@pytest.fixture
def context(tmp_path):
    environ = {"HOME": str(tmp_path), "TMUX_TMPDIR": str(tmp_path), "TMUX": f"{tmp_path}/in,1,0"}
    return LiveContext(open_store(str(tmp_path / "state")), Machine(environ), "")


@pytest.fixture
def keep(context, tmp_path):
    """Return a function that remembers a session, later than those before it."""
    moments = iter(range(1, 99))

    def kept(name, server, *, socket="", adapter="tmux", is_there=True):
        file = tmp_path / f"{name}.session.toml"
        if is_there:
            file.write_text("")
        standing = StandingWorkspace(Workspace(name, "/"), server)
        record = LiveRecord(
            str(file), "text", AgreedWorkspace(standing), socket, float(next(moments)), adapter
        )
        context.memory.keep(record)
        return record

    return kept


def names(found):
    return [record.name for record in found]


def test_the_sessions_of_the_server_before_come_back(context, keep, tmp_path):
    here = f"{tmp_path}/in"
    keep("oldest", "1.1", socket=here)
    keep("a", "2.2", socket=here)
    keep("closed", "", socket=here)
    keep("b", "2.2", socket=here)
    keep("gone", "2.2", socket=here, is_there=False)
    keep("elsewhere", "2.2")
    keep("plain", "2.2", socket=here, adapter="plain")
    keep("c", "3.3", socket=here)
    assert names(sessions_to_bring_back(context)) == ["c"]
    assert names(sessions_to_bring_back(context, "3.3")) == ["c", "b", "a"]
    assert names(sessions_to_bring_back(context, "3.3", ["c", "a"])) == ["b"]
    assert names(sessions_to_bring_back(context, "9.9")) == ["c"]
    other = context._replace(socket="work")
    assert names(sessions_to_bring_back(other)) == []
    outside = context._replace(machine=Machine({**context.machine.environ, "TMUX": ""}))
    assert names(sessions_to_bring_back(outside)) == ["elsewhere"]


def test_what_ended_on_purpose_is_forgotten(context, keep):
    record = keep("a", "2.2")
    forget_server(context, record.file)
    found = context.memory.recall(record.file)
    standing = record.agreed.standing._replace(server="")
    assert found == record._replace(agreed=record.agreed._replace(standing=standing))
    path = context.memory._path(record.file)
    before = os.stat(path).st_mtime_ns, os.stat(path).st_ino
    forget_server(context, record.file)
    forget_server(context, f"{record.file}x")
    assert (os.stat(path).st_mtime_ns, os.stat(path).st_ino) == before
    assert context.memory.recall(f"{record.file}x") is None


def test_a_record_is_read_as_it_was_kept_and_a_damaged_one_is_none(context, keep, tmp_path):
    memory = context.memory
    record = keep("a", "2.2", socket="s", adapter="plain")
    assert memory.recall(record.file) == record
    (tmp_path / "link.session.toml").symlink_to(record.file)
    assert memory.recall(str(tmp_path / "link.session.toml")) == record
    [name] = os.listdir(memory.folder)
    path = os.path.join(memory.folder, name)
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(path) as stream:
        text = stream.read()
    for old, new, expected in (
        ('"adapter": "plain", ', "", record._replace(adapter="tmux")),
        ('"format": 1', '"format": 2', None),
        ('"socket"', '"sock"', None),
        ('"agreed"', '"agree"', None),
        ("{", "", None),
    ):
        changed = text.replace(', "adapter": "plain"', "") if "adapter" in old else text
        with open(path, "w") as stream:
            stream.write(changed.replace(old, new, 1))
        assert memory.recall(record.file) == expected, old
        assert names(memory.records()) == ([] if expected is None else ["a"])


def test_what_a_save_is_about_to_write_is_known_again(context, tmp_path):
    memory, file = context.memory, str(tmp_path / "a.session.toml")
    assert not memory.was_announced(file, "x")
    memory.announce(file, "x\ud800")
    assert memory.was_announced(file, "x\ud800")
    assert not memory.was_announced(file, "x")
    assert not memory.was_announced(f"{file}2", "x\ud800")
    memory.announce(file, "y")
    assert [memory.was_announced(file, text) for text in ("y", "x\ud800")] == [True, False]
    assert not memory.is_snapshot(file)
    memory.mark_snapshot(file)
    assert memory.is_snapshot(file)
    assert not memory.is_snapshot(f"{file}2")
    assert list(memory.records()) == []


def test_without_a_state_directory_nothing_is_remembered(keep, context):
    record = keep("a", "2.2")
    memory = LiveMemory(None)
    memory.keep(record)
    memory.announce(record.file, "x")
    memory.mark_snapshot(record.file)
    assert memory.recall(record.file) is None
    assert not memory.was_announced(record.file, "x")
    assert not memory.is_snapshot(record.file)
    assert list(memory.records()) == []
    assert list(LiveMemory("/nowhere").records()) == []
