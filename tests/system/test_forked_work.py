"""Copies at work: all of their lines come back, and none of them is ever left."""

from __future__ import annotations

import os
import signal
import time

import pytest

from sessionctl.system.forked_work import ForkedWork
from tests.remains import children


def lines_of(parts, work):
    found = []
    before = children()  # a server that other tests share may be one
    with ForkedWork(parts, work) as forked:
        while lines := forked.read():
            found += lines
    assert children() <= before
    return found


def test_the_lines_of_all_parts_come_back_whole():
    found = lines_of(3, lambda part: (b"%d %d" % (part, n) for n in range(5000)))
    assert sorted(found) == sorted(b"%d %d" % (part, n) for part in range(3) for n in range(5000))


def test_one_that_fails_has_no_more_lines_and_says_nothing(capfd):
    def work(part):
        yield b"%d" % part
        if part:
            raise RuntimeError

    assert sorted(lines_of(2, work)) == [b"0", b"1"]
    assert capfd.readouterr() == ("", "")


def test_one_that_is_killed_has_no_more_lines():
    def work(part):
        yield b"%d" % part
        if part:
            os.kill(os.getpid(), signal.SIGKILL)

    assert sorted(lines_of(2, work)) == [b"0", b"1"]


def test_where_no_process_can_be_started_there_are_no_lines(monkeypatch):
    def no_fork():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", no_fork)
    assert lines_of(2, lambda part: iter([b"x"])) == []


def test_none_is_left_when_it_is_stopped_in_the_middle():
    def work(_part):
        yield b"%d" % os.getpid()
        time.sleep(600)

    with pytest.raises(KeyboardInterrupt), ForkedWork(2, work) as forked:
        children = []
        while len(children) < 2:
            children += map(int, forked.read())
        raise KeyboardInterrupt
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
