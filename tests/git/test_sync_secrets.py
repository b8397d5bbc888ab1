"""sessionctl sync and sealed secrets: what opens a session elsewhere goes with it."""

from __future__ import annotations

import subprocess

import pytest

from tests.desk import FILE, SESSION, Desk
from tests.git.inprocess import run_inside
from tests.git.test_sync import clone, remote, told  # noqa: F401 - fixtures

SIDECAR = "api.secrets.toml"


def sync(repo, *arguments):
    return run_inside("sync", *arguments, cwd=repo.path)


@pytest.fixture
def desks(clone, tmp_path):  # noqa: F811
    """Return two desks of one person, each with a clone, and a secret that both can read."""
    first = clone("one")
    desk, other = (Desk(tmp_path / name, tmp_path / f"home-{name}") for name in ("one", "two"))
    for one in (desk, other):
        one.home.mkdir()
    desk.new_key()
    first.write(FILE, SESSION)
    desk.set(b"hunter2")
    first.run("add", ".gitattributes")
    first.run("commit", "--quiet", "--message", "attributes")
    first.run("push", "--quiet", "--set-upstream", "origin", "main")
    assert sync(first).returncode == 0
    second = clone("two")
    other.identities.parent.mkdir(parents=True)
    other.identities.write_text(desk.identities.read_text())
    other.identities.chmod(0o600)
    return (first, desk), (second, other)


def test_a_sidecar_and_the_vault_go_with_the_session(desks):
    (_, _), (second, other) = desks
    assert other.reveal(code=0).stdout == "hunter2"
    assert set(second.run("ls-files").stdout.split()) == {
        ".age-recipients", ".gitattributes", ".sessionctl/vault.age", ".sessionctl/vault.toml",
        SIDECAR, FILE,
    }  # fmt: skip


@pytest.mark.slow
def test_secrets_set_on_two_machines_are_on_both(desks):
    (first, desk), (second, other) = desks
    desk.set(b"one", "x")
    other.set(b"two", "y")
    assert told(first)["committed"]["message"] == "sync: api"
    assert sync(second).returncode == 0
    assert sync(first).returncode == 0
    for one in (desk, other):
        assert [one.reveal(name, code=0).stdout for name in ("x", "y")] == ["one", "two"]


@pytest.mark.slow
def test_one_secret_set_twice_stops_with_the_next_step_and_goes_on(desks):
    (first, desk), (second, other) = desks
    desk.set(b"one", "prod.password")
    other.set(b"two", "prod.password")
    assert sync(first).returncode == 0
    done = sync(second)
    assert done.returncode == 1
    assert f"sessionctl resolve {SIDECAR}" in done.stdout + done.stderr
    other.run("resolve", SIDECAR, "--prefer", 'secret."prod.password".age=theirs', code=0)
    assert sync(second).returncode == 0
    assert other.reveal(code=0).stdout == "one"


def test_what_is_not_encrypted_or_not_stored_is_not_committed(desks):
    (first, desk), _ = desks
    armor = desk.entries()["prod.password"].armor.strip()
    text = first.read(SIDECAR)
    first.write(SIDECAR, text.replace(armor, "hunter2"))
    done = sync(first)
    assert done.returncode == 5
    assert "secret-unencrypted" in done.stdout + done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    first.write(SIDECAR, text)
    first.write(FILE, SESSION + '[env]\nT = { secret = "nowhere" }\n')
    done = sync(first)
    assert done.returncode == 1
    assert "dangling-secret" in done.stdout + done.stderr


@pytest.mark.slow
def test_a_session_that_is_named_takes_its_sidecar_along(desks):
    (first, desk), _ = desks
    desk.set(b"new", "n")
    first.write("other.session.toml", 'schema_version = 1\nname = "other"\n')
    assert sync(first, FILE).returncode == 0
    assert first.run("status", "--porcelain").stdout == "?? other.session.toml\n"


def test_a_new_reader_alone_is_a_commit_of_its_own_name(desks):
    (first, desk), _ = desks
    friend = Desk(first.path, desk.home.with_name("friend"))
    friend.home.mkdir()
    desk.run("recipients", "add", friend.new_key(), code=0)
    assert told(first)["committed"]["message"] == "sync: who can read the secrets"
    assert friend.reveal(code=0).stdout == "hunter2"


def test_a_key_in_the_place_of_the_vault_is_not_committed(desks):
    (first, desk), _ = desks
    (first.path / ".sessionctl" / "vault.age").write_text(desk.identities.read_text())
    done = sync(first)
    assert done.returncode == 5
    assert "secret-identity" in done.stdout + done.stderr


def test_readers_that_were_added_on_two_machines_are_joined_as_the_hints_say(desks, tmp_path):
    (first, desk), (second, other) = desks
    keys = [desk.elsewhere("c").new_key(), other.elsewhere("d").new_key()]
    desk.run("recipients", "add", keys[0], code=0)
    other.run("recipients", "add", keys[1], code=0)
    assert sync(first).returncode == 0
    said = sync(second)
    assert said.returncode == 1
    status = run_inside("status", cwd=second.path)
    assert status.returncode == 1
    for path in (".age-recipients", ".sessionctl/vault.age", ".sessionctl/vault.toml"):
        assert f"unmerged    {path}: git could not merge it" in status.stdout
    listed = second.read(".age-recipients").splitlines()
    marks = ("<<<<<<<", "=======", ">>>>>>>")
    second.write(".age-recipients", "".join(f"{x}\n" for x in listed if not x.startswith(marks)))
    steps = [line.partition("hint: next: ")[2] for line in status.stderr.splitlines()]
    assert [step.rpartition(": ")[2] for step in steps if step] == [
        "git add .age-recipients",
        "git checkout --ours -- .sessionctl/vault.age && git add .sessionctl/vault.age",
        "git checkout --ours -- .sessionctl/vault.toml && git add .sessionctl/vault.toml",
        "sessionctl secret rekey",
    ]
    for step in steps:
        if step:
            assert step in said.stderr
            words = step.rpartition(": ")[2]
            if words.startswith("git"):
                subprocess.run(["sh", "-c", words], cwd=second.path, check=True)
    other.run("secret", "rekey", "--accept", keys[0], code=0)
    assert sync(second).returncode == 0
    assert sync(first).returncode == 0
    assert second.run("status", "--short").stdout == ""
    assert desk.run("recipients", "list", code=0).stdout.count("age1") == 3
