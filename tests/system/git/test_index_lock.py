"""Who holds the lock of git's index: looked up in all processes, never guessed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from sessionctl.system.git.index_lock import LockHolder, read_index_lock
from sessionctl.system.process_table import ProcessRow, ProcessTable

DEADLINE_S = 20


class Table(ProcessTable):
    """Processes as given: by their ids, arguments, directory ("" is hidden), variables, files."""

    def __init__(self, *processes):
        super().__init__(os.devnull)
        self._known = {100 + n: one for n, one in enumerate(processes)}

    def rows(self):
        for pid, one in self._known.items():
            yield ProcessRow(pid, one.get("parent", 1), pid, 0, one.get("state", "S"))

    def argv(self, pid):
        return tuple(self._known[pid].get("argv", ()))

    def cwd(self, pid):
        return self._known[pid].get("cwd", "")

    def environment(self, pid):
        return self._known[pid].get("environ", {})

    def has_open(self, pid, path):
        return path in self._known[pid].get("open", ())


@pytest.fixture
def lock(git_repo):
    path = git_repo.write(".git/index.lock", "")
    os.utime(path, (1, 1))
    return path


def held(git_repo, *processes):
    return read_index_lock(str(git_repo.path / ".git"), Table(*processes))


def until(condition):
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_without_a_lock_there_is_nothing_to_tell(git_repo):
    assert held(git_repo) is None


def test_a_lock_that_nobody_holds_was_left(git_repo, lock):
    found = held(git_repo, {"argv": ["vim"], "cwd": str(git_repo.path)})
    assert found.is_left_over
    assert found.path == str(lock)


def test_a_lock_of_this_moment_was_not_left(git_repo):
    git_repo.write(".git/index.lock", "")
    assert not held(git_repo).is_left_over


@pytest.mark.parametrize(
    "process",
    [
        {"argv": ["git", "commit"]},
        {"argv": ["/usr/bin/git", "-c", "a.b=log", "commit", "--message", "secret"]},
        {"argv": ["git-commit"]},
        {"argv": ["git", "commit"], "below": "sub"},
    ],
)
def test_git_at_work_in_the_repository_holds_its_lock(git_repo, lock, process):
    (git_repo.path / "sub").mkdir()
    cwd = git_repo.path / process.get("below", ".")
    found = held(git_repo, {**process, "cwd": str(cwd)})
    assert not found.is_left_over
    [holder] = found.holders
    assert holder.is_certain
    assert holder.program in ("git commit", "git")
    assert "secret" not in str(holder)


@pytest.mark.parametrize("way", ["--git-dir=", "--git-dir", "GIT_DIR"])
def test_git_of_a_bare_repository_is_known_by_what_it_was_given(git_repo, lock, tmp_path, way):
    git_dir = str(git_repo.path / ".git")
    argv = {"--git-dir=": [f"--git-dir={git_dir}"], "--git-dir": ["--git-dir", git_dir]}
    environ = {"GIT_DIR": git_dir} if way == "GIT_DIR" else {}
    process = {"argv": ["git", *argv.get(way, []), "add"], "cwd": str(tmp_path)}
    assert held(git_repo, process | {"environ": environ}).holders == (LockHolder(100, "git add"),)


@pytest.mark.parametrize(
    "process",
    [
        {"argv": ["git", "commit"], "cwd": "/"},
        {"argv": ["git", "commit"], "cwd": "HERE", "state": "Z"},
        {"argv": ["git", "log"], "cwd": "HERE"},
        {"argv": ["git", "fsmonitor--daemon", "run"], "cwd": "HERE"},
        {"argv": ["gitk"], "cwd": "HERE"},
        {},
    ],
)
def test_other_programs_do_not_hold_it(git_repo, lock, process):
    if process.get("cwd") == "HERE":
        process = {**process, "cwd": str(git_repo.path)}
    assert held(git_repo, process).is_left_over


def test_git_of_another_user_may_hold_it(git_repo, lock):
    found = held(git_repo, {"argv": ["git", "commit"]})
    assert not found.is_left_over
    assert not found.holders[0].is_certain


def test_whatever_has_it_open_holds_it(git_repo, lock):
    code = f"import time; stream = open({str(lock)!r}, 'w'); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        os.utime(lock, (1, 1))
        found = read_index_lock(str(git_repo.path / ".git"))
        process.kill()
    assert [holder.pid for holder in found.holders] == [process.pid]


def test_real_git_that_waits_for_a_hook_is_named_with_it(git_repo):
    hook = git_repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch .git/started\nread answer < .git/pipe\n")
    hook.chmod(0o755)
    os.mkfifo(git_repo.path / ".git" / "pipe")
    git_repo.write("a", "")
    git_repo.run("add", "a")
    process = subprocess.Popen(["git", "commit", "-qam", "a"], cwd=git_repo.path)
    until((git_repo.path / ".git" / "started").exists)
    found = read_index_lock(str(git_repo.path / ".git"))
    (git_repo.path / ".git" / "pipe").write_text("go on\n")
    assert process.wait(DEADLINE_S) == 0
    assert found.holders == (LockHolder(process.pid, "git commit", "pre-commit"),)
    assert read_index_lock(str(git_repo.path / ".git")) is None
