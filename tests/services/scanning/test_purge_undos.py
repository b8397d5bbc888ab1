"""What undo remembers of a file loses the values that were taken out of it too."""

from __future__ import annotations

import json
import os

from sessionctl.core.secrets.secret import Secret
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.git.file_place import place_of
from sessionctl.services.history.undo_memory import ForgetUndo, RememberUndo, UndoMemory, UndoRecord
from sessionctl.services.scanning.purge import purge

TEXT = 'password = "hunter2"\npin = "1234"\nother = "12345"\n'
MASKED = 'password = "***"\npin = "***"\nother = "12345"\n'


def test_values_are_masked_in_undos_and_in_backups_and_each_counts(git_repo, tmp_path):
    file = str(git_repo.write("a.session.toml", "x = 1\n"))
    store = open_store(str(tmp_path / "state"))
    place = place_of(file, os.environ)
    memory = UndoMemory(place)
    for record in (
        UndoRecord(None, TEXT, None, "c1"), UndoRecord("plain", "plain", "c2", "c3"),
        UndoRecord(TEXT, "café", None, "c4"),
    ):  # fmt: skip
        RememberUndo(memory, record).carry_out(None)
    other = place_of(str(git_repo.path / "b.session.toml"), os.environ)
    UndoMemory(other).push(UndoRecord(TEXT, TEXT, None, "c1"))
    values = [Secret("hunter2"), Secret("1234")]
    assert purge(store, file, os.environ, values) == 2
    assert UndoMemory(place).undone == [
        UndoRecord(None, MASKED, None, "c1"), UndoRecord("plain", "plain", "c2", "c3"),
        UndoRecord(MASKED, "café", None, "c4"),
    ]  # fmt: skip
    assert UndoMemory(other).undone == [UndoRecord(TEXT, TEXT, None, "c1")]
    assert purge(store, file, os.environ, values) == 0
    archive = store.archive(file)
    archive.make()
    archive.record(TEXT.encode(), None, "edit")
    UndoMemory(place).push(UndoRecord(TEXT, TEXT, None, "c5"))
    assert purge(store, file, os.environ, values) == 2
    # Outside of a repository nothing is undone, and the backups still are masked.
    alone = str(tmp_path / "c.session.toml")
    archive = store.archive(alone)
    archive.make()
    archive.record(TEXT.encode(), None, "edit")
    assert purge(store, alone, {**os.environ, "GIT_CEILING_DIRECTORIES": "/"}, values) == 1
    assert archive.read(archive.entries()[0].before) == MASKED.encode()


def test_undos_are_remembered_in_order_twenty_of_them_for_their_owner_alone(git_repo):
    place = place_of(str(git_repo.path / "a.session.toml"), os.environ)
    memory = UndoMemory(place)
    assert memory.commit_undone_in("x", "c") is None
    for number in range(21):
        memory.push(UndoRecord(str(number), f"{number}!", f"c{number}", "newest"))
    memory = UndoMemory(place)
    assert [record.before for record in memory.undone] == [str(n) for n in range(1, 21)]
    assert memory.commit_undone_in("20!", "newest") == "c20"
    assert memory.commit_undone_in("20!", "newer") is None
    assert memory.commit_undone_in("20", "newest") is None
    step = ForgetUndo(memory)
    assert (step.render(), step.data()) == ("", {"action": "forget-undo"})
    step.carry_out(None)
    assert UndoMemory(place).undone[-1].before == "19"
    step = RememberUndo(memory, UndoRecord("a", "b", "c20", "d"))
    assert (step.render(), step.data()) == ("", {"action": "remember-undo", "commit": "c20"})
    [path] = (git_repo.path / ".git" / "sessionctl-undo").iterdir()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    for damaged in ("{", "[1]", json.dumps([{"before": "x"}]), "{}"):
        path.write_text(damaged)
        assert UndoMemory(place).undone == []
