"""Waiting for messages, for time and for connections."""

from __future__ import annotations

import socket
import threading

from sessionctl.system.watch.status_socket import hear, open_listener, say
from sessionctl.system.watch.wakeup import Clock, WakeUp


def test_messages_come_in_order_and_once():
    wakeup = WakeUp()
    wakeup.send("a")
    wakeup.send("b")
    assert wakeup.has_messages
    assert wakeup.wait(None) == (["a", "b"], [])
    assert not wakeup.has_messages
    assert wakeup.wait(0) == ([], [])
    wakeup.close()


def test_a_message_of_another_thread_wakes_up():
    wakeup = WakeUp()
    thread = threading.Thread(target=wakeup.send, args=("a",))
    thread.start()
    assert wakeup.wait(30_000) == (["a"], [])
    thread.join()
    wakeup.close()


def test_more_messages_than_a_pipe_holds_are_all_there():
    wakeup = WakeUp()
    for number in range(70_000):
        wakeup.send(number)
    messages, _ = wakeup.wait(None)
    assert messages == list(range(70_000))
    assert wakeup.wait(0) == ([], [])
    wakeup.close()


def test_a_message_to_one_who_does_not_wait_any_more_is_lost():
    wakeup = WakeUp()
    wakeup.close()
    wakeup.send("a")


def test_the_clock_goes_forward():
    clock = Clock()
    assert clock.now_ms() <= clock.now_ms()
    assert clock.time_s() > 1_700_000_000


def served(path, data):
    """Answer one connection at ``path`` with ``data``; return what was heard."""
    listener = open_listener(str(path))
    wakeup = WakeUp()
    wakeup.listen_to(listener)
    heard = []
    thread = threading.Thread(target=lambda: heard.append(hear(str(path))))
    thread.start()
    _, ready = wakeup.wait(30_000)
    assert ready == [listener]
    say(listener, data)
    thread.join()
    wakeup.close()
    listener.close()
    return heard[0]


def test_who_connects_is_told(tmp_path):
    data = b"x" * 300_000
    assert served(tmp_path / "s", data) == data
    # What a process that is gone left there is no obstacle.
    assert served(tmp_path / "s", b"again") == b"again"


def test_a_socket_is_for_its_user_alone(tmp_path):
    with open_listener(str(tmp_path / "s")):
        assert (tmp_path / "s").stat().st_mode & 0o777 == 0o600


def test_a_path_that_is_too_long_for_a_socket_is_none_for_us(tmp_path):
    folder = tmp_path / ("d" * 120)
    folder.mkdir()
    assert served(folder / "s", b"hello") == b"hello"


def test_nobody_is_heard_where_nobody_listens(tmp_path):
    assert hear(str(tmp_path / "s")) is None
    (tmp_path / "file").touch()
    assert hear(str(tmp_path / "file")) is None
    open_listener(str(tmp_path / "s")).close()
    assert hear(str(tmp_path / "s")) is None


def test_a_listener_that_cannot_be_made_is_told(tmp_path):
    import pytest

    from sessionctl.errors import FileError

    with pytest.raises(FileError, match="cannot listen"):
        open_listener(str(tmp_path / "missing" / "s"))


def test_who_goes_away_at_once_is_no_trouble(tmp_path):
    with open_listener(str(tmp_path / "s")) as listener:
        say(listener, b"to nobody")
        one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        one.connect(str(tmp_path / "s"))
        one.close()
        say(listener, b"x" * 10_000_000)
