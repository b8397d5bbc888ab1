"""What the commands that ask git cost: what is loaded and started is counted, not timed."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.world import run_sessionctl

NAME = "api.session.toml"
GOOD = 'schema_version = 1\nname = "api"\nroot = "~/src"\n'
WITHOUT_WORK = {"click", "dataclasses", "inspect", "json", "subprocess", "typing"}
PROGRAM = """\
import sys
from sessionctl.__main__ import main
main(sys.argv[1:])
print(*sorted(name for name in sys.modules if name in {asked}))
"""


@pytest.fixture
def cost(git_repo, tmp_path):
    """Return what tells of a command which of some modules it loads, and what it asks git."""
    run_sessionctl("git", "install", cwd=git_repo.path)
    git_repo.write(NAME, GOOD)
    git_repo.commit("base")

    def run(modules, *arguments):
        trace = tmp_path / "trace"
        trace.unlink(missing_ok=True)
        left_out = ("COVERAGE_", "GIT_TRACE")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(asked=modules), *arguments],
            cwd=git_repo.path, env=environ | {"GIT_TRACE": str(trace)},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        asked = re.findall(r"built-in: git (\S+)", trace.read_text())
        return done.stdout.splitlines()[-1].split(), asked

    return run


def test_the_hook_loads_no_pathlib_and_asks_git_thrice(cost, git_repo):
    git_repo.write(NAME, GOOD + 'description = "new"\n')
    git_repo.run("add", NAME)
    loaded, asked = cost({*WITHOUT_WORK, "pathlib", "urllib.parse"}, "git", "hook", "pre-commit")
    assert loaded == []
    assert asked == ["rev-parse", "diff", "cat-file"]


def test_doctor_asks_git_six_times_and_makes_no_search_pattern(cost):
    makers = {"sessionctl.core.scan.rules.commands.programs", "sessionctl.core.secrets.envelope"}
    cost(makers, "doctor")  # what is in the files is known from now on
    loaded, asked = cost(makers | WITHOUT_WORK, "doctor")
    assert loaded == []
    assert sorted(asked) == [
        "check-attr", "config", "ls-files", "ls-files", "rev-parse", "version",
    ]  # fmt: skip


def test_status_of_an_unchanged_repository_asks_git_four_times(cost):
    loaded, asked = cost(WITHOUT_WORK, "status")
    assert loaded == []
    assert asked == ["rev-parse", "config", "status", "ls-files"]


def test_the_shell_command_that_looks_for_secrets_is_written_out_as_it_is_made():
    done = subprocess.run(
        [sys.executable, "-m", "tools.secret_grep", "--check"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"run: python -m tools.secret_grep\n{done.stdout}{done.stderr}"
