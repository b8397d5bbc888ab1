"""Every command in odd surroundings: streams that are closed, full or gone; no traceback, no 70."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from tests.invocations import FILE, INVOCATIONS, SESSION, registered_commands
from tests.together import together

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
USUAL = [("list",), ("get", FILE, "name"), ("set", FILE, "name", "b"), ("fmt", FILE)]
ALL_CLOSED = ">&- 2>&- <&-"
EVERY_DAY = {
    ("--version",), ("--help",), ("validate", "-"), ("secret", "set", LOOP, "x"), ("nonsense",),
    ("set", LOOP, "name", "b"),
}  # fmt: skip
EACH_FORM = [
    pytest.param(form, id=" ".join(form), marks=() if form in EVERY_DAY else pytest.mark.slow)
    for form in FORMS
]
SURROUNDINGS = [
    ">&-",
    ALL_CLOSED,
    *(
        pytest.param(one, marks=pytest.mark.slow)
        for one in ("> /dev/full", "| true", "2>&-", "<&-", "2> /dev/full")
    ),
]


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("command", USUAL, ids=" ".join)
def test_no_surrounding_of_a_usual_command_makes_a_traceback(tmp_path, command, surrounding):
    assert_nothing_bad_comes(tmp_path, command, surrounding)


@pytest.mark.parametrize(
    "surrounding",
    [
        pytest.param(one, marks=() if one == ALL_CLOSED else pytest.mark.slow)
        for one in (">&-", ALL_CLOSED, "> /dev/full", "| true", "2>&-", "<&-", "2> /dev/full")
    ],
)
@pytest.mark.parametrize("command", EACH_FORM)
def test_no_surrounding_makes_a_traceback(tmp_path, command, surrounding):
    assert_nothing_bad_comes(tmp_path, command, surrounding)


def assert_nothing_bad_comes(tmp_path, command, surrounding):
    assert is_orderly(run(tmp_path, command, surrounding))
    texts = (SESSION, SESSION.replace('"a"', '"b"'))
    assert (tmp_path / "a.session.toml").read_text() in texts


@pytest.mark.sweep
@together("command", EVERY_COMMAND, ids=" ".join)
def test_no_command_makes_a_traceback(tmp_path, command):
    for surrounding in (">&-", ALL_CLOSED, "> /dev/full"):
        assert is_orderly(run(tmp_path, command, surrounding))


def run(tmp_path, command, surrounding):
    (tmp_path / "a.session.toml").write_text(SESSION)
    if not (tmp_path / LOOP).is_symlink():
        (tmp_path / LOOP).symlink_to(LOOP)
    words = " ".join([sys.executable, "-m", "sessionctl", *map(shlex.quote, command)])
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {words} {surrounding}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env={**os.environ, "EDITOR": "true", "TMUX_TMPDIR": str(tmp_path)},
    )


def is_orderly(done):
    """Return whether a command ended with an exit code of ours and without a traceback."""
    is_known = done.returncode in (0, 1, 2, 3, 4, 5, 130, 141, 129)
    return is_known and "Traceback" not in done.stdout + done.stderr


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
