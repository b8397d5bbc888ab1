"""Posting from PyPI, with persistence put around it: what was typed is back after a kill."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
import uuid

import pytest

from tests.world import CHECKOUT, need

pytest.importorskip(
    "posting", reason="posting is not installed; CI has it beside the oldest versions"
)

PROGRAM = CHECKOUT / "examples" / "posting" / "saved_posting.py"
PATIENCE_S = 40
URL = "https://example.org/items"


class Terminal:
    """Posting in a pane of a private tmux server, with a home of its own."""

    def __init__(self, folder):
        need("tmux")
        self.home = folder / "home"
        self.collection = folder / "collection"
        for place in (self.home, self.collection):
            place.mkdir()
        self.socket = f"test-{uuid.uuid4().hex[:12]}"
        self.file = self.home / ".config" / "sessionctl" / "sessions" / "posting.session.toml"

    def tmux(self, *words, check=True):
        path = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT)}
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, "-f", "/dev/null", *words],
            env={"HOME": str(self.home), "LC_ALL": "C.UTF-8"} | path,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def start(self):
        words = [sys.executable, str(PROGRAM), str(self.collection)]
        self.tmux("new-session", "-d", "-x", "140", "-y", "40", "-s", "posting", *words)
        self.shows("Collection", "Headers", "Response")

    def press(self, *keys):
        self.tmux("send-keys", "-t", "posting", *keys)

    def type(self, text):
        self.tmux("send-keys", "-t", "posting", "-l", "--", text)

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "posting", check=False)

    def shows(self, *texts):
        self.until(lambda: all(text in self.screen() for text in texts), self.screen)

    def until(self, holds, show=lambda: ""):
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, show()
            time.sleep(0.1)

    def request(self):
        """Return the request that the session file has."""
        if not self.file.exists():
            return {}
        return tomllib.loads(self.file.read_text())["apps"]["posting"].get("request", {})

    def kill(self):
        pid = self.tmux("display-message", "-p", "-t", "posting", "#{pane_pid}").strip()
        subprocess.run(["kill", "-9", pid], check=True)
        self.until(lambda: "posting" not in self.tmux("list-sessions", check=False))


@pytest.fixture
def terminal(tmp_path):
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.tmux("kill-server", check=False)


def test_a_request_that_was_not_saved_is_back_after_a_kill(terminal):
    terminal.start()
    terminal.until(terminal.request)
    terminal.press("C-l")
    terminal.type(f"{URL}?page=2")
    terminal.press("C-o")
    terminal.shows("to jump")
    terminal.type("r")
    terminal.shows("page", "page=2")
    terminal.until(lambda: terminal.request()["params"])
    terminal.until(lambda: '"query-pane"' in terminal.file.read_text(), terminal.file.read_text)
    terminal.kill()

    terminal.start()
    # The address, the table of its query, and the tab that is shown.
    terminal.shows(f"{URL}?page=2", "page  2")
