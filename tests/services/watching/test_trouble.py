"""What goes wrong with files, directories and limits, and what becomes of it."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from pathlib import Path

import pytest

from sessionctl.core.sync.timing import Timing
from sessionctl.services.watching import watch_run
from sessionctl.system.store.archive import Archive
from sessionctl.system.watch.wakeup import Clock
from sessionctl.system.watch.watcher import ArmResult
from tests.services.watching.conftest import SESSION, hint, message, session


def test_an_invalid_edit_is_told_with_its_place_and_goes_nowhere(watching, file):
    text = session(port="x")
    file.write_text(text)
    happening = watching.hears("invalid")
    assert message(happening) == "invalid, 1 error"
    [problem] = happening.checked.problems
    assert happening.checked.place(problem)[:2] == (8, 8)
    assert watching.live_text(file) == SESSION
    assert file.read_text() == text
    file.write_text(session(port=6432))
    watching.until(lambda: watching.live_text(file) == session(port=6432))


def test_each_new_mistake_is_told_and_the_mending_of_the_last(watching, file):
    for count, text in enumerate(("a = ", "a = 1\nb = ", SESSION), start=1):
        file.write_text(text)
        watching.until(lambda count=count: len(watching.whats) == count)
    assert watching.whats == ["invalid", "invalid", "mended"]


def test_a_secret_that_is_typed_goes_nowhere(watching, file):
    file.write_text(SESSION.replace('host = "db', 'password = "hunter2-hunter2"\nhost = "db'))
    happening = watching.hears("invalid")
    assert "hunter2" not in repr(happening)
    assert watching.live_text(file) == SESSION


def test_text_that_is_not_utf_8_is_told_with_its_place(watching, file):
    file.write_bytes(b"name = '\xff'\n")
    happening = watching.hears("invalid")
    assert happening.checked.fixed_place == (1, 9)
    assert file.read_bytes() == b"name = '\xff'\n"


def test_a_directory_in_the_place_of_the_file_is_told(watching, file):
    file.unlink()
    file.mkdir()
    assert "a directory" in message(watching.hears("unreadable"))


def test_a_file_that_is_removed_is_missing_and_never_made_again(watching, file):
    file.unlink()
    happening = watching.hears("missing")
    assert hint(happening) == f"restore it: sessionctl recover {file}"
    watching.rests()
    assert not file.exists()
    file.write_text(session(port=6432))
    watching.hears("applied")
    assert watching.whats == ["missing", "back", "applied"]


def test_a_directory_that_is_removed_and_made_again_goes_on_being_watched(watching, folder, file):
    shutil.rmtree(folder)
    folder.mkdir()
    file.write_text(session(port=6432))
    watching.until(lambda: watching.live_text(file) == session(port=6432))
    file.write_text(session(port=7432))
    watching.until(lambda: watching.live_text(file) == session(port=7432))


def test_a_directory_that_another_one_took_the_place_of_is_watched(watching, folder, file):
    folder.rename(folder.with_name("old"))
    folder.mkdir()
    file.write_text(session(port=6432))
    watching.until(lambda: watching.live_text(file) == session(port=6432))
    # The watch is on the new directory now, not on the old one under the new name.
    watching.until(lambda: not watching.watch.loop._watches.blind)
    file.write_text(session(port=7432))
    watching.until(lambda: watching.live_text(file) == session(port=7432))


def test_a_link_that_is_turned_to_another_file_is_followed(start, tmp_path, file):
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "api.session.toml").write_text(session(port=6432))
    farm = tmp_path / "farm"
    farm.mkdir()
    link = farm / "api.session.toml"
    link.symlink_to(file)
    watching = start(farm)
    (farm / "new").symlink_to(other / "api.session.toml")
    (farm / "new").rename(link)
    watching.until(lambda: watching.live_text(link) == session(port=6432))
    loop = watching.watch.loop
    loop.call(lambda: loop._rescan(loop._clock.now_ms()))
    watching.rests()
    (other / "api.session.toml").write_text(session(port=7432))
    watching.until(lambda: watching.live_text(link) == session(port=7432))


class Limited:
    """A watcher for which there is no room."""

    beats = 0

    def arm(self, directories):
        return ArmResult(frozenset(), dict.fromkeys(directories, "inotify watch limit reached"))

    def beat(self):
        return

    def close(self):
        return


def no_instance(_notice, _lost):
    raise OSError(errno.EMFILE, "inotify instance limit reached")


@pytest.mark.parametrize(
    "opener", [lambda *_: Limited(), no_instance], ids=["watches", "instances"]
)
def test_where_the_system_allows_no_watch_files_are_looked_at_twice_a_second(
    start, folder, file, opener
):
    watching = start(folder, opener=opener)
    happening = watching.hears("degraded")
    assert "limit reached" in message(happening)
    assert watching.phase(file) == "degraded"
    file.write_text(session(port=6432))
    watching.until(lambda: watching.live_text(file) == session(port=6432))
    (folder / "b.session.toml").write_text(SESSION)


def test_a_limit_is_told_once_and_not_for_each_file(start, folder, file):
    for number in range(20):
        (folder / f"s{number}.session.toml").write_text(SESSION)
    limited = Limited()
    watching = start(folder, opener=lambda *_: limited)
    happening = watching.hears("degraded")
    assert "(and 20 other files): inotify watch limit reached" in message(happening)
    limited.arm = lambda directories: ArmResult(frozenset(), {})
    watching.hears("recovered")
    assert watching.whats == ["degraded", "recovered"]


def test_a_watch_that_becomes_possible_is_used_from_then_on(start, folder, file):
    limited = Limited()
    watching = start(folder, opener=lambda *_: limited)
    watching.hears("degraded")
    limited.arm = lambda directories: ArmResult(frozenset(), {})
    watching.hears("recovered")
    assert watching.phase(file) == "clean"


def test_a_watcher_without_a_heart_beat_is_replaced(start, folder, file):
    clock = Hurried()
    opened = []

    class Deaf(Limited):
        def arm(self, directories):
            return ArmResult(frozenset(), {})

    def open_deaf(notice, lost):
        opened.append(1)
        return Deaf()

    watching = start(folder, opener=open_deaf, clock=clock)
    clock.hurry(31_000)
    watching.until(lambda: watching.watch.loop._watches._asked_ms is not None)
    clock.hurry(3000)
    watching.until(lambda: len(opened) == 2)


class Hurried(Clock):
    """A clock that can be put forward."""

    def __init__(self):
        self.ahead_ms = 0
        self.slept_s = 0

    def now_ms(self):
        return super().now_ms() + self.ahead_ms

    def time_s(self):
        return super().time_s() + self.ahead_ms / 1000 + self.slept_s

    def hurry(self, duration_ms):
        self.ahead_ms += duration_ms


def blind(_notice, _lost):
    """Open a watcher that never notices anything, though it seems to work."""
    watcher = Limited()
    watcher.arm = lambda directories: ArmResult(frozenset(), {})
    watcher.beats = 10**9
    return watcher


def test_what_no_event_told_of_is_found_within_30_seconds(start, folder, file):
    clock = Hurried()
    watching = start(folder, opener=blind, clock=clock)
    file.write_text(session(port=6432))
    clock.hurry(30_000)
    watching.until(lambda: watching.live_text(file) == session(port=6432))


def test_after_the_machine_slept_everything_is_looked_at(start, folder, file):
    clock = Hurried()
    watching = start(folder, opener=blind, clock=clock)
    file.write_text(session(port=6432))
    clock.slept_s = 3600
    watching.until(lambda: watching.live_text(file) == session(port=6432))


def test_lost_events_lead_to_a_look_at_everything(start, folder, file):
    lost = []

    def open_blind(notice, tell_lost):
        lost.append(tell_lost)
        return blind(notice, tell_lost)

    watching = start(folder, opener=open_blind)
    file.write_text(session(port=6432))
    lost[0]()
    watching.until(lambda: watching.live_text(file) == session(port=6432))


def test_a_full_disk_for_the_history_is_told_and_does_not_stop_the_watch(
    watching, file, monkeypatch
):
    from sessionctl.errors import FileError

    def fail(*_arguments, **_options):
        raise FileError("no space left on device")

    monkeypatch.setattr(watching.watch._around.store, "keep", fail)
    file.write_text(session(port=6432))
    assert message(watching.hears("failed")) == "no space left on device"
    watching.until(lambda: watching.live_text(file) == session(port=6432))


def test_without_a_state_directory_files_are_watched_all_the_same(start, folder, file, monkeypatch):
    monkeypatch.setattr("tests.services.watching.conftest.open_store", lambda _state: _open(None))
    watching = start(folder)
    file.write_text(session(port=6432))
    watching.until(lambda: watching.live_text(file) == session(port=6432))
    watching.until(lambda: watching.whats == ["applied"])


def _open(directory):
    from sessionctl.services.documents.document_store import open_store

    return open_store(directory)


@pytest.mark.slow
def test_after_a_real_overflow_the_edit_is_found(tmp_path, folder, file):
    """Stop a watch, let the queue of the kernel overflow, and let it go on."""
    from tests.services.watching.processes import Process

    process = Process(tmp_path, folder, arguments=["--json"])
    process.hears("started")
    process.send_signal(signal.SIGSTOP)
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    for number in range(limit // 3 + 100):
        path = folder / f"x{number % 2}"
        path.touch()
        path.unlink()
    file.write_text(session(port=6432))
    process.send_signal(signal.SIGCONT)
    assert "5432 -> 6432" in process.hears("applied", within_s=45)["message"]
    process.end()


def test_the_memory_of_a_damaged_archive_is_forgotten(start, folder, file, tmp_path):
    watching = start(folder)
    file.write_text(session(port=6432))
    watching.hears("applied")
    watching.rests()
    for path in (tmp_path / "state" / "documents").rglob("*"):
        if len(path.name) == 40:
            path.write_text("damaged")
    again = start(folder)
    again.rests()
    assert again.live_text(file) == session(port=6432)
    assert again.whats == []


def test_timings_can_be_set(start, folder, file):
    watching = start(folder, timing=Timing(file_quiet_ms=1))
    file.write_text(session(port=6432))
    watching.until(lambda: watching.live_text(file) == session(port=6432))


def test_what_changed_while_nobody_watched_is_told_at_the_next_start(start, folder, file):
    watching = start(folder)
    watching.rests()
    watching.stop()
    file.write_text(session(port=6432))
    again = start(folder)
    assert "5432 -> 6432" in message(again.hears("applied"))
    assert os.listdir(folder) == ["api.session.toml"]


def test_what_is_kept_waits_for_the_disk_after_it_was_reported(start, folder, monkeypatch):
    order = []
    sync = Archive.sync_newest

    def sync_newest(archive, why):
        order.append("on the disk")
        sync(archive, why)

    monkeypatch.setattr(Archive, "sync_newest", sync_newest)
    watching = start(folder)
    watching.until(lambda: order == ["on the disk"])
    watching.told.clear()
    (folder / "api.session.toml").write_text(session(port=1))
    watching.hears("applied")
    watching.until(lambda: len(order) == 2)
    archive = watching.watch._around.store.archive(folder / "api.session.toml")
    kept = [archive.read(entry.after).decode() for entry in archive.entries()]
    assert kept == [SESSION, session(port=1)]


def test_after_many_reports_their_memory_is_given_back_once(start, folder, monkeypatch):
    monkeypatch.setattr(watch_run, "_MANY", 2)
    given = []
    monkeypatch.setattr(watch_run, "give_back", lambda: given.append(None))
    watching = start(folder)
    watching.rests()
    assert given == []
    (folder / "api.session.toml").write_text(session(port=1))
    watching.until(lambda: given == [None])
    watching.told.clear()
    (folder / "api.session.toml").write_text(session(port=2))
    watching.hears("applied")
    watching.rests()
    assert given == [None]


def test_what_cannot_be_written_to_the_disk_is_reported(start, folder, monkeypatch):
    def full(archive, _why):
        raise archive.cannot("keep a backup", OSError(errno.ENOSPC, "no space left on device"))

    monkeypatch.setattr(Archive, "sync_newest", full)
    watching = start(folder)
    assert "cannot keep a backup" in message(watching.hears("failed"))
