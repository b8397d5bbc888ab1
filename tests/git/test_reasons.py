"""Why another program failed is said in its own words: short, plain, without secrets."""

from __future__ import annotations

import os

import pytest

from tests import fake_age_plugin
from tests.desk import FILE, NAME
from tests.git.test_sync import BASE, EVEN, clone, head, one, remote, sync  # noqa: F401 - fixtures
from tests.git.test_sync import NAME as SESSION
from tests.git.test_taken_files import desk  # noqa: F401 - a fixture
from tests.world import need

KEY = "AGE-SECRET" + "-KEY-1" + "Q" * 58


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "words",
    [
        "ssh: Could not resolve hostname nowhere.example: Name or service not known",
        "git@nowhere.example: Permission denied (publickey).",
        "Host key verification failed.",
        "ssh: connect to host nowhere.example port 22: Connection refused",
    ],
)
def test_what_ssh_says_of_a_fetch(one, tmp_path, monkeypatch, words):  # noqa: F811
    monkeypatch.setenv(
        "GIT_SSH_COMMAND", str(script(tmp_path / "ssh", f"echo '{words}' >&2; exit 255"))
    )
    one.run("remote", "set-url", "origin", "git@nowhere.example:a/b.git")
    done = sync(one)
    assert done.returncode == 3
    assert words.partition(": Name")[0] in done.stderr
    assert "access rights" not in done.stderr


def test_a_helper_that_refuses_a_password(one, program_path, monkeypatch):  # noqa: F811
    words = "fatal: Authentication failed for 'https://ada:hunter2x9@host.example/a.git'"
    # Git would say another word of a helper that ends before it is asked.
    script(program_path / "git-remote-bad", f'read -r _; echo "{words}" >&2; exit 128')
    one.run("remote", "set-url", "origin", "bad::x")
    done = sync(one)
    assert "Authentication failed for" in done.stderr
    assert "hunter2x9" not in done.stderr


@pytest.mark.parametrize("hook", ["pre-receive", "update"])
def test_what_the_remote_says_of_a_push(one, remote, hook):  # noqa: F811
    lines = [
        "error: GH006: Protected branch update failed for refs/heads/main.",
        "error: Changes must be made through a pull request.",
        "\033[31mred\033[0m and \a bells",
        "token: ghp_" + "a1B2" * 9,
    ]
    said = "\n".join(f"printf '%s\\n' '{line}' >&2" for line in lines)
    script(remote.path / "hooks" / hook, f"{said}\nexit 1")
    one.write(SESSION, EVEN)
    done = sync(one)
    assert done.returncode == 3
    assert "GH006: Protected branch update failed" in done.stderr
    assert "through a pull request" in done.stderr
    assert "red and" in done.stderr and "\033[31m" not in done.stderr
    assert "a1B2a1B2" not in done.stderr
    assert "hook declined" in done.stderr


def test_a_branch_that_takes_no_other_history(one, remote):  # noqa: F811
    remote.run("config", "receive.denyNonFastForwards", "true")
    script(remote.path / "hooks" / "update", "echo main is closed >&2; exit 1")
    one.write(SESSION, EVEN)
    assert "main is closed" in sync(one).stderr


def test_a_flood_of_words_is_cut(one, remote):  # noqa: F811
    script(remote.path / "hooks" / "pre-receive", "seq 1 5000 >&2; printf '%09999d' 0 >&2; exit 1")
    one.write(SESSION, EVEN)
    done = sync(one)
    assert len(done.stderr) < 4000
    assert "declined" in done.stderr


def test_a_hook_of_ones_own(one):  # noqa: F811
    script(one.path / ".git" / "hooks" / "pre-push", "echo the tests are red >&2; exit 1")
    one.write(SESSION, EVEN)
    assert "the tests are red" in sync(one).stderr


# -- keys ----------------------------------------------------------------------------------


def reveal(desk, **env):  # noqa: F811
    done = desk.run("secret", "reveal", FILE, NAME, "--stdout", env=env)
    assert "hunter2" not in done.output
    return done


def test_what_a_command_for_the_identity_says(desk, tmp_path):  # noqa: F811
    command = script(
        tmp_path / "cmd", f"echo {KEY}; echo the vault is locked, {KEY} it is >&2; exit 7"
    )
    done = reveal(desk, SESSIONCTL_IDENTITY_CMD=str(command))
    assert done.exit_code == 4
    assert "exit code 7" in done.output
    assert "the vault is locked" in done.output
    assert "QQQQ" not in done.output


def test_a_command_for_the_identity_that_is_missing(desk):  # noqa: F811
    done = reveal(desk, SESSIONCTL_IDENTITY_CMD="no-such-program")
    assert "no-such-program: not found on PATH" in done.output


def test_what_gpg_says(desk, tmp_path):  # noqa: F811
    need("gpg")
    (tmp_path / "key.gpg").write_bytes(b"no message of gpg")
    done = reveal(desk, SESSIONCTL_IDENTITY_CMD=f"gpg --batch -d {tmp_path / 'key.gpg'}")
    assert done.exit_code == 4
    assert "gpg: no valid OpenPGP data found" in done.output


def test_what_a_plug_in_says(desk, tmp_path, monkeypatch):  # noqa: F811
    folder = tmp_path / "plug-ins"
    folder.mkdir()
    monkeypatch.setenv("FAKE_PLUGIN_LOG", str(fake_age_plugin.install(folder)))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    script(folder / "age-plugin-fake", "echo no token is plugged in >&2; exit 1")
    identity = tmp_path / "identity"
    identity.write_text(fake_age_plugin.IDENTITY)
    identity.chmod(0o600)
    done = reveal(desk, SESSIONCTL_IDENTITY_FILE=str(identity))
    assert done.exit_code == 4
    assert "its plug-in said: " in done.output
