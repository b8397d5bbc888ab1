"""backups, recover, gc and undo without git, as they are typed."""

from __future__ import annotations

import json
import os
import re
import stat
import time
from contextlib import suppress
from types import SimpleNamespace

import click
import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.cli import plan_flow
from sessionctl.cli.app import app
from sessionctl.cli.completion import complete_backup
from sessionctl.cli.output.console import Console
from sessionctl.resources import schema_text
from sessionctl.services.documents.cleanup import plan_cleanup
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.plan.runner import run as carry_out
from sessionctl.system.store import archive as archive_module
from sessionctl.system.store.archive_entry import key_of
from tests.world import run_sessionctl

NAME = "a.session.toml"
ONE = 'schema_version = 1\nname = "one"\n'
TWO = 'schema_version = 1\nname = "two"\n'
HAND = 'schema_version = 1\nname = "two"\nroot = "by hand"\n'
THREE = 'schema_version = 1\nname = "three"\nroot = "by hand"\n'
DAY_NS = 24 * 60 * 60 * 10**9


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def answer_of(*arguments, schema=None):
    result = run(*arguments, "--json")
    answer = json.loads(result.stdout)
    name = schema or arguments[0]
    jsonschema.Draft202012Validator(json.loads(schema_text(f"output-{name}.v1"))).validate(answer)
    return answer


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Return a directory with a file that was changed by command, by hand, by command."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / NAME
    file.write_text(ONE)
    assert run("set", NAME, "name", "two").exit_code == 0
    file.write_text(HAND)
    assert run("set", NAME, "name", "three").exit_code == 0
    assert file.read_text() == THREE
    return tmp_path


@pytest.fixture
def store():
    return open_store(Console().machine.state)


def ids(work):
    return [
        one["id"] for one in answer_of("backups", "list", NAME, schema="backups-list")["backups"]
    ]


# -- backups -------------------------------------------------------------------------------


def test_every_text_that_was_there_is_listed_the_newest_first(work):
    backups = answer_of("backups", "list", NAME, schema="backups-list")["backups"]
    assert [(one["why"], one["now"]) for one in backups] == [
        ("set", True), ("by hand", False), ("set", False), ("by hand", False),
    ]  # fmt: skip
    lines = run("backups", "list", NAME).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["now", "1", "2", "3"]
    assert [line.split()[1] for line in lines] == [one["id"] for one in backups]


def test_a_backup_is_named_by_its_number_or_its_id(work):
    assert run("backups", "show", NAME, "3").stdout == ONE
    assert run("backups", "show", NAME, ids(work)[3]).stdout == ONE
    assert answer_of("backups", "show", NAME, "1", schema="backups-show")["text"] == HAND


@pytest.mark.parametrize(
    ("word", "code", "message"),
    [
        ("9", 1, "no backup 9, there are 3"),
        ("0", 1, "no backup 0"),
        ("ffffffffffffff", 1, "no backup ffffffffffffff"),
        ("../x", 2, "expected the id of a backup"),
    ],
)
def test_a_backup_that_is_not_there_is_told_with_the_next_step(work, word, code, message):
    result = run("backups", "show", NAME, word)
    assert result.exit_code == code
    assert message in result.stderr
    assert f"hint: see what there is: sessionctl backups list {NAME}" in result.stderr


def test_two_backups_that_begin_alike_are_told_apart(work, store, monkeypatch):
    monkeypatch.setattr(archive_module, "address_of", lambda data: f"{'a' * 12}{len(data):028d}")
    monkeypatch.setattr("sessionctl.services.history.backups.address_of", archive_module.address_of)
    for number in range(3):
        store.save("b.toml", "a = 1\n" * number + "b = 1\n")
    found = answer_of("backups", "list", "b.toml", schema="backups-list")["backups"]
    assert len({one["id"] for one in found}) == 3
    assert all(len(one["id"]) > 12 for one in found)
    assert "more than one backup begins with" in run("backups", "show", "b.toml", "aaaa").stderr


