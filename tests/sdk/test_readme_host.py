"""The host in the README: ten lines, and its state is there after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib

import pytest

from tests.sdk.conftest import until
from tests.transcripts import blocks
from tests.world import CHECKOUT


@pytest.fixture
def code():
    [block] = blocks(CHECKOUT / "README.md", "python")
    return block.text


def test_it_has_ten_lines_at_most(code):
    assert len([line for line in code.splitlines() if line.strip()]) <= 10


def test_what_changed_is_there_after_kill_9(code, environ, tmp_path):
    environ = {**environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    file = tmp_path / "home/config/sessionctl/sessions/notes.session.toml"

    def start(more=""):
        return subprocess.Popen(
            [sys.executable, "-c", code + more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def saved():
        if not file.exists():
            return []
        return tomllib.loads(file.read_text())["apps"]["notes"]["list"].get("notes", [])

    for count in (1, 2):
        with start("    input()  # it runs until it is killed\n") as host:
            until(lambda count=count: len(saved()) == count, saved)
            host.send_signal(signal.SIGKILL)
    with start() as host:
        out, _ = host.communicate(timeout=60)
    assert (out, host.returncode) == ("so far: note 1 note 2\n", 0)
    assert saved() == ["note 1", "note 2", "note 3"]
