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


def test_what_was_typed_is_there_after_kill_9(code, environ, tmp_path):
    environ = {**environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    file = tmp_path / "home/config/sessionctl/sessions/notes.session.toml"

    def start():
        return subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )

    def saved():
        if not file.exists():
            return []
        return tomllib.loads(file.read_text())["apps"]["notes"]["list"].get("notes", [])

    with start() as host:
        host.stdin.write("buy milk\ncall mum\n")
        host.stdin.flush()
        until(lambda: saved() == ["buy milk", "call mum"], saved)
        host.send_signal(signal.SIGKILL)
    with start() as host:
        out, _ = host.communicate("go home\n\n", timeout=60)
    assert out.splitlines() == ["buy milk", "call mum"]
    assert host.returncode == 0
    assert saved() == ["buy milk", "call mum", "go home"]
