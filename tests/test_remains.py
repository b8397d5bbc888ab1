"""What a run leaves behind is found: the check at the end of each run relies on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import scratch
from tests.remains import children, processes_of, wait_for_none

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
SLEEP = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]


@needs_proc
def test_a_program_in_the_background_is_found_by_its_home_and_ended(tmp_path):
    options = "start_new_session=True, stdout=-3, stderr=-3"
    script = f"import subprocess; print(subprocess.Popen({SLEEP!r}, {options}).pid)"
    env = {**os.environ, "HOME": str(tmp_path)}
    starter = [sys.executable, "-W", "ignore", "-c", script]
    pid = int(subprocess.run(starter, env=env, capture_output=True).stdout)
    end_s = time.monotonic() + 10  # its environment may be read before it has one
    while pid not in (found := [one.pid for one in processes_of([tmp_path])]):
        assert time.monotonic() < end_s, found
    known = children()  # a server that other tests share may be one
    assert pid in [one.pid for one in wait_for_none([tmp_path], 0, known=known)]
    assert wait_for_none([tmp_path], 20, known=known) == []


@needs_proc
def test_a_child_is_found_wherever_it_is_at_home_and_as_a_zombie_too(tmp_path):
    with subprocess.Popen(SLEEP, env={}, cwd="/", stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        [command] = [one.command for one in processes_of([tmp_path]) if one.pid == child.pid]
        assert "time.sleep(60)" in command
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        [command] = [one.command for one in processes_of([tmp_path]) if one.pid == child.pid]
        assert command == "a zombie (Z)"
    assert child.pid not in [one.pid for one in processes_of([tmp_path])]


def test_a_memory_file_system_is_taken_only_when_it_is_large_and_may_run_programs(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(scratch, "MEMORY", tmp_path)
    for name in ("PYTEST_DEBUG_TEMPROOT", "TMPDIR"):
        monkeypatch.delenv(name, raising=False)
    usual = Path(scratch.tempfile.gettempdir())

    def root(flags, free_bytes):
        system = os.statvfs_result((1, 1, free_bytes, free_bytes, free_bytes, 1, 1, 1, flags, 255))
        with monkeypatch.context() as patch:
            patch.setattr(os, "statvfs", lambda _: system)
            return scratch.scratch_root()

    assert root(0, 4 << 30) == tmp_path
    assert root(os.ST_NOEXEC, 4 << 30) == usual
    assert root(0, 64 << 20) == usual
    monkeypatch.setenv("TMPDIR", "/var/tmp")
    assert root(0, 4 << 30) == Path("/var/tmp")
    monkeypatch.delenv("TMPDIR")
    shutil.rmtree(tmp_path)
    assert root(0, 4 << 30) == usual
