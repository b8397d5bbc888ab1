"""What tests of watching need: a watch in a thread of its own, on real files."""

from __future__ import annotations

import os
import queue
import re
import threading
import time

import pytest

from sessionctl.cli.output.watch_words import event_words
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.watching.auto_commit import Committer
from sessionctl.services.watching.file_reading import ContentCheck
from sessionctl.services.watching.file_set import FileSet, Mirror
from sessionctl.services.watching.replica import ReplicaContext
from sessionctl.services.watching.watch_run import Watch
from sessionctl.system.files.snapshot import marks_at
from sessionctl.system.watch.system_watcher import open_system_watcher

DEADLINE_S = 15
SESSION = """\
schema_version = 1
name = "api"
root = "~/src/api"  # where it is

[connections.prod]
driver = "postgres"
host = "db.example.org"
port = 5432  # behind the proxy

[preferences]
theme = "dark"
"""


def session(**changes):
    """Return the session with the values of some keys changed: ``port=5433``."""
    text = SESSION
    for key, value in changes.items():
        shown = f'"{value}"' if isinstance(value, str) else value
        text = re.sub(rf'^({key} = )("[^"]*"|\d+)', rf"\g<1>{shown}", text, flags=re.MULTILINE)
    return text


def message(event):
    """Return what happened, in words."""
    return event_words(event)[0]


def hint(event):
    """Return the next step."""
    return event_words(event)[1]


class Watching:
    """A watch that runs, and all it told."""

    def __init__(self, files, state, committer=None, opener=None, **around):
        self.told = []
        self.state = str(state)
        self.beginnings = []

        def open_watcher(notice, lost):
            cookie = state / "cookie"
            cookie.parent.mkdir(parents=True, exist_ok=True)
            cookie.touch()
            return open_system_watcher(notice, lost, str(cookie))

        surroundings = ReplicaContext(
            open_store(self.state),
            Machine(dict(os.environ)),
            self.told.append,
            ContentCheck(),
            **around,
        )
        self.watch = Watch(files, surroundings, opener or open_watcher, committer)
        self.has_begun = threading.Event()
        self._thread = threading.Thread(target=self.watch.loop.run, args=(self.has_begun.set,))
        self._thread.start()
        self.until(self.has_begun.is_set)

    def until(self, condition, what=""):
        """Wait until ``condition`` holds."""
        end = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"not in time: {what} {self.messages}")
            time.sleep(0.002)

    def hears(self, what, file=None):
        """Wait until ``what`` was told (of ``file``), and return that happening."""
        found = []

        def is_there():
            found[:] = [
                one
                for one in list(self.told)
                if one.what == what and (file is None or one.file == str(file))
            ]
            return bool(found)

        self.until(is_there, f"waiting for {what!r}")
        return found[-1]

    def rests(self):
        """Wait until the files were looked at as they are now, and nothing is left to do."""
        loop = self.watch.loop

        def is_at_rest():
            answer = queue.SimpleQueue()

            def look():
                seen = all(one.marks == marks_at(one.file) for one in loop.replicas)
                answer.put(seen and loop.is_idle)

            loop.call(look)
            return answer.get(timeout=DEADLINE_S)

        self.until(is_at_rest, "never at rest")

    @property
    def messages(self):
        return [f"{os.path.basename(one.file)}: {one.what}: {message(one)}" for one in self.told]

    @property
    def whats(self):
        """What was told, in order, but that files are valid at first."""
        return [one.what for one in self.told if one.what != "valid"]

    def live_text(self, file):
        """Return what the live side of ``file`` has."""
        [replica] = [one for one in self.watch.replicas if one.file == str(file)]
        return replica._live.get(None)

    def phase(self, file):
        [replica] = [one for one in self.watch.replicas if one.file == str(file)]
        return replica.state.phase.value

    def stop(self):
        self.watch.loop.stop()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "api.session.toml").write_text(SESSION)
    return folder


@pytest.fixture
def file(folder):
    return folder / "api.session.toml"


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a watch of paths or mirrors; it ends with the test."""
    running = []

    def start(*paths, mirrors=(), commits=False, **options):
        files = FileSet([str(path) for path in paths], [Mirror(*map(str, m)) for m in mirrors])
        committer = Committer(dict(os.environ)) if commits else None
        watching = Watching(files, tmp_path / "state", committer, **options)
        running.append(watching)
        return watching

    yield start
    for watching in running:
        watching.stop()


@pytest.fixture
def watching(start, folder):
    return start(folder)
