"""A hook or a program that signs may wait for ever: the watch goes on, and ends in time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest

from tests.services.watching.processes import Process
from tests.world import need

SESSION = 'schema_version = 1\nname = "a"\n'
DEADLINE_S = 40
LIMIT_S = 2
TRIES = 5
"""On a busy machine one try may be late; none in time is a fault."""


def _hook(git_repo, script):
    hook = git_repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script)
    hook.chmod(0o755)


def _signing(git_repo, script):
    program = git_repo.path / ".git" / "sign"
    program.write_text(script)
    program.chmod(0o755)
    git_repo.run("config", "commit.gpgSign", "true")
    git_repo.run("config", "gpg.program", str(program))


WAITS = {
    "a hook": (_hook, "exec sleep 600"),
    "a hook that ignores SIGTERM": (_hook, "trap '' TERM INT HUP\nsleep 600 & wait; sleep 600"),
    "a program that signs": (_signing, "exec sleep 600"),
    "a program that signs and has children": (_signing, "sleep 600 & sleep 600 & wait"),
}


@pytest.fixture
def waiting(git_repo, tmp_path):
    """Return a function that starts a watch, and edits until git waits for what it started."""
    file = git_repo.path / "api.session.toml"
    file.write_text(SESSION)
    git_repo.run("add", "-A")
    git_repo.run("commit", "-m", "all")
    started = git_repo.path / ".git" / "started"
    running = []

    def start(kind, number):
        install, script = WAITS[kind]
        install(git_repo, f"#!/bin/sh\necho $$ > {started}\n{script}\n")
        started.unlink(missing_ok=True)
        process = Process(tmp_path, file, arguments=["--json", "--commit"])
        running.append(process)
        process.hears("started")
        file.write_text(SESSION.replace('"a"', f'"b{number}"'))
        until(lambda: started.exists() and started.read_text().strip())
        return process, int(started.read_text())

    yield start
    for process in running:
        if process.is_running:
            process.send_signal(signal.SIGKILL)


def _mirror(home, live, repository):
    config = home / "config" / "sessionctl" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[[mirrors]]\nlive = "{live}"\nrepository = "{repository}"\n')


def until(condition):
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", WAITS)
def test_what_git_waits_for_is_ended_with_the_watch(git_repo, waiting, kind, number):
    process, pid = waiting(kind, 0)
    code, errors = process.end(number)
    assert code == 0, errors
    until(lambda: not os.path.exists(f"/proc/{pid}"))
    assert not (git_repo.path / ".git" / "index.lock").exists()


def test_a_watch_ends_within_two_seconds_while_git_waits(waiting):
    took = []
    for number in range(TRIES):
        process, _ = waiting("a hook that ignores SIGTERM", number)
        begin = time.monotonic()
        assert process.end()[0] == 0
        took.append(time.monotonic() - begin)
        if took[-1] < LIMIT_S:
            return
    pytest.fail(f"not once in {LIMIT_S} s: {took}")


@pytest.mark.slow
def test_git_that_waits_for_long_is_ended_too(git_repo, waiting):
    """The watch looks at git again and again; its list of files is given to git once."""
    process, pid = waiting("a program that signs", 0)
    begin = time.monotonic()
    until(lambda: time.monotonic() - begin > 1)
    code, errors = process.end()
    assert code == 0
    assert "Traceback" not in errors
    until(lambda: not os.path.exists(f"/proc/{pid}"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["a hook", "a program that signs"])
def test_files_are_checked_and_copied_while_our_git_waits(git_repo, home, tmp_path, kind):
    """Our own lock is not reported as somebody's, and nobody is sent to remove it."""
    copies = tmp_path / "copies"
    copies.mkdir()
    file, other = git_repo.path / "api.session.toml", copies / "api.session.toml"
    file.write_text(SESSION)
    git_repo.run("add", "-A")
    git_repo.run("commit", "-m", "all")
    started = git_repo.path / ".git" / "started"
    install, script = WAITS[kind]
    install(git_repo, f"#!/bin/sh\necho $$ > {started}\n{script}\n")
    _mirror(home, copies, git_repo.path)
    process = Process(tmp_path, arguments=["--json", "--commit"])
    process.hears("saved")
    file.write_text(SESSION.replace('"a"', '"b"'))
    until(lambda: started.exists() and (git_repo.path / ".git" / "index.lock").exists())
    for text in (SESSION.replace('"a"', '"c"'), SESSION.replace('"a"', '"d"')):
        file.write_text(text)
        until(lambda t=text: other.read_text() == t)
    other.write_text(SESSION)
    until(lambda: file.read_text() == SESSION)
    file.write_text("a = ")
    process.hears("invalid")
    assert (git_repo.path / ".git" / "index.lock").exists()
    assert "git-busy" not in [event["event"] for event in process.events]
    assert process.end()[0] == 0
    assert "index.lock" not in process.log.read_text()


def test_files_are_checked_while_the_git_of_a_person_waits(git_repo, tmp_path):
    """Nothing is written then; who holds the lock is named, and nobody is sent to remove it."""
    file = git_repo.path / "api.session.toml"
    file.write_text(SESSION)
    git_repo.run("add", "-A")
    _hook(git_repo, "#!/bin/sh\nread answer < .git/pipe\n")
    os.mkfifo(git_repo.path / ".git" / "pipe")
    git = subprocess.Popen(["git", "commit", "-qam", "a"], cwd=git_repo.path)
    until((git_repo.path / ".git" / "index.lock").exists)
    process = Process(tmp_path, file, arguments=["--json", "--commit"])
    busy = process.hears("git-busy")
    assert f"git commit (process {git.pid})" in busy["message"]
    assert "pre-commit" in busy["message"]
    assert "rm " not in busy["hint"]
    file.write_text("a = ")
    process.hears("invalid")
    file.write_text(SESSION)
    process.hears("mended")
    changed = SESSION.replace('"a"', '"b"')
    file.write_text(changed)
    (git_repo.path / ".git" / "hooks" / "pre-commit").unlink()
    (git_repo.path / ".git" / "pipe").write_text("go on\n")
    assert git.wait(DEADLINE_S) == 0
    process.hears("committed")
    assert git_repo.run("show", "HEAD:api.session.toml").stdout == changed
    assert process.end()[0] == 0


def test_under_nohup_a_watch_outlives_its_terminal(git_repo, tmp_path):
    """SIGHUP is ignored where it was from the start, and SIGTERM still ends the watch."""
    nohup = need("nohup")
    file = git_repo.path / "api.session.toml"
    file.write_text(SESSION)
    process = Process(tmp_path, file, arguments=["--json"], before=[nohup])
    process.hears("started")
    process.send_signal(signal.SIGHUP)
    file.write_text("a = ")
    assert process.hears("invalid")
    process.send_signal(signal.SIGHUP)
    file.write_text(SESSION)
    until(lambda: json.loads(process.said[-1])["event"] == "back" or len(process.said) > 3)
    assert process.is_running
    assert process.end()[0] == 0


@pytest.mark.slow
def test_without_nohup_the_end_of_the_terminal_ends_a_watch(git_repo, tmp_path):
    file = git_repo.path / "api.session.toml"
    file.write_text(SESSION)
    process = Process(tmp_path, file, arguments=["--json"])
    process.hears("started")
    assert process.end(signal.SIGHUP)[0] == 0
