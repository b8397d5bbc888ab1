"""The texts a file had, and going back among them: each answer whole, step by step."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from sessionctl.services.documents.document_comparison import DocumentVersion
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.history import generations
from sessionctl.services.history.generations import (
    carry_out,
    changes_of,
    list_generations,
    plan_generation,
    plan_redo,
    plan_step_back,
    preview_lines,
)

ONE, TWO = "a = 1\nb = 2\n", "a = 2\nb = 2\n"
TEXTS = (ONE, TWO, "a=2\nb = 2\n", "a = 2\nb = 3\nc = 4\n", "a = \n", "a = 2\n")
ENVIRON = {"PATH": "", "GIT_CEILING_DIRECTORIES": "/"}


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return "x.toml"


def write(store, file, *texts):
    store.create(file, texts[0])
    for before, after in pairwise(texts):
        store.save(file, after, expected=before, why="set")


def text_of(lines):
    return ["".join(part if isinstance(part, str) else part[0] for part in line) for line in lines]


def test_what_each_text_changed_is_said_in_a_few_words(store, file):
    write(store, file, *TEXTS)
    found = list_generations(store, file, ENVIRON)
    assert [one.candidate.data.decode() for one in found] == [*reversed(TEXTS)]
    words = changes_of(found, file)
    assert [words[one.key] for one in found] == [
        "not TOML", "not TOML", "1 added, 1 modified", "layout only", "1 modified",
        "the first that is known",
    ]  # fmt: skip
    assert [one.key for one in found] == [f"backup:{one.candidate.id}" for one in found]
    assert [one.size for one in found[:2]] == ["6 bytes", "5 bytes"]
    assert changes_of([], file) == {}


def test_a_text_is_restored_and_that_is_undone_and_done_again(store, file, tmp_path):
    place = tmp_path / file
    write(store, file, ONE, TWO)
    now, first = list_generations(store, file, ENVIRON)
    name = first.candidate.id
    assert plan_generation(file, now).plan == ()
    change = plan_generation(file, first)
    assert (change.title, text_of(change.lines), change.what) == (
        f"Bring x.toml back to {name}?", ["~ a: 2 -> 1"], f"brought back to {name}",
    )  # fmt: skip
    assert carry_out(change, store) == ()
    assert place.read_text() == ONE
    back = plan_step_back(file, store, ENVIRON)
    assert (back.title, text_of(back.lines), back.what) == (
        f"Bring x.toml back to {now.candidate.id}?", ["~ a: 1 -> 2"], "undid the restore",
    )  # fmt: skip
    carry_out(back, store)
    assert place.read_text() == TWO
    place.unlink()
    gone = plan_generation(file, first)
    assert text_of(gone.lines) == ["x.toml does not exist now, all of it is restored"]
    carry_out(gone, store)
    assert place.read_text() == ONE


def test_the_last_change_is_undone_and_done_again(store, file, tmp_path):
    place = tmp_path / file
    write(store, file, ONE, TWO)
    change = plan_step_back(file, store, ENVIRON)
    assert (change.title, text_of(change.lines), change.what) == (
        "Undo the last change?", ["~ a: 2 -> 1"], "undid the last change",
    )  # fmt: skip
    carry_out(change, store)
    assert place.read_text() == ONE
    redo = plan_redo(file, store, ENVIRON)
    assert (redo.title, text_of(redo.lines), redo.what) == (
        "Revert the last undo?", ["~ a: 1 -> 2"], "reverted the last undo",
    )  # fmt: skip
    carry_out(redo, store)
    assert place.read_text() == TWO


def test_what_changes_is_shown_or_why_it_is_not():
    def lines(before, after):
        return text_of(preview_lines(DocumentVersion("a", before), DocumentVersion("b", after)))

    assert lines(ONE, ONE) == ["nothing changes"]
    assert lines(ONE, "a=1\nb = 2\n") == ["only the layout, or a secret, changes"]
    assert lines(ONE, TWO) == ["~ a: 1 -> 2"]
    assert lines("a = \n", ONE) == [
        "the changes are not shown key by key: a:1:5: expected a value, found the end of the line"
    ]


def test_what_is_no_text_or_too_much_is_not_compared(store, file, monkeypatch):
    write(store, file, ONE, TWO)
    found = list_generations(store, file, ENVIRON)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", found[0].when)
    odd = found[1]._replace(candidate=found[1].candidate._replace(data=b"a = \xff\n"))
    change = plan_generation(file, odd)
    name = odd.candidate.id
    assert text_of(change.lines) == [f"{name}:1:5: not UTF-8, got the byte 0xff"]
    assert (change.title, len(change.plan)) == (f"Bring x.toml back to {name}?", 1)
    monkeypatch.setattr(generations, "_MOST_BYTES", len(ONE + TWO))
    assert len(changes_of(found, file)) == 2
    monkeypatch.setattr(generations, "_MOST_BYTES", len(ONE + TWO) - 1)
    assert changes_of(found, file) == {}
