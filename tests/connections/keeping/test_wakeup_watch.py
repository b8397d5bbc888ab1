"""What wakes: the network, a night of sleep."""

from __future__ import annotations

import errno
import queue
import socket
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from sessionctl.connections.keeping import wakeup_watch
from sessionctl.connections.keeping.wakeup_watch import NetworkWatch, SleepClock
from sessionctl.connections.manager.manager_event import WakeupKind
from tests.together import together
from tests.world import need

PATIENCE_S = 20
IN_A_NAMESPACE = """\
import subprocess, threading
from sessionctl.connections.keeping.wakeup_watch import NetworkWatch
noticed = threading.Event()
watch = NetworkWatch(lambda kind: noticed.set())
assert watch.is_watching
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
assert noticed.wait(20)
noticed.clear()
subprocess.run(["ip", "addr", "add", "10.9.8.7/32", "dev", "lo"], check=True)
assert noticed.wait(20)
watch.close()
"""


def test_a_new_address_is_noticed():
    need("ip")
    need("unshare")
    words = ["unshare", "-rn"]
    if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        words = ["unshare", "-n"]
        if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
            pytest.skip("this system gives no network namespace")
    done = subprocess.run(
        [*words, sys.executable, "-c", IN_A_NAMESPACE], capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_watch_that_is_closed_says_nothing_more():
    kinds = []
    watch = NetworkWatch(kinds.append)
    watch.close()
    watch.close()
    names = [thread.name for thread in threading.enumerate()]
    assert kinds == [] and names is not None


def test_what_the_system_says_is_noticed_until_the_watch_ends(monkeypatch):
    monkeypatch.setattr(wakeup_watch, "_QUIET_S", 0.02)
    ours, system = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    monkeypatch.setattr(wakeup_watch, "_netlink_socket", lambda: ours)
    noticed = queue.Queue()
    system.send(b"change")
    watch = NetworkWatch(noticed.put)
    assert watch.is_watching
    assert noticed.get(timeout=PATIENCE_S) is WakeupKind.NETWORK
    system.send(b"change")
    assert noticed.get(timeout=PATIENCE_S) is WakeupKind.NETWORK
    watch.close()
    assert not watch.is_watching
    assert ours.fileno() == -1
    system.close()


def test_what_a_socket_says_is_read_until_it_is_quiet():
    said = [b"a", b"b", TimeoutError()]
    timeouts = []

    def recv(size):
        assert size >= 1 << 15  # a message of netlink is cut to what it is read into
        one = said.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    wakeup_watch._drain(SimpleNamespace(recv=recv, settimeout=timeouts.append))
    assert (said, timeouts) == ([], [0.1])


def test_a_network_that_never_rests_is_a_change_within_a_second(monkeypatch):
    now = iter([10.0, 10.4, 10.999, 11.0])
    clock = SimpleNamespace(monotonic=lambda: next(now))
    monkeypatch.setattr(wakeup_watch, "time", clock)
    read = []
    wakeup_watch._drain(SimpleNamespace(recv=read.append, settimeout=lambda _s: None))
    assert len(read) == 2


@together(
    "said, times",
    [
        ([b"a", b"b", b"c", TimeoutError()], 1),  # one change of three messages
        ([TimeoutError(), TimeoutError(), b"a", TimeoutError()], 1),
        # More changes than the buffer holds are a change, and a broken socket is the end.
        ([OSError(errno.ENOBUFS, "x"), TimeoutError()], 1),
        ([OSError(errno.EBADF, "x")], 0),
    ],
    ids=str,
)
def test_what_is_a_change(monkeypatch, said, times):
    def recv(size):
        assert size >= 1 << 15
        one = said.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    monkeypatch.setattr(wakeup_watch, "time", SimpleNamespace(monotonic=lambda: 10.0))
    noticed = []
    watch = SimpleNamespace(_socket=SimpleNamespace(recv=recv, settimeout=lambda _s: None))

    def notice(kind):
        noticed.append(kind)
        watch._socket = None

    watch._notice = notice
    NetworkWatch._listen(watch)
    assert (said, noticed) == ([], [WakeupKind.NETWORK] * times)


def test_a_jump_of_the_clocks_is_sleep(monkeypatch):
    offset = [100.0]
    monkeypatch.setattr(wakeup_watch, "_offset_s", lambda: offset[0])
    clock = SleepClock()
    assert not clock.was_asleep()
    offset[0] += 0.5
    assert not clock.was_asleep()
    offset[0] += 3600
    assert clock.was_asleep()
    assert not clock.was_asleep()
    assert WakeupKind.RESUME.value == "the machine was asleep"
