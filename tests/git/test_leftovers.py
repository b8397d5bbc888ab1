"""Leftovers of editors and file carriers beside sessions: no command takes them for sessions."""

from __future__ import annotations

import pytest

from tests.git.conftest import BASE
from tests.git.inprocess import run_inside

NAME = "api.session.toml"
APPLE_DOUBLE = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\2\xff\xfe"
LEFTOVERS = (
    f"._{NAME}",
    f".#{NAME}",
    f".~{NAME}",
    f"~${NAME}",
    f".syncthing.{NAME}",
    "api (conflicted copy 2026-01-02).session.toml",
)


@pytest.fixture
def messy(repo):
    """Return a repository where leftovers lie beside its session."""
    assert run_inside("git", "install", "--hook", cwd=repo.path).returncode == 0
    for name in LEFTOVERS:
        (repo.path / name).write_bytes(APPLE_DOUBLE)
    return repo


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("validate", "."),
        ("fmt", "--check", "."),
        ("status",),
        ("status", "."),
        ("secret", "scan", "."),
        ("watch", "--dry-run", "."),
        ("doctor",),
    ],
)
def test_no_command_takes_a_leftover_for_a_session(messy, command):
    done = run_inside(*command, cwd=messy.path)
    assert "Traceback" not in done.stderr
    for name in LEFTOVERS:
        assert name not in done.stdout + done.stderr


def test_the_hook_lets_a_leftover_pass(messy):
    messy.run("add", "-A")
    messy.run("commit", "-m", "all")
    assert messy.run("status", "--porcelain").stdout == ""


def test_the_hook_finds_a_secret_in_a_leftover(messy):
    secret = 'password = "correct-horse-battery-staple"'
    messy.write(f".#{NAME}", f'{BASE}\n[connections.prod]\ndriver = "redis"\n{secret}\n')
    messy.run("add", "-A")
    done = messy.run("commit", "-m", "all", check=False)
    assert done.returncode != 0
    assert f".#{NAME}" in done.stderr
