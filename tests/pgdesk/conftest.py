"""pgdesk in a terminal of its own: a private tmux server, a home of its own."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
import uuid

import pytest

from tests.connections.conftest import postgres_template, start_postgres  # noqa: F401
from tests.connections.servers.server_process import need_module
from tests.world import CHECKOUT, need

PROGRAM = CHECKOUT / "examples" / "pgdesk" / "pgdesk.py"
PATIENCE_S = 40


class DeskTerminal:
    """pgdesk in a pane; ``folder`` holds its session file."""

    def __init__(self, folder):
        need("tmux")
        need_module("textual")
        self.folder = folder
        self.session = folder / "work.session.toml"
        self.socket = f"test-{uuid.uuid4().hex[:12]}"
        home = folder / "home"
        home.mkdir(parents=True)
        self.environ = {
            "HOME": str(home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(CHECKOUT),
            "LC_ALL": "C.UTF-8",
        }

    def tmux(self, *words, check=True):
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, "-f", "/dev/null", *words],
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments):
        words = [sys.executable, str(PROGRAM), "--session", str(self.session), *arguments]
        self.tmux("new-session", "-d", "-x", "90", "-y", "26", "-s", "desk", *words)
        self.shows("Run")  # an editor has the keys

    def type(self, text):
        self.tmux("send-keys", "-t", "desk", "-l", text)

    def press(self, *keys):
        self.tmux("send-keys", "-t", "desk", *keys)

    @property
    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "desk", check=False)

    def shows(self, *texts):
        self.until(lambda: all(text in self.screen for text in texts), lambda: self.screen)

    def until(self, condition, show=lambda: ""):
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, f"{show()}\n{self.stored()}"
            time.sleep(0.1)

    def stored(self):
        """Return what the session file has of pgdesk."""
        if not self.session.exists():
            return {}
        return tomllib.loads(self.session.read_text()).get("apps", {}).get("pgdesk", {})

    def holds(self, editor, text):
        """Wait until the text of an editor is on the disk."""
        self.until(lambda: self.stored().get("widgets", {}).get(editor, {}).get("text") == text)

    def has_focus(self, tab):
        """Wait until the editor of a tab has the keys."""
        self.until(lambda: self.stored().get("widgets", {}).get("tabs") == {"active": tab})

    def kill(self):
        pid = self.tmux("display-message", "-p", "-t", "desk", "#{pane_pid}").strip()
        subprocess.run(["kill", "-9", pid], check=True)
        self.until(lambda: not self.tmux("list-sessions", check=False))

    def end(self):
        self.tmux("kill-server", check=False)


@pytest.fixture
def desk(tmp_path):
    desk = DeskTerminal(tmp_path)
    yield desk
    desk.end()
