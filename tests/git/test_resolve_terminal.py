"""resolve as a new user meets it: a real merge, a real terminal, three conflicts, a commit."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
import time

import pytest

from tests.world import CHECKOUT, need

NAME = "api.session.toml"
BASE = """\
# the api session
schema_version = 1
name = "api"
root = "~/src/api"

[[windows]]
name = "editor"
layout = "tiled"

[connections.prod]
driver = "postgres"
port = 5432  # behind the proxy
search_path = ["app"]
"""
OURS = BASE.replace("src/api", "work/api").replace("5432", "5433").replace("tiled", "even-vertical")
THEIRS = (
    BASE.replace("src/api", "code/api").replace("5432", "6432").replace("tiled", "main-vertical")
)
RESOLVED = (
    BASE.replace("src/api", "work/api").replace("5432", "7432").replace("tiled", "main-vertical")
)
# What the editor leaves at first, and when it is opened again.
EDITOR = """\
#!/bin/sh
if grep -q '^port = 5433' "$1"; then
  sed -i 's/^port = 5433/port = 99999/' "$1"
else
  sed -i 's/^port = 99999/port = 7432/' "$1"
fi
"""
TRANSCRIPT = CHECKOUT / "tests" / "git" / "resolve_terminal.txt"
_QUESTION = re.compile(r"^(ada\$|Take .* >|\[e\]dit again.* >)", re.MULTILINE)


class Terminal:
    """A shell in a terminal, under a tmux server of its own."""

    def __init__(self, directory, width=120, height=120):
        name = f"sessionctl-test-{os.getpid()}"
        self.server = ["tmux", "-L", name, "-f", os.devnull]
        self.questions = 1
        shell = "env PS1='ada$ ' sh"
        self.run(
            "new-session", "-d", "-x", str(width), "-y", str(height), "-c", str(directory), shell
        )

    def run(self, *arguments):
        # Readline tells COLUMNS to the C library, behind the back of os.environ.
        done = subprocess.run(
            [*self.server, *arguments],
            env=dict(os.environ), capture_output=True, encoding="utf-8", timeout=30,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def screen(self):
        """Return what the terminal shows, without the empty lines at its end."""
        return self.run("capture-pane", "-p").rstrip()

    def wait(self):
        """Wait until the shell or the program asks again and return the screen."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            screen = self.screen()
            asked = list(_QUESTION.finditer(screen))
            if len(asked) == self.questions and asked[-1].end() == len(screen):
                return screen
            time.sleep(0.02)
        pytest.fail(f"no question number {self.questions}:\n{self.screen()}")

    def wait_for(self, text):
        """Wait until ``text`` is to be seen and return the screen."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            screen = self.screen()
            if text in screen and screen.endswith(" >"):
                return screen
            time.sleep(0.02)
        pytest.fail(f"no {text!r}:\n{self.screen()}")

    def type(self, line):
        """Answer what is asked with ``line`` and Enter; return the screen after it."""
        self.wait()
        self.questions += 1
        self.run("send-keys", "-l", line)
        self.run("send-keys", "Enter")
        return self.wait()

    def close(self):
        self.run("kill-server")


@pytest.fixture
def terminal(request, repo, tmp_path, monkeypatch):
    need("tmux")
    width, height = getattr(request, "param", (120, 120))
    editor = tmp_path / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", shlex.quote(str(editor)))
    monkeypatch.setenv("TERM", "screen")
    # Not tmp_path: the path of a socket must be short.
    with tempfile.TemporaryDirectory() as sockets:
        monkeypatch.setenv("TMUX_TMPDIR", sockets)
        opened = Terminal(repo.path, width, height)
        yield opened
        opened.close()


def test_a_new_user_resolves_three_conflicts_in_a_terminal(repo, terminal):
    repo.commit("three keys", api__session__toml=BASE)
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.commit("topic: move to the new host", api__session__toml=THEIRS)
    repo.run("checkout", "--quiet", "main")
    repo.commit("main: tidy", api__session__toml=OURS)
    terminal.type("git merge --quiet topic")
    terminal.type("sessionctl status")
    terminal.type(f"sessionctl resolve {NAME}")
    for answer in ("o", "?", "o", "u", "t", "e", "e"):
        terminal.type(answer)
    terminal.type(f"git add {NAME}")
    screen = terminal.type("git commit --quiet --no-edit && sessionctl status")
    lines = [line.rstrip() for line in screen.splitlines()]
    start = lines.index("ada$ sessionctl status")
    assert "\n".join([*lines[start:], ""]) == TRANSCRIPT.read_text(encoding="utf-8")
    assert repo.read(NAME) == RESOLVED
    assert repo.run("status", "--porcelain").stdout == ""
    assert len(repo.run("log", "-1", "--format=%P").stdout.split()) == 2


def test_mergetool_asks_about_what_clashes(repo, terminal):
    repo.commit("three keys", api__session__toml=BASE)
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.commit("theirs", api__session__toml=THEIRS)
    repo.run("checkout", "--quiet", "main")
    repo.commit("ours", api__session__toml=OURS)
    repo.run("-c", "merge.sessionctl.driver=false", "merge", "topic", check=False)
    terminal.type(f"git mergetool -y -t sessionctl {NAME}")
    screen = terminal.type("o")
    assert "  base\n          root" in screen
    assert "  ours    ours (your branch)" in screen
    terminal.type("t")
    terminal.type("o")
    assert repo.read(NAME) == RESOLVED.replace("7432", "5433")
    assert repo.run("status", "--porcelain", "--untracked-files=no").stdout == f"M  {NAME}\n"


@pytest.mark.slow
@pytest.mark.parametrize("terminal", [(80, 24), (40, 24)], indirect=True, ids=str)
def test_on_a_small_terminal_without_colours_nothing_is_torn(repo, terminal):
    line = " ".join(f"--option-{number}" for number in range(16))
    notes = "".join(f"line {number} of the notes\n" for number in range(30))
    base = f'{BASE}[preferences]\nline = "{line}"\nnotes = """\n{notes}"""\n'
    repo.commit("base", api__session__toml=base)
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.commit("theirs", api__session__toml=base.replace("n-7", "n-x").replace("line 9 ", "x "))
    repo.run("checkout", "--quiet", "main")
    repo.commit("ours", api__session__toml=base.replace("n-7", "n-y").replace("line 9 ", "y "))
    repo.run("merge", "topic", check=False)
    terminal.run("send-keys", "-l", f"NO_COLOR=1 sessionctl resolve {NAME}")
    terminal.run("send-keys", "Enter")
    words = {"--option-y", "--option-x", "[T] all theirs,", "(1/2) preferences.line"}
    screen = terminal.wait_for("[?] >")
    assert all(word in screen for word in words), screen
    terminal.run("send-keys", "o", "Enter")
    screen = terminal.wait_for("(2/2)")
    for word in ("> y of the notes", "> x of the notes", "line 10 of the notes", "[u]ndo,"):
        assert word in screen, screen
    assert not re.search(r"\x1b\[[1-9]", terminal.run("capture-pane", "-p", "-e"))
