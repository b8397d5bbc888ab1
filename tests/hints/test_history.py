"""Hints on what was: undo, log, backups, recover."""

from __future__ import annotations

import json
import subprocess

import pytest

from sessionctl.errors import SessionctlError
from sessionctl.services.history.backup_undo import step_back
from sessionctl.system.store.archive import Archive
from tests.hints.stage import SMALL, Situation, assert_hint_helps, parametrize
from tests.hints.test_usage import _has

TWO = SMALL.replace("small", "two")


def _kept(s, *values):
    """Change a file outside of git, once for each value."""
    s.write(s.file)
    for value in values or ("two",):
        s.good("set", s.file, "name", value)
    return s


def _commits(s, *texts):
    s.init()
    for number, text in enumerate(texts or (SMALL, TWO)):
        s.commit(s.file, text, f"change {number}")
    return s


def _sparse(s):
    _commits(s)
    s.commit("it's sub/" + s.file, SMALL)
    s.git("sparse-checkout", "set", "elsewhere")
    return s.say("undo", "it's sub/" + s.file, code=1)


def _shallow(s):
    origin = s.folder.parent / "origin"
    s.folder.rename(origin)
    type(s)(origin, s.home, s.patch, s.oddity).init().commit(s.file, SMALL)
    subprocess.run(["git", "commit", "-qm", "x", "--allow-empty"], cwd=origin, check=True)
    (origin / s.file).write_text(TWO)
    subprocess.run(["git", "commit", "-qam", "two"], cwd=origin, check=True)
    clone = ["git", "clone", "-q", "--depth=1", origin.as_uri(), str(s.folder)]
    subprocess.run(clone, check=True)
    return s.say("undo", s.file, code=1)


def _removed_and_back(s):
    _commits(s, SMALL)
    s.git("rm", "-q", "--", s.file)
    s.git("commit", "-qm", "removed")
    s.write(s.file, TWO)
    return s.say("undo", "--commit", "HEAD", s.file, code=1)


def _renamed(s):
    """Rename a session that was changed, and undo that; the stage stays at the first name."""
    s.write(s.file, f"schema_version = 1\nname = {json.dumps(s.stem)}\n")
    s.good("set", s.file, "root", "/two")
    s.good("rename", s.file, "other", cwd=s.folder)
    return s.say("undo", "other.session.toml", code=1)


