"""An edit of the file that a provider refuses: wholly, in part, and what everybody hears of it."""

from __future__ import annotations

import pytest

from sessionctl.sdk import Status, Veto
from sessionctl.testing import TemporaryWorkspace

TEXT = """schema_version = 1
name = "notes"

[apps.notes.editor]
size = 1
text = "a"  # mine
"""


class Strict:
    """A host that takes sizes up to ten, and any text."""

    def __init__(self, workspace):
        self.state, self.events, self.asked = {}, [], 0
        workspace.on_status(self.events.append)
        workspace.provide("editor", lambda: dict(self.state), self.apply)
        workspace.restore()

    def apply(self, new):
        self.asked += 1
        size = new.get("size", 0)
        self.state |= {key: value for key, value in new.items() if key != "size"}
        if size > 10:
            raise Veto("at most 10", path="size")
        self.state["size"] = size

    def refused(self):
        return [event for event in self.events if event.status is Status.FAILED]


@pytest.fixture
def desk(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        desk.edit(TEXT)
        yield desk


def test_the_refusal_names_the_place_and_both_values(desk):
    host = Strict(desk.open())
    desk.edit(TEXT.replace("size = 1", "size = 11"))
    [event] = host.refused()
    assert event.text == (
        f"{desk.file}:5:8: apps.notes.editor.size: not applied by provider editor: at most 10"
    )
    assert event.provider == "editor"
    [conflict] = event.conflicts
    assert (str(conflict.path), conflict.base) == ("apps.notes.editor.size", "1")
    assert (conflict.ours, conflict.theirs) == ("11", "1")


def test_the_file_keeps_the_edit_and_the_host_its_value(desk):
    host = Strict(desk.open())
    edited = TEXT.replace("size = 1", "size = 11")
    desk.edit(edited)
    desk.advance(100)
    assert (desk.text, host.state["size"]) == (edited, 1)
    assert len(host.refused()) == 1, "it is said once"
    assert host.asked < 20


def test_what_is_not_refused_is_taken(desk):
    host = Strict(desk.open())
    edited = TEXT.replace("size = 1", "size = 11").replace('"a"', '"b"')
    desk.edit(edited)
    assert host.state == {"size": 1, "text": "b"}
    assert desk.text == edited


def test_other_changes_go_on_in_both_directions(desk):
    host = Strict(desk.open())
    desk.edit(lambda text: text.replace("size = 1", "size = 11"))
    host.state["text"] = "typed"
    host.state["new"] = True
    workspace = desk._open[0]
    workspace.mark_changed("editor")
    desk.advance(2)
    assert desk.states["editor"] == {"size": 11, "text": "typed", "new": True}
    desk.edit(lambda text: text.replace('"typed"', '"by hand"'))
    assert host.state == {"size": 1, "text": "by hand", "new": True}
    assert "# mine" in desk.text


def test_an_edit_that_makes_it_fit_is_taken(desk):
    host = Strict(desk.open())
    desk.edit(lambda text: text.replace("size = 1", "size = 11"))
    desk.edit(lambda text: text.replace("size = 11", "size = 9"))
    assert host.state == {"size": 9, "text": "a"}


def test_after_a_restart_the_refused_edit_is_refused_again(desk):
    host = Strict(desk.open())
    desk.edit(lambda text: text.replace("size = 1", "size = 11"))
    host.state["text"] = "typed"
    workspace = desk._open[0]
    workspace.mark_changed("editor")
    workspace.close()
    again = Strict(desk.open())
    assert again.refused()
    assert again.state["text"] == "typed"
    assert desk.states["editor"]["size"] == 11


def test_a_provider_that_fails_is_no_obstacle_for_the_others(desk):
    workspace = desk.open()
    state, events = {"x": 0}, []

    def fail(_new):
        raise RuntimeError("bug of the host")

    workspace.on_status(events.append)
    workspace.provide("editor", lambda: {"size": 1, "text": "a"}, fail)
    workspace.provide("panel", lambda: dict(state), state.update)
    workspace.restore()
    workspace.mark_changed()
    desk.advance(1)
    desk.edit(lambda text: text.replace("size = 1", "size = 2").replace("x = 0", "x = 5"))
    assert state == {"x": 5}
    assert any("bug of the host" in event.text for event in events)
    assert desk.states["editor"]["size"] == 2


# -- what a host does not know ----------------------------------------------------------------


def test_the_state_of_an_unknown_provider_stays_byte_for_byte(desk):
    strange = "\n[apps.notes.plugin]  # of a newer version\nmode = 0x1F\nkeys = [ 1,2 ,3 ]\n"
    desk.edit(TEXT + strange)
    host = Strict(desk.open())
    host.state["text"] = "b"
    desk._open[0].mark_changed()
    assert desk._open[0].close()
    assert desk.text == TEXT.replace('"a"', '"b"') + strange


def test_a_newer_state_is_kept_and_reported_whatever_the_host_does(desk):
    newer = f"{TEXT}\n[apps.notes.versions]\neditor = 3\n"
    desk.edit(newer)
    workspace = desk.open()
    state, events = {}, []
    workspace.on_status(events.append)
    workspace.provide("editor", lambda: dict(state), state.update, version=2)
    workspace.provide("panel", lambda: {"open": True}, lambda _: None)
    assert workspace.restore() is Status.FAILED
    [event] = [one for one in events if one.status is Status.FAILED]
    assert (event.provider, "newer than 2" in event.text) == ("editor", True)
    workspace.mark_changed("panel")
    assert workspace.flush()
    assert desk.text.startswith(TEXT)
    assert desk.states["versions"] == {"editor": 3}
    assert state == {}


def test_volatile_keys_of_the_file_are_left_there(desk):
    workspace = desk.open()
    state = {}
    workspace.provide("editor", lambda: dict(state), state.update, volatile=("size",))
    workspace.restore()
    state["text"] = "b"
    workspace.mark_changed("editor")
    assert workspace.close()
    assert desk.states["editor"]["text"] == "b"
    again = desk.open()
    came_back = {}
    again.provide("editor", lambda: dict(came_back), came_back.update, volatile=("size",))
    again.restore()
    assert came_back == {"size": 1, "text": "b"}


@pytest.mark.parametrize("answer", [None, [], "x", {"size": None}, RuntimeError("no")])
def test_a_migration_that_fails_keeps_the_old_state(desk, answer):
    def migrate(_state, _version):
        if isinstance(answer, Exception):
            raise answer
        return answer

    workspace = desk.open()
    state, events = {}, []
    workspace.on_status(events.append)
    workspace.provide("editor", lambda: dict(state), state.update, version=2, migrate=migrate)
    assert workspace.restore() in (Status.FAILED, Status.RESTORED)
    desk.advance(2)
    assert desk.text.startswith(TEXT.partition("size")[0])
    backups = [one for one in workspace.recovery() if one.kind in ("backup", "file")]
    assert backups
    assert workspace.close() or any(one.status is Status.FAILED for one in events)
    assert "size = 1" in desk.text or '"a"' in desk.text


@pytest.mark.parametrize(
    ("choice", "restored"),
    [
        ({"include": ["editor"]}, {"editor"}),
        ({"exclude": ["editor"]}, {"panel"}),
        ({"include": ["editor"], "exclude": ["editor"]}, set()),
        ({"include": ["nobody"]}, set()),
        ({"exclude": ["nobody"]}, {"editor", "panel"}),
    ],
)
def test_what_is_not_chosen_stays_in_the_file(desk, choice, restored):
    text = f"{TEXT}\n[apps.notes.panel]\nopen = true\n"
    desk.edit(text)
    workspace = desk.open()
    states = {"editor": {}, "panel": {}}
    for name, state in states.items():
        workspace.provide(name, lambda state=state: dict(state), state.update)
    workspace.restore(**choice)
    assert {name for name, state in states.items() if state} == restored
    assert workspace.close()
    assert desk.text == text
