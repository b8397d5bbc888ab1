"""Saving a real tmux session into its file."""

from __future__ import annotations

import os
import tomllib
import uuid

import pytest

from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError, RefusedError
from sessionctl.services.live.live_memory import LiveMemory
from sessionctl.services.live.workspace_save import SaveRequest, _new_id, save_workspace

FILE = "s.session.toml"


@pytest.fixture
def session(world):
    """A session with two windows: one pane with a program, two with shells."""
    (world.home / "src").mkdir()
    world.tmux("new-session", "-d", "-s", "work", "-c", world.home / "src", "-n", "editor")
    world.tmux("set-option", "-t", "work", "status-left", "[work] ")
    world.tmux("set-environment", "-t", "work", "STAGE", "test")
    world.tmux("new-window", "-d", "-t", "work:3", "-n", "logs", "-c", world.home)
    world.tmux("split-window", "-d", "-h", "-t", "work:3", "-c", world.home / "src")
    world.type("work:editor", "tail -f /dev/null")
    world.wait_for_program("work", ("tail", "-f", "/dev/null"))
    return world


def save(world, name="work", file=None, **how):
    file = file or world.home / FILE
    return save_workspace(SaveRequest(world.standing(name), str(file), **how), world.context)


def text_of(world):
    return (world.home / FILE).read_text()


def value_of(world):
    return tomllib.loads(text_of(world))


def test_a_new_file_has_what_stands(session):
    outcome = save(session)
    assert outcome.is_written
    value = value_of(session)
    assert value["name"] == "work"
    assert value["root"] == "~/src"
    assert value["env"] == {"STAGE": "test"}
    assert value["options"] == {"status-left": "[work] "}
    first, second = value["windows"]
    assert first == {"name": "editor", "panes": [{"run": ["tail", "-f", "/dev/null"]}]}
    assert (second["name"], second["index"]) == ("logs", 3)
    assert second["panes"] == [{"cwd": "~"}, {}]
    assert second["layout"].endswith(",120x40,0,0{60x40,0,0,59x40,61,0}")


def test_a_new_file_has_the_name_of_a_session(session):
    for word in ("notes.txt", "notes", "notes.toml", "./notes"):
        done = session.run("save", "work", "--file", session.home / word, check=False)
        assert (done.returncode, (session.home / word).exists()) == (2, False)
        fit = session.home / "notes.session.toml"
        assert done.stderr.endswith(f"choose a name that 'list' and 'sync' find, such as {fit}\n")
    kept = session.home / "kept.toml"  # such a file can be there from before
    kept.write_text('schema_version = 1\nname = "work"\n')
    assert session.run("save", "work", "--file", kept, "--force").returncode == 0


def test_a_new_file_is_valid(session):
    save(session)
    assert list(validate(Document.parse(text_of(session), FILE))) == []


def test_an_unchanged_session_writes_nothing(session):
    save(session)
    before = os.stat(session.home / FILE)
    outcome = save(session)
    assert not outcome.is_change
    after = os.stat(session.home / FILE)
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_one_changed_directory_is_one_changed_line(session):
    save(session)
    before = text_of(session).splitlines()
    (session.home / "other").mkdir()
    session.type("work:3.0", "cd other")
    session.wait_until(lambda: session.panes("work")[1].cwd.endswith("other"))
    save(session)
    after = text_of(session).splitlines()
    assert [line for line in after if line not in before] == ['  cwd = "~/other"']
    assert len(after) == len(before)


def test_what_was_edited_by_hand_stays_beside_what_changed_in_the_session(session):
    save(session)
    text = text_of(session)
    edited = text.replace('name = "logs"', '# what went wrong\nname = "trouble"  # renamed')
    edited = edited.replace("[[windows]]", "# the first\n[[windows]]", 1)
    (session.home / FILE).write_text(edited)
    session.tmux("rename-window", "-t", "work:0", "code")
    outcome = save(session)
    assert outcome.conflicts == ()
    merged = text_of(session)
    assert "# what went wrong\n" in merged
    assert 'name = "trouble"  # renamed' in merged
    assert "# the first\n" in merged
    assert 'name = "code"' in merged


def test_panes_put_in_another_order_by_hand_stay_so(session):
    save(session)
    text = text_of(session)
    head, tail = text.split('  [[windows.panes]]\n  cwd = "~"\n')
    (session.home / FILE).write_text(head + tail + '\n  [[windows.panes]]\n  cwd = "~"\n')
    reordered = text_of(session)
    session.tmux("set-option", "-t", "work", "status-left", "changed")
    save(session)
    assert text_of(session) == reordered.replace("[work] ", "changed")


