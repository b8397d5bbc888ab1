"""Hints of what git starts at the top of the work tree, wherever it was called."""

from __future__ import annotations

import subprocess

import pytest

from tests.hints.hint_typing import hint_in, type_it
from tests.hints.stage import SMALL

FOLDER = "sub dir/-d"
NAMES = ["it's x", "-dash", ":ü"]


def _git(folder, *words):
    """Call git as a user does; return its exit code and what it said."""
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", [FOLDER, "elsewhere", "."])
def test_a_hint_of_the_hook_fits_where_git_was_called(stage, name, folder):
    stage.init()
    stage.good("git", "install", "--hook")
    file = f"{FOLDER}/{name}.session.toml"
    stage.write(file, "name = \n")
    place = stage.folder / folder
    place.mkdir(exist_ok=True)
    stage.git("add", "--all")
    code, said = _git(place, "commit", "-m", "bad")
    assert code == 1
    stage.write(file, SMALL)
    hint = hint_in(said, "fix it, stage it again, and commit: git add -- {}")
    type_it(hint.rpartition(": ")[2], place)
    assert _git(place, "commit", "-m", "good")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", [FOLDER, "elsewhere", "."])
def test_a_hint_of_a_problem_fits_where_git_was_called(stage, name, folder):
    stage.init()
    stage.good("git", "install", "--hook")
    file = f"{FOLDER}/{name}.session.toml"
    stage.write(file, f"<<<<<<< a\n{SMALL}=======\n{SMALL}>>>>>>> b\n")
    place = stage.folder / folder
    place.mkdir(exist_ok=True)
    stage.git("add", "--all")
    code, said = _git(place, "commit", "-m", "bad")
    assert code == 1
    hint = hint_in(said, "resolve it, and stage the file again: sessionctl resolve -- {}")
    type_it(hint.rpartition("again: ")[2].replace("resolve", "resolve --prefer ours"), place)
    stage.git("add", "--all")
    assert _git(place, "commit", "-m", "good")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", [FOLDER, "elsewhere", "."])
def test_a_hint_of_the_merge_driver_fits_where_git_was_called(stage, name, folder):
    stage.init()
    file = f"{FOLDER}/{name}.session.toml"
    stage.commit(file, SMALL)
    for branch, text in (("topic", "theirs"), ("main", "ours")):
        stage.git("checkout", "-q", *(["-b"] if branch == "topic" else []), branch)
        stage.commit(file, SMALL.replace("small", text))
    place = stage.folder / folder
    place.mkdir(exist_ok=True)
    code, said = _git(place, "merge", "topic")
    assert code == 1
    resolve, add = hint_in(said, "sessionctl resolve {}, then: git add {}").split(", then: ")
    type_it(resolve.replace("resolve", "resolve --prefer ours"), place)
    type_it(add, place)
    assert "UU" not in stage.git("status", "--porcelain")
