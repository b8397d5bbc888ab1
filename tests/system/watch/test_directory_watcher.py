"""Watching directories: what is noticed, what is not, and what becomes of the watch."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import struct
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from sessionctl.system.watch import inotify_watcher
from sessionctl.system.watch.directory_watcher import DirectoryWatcher
from sessionctl.system.watch.inotify_watcher import InotifyWatcher
from sessionctl.system.watch.watcher import watched_names
from tests.world import CHECKOUT

DEADLINE_S = 10


@pytest.fixture(params=[InotifyWatcher, DirectoryWatcher], autouse=True)
def kind(request, monkeypatch):
    """Let each test run with both watchers."""
    monkeypatch.setattr(Noticing, "kind", request.param)
    return request.param


class Noticing:
    """A watcher, and what it noticed."""

    kind = InotifyWatcher

    def __init__(self, folder):
        self.paths = []
        self.lost = []
        self.cookie = folder / "cookies" / "cookie"
        self.cookie.parent.mkdir()
        self.cookie.touch()
        self.watcher = self.kind(self.paths.append, lambda: self.lost.append(1), str(self.cookie))

    def until(self, condition):
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.005)
        pytest.fail(f"not noticed in time: {self.paths}")

    def notices(self, path):
        self.until(lambda: str(path) in self.paths)
        self.settle()

    def settle(self):
        """Wait until all events so far have been handed on: the cookie's come behind them."""
        before = self.watcher.beats
        self.watcher.beat()
        self.until(lambda: self.watcher.beats > before)


@pytest.fixture
def folder(tmp_path):
    folder = (tmp_path / "sessions").resolve()
    folder.mkdir()
    return folder


@pytest.fixture
def noticing(tmp_path, folder):
    noticing = Noticing(tmp_path)
    assert noticing.watcher.arm([str(folder)]) == ({str(folder)}, {})
    yield noticing
    noticing.watcher.close()


@pytest.mark.parametrize(
    "command",
    [
        "echo a > a.toml",
        "echo a > t && mv t a.toml",
        "echo a > ../t && mv ../t a.toml",
        "ln -s nowhere a.toml",
    ],
)
def test_a_file_that_appears_is_noticed(noticing, folder, command):
    subprocess.run(["sh", "-c", command], cwd=folder, check=True)
    noticing.notices(folder / "a.toml")


@pytest.mark.parametrize(
    "command",
    [
        "echo b > a.toml",
        "echo b >> a.toml",
        "echo b > t && mv t a.toml",
        "chmod 600 a.toml",
        "touch a.toml",
        "rm a.toml",
        "mv a.toml ..",
        "sed -i s/a/b/ a.toml",
    ],
)
def test_a_change_of_a_file_is_noticed(tmp_path, folder, command):
    (folder / "a.toml").write_text("a\n")
    noticing = Noticing(tmp_path)
    noticing.watcher.arm([str(folder)])
    subprocess.run(["sh", "-c", command], cwd=folder, check=True)
    noticing.notices(folder / "a.toml")
    noticing.watcher.close()


def test_reading_is_not_noticed(tmp_path, folder):
    (folder / "a.toml").write_text("a\n")
    noticing = Noticing(tmp_path)
    noticing.watcher.arm([str(folder)])
    (folder / "a.toml").read_text()
    list(folder.iterdir())
    noticing.settle()
    assert noticing.paths == []
    noticing.watcher.close()


def test_what_happens_below_is_not_noticed(noticing, folder):
    (folder / "below").mkdir()
    (folder / "below" / "a.toml").touch()
    noticing.settle()
    assert str(folder / "below" / "a.toml") not in noticing.paths


def test_arming_again_changes_nothing(noticing, folder):
    assert noticing.watcher.arm([str(folder)]) == (frozenset(), {})
    (folder / "a.toml").touch()
    noticing.notices(folder / "a.toml")


def test_a_directory_that_is_not_wanted_any_more_is_not_watched(noticing, folder):
    assert noticing.watcher.arm([]) == (frozenset(), {})
    (folder / "a.toml").touch()
    noticing.settle()
    assert noticing.paths == []


def test_a_directory_that_is_not_there_is_told(noticing, folder, tmp_path):
    missing = str(tmp_path / "missing")
    assert noticing.watcher.arm([str(folder), missing]) == (
        frozenset(),
        {missing: "no such file or directory"},
    )
    os.mkdir(missing)
    assert noticing.watcher.arm([str(folder), missing]) == ({missing}, {})


def test_a_directory_that_was_removed_and_made_again_is_watched_again(noticing, folder):
    folder.rmdir()
    folder.mkdir()
    noticing.until(lambda: noticing.watcher.arm([str(folder)]).renewed == {str(folder)})
    (folder / "a.toml").touch()
    noticing.notices(folder / "a.toml")


def test_another_directory_under_the_same_name_is_watched(noticing, folder):
    folder.rename(folder.with_name("old"))
    folder.mkdir()
    assert noticing.watcher.arm([str(folder)]) == ({str(folder)}, {})
    (folder / "a.toml").touch()
    noticing.notices(folder / "a.toml")


def test_a_directory_that_is_gone_is_tried_each_time(noticing, folder):
    folder.rmdir()
    noticing.until(lambda: noticing.watcher.arm([str(folder)]).failed)
    assert noticing.watcher.arm([str(folder)]).failed == {str(folder): "no such file or directory"}


@pytest.mark.parametrize("kind", [DirectoryWatcher], indirect=True)
def test_an_overflow_that_the_library_logs_is_told(noticing, capsys):
    log = logging.getLogger("watchdog.observers.inotify_c")
    log.warning("something else")
    assert noticing.lost == []
    log.warning("Inotify queue overflowed; filesystem events were lost")
    assert noticing.lost == [1]
    assert capsys.readouterr().err == ""


