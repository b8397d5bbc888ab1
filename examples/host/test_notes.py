"""What a host's own test suite looks like: no sleeping, no home of the user, real crashes."""

from __future__ import annotations

import pytest
from notes import Notes

from sessionctl.sdk import Status
from sessionctl.testing import TemporaryWorkspace, crash_points


@pytest.fixture
def desk(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        yield desk


def test_a_line_is_saved_half_a_second_later(desk):
    notes = Notes(desk.open())
    notes.add("buy milk")
    desk.advance(0.5)
    assert desk.states["notes"] == {"lines": ["buy milk"]}


def test_the_lines_are_there_again(desk):
    with desk.open() as workspace:
        Notes(workspace).add("buy milk")
    again = Notes(desk.open())
    assert (again.status, again.lines) == (Status.RESTORED, ["buy milk"])


def test_an_edit_of_the_file_reaches_the_notes(desk):
    notes = Notes(desk.open())
    notes.add("buy milk")
    desk.advance(0.5)
    desk.edit(lambda text: text.replace("milk", "bread"))
    assert notes.lines == ["buy bread"]


def test_too_many_lines_are_refused_and_stay_in_the_file(desk):
    notes = Notes(desk.open())
    notes.add("one")
    desk.advance(0.5)
    desk.edit(lambda text: text.replace('["one"]', str(["x"] * 1001)))
    assert notes.lines == ["one"]
    assert len(desk.states["notes"]["lines"]) == 1001


def test_notes_of_version_1_are_migrated(desk):
    desk.edit('schema_version = 1\nname = "notes"\n[apps.notes.notes]\ntext = "a\\nb"\n')
    assert Notes(desk.open()).lines == ["a", "b"]


@pytest.mark.parametrize("point", crash_points("save"))
def test_a_crash_loses_at_most_the_line_that_was_being_saved(desk, point):
    def work(workspace):
        notes = Notes(workspace)
        for line in ("one", "two"):
            notes.add(line)
            workspace.flush()

    desk.crash(point, work)
    assert Notes(desk.open()).lines in ([], ["one"], ["one", "two"])
