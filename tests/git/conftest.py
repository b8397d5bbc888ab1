"""A repository in which git finds sessionctl on PATH, installed or not."""

from __future__ import annotations

import json
import os

import pytest

from tests.answers import assert_answer
from tests.world import run_sessionctl, write_program

BASE = """\
# the api session
name = "api"
root = "~/src/api"

[[windows]]
name = "editor"
layout = "tiled"
"""


def read_answer(text, schema):
    """Return the answer of ``--json``, which must be valid under a shipped schema."""
    answer = json.loads(text)
    assert_answer(answer, f"{schema}.v1")
    return answer


@pytest.fixture(autouse=True)
def quick_git(home):
    """Make a git start less: no look for garbage after each step, and one driver for many files.

    The driver that stays has a place in the runtime directory, which most users have.
    """
    text = "[maintenance]\n\tauto = false\n[receive]\n\tautoGC = false\n"
    (home / "gitconfig").write_text(text)
    (home / "run").mkdir(mode=0o700)


@pytest.fixture
def program_path(tmp_path, monkeypatch):
    """Put a directory with a ``sessionctl`` on PATH and return it."""
    directory = tmp_path / "bin"
    directory.mkdir()
    write_program(directory)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")
    return directory


def make_repository(place):
    """Make ``place`` a repository with sessionctl installed and ``api.session.toml`` committed."""
    place.run("init", "--quiet", "--initial-branch=main")
    done = run_sessionctl("git", "install", cwd=place.path)
    assert done.returncode == 0, done.stderr
    place.write("api.session.toml", BASE)
    place.commit("base")


@pytest.fixture
def repo(program_path, git_place, repository_templates):
    """Return a copy of what ``make_repository`` makes."""
    return repository_templates.fill(git_place, "installed", lambda: make_repository(git_place))


@pytest.fixture
def no_program(program_path, monkeypatch):
    """Return a function that takes sessionctl away from PATH, an activated one too."""

    def remove():
        (program_path / "sessionctl").unlink()
        monkeypatch.setenv("PATH", os.pathsep.join(folders_without_program()))

    return remove


def folders_without_program():
    """Return the folders of PATH in which no sessionctl is, an activated one neither."""
    folders = os.environ["PATH"].split(os.pathsep)
    return [f for f in folders if not os.path.exists(os.path.join(f, "sessionctl"))]
