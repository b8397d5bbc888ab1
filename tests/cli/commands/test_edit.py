"""edit: a real editor program on a private copy; what is valid is saved, nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import time

import pytest

from sessionctl.cli.input.editor import editor_argv, user_editor
from sessionctl.cli.output.console import Console
from sessionctl.services.machine import Machine
from tests.answers import assert_answer
from tests.git.inprocess import run_inside
from tests.world import need, program_words, run_sessionctl

NAME = "a.session.toml"
TEXT = """\
schema_version = 1
name = "api"
# by hand

[[windows]]
name = "editor"
layout = "tiled"

[preferences]
theme = "dark"
columns = [80, 100]
ratio = 0.5
wrap = true
"""
VALID = "s/tiled/even-vertical/"
INVALID = "s/tiled/tild/"


@pytest.fixture
def work(tmp_path):
    (tmp_path / NAME).write_text(TEXT)
    (tmp_path / NAME).chmod(0o640)
    return tmp_path


@pytest.fixture
def editor(tmp_path):
    """Return a function that makes an editor of shell lines; $1 is the copy."""

    def make(lines):
        path = tmp_path / "my editor"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return f"'{path}' --wait"

    return make


def edit(work, editor, *arguments, answers=None):
    """Run edit; with ``answers``, somebody types them at a terminal, to a process of its own."""
    env = {"EDITOR": editor}
    if answers is None:
        return run_inside("edit", NAME, *arguments, cwd=work, env=env)
    typist, terminal = os.openpty()
    try:
        os.write(typist, answers.encode())
        return subprocess.run(
            [*program_words(), "edit", NAME, *arguments],
            cwd=work,
            env={**os.environ, **env},
            stdin=terminal,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
    finally:
        os.close(typist)
        os.close(terminal)


def recover(work, *arguments):
    done = run_inside("recover", NAME, "--json", *arguments, cwd=work)
    return json.loads(done.stdout)["candidates"]


# -- saved ---------------------------------------------------------------------------------


def test_a_valid_edit_is_saved_and_nothing_else_changes(work):
    done = edit(work, f"sed -i {VALID}")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{NAME}: saved\n"
    assert (work / NAME).read_text() == TEXT.replace("tiled", "even-vertical")
    assert stat.S_IMODE((work / NAME).stat().st_mode) == 0o640
    assert run_inside("undo", NAME, cwd=work).returncode == 0
    assert (work / NAME).read_text() == TEXT


def test_the_copy_has_the_name_of_the_file_and_is_private(work, editor, tmp_path):
    edit(work, editor(f'stat -c "%a %n" "$2" "$(dirname "$2")" > {tmp_path}/seen'))
    (mode, name), (folder_mode, _) = map(str.split, (tmp_path / "seen").read_text().splitlines())
    assert name.endswith(f"/{NAME}")
    assert (mode, folder_mode) == ("600", "700")


def test_an_edit_that_changes_nothing_writes_nothing(work):
    before = (work / NAME).stat()
    done = edit(work, "true")
    assert (done.returncode, done.stderr) == (0, f"{NAME}: unchanged\n")
    after = (work / NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_symlink_stays_one(work):
    (work / "real").mkdir()
    (work / NAME).rename(work / "real" / "x.session.toml")
    (work / NAME).symlink_to("real/x.session.toml")
    assert edit(work, f"sed -i {VALID}").returncode == 0
    assert (work / NAME).is_symlink()
    assert "even-vertical" in (work / "real" / "x.session.toml").read_text()


def test_a_change_that_came_in_meanwhile_is_merged(work, editor):
    done = edit(work, editor(f'sed -i s/dark/light/ {NAME}; sed -i {VALID} "$2"'))
    assert done.returncode == 0
    assert "someone else changed it meanwhile; the file has both changes" in done.stderr
    text = TEXT.replace("tiled", "even-vertical").replace("dark", "light")
    assert (work / NAME).read_text() == text


def test_a_dry_run_shows_the_change_and_saves_nothing(work):
    done = edit(work, f"sed -i {VALID}", "-n")
    assert 'layout: "tiled" -> "even-vertical"' in done.stdout
    assert (work / NAME).read_text() == TEXT
    assert edit(work, "true").stderr == f"{NAME}: unchanged\n"


# -- not valid -----------------------------------------------------------------------------


def test_all_mistakes_are_told_with_their_places_and_the_copy_stays(work):
    done = edit(work, f"sed -i -e {INVALID} -e s/schema_version/schema_versio/")
    assert done.returncode == 1
    assert f"{NAME}:7:10: error[enum]: windows[name=editor].layout" in done.stdout
    assert f"{NAME}:1:1: error[unknown-key]" in done.stdout
    assert f"hint: continue: sessionctl edit {NAME}" in done.stderr
    assert (work / NAME).read_text() == TEXT


def test_what_is_not_toml_is_told_with_its_place(work):
    done = edit(work, "sed -i '2s/=/= =/'")
    assert done.returncode == 1
    assert f"{NAME}:2:8: error[syntax]" in done.stdout


def test_what_is_not_utf_8_is_told(work, editor):
    done = edit(work, editor("printf '\\377' >> \"$2\""))
    assert done.returncode == 1
    assert f"{NAME}:14:1: not UTF-8" in done.stderr


@pytest.mark.parametrize("text", ["", 'schema_version = 1\nname = "api"\n'])
def test_an_empty_or_much_poorer_text_is_not_saved_unasked(work, editor, text):
    done = edit(work, editor(f"printf '{text}' > \"$2\""))
    assert done.returncode == 1
    assert "values are gone" in done.stderr or "only 2 are left" in done.stderr
    assert (work / NAME).read_text() == TEXT
    forced = edit(work, editor(f"printf '{text}' > \"$2\""), "--force")
    assert forced.returncode == 0
    assert (work / NAME).read_text() == text


@pytest.mark.parametrize(
    ("answers", "code", "text"),
    [
        ("e\n", 0, TEXT.replace("tiled", "even-vertical")),
        ("k\n", 0, TEXT.replace("tiled", "tild")),
        ("d\n", 1, TEXT),
        ("x\ne\n", 0, TEXT.replace("tiled", "even-vertical")),
    ],
    ids=["edit again", "keep", "discard", "a slip of the finger"],
)
def test_at_a_terminal_one_is_asked(work, editor, answers, code, text):
    again = editor(
        f'if grep -q tild\\" "$2"; then sed -i s/tild/even-vertical/ "$2"; '
        f'else sed -i {INVALID} "$2"; fi'
    )
    done = edit(work, again, answers=answers)
    assert "[e]dit again, [k]eep it and save it anyway, [d]iscard it" in done.stderr
    assert done.returncode == code, done.stderr
    assert (work / NAME).read_text() == text


def test_breaking_off_at_the_question_says_where_the_copy_is(work):
    done = edit(work, f"sed -i {INVALID}", answers="\x04")
    assert done.returncode == 130
    assert f"{NAME}: not saved; the edited copy is " in done.stderr
    assert f"hint: continue: sessionctl edit {NAME}" in done.stderr
    assert (work / NAME).read_text() == TEXT


def test_a_discarded_edit_can_be_had_back(work):
    done = edit(work, f"sed -i {INVALID}", answers="d\n")
    assert f"hint: restore the edit: sessionctl recover {NAME}" in done.stderr
    assert [one["why"] for one in recover(work) if not one["now"]] == ["draft"]
    assert run_inside("recover", "--yes", NAME, "1", cwd=work).returncode == 0
    assert "tild" in (work / NAME).read_text()


def test_nothing_is_asked_with_no_input_or_json(work):
    for option in ("--no-input", "--json"):
        done = edit(work, f"sed -i {INVALID}", option, answers="k\n")
        assert done.returncode == 1
        assert (work / NAME).read_text() == TEXT
        assert "[e]dit again" not in done.stderr


# -- clashes -------------------------------------------------------------------------------


def test_what_clashes_is_put_between_markers_to_be_settled(work, editor):
    lines = f"""
    if grep -q '<<<<' "$2"; then
      grep -q '^<<<<<<< the file now' "$2" && grep -q '^>>>>>>> your edit' "$2" || exit 1
      sed -i -e '/^<<<</,/^====/d' -e '/^>>>>/d' "$2"
    else
      sed -i s/tiled/main-vertical/ {NAME}
      sed -i {VALID} "$2"
    fi
    """
    done = edit(work, editor(lines), answers="\n")
    assert "with conflicts between markers" in done.stderr
    assert done.returncode == 0
    assert (work / NAME).read_text() == TEXT.replace("tiled", "even-vertical")


def test_a_clash_is_told_where_nobody_can_answer(work, editor):
    lines = f'sed -i s/tiled/main-vertical/ {NAME}; sed -i {VALID} "$2"'
    done = edit(work, editor(lines))
    assert done.returncode == 3
    assert "was changed by someone else since it was read; nothing was written" in done.stderr
    assert (work / NAME).read_text() == TEXT.replace("tiled", "main-vertical")
    assert {"draft", "refused"} & {one["why"] for one in recover(work)}


def test_a_file_that_is_removed_meanwhile_is_not_made_again(work, editor):
    done = edit(work, editor(f'rm {NAME}; sed -i {VALID} "$2"'))
    assert done.returncode == 3
    assert "is gone since it was read" in done.stderr
    assert not (work / NAME).exists()
    assert run_inside("recover", "--yes", NAME, "1", cwd=work).returncode == 0
    assert "even-vertical" in (work / NAME).read_text()


# -- editors that fail -----------------------------------------------------------------------


def test_an_editor_that_dies_loses_nothing(work, editor):
    done = edit(work, editor(f'sed -i {VALID} "$2"; kill -9 $$'))
    assert done.returncode == 3
    assert "the editor failed: " in done.stderr
    assert (work / NAME).read_text() == TEXT
    again = edit(work, "true", answers="y\n")
    assert "an earlier edit is not finished\n" in again.stderr
    assert again.returncode == 0
    assert (work / NAME).read_text() == TEXT.replace("tiled", "even-vertical")


def test_an_edit_that_was_left_is_kept_when_a_new_one_begins(work, editor):
    edit(work, editor(f'sed -i {VALID} "$2"; exit 1'))
    done = edit(work, "sed -i s/dark/light/", answers="n\n")
    assert "it is kept; this is a new edit\n" in done.stderr
    assert (work / NAME).read_text() == TEXT.replace("dark", "light")
    assert "draft" in {one["why"] for one in recover(work)}


def test_an_editor_that_gives_up_unchanged_leaves_nothing(work):
    done = edit(work, "false")
    assert done.returncode == 3
    assert f"{NAME}: left as it was" in done.stderr
    assert edit(work, "true").stderr == f"{NAME}: unchanged\n"


def test_an_editor_that_is_missing_is_told(work):
    done = edit(work, "no-such-editor")
    assert done.returncode == 3
    assert "no-such-editor: not found on PATH" in done.stderr


def test_sessionctl_killed_while_the_editor_runs_loses_nothing(work, editor, tmp_path):
    lines = f'sed -i {VALID} "$2"; touch {tmp_path}/ready; sleep 30'
    process = subprocess.Popen(
        [*program_words(), "edit", NAME],
        cwd=work,
        env={**os.environ, "EDITOR": editor(lines)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 30
    while not (tmp_path / "ready").exists() and time.monotonic() < end:
        time.sleep(0.01)
    second = edit(work, "true")
    assert second.returncode == 3
    assert "it is being edited already, by another 'sessionctl edit'" in second.stderr
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    listed = run_inside("recover", cwd=work)
    assert f"{work / NAME}: an edit that was not finished" in listed.stdout
    done = edit(work, "true", answers="y\n")
    assert done.returncode == 0
    assert (work / NAME).read_text() == TEXT.replace("tiled", "even-vertical")


def test_ctrl_c_in_the_editor_is_the_editors_own(work, editor):
    lines = f'sleep 0.3; kill -INT "$(ps -o ppid= $PPID)"; sed -i {VALID} "$2"'
    done = run_sessionctl("edit", NAME, cwd=work, env={"EDITOR": editor(lines)})
    assert done.returncode == 0
    assert "even-vertical" in (work / NAME).read_text()


# -- the rest ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "argv"),
    [
        ({"VISUAL": "emacs", "EDITOR": "vim"}, ["emacs", "x"]),
        ({"VISUAL": "", "EDITOR": "vim"}, ["vim", "x"]),
        ({}, ["vi", "x"]),
        ({"EDITOR": "code --wait"}, ["sh", "-c", 'code --wait "$@"', "code --wait", "x"]),
    ],
)
def test_the_editor_is_started_as_git_starts_it(environ, argv):
    assert editor_argv(user_editor(Machine(environ)), "x") == argv


def test_a_file_that_is_not_there_is_told_with_the_next_step(work):
    done = run_inside("edit", "nope.session.toml", cwd=work)
    assert done.returncode == 3
    assert "cannot read: no such file" in done.stderr
    assert "hint: create a session: sessionctl new NAME" in done.stderr


@pytest.mark.parametrize("script", [VALID, INVALID, "s/x/x/"])
def test_the_answer_in_json_is_what_its_schema_says(work, script):
    done = edit(work, f"sed -i {script}", "--json")
    answer = json.loads(done.stdout)
    assert_answer(answer, "edit.v1")
    outcomes = {VALID: "saved", INVALID: "left"}
    assert answer["outcome"] == outcomes.get(script, "unchanged")


def test_gc_of_a_file_that_is_gone_takes_its_draft_too(work, monkeypatch):
    from sessionctl.services.documents.cleanup import plan_cleanup
    from sessionctl.services.plan.runner import run
    from sessionctl.services.settings.user_store import user_settings, user_store

    edit(work, f"sed -i {INVALID}")
    recover(work)
    (work / NAME).unlink()
    machine = Console().machine
    settings = user_settings(machine).settings
    run(plan_cleanup(user_store(machine), settings, time.time_ns() + 10**17), 0).check()
    assert list(user_store(machine).archives()) == []


@pytest.mark.slow
def test_it_works_with_vim(work):
    vim = need("vim")
    command = f"{vim} -u NONE -es -c '%s/tiled/even-vertical/' -c 'set backupskip=' -c wq"
    done = edit(work, command)
    assert (work / NAME).read_text() == TEXT.replace("tiled", "even-vertical"), done.stderr


def test_a_text_that_is_taken_out_of_the_archive_is_taken_out_of_drafts_too(work, editor):
    from sessionctl.services.settings.user_store import user_store

    edit(work, editor('echo "# hunter2" >> "$2"; exit 1'))
    archive = user_store(Console().machine).archive(work / NAME)
    assert archive.rewrite(lambda data: data.replace(b"hunter2", b"***")) == 1
    assert archive.rewrite(lambda data: data.replace(b"hunter2", b"***")) == 0
    edit(work, "true", answers="y\n")
    assert (work / NAME).read_text() == TEXT + "# ***\n"


# -- editors that do not wait --------------------------------------------------------------


@pytest.fixture
def named_editor(tmp_path, monkeypatch):
    """Return a function that puts an editor of some name on PATH; it ends at once."""
    folder = tmp_path / "editors"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def make(name, lines="exit 0"):
        (folder / name).write_text(f"#!/bin/sh\n{lines}\n")
        (folder / name).chmod(0o755)

    return make


@pytest.mark.parametrize(
    ("editor", "waiting"),
    [
        ("code", "'code --wait'"),
        ("gvim", "'gvim -f'"),
        ("subl -n", None),
        ("subl", "'subl --wait'"),
        ("flatpak run com.vscodium.codium", "'flatpak run com.vscodium.codium --wait'"),
        ("emacsclient -n", "emacsclient"),
        ("xdg-open", ""),
    ],
)
def test_an_editor_that_returns_at_once_is_noticed_and_the_copy_kept(
    work, named_editor, editor, waiting
):
    named_editor(editor.split()[0])
    done = run_inside("edit", NAME, cwd=work, env={"EDITOR": editor})
    if waiting is None:
        assert done.returncode == 0
        return
    assert done.returncode == 1
    assert "exited at once, and may still have the copy open" in done.stderr
    copy = done.stderr.partition("the copy is kept: ")[2].splitlines()[0]
    with open(copy) as stream:
        assert stream.read() == TEXT
    assert f"continue: sessionctl edit {NAME}" in done.stderr
    assert ("EDITOR=" in done.stderr) == bool(waiting)
    assert not waiting or f"EDITOR={waiting} sessionctl edit {NAME}" in done.stderr
    with open(copy, "w") as stream:
        stream.write(TEXT.replace("tiled", "even-vertical"))
    again = run_inside("edit", NAME, cwd=work, env={"EDITOR": "true"})
    assert "an earlier edit is not finished\n" in again.stderr


@pytest.mark.parametrize(
    "editor", ["true", "vim", "nano", "code --wait", "gvim -f", "emacsclient", "my-editor"]
)
def test_an_honest_quick_end_is_not_warned_about(work, named_editor, editor):
    named_editor(editor.split()[0])
    done = run_inside("edit", NAME, cwd=work, env={"EDITOR": editor})
    assert done.returncode == 0
    assert done.stderr == f"{NAME}: unchanged\n"


def test_an_editor_of_any_name_that_still_holds_the_copy_is_noticed(work, named_editor):
    named_editor("mine", 'sh -c "sleep 3; :" "$1" "$1" </dev/null >/dev/null 2>&1 &')
    done = run_inside("edit", NAME, cwd=work, env={"EDITOR": "mine"})
    assert done.returncode == 1
    assert "may still have the copy open" in done.stderr


@pytest.mark.parametrize(
    "lines", ['rm "$2"', 'rm "$2"; mkdir "$2"', 'rm "$2"; ln -s "$PWD/victim" "$2"']
)
def test_an_editor_that_leaves_no_file_does_not_end_all_edits(work, editor, lines):
    (work / "victim").write_text("not ours")
    done = edit(work, editor(lines))
    assert done.returncode == 3
    assert "the editor left no file here" in done.stderr
    assert f"hint: start again: sessionctl edit {NAME}" in done.stderr
    assert (work / NAME).read_text() == TEXT
    done = edit(work, f"sed -i {VALID}")
    assert done.returncode == 0, done.stderr
    assert (work / NAME).read_text() == TEXT.replace("tiled", "even-vertical")
    assert (work / "victim").read_text() == "not ours"


@pytest.mark.parametrize("answers", [None, "y\n"], ids=["no terminal", "a terminal"])
def test_where_it_cannot_be_saved_the_copy_is_named_and_edited_further(work, editor, answers):
    done = edit(work, editor(f'sed -i {VALID} "$2"; rm {NAME}; mkdir {NAME}'), answers=answers)
    assert done.returncode == 3
    assert f"error: {NAME}: cannot " in done.stderr
    copy = done.stderr.partition("not saved; the edited copy is ")[2].partition("\n")[0]
    with open(copy) as file:
        assert "even-vertical" in file.read()
    assert f"hint: continue: sessionctl edit {NAME}" in done.stderr
    (work / NAME).rmdir()
    (work / NAME).write_text(TEXT)
    assert edit(work, "true", answers="y\n").returncode == 0
    assert "even-vertical" in (work / NAME).read_text()


def test_a_file_that_is_too_large_is_refused_before_room_is_made_for_a_copy(work, editor):
    (work / "large.session.toml").touch()
    os.truncate(work / "large.session.toml", 3 << 40)
    done = run_inside("edit", "large.session.toml", cwd=work, env={"EDITOR": "true"})
    assert done.returncode == 3
    assert "larger than the limit" in done.stderr


# -- where it opens --------------------------------------------------------------------------


def test_the_editor_opens_at_the_first_mistake(work, tmp_path):
    vim = tmp_path / "vim"
    vim.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/seen\n')
    vim.chmod(0o755)
    good = (work / NAME).read_text()
    edit(work, str(vim))
    (work / NAME).write_text(good.replace("schema_version = 1", "schema_version = 1\n\nnme = 1"))
    edit(work, str(vim))
    first, second = (tmp_path / "seen").read_text().splitlines()
    assert "+" not in first
    assert second.startswith("+3 ")