def test_secrets_in_a_backup_are_masked_unless_asked_for(work):
    secret = ONE + '[connections.a]\ndriver = "http"\npassword = "hunter2"\n'
    (work / NAME).write_text(secret)
    run("set", "--force", NAME, "name", "x")
    assert "hunter2" not in run("backups", "show", NAME, "1").output
    assert "hunter2" not in run("backups", "diff", NAME, "1", "2").output
    assert "hunter2" not in run("backups", "list", NAME, "--json").output
    assert run("backups", "show", "--raw", NAME, "1").stdout == secret
    assert "hunter2" in run("backups", "show", "--raw", "--json", NAME, "1").stdout


def test_what_changed_since_a_backup_is_told_key_by_key(work):
    result = run("backups", "diff", NAME)
    assert (result.exit_code, result.stdout) == (1, '~ name: "two" -> "three"\n')
    assert run("backups", "diff", NAME, "3", "2").stdout == '~ name: "one" -> "two"\n'
    same = run("backups", "diff", NAME, ids(work)[0])
    assert (same.exit_code, same.stdout) == (0, "")
    answer = answer_of("backups", "diff", NAME, "3", "1", schema="backups-diff")
    assert answer["after"] == ids(work)[1]


def test_a_change_of_the_layout_alone_is_told(work):
    run("fmt", NAME)
    (work / NAME).write_text(THREE.replace(" = ", "="))
    result = run("backups", "diff", NAME, ids(work)[0])
    assert result.exit_code == 1
    assert "only the layout or a secret differs" in result.stderr


def test_a_file_is_brought_back_byte_for_byte_and_that_can_be_undone(work):
    (work / NAME).chmod(0o640)
    result = run("backups", "restore", "--yes", NAME, "3")
    assert result.exit_code == 0
    assert '~ name: "three" -> "one"' in result.stdout
    assert (work / NAME).read_text() == ONE
    assert stat.S_IMODE((work / NAME).stat().st_mode) == 0o640
    assert run("backups", "restore", "--yes", NAME, "1").exit_code == 0
    assert (work / NAME).read_text() == THREE


def test_what_is_there_already_is_not_restored(work):
    assert "it is the same as" in run("backups", "restore", "--yes", NAME, ids(work)[0]).stderr
    answer = answer_of("backups", "restore", "--yes", NAME, ids(work)[0], schema="backups-restore")
    assert answer["restored"] is False


def test_a_dry_run_restores_nothing(work):
    result = run("backups", "restore", "-n", NAME, "3")
    assert "would be restored to" in result.stderr
    assert (work / NAME).read_text() == THREE
    assert answer_of("backups", "restore", "-n", NAME, "3", schema="backups-restore")["dry_run"]


def test_bytes_that_are_no_text_are_brought_back_too(work):
    (work / NAME).write_bytes(b"\xff\xfe")
    assert run("recover", "--yes", NAME, "1").exit_code == 0
    assert run("backups", "restore", "--yes", NAME, "1").exit_code == 0
    assert (work / NAME).read_bytes() == b"\xff\xfe"


def test_a_file_without_backups_is_told(work):
    result = run("backups", "list", "other.toml")
    assert result.exit_code == 1
    assert "no backup of it is kept" in result.stderr
    assert not (work / "state").exists()


def test_backups_are_completed(work):
    context = SimpleNamespace(params={"file": NAME}, obj=Console())
    found = [item.value for item in complete_backup(context, None, "")]
    assert found == ids(work)[1:]
    context.params["file"] = str(work)
    assert complete_backup(context, None, "") == []


# -- recover -------------------------------------------------------------------------------


def test_backups_and_commits_are_offered(work, git_repo):
    git_repo.commit("begin", x__toml="a = 1\n")
    git_repo.commit("go on", x__toml="a = 2\n")
    file = git_repo.path / "x.toml"
    assert run("set", str(file), "a", "3").exit_code == 0
    found = answer_of("recover", str(file))["candidates"]
    assert [(one["source"], one["why"], one["now"]) for one in found] == [
        ("backup", "set", True),
        ("backup", "by hand", False),
        ("git", "go on", False),
        ("git", "begin", False),
    ]
    assert run("recover", "--yes", str(file), found[3]["id"]).exit_code == 0
    assert file.read_text() == "a = 1\n"
    assert "begin" in run("recover", str(file)).stdout


