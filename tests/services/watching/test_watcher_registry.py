"""The list of the watchers that run: who is on it, what each says, and who may not join."""

from __future__ import annotations

import json
import os
import stat
import threading

import pytest

from sessionctl.errors import FileError
from sessionctl.services.machine import Machine
from sessionctl.services.watching import watcher_registry
from sessionctl.services.watching.watcher_registry import (
    Registry,
    RunningWatcher,
    UnlistedError,
    user_registry,
)
from sessionctl.system.store.lock import Lock
from sessionctl.system.watch.status_socket import say

HINTS = ("see what runs: sessionctl watch --status",)


class Other:
    """A watcher of another process: its lock is held, and it answers."""

    def __init__(self, registry, name, pid, roots):
        self._base = os.path.join(registry.directory, f"watch-{name}")
        self.socket = f"{self._base}.sock"
        self._lock = Lock(f"{self._base}.lock", "x")
        os.makedirs(registry.directory, mode=0o700, exist_ok=True)
        self._lock.__enter__()
        if pid:
            with open(f"{self._base}.json", "w") as stream:
                json.dump({"pid": pid, "roots": roots}, stream)

    def end(self):
        self._lock.__exit__(None, None, None)


@pytest.fixture
def registry(tmp_path):
    return Registry(str(tmp_path / "run" / "sessionctl"))


def names_in(registry):
    return sorted(os.listdir(registry.directory))


def test_who_watches_is_listed_as_long_as_it_does(registry):
    assert registry.running() == []
    with registry.entered(["/b", "/a"]) as listener:
        assert listener is not None
        [running] = registry.running()
        assert running == RunningWatcher(os.getpid(), ("/b", "/a"), running.socket)
        name = os.path.basename(running.socket)
        assert name.startswith("watch-")
        stem = name.removesuffix(".sock")
        assert len(stem) == len("watch-") + 16
        assert names_in(registry) == [f"{stem}.json", f"{stem}.lock", f"{stem}.sock"]
        for one in names_in(registry):
            mode = stat.S_IMODE(os.stat(os.path.join(registry.directory, one)).st_mode)
            assert mode & 0o077 == 0, one
        cookie = registry.cookie()
        assert os.path.basename(cookie) == f"watch-{os.getpid()}.cookie"
        assert os.stat(cookie).st_size == 0
        assert registry.cookie() == cookie, "it is made anew"
    assert names_in(registry) == []
    assert registry.running() == []
    with registry.entered(["/a", "/b"]):
        assert registry.running()[0].socket == running.socket, "the order of paths is no matter"


def test_each_says_how_it_is_and_who_does_not_answer_is_listed_too(registry):
    silent = Other(registry, "b", 7, ["/z/b", "/y"])
    with registry.entered(["/a/x"]) as listener:
        said = [b'{"since": 5, "pid": 1, "files": ["x"]}', b"[1]", b"{"]
        listener.settimeout(10)
        thread = threading.Thread(target=lambda: [say(listener, data) for data in said])
        thread.start()
        mine = {"since": 5, "files": ["x"], "pid": os.getpid(), "roots": ["/a/x"]}
        other = {"since": None, "files": [], "pid": 7, "roots": ["/z/b", "/y"]}
        assert registry.statuses() == [mine, other]
        [own] = [one for one in registry.running() if one.pid == os.getpid()]
        assert [registry.ask(own) for _ in said[1:]] == [None, None]
        thread.join()
        assert registry.ask(RunningWatcher(7, (), silent.socket)) is None
        for paths, expected in (
            (["/z"], [other]), (["/z/b/c", "/q"], [other]), (["/zz"], []), (["/z/bb"], []),
        ):  # fmt: skip
            assert registry.statuses(paths) == expected, paths
    silent.end()
    assert registry.statuses() == []
    assert names_in(registry) == []


def test_no_two_watch_the_same(registry):
    other = Other(registry, "b", 7, ["/z/b", "/y"])
    for roots, place in ((["/q", "/z/b"], "/z/b"), (["/z"], "/z"), (["/y/k"], "/y/k")):
        with pytest.raises(FileError) as caught, registry.entered(roots):
            pass
        assert str(caught.value) == f"{place}: another sessionctl watches it (process 7)"
        assert caught.value.hints == HINTS
        assert names_in(registry) == ["watch-b.json", "watch-b.lock"], "nothing is left of it"
    with registry.entered(["/zz", "/z/bb", "/x"]), registry.entered(["/w"]):
        assert sorted(one.roots for one in registry.running()) == [
            ("/w",), ("/z/b", "/y"), ("/zz", "/z/bb", "/x"),
        ]  # fmt: skip
        with pytest.raises(FileError) as caught, registry.entered(["/w"]):
            pass
        assert str(caught.value) == f"/w: another sessionctl watches it (process {os.getpid()})"
    other.end()


def test_where_the_first_directory_cannot_be_used_another_is(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("")
    registry = Registry(str(first), str(second))
    elsewhere = Other(Registry(str(second)), "b", 7, ["/y"])
    assert [one.pid for one in registry.running()] == [7]
    assert registry.cookie() is None
    with registry.entered(["/x"]):
        assert registry.directory == str(second)
        assert sorted(one.pid for one in registry.running()) == sorted([7, os.getpid()])
    second.joinpath("watch-b.json").unlink()
    elsewhere.end()
    broken = Registry(str(first), str(first / "below"))
    with pytest.raises(UnlistedError) as caught, broken.entered(["/x"]):
        pass
    assert str(caught.value).startswith(f"{first}: cannot write: ")


def test_where_no_socket_can_be_made_it_watches_without_one(registry):
    with registry.entered(["/x"]):
        [name] = [one for one in names_in(registry) if one.endswith(".sock")]
    os.mkdir(os.path.join(registry.directory, name))
    with registry.entered(["/x"]) as listener:
        assert listener is None
        assert [one.roots for one in registry.running()] == [("/x",)]


def test_the_watchers_of_a_user_are_listed_in_the_runtime_directory():
    registry = user_registry(Machine({"XDG_RUNTIME_DIR": "/run/u", "HOME": "/h"}, user_id=5))
    assert registry.directory == "/run/u/sessionctl"
    assert registry._others == ("/h/.local/state/sessionctl/run", "/tmp/sessionctl-5")


def test_one_that_only_starts_is_listed_without_what_it_watches(registry, monkeypatch):
    moments, pauses = iter(range(100)), []
    monkeypatch.setattr(watcher_registry, "monotonic", lambda: next(moments))
    monkeypatch.setattr(watcher_registry, "sleep", pauses.append)
    other = Other(registry, "y", 0, [])
    try:
        assert registry.running() == [RunningWatcher(0, (), other.socket)]
        assert len(pauses) < 5
    finally:
        other.end()


def test_a_file_that_can_be_opened_is_made_for_one_process_where_that_can_be(registry, tmp_path):
    os.makedirs(registry.directory)
    path = registry.cookie()
    assert path == f"{registry.directory}/watch-{os.getpid()}.cookie"
    with open(path, "w") as stream:
        stream.write("x")
    assert registry.cookie() == path
    assert os.stat(path).st_size == 0
    assert Registry(str(tmp_path / "none")).cookie() is None
