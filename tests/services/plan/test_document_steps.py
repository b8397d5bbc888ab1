"""Document steps: they write through the store, and never print what they write."""

from __future__ import annotations

import pytest

from sessionctl.errors import ChangedError, FileError
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.plan.document_steps import RestoreText, SaveText
from sessionctl.services.plan.plan import plan_data, plan_lines
from sessionctl.services.plan.runner import run

ONE = 'a = "hunter2"\n'
TWO = 'a = "hunter3"\n'


@pytest.fixture
def file(tmp_path):
    return tmp_path / "sub" / "x.toml"


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "state"))


def whys(store, file):
    return [entry.why for entry in store.archive(file).entries()]


def test_a_new_document_is_made_with_its_directory_and_then_changed(file, store):
    plan = (
        SaveText(str(file), None, ONE, "undo"),
        SaveText(str(file), ONE, TWO, "fmt"),
    )
    run(plan, store).check()
    assert file.read_text() == TWO
    assert whys(store, file) == ["undo", "fmt"]


def test_an_edit_of_someone_else_is_joined_and_said(file, store):
    file.parent.mkdir()
    file.write_text("a = 1\nb = 2\n")
    report = run((SaveText(str(file), "a = 1\nb = 1\n", "a = 2\nb = 1\n", "fmt"),), store)
    assert file.read_text() == "a = 2\nb = 2\n"
    assert ["both changes" in note for note, _ in report.notes] == [True]


def test_a_document_that_is_there_already_is_not_made_again(file, store):
    file.parent.mkdir()
    file.write_text(ONE)
    with pytest.raises(FileError, match="there is already a file"):
        run((SaveText(str(file), None, TWO, "undo"),), store).check()
    assert file.read_text() == ONE


def test_a_document_below_a_file_cannot_be_made(file, store):
    file.parent.write_text("")
    with pytest.raises(FileError, match="cannot write"):
        run((SaveText(str(file), None, ONE, "undo"),), store).check()


def test_a_file_is_brought_back_byte_for_byte(file, store):
    file.parent.mkdir()
    file.write_text(TWO)
    run((RestoreText(str(file), "abc", TWO.encode(), b"\xff"),), store).check()
    assert file.read_bytes() == b"\xff"


def test_a_file_that_changed_since_it_was_shown_is_not_brought_back(file, store):
    file.parent.mkdir()
    file.write_text(TWO)
    with pytest.raises(ChangedError):
        run((RestoreText(str(file), "abc", ONE.encode(), b""),), store).check()
    assert file.read_text() == TWO


def test_texts_are_never_printed():
    plan = (
        SaveText("x.toml", None, ONE, "undo"),
        SaveText("x.toml", ONE, TWO, "fmt"),
        RestoreText("x.toml", "abc", ONE.encode(), TWO.encode()),
    )
    assert plan_lines(plan) == ["make x.toml", "change x.toml", "bring x.toml back to abc"]
    assert [one["action"] for one in plan_data(plan)] == ["save-text"] * 2 + ["restore-text"]
    assert "hunter" not in repr(plan) + repr(plan_data(plan))