def test_a_file_that_is_gone_is_brought_back(work):
    (work / NAME).unlink()
    listed = run("recover")
    assert listed.stdout == f"{work / NAME}: the file is gone\n"
    assert answer_of("recover")["pending"] == [
        {"file": str(work / NAME), "what": ["the file is gone"]}
    ]
    result = run("recover", "--yes", NAME, "1")
    assert "does not exist now, all of it is restored" in result.stderr
    assert (work / NAME).read_text() == THREE


def test_nothing_is_restored_unasked(work):
    for arguments in ([], ["--no-input"], ["--json"]):
        result = run("recover", *arguments, NAME, "1")
        assert result.exit_code == 2
        assert "restoring asks first" in result.stderr
        line = " ".join(["confirm it: sessionctl recover", *arguments, NAME, "1 --yes"])
        assert line in result.stderr
    assert run("recover", "-n", NAME, "1").exit_code == 0
    assert (work / NAME).read_text() == THREE


@pytest.mark.parametrize(("reply", "text"), [("y", HAND), ("", THREE)])
def test_the_change_is_shown_and_asked_about(work, monkeypatch, reply, text):
    monkeypatch.setattr(plan_flow, "is_someone_there", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda *_a, **_k: reply == "y")
    result = run("recover", NAME, "1")
    assert '~ name: "three" -> "two"' in result.stdout
    assert (work / NAME).read_text() == text
    assert ("unchanged" in result.stderr) == (text == THREE)


def test_what_cannot_be_told_key_by_key_is_offered_all_the_same(work):
    (work / NAME).write_text("name = \n")
    result = run("recover", "--yes", NAME, "1")
    assert "no changes by key" in result.stderr
    assert (work / NAME).read_text() == THREE


