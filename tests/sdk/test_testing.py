"""The test kit for authors of hosts: time, edits and crashes happen when a test says so."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from sessionctl.errors import FileError, UsageError
from sessionctl.sdk import Status
from sessionctl.testing import TemporaryWorkspace, crash_at, crash_points, point_text
from sessionctl.testing.crash_point import CRASH_CODE, run_apart


@pytest.fixture
def desk(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        yield desk


class Editor:
    """A host with one text."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.state = {}
        self.events = []
        workspace.on_status(self.events.append)
        workspace.provide("editor", lambda: dict(self.state), self.apply)
        self.status = workspace.restore()

    def apply(self, new):
        self.state.clear()
        self.state.update(new)

    def type(self, text):
        self.state["text"] = text
        self.workspace.mark_changed("editor")

    def statuses(self):
        return [event.status for event in self.events]


def test_a_change_is_saved_half_a_second_later_and_not_before(desk):
    editor = Editor(desk.open())
    desk.advance(1)
    editor.type("a")
    desk.advance(0.499)
    assert desk.states == {"editor": {}}
    desk.advance(0.001)
    assert desk.states == {"editor": {"text": "a"}}


def test_changes_without_a_pause_are_saved_after_five_seconds(desk):
    editor = Editor(desk.open())
    editor.type("0")
    desk.advance(1)
    saved = []
    for count in range(1, 60):
        editor.type(str(count))
        desk.advance(0.1)
        saved.append(desk.states["editor"]["text"])
    # The first of them was marked at 1.0 s, the save is due at 6.0 s.
    assert saved[48] == "0"
    assert int(saved[50]) >= 49


def test_a_save_that_fails_is_tried_again_in_growing_steps(desk):
    editor = Editor(desk.open())
    desk.advance(1)
    looks = []

    def save(*_, **__):
        looks.append(desk.clock.now_ms())
        raise FileError("no room")

    editor.workspace._store.save = save
    editor.type("a")
    desk.advance(90)
    assert [Status.FAILED in editor.statuses(), len(looks) >= 6] == [True, True]
    waits = [after - before for before, after in itertools.pairwise(looks)]
    assert waits[:5] == sorted(waits[:5])
    assert max(waits) <= 30_500


def test_no_time_goes_by_alone(desk):
    begun = time.monotonic()
    editor = Editor(desk.open())
    editor.type("a")
    desk.advance(900)
    assert desk.states == {"editor": {"text": "a"}}
    assert time.monotonic() - begun < 60
    assert editor.events[-1].time_s < desk.clock.time_s()


def test_an_edit_is_there_when_it_was_delivered(desk):
    editor = Editor(desk.open())
    editor.type("mine")
    assert editor.workspace.flush()
    desk.edit(lambda text: text.replace('"mine"', '"theirs"'))
    assert editor.state == {"text": "theirs"}
    assert Status.FILE_CHANGED in editor.statuses()


def test_without_a_watch_the_file_is_looked_at_twice_a_second(desk):
    desk.watcher.failure = "too many watches"
    editor = Editor(desk.open())
    editor.type("mine")
    assert editor.workspace.flush()
    desk.file.write_text(desk.text.replace('"mine"', '"theirs"'))
    desk.advance(0.7)
    assert editor.state == {"text": "theirs"}


def test_lost_events_are_looked_for(desk):
    editor = Editor(desk.open())
    editor.type("mine")
    assert editor.workspace.flush()
    desk.file.write_text(desk.text.replace('"mine"', '"theirs"'))
    desk.watcher.lose()
    desk.advance(1)
    assert editor.state == {"text": "theirs"}


def test_a_clock_that_goes_back_harms_nothing(desk):
    editor = Editor(desk.open())
    editor.type("a")
    desk.clock.set_time(1_000.0)
    desk.advance(1)
    editor.type("b")
    desk.advance(1)
    assert desk.states == {"editor": {"text": "b"}}
    assert editor.events[-1].time_s < 2_000


