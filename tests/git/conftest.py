"""A repository in which git finds sessionctl on PATH, installed or not."""

from __future__ import annotations

import json
import os
import shlex
import sys

import pytest

from tests.answers import assert_answer
from tests.world import run_sessionctl

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


@pytest.fixture
def program_path(tmp_path, monkeypatch):
    """Put a directory with a ``sessionctl`` on PATH and return it."""
    directory = tmp_path / "bin"
    directory.mkdir()
    program = directory / "sessionctl"
    # -P: a folder of the repository that is called sessionctl is not the program.
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m sessionctl "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")
    return directory


@pytest.fixture
def repo(program_path, git_place, repository_templates):
    """Return a repository with sessionctl installed and ``api.session.toml`` committed."""

    def build():
        git_place.run("init", "--quiet", "--initial-branch=main")
        done = run_sessionctl("git", "install", cwd=git_place.path)
        assert done.returncode == 0, done.stderr
        git_place.write("api.session.toml", BASE)
        git_place.commit("base")

    return repository_templates.fill(git_place, "installed", build)


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
