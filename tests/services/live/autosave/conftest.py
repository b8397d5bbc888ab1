"""What tests of autosave share: a private tmux server, and the program that watches it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import tomllib

import pytest

from sessionctl.cli.live.autosave_run import event_data
from sessionctl.services.live.autosave.tmux_autosave import TmuxAutosave
from tests.tmux_world import TmuxWorld
from tests.world import program_words


class Listening:
    """What is common to an autosave in a process and in a thread: ``world``, and its ``events``."""

    def heard(self, event, session=None):
        return [
            one
            for one in self.events
            if one["event"] == event and session in (None, one.get("session"))
        ]

    def hears(self, event, session=None, times=1):
        what = f"{event} of {session}"
        self.world.wait_until(lambda: len(self.heard(event, session)) >= times, what)
        return self.heard(event, session)[-1]


class AutosaveThread(Listening):
    """What 'sessionctl watch --tmux' runs, in a thread of the test."""

    def __init__(self, world, *, stays=False):
        self.world = world
        self.events = []
        self._autosave = TmuxAutosave(world.context, self._hear, stays=stays)
        self._thread = threading.Thread(target=self._autosave.run)
        self._thread.start()

    def _hear(self, event):
        self.events.append(event_data(event))

    def end(self):
        """End it; an error of the thread fails the test, by its warning."""
        if self._thread.is_alive():
            self._autosave.stop()
            self._thread.join(20)
        assert not self._thread.is_alive()


class AutosaveProcess(Listening):
    """'sessionctl watch --tmux' as users run it; its lines of JSON are read from a file."""

    def __init__(self, world, *options):
        self.world = world
        world.home.mkdir(exist_ok=True)
        self.log = world.home.parent / f"watch-{os.urandom(4).hex()}.log"
        words = ["watch", "--tmux", "--tmux-socket", world.socket, "--json", *options]
        with self.log.open("wb") as stdout:
            self.process = subprocess.Popen(
                [*program_words(), *words],
                env=world.env,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=subprocess.STDOUT,
                cwd=world.home,
            )

    @property
    def events(self):
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def end(self, number=signal.SIGTERM):
        """End it, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def world(tmp_path):
    """A tmux server at a private socket, which does not run yet."""
    world = TmuxWorld(tmp_path / "home")
    (world.home / "sessions").mkdir()
    yield world
    world.end()


@pytest.fixture
def watch(world):
    """Return a function that starts an autosave; what still runs at the end is ended."""
    running = []

    def start(*options):
        running.append(AutosaveProcess(world, *options))
        return running[-1]

    yield start
    for one in running:
        one.end(signal.SIGKILL)


@pytest.fixture
def along(world):
    """Return a function that starts an autosave beside the test; it ends with it."""
    running = []

    def start(*options):
        running.append(AutosaveThread(world, stays="--stay" in options))
        return running[-1]

    yield start
    for one in running:
        one.end()


def file_of(world, name="work"):
    return world.home / "sessions" / f"{name}.session.toml"


def make(world, name="work"):
    """Make a session of three windows, and save it."""
    world.tmux("new-session", "-d", "-s", name, "-x", "120", "-y", "40", "-c", world.home)
    world.tmux("new-window", "-d", "-t", f"{name}:", "-n", "logs", "-c", world.home)
    world.tmux("split-window", "-d", "-h", "-t", f"{name}:1", "-c", world.home)
    world.tmux("new-window", "-d", "-t", f"{name}:", "-n", "code", "-c", world.home)
    world.run("save", name, "--file", file_of(world, name))


def value_of(world, name="work"):
    return tomllib.loads(file_of(world, name).read_text())
