"""The doctor and sealed secrets: what can be told without a key."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from sessionctl.services.doctor import CHECKS, Setup, examine
from sessionctl.services.machine import Machine
from sessionctl.services.naming.naming_journal import NamingEntry, NamingJournal
from sessionctl.system.git.program import Git
from tests.desk import FILE, SESSION, Desk
from tests.git.inprocess import run_inside
from tests.git.test_doctor import note_findings

NAMES = {"private-files", "sidecars", "sidecars-tracked", "readers", "unrotated", "keys",
         "temporary-files", "begun"}  # fmt: skip
OF_SECRETS = [check for check in CHECKS if check.id in NAMES]
COMMAND = re.compile("(?:sessionctl|chmod|echo|ls|rm|git (?!does|has|is)) ?")


@pytest.fixture
def desk(program_path, git_repo, repository_templates, tmp_path):
    repository_templates.install(git_repo, lambda: run_inside("git", "install", cwd=git_repo.path))
    home = tmp_path / "desk"
    home.mkdir()
    made = Desk(git_repo.path, home)
    made.new_key()
    git_repo.write(FILE, SESSION)
    made.set(b"hunter2")
    git_repo.commit("all")
    return made


def look(desk, cwd=None):
    """Return the faults of the checks of secrets: id, severity, place and fix of each."""
    machine = Machine(desk.environ)
    found = examine(Setup(Git(os.environ, Path(cwd or desk.folder)), machine), OF_SECRETS)
    note_findings({f.check.id: f for f in found})
    faults = [(f.check.id, fault) for f in found for fault in f.faults]
    for _, fault in faults:
        assert COMMAND.match(fault.fix), fault
    return [(check, fault.place, fault.fix) for check, fault in faults]


def test_a_repository_with_secrets_is_well(desk):
    assert look(desk) == []


def test_files_that_others_may_read_are_told(desk):
    desk.identities.chmod(0o640)
    desk.trust.chmod(0o604)
    assert look(desk) == [
        ("private-files", str(path), f"chmod 600 {path}") for path in (desk.identities, desk.trust)
    ]


def test_a_value_that_is_not_encrypted_is_told(desk, git_repo):
    armor = desk.entries()["prod.password"].armor.strip()
    git_repo.write("api.secrets.toml", git_repo.read("api.secrets.toml").replace(armor, "hunter2"))
    [(check, place, fix)] = look(desk)
    assert check == "sidecars"
    assert place.startswith("api.secrets.toml:")
    assert fix == "sessionctl validate -- api.secrets.toml"


def test_a_sidecar_that_cannot_be_read_is_told(desk):
    (desk.folder / "api.secrets.toml").write_bytes(b"\xff\xfe\xfa")
    assert ("sidecars", "api.secrets.toml", "ls -l -- api.secrets.toml") in look(desk)


def test_what_git_lacks_to_open_them_elsewhere_is_told(desk, git_repo):
    git_repo.run("rm", "--quiet", "--cached", "-r", "api.secrets.toml", ".sessionctl")
    git_repo.write(".gitignore", "*.secrets.toml\n")
    found = look(desk)
    assert {place for _, place, _ in found} == {
        "api.secrets.toml", ".sessionctl/vault.age", ".sessionctl/vault.toml",
    }  # fmt: skip
    for _, _, fix in found:
        git_repo.run(*fix.split()[1:])
    assert look(desk) == []


def test_a_list_of_readers_that_the_vault_does_not_follow_is_told(desk, git_repo):
    git_repo.write(".age-recipients", git_repo.read(".age-recipients") + "age1" + "q" * 58 + "\n")
    assert [(check, fix) for check, _, fix in look(desk) if check == "readers"] in (
        [("readers", "sessionctl secret rekey")],
        [],
    )
    (desk.folder / ".age-recipients").unlink()
    assert ("readers", ".age-recipients", "git restore -- .age-recipients") in look(desk)


def test_a_value_that_a_removed_reader_knows_is_told(desk, git_repo):
    friend = desk.elsewhere("friend")
    key = friend.new_key()
    desk.run("recipients", "add", key, code=0)
    desk.run("recipients", "rm", key, code=0)
    git_repo.commit("without the friend")
    place = "api.secrets.toml: prod.password"
    assert look(desk) == [("unrotated", place, f"sessionctl secret rotate {FILE} prod.password")]


def test_a_key_that_git_has_is_told(desk, git_repo):
    (desk.folder / "keys").mkdir()
    git_repo.write("keys/identities.txt", desk.identities.read_text())
    git_repo.commit("oops")
    assert look(desk) == [("keys", "keys/identities.txt", "git rm --cached -- keys/identities.txt")]


def test_a_key_in_a_work_tree_is_told_before_git_has_it(desk, git_repo):
    config = desk.identities.parent
    config.rename(desk.folder / "dot config")
    config.symlink_to(desk.folder / "dot config")
    ignore = str(desk.folder / "dot config" / ".gitignore")
    fix = f"echo identities.txt >> {shlex.quote(ignore)}"
    assert look(desk) == [("private-files", str(desk.identities), fix)]
    desk.identities.rename(desk.home / "old.txt")
    made = desk.run("key", "new", code=0)
    assert "identities.txt: git does not ignore it, so 'git add' would publish it" in made.stderr
    assert f"make git ignore it: {fix}" in made.stderr
    subprocess.run(["sh", "-c", fix], check=True)
    assert look(desk) == []
    git_repo.run("add", "--all")
    assert "identities.txt" not in git_repo.run("ls-files").stdout


def test_it_looks_from_a_directory_below_too(desk, git_repo):
    (desk.folder / "sub").mkdir()
    git_repo.run("rm", "--quiet", "--cached", "api.secrets.toml")
    assert look(desk, desk.folder / "sub") == [
        ("sidecars-tracked", "../api.secrets.toml", "git add --force -- ../api.secrets.toml")
    ]


def test_where_there_are_no_secrets_nothing_is_told(program_path, git_repo, tmp_path):
    git_repo.write(FILE, SESSION)
    git_repo.commit("no secrets kept here")
    (tmp_path / "desk").mkdir()
    assert look(Desk(git_repo.path, tmp_path / "desk")) == []


# -- what killed commands left ---------------------------------------------------------------


def test_temporary_files_of_killed_commands_are_reported(desk):
    folders = (desk.folder, desk.vault.parent, desk.identities.parent)
    for number, folder in enumerate(folders):
        path = folder / f".sessionctl-{number:012x}.tmp"
        path.write_text("x")
        assert look(desk) == []  # somebody may be writing it
        os.utime(path, (0, 0))
        [(check, place, fix)] = look(desk)
        assert check == "temporary-files"
        assert (desk.folder / place).samefile(path)
        subprocess.run(["sh", "-c", fix], cwd=desk.folder, check=True)
        assert look(desk) == []


@pytest.mark.parametrize("verb", ["rename", "cp"])
def test_a_rename_or_copy_that_was_killed_is_reported_with_the_command_that_ends_it(desk, verb):
    new = desk.folder / "new.session.toml"
    removals = ((str(desk.session), "x"),) if verb == "rename" else ()
    entry = NamingEntry(str(desk.session), str(new), removals, (), is_sealed=True)
    NamingJournal(Machine(desk.environ).state).begin(entry)
    (desk.folder / "new.secrets.toml").write_text(desk.sidecar.read_text())
    [(_, place, fix)] = [one for one in look(desk) if one[0] == "begun"]
    assert place == "new.secrets.toml"
    assert fix == f"sessionctl {verb} -- {FILE} new"
    desk.run(*shlex.split(fix)[1:], code=0)
    assert [one for one in look(desk) if one[0] == "begun"] == []
    assert desk.reveal(file="new.session.toml").stdout == "hunter2"
