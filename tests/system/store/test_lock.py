"""One process at a time works on a document."""

from __future__ import annotations

import errno
import fcntl
import os
import stat

import filelock
import pytest

from sessionctl.errors import FileError
from sessionctl.system.store import lock as lock_module
from sessionctl.system.store.lock import Lock


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "lock")


@pytest.fixture(params=["flock", "filelock"])
def kind(request, monkeypatch):
    monkeypatch.setattr(lock_module, "_needs_filelock", lambda: request.param == "filelock")
    return request.param


def test_a_lock_that_is_held_is_waited_for_and_then_told(path, kind):
    second = Lock(path, "x.toml", timeout_s=0.01)
    with Lock(path, "x.toml"), pytest.raises(FileError, match="another sessionctl is writing it"):
        second.__enter__()
    with Lock(path, "x.toml", timeout_s=0):
        pass


def test_a_lock_is_released_when_its_holder_fails(path, kind):
    with pytest.raises(ValueError), Lock(path, "x.toml"):
        raise ValueError
    with Lock(path, "x.toml", timeout_s=0):
        pass


def test_it_is_the_lock_of_the_library(path):
    with filelock.FileLock(path), pytest.raises(FileError, match="another sessionctl"):
        Lock(path, "x.toml", timeout_s=0.01).__enter__()
    with Lock(path, "x.toml"), pytest.raises(filelock.Timeout):
        filelock.FileLock(path).acquire(timeout=0.01)


def test_the_lock_file_is_for_the_user_alone(path):
    with Lock(path, "x.toml"):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_lock_file_that_was_removed_while_it_was_waited_for_does_not_count(path, monkeypatch):
    real, removed = fcntl.flock, []

    def remove_first(descriptor, how):
        if not removed:
            removed.append(os.unlink(path))
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    with Lock(path, "x.toml"):
        assert os.path.exists(path)
    assert removed


def test_a_file_system_without_locks_is_no_obstacle(path, monkeypatch):
    def refuse(_descriptor, _how):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Lock(path, "x.toml"):
        assert os.path.exists(path)


def test_a_lock_that_fails_is_an_error(path, monkeypatch):
    def refuse(_descriptor, _how):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match="broken"):
        Lock(path, "x.toml").__enter__()