def test_where_both_changed_the_same_the_file_keeps_its_own(session):
    save(session)
    (session.home / FILE).write_text(text_of(session).replace("[work] ", "by hand"))
    session.tmux("set-option", "-t", "work", "status-left", "live")
    outcome = save(session)
    assert [str(conflict.path) for conflict in outcome.conflicts] == ["options"]
    assert value_of(session)["options"] == {"status-left": "by hand"}


def test_short_forms_of_directories_stay_while_they_lead_there(session):
    save(session)
    (session.home / "link").symlink_to(session.home / "src")
    text = text_of(session).replace('root = "~/src"', 'root = "$PROJECT"')
    text = text.replace('  cwd = "~"', '  cwd = ".."')
    (session.home / FILE).write_text(text)
    session.env["PROJECT"] = str(session.home / "link")
    session.tmux("set-option", "-t", "work", "status-left", "changed")
    save(session)
    assert text_of(session) == text.replace("[work] ", "changed")


def test_a_shell_line_and_a_start_choice_stay(session):
    save(session)
    line = 'run = "tail -f /dev/null | cat"  # follow\n  start = "run"'
    text = text_of(session).replace('run = ["tail", "-f", "/dev/null"]', line)
    (session.home / FILE).write_text(text)
    session.tmux("set-option", "-t", "work", "status-left", "changed")
    save(session)
    assert line in text_of(session)


def test_a_window_that_was_closed_goes_with_its_comment(session):
    save(session)
    text = text_of(session).replace(
        '[[windows]]\nname = "logs"', '# logs\n[[windows]]\nname = "logs"'
    )
    (session.home / FILE).write_text(text)
    save(session)
    session.tmux("kill-window", "-t", "work:3")
    save(session)
    assert "logs" not in text_of(session)


def test_a_renamed_session_keeps_its_file(session):
    save(session)
    session.tmux("rename-session", "-t", "work", "play")
    save(session, "play")
    assert value_of(session)["name"] == "play"


def test_a_layout_in_a_smaller_client_is_not_saved(session):
    save(session)
    before = text_of(session)
    session.tmux("resize-window", "-t", "work:3", "-x", "80", "-y", "24")
    outcome = save(session)
    assert text_of(session) == before
    assert not outcome.is_change


def test_a_layout_of_the_same_size_is_saved(session):
    save(session)
    session.tmux("resize-pane", "-t", "work:3.0", "-x", "30")
    save(session)
    assert "{30x40,0,0,89x40,31,0}" in text_of(session)


def test_a_poor_session_does_not_replace_a_rich_file(session):
    save(session)
    before = text_of(session)
    session.tmux("kill-window", "-t", "work:3")
    for number in range(4, 24):
        session.tmux("new-window", "-d", "-t", f"work:{number}", "-n", f"w{number}")
    save(session)
    rich = text_of(session)
    for number in range(4, 24):
        session.tmux("kill-window", "-t", f"work:{number}")
    session.tmux("set-option", "-u", "-t", "work", "status-left")
    session.tmux("set-environment", "-u", "-t", "work", "STAGE")
    session.tmux("respawn-pane", "-k", "-t", "work:0")
    session.wait_until(lambda: session.panes("work")[0].run is None)
    with pytest.raises(RefusedError, match="much less"):
        save(session)
    assert text_of(session) == rich != before
    save(session, may_shrink=True)
    assert len(value_of(session)["windows"]) == 1


def test_one_window_alone_is_saved(session):
    save(session)
    session.tmux("rename-window", "-t", "work:0", "code")
    session.tmux("rename-window", "-t", "work:3", "trouble")
    session.run("save", "work", "--file", session.home / FILE, "--window", "trouble")
    names = [window["name"] for window in value_of(session)["windows"]]
    assert names == ["editor", "trouble"]


def test_a_snapshot_is_a_file_that_nothing_saves_into(session):
    session.run("save", "work", "--as", "before")
    snapshot = session.home / ".config/sessionctl/sessions/before.session.toml"
    text = snapshot.read_text()
    session.tmux("rename-window", "-t", "work:0", "code")
    session.run("save", "work")
    assert snapshot.read_text() == text
    assert (snapshot.parent / "work.session.toml").exists()


def test_a_session_that_came_back_from_a_snapshot_is_saved_into_its_own_file(session):
    session.run("save", "work")
    session.run("save", "work", "--as", "before")
    folder = session.home / ".config/sessionctl/sessions"
    snapshot, own = folder / "before.session.toml", folder / "work.session.toml"
    text = snapshot.read_text()
    session.end()
    session.run("restore", "before")
    session.tmux("rename-window", "-t", "work:0", "code")
    session.run("save", "work")
    assert snapshot.read_text() == text
    assert 'name = "code"' in own.read_text()


