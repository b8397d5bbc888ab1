"""When the state of a kept connection is captured, and what becomes of what it is remembered by."""

from __future__ import annotations

import errno
import socket
import sys
from types import SimpleNamespace

import pytest

from sessionctl.connections.connection_adapter import Failure, FailureKind, Health, PeerIdentity
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.keeping import keeper as keeper_module
from sessionctl.connections.keeping import kept_line, wakeup_watch
from sessionctl.connections.keeping.dialling import OpenedConnection
from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.keeping.kept_line import KeptLine
from sessionctl.connections.keeping.secret_cover import SecretCover
from sessionctl.connections.keeping.wakeup_watch import NetworkWatch
from sessionctl.connections.manager.manager_event import ProbeAnswer, ProbeFailure
from sessionctl.core.secrets.secret import Secret
from sessionctl.errors import FileError
from tests.together import together

PEER = PeerIdentity("k", "server", "1")
OPENED = OpenedConnection("handle", PEER, None, (), {}, None, SecretCover([Secret("hunter2")]))
EVERY_S, QUICK_S = kept_line._CAPTURE_EVERY_S, kept_line._QUICK_S


class Desk:
    """The parts of a target that a line uses; the clock goes on while it is probed."""

    name = "db"

    def __init__(self):
        self.adapter = self
        self.now, self.took, self.health, self.error = 1_000.0, 0.0, Health(), None
        self.asked, self.kept = [], []
        self.before = SimpleNamespace(peer_text="")

    def monotonic(self):
        return self.now

    def probe(self, handle, deadline):
        self.asked.append(("probe", handle))
        self.now += self.took
        if self.error is not None:
            raise self.error
        return self.health

    def capture(self, handle, deadline):
        self.asked.append(("capture", handle))
        return {"role": "hunter2", "n": 1}

    def keep(self, state, peer):
        if self.error is not None:
            raise self.error
        self.kept.append((state, peer))

    def classify(self, error):
        return Failure(FailureKind.TRANSIENT, f"said hunter2: {error}")

    def recall(self):
        return self.before

    def close(self, handle):
        self.asked.append(("close", handle))
        if self.error is not None:
            raise self.error


@pytest.fixture
def desk(monkeypatch):
    desk = Desk()
    monkeypatch.setattr(kept_line, "time", desk)
    return desk


def captured(desk, line):
    desk.asked.clear()
    line._probed(OPENED, Deadline(10))
    return ("capture", "handle") in desk.asked


def test_the_state_is_captured_when_it_may_have_changed_or_is_old(desk):
    line = KeptLine(desk, None)
    for what, act, is_captured in (
        ("at first", lambda: None, True),
        ("at once again", lambda: None, False),
        ("soon", lambda: setattr(desk, "now", desk.now + EVERY_S - 0.01), False),
        ("later", lambda: setattr(desk, "now", desk.now + 0.01), True),
        ("after it was lent", lambda: setattr(line, "was_lent", True), True),
        ("once", lambda: None, False),
        ("in a transaction", lambda: setattr(desk, "health", Health(is_skipped=True)), True),
        ("still in it", lambda: None, False),
        ("after it", lambda: setattr(desk, "health", Health()), True),
        ("lent, but slow", lambda: (setattr(line, "was_lent", True),
                                    setattr(desk, "took", QUICK_S)), False),
        ("quick again", lambda: setattr(desk, "took", QUICK_S - 0.001), True),
    ):  # fmt: skip
        act()
        assert captured(desk, line) is is_captured, what
    assert desk.kept == [({"role": "***", "n": 1}, PEER)] * 6
    assert not line.was_lent


def test_a_probe_says_how_long_it_took_or_why_it_failed(desk):
    line = KeptLine(desk, None)
    desk.took = 0.25
    assert line._probed(OPENED, Deadline(10)) == ProbeAnswer("db", 0.25, ())
    desk.health = Health(0.1, missed=("a subscription",))
    assert line._probed(OPENED, Deadline(10)) == ProbeAnswer("db", 0.1, ("a subscription",))
    desk.error = OSError("cut")
    failure = Failure(FailureKind.TRANSIENT, "said ***: cut")
    assert line._probed(OPENED, Deadline(10)) == ProbeFailure("db", failure)
    line.opened = OPENED
    assert line.failure_of(OSError("x")).message == "said ***: x"
    line.opened = None
    assert line.failure_of(OSError("x")).message == "said hunter2: x"


