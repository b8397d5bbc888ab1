"""Every command in odd surroundings: streams that are closed, full or gone; no traceback, no 70."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SESSION = 'schema_version = 1\nname = "a"\n'
COMMANDS = [
    ("--version",),
    ("--help",),
    ("list",),
    ("show", "a.session.toml"),
    ("validate", "a.session.toml"),
    ("validate", "--json", "a.session.toml"),
    ("validate", "-"),
    ("get", "a.session.toml", "name"),
    ("set", "a.session.toml", "name", "b"),
    ("fmt", "a.session.toml"),
    ("diff", "a.session.toml", "a.session.toml"),
    ("merge", "a.session.toml", "a.session.toml", "a.session.toml"),
    ("status", "--json"),
    ("config",),
    ("schema", "print", "session"),
    ("secret", "scan", "."),
    ("secret", "list", "loop.session.toml"),
    ("secret", "set", "loop.session.toml", "x"),
    ("secret", "reveal", "loop.session.toml", "x"),
    ("validate", "loop.session.toml"),
    ("set", "loop.session.toml", "name", "b"),
    ("backups", "list", "loop.session.toml"),
    ("recover", "loop.session.toml"),
    ("git", "textconv", "a.session.toml"),
    ("git", "merge-driver", "--", "a.session.toml", "a.session.toml", "a.session.toml"),
    ("nonsense",),
]
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
