"""Killed at any write: everything stays readable, and the command can be run again.

Real processes, killed by strace as they enter a system call that changes something.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.desk import FILE, NAME
from tests.world import IN_CI, need, run_sessionctl

CALLS = ("write", "fsync", "rename", "renameat2", "link", "unlink", "mkdir")
# All of them take a minute and a half; HYPOTHESIS_PROFILE=deep asks for that.
STEP = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 3 if IN_CI else 6
KILLED = 137


def killed_at(desk, call, number, *arguments, stdin=""):
    """Run sessionctl, killed at the ``number``th ``call``; tell whether it came to that."""
    command = [
        *("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"),
        *("-e", f"inject={call}:signal=KILL:when={number}"),
        *(sys.executable, "-m", "sessionctl", *map(str, arguments)),
    ]
    done = subprocess.run(
        command, cwd=desk.folder, input=stdin.encode(), env=desk.whole_environ(),
        capture_output=True, timeout=60,
    )  # fmt: skip
    return done.returncode in (-9, KILLED)


def kills(desk, *arguments, stdin=""):
    """Yield a fresh copy of ``desk`` after each kill of a run of ``arguments``."""
    need("strace")
    for call in CALLS:
        number = 1
        while True:
            copy = desk.copy(f"{call}-{number}")
            try:
                if not killed_at(copy, call, number, *arguments, stdin=stdin):
                    break
                yield f"{call} {number}", copy
            finally:
                shutil.rmtree(copy.folder.parent)
            number += STEP


@pytest.mark.slow
def test_a_value_is_the_old_or_the_new_one_wherever_set_is_killed(desk):
    seen = set()
    for where, copy in kills(desk, "secret", "set", FILE, NAME, stdin="newer"):
        value = copy.reveal().stdout
        assert value in ("hunter2", "newer"), where
        seen.add(value)
        copy.set(b"newest")
        assert copy.reveal(code=0).stdout == "newest", where
    assert seen == {"hunter2", "newer"}


@pytest.mark.slow
def test_the_first_secret_can_be_stored_wherever_set_was_killed(bare_desk):
    bare_desk.new_key()
    count = 0
    for where, copy in kills(bare_desk, "secret", "set", FILE, NAME, stdin="first"):
        count += 1
        copy.set(b"again")
        assert copy.reveal(code=0).stdout == "again", where
        assert copy.run("secret", "rekey").exit_code == 0, where
    assert count > 5


@pytest.mark.slow
def test_all_stays_readable_wherever_the_removal_of_a_reader_is_killed(desk):
    desk.set(b"x", name="other")
    bob = desk.elsewhere("bob")
    key = bob.new_key()
    desk.run("recipients", "add", key, code=0)
    states = set()
    for where, copy in kills(desk, "recipients", "rm", key):
        for name, value in {NAME: "hunter2", "other": "x"}.items():
            assert copy.reveal(name, code=0).stdout == value, where
        listed = key in (copy.folder / ".age-recipients").read_text()
        unfinished = copy.run("secret", "doctor").exit_code != 0
        states.add((listed, unfinished))
        # Bob still is listed: nothing done; else rekey goes on to the end.
        copy.run(*(["recipients", "rm", key] if listed else ["secret", "rekey"]), code=0)
        assert copy.reveal(code=0).stdout == "hunter2", where
        reader = copy.other(bob)
        assert reader.reveal().exit_code == 4, where
        assert all(entry.rotate for entry in copy.entries().values()), where
        assert copy.run("secret", "rekey", code=0).stderr.startswith("the vault matches"), where
    assert len(states) > 1


@pytest.mark.slow
def test_two_at_once_both_count(desk):
    """Different secrets are set by processes that run at the same time."""
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(
                run_sessionctl, "secret", "set", FILE, f"n{number}", cwd=desk.folder,
                stdin=f"v{number}", env=desk.environ,
            )
            for number in range(5)
        ]  # fmt: skip
        done = [job.result() for job in jobs]
    assert [one.returncode for one in done] == [0] * 5, [one.stderr for one in done]
    for number in range(5):
        assert desk.reveal(f"n{number}", code=0).stdout == f"v{number}"
