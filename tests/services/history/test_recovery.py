"""What a file can be brought back to, and the documents with something that is not in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.errors import EditError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history.backups import PENDING, REFUSED, SLIPPED
from sessionctl.services.history.recovery import (
    Pending,
    RecoveryCandidate,
    candidates,
    find_candidate,
    pending,
    settle,
    settle_all,
)
from tests.together import together

A, B = "a = 1\n", "a = 2\n"


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


def test_what_waits_is_listed_by_its_file(store, tmp_path):
    assert pending(store) == []
    names = ("calm", "gone", "never", "refused", "late", "older", "three")
    files = {name: str(tmp_path / f"{name}.toml") for name in names}
    for name in ("calm", "gone", "refused", "late", "older", "three"):
        store.create(files[name], A)
    os.unlink(files["gone"])
    for name in ("never", "refused", "older"):
        store.keep(files[name], B, why=REFUSED)
    store.keep(files["late"], B, why=PENDING)
    store.save(files["older"], "a = 3\n", expected=A)
    store.archive(files["three"]).record(b"# slipped\n", None, SLIPPED)
    for why in (REFUSED, PENDING):
        store.keep(files["three"], f"# {why}\n", why=why)
    store.keep(files["calm"], A, why=REFUSED)  # the file has it by now
    assert pending(store) == [
        Pending(files["gone"], ("gone",)),
        Pending(files["late"], (PENDING,)),
        Pending(files["never"], (REFUSED,)),
        Pending(files["refused"], (REFUSED,)),
        Pending(files["three"], (PENDING, REFUSED, SLIPPED)),
    ]


def test_a_save_that_cannot_be_finished_is_said_with_its_file(store, tmp_path):
    whole, damaged = str(tmp_path / "a.toml"), str(tmp_path / "b.toml")
    for file in (whole, damaged):
        store.create(file, A)
    assert settle_all(store) == []
    assert settle(open_store(None), whole) == ()
    lock = store.archive(damaged).lock_path
    Path(lock).unlink()
    Path(lock).mkdir()
    [(file, (message, hint))] = settle_all(store)
    assert (file, hint) == (damaged, "")
    kept = store.archive(damaged).directory
    reason = "a directory, not a file; the file is as it was"
    assert message == f"{damaged}: cannot keep a backup in {kept}: {reason}"
    Path(damaged).unlink()
    Path(damaged).mkdir()
    assert pending(store) == [
        Pending(damaged, failure=f"{damaged}: cannot read: a directory, not a file")
    ]


def test_backups_are_candidates_with_what_they_are(store, tmp_path):
    file = str(tmp_path / "x.toml")
    environ = {"PATH": "", "GIT_CEILING_DIRECTORIES": "/"}
    assert candidates(store, file, environ) == []
    store.create(file, A)
    store.save(file, B, expected=A, why="set")
    newest, first = candidates(store, file, environ)
    assert [(one.source, one.why, one.data, one.is_now) for one in (newest, first)] == [
        ("backup", "set", B.encode(), True), ("backup", "new", A.encode(), False)
    ]  # fmt: skip
    assert candidates(open_store(None), file, environ) == []


def one(number, data, *, is_now=False):
    return RecoveryCandidate("git", number, 1.0, "why", data, is_now)


FOUND = [one("abc1", b"1", is_now=True), one("abd2", b"2"), one("abd3", b"2"), one("1234", b"4")]


@together(
    "word, found",
    [
        ("1", FOUND[1]),
        ("3", FOUND[3]),
        ("abc", FOUND[0]),
        ("abd", FOUND[1]),  # two of one text
        ("1234", FOUND[3]),
        ("abc1ffff", FOUND[0]),
        ("0", "there is no number 0"),
        ("4", "there is no number 4"),
        ("999", "there is no number 999"),
        ("12", "there is no number 12"),
        ("ab", "more than one text begins with ab"),
        ("", "more than one text begins with "),
        ("zz", "there is no text zz"),
        ("²", "there is no text ²"),
    ],
)
def test_a_word_names_a_text_by_its_number_or_its_id(word, found):
    if isinstance(found, RecoveryCandidate):
        assert find_candidate(FOUND, "a b", word) is found
        return
    with pytest.raises(EditError) as caught:
        find_candidate(FOUND, "a b", word)
    assert caught.value.message == f"a b: {found}"
    assert list(caught.value.hints) == ["see what there is: sessionctl recover 'a b'"]
