"""A file beside what it is compared with: which two, what they are called, how they differ."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.errors import EditError, KeyNotFoundError, ToolError
from sessionctl.services.board import live_save
from sessionctl.services.documents.document_comparison import DocumentVersion
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.backups import list_backups
from sessionctl.services.history.version_pair import (
    VersionPair,
    against_file,
    against_live,
    difference,
    of_bytes,
    since_revision,
    since_save,
)
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.services.live.workspace_save import SaveOutcome
from sessionctl.services.machine import Machine
from sessionctl.system.tmux.tmux_server import NoServerError

OLD, NEW = 'schema_version = 1\nname = "a"\n', 'schema_version = 1\nname = "b"\n'


def test_the_last_save_is_what_sessionctl_wrote_itself(tmp_path):
    store, file = open_store(str(tmp_path / "state")), str(tmp_path / "a b.session.toml")
    (tmp_path / "a b.session.toml").write_text(NEW)
    none = (
        f"{file}: sessionctl has not written it, there is no save to compare with",
        [f"see what else can be restored: sessionctl recover '{file}'"],
    )
    for one in (store, open_store(None)):
        with pytest.raises(EditError) as caught:
            since_save(file, one)
        assert (caught.value.message, list(caught.value.hints)) == none
    store.save(file, OLD, expected=NEW)
    saved = list_backups(store, file)[0]
    (tmp_path / "a b.session.toml").write_text(NEW)
    store.keep(file, "never in the file", why="pending")
    found = since_save(file, store)
    name = f"the last save, {saved.id}"
    assert found == VersionPair(
        DocumentVersion(f"{file}@{name}", OLD), DocumentVersion(file, NEW), f"{name} -> now"
    )
    assert of_bytes(file, "x", b"y") == VersionPair(
        DocumentVersion(f"{file}@x", "y"), DocumentVersion(file, NEW), "x -> now"
    )


def test_another_file_or_a_revision_stands_before_this_one(git_repo, monkeypatch):
    monkeypatch.chdir(git_repo.path)
    git_repo.commit("first", **{"a.session.toml": OLD})
    git_repo.write("a.session.toml", NEW)
    git_repo.write("sub/b.toml", OLD)
    found = since_revision("HEAD", "a.session.toml", os.environ)
    assert (found.before.text, found.after.text, found.title) == (OLD, NEW, "HEAD -> now")
    assert against_file("sub/b.toml", "a.session.toml") == VersionPair(
        DocumentVersion("sub/b.toml", OLD), DocumentVersion("a.session.toml", NEW), "b.toml -> now"
    )


def test_a_difference_is_key_by_key_or_of_texts_and_shows_no_secret():
    def pair(before, after):
        return VersionPair(
            DocumentVersion("x", before), DocumentVersion("a.session.toml", after), "t"
        )

    found = difference(pair(OLD, NEW))
    assert [str(change.path) for change in found.comparison.diff.changes] == ["name"]
    assert (found.obstacle, found.texts, found.is_same) == ("", (OLD, NEW), False)
    assert difference(pair(OLD, OLD)).is_same
    broken = difference(pair(OLD, "name = \n"))
    assert broken.comparison is None
    assert broken.obstacle.startswith("a.session.toml:1:")
    assert broken.texts == (OLD, "name = \n")
    secret = '[connections.db]\ndriver = "redis"\npassword = "hunter2-long"\n'
    assert "hunter2" not in "".join(difference(pair(secret, secret)).texts)


def test_a_session_that_runs_is_compared_and_whose_it_is_is_said(tmp_path, monkeypatch):
    machine = Machine({"HOME": str(tmp_path), "TMUX_TMPDIR": str(tmp_path)})
    context = LiveContext(open_store(str(tmp_path / "state")), machine, "s")
    file = tmp_path / "my a.session.toml"
    file.write_text(OLD)
    name = str(file)

    def pair(answer):
        def proposed(*arguments):
            assert arguments == ("a", name, context)
            if isinstance(answer, Exception):
                raise answer
            return SimpleNamespace(outcome=answer)

        monkeypatch.setattr(live_save, "propose_save", proposed)
        return against_live(name, context)

    for error in (NoServerError("tmux: no server"), KeyNotFoundError("tmux: there is no a")):
        with pytest.raises(ToolError) as caught:
            pair(error)
        assert caught.value.message == f"{name}: {error.message}"
        assert list(caught.value.hints) == [f"restore it: sessionctl restore '{name}'"]
    outcome = SaveOutcome(name, "a", OLD, NEW)
    title = "the file -> the session that runs"
    before, after = DocumentVersion(name, OLD), DocumentVersion(name, NEW)
    stranger = "a session called a runs, but not that of this file: "
    assert pair(outcome) == VersionPair(before, after, title, (f"{stranger}it was never saved",))
    marks = StandingMarks(context.store.directory)
    (tmp_path / "state" / "live").mkdir(parents=True)
    other = tmp_path / "b.session.toml"
    other.write_text("")
    marks.assign("a", str(other))
    assert pair(outcome).notes == (f"{stranger}it belongs to {other}",)
    marks.assign("a", name)
    assert pair(outcome._replace(before=None)) == VersionPair(
        DocumentVersion(name, ""), after, title
    )
    conflicts = [
        Conflict(ConflictKind.BOTH_MODIFIED, KeyPath(("windows", at, "name")), "1", "2", "3")
        for at in range(2)
    ]
    same = "the file and the session both changed the same in"
    assert pair(outcome._replace(conflicts=tuple(conflicts[:1]))).notes == (
        f"{same} 1 place: windows[0].name",
    )
    assert pair(outcome._replace(conflicts=tuple(conflicts))).notes == (
        f"{same} 2 places: windows[0].name, windows[1].name",
    )
