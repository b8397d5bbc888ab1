"""A call is cut by its deadline, and only then."""

from __future__ import annotations

import socket
import threading

import pytest

from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.socket_guard import SocketGuard


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    guard = SocketGuard(ours.fileno())
    with ours, theirs:
        yield guard, ours, theirs
        guard.close()


def test_nothing_watches_a_call_that_is_done(pair):
    guard, ours, theirs = pair
    before = set(threading.enumerate())
    with guard.until(Deadline(3600)):
        theirs.send(b"a")
        assert ours.recv(1) == b"a"
        [timer] = set(threading.enumerate()) - before
    timer.join(10)
    assert not timer.is_alive()
    assert not guard.is_cut
    assert not guard.has_ended()


def test_nothing_watches_a_call_that_failed(pair):
    guard, _ours, _theirs = pair
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), guard.until(Deadline(3600)):
        [timer] = set(threading.enumerate()) - before
        raise ZeroDivisionError
    timer.join(10)
    assert not timer.is_alive()
    assert not guard.is_cut


def test_a_call_that_hangs_is_cut_and_the_deadline_is_the_reason(pair):
    guard, ours, theirs = pair
    reason = "no answer by the deadline"
    with pytest.raises(DeadlineError, match=reason), guard.until(Deadline(0.01)):
        assert ours.recv(1) == b""
        raise OSError("its own reason")
    assert guard.is_cut
    assert guard.has_ended()
    assert theirs.recv(1) == b""


def test_what_the_other_side_said_before_it_closed_stays_to_be_read(pair):
    guard, ours, theirs = pair
    theirs.send(b"a")
    theirs.shutdown(socket.SHUT_WR)
    assert not guard.has_ended()
    assert ours.recv(1) == b"a"
    assert guard.has_ended()