def test_a_snapshot_and_the_file_of_a_session_are_never_one(session):
    session.run("save", "work")
    session.run("save", "work", "--as", "before")
    folder = session.home / ".config/sessionctl/sessions"
    before = {path: path.read_text() for path in folder.iterdir()}
    session.tmux("rename-window", "-t", "work:0", "code")
    for words in (["--as", "work"], ["--file", folder / "before.session.toml"]):
        done = session.run("save", "work", *words, check=False)
        assert done.returncode == 5, done.stderr
    assert {path: path.read_text() for path in folder.iterdir()} == before
    session.run("save", "work", "--as", "before")
    assert 'name = "code"' in (folder / "before.session.toml").read_text()


def test_a_session_that_does_not_run_ends_with_the_code_that_the_help_names(session):
    for command in ("save", "close"):
        done = session.run(command, "nothing", check=False)
        assert done.returncode == 3
        assert "there is no session nothing" in done.stderr


def test_close_names_the_session_that_it_cannot_ask_about(session):
    line = f"sessionctl close work --tmux-socket {session.socket}"
    done = session.run("close", "work", check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "sessionctl: error: work: ending it asks first, and there is no terminal to ask on\n"
        f"sessionctl: hint: confirm it: {line} --yes\n"
        f"sessionctl: hint: see what would be done: {line} --dry-run\n"
    )


def test_secrets_among_arguments_never_reach_a_file(session):
    session.type("work:3.0", "tail -f /dev/null --password=hunter2-Xy77zz")
    session.tmux(
        "set-environment", "-t", "work", "API_TOKEN", "ghp_0123456789abcdefABCDEF0123456789abcd"
    )
    session.type("work:3.1", "python3 -c 'import time; time.sleep(99)' --password=hunter2-Xy77zz")
    session.wait_until(lambda: session.panes("work")[2].run is not None)
    outcome = save(session)
    assert outcome.masked
    kept = [path.read_bytes() for path in session.home.rglob("*") if path.is_file()]
    assert not any(b"hunter2" in data or b"ghp_01" in data for data in kept)
    pane = value_of(session)["windows"][1]["panes"][1]
    assert pane["run"][-1] == "--password=***"
    assert pane["start"] == "type"


def test_panes_that_were_deleted_by_hand_stay_so_while_the_session_changes(session):
    save(session)
    text = text_of(session)
    pane = '\n  [[windows.panes]]\n  run = ["tail", "-f", "/dev/null"]\n'
    assert pane in text
    (session.home / FILE).write_text(text.replace(pane, ""))
    session.tmux("respawn-pane", "-k", "-t", "work:editor", "-c", session.home)
    session.type("work:editor", "tail -f /etc/hostname")
    session.wait_for_program("work", ("tail", "-f", "/etc/hostname"))
    outcome = save(session)
    assert [str(conflict.path) for conflict in outcome.conflicts]
    assert "panes" not in value_of(session)["windows"][0]
    session.tmux("rename-window", "-t", "work:editor", "desk")
    save(session)
    assert value_of(session)["windows"][0]["name"] == "desk"
    assert "panes" not in value_of(session)["windows"][0]


def test_a_file_that_is_no_toml_is_named_in_the_error(session):
    save(session)
    (session.home / FILE).write_text(text_of(session) + "broken = \n")
    session.tmux("set-option", "-t", "work", "status-left", "changed")
    with pytest.raises(ParseError, match=r"s\.session\.toml:\d+:10: expected a value"):
        save(session)


def test_a_save_that_ended_between_the_file_and_its_record_is_no_edit_by_hand(session, monkeypatch):
    save(session)
    session.tmux("rename-window", "-t", "work:editor", "one")

    class Killed(BaseException):
        pass

    def die(self, record):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(LiveMemory, "keep", die)
        with pytest.raises(Killed):
            save(session)
    assert value_of(session)["windows"][0]["name"] == "one"
    session.tmux("rename-window", "-t", "work:one", "two")
    outcome = save(session)
    assert (outcome.conflicts, value_of(session)["windows"][0]["name"]) == ((), "two")


def test_the_id_of_a_new_file_is_a_random_uuid():
    found = [_new_id() for _ in range(64)]
    assert {str(uuid.UUID(one)) for one in found} == set(found)
    assert {(uuid.UUID(one).version, uuid.UUID(one).variant) for one in found} == {
        (4, uuid.RFC_4122)
    }
    # Each digit but those two is random: no one is the same in all of them.
    fixed = [at for at, digits in enumerate(zip(*found, strict=True)) if len(set(digits)) == 1]
    assert [at for at in fixed if found[0][at] != "-"] == [14]