def test_what_was_remembered_of_another_server_stays(desk):
    line = KeptLine(desk, None)
    line._keep(OPENED._replace(strangers=("a", "b")), {"n": 2})
    assert (desk.kept, line.keep_failure) == ([], "")
    line._keep(OPENED, {"n": 2})
    assert desk.kept == [({"n": 2}, PEER)]
    desk.error = FileError("no space")
    line._keep(OPENED, {"n": 3})
    assert line.keep_failure == "no space"
    line._closing("handle")()  # a driver that raises has closed it well enough
    assert desk.asked == [("close", "handle")]


@together(
    "kind, key, was_open, peer_text, expected",
    [
        ("CONFIG", "host", False, "", "CONFIG"), ("CONFIG", "host", True, "", "TRANSIENT"),
        ("CONFIG", "host", False, "server", "TRANSIENT"), ("CONFIG", "port", True, "s", "CONFIG"),
        ("AUTH", "host", True, "s", "AUTH"),
    ],
)  # fmt: skip
def test_a_name_that_was_found_before_is_out_of_reach(kind, key, was_open, peer_text, expected):
    desk = Desk()
    line = KeptLine(desk, None)
    line._was_open, desk.before = was_open, SimpleNamespace(peer_text=peer_text)
    failure = Failure(FailureKind[kind], "no host", key=key)
    expected = failure._replace(kind=FailureKind[expected])
    assert line._in_view_of_before(failure) == expected


# -- what wakes ----------------------------------------------------------------------------------


class Netlink:
    """A socket that fails where it is told to, and notes what is asked of it."""

    def __init__(self, bind_fails=False):
        self.bind_fails, self.calls = bind_fails, []

    def bind(self, address):
        self.calls.append(("bind", address))
        if self.bind_fails:
            raise OSError(errno.EPERM, "no")

    def close(self):
        self.calls.append(("close",))


def test_without_news_of_the_network_nothing_is_watched(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    made = []

    def make(family, kind, protocol):
        made.append((family, kind, protocol))
        if answer is None:
            raise OSError(errno.EMFILE, "no")
        return answer

    monkeypatch.setattr(socket, "socket", make)
    monkeypatch.setattr(socket, "AF_NETLINK", 16, raising=False)
    answer = None
    assert wakeup_watch._netlink_socket() is None
    answer = Netlink(bind_fails=True)
    assert wakeup_watch._netlink_socket() is None
    # rtnetlink(7): RTMGRP_LINK, _IPV4_IFADDR, _IPV4_ROUTE, _IPV6_IFADDR and _IPV6_ROUTE.
    assert answer.calls == [("bind", (0, 0x551)), ("close",)]
    answer = Netlink()
    assert wakeup_watch._netlink_socket() is answer
    assert answer.calls == [("bind", (0, 0x551))]
    assert made == [(16, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)] * 3
    monkeypatch.setattr(sys, "platform", "darwin")
    assert wakeup_watch._netlink_socket() is None
    noticed = []
    watch = NetworkWatch(noticed.append)
    assert not watch.is_watching
    watch.close()
    assert noticed == []


def test_a_system_without_a_clock_for_sleep_never_jumps(monkeypatch):
    clock = SimpleNamespace(clock_gettime={7: 30.5, 1: 10.0}.get, CLOCK_MONOTONIC=1)
    monkeypatch.setattr(wakeup_watch, "time", clock)
    assert wakeup_watch._offset_s() == 0.0
    clock.CLOCK_BOOTTIME = 7
    assert wakeup_watch._offset_s() == 20.5


def test_a_keeper_watches_the_network_unless_it_is_told_not_to(monkeypatch):
    made = []

    def watch(notice):
        made.append(notice)
        return SimpleNamespace(close=lambda: made.append("closed"))

    monkeypatch.setattr(keeper_module, "NetworkWatch", watch)
    Keeper([], watches_network=False).close()
    assert made == []
    keeper = Keeper([])
    assert made == [keeper._woken]
    keeper.close()
    keeper.close()
    assert made == [keeper._woken, "closed"]
    assert not keeper._thread.is_alive()
