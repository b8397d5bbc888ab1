"""A signal ends a watch at any moment: between files, in a check, a wait; not in a write."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from sessionctl.cli.stop_signals import stopped_by_signals
from sessionctl.services.documents.document_store import open_store
from sessionctl.services.machine import Machine
from sessionctl.services.watching.file_reading import ContentCheck
from sessionctl.services.watching.file_set import FileSet, Mirror
from sessionctl.services.watching.replica import ReplicaContext
from sessionctl.services.watching.stop_switch import StopSwitch, WatchInterrupt
from sessionctl.services.watching.watch_run import Watch
from sessionctl.system.files.snapshot import glance_at
from sessionctl.system.watch.system_watcher import open_system_watcher
from tests.services.watching.conftest import SESSION, session

FILES = 30


@pytest.fixture
def many(folder):
    for number in range(FILES):
        (folder / f"s{number:02}.session.toml").write_text(session(port=6000 + number))
    return folder


class Run:
    """A watch in this thread, and what it did until a signal ended it."""

    def __init__(self, files, state, **around):
        self.told = []
        self.switch = StopSwitch()
        surroundings = ReplicaContext(
            open_store(str(state)), Machine(dict(os.environ)), self.told.append, ContentCheck(),
            switch=self.switch, **around,
        )  # fmt: skip
        self.watch = Watch(files, surroundings, open_system_watcher)
        self.has_begun = False

    def until_a_signal(self):
        def begun():
            self.has_begun = True

        with stopped_by_signals(self.switch.stop):
            self.watch.loop.run(begun)


def raise_signal():
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_stop_comes_between_two_files_of_many(many, tmp_path):
    seen = []

    def glance(path):
        seen.append(path)
        if len(seen) == 3:
            raise_signal()
        return glance_at(path)

    run = Run(FileSet([str(many)], []), tmp_path / "state", glance=glance)
    run.until_a_signal()
    assert len(seen) == 3
    assert not run.has_begun


def test_what_waits_for_a_slow_disk_is_broken_off(many, tmp_path):
    hanging = threading.Event()

    def glance(path):
        raise_signal()
        hanging.wait(60)
        raise AssertionError("nobody broke off the wait")

    run = Run(FileSet([str(many)], []), tmp_path / "state", glance=glance)
    run.until_a_signal()


def test_a_write_is_finished_and_then_it_ends(tmp_path, monkeypatch):
    live, repository = tmp_path / "live", tmp_path / "repository"
    for one in (live, repository):
        one.mkdir()
    for number in range(FILES):
        (live / f"s{number:02}.session.toml").write_text(SESSION)
    run = Run(FileSet([], [Mirror(str(live), str(repository))]), tmp_path / "state")
    store = run.watch._around.store
    restore, written = store.restore, []

    def restore_slowly(path, data, **options):
        raise_signal()
        notes = restore(path, data, **options)
        written.append(path)
        return notes

    monkeypatch.setattr(store, "restore", restore_slowly)
    run.until_a_signal()
    assert [str(path) for path in sorted(repository.iterdir())] == written
    assert len(written) == 1
    assert (repository / os.path.basename(written[0])).read_text() == SESSION


@pytest.mark.parametrize("part", range(4))
def test_a_signal_at_any_step_ends_it_with_everything_whole(tmp_path, part):
    """Steps are lines of the program: a signal comes at each of many, and each run ends."""
    for number in range(part, 24, 4):
        live, repository = tmp_path / f"live{number}", tmp_path / f"repository{number}"
        for one in (live, repository):
            one.mkdir()
        for name in ("a", "b"):
            (live / f"{name}.session.toml").write_text(SESSION)
        (repository / "b.session.toml").write_text(session(port=6432))
        run = Run(FileSet([], [Mirror(str(live), str(repository))]), tmp_path / f"s{number}")
        steps = Steps(at=37 * (number + 1) ** 2)
        sys.settrace(steps.trace)
        try:
            with stopped_by_signals(run.switch.stop):
                run.watch.loop.run(raise_signal)
        finally:
            sys.settrace(None)
        for file in (*live.iterdir(), *repository.iterdir()):
            assert file.read_text() in (SESSION, session(port=6432)), (number, file)


class Steps:
    """Sends a signal at the so-many-th line that is run."""

    def __init__(self, at):
        self.left = at

    def trace(self, frame, event, _):
        if event == "line" and "sessionctl" in frame.f_code.co_filename:
            self.left -= 1
            if self.left == 0:
                raise_signal()
        return self.trace


def test_a_thread_that_is_not_that_of_the_watch_breaks_nothing_off():
    switch = StopSwitch()
    thread = threading.Thread(target=switch.arm)
    thread.start()
    thread.join()
    switch.stop()
    assert switch.is_stopped


def test_what_is_finished_within_what_is_finished_ends_with_the_outer_one():
    switch = StopSwitch()
    switch.arm()
    done = []
    with pytest.raises(WatchInterrupt), switch.finishing():
        with switch.finishing():
            switch.stop()
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"]
    with switch.finishing():
        pass  # once only: what ends in good order is not broken off
