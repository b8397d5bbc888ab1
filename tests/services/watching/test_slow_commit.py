"""A hook or a program that signs may wait for ever: the watch goes on, and ends in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time


def test_a_hook_that_sleeps_is_ended_with_the_watch(git_repo):
    file = git_repo.path / "api.session.toml"
    file.write_text('schema_version = 1\nname = "a"\n')
    git_repo.run("add", "-A")
    git_repo.run("commit", "-m", "all")
    started = git_repo.path / ".git" / "started"
    hook = git_repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho $$ > {started}\nexec sleep 600\n")
    hook.chmod(0o755)
    watch = subprocess.Popen(
        [sys.executable, "-m", "sessionctl", "watch", "--commit", str(file)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert watch.stderr.readline()
        file.write_text('schema_version = 1\nname = "b"\n')
        end = time.monotonic() + 40
        while not (started.exists() and started.read_text().strip()):
            assert time.monotonic() < end
            time.sleep(0.05)
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(20) == 0
    finally:
        watch.kill()
        watch.communicate()
    pid = int(started.read_text())
    end = time.monotonic() + 5
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < end:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{pid}")
    assert not (git_repo.path / ".git" / "index.lock").exists()
