"""Free memory: what was freed goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import pytest

from sessionctl.system.free_memory import give_back

SCRIPT = """\
from pathlib import Path
from sessionctl.system.free_memory import give_back

def size_kb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

texts = [str(number) * 1000 for number in range(10_000)]
last = texts[-1]  # at the end of the heap, so that what is below it is not returned unasked
del texts
before = size_kb()
give_back()
print(before - size_kb())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="it needs glibc")
def test_freed_texts_go_back_to_the_system():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 10_000


def test_another_library_is_not_asked(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    give_back()
