"""pgdesk in a terminal of its own: a private tmux server, a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
import uuid

import pytest

from tests.connections.conftest import postgres_template  # noqa: F401
from tests.connections.servers.postgres_server import PostgresServer
from tests.connections.servers.server_process import need_module, starter
from tests.world import CHECKOUT, need, run_sessionctl

PROGRAM = CHECKOUT / "examples" / "pgdesk" / "pgdesk.py"
PATIENCE_S = 40
PASSWORD = "Zq7-canary-11"


class DeskTerminal:
    """pgdesk in a pane; ``folder`` holds its session file."""

    def __init__(self, folder):
        need("tmux")
        need_module("textual")
        self.folder = folder
        self.name = "desk"
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

    def start(self, *arguments, name="desk", size=(120, 30)):
        words = [sys.executable, str(PROGRAM), "--session", str(self.session), *arguments]
        width, height = map(str, size)
        if name == "desk":
            # A server that lost its last session may be ending still.
            self.end()
            self.socket = f"test-{uuid.uuid4().hex[:12]}"
        self.tmux("new-session", "-d", "-x", width, "-y", height, "-s", name, *words)
        self.name = name
        self.shows("Run")  # an editor has the keys

    def type(self, text):
        self.tmux("send-keys", "-t", self.name, "-l", "--", text)

    def press(self, *keys):
        self.tmux("send-keys", "-t", self.name, *keys)

    @property
    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", self.name, check=False)

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
        try:
            whole = tomllib.loads(self.session.read_text())
        except tomllib.TOMLDecodeError:
            return {}
        return whole.get("apps", {}).get("pgdesk", {})

    def holds(self, editor, text):
        """Wait until the text of an editor is on the disk."""
        self.until(lambda: self.stored().get("widgets", {}).get(editor, {}).get("text") == text)

    def has_focus(self, tab):
        """Wait until the editor of a tab has the keys."""
        self.until(lambda: self.stored().get("widgets", {}).get("tabs") == {"active": tab})

    def keeps(self, text):
        """Wait until a text is among what is kept on this machine alone."""
        place = self.folder / "home" / ".local" / "state" / "sessionctl" / "volatile"

        def is_there():
            return any(text in one.read_text() for one in place.glob("*.toml"))

        self.until(is_there, lambda: text)

    def edit(self, old, new):
        """Change the session file as a person does who saves in an editor."""
        text = self.session.read_text()
        assert old in text, f"{old}\n{text}"
        self.session.write_text(text.replace(old, new))

    def kill(self):
        pid = self.tmux("display-message", "-p", "-t", self.name, "#{pane_pid}").strip()
        subprocess.run(["kill", "-9", pid], check=True)
        self.until(lambda: self.name not in self.tmux("list-sessions", check=False))

    def end(self):
        self.tmux("kill-server", check=False)


@pytest.fixture
def desk(tmp_path):
    desk = DeskTerminal(tmp_path)
    yield desk
    desk.end()


@pytest.fixture(scope="module")
def server(postgres_template):  # noqa: F811 - a fixture of others
    """A PostgreSQL with a user and a database for pgdesk."""
    with starter(lambda: PostgresServer(postgres_template)) as start:
        server = start()
        server.stop_signal = signal.SIGQUIT  # as "pg_ctl stop -m immediate" does
        server.add_user("app", PASSWORD, "app")
        yield server


SESSION = """schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "pgdesk"

[connections.main]
driver = "postgres"
host = "127.0.0.1"
port = {port}
user = "app"
database = "app"
password = {{ secret = "main.password" }}
"""


def describe(desk, port):
    """Write a session for the server at ``port``, its password in the sidecar."""
    desk.session.write_text(SESSION.format(port=port))
    others = (name for name in os.environ if name.startswith(("XDG_", "SESSIONCTL_")))
    env = desk.environ | dict.fromkeys(others, "")
    for words, stdin in (
        (["key", "new"], ""),
        (["secret", "set", str(desk.session), "main.password"], PASSWORD),
    ):
        done = run_sessionctl(*words, stdin=stdin, env=env, cwd=desk.folder)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def on_postgres(desk, server):
    describe(desk, server.port)
    desk.start()
    desk.shows("main: connected")
    return desk


@pytest.fixture
def on_sqlite(desk):
    desk.start("--sqlite", str(desk.folder / "data.db"))
    desk.shows("main: connected")
    return desk
