"""A host's state is saved by itself, comes back, and follows edits of its file."""

from __future__ import annotations

import tomllib

import pytest

from sessionctl.errors import UsageError
from sessionctl.sdk import Status, Veto
from sessionctl.services.watching.file_reading import FileReader
from tests.sdk.conftest import until


def stored(file, app="notes"):
    return tomllib.loads(file.read_text())["apps"][app]


def test_the_first_start_is_fresh_and_a_change_is_saved(start, file):
    host = start()
    assert host.workspace.restore() is Status.FRESH
    host.set("editor", text="one\ntwo\n", cursor=[1, 3])
    host.hears("saved")
    until(lambda: stored(file)["editor"] == {"text": "one\ntwo\n", "cursor": [1, 3]})


def test_what_was_saved_is_restored(start):
    first = start()
    first.workspace.restore()
    first.set("editor", text="draft", tabs=[{"name": "a"}, {"name": "b"}])
    assert first.workspace.close()

    again = start()
    assert again.workspace.restore() is Status.RESTORED
    assert again.state["editor"] == {"text": "draft", "tabs": [{"name": "a"}, {"name": "b"}]}
    assert again.statuses == ["restoring", "restored"]


def test_flush_says_that_it_is_on_the_disk(start, file):
    host = start()
    host.workspace.restore()
    host.set("editor", text="now")
    assert host.workspace.flush()
    assert stored(file)["editor"]["text"] == "now"
    assert not host.workspace.is_modified


def test_a_comment_and_the_rest_of_the_file_stay(start, file):
    file.parent.mkdir()
    text = """schema_version = 1  # ours
name = "notes"

[preferences]
theme = 'dark'

[apps.notes.editor]
# where I was
text = 'kept'   # by hand
size = 0x10

[apps.other]
x = 1
"""
    file.write_text(text)
    host = start()
    host.workspace.restore()
    host.set("editor", size=17)
    assert host.workspace.close()
    assert file.read_text() == text.replace("0x10", "17")


def test_an_edit_by_hand_reaches_the_host(start, file):
    host = start(("editor", "panels"))
    host.workspace.restore()
    host.set("editor", text="mine")
    host.set("panels", open=["a"])
    assert host.workspace.flush()
    file.write_text(file.read_text().replace('"mine"', '"theirs"'))
    host.hears("file-changed")
    assert host.state["editor"] == {"text": "theirs"}
    assert [name for name, _ in host.applied] == ["editor"]


def test_edits_of_both_sides_are_merged(start, file):
    host = start()
    host.workspace.restore()
    host.set("editor", text="t", size=1)
    assert host.workspace.flush()
    file.write_text(file.read_text().replace("size = 1", "size = 2"))
    host.set("editor", text="u")
    until(lambda: stored(file)["editor"] == {"text": "u", "size": 2})
    until(lambda: host.state["editor"] == {"text": "u", "size": 2})


def test_a_veto_leaves_the_edit_in_the_file_and_the_state_in_the_host(start, file):
    host = start()
    host.workspace.restore()
    host.set("editor", size=1)
    assert host.workspace.flush()
    host.refusal = Veto("too large")
    file.write_text(file.read_text().replace("size = 1", "size = 9999"))
    assert "too large" in host.hears("failed").text
    assert host.state["editor"] == {"size": 1}
    assert stored(file)["editor"] == {"size": 9999}
    host.refusal = None
    until(lambda: host.state["editor"] == {"size": 9999})


def test_one_key_changed_by_both_is_a_conflict_that_the_host_decides(start, file):
    host = start()
    host.workspace.restore()
    host.set("editor", size=1)
    assert host.workspace.flush()
    host.refusal = Veto("wait")
    file.write_text(file.read_text().replace("size = 1", "size = 2"))
    host.hears("failed")
    host.refusal = None
    host.set("editor", size=3)
    event = host.hears("conflict")
    assert [str(one.path) for one in event.conflicts] == ["apps.notes.editor.size"]
    assert (host.state["editor"], stored(file)["editor"]) == ({"size": 3}, {"size": 2})
    host.workspace.resolve(by_file=True)
    until(lambda: host.state["editor"] == {"size": 2})


