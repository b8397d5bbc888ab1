"""The end of the process: at once, but nothing that waits for it is passed over."""

from __future__ import annotations

import subprocess
import sys

import pytest

END = """
import sys
sys.argv = ["sessionctl", *sys.argv[1:]]
from sessionctl.__main__ import main
{before}
sys.exit(main())
"""


def run(before, *arguments, flags=(), stdout=subprocess.PIPE):
    return subprocess.run(
        [sys.executable, *flags, "-c", END.format(before=before), *arguments],
        stdout=stdout, stderr=subprocess.PIPE, encoding="utf-8", timeout=60,
    )  # fmt: skip


SPY = """
import os
leave = os._exit
os._exit = lambda code: (os.write(1, b"at once"), leave(code))
"""


def test_the_process_ends_at_once_with_all_that_was_said():
    done = run(SPY, "help", "exit-codes")
    slowly = run(f"{SPY}\nimport atexit; atexit.register(int)", "help", "exit-codes")
    assert "at once" not in slowly.stdout
    assert done.stdout == f"{slowly.stdout}at once"
    assert slowly.stdout.rstrip().splitlines()[-1].startswith("141")
    assert (done.returncode, slowly.returncode) == (0, 0)


@pytest.mark.parametrize(
    "before",
    [
        "sys.setprofile(lambda *_: None)",
        "sys.settrace(lambda *_: None)",
        "sys.modules['multiprocessing'] = sys",
        "sys.argv[0] = 'other'; import sessionctl.__main__ as m; m._IS_PROGRAM = False",
    ],
)
def test_a_process_that_is_looked_at_or_is_no_command_ends_slowly(before):
    assert "at once" not in run(SPY + before, "help", "exit-codes").stdout


def test_the_exit_code_is_that_of_the_command(tmp_path):
    assert run("", "get", str(tmp_path / "none.toml"), "a").returncode == 3
    assert run("", "get").returncode == 2


@pytest.mark.parametrize(
    "before",
    [
        "import atexit; atexit.register(print, 'at the end')",
        "import threading\n"
        "def wait(): threading.main_thread().join(); print('at the end')\n"
        "threading.Thread(target=wait).start()",
    ],
    ids=["registered", "thread"],
)
def test_what_waits_for_the_end_is_run(before):
    done = run(before, "help", "exit-codes")
    assert done.stdout.rstrip().endswith("at the end")
    assert done.returncode == 0


def test_a_full_device_at_the_end_is_reported_as_ever():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = run("", "help", "exit-codes", stdout=full)
    assert done.returncode != 0
    assert "no space left" in done.stderr.lower()