@pytest.mark.parametrize(
    ("word", "message"),
    [("99", "there is no number 99"), ("ffffffffffffff", "there is no text ffffffffffffff")],
)
def test_a_text_that_is_not_there_is_told(work, word, message):
    result = run("recover", NAME, word)
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_file_that_nothing_is_known_of_is_told(work):
    (work / "other.toml").write_text("a = 1\n")
    result = run("recover", "other.toml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "there is no other version to restore" in result.stderr


def test_what_is_there_already_is_not_recovered(work):
    result = run("recover", "--yes", NAME, ids(work)[0])
    assert "it is the same as" in result.stderr


def test_a_change_that_was_refused_is_offered(work, store):
    from sessionctl.errors import ChangedError

    with pytest.raises(ChangedError):
        store.save(work / NAME, TWO, expected=ONE)
    assert "a change that was not written" in run("recover").stdout
    assert answer_of("recover", NAME)["candidates"][0]["why"] == "refused"
    assert run("set", NAME, "name", "later").exit_code == 0
    assert "lacks anything" in run("recover").stderr


def test_a_damaged_backup_is_left_out_and_the_others_are_offered(work, store):
    archive = store.archive(NAME)
    address = archive.entries()[0].before
    (work / "x").write_text("")
    os.truncate(os.path.join(archive.directory, address), 3)
    assert len(answer_of("recover", NAME)["candidates"]) == 3
    assert "damaged" in run("backups", "show", NAME, "3").stderr


def test_a_save_that_was_cut_short_is_finished(work, store):
    archive = store.archive(NAME)
    entry = archive.entries()[-1]
    left = work / f".sessionctl-{key_of(archive.target)[:12]}-{entry.token}.tmp"
    left.write_text(HAND + "late = 1\n")
    answer = answer_of("recover")
    (note,) = answer["settled"]
    assert note == f"{archive.target}: an edit came in when a save was cut short; it was merged"
    assert not left.exists()
    assert (work / NAME).read_text() == THREE + "late = 1\n"


def test_a_temporary_file_that_nobody_knows_any_more_is_kept(work, store):
    archive = store.archive(NAME)
    left = work / f".sessionctl-{key_of(archive.target)[:12]}-0123.tmp"
    left.write_text("x = 1\n")
    run("recover", NAME)
    assert not left.exists()
    assert answer_of("recover", NAME)["candidates"][0]["why"] == "slipped"


def test_a_file_that_cannot_be_read_does_not_hide_the_others(work):
    run("set", NAME, "root", "x")
    other = work / "b.toml"
    other.write_text("a = 1\n")
    run("set", "b.toml", "a", "2")
    other.unlink()
    other.mkdir()
    (work / NAME).unlink()
    result = run("recover")
    assert f"{work / NAME}: the file is gone" in result.stdout
    assert "a directory, not a file" in result.stdout


# -- gc ------------------------------------------------------------------------------------


def test_old_changes_are_dropped_and_their_texts(work, store, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "1")
    monkeypatch.setenv("SESSIONCTL_BACKUPS_DAYS", "0")
    planned = answer_of("gc", "-n")
    assert [(one["changes"], one["whole"]) for one in planned["documents"]] == [(1, False)]
    assert len(store.archive(NAME).entries()) == 2
    result = run("gc")
    assert result.stdout == f"{work / NAME}: 1 old change, {len(ONE) + len(TWO)} bytes\n"
    assert len(ids(work)) == 2
    assert "nothing to delete" in run("gc").stderr


def test_everything_of_a_file_that_is_long_gone_is_dropped(work, store):
    (work / NAME).unlink()
    from sessionctl.services.settings.user_store import user_settings

    settings = user_settings(Console().machine).settings
    assert plan_cleanup(store, settings) == ()
    plan = plan_cleanup(store, settings, time.time_ns() + 91 * DAY_NS)
    (outcome,) = carry_out(plan, 0).check().done
    assert outcome.step.is_whole
    assert list(store.archives()) == []
    assert not os.path.exists(outcome.step.archive.directory)


def test_the_last_valid_text_stays_whatever_comes_after(work, store, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "1")
    monkeypatch.setenv("SESSIONCTL_BACKUPS_DAYS", "0")
    for text in ("", "name = \n", "x = 1\n", "y = 1\n"):
        store.save(NAME, text)
    run("gc")
    texts = [run("backups", "show", NAME, one).stdout for one in ids(work)]
    assert THREE in texts


def test_a_document_that_cannot_be_cleaned_does_not_stop_the_others(work, store, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "1")
    monkeypatch.setenv("SESSIONCTL_BACKUPS_DAYS", "0")
    real = archive_module.os.unlink

    def refuse(path, **options):
        if len(os.path.basename(path)) == 40:
            raise PermissionError(13, "Permission denied")
        real(path, **options)

    monkeypatch.setattr(archive_module.os, "unlink", refuse)
    result = run("gc")
    assert result.exit_code == 3
    assert "cannot remove" in result.stderr


def test_a_mistake_in_the_settings_is_told(work, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "x")
    assert "SESSIONCTL_BACKUPS_COUNT" in run("gc").stderr


_KEEP = "[backups]\nclean = false\ncount = 500\n"


def _broken_settings(kind, home, monkeypatch):
    """Make settings that cannot be read in full, and return where the mistake is."""
    file = home / "config" / "sessionctl" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "syntax":
            file.write_text(_KEEP + "oops = [\n")
            return f"{file}:4:"
        case "value":
            file.write_text('[backups]\ncount = "500"\n')
            return f"{file}:2:"
        case "bytes":
            file.write_bytes(_KEEP.encode() + b"# \xff\n")
            return f"{file}:4:"
        case "loop":
            file.symlink_to(file.name)
        case "dangling":
            file.symlink_to("not-there.toml")
        case "directory":
            file.mkdir()
        case "variable":
            monkeypatch.setenv("SESSIONCTL_BACKUPS_CLEAN", "nope")
            return "SESSIONCTL_BACKUPS_CLEAN"
    return str(file)


@pytest.mark.parametrize(
    "kind", ["syntax", "value", "bytes", "loop", "dangling", "directory", "variable"]
)
@pytest.mark.parametrize("way", ["set", "week", "gc", "gc -n"])
def test_nothing_is_deleted_while_the_settings_cannot_be_read(work, home, monkeypatch, kind, way):
    from sessionctl.services.settings.user_store import user_store

    monkeypatch.setattr("sessionctl.services.documents.cleanup.retained", lambda *_: set())
    store = user_store(Console().machine)
    before = len(store.archive(NAME).entries())
    place = _broken_settings(kind, home, monkeypatch)
    if way.startswith("gc"):
        result = run(*way.split())
        assert result.exit_code == 1
    else:
        if way == "set":
            monkeypatch.setattr("sessionctl.system.store.store._MANY", 1)
            monkeypatch.setattr("sessionctl.system.store.store._EVERY", 1)
        stamp = os.path.join(store.directory, "cleaned")
        with open(stamp, "w"):
            os.utime(stamp, (0, 0) if way == "week" else None)
        result = run("set", NAME, "name", "other")
        assert result.exit_code == 0
        before += 1
    assert len(store.archive(NAME).entries()) == before
    assert result.stderr.count("no backups are deleted") == 1
    assert place in result.stderr
    assert "hint: " in result.stderr


def test_other_mistakes_in_the_settings_do_not_stop_the_cleaning(work, home):
    file = home / "config" / "sessionctl" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("nothing = 1\n")
    assert run("gc").exit_code == 0


@pytest.mark.parametrize("is_cleaning", ["true", "false"])
def test_old_changes_go_by_themselves_now_and_then(work, monkeypatch, is_cleaning):
    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "5")
    monkeypatch.setenv("SESSIONCTL_BACKUPS_CLEAN", is_cleaning)
    from sessionctl.services.settings.user_store import user_store

    store = user_store(Console().machine)
    for number in range(62):
        store.save(NAME, f"{THREE}# {number}\n")
    assert len(store.archive(NAME).entries()) == (5 if is_cleaning == "true" else 64)


