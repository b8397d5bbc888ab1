"""A file beside what it is compared with: which two, what they are called, how they differ."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import EditError
from sessionctl.services.documents.document_comparison import DocumentVersion
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.backups import list_backups
from sessionctl.services.history.version_pair import (
    VersionPair,
    against_file,
    difference,
    of_bytes,
    since_revision,
    since_save,
)

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