def test_a_provider_that_fails_keeps_no_other_from_being_saved(start, file):
    host = start(("editor", "panels"))
    host.workspace.restore()
    host.set("editor", text="x")
    host.set("panels", bad=None)
    failed = host.hears("failed")
    assert (failed.provider, "None" in failed.text) == ("panels", True)
    until(lambda: file.exists() and stored(file)["editor"] == {"text": "x"})


def test_a_listener_that_fails_breaks_nothing(start, file):
    host = start()
    host.workspace.on_status(lambda event: 1 / 0)
    host.workspace.restore()
    host.set("editor", text="x")
    assert host.workspace.flush()
    assert stored(file)["editor"] == {"text": "x"}


def test_a_provider_that_was_not_restored_keeps_its_state_in_the_file(start, file):
    first = start(("editor", "panels"))
    first.workspace.restore()
    first.set("editor", text="x")
    first.set("panels", open=["a"])
    first.workspace.close()

    again = start(("editor",))
    again.provide("panels", version=2)
    assert again.workspace.restore() is Status.FAILED
    assert again.state["editor"] == {"text": "x"}
    again.set("editor", text="y")
    assert again.workspace.close()
    assert stored(file) == {"editor": {"text": "y"}, "panels": {"open": ["a"]}}


def test_an_older_state_is_migrated_and_a_newer_one_left_alone(start, file):
    first = start(version=1)
    first.workspace.restore()
    first.set("editor", size=1)
    first.workspace.close()

    second = start(version=2, migrate=lambda state, version: {"sizes": [state["size"], version]})
    assert second.workspace.restore() is Status.RESTORED
    assert second.state["editor"] == {"sizes": [1, 1]}
    second.workspace.close()
    assert stored(file) == {"editor": {"sizes": [1, 1]}, "versions": {"editor": 2}}

    old = start(version=1)
    assert old.workspace.restore() is Status.FAILED
    old.workspace.close()
    assert stored(file)["versions"] == {"editor": 2}


def test_volatile_keys_stay_out_of_the_file_and_come_back(start, file):
    first = start(volatile=("cursor",))
    first.workspace.restore()
    first.set("editor", text="x", cursor=7)
    first.workspace.close()
    assert stored(file)["editor"] == {"text": "x"}

    again = start(volatile=("cursor",))
    again.workspace.restore()
    assert again.state["editor"] == {"text": "x", "cursor": 7}


def test_fresh_brings_nothing_back_and_destroys_nothing(start, file):
    first = start()
    first.workspace.restore()
    first.set("editor", text="precious")
    first.workspace.close()

    again = start()
    assert again.workspace.restore(fresh=True) is Status.FRESH
    again.set("editor", text="new")
    assert again.workspace.flush()
    backups = [one for one in again.workspace.recovery() if one.kind == "backup"]
    assert backups
    assert again.workspace.recover(backups[0]) is Status.RESTORED
    assert again.state["editor"] == {"text": "precious"}
    assert again.workspace.flush()
    assert stored(file)["editor"] == {"text": "precious"}


def test_a_file_that_is_broken_lets_the_host_start(start, file):
    file.parent.mkdir()
    file.write_text('schema_version = 1\nname = "notes"\n[apps.notes.editor\n')
    host = start()
    assert host.workspace.restore() is Status.FAILED
    assert f"{file}:3:" in host.events[0].text
    host.set("editor", text="new")
    host.hears("degraded")
    assert file.read_text().endswith("[apps.notes.editor\n"), "nobody's edit is overwritten"
    file.write_text(file.read_text().replace(".editor\n", ".panels]\n"))
    until(lambda: "[apps.notes.editor]" in file.read_text())


def test_providers_can_be_left_out(start):
    first = start(("editor", "panels"))
    first.workspace.restore()
    first.set("editor", text="x")
    first.set("panels", open=["a"])
    first.workspace.close()

    again = start(("editor", "panels"))
    again.workspace.restore(exclude=["panels"])
    assert (again.state["editor"], again.state["panels"]) == ({"text": "x"}, {})