HISTORY = [
    Situation(
        "a diff where no repository is",
        lambda s: [
            s.write(s.file),
            s.good("set", s.file, "description", "x"),
            s.say("diff", s.file, code=3),
        ][2],
        "see the versions that are kept without git: sessionctl backups list {}",
        lambda s, said: _has(said, "set"),
    ),
    Situation(
        "backups are listed",
        lambda s: _kept(s).good("backups", "list", s.file),
        "what changed since: sessionctl backups diff {} 1",
        lambda s, said: _has(said, "small", "two"),
        code=1,
    ),
    Situation(
        "a backup that is not there",
        lambda s: _kept(s).say("backups", "show", s.file, "9", code=1),
        "see what there is: sessionctl backups list {}",
        lambda s, said: _has(said, "now"),
    ),
    Situation(
        "no backups",
        lambda s: [s.write(s.file), s.say("backups", "list", s.file, code=1)][1],
        "see what else can be restored: sessionctl recover {}",
        lambda s, said: _has(said, "no other version"),
    ),
    Situation(
        "a file that is to go, and nobody to ask",
        lambda s: [s.write(s.file), s.say("rm", s.file, code=2)][1],
        "confirm it: {}",
        lambda s, said: _has(s.say("rm", s.file, code=3), "no such file"),
    ),
    Situation(
        "a file that is to go, and nobody to ask, seen first",
        lambda s: [s.write(s.file), s.say("rm", s.file, code=2)][1],
        "see what would be done: {}",
        lambda s, said: _has(s.read(s.file), "schema_version"),
    ),
    Situation(
        "a file that is gone",
        lambda s: [(_kept(s).folder / s.file).unlink(), s.say("recover")][1],
        "see what there is: sessionctl recover {}",
        lambda s, said: _has(said, "1"),
    ),
    Situation(
        "what can be had back is listed",
        lambda s: [(_kept(s).folder / s.file).unlink(), s.say("recover", s.file)][1],
        "show and restore it: sessionctl recover {} 1",
        lambda s, said: _has(s.read(s.file), "schema_version"),
        types=lambda s, hint: s.good(*_words(s, hint), "--yes"),
    ),
    Situation(
        "a file was brought back",
        lambda s: _kept(s).say("recover", s.file, "1", "--yes"),
        "compare with the previous version: sessionctl backups diff {} 1",
        lambda s, said: _has(said, "name"),
        code=1,
    ),
    Situation(
        "a file elsewhere that is in no repository",
        lambda s: [s.write(f"sub/{s.file}"), s.say("log", f"sub/{s.file}", code=3, cwd=s.folder)][
            1
        ],
        "make one there: git init {}",
        lambda s, said: [
            _has(said, "/sub/.git"),
            _has(s.say("log", f"sub/{s.file}", code=1, cwd=s.folder), "no commit has this file"),
        ],
        only=("here",),
    ),
    Situation(
        "nothing to take back",
        lambda s: _refusal(lambda: step_back(Archive("a", s.file), s.file, SMALL, redo=False)),
        "see what can be restored: sessionctl recover {}",
        lambda s, said: _has(said, "no other version"),
    ),
    Situation(
        "nothing more to take back",
        lambda s: [
            _kept(s),
            s.good("undo", s.file),
            s.say("undo", s.file, code=1),
        ][2],
        "see what there was: sessionctl backups list {}",
        lambda s, said: _has(said, "now"),
    ),
    Situation(
        "a file that began here",
        lambda s: [
            s.good("new", "--dir", s.seen("."), "--", s.stem),
            s.say("undo", s.file, code=1),
        ][1],
        "take the file away: rm {}",
        lambda s, said: _gone(s),
        is_new=True,
    ),
    Situation(
        "an undo of a renaming",
        _renamed,
        "rename it back: sessionctl rename {} {}",
        lambda s, said: [
            _has(s.read(s.file), "/two"),
            # What was changed before it was renamed, and renamed back, is undone next.
            _has(s.good("undo", s.file), "what 'set' changed"),
        ],
        is_new=True,
    ),
    Situation(
        "an undo of a new file, taken back",
        lambda s: _kept(s).say("undo", "--redo", s.file, code=1),
        "see 'sessionctl undo --help'",
        lambda s, said: _has(said, "--redo"),
    ),
    Situation(
        "an undo outside of git",
        lambda s: _kept(s).good("undo", s.file),
        "or revert it: sessionctl undo --redo {}",
        lambda s, said: _has(s.read(s.file), "two"),
    ),
    Situation(
        "an undo of a commit",
        lambda s: _commits(s).good("undo", s.file),
        "keep it: {}",
        lambda s, said: _has(s.git("show", "HEAD"), "+name"),
    ),
    Situation(
        "an undo that clashes",
        lambda s: [
            _commits(s),
            s.write(s.file, SMALL.replace("small", "three")),
            s.say("undo", "--force", "--commit", "HEAD", s.file),
        ][2],
        "resolve them: sessionctl resolve {}",
        lambda s, said: _no_markers(s),
        types=lambda s, hint: s.good(*_words(s, hint), "--prefer", "ours"),
    ),
    Situation(
        "an undo during a merge",
        lambda s: s.init().clash(TWO, SMALL.replace("small", "three")).say("undo", s.file, code=5),
        "resolve the conflict: sessionctl resolve {}",
        lambda s, said: _no_markers(s),
        types=lambda s, hint: s.good(*_words(s, hint), "--prefer", "ours"),
    ),
    Situation(
        "an undo during a merge that is not wanted",
        lambda s: s.init().clash(TWO, SMALL.replace("small", "three")).say("undo", s.file, code=5),
        "or abort the merge: {} merge --abort",
        lambda s, said: s.good("undo", s.file),
    ),
    Situation(
        "nothing older in git",
        lambda s: [
            _commits(s),
            s.good("undo", s.file),
            s.say("undo", "--commit", "HEAD~9", s.file, code=1),
        ][2],
        "see which did: sessionctl log --stat {}",
        lambda s, said: _has(said, "change 0"),
    ),
    Situation(
        "a commit that is none",
        lambda s: _commits(s).say("log", "--rev", "qqqq", s.file, code=3),
        "see them: {} log --oneline",
        lambda s, said: _has(said, "change 0"),
    ),
    Situation(
        "a file that nobody has",
        lambda s: [_commits(s), s.say("log", "b.session.toml", code=3)][1],
        "see: {}",
        lambda s, said: _has(said, "two"),
    ),
    Situation(
        "a file that no commit has",
        lambda s: [s.init().write(s.file), s.say("log", s.file, code=1)][1],
        "commit it first: {}",
        lambda s, said: s.good("log", s.file),
    ),
    Situation(
        "an undo of a file that no commit has",
        lambda s: [
            s.init().commit(s.file),
            s.git("rm", "-q", "--", s.file),
            s.git("commit", "-qm", "removed"),
            s.write(s.file, TWO),
            s.say("undo", s.file, code=1),
        ][4],
        "commit it: {}",
        lambda s, said: s.good("log", s.file),
    ),
    Situation(
        "older commits are not shown",
        lambda s: _commits(s).good("log", "-n", "1", s.file),
        "show more: sessionctl log --max-count {}{} {}",
        lambda s, said: _has(said, "change 0", "change 1"),
    ),
    Situation(
        "older commits of another branch are not shown",
        lambda s: _commits(s, SMALL, TWO, SMALL).good("log", "-n", "1", "--rev", "HEAD~1", s.file),
        "show more: sessionctl log --max-count {}{} {}",
        lambda s, said: _has(said, "change 0", "change 1"),
    ),
    Situation(
        "a sparse checkout",
        _sparse,
        "{} sparse-checkout add {}",
        lambda s, said: _has(s.read("it's sub/" + s.file), "small"),
    ),
    Situation(
        "a shallow clone",
        _shallow,
        "fetch it: {} fetch --unshallow",
        lambda s, said: s.good("undo", s.file),
    ),
    Situation(
        "a commit that removed the file",
        _removed_and_back,
        "see what was in it: {} show {}",
        lambda s, said: _has(said, "small"),
    ),
    Situation(
        "a file that a commit began",
        lambda s: _commits(s, SMALL).say("undo", s.file, code=1),
        "take the file away: {}",
        lambda s, said: _gone(s),
    ),
    Situation(
        "an undo that is not valid any more",
        lambda s: _commits(s, f"{SMALL}windows = 3\n", SMALL).say("undo", s.file, code=1),
        "write it anyway: {}",
        code=1,
        repaired=lambda s, said: _has(s.read(s.file), "windows = 3"),
    ),
]


def _refusal(call):
    """Return the hints with which ``call`` is refused."""
    with pytest.raises(SessionctlError) as caught:
        call()
    return "".join(f"hint: {hint}\n" for hint in caught.value.hints)


def _words(s, hint):
    """Return the words of the command in a hint, as a shell reads them."""
    command = hint[hint.index("sessionctl ") :].replace("sessionctl", "printf '%s\\0'", 1)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


def _gone(s):
    assert not (s.folder / s.file).exists()


def _no_markers(s):
    assert "<<<<" not in s.read(s.file)


@parametrize(HISTORY)
def test_a_hint_on_history(situation, stage):
    assert_hint_helps(situation, stage)
