"""``sessionctl watch`` as a process of its own, and what it says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.world import program_words


class Process:
    """A watcher as users run it; its lines of JSON are read from a file."""

    def __init__(self, tmp_path, *paths, arguments=(), python=None, before=()):
        self.log = tmp_path / f"watch-{time.monotonic_ns()}.log"
        self._errors = self.log.with_suffix(".err")
        start = (python, "-m", "sessionctl") if python else program_words()
        with self.log.open("wb") as stdout, self._errors.open("wb") as stderr:
            self._process = subprocess.Popen(
                [*before, *start, "watch", *arguments, *map(str, paths)],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )

    @property
    def pid(self):
        return self._process.pid

    @property
    def is_running(self):
        return self._process.poll() is None

    @property
    def errors(self):
        """What it wrote to stderr."""
        return self._errors.read_text()

    @property
    def said(self):
        """What it wrote to stdout, whole lines only."""
        return [line for line in self.log.read_text().splitlines(keepends=True) if "\n" in line]

    @property
    def events(self):
        return [json.loads(line) for line in self.said]

    def hears(self, event, within_s=20.0):
        """Wait until ``event`` was told, and return its line."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            for told in self.events:
                if told["event"] == event:
                    return told
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        pytest.fail(f"no {event}: {self.said} {self.errors}")

    def send_signal(self, number):
        self._process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        """End it, and return its exit code and what it said on stderr."""
        self._process.send_signal(number)
        return self._process.wait(20), self.errors

    def usage(self):
        """Return the processor time so far, and how many bytes were written."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        written = Path(f"/proc/{self.pid}/io").read_text().split("write_bytes: ")[1].split()[0]
        ticks = int(fields[11]) + int(fields[12])
        return Usage(ticks / os.sysconf("SC_CLK_TCK"), int(written))


class Usage(NamedTuple):
    """What a process used."""

    processor_s: float
    written_bytes: int