def test_once_a_week_all_documents_are_cleaned(work, monkeypatch):
    from sessionctl.services.settings.user_store import user_store

    monkeypatch.setenv("SESSIONCTL_BACKUPS_COUNT", "1")
    monkeypatch.setenv("SESSIONCTL_BACKUPS_DAYS", "0")
    store = user_store(Console().machine)
    stamp = os.path.join(store.directory, "cleaned")
    assert len(store.archive(NAME).entries()) == 2
    store.save("b.toml", "a = 1\n")
    assert len(store.archive(NAME).entries()) == 2
    os.utime(stamp, (0, 0))
    store.save("b.toml", "a = 2\n")
    assert len(store.archive(NAME).entries()) == 1
    assert os.stat(stamp).st_mtime > 0
    os.utime(stamp, (0, 0))
    monkeypatch.setenv("SESSIONCTL_BACKUPS_CLEAN", "false")
    store.save(NAME, ONE)
    assert len(store.archive(NAME).entries()) == 2
    os.unlink(stamp)
    os.mkdir(stamp)
    os.utime(stamp, (0, 0))
    assert store.save(NAME, TWO).is_changed, "what cannot be cleaned waits"


def test_a_file_that_came_back_keeps_its_backups(work, store):
    from sessionctl.services.settings.user_store import user_settings

    (work / NAME).unlink()
    plan = plan_cleanup(
        store, user_settings(Console().machine).settings, time.time_ns() + 91 * DAY_NS
    )
    store.save(work / NAME, ONE)
    carry_out(plan, 0).check()
    assert len(store.archive(NAME).entries()) == 3


def test_a_cleaning_that_fails_is_a_note(work, monkeypatch):
    from sessionctl.errors import FileError
    from sessionctl.services.settings.user_store import user_store

    monkeypatch.setattr("sessionctl.system.store.store._MANY", 1)
    monkeypatch.setattr("sessionctl.system.store.store._EVERY", 1)

    def fail(*_):
        raise FileError("no")

    monkeypatch.setattr("sessionctl.services.documents.cleanup.drop_old", fail)
    assert user_store(Console().machine).save(NAME, "a = 1\n").notes == (("no", "sessionctl gc"),)


# -- undo ----------------------------------------------------------------------------------


def test_without_git_changes_are_taken_back_one_by_one(work):
    for text in (HAND, HAND.replace("two", "one")):
        result = run("undo", NAME)
        assert result.stderr.splitlines()[0] == "undid what 'set' changed"
        assert (work / NAME).read_text() == text, "what was done by hand stays"


def test_an_undo_is_taken_back_as_often_as_there_were_undos(work):
    run("undo", NAME)
    run("undo", NAME)
    assert run("undo", "--redo", NAME).exit_code == 0
    assert (work / NAME).read_text() == HAND
    assert run("undo", "--redo", NAME).exit_code == 0
    assert (work / NAME).read_text() == THREE
    result = run("undo", "--redo", NAME)
    assert result.exit_code == 1
    assert "no undo to revert" in result.stderr
    run("undo", NAME)
    assert (work / NAME).read_text() == HAND


