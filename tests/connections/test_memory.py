"""What the manager costs a host: no driver is loaded, and little memory is taken."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIMIT_KB = 3 * 1024
MEASURE = """\
import sys
def anonymous_kb():
    with open("/proc/self/status") as stream:
        return int(next(line for line in stream if line.startswith("RssAnon")).split()[1])
before = anonymous_kb()
{program}
print(anonymous_kb() - before)
print(*sys.modules)
"""
DRIVERS = {
    "psycopg", "redis", "zmq", "jupyter_client", "sqlite3", "http.client", "ssl", "asyncio",
    "subprocess",
}  # fmt: skip


def measured(program):
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(program=program)],
        capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    grown, modules = done.stdout.splitlines()
    return int(grown), set(modules.split())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RssAnon is Linux's")
def test_the_manager_without_drivers_takes_less_than_three_megabytes():
    grown, modules = measured("from sessionctl.connections.keeping.keeper import Keeper")
    assert grown < LIMIT_KB
    assert not modules & DRIVERS


def test_the_registry_loads_no_driver():
    _, modules = measured(
        "from sessionctl.connections.driver_registry import BUILT_IN, connection_adapter"
    )
    assert not modules & DRIVERS
    assert not {name for name in modules if name.endswith("_adapter")} - {
        "sessionctl.connections.connection_adapter"
    }
