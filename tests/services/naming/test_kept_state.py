"""What is kept of a session outside of its file goes along to another name, and away with it."""

from __future__ import annotations

import os

import pytest

from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import Workspace
from sessionctl.errors import FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_memory import LiveMemory, LiveRecord
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.naming.kept_state import SessionState
from sessionctl.system.store.archive_entry import key_of


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def kept(state):
    return SessionState(open_store(str(state)))


def files(state):
    """Return the files below the state directory, with their texts, by their paths."""
    return {
        str(path.relative_to(state)): path.read_bytes()
        for path in state.rglob("*") if path.is_file()
    }  # fmt: skip


def fill(tmp_path, state, kept):
    """Make a session ``a`` with everything that is kept of one; return its file and that of b."""
    old, new = str(tmp_path / "a.session.toml"), str(tmp_path / "b.session.toml")
    (tmp_path / "b.session.toml").write_text("")
    kept.store.create(old, "one\n")
    kept.store.save(old, "two\n", expected="one\n")
    for folder in ("connections", "volatile", "scrollback"):
        (state / folder).mkdir()
        for name in (f"{key_of(old)}.json", f"{key_of(old)}", f"{key_of(old)}.json.lock"):
            (state / folder / name).write_text(f"{folder} {name.partition('.')[2]}")
        (state / folder / f"{key_of(old)}x.json").write_text("of another")
    memory = LiveMemory(str(state))
    standing = StandingWorkspace(Workspace("work", "/"), "1.1")
    memory.keep(LiveRecord(old, "text", AgreedWorkspace(standing), at_s=5.0))
    memory.announce(old, "text")
    memory.mark_snapshot(old)
    StandingMarks(str(state)).assign("work", old)
    return old, new


def test_all_that_is_kept_is_kept_under_the_other_name_too(tmp_path, state, kept):
    old, new = fill(tmp_path, state, kept)
    before = files(state)
    kept.copy(old, new, ("work", "job"))
    after = files(state)
    # The mark says which file a session belongs to: now it is the other one, by its new name.
    moved = {name for name in before if after[name] != before[name]}
    assert all(name.startswith("live/") for name in moved), moved
    made = {name: after[name] for name in after.keys() - before.keys()}
    expected = {}
    for folder in ("connections", "volatile", "scrollback"):
        expected[f"{folder}/{key_of(new)}.json"] = f"{folder} json".encode()
        expected[f"{folder}/{key_of(new)}"] = f"{folder} ".encode()
    own = {
        name: text for name, text in made.items() if not name.startswith(("live/", "documents/"))
    }
    assert own == expected
    archives = [kept.store.archive(one) for one in (old, new)]
    assert [entry.why for entry in archives[0].entries()] == [
        entry.why for entry in archives[1].entries()
    ]
    assert archives[0].sizes() == archives[1].sizes()
    assert archives[1].target == new
    memory = LiveMemory(str(state))
    record, other = memory.recall(old), memory.recall(new)
    workspace = record.agreed.standing.workspace._replace(name="job")
    standing = record.agreed.standing._replace(workspace=workspace)
    assert other == record._replace(file=new, agreed=AgreedWorkspace(standing))
    assert memory.was_announced(new, "text")
    assert memory.is_snapshot(new)
    marks = StandingMarks(str(state))
    assert marks.file_of("job") == new


def test_a_session_of_another_name_keeps_it(tmp_path, state, kept):
    old, new = fill(tmp_path, state, kept)
    kept.copy(old, new, ("other", "job"))
    assert LiveMemory(str(state)).recall(new).name == "work"
    assert StandingMarks(str(state)).file_of("job") is None
    third = str(tmp_path / "c.session.toml")
    kept.copy(new, third)
    assert LiveMemory(str(state)).recall(third).name == "work"
    before = files(state)
    kept.copy(third, third)
    assert files(state) == before


def test_nothing_is_kept_of_what_is_forgotten(tmp_path, state, kept):
    old, new = fill(tmp_path, state, kept)
    kept.copy(old, new)
    others = {name for name in files(state) if key_of(new) in name or "x.json" in name}
    kept.forget(old, "work")
    left = files(state)
    assert not any(key_of(old) in name and f"{key_of(old)}x" not in name for name in left)
    assert {name for name in left if key_of(new) in name or "x.json" in name} == others
    assert StandingMarks(str(state)).file_of("work") is None
    assert LiveMemory(str(state)).recall(old) is None
    StandingMarks(str(state)).assign("kept", new)
    kept.forget_live(old, "kept")
    assert StandingMarks(str(state)).file_of("kept") == new, "it is that of another file"


def test_without_a_state_directory_there_is_nothing(tmp_path):
    nothing = SessionState(open_store(None))
    nothing.copy("/a", "/b", ("a", "b"))
    nothing.forget("/a", "a")
    nothing.forget_trust("/a")
    assert os.listdir(tmp_path) == []


def test_directories_of_an_archive_go_along_and_what_cannot_is_said(tmp_path, state, kept):
    old, new = fill(tmp_path, state, kept)
    archive = state / "documents" / key_of(old)
    (archive / "sub").mkdir()
    (archive / "sub" / "one").write_text("1")
    (archive / "new.1").mkdir()
    kept.copy(old, new)
    there = state / "documents" / key_of(new)
    assert (there / "sub" / "one").read_text() == "1"
    assert not (there / "new.1").exists()

    third = str(tmp_path / "c.session.toml")
    (state / "connections" / f"{key_of(old)}.d").mkdir()
    before = set(files(state))
    with pytest.raises(FileError) as caught:
        kept.copy(old, third)
    assert caught.value.message == f"{third}: cannot keep its state: a directory, not a file"
    left = [name for name in set(files(state)) - before if name.endswith(f".{os.getpid()}")]
    assert left == [], "no half of a copy stays"
