"""One session on two machines: two homes, git between them, our merge driver."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.pgdesk.conftest import DeskTerminal
from tests.world import run_sessionctl

START = """schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "pgdesk"

[connections.main]
driver = "sqlite"
file = "data.db"
create = true

[apps.pgdesk.appearance]
theme = "textual-dark"

[apps.pgdesk.widgets.sql1-text]
text = "select 0"
"""


class DeskOfMachine(DeskTerminal):
    """pgdesk of one machine, whose session lies in a repository."""

    def __init__(self, folder):
        super().__init__(folder)
        self.repository = folder / "dotfiles"
        self.session = self.repository / "work.session.toml"
        others = (name for name in os.environ if name.startswith(("XDG_", "SESSIONCTL_", "GIT_")))
        self.env = {**dict.fromkeys(others, ""), **self.environ}
        self.env["GIT_CONFIG_NOSYSTEM"] = "1"

    def git(self, *words, check=True):
        name = ("-c", "user.name=n", "-c", "user.email=n@example.org")
        env = {key: value for key, value in self.env.items() if value}
        env["PATH"] = os.environ["PATH"]
        done = subprocess.run(
            ["git", *name, *words], cwd=self.repository, env=env, capture_output=True, text=True
        )
        assert not check or done.returncode == 0, done.stderr + done.stdout
        return done

    def install(self):
        done = run_sessionctl("git", "install", cwd=self.repository, env=self.env)
        assert done.returncode == 0, done.stderr

    def work(self, text):
        """Type at the beginning of the first editor, quit, and commit."""
        self.start()
        self.shows("main: connected")
        self.type(text)
        self.press("C-q")
        self.until(lambda: not self.tmux("list-sessions", check=False))
        self.git("commit", "-qam", text)


@pytest.fixture
def machines(tmp_path):
    found = [DeskOfMachine(tmp_path / name) for name in ("laptop", "desktop")]
    yield found
    for one in found:
        one.end()


@pytest.mark.slow
def test_a_conflict_of_two_machines_is_decided_in_the_application(machines):
    laptop, desktop = machines
    laptop.repository.mkdir()
    laptop.git("init", "-q", "-b", "main")
    laptop.session.write_text(START)
    laptop.install()
    laptop.git("add", "-A")
    laptop.git("commit", "-qm", "start")
    desktop.repository.parent.mkdir(exist_ok=True)
    subprocess.run(["git", "clone", "-q", laptop.repository, desktop.repository], check=True)
    desktop.install()

    laptop.edit('"textual-dark"', '"textual-light"')
    laptop.work("-- one ")
    desktop.work("-- two ")
    assert desktop.stored()["widgets"]["sql1-text"]["text"] == "-- two select 0"
    desktop.git("fetch", "-q")
    assert desktop.git("merge", "origin/main", check=False).returncode != 0
    text = desktop.session.read_text()
    assert text.count("<<<<<<<") == 1
    assert 'theme = "textual-light"' in text, "all else is merged"

    desktop.start(size=(120, 60))  # both sides are seen whole, however many keys they share
    desktop.shows("file not used", "-- two select 0")
    desktop.press("F4")
    desktop.shows("marks of a merge", "-- one select 0", "-- two select 0")
    desktop.press("t", "w")
    desktop.until(lambda: "<<<<" not in desktop.session.read_text(), lambda: desktop.screen)
    desktop.shows("git add and git commit")
    desktop.press("q")
    desktop.shows("file not used")
    desktop.git("commit", "-qam", "merged")
    desktop.shows("-- one select 0", "saved")
    desktop.until(lambda: desktop.stored()["widgets"]["sql1-text"]["text"] == "-- one select 0")
    assert desktop.stored()["appearance"]["theme"] == "textual-light"
