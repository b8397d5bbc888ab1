"""Servers in Python that are forked from a process with their modules loaded.

Such a server is there in a tenth of the time that a Python of its own takes to start.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path

_LOADER = Path(__file__).with_name("program_loader.py")


class ForkedProcess:
    """A server that the loader forked; as much of ``Popen`` as tests of servers need."""

    def __init__(self, pid: int):
        self.pid = pid
        self._end: int | None = None
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None while it runs, 0 when it has ended, in whatever way."""
        return self._status(0)

    def wait(self, timeout_s: float) -> None:
        """Wait until it has ended."""
        if self._status(timeout_s) is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout_s)

    def _status(self, timeout_s: float) -> int | None:
        if self._end is not None:
            if not select.select([self._end], [], [], timeout_s)[0]:
                return None
            os.close(self._end)
            self._end = None
        return 0


def can_fork() -> bool:
    """Return whether this system gives a process to wait for that is not a child."""
    return hasattr(os, "pidfd_open")


def fork_program(
    modules: tuple[str, ...], argv: list[str], directory: Path, log: Path, env: dict[str, str]
) -> ForkedProcess:
    """Run the file ``argv[0]`` as a process of its own, with ``modules`` loaded before."""
    loader = _loader()
    task = {"modules": modules, "argv": argv, "cwd": str(directory), "log": str(log), "env": env}
    loader.stdin.write(json.dumps(task) + "\n")
    loader.stdin.flush()
    answer = loader.stdout.readline()
    assert answer, "the loader of programs has ended"
    return ForkedProcess(int(answer))


@functools.cache
def _loader() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, str(_LOADER)],
        # Each server has these too, as far as /proc says: they lead from what is left to the run.
        env={"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), "LC_ALL": "C.UTF-8"},
        cwd=tempfile.gettempdir(),
        stdin=pipe,
        stdout=pipe,
        encoding="utf-8",
        start_new_session=True,
    )


def end_loader() -> None:
    """End the process that servers are forked from, if it was needed."""
    if _loader.cache_info().currsize:
        with _loader() as loader:
            loader.stdin.close()
        _loader.cache_clear()
