"""What the SDK costs a host, with room for a busy machine; bench/host.py has the goals."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.test_bench import BENCH, bench

__all__ = ["bench"]
MOST_KB = 8 * 1024
MOST_CPU_S = 2.0
FOREIGN = {"click", "jsonschema", "psycopg", "pyrage", "textual", "tomlkit", "watchdog"}


@pytest.fixture
def host(bench):
    return bench("host")


@pytest.mark.slow
def test_the_memory_of_a_host_grows_little(host):
    assert host.memory_kb() <= MOST_KB


@pytest.mark.slow
def test_a_session_of_a_megabyte_is_restored_quickly(host):
    size_bytes, _, cpu_s = host.restore_s()
    assert size_bytes > 1_000_000
    assert cpu_s < MOST_CPU_S


def test_an_idle_host_takes_nothing(host):
    assert host.idle_share(3) < 0.02


def test_open_save_and_restore_load_no_library_a_host_may_not_have(host, tmp_path):
    code = f"{host._MEMORY}\nworkspace.close()\nprint(*sys.modules)\n"
    words = host.run(code, str(tmp_path), str(tmp_path / "bench.session.toml"))
    loaded = {name.partition(".")[0] for name in words[1:]}
    assert "sessionctl" in loaded
    assert not loaded & FOREIGN
    assert not loaded & {"asyncio", "dataclasses", "inspect", "json", "pathlib", "uuid"}, "memory"


def test_the_import_alone_loads_next_to_nothing():
    code = "import sys; old = {*sys.modules}; import sessionctl.sdk; print(*{*sys.modules} - old)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=BENCH.parent
    )
    assert {name.partition(".")[0] for name in done.stdout.split()} <= {"sessionctl", "__future__"}


@pytest.mark.sweep
def test_ten_hosts_on_one_session_lose_nothing(host):
    assert host.lost_updates(10, 50, 0.5) == []
