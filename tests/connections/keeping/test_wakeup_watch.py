"""What wakes: the network, a night of sleep."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from sessionctl.connections.keeping import wakeup_watch
from sessionctl.connections.keeping.wakeup_watch import NetworkWatch, SleepClock
from sessionctl.connections.manager.manager_event import WakeupKind
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