def test_what_was_changed_by_hand_is_taken_back_first(work):
    (work / NAME).write_text(THREE + "[preferences]\nx = 1\n")
    answer = answer_of("undo", "-n", NAME)
    assert answer["takes_back"] == "by-hand"
    assert "undid what was changed by hand" in run("undo", NAME).stderr
    assert (work / NAME).read_text() == THREE
    run("undo", "--redo", NAME)
    assert (work / NAME).read_text().endswith("x = 1\n")


def test_a_later_edit_stays_where_it_does_not_clash(work):
    assert run("set", NAME, "root", "elsewhere").exit_code == 0
    run("undo", NAME)
    run("undo", NAME)
    assert (work / NAME).read_text() == HAND


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1, max_size=6))
def test_what_is_undone_step_by_step_is_redone_step_by_step(tmp_path_factory, steps):
    """The text after all redos is the text before all undos, whoever made the changes."""
    from sessionctl.errors import EditError
    from sessionctl.services.history.undo_plan import plan_undo

    no_git = {"PATH": "/nowhere"}
    file = tmp_path_factory.mktemp("undo") / "x.toml"
    store = open_store(str(file.parent / "state"))
    begin = "".join(f"k{key} = 0\n" for key in range(4))
    file.write_text(begin)
    store.save(file, begin + "# saved\n")
    for number, (by_hand, key) in enumerate(steps, 1):
        text = re.sub(rf"k{key} = \d+", f"k{key} = {number}", file.read_text())
        file.write_text(text) if by_hand else store.save(file, text)
    end = file.read_text()
    count = 0
    with suppress(EditError):
        while count < 20 and carry_out(plan_undo(str(file), no_git, store).plan(), store).done:
            count += 1
    texts = count
    while count:
        undo = plan_undo(str(file), no_git, store, redo=True)
        assert not undo.result.conflicts
        carry_out(undo.plan(), store).check()
        count -= 1
    assert file.read_text() == end
    assert 0 < texts < 20


def test_the_beginning_of_a_file_is_not_taken_back(work):
    run("new", "b")
    result = run("undo", "b.session.toml")
    assert result.exit_code == 1
    assert "'new' began the file, there is nothing before it" in result.stderr


@pytest.mark.parametrize("command", ["diff", "log"])
def test_without_git_the_kept_versions_are_named(work, command):
    (work / "c.toml").write_text("a = 1\n")
    assert "backups list" not in run(command, "c.toml").stderr
    run("set", "c.toml", "a", "2")
    result = run(command, "c.toml")
    assert result.exit_code == 3
    assert "kept without git: sessionctl backups list c.toml\n" in result.stderr


def test_what_sessionctl_never_changed_cannot_be_undone(work):
    (work / "c.toml").write_text("a = 1\n")
    result = run("undo", "c.toml")
    assert result.exit_code == 1
    assert "error: c.toml: nothing to undo: no backup of it is kept" in result.stderr
    assert "not in a git repository" in run("undo", "--commit", "x", "c.toml").stderr


def test_when_all_is_taken_back_that_is_told(work):
    run("undo", NAME)
    run("undo", NAME)
    before = (work / NAME).read_bytes()
    result = run("undo", NAME)
    assert result.exit_code == 1
    assert f"{NAME}: no older change to undo\n" in result.stderr
    assert f"hint: see what there was: sessionctl backups list {NAME}\n" in result.stderr
    assert (work / NAME).read_bytes() == before
    assert run("undo", "--redo", NAME).exit_code == 0
    assert run("undo", NAME).exit_code == 0


def test_a_file_of_a_repository_that_was_never_committed_is_undone_by_its_backups(git_repo):
    file = git_repo.write("x.toml", "a = 1\n")
    run("set", str(file), "a", "2")
    assert run("undo", str(file)).exit_code == 0
    assert file.read_text() == "a = 1\n"
    assert run("undo", "--commit", "HEAD", str(file)).exit_code == 1


def test_the_lists_are_for_eyes_that_read_local_time(work):
    done = run_sessionctl("backups", "list", NAME, cwd=work, env={"TZ": "Asia/Tokyo"})
    here = run_sessionctl("backups", "list", NAME, cwd=work, env={"TZ": "UTC"})
    assert done.stdout != here.stdout