@pytest.mark.parametrize("app", ["", "a/b", ".hidden", "-x"])
def test_the_name_of_an_application_names_its_file(start, app):
    with pytest.raises(UsageError, match="expected a plain name"):
        start(app=app)


def test_a_second_restore_is_refused(start):
    host = start()
    host.workspace.restore()
    with pytest.raises(UsageError, match="restored already"):
        host.workspace.restore()


def test_undo_takes_the_last_change_back(start, file):
    host = start()
    host.workspace.restore()
    for text in ("one", "two"):
        host.set("editor", text=text)
        assert host.workspace.flush()
    assert host.workspace.undo()
    assert (host.state["editor"], stored(file)["editor"]) == ({"text": "one"}, {"text": "one"})


def test_what_the_file_was_not_given_comes_back(start, file):
    first = start()
    first.workspace.restore()
    first.set("editor", text="saved")
    assert first.workspace.flush()
    text = file.read_text()
    file.write_text("no TOML at all [[[")
    first.set("editor", text="typed meanwhile")
    first.hears("degraded")
    first.workspace.close()

    again = start()
    assert again.workspace.restore() is Status.RESTORED
    assert again.state["editor"] == {"text": "typed meanwhile"}
    file.write_text(text)
    until(lambda: stored(file)["editor"] == {"text": "typed meanwhile"})


def test_a_broken_file_does_not_take_the_last_state_away(start, file):
    first = start()
    first.workspace.restore()
    first.set("editor", text="saved")
    first.workspace.close()
    text = file.read_text()
    file.write_text(text + "slip of the hand")

    again = start()
    assert again.workspace.restore() is Status.RESTORED
    assert again.state["editor"] == {"text": "saved"}
    again.hears("degraded")
    assert file.read_text() == text + "slip of the hand"
    again.set("editor", text="more")
    file.write_text(text + "[preferences]\n")
    until(lambda: "[preferences]" in file.read_text() and stored(file)["editor"]["text"] == "more")


def test_secrets_are_read_by_name(start, file, environ, tmp_path):
    from sessionctl.errors import KeyNotFoundError
    from tests.world import run_sessionctl

    file.parent.mkdir()
    file.write_text('schema_version = 1\nname = "notes"\n')
    for arguments, stdin in (
        (["key", "new"], ""),
        (["secret", "set", str(file), "db.password"], "hunter2!"),
    ):
        run_sessionctl(*arguments, stdin=stdin, env=environ, cwd=file.parent)
    host = start()
    assert host.workspace.secrets["db.password"].text == "hunter2!"
    assert "hunter2" not in repr(host.workspace.secrets["db.password"])
    with pytest.raises(KeyNotFoundError):
        host.workspace.secrets["other"]


def test_a_mark_without_a_change_is_saved_once_it_was_looked_at(start, file):
    host = start()
    host.workspace.restore()
    host.set("editor", text="x")
    assert host.workspace.flush()
    before = file.read_bytes()
    host.events.clear()
    host.workspace.mark_changed("editor")
    until(lambda: host.statuses[:1] == ["modified"], lambda: host.events)
    host.hears("saved")
    assert not host.workspace.is_modified
    assert file.read_bytes() == before


def test_a_file_that_another_host_makes_and_goes_on_writing_is_no_conflict(
    start, file, monkeypatch
):
    """Two hosts begin at once: one makes the file, and changes it while the other looks."""
    read, counts = FileReader.read, [1, 2]

    def write():
        file.parent.mkdir(parents=True, exist_ok=True)
        head = 'schema_version = 1\nname = "notes"\n'
        file.write_text(f"{head}\n[apps.notes.other]\ncount = {counts.pop(0)}\n")

    def read_between_two_changes(reader, known=None):
        if not counts:
            return read(reader, known)
        write()
        reading = read(reader, known)
        write()
        return reading

    monkeypatch.setattr(FileReader, "read", read_between_two_changes)
    host = start()
    host.workspace.restore()
    host.set("editor", line=1)
    until(lambda: not counts and "line = 1" in file.read_text(), lambda: host.events)
    assert host.workspace.flush()
    assert "conflict" not in host.statuses, host.events
    assert stored(file) == {"other": {"count": 2}, "editor": {"line": 1}}