def test_the_heart_beats_without_writing_anything(noticing):
    before = noticing.cookie.stat()
    noticing.settle()
    after = noticing.cookie.stat()
    assert (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)


@pytest.mark.parametrize("kind", [DirectoryWatcher], indirect=True)
def test_a_dead_watcher_has_no_heart_beat(noticing):
    noticing.watcher._observer.stop()
    noticing.watcher._observer.join()
    before = noticing.watcher.beats
    noticing.watcher.beat()
    assert noticing.watcher.beats == before


def test_without_a_cookie_the_heart_always_beats(tmp_path, kind):
    for cookie in (None, str(tmp_path / "missing" / "cookie")):
        watcher = kind(print, print, cookie)
        watcher.beat()
        assert watcher.beats == 1
        watcher.close()


def test_a_cookie_that_was_taken_away_is_no_heart_beat(noticing):
    noticing.cookie.unlink()
    noticing.watcher.beat()
    assert noticing.watcher.beats == 0


def test_a_process_without_descriptors_is_told_why_it_cannot_watch(folder, kind):
    program = """
        import os, resource, sys
        from KIND
        highest = max(map(int, os.listdir("/proc/self/fd")))
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest, highest))
        try:
            watcher = Watcher(print, print)
            print(watcher.arm([sys.argv[1]]).failed)
        except OSError as error:
            print(error.strerror)
        """
    named = f"{kind.__module__} import {kind.__name__} as Watcher"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program).replace("KIND", named), str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "limit reached" in done.stdout or "Too many open files" in done.stdout, done.stderr


def test_a_file_is_watched_where_it_is_and_where_links_to_it_are(tmp_path):
    tmp_path = tmp_path.resolve()
    for name in ("real", "first", "second"):
        (tmp_path / name).mkdir()
    (tmp_path / "real" / "a.toml").touch()
    (tmp_path / "first" / "b.toml").symlink_to("../real/a.toml")
    (tmp_path / "second" / "c.toml").symlink_to(tmp_path / "first" / "b.toml")
    (tmp_path / "folder").symlink_to("second")
    assert watched_names(str(tmp_path / "folder" / "c.toml")) == [
        str(tmp_path / "second" / "c.toml"),
        str(tmp_path / "first" / "b.toml"),
        str(tmp_path / "real" / "a.toml"),
    ]


def test_links_that_lead_back_to_themselves_come_to_an_end(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert set(watched_names(str(tmp_path / "a"))) == {
        str(tmp_path.resolve() / "a"),
        str(tmp_path.resolve() / "b"),
    }


@pytest.mark.parametrize("kind", [InotifyWatcher], indirect=True)
class TestInotify:
    """What inotify alone does."""

    def test_a_thousand_directories_take_one_instance_and_one_thread(self, tmp_path):
        folders = [tmp_path / f"d{number}" for number in range(1000)]
        for one in folders:
            one.mkdir()
        noticing = Noticing(tmp_path)
        before = threading.active_count()
        assert noticing.watcher.arm(map(str, folders)) == (set(map(str, folders)), {})
        assert threading.active_count() == before
        (folders[-1] / "a.toml").touch()
        noticing.notices(folders[-1] / "a.toml")
        noticing.watcher.close()

    def test_two_paths_of_one_directory_are_both_watched(self, tmp_path, folder):
        noticing = Noticing(tmp_path)
        other = f"{folder.parent}/./sessions"  # as a bind mount would be: one inode
        noticing.watcher.arm([str(folder), other])
        (folder / "a.toml").touch()
        noticing.notices(folder / "a.toml")
        assert f"{other}/a.toml" in noticing.paths
        noticing.watcher.arm([str(folder)])
        noticing.paths.clear()
        (folder / "b.toml").touch()
        noticing.notices(folder / "b.toml")
        assert f"{other}/b.toml" not in noticing.paths
        noticing.watcher.close()

    def test_a_directory_that_goes_is_named(self, noticing, folder):
        folder.rename(folder.with_name("elsewhere"))
        noticing.notices(folder)

    @pytest.mark.parametrize(
        "gone", [inotify_watcher._UNMOUNT, inotify_watcher._DELETE_SELF, inotify_watcher._MOVE_SELF]
    )
    def test_a_directory_that_went_is_watched_again_though_its_inode_is_as_before(
        self, noticing, folder, gone
    ):
        # Another directory may get the inode of one that was removed.
        assert not noticing.watcher.arm([str(folder)]).renewed
        watch = noticing.watcher._watches[str(folder)][0]
        noticing.watcher._take(struct.pack("iIII", watch, gone, 0, 0))
        assert noticing.watcher.arm([str(folder)]).renewed == {str(folder)}
        assert not noticing.watcher.arm([str(folder)]).renewed

    def test_an_overflow_is_told(self, noticing):
        noticing.watcher._take(struct.pack("iIII", -1, 0x4000, 0, 0))
        assert noticing.lost == [1]

    def test_limits_are_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr(ctypes, "get_errno", lambda: errno.EMFILE)
        with pytest.raises(OSError, match="inotify instance limit reached"):
            inotify_watcher._checked(-1)
        monkeypatch.setattr(ctypes, "get_errno", lambda: errno.ENOSPC)
        with pytest.raises(OSError, match="inotify watch limit reached"):
            inotify_watcher._checked(-1)

    def test_closing_twice_is_closing_once(self, tmp_path):
        noticing = Noticing(tmp_path)
        noticing.watcher.close()
        noticing.watcher.close()
