"""A private tmux server with a home of its own, for tests of live sessions."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
import threading
import time
import uuid
from unittest.mock import patch

from sessionctl.services.documents.document_store import open_store
from sessionctl.services.live.live_context import LiveContext
from sessionctl.services.live.tmux.adapter import TmuxAdapter
from sessionctl.services.machine import Machine
from sessionctl.system.tmux.command_text import unescape_name
from tests.git.inprocess import run_inside
from tests.remains import has_processes
from tests.world import need, program_words

LIMIT_S = 15
SHELL_START = "PS1='$ '\nunset HISTFILE\n"


class TmuxWorld:
    """One tmux server at a private socket; ``home`` is the home directory of its user."""

    def __init__(self, home, shell="/bin/bash"):
        need("tmux")
        self.home = home
        self.socket = f"test-{uuid.uuid4().hex[:12]}"
        self.clients = []
        home.mkdir(parents=True, exist_ok=True)
        for name in (".bashrc", ".bash_profile", ".zshrc", ".profile"):
            (home / name).write_text(SHELL_START)
        # Else fish reads all manual pages of the machine, in the background, for each new home.
        (home / ".local/share/fish/generated_completions").mkdir(parents=True, exist_ok=True)
        (home / ".tmux.conf").write_text("set -g default-size 120x40\n")
        python = os.path.dirname(sys.executable)
        self.env = {
            "PATH": f"{python}:{os.environ['PATH']}",
            "HOME": str(home),
            "SHELL": shell,
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
        }
        self.machine = Machine(self.env, host="testhost")
        self.context = LiveContext(open_store(self.machine.state), self.machine, self.socket)

    @property
    def adapter(self):
        return TmuxAdapter(self.env, self.socket, self.machine.state)

    def tmux(self, *words, check=True):
        """Run one tmux command and return what it printed."""
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, *map(os.fsencode, map(str, words))],
            env=self.env,
            capture_output=True,
            timeout=30,
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return os.fsdecode(done.stdout)

    def run(self, *words, check=True, stdin=""):
        """Run sessionctl with this server, in this process; return it as a finished process."""
        return self.run_plain(*words, "--tmux-socket", self.socket, check=check, stdin=stdin)

    def run_plain(self, *words, check=True, stdin="", **env):
        """Run sessionctl in the environment of this server, in this process."""
        with patch.dict(os.environ, {**self.env, **env}, clear=True):
            done = run_inside(*words, cwd=os.getcwd(), stdin=stdin)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def run_process(self, *words, check=True, stdin=""):
        """Run sessionctl with this server in a process of its own, as a user does."""
        done = subprocess.run(
            [*program_words(), *map(str, words), "--tmux-socket", self.socket],
            env=self.env,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=90,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def standing(self, name):
        """Return the session ``name`` as it stands."""
        return self.adapter.capture([name])[0]

    def panes(self, name):
        """Return the panes of all windows of a session, in order."""
        windows = self.standing(name).workspace.windows
        return [pane for window in windows for pane in window.panes]

    def wait_until(self, holds, what="it"):
        """Wait until ``holds()`` is true; ``what``, or what it returns then, is named if not."""
        end_s = time.monotonic() + LIMIT_S
        while not holds():
            if time.monotonic() >= end_s:
                named = what() if callable(what) else what
                raise AssertionError(f"not within {LIMIT_S} s: {named}")
            time.sleep(0.02)

    def type(self, target, line):
        """Type a line into a pane and press Enter."""
        self.tmux("send-keys", "-t", target, "-l", "--", line)
        self.tmux("send-keys", "-t", target, "Enter")

    def wait_for_program(self, name, argv):
        """Wait until a pane of the session ``name`` runs ``argv``."""
        self.wait_until(lambda: tuple(argv) in [pane.run for pane in self.panes(name)], argv)

    def end(self):
        """End the server, if it runs."""
        subprocess.run(
            ["tmux", "-L", self.socket, "kill-server"], env=self.env, capture_output=True
        )
        directory = f"/tmp/tmux-{os.getuid()}"
        if os.path.exists(f"{directory}/{self.socket}"):
            os.unlink(f"{directory}/{self.socket}")
        while self.clients:
            self.clients[-1].end()

    def end_for_good(self):
        """End the server, and the one that a restore in its background starts again meanwhile."""
        end_s = time.monotonic() + LIMIT_S
        self.end()
        while has_processes(self.home) and time.monotonic() < end_s:
            time.sleep(0.05)
            self.end()

    def remove(self):
        """End the server and remove the home directory."""
        self.end()
        shutil.rmtree(self.home, ignore_errors=True)


class Client:
    """A client in a terminal of its own, attached to a session of ``world``."""

    def __init__(self, world, name, columns=120, rows=40):
        self.world = world
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            words = ["tmux", "-u", "-L", world.socket, "attach", "-t", name]
            os.execvpe("tmux", words, world.env)
        world.clients.append(self)
        threading.Thread(target=self._drain, daemon=True).start()
        world.wait_until(lambda: self.name, "the client")

    @property
    def name(self):
        """The name tmux has for it, "" while it is not attached."""
        rows = self.world.tmux("list-clients", "-F", "#{client_pid} #{client_name}").splitlines()
        return next((r.split()[1] for r in rows if r.startswith(f"{self.pid} ")), "")

    @property
    def session(self):
        """The session it shows."""
        words = ("display-message", "-p", "-c", self.name, "#{client_session}")
        return unescape_name(self.world.tmux(*words).removesuffix("\n"))

    def press(self, text):
        """Type ``text``, as it is."""
        os.write(self.terminal, text.encode())

    def _drain(self):
        try:
            while data := os.read(self.terminal, 65536):
                self.screen += data
        except OSError:
            return

    screen = b""

    def end(self):
        """Detach it, unless that was done."""
        if self not in self.world.clients:
            return
        self.world.clients.remove(self)
        os.close(self.terminal)
        os.waitpid(self.pid, 0)
