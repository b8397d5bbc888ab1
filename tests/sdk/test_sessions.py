"""Several sessions of one application, their age, and instances that share or do not."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from sessionctl.errors import UsageError
from sessionctl.sdk import Status
from sessionctl.testing import TemporaryWorkspace
from sessionctl.testing.crash_point import run_apart
from tests.sdk.test_testing import Editor

DAY_S = 24 * 60 * 60


@pytest.fixture
def desk(tmp_path):
    with TemporaryWorkspace("notes", tmp_path) as desk:
        yield desk


def typed(workspace, text):
    editor = Editor(workspace)
    editor.type(text)
    assert workspace.flush()
    return editor


def test_sessions_are_listed_the_newest_first_with_what_they_hold(desk):
    for age, (name, text) in enumerate((("", "a"), ("work", "b"), ("home", "c"))):
        editor = typed(desk.open_session(name), text)
        editor.workspace.close()
        os.utime(editor.workspace.file, (desk.clock.time_s() - age,) * 2)
    found = desk.sessions.list()
    assert [one.name for one in found] == ["", "work", "home"]
    assert [one.providers for one in found] == [("editor",)] * 3
    assert len({one.id for one in found}) == 3
    assert all(one.id for one in found)


def test_files_of_others_are_not_listed(desk):
    typed(desk.open_session(), "a").workspace.close()
    folder = desk.home / "config/sessionctl/sessions"
    (folder / "notes.v2.session.toml").write_text('schema_version = 1\nname = "of notes.v2"\n')
    (folder / "other.session.toml").write_text('schema_version = 1\nname = "x"\n[apps.notes]\n')
    (folder / "notes.bad.session.toml").write_text("[[[")
    found = {one.name: one for one in desk.sessions.list()}
    assert set(found) == {"", "bad"}
    assert ":1:" in found["bad"].problem


def test_a_switch_saves_one_session_and_brings_the_other(desk):
    typed(desk.open_session("work"), "at work").workspace.close()
    editor = typed(desk.open_session(), "at home")
    editor.type("at home, unsaved")
    assert editor.workspace.switch("work") is Status.RESTORED
    assert editor.state == {"text": "at work"}
    editor.type("more work")
    assert editor.workspace.switch("") is Status.RESTORED
    assert editor.state == {"text": "at home, unsaved"}
    assert editor.workspace.switch("new") is Status.FRESH
    editor.type("new")
    assert editor.workspace.close()
    texts = {one.name: tomllib.loads(Path(one.file).read_text()) for one in desk.sessions.list()}
    found = {name: one["apps"]["notes"]["editor"]["text"] for name, one in texts.items()}
    assert found == {"": "at home, unsaved", "work": "more work", "new": "new"}


def test_a_session_that_cannot_be_saved_is_not_left(desk, monkeypatch):
    from sessionctl.errors import EditError, FileError

    editor = typed(desk.open_session(), "saved")

    def refuse(*_, **__):
        raise FileError("no room")

    monkeypatch.setattr(editor.workspace._store, "save", refuse)
    editor.type("unsaved")
    with pytest.raises(EditError, match="not switched"):
        editor.workspace.switch("work")
    assert editor.state == {"text": "unsaved"}
    assert "work" not in editor.workspace.file


def test_several_sessions_at_once_are_apart(desk):
    editors = {name: typed(desk.open_session(name), name) for name in ("a", "b", "c")}
    for name, editor in editors.items():
        editor.type(f"{name}!")
    desk.advance(1)
    for name, editor in editors.items():
        assert editor.state == {"text": f"{name}!"}
        text = Path(editor.workspace.file).read_text()
        assert [other in text for other in ('"a!"', '"b!"', '"c!"')].count(True) == 1


def test_a_deleted_session_stays_in_the_backups(desk):
    typed(desk.open_session("work"), "precious").workspace.close()
    desk.sessions.delete("work")
    assert desk.sessions.list() == ()
    editor = Editor(desk.open_session("work"))
    assert editor.status is Status.FRESH
    [option, *_] = [one for one in editor.workspace.recovery() if one.kind == "backup"]
    editor.workspace.recover(option)
    assert editor.state == {"text": "precious"}


@pytest.mark.parametrize("name", ["../x", "a/b", ".a", "a.b", "-a", "a\n"])
def test_a_name_of_a_session_names_a_file(desk, name):
    with pytest.raises(UsageError, match="expected a plain name"):
        desk.open_session(name)
    with pytest.raises(UsageError):
        desk.sessions.delete(name)


def test_a_session_that_is_not_there_cannot_be_deleted(desk):
    typed(desk.open_session("work"), "x").workspace.close()
    with pytest.raises(UsageError, match="not found") as raised:
        desk.sessions.delete("wrok")
    assert "work" in raised.value.hints[0]


def test_an_old_session_is_not_restored_nor_deleted(desk):
    typed(desk.open_session(), "old").workspace.close()
    desk.clock.set_time(desk.clock.time_s() + 31 * DAY_S)
    [old] = desk.sessions.older_than(30 * DAY_S, desk.clock.time_s())
    assert desk.sessions.older_than(32 * DAY_S, desk.clock.time_s()) == ()
    workspace = desk.open_session()
    state, events = {}, []
    workspace.on_status(events.append)
    workspace.provide("editor", lambda: dict(state), state.update)
    assert workspace.restore(max_age_s=30 * DAY_S) is Status.FRESH
    assert "31 days ago" in events[0].text
    assert workspace.flush()
    assert '"old"' in Path(old.file).read_text()
    workspace.recover("file")
    assert state == {"text": "old"}


def test_a_clock_that_is_wrong_makes_no_session_old(desk):
    typed(desk.open_session(), "x").workspace.close()
    desk.clock.set_time(1_000.0)
    assert desk.sessions.older_than(1, desk.clock.time_s()) == ()
    assert Editor(desk.open_session()).status is Status.RESTORED


# -- instances -----------------------------------------------------------------------------------


def test_instances_share_one_session_unless_they_are_isolated(desk):
    one, other = Editor(desk.open_session()), Editor(desk.open_session())
    one.type("shared")
    desk.advance(2)
    assert other.state == {"text": "shared"}

    apart = [Editor(desk.open_session(isolated=True)) for _ in range(3)]
    assert [editor.status for editor in apart] == [Status.FRESH] * 3
    for number, editor in enumerate(apart):
        editor.type(str(number))
    desk.advance(2)
    assert [editor.state for editor in apart] == [{"text": str(n)} for n in range(3)]
    assert (one.state, other.state) == ({"text": "shared"},) * 2
    assert len(desk.sessions.list()) == 1, "instances are no sessions"
    assert all(info.is_alive and not info.has_died for info in desk.sessions.instances())


def test_what_an_instance_left_that_died_is_found_and_adopted_once(desk):
    assert run_apart(lambda: (typed(desk.open_session(isolated=True), "lost?"), os._exit(9))) == 9
    [left] = desk.sessions.instances()
    assert (left.is_alive, left.has_died, left.session.providers) == (False, True, ("editor",))
    heir = Editor(desk.open_session(adopt="newest"))
    assert (heir.status, heir.state) == (Status.RESTORED, {"text": "lost?"})
    assert heir.workspace.hold.id == left.id
    with pytest.raises(UsageError, match="it is alive"):
        desk.open_session(adopt=left.id)
    assert Editor(desk.open_session(adopt="newest")).status is Status.FRESH, "nothing else is left"


def test_an_instance_that_ended_well_is_adopted_by_its_id(desk):
    editor = typed(desk.open_session(isolated=True), "done")
    name = editor.workspace.hold.id
    editor.workspace.close()
    [left] = desk.sessions.instances()
    assert (left.id, left.is_alive, left.has_died) == (name, False, False)
    assert Editor(desk.open_session(adopt="newest")).status is Status.FRESH
    assert Editor(desk.open_session(adopt=name)).state == {"text": "done"}


def test_what_an_instance_left_is_deleted_when_asked(desk):
    alive = typed(desk.open_session(isolated=True), "alive")
    ended = typed(desk.open_session(isolated=True), "ended")
    name = ended.workspace.hold.id
    ended.workspace.close()
    desk.sessions.delete_instance(name)
    with pytest.raises(UsageError, match="it is alive"):
        desk.sessions.delete_instance(alive.workspace.hold.id)
    with pytest.raises(UsageError, match="no instance has this id"):
        desk.sessions.delete_instance(name)
    assert [one.id for one in desk.sessions.instances()] == [alive.workspace.hold.id]


@pytest.mark.parametrize("name", ["../x", "newst", "", "0" * 36])
def test_only_an_id_can_be_adopted(desk, name):
    if name:
        with pytest.raises(UsageError, match="no instance has this id"):
            desk.open_session(adopt=name)


def test_an_isolated_instance_has_no_other_name(desk):
    with pytest.raises(UsageError, match="a file of its own"):
        desk.open_session("work", isolated=True)
