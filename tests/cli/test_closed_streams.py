"""Every command in odd surroundings: streams that are closed, full or gone; no traceback, no 70."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.invocations import FILE, INVOCATIONS, SESSION, registered_commands

LOOP = "loop.session.toml"
EVERY_COMMAND = [(*words.split(), *INVOCATIONS[words]) for words in registered_commands()]
FORMS = [
    ("--version",),
    ("--help",),
    ("validate", "--json", FILE),
    ("validate", "-"),
    ("status", "--json"),
    ("secret", "scan", "."),
    ("secret", "list", LOOP),
    ("secret", "set", LOOP, "x"),
    ("secret", "reveal", LOOP, "x"),
    ("secret", "rm", LOOP, "x"),
    ("secret", "rotate", LOOP, "x"),
    ("secret", "exec", LOOP, "--", "true"),
    ("secret", "extract", LOOP),
    ("secret", "accept", LOOP),
    ("secret", "scan", LOOP),
    ("secret", "doctor", LOOP),
    ("validate", LOOP),
    ("set", LOOP, "name", "b"),
    ("edit", LOOP),
    ("backups", "list", LOOP),
    ("recover", LOOP),
    ("nonsense",),
]
COMMANDS = [*FORMS, *EVERY_COMMAND]
SURROUNDINGS = [">&-", "2>&-", "<&-", ">&- 2>&- <&-", "> /dev/full", "2> /dev/full", "| true"]


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_surrounding_makes_a_traceback(tmp_path, command, surrounding):
    (tmp_path / "a.session.toml").write_text(SESSION)
    (tmp_path / "loop.session.toml").symlink_to("loop.session.toml")
    words = " ".join([sys.executable, "-m", "sessionctl", *command])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {words} {surrounding}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env=os.environ,
    )
    assert done.returncode in (0, 1, 2, 3, 4, 5, 130, 141, 129), done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert (tmp_path / "a.session.toml").read_text() in (SESSION, SESSION.replace('"a"', '"b"'))


def test_an_answer_that_cannot_be_given_is_a_failure(tmp_path):
    (tmp_path / "a.session.toml").write_text(SESSION)
    for redirection in (">&-", "> /dev/full"):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m sessionctl get a.session.toml name {redirection}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 3
        assert "error: " in done.stderr