def test_a_host_that_blocks_is_named(desk, monkeypatch):
    monkeypatch.setattr("sessionctl.testing.fake_clock._PATIENCE_S", 0.3)
    workspace = desk.open()
    held = threading.Event()
    workspace.provide("editor", lambda: held.wait(20) and {}, lambda _: None)
    workspace.restore()
    with pytest.raises(TimeoutError, match="a callback did not return"):
        desk.advance(1)
    held.set()


def first_host(workspace):
    editor = Editor(workspace)
    editor.type("first")
    workspace.flush()
    editor.type("second")
    workspace.flush()


def second_host(workspace):
    editor = Editor(workspace)
    editor.type("third")
    workspace.flush()


@pytest.mark.parametrize(
    "point", [one for one in crash_points("save") if one not in ("save:created", "save:aside")]
)
def test_a_crash_at_any_step_of_a_save_loses_no_saved_state(desk, point):
    assert run_apart(lambda: first_host(desk.open())) == 0
    assert desk.crash(point, second_host), point_text(point)
    editor = Editor(desk.open())
    assert editor.state["text"] in (("second",) if point == "save:read" else ("second", "third"))
    assert editor.status is Status.RESTORED
    editor.type("after")
    assert editor.workspace.flush()
    assert desk.states == {"editor": {"text": "after"}}
    assert not list(desk.file.parent.glob(".sessionctl-*")), "what was left is tidied up"


@pytest.mark.parametrize("point", crash_points("restore"))
def test_a_crash_at_any_step_of_a_restore_loses_nothing(desk, point):
    assert run_apart(lambda: first_host(desk.open())) == 0
    text = desk.text
    assert desk.crash(point, Editor), point_text(point)
    assert desk.text == text
    editor = Editor(desk.open())
    if point in ("restore:noted", "restore:applying", "restore:applied"):
        assert editor.status is Status.FAILED, "a state that may have ended the host"
        assert "not applied again" in editor.events[0].text
        options = {one.kind: one for one in editor.workspace.recovery()}
        editor.workspace.recover(options["file"])
    assert editor.state == {"text": "second"}


def test_a_crash_at_the_first_save_of_all(desk):
    assert desk.crash("save:created", first_host)
    editor = Editor(desk.open())
    editor.type("after")
    assert editor.workspace.flush()
    assert desk.states == {"editor": {"text": "after"}}


def test_a_crash_while_a_text_is_put_aside(desk):
    assert run_apart(lambda: first_host(desk.open())) == 0
    broken = f"{desk.text}[[[\n"

    def work(workspace):
        editor = Editor(workspace)
        desk.file.write_text(broken)
        editor.type("unsaved")
        desk.advance(10)

    assert desk.crash("save:aside", work)
    editor = Editor(desk.open())
    assert (editor.state, desk.text) == ({"text": "unsaved"}, broken)


def test_every_point_says_what_is_done_there():
    points = crash_points()
    assert {*crash_points("save"), *crash_points("restore")} == set(points)
    assert len({point_text(point) for point in points}) == len(points)


def test_an_unknown_point_is_refused():
    with pytest.raises(UsageError, match="not found"), crash_at("save:nowhere"):
        pass


def test_a_crash_ends_at_the_hit_that_was_asked_for(desk):
    def work(workspace):
        editor = Editor(workspace)
        desk.advance(1)  # makes the file
        for text in ("first", "second", "third"):
            editor.type(text)
            desk.advance(1)

    assert desk.crash("save:exchanged", work, hit=2)
    assert desk.states == {"editor": {"text": "second"}}
    assert run_apart(lambda: 1 / 0) == 1
    assert CRASH_CODE > 1


def test_a_directory_of_its_own_is_removed():
    with TemporaryWorkspace() as desk:
        Editor(desk.open()).type("x")
        directory = desk.directory
    assert not directory.exists()
