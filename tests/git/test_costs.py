"""What the commands that ask git cost: what is loaded and started is counted, not timed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading

import pytest

from sessionctl.core.regex.lazy_pattern import COMPILES_AHEAD
from sessionctl.core.toml.parse import document_text
from sessionctl.services.verdicts import parallel_check, verdict_cache
from tests.call_log import log_calls
from tests.git.inprocess import run_inside

NAME = "api.session.toml"
GOOD = 'schema_version = 1\nname = "api"\nroot = "~/src"\n'
MANY = """\
schema_version = 1
name = "{name}"
root = "~/src"

[connections.prod]
driver = "postgres"
host = "db"
port = {port}

[preferences]
theme = "dark"
editor = "vi"
shell = "zsh"
colour = "a long line, so that a change of one line is a small part of all that is here"
"""
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
    run_inside("git", "install", cwd=git_repo.path)
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="pathlib itself uses them from 3.12 on")
@pytest.mark.skipif(not COMPILES_AHEAD, reason="expressions are compiled when they are used")
def test_the_program_compiles_no_expression_and_makes_no_enumeration(git_repo, tmp_path):
    program = tmp_path / "sessionctl"
    program.write_text("import sys\nfrom sessionctl.__main__ import main\nsys.exit(main())\n")
    run_inside("git", "install", cwd=git_repo.path)
    git_repo.write(NAME, GOOD)
    git_repo.commit("base")
    git_repo.write(NAME, GOOD + 'description = "the wifi password for guests is in the safe"\n')
    environ = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}

    def loaded(*words):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *words], cwd=git_repo.path, env=environ,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
        assert len(lines) == len(done.stderr.splitlines()), done.stderr
        return {line.rpartition(" ")[2] for line in lines}

    python = loaded("-c", "pass")
    slow = {"collections", "contextlib", "enum", "functools", "re", "urllib.parse"}
    for words in ("status", f"log {NAME}", f"diff --rev HEAD {NAME}", f"diff {NAME} {NAME}"):
        assert not loaded(program, *words.split()) - python & slow, words


def test_the_shell_command_that_looks_for_secrets_is_written_out_as_it_is_made():
    done = subprocess.run(
        [sys.executable, "-m", "tools.secret_grep", "--check"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"run: python -m tools.secret_grep\n{done.stdout}{done.stderr}"


@pytest.fixture
def changed(git_repo, home):
    """Return the names of forty sessions that all changed; some need a person."""
    names = [f"s{number:02}.session.toml" for number in range(40)]
    for name in names:
        git_repo.write(name, MANY.format(name=name[:3], port=30))
    run_inside("git", "install", cwd=git_repo.path)
    git_repo.commit("base")
    for number, name in enumerate(names):
        text = MANY.format(name=name[:3], port=number + 1)
        if number % 13 == 7:
            text += "windows = 3\n"
        if number % 13 == 9:
            text = "<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n"
        git_repo.write(name, "not = [\n" if number == 30 else text)
    (git_repo.path / names[20]).unlink()
    return names


@pytest.mark.slow
@pytest.mark.parametrize("command", ["status", "doctor", "sync -n"])
def test_many_files_on_all_processors_get_the_answer_of_one(
    command, changed, git_repo, monkeypatch
):
    def run():
        return run_inside(*command.split(), "--json", cwd=git_repo.path)

    monkeypatch.setattr(verdict_cache, "_LEAST", 10**9)  # nothing is remembered
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    monkeypatch.setattr(parallel_check, "_processors", lambda: 1)
    one = run()
    started = log_calls(monkeypatch, os, "fork", lambda: "fork")
    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    several = run()
    assert started == ["fork"] * 3
    assert (several.returncode, several.stdout) == (one.returncode, one.stdout)


def test_status_of_changed_files_parses_each_once(git_repo, monkeypatch):
    names = [f"s{number}.session.toml" for number in range(5)]
    for name in names:
        git_repo.write(name, MANY.format(name=name[:2], port=30))
    git_repo.commit("base")
    for name in names:
        git_repo.write(name, MANY.format(name=name[:2], port=31))
    parsed = log_calls(monkeypatch, document_text, "parse", lambda text, *_: len(text))
    told = run_inside("status", cwd=git_repo.path).stdout
    assert told.count(": 1 change\n") == len(parsed) == 5


def test_a_process_with_threads_is_not_copied():
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert parallel_check._processors() == 1
    finally:
        done.set()
        thread.join()


def test_what_is_committed_is_read_once_for_all_processors(git_repo, monkeypatch):
    names = [f"s{number:02}.session.toml" for number in range(40)]
    for name in names:
        git_repo.write(name, MANY.format(name=name[:3], port=30))
    git_repo.commit("base")
    for name in names[36:]:  # behind those that this process looks at itself
        git_repo.write(name, MANY.format(name=name[:3], port=31))
    trace = git_repo.path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    monkeypatch.setattr(parallel_check, "_LEAST_S", 0)
    monkeypatch.setattr(parallel_check, "_processors", lambda: 3)
    assert run_inside("status", cwd=git_repo.path).stdout.count(": 1 change\n") == 4
    assert trace.read_text().count("git cat-file") == 1


def test_status_of_two_changed_files_asks_git_once_for_both(cost, git_repo):
    names = [NAME, "b c.session.toml"]
    for name in names:
        git_repo.write(name, MANY.format(name="api", port=1))
    git_repo.commit("two")
    for name in names:
        git_repo.write(name, MANY.format(name="api", port=2))
    shown = {"sessionctl.core.render.masked_diff", "base64"}
    loaded, asked = cost(WITHOUT_WORK | shown, "status")
    assert loaded == []
    assert asked == ["rev-parse", "config", "status", "ls-files", "cat-file"]
    told = run_inside("status", cwd=git_repo.path).stdout.splitlines()
    assert told == [f"changed     {name}: 1 change" for name in names]


def test_of_a_changed_sidecar_git_is_not_asked_who_merges_it(cost, git_repo):
    sidecar = NAME.replace(".session.", ".secrets.")
    git_repo.write(sidecar, "format = 1\n")
    git_repo.commit("sidecar")
    git_repo.write(sidecar, "format = 2\n")
    assert "check-attr" not in cost(WITHOUT_WORK, "status")[1]
