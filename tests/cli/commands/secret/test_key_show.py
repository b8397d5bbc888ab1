"""Public halves of one's own keys, and how a second machine is let in."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from sessionctl.services.doctor.checks.sealed_secrets import own_key
from sessionctl.services.doctor.setup import Setup
from sessionctl.services.machine import Machine
from sessionctl.system.git.program import Git
from tests.desk import FILE, NAME
from tests.quick_passphrase import sealed
from tests.world import GitRepo, need

LOCKED = 4


@pytest.fixture
def second(desk):
    """Return the desk of the same repository on a machine without a key."""
    repo = GitRepo(desk.folder)
    repo.run("init", "--quiet", "--initial-branch=main")
    repo.commit("one")
    return desk.elsewhere("laptop")


def sent(said):
    """Return the words of the command that is to be sent to a reader."""
    line = next(line for line in said.splitlines() if "sessionctl recipients add " in line)
    return shlex.split(line[line.index("sessionctl recipients add ") :])[1:]


def own_key_fault(desk):
    environ = desk.whole_environ()
    faults = list(own_key(Setup(Git(environ, desk.folder), Machine(environ))))
    return faults[0] if faults else None


def test_the_public_half_is_printed_and_nothing_else(desk):
    key = desk.identities.read_text().split("public key: ")[1].split()[0]
    result = desk.run("key", "show", code=0)
    assert result.stdout == f"{key}\n"
    assert "AGE-SECRET-KEY" not in result.output
    answer = desk.answer("key", "show")
    assert answer["keys"] == [{"recipient": key, "file": str(desk.identities)}]
    assert answer["unknown"] == []


def test_every_place_of_keys_is_shown_in_the_order_they_are_tried(desk):
    ssh = desk.home / ".ssh"
    ssh.mkdir()
    made = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(ssh / "id_ed25519")]
    subprocess.run(made, check=True)
    public = " ".join((ssh / "id_ed25519.pub").read_text().split()[:2])
    lines = desk.run("key", "show", code=0).stdout.splitlines()
    assert lines[0].startswith("age1")
    assert lines[1:] == [public]


def test_without_a_key_the_next_step_is_to_make_one(second):
    result = second.run("key", "show", code=LOCKED)
    assert result.stdout == ""
    assert "sessionctl key new" in result.stderr


def test_a_key_with_a_passphrase_that_nobody_can_type_is_named(desk):
    need("age")

    text = sealed(desk.identities.read_bytes(), "tulip")
    desk.identities.write_text(text)
    result = desk.run("key", "show", "--no-input", code=LOCKED)
    assert f"{desk.identities}: has a passphrase" in result.stderr


def test_a_second_machine_is_given_the_very_line_to_send(second, desk):
    made = second.run("key", "new", code=0)
    assert second.reveal().exit_code == LOCKED
    desk.run(*sent(made.stderr), code=0)
    assert second.reveal(code=0).stdout == "hunter2"


@pytest.mark.parametrize(
    "command",
    [["secret", "doctor"], ["secret", "reveal", FILE, NAME, "--stdout"], ["key", "show"]],
    ids=" ".join,
)
def test_the_line_names_the_key_that_is_there(second, desk, command):
    key = second.new_key()
    said = second.run(*command).output
    assert sent(said)[2] == key
    desk.run(*sent(said), code=0)
    assert second.reveal(code=0).stdout == "hunter2"
    assert "recipients add" not in second.run("key", "show", code=0).output


def test_without_a_key_the_line_has_a_word_for_it(second):
    said = second.run("secret", "reveal", FILE, NAME, "--stdout", code=LOCKED).stderr
    assert "sessionctl key new" in said
    assert sent(said) == ["recipients", "add", "KEY"]


def test_doctor_notes_that_a_machine_has_no_key(second, desk):
    assert own_key_fault(desk) is None
    before = own_key_fault(second)
    assert (before.fix, before.severity) == ("sessionctl key new", "note")
    made = second.run("key", "new", code=0)
    assert own_key_fault(second).fix == "sessionctl key show"
    desk.run(*sent(made.stderr), code=0)
    assert own_key_fault(second) is None


def test_doctor_asks_no_passphrase_and_starts_no_command(second, tmp_path, monkeypatch):
    witness = tmp_path / "started"
    monkeypatch.setenv("SESSIONCTL_IDENTITY_CMD", f"touch '{witness}'")
    assert own_key_fault(second) is None
    assert not witness.exists()
