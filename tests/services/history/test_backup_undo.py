"""What an undo takes back of a file that git does not have, by the texts kept of it."""

from __future__ import annotations

import pytest

from sessionctl.errors import EditError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.backup_undo import step_back

A, B, C = ('name = "a"\n', 'name = "b"\n', 'name = "b"\nx = 1\n')


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return "my x.toml"


@pytest.fixture
def back(store, file):
    """Return a function that says which change is taken back, or why none is."""

    def call(text, *, redo=False):
        try:
            return tuple(step_back(store.archive(file), file, text, redo=redo))
        except EditError as error:
            return error.message, list(error.hints)

    return call


def saved(store, file, before, after, why):
    """Save it, and return the token by which its undo is known."""
    store.save(file, after, expected=before, why=why)
    return store.archive(file).entries()[-1].token


def test_where_nothing_is_kept_nothing_is_undone(back):
    said = (
        "my x.toml: nothing to undo: it is not in git, and no backup of it is kept",
        ["see what can be restored: sessionctl recover 'my x.toml'"],
    )
    assert (back(A), back(None)) == (said, said)
    assert back(A, redo=True) == (
        "my x.toml: no undo to revert", ["see 'sessionctl undo --help'"],
    )  # fmt: skip


def test_each_change_is_undone_the_newest_first_and_an_undo_is_reverted(store, file, back):
    store.create(file, A)
    assert back(A) == (
        "my x.toml: 'new' began the file, there is nothing before it",
        ["take the file away: rm 'my x.toml'"],
    )
    set_token = saved(store, file, A, B, "set")
    edit_token = saved(store, file, B, C, "edit")
    assert back("x\n") == ("by-hand", C, "x\n", "undo_0", "")
    assert back(None) == ("by-hand", C, "", "undo_0", "")
    kind, before, after, word, by = back(C)
    assert (kind, before, after, word, by) == ("saved", B, C, f"undo_{edit_token}", "edit")
    undo_token = saved(store, file, C, B, word)
    assert back(B) == ("saved", A, B, f"undo_{set_token}", "set")
    kind, before, after, word, by = back(B, redo=True)
    assert (kind, before, after, word) == ("redo", C, B, f"redo_{undo_token}")
    saved(store, file, B, C, word)
    assert back(C)[:4] == ("saved", B, C, f"undo_{edit_token}")
    assert back(C, redo=True)[0] == "my x.toml: no undo to revert"


def test_a_renaming_is_not_undone_here_but_one_and_its_way_back_are_nothing(store, file, back):
    store.create(file, A)
    token = saved(store, file, A, A + "y = 1\n", "set")
    saved(store, file, A + "y = 1\n", B, "rename")
    assert back(B) == (
        "my x.toml: the last change renamed it, with all that belongs to it",
        ["rename it back: sessionctl rename 'my x.toml' a"],
    )
    saved(store, file, B, A + "y = 1\n", "rename")
    assert back(A + "y = 1\n")[:4] == ("saved", A, A + "y = 1\n", f"undo_{token}")
    saved(store, file, A + "y = 1\n", B, "rename")
    saved(store, file, B, 'name = "c"\n', "rename")
    assert back('name = "c"\n')[1] == ["rename it back: sessionctl rename 'my x.toml' b"]
