"""A socket that says one thing to whoever of the same user asks."""

from __future__ import annotations

import os
import socket
import stat
import threading

import pytest

from sessionctl.errors import FileError
from sessionctl.system.watch import status_socket
from sessionctl.system.watch.status_socket import hear, open_listener, say


def heard(path, listener, data):
    """Return what is heard at ``path`` while ``data`` is said there."""
    found = []
    thread = threading.Thread(target=lambda: found.append(hear(path)), daemon=True)
    thread.start()
    listener.settimeout(20)
    say(listener, data)
    thread.join(20)
    return found[0]


@pytest.mark.parametrize("depth", [0, 120])
def test_what_is_said_is_heard_whole_however_long_the_path(tmp_path, depth):
    folder = tmp_path / ("d" * depth) if depth else tmp_path
    folder.mkdir(exist_ok=True)
    path = str(folder / "status")
    (folder / "status").write_text("left by one that is gone")
    before = len(os.listdir("/proc/self/fd"))
    mask = os.umask(0o022)
    try:
        with open_listener(path) as listener:
            assert stat.S_IMODE(os.lstat(path).st_mode) == 0o600
            now = os.umask(0o022)
            assert now == 0o022
            assert heard(path, listener, b"x" * 300_000) == b"x" * 300_000
            assert heard(path, listener, b"") == b""
            listener.settimeout(0)
            assert say(listener, b"nobody asks") is None
        assert len(os.listdir("/proc/self/fd")) <= before
    finally:
        os.umask(mask)


def test_where_no_one_listens_nothing_is_heard(tmp_path, monkeypatch):
    path = str(tmp_path / "status")
    assert hear(path) is None
    (tmp_path / "status").write_text("no socket")
    assert hear(path) is None
    open_listener(path).close()
    assert hear(path) is None
    monkeypatch.setattr(status_socket, "_TIMEOUT_S", 0.05)
    with open_listener(path):  # one that listens, and says nothing
        assert hear(path) is None
    with pytest.raises(FileError) as caught:
        open_listener(str(tmp_path / "none" / "status"))
    assert caught.value.message == f"{tmp_path}/none/status: cannot listen: no such file"


def test_a_listener_waits_for_no_one_and_one_that_does_not_take_it_is_left(tmp_path, monkeypatch):
    path = str(tmp_path / "status")
    with open_listener(path) as listener:
        assert listener.gettimeout() == 0
        monkeypatch.setattr(status_socket, "_TIMEOUT_S", 0.05)
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.connect(path)
            assert say(listener, b"x" * 10_000_000) is None


def test_a_text_without_end_is_not_kept(monkeypatch):
    monkeypatch.setattr(status_socket, "_MOST", 10)
    monkeypatch.setattr(status_socket, "_CHUNK", 4)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"abcdefghijklmnop")
        assert status_socket._read(ours) == b"abcdefghijkl"
