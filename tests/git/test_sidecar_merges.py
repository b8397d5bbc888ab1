"""Sealed secrets in real git: merged without a key, shown without their values."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from sessionctl.core.secrets.secret import Secret
from sessionctl.services.machine import Machine
from sessionctl.services.secrets.access.secret_context import SecretContext
from sessionctl.services.secrets.access.session_secrets import SessionSecrets
from sessionctl.services.secrets.access.vault_keeper import VaultKeeper
from sessionctl.services.secrets.entries.storage import find_target, plan_set
from tests.desk import SESSION, Desk

NAME = "api.session.toml"
SIDECAR = "api.secrets.toml"
HIDDEN = "hunter2"
MERGES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 30
PAIRS = 10


@pytest.fixture
def desk(repo, tmp_path):
    """Return the desk of one who has a key; git itself finds none."""
    home = tmp_path / "desk"
    home.mkdir()
    made = Desk(repo.path, home)
    made.new_key()
    repo.write(NAME, SESSION)
    made.set(HIDDEN.encode())
    for name in ("a", "b", "c"):
        made.set(f"{HIDDEN}-{name}".encode(), name)
    repo.commit("secrets")
    return made


def secrets_of(desk):
    context = SecretContext(Machine(desk.environ), today="2026-11-25")
    before = os.getcwd()
    os.chdir(desk.folder)
    try:
        return SessionSecrets(VaultKeeper(context), NAME)
    finally:
        os.chdir(before)


def on_branch(repo, branch, edit, start="main"):
    repo.run("checkout", "--quiet", "-B", branch, start)
    edit()
    repo.run("add", "--all")
    repo.commit(branch)


def sides(repo, ours, theirs):
    """Commit two edits on two branches, and be on the one of ours."""
    on_branch(repo, "theirs", theirs)
    on_branch(repo, "ours", ours)


def merge(repo, **extra):
    return repo.run("merge", "--no-edit", "theirs", check=False, **extra)


def test_git_hands_sidecars_to_sessionctl(repo, desk):
    told = repo.run("check-attr", "merge", "diff", "--", SIDECAR).stdout
    assert told.count(": sessionctl") == 2
    assert repo.run("config", "diff.sessionctl.cachetextconv").stdout == "false\n"


@pytest.mark.slow
def test_different_entries_merge_where_lines_would_not(repo, desk):
    sides(repo, lambda: desk.set(b"1", "x"), lambda: desk.set(b"2", "y"))
    done = merge(repo)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(desk.entries()) == [
        "a",
        "b",
        "c",
        NAME.replace("api.session.toml", "prod.password"),
        "x",
        "y",
    ]
    assert [desk.reveal(name).stdout for name in ("x", "y")] == ["1", "2"]


def test_the_same_entry_changed_twice_is_a_conflict_that_names_it_and_shows_no_value(repo, desk):
    sides(repo, lambda: desk.set(b"one-value", "b"), lambda: desk.set(b"two-value", "b"))
    done = merge(repo)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert f"{SIDECAR}:" in said
    assert "conflict[both-modified]: secret.b.age: both sides changed it" in said
    assert f"sessionctl resolve {SIDECAR}" in said
    text = repo.read(SIDECAR)
    assert text.count("<<<<<<<") == 1
    assert "-value" not in said + text
    desk.run("resolve", SIDECAR, "--prefer", "secret.b.age=ours", code=0)
    assert desk.reveal("b").stdout == "one-value"
    assert desk.reveal("a").stdout == f"{HIDDEN}-a"


def test_with_the_key_one_value_set_twice_is_one_change(repo, desk, monkeypatch):
    sides(repo, lambda: desk.set(b"same", "b"), lambda: desk.set(b"same", "b"))
    done = merge(repo)
    assert done.returncode == 1, "without a key nobody can tell"
    repo.run("merge", "--abort")
    for key, value in desk.environ.items():
        monkeypatch.setenv(key, value)
    done = merge(repo)
    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.reveal("b").stdout == "same"


def test_with_the_key_an_entry_that_was_only_encrypted_anew_takes_the_new_value(
    repo, desk, monkeypatch
):
    friend = desk.elsewhere("friend")
    recipient = friend.new_key()
    desk.run("recipients", "add", recipient, "--label", "friend", code=0)
    repo.commit("friend")
    base = repo.run("rev-parse", "HEAD").stdout.strip()
    on_branch(repo, "theirs", lambda: desk.run("recipients", "rm", recipient, "--yes"), base)
    on_branch(repo, "ours", lambda: desk.set(b"new", "b"), base)
    shutil.copytree(desk.folder / ".sessionctl", desk.home / "vault")
    for key, value in desk.environ.items():
        monkeypatch.setenv(key, value)
    repo.run("checkout", "--quiet", "theirs")
    done = repo.run("merge", "--no-edit", "ours", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_merge_goes_on_without_the_program(repo, desk, no_program):
    sides(repo, lambda: desk.set(b"1", "a"), lambda: desk.set(b"2", "c"))
    no_program()
    done = merge(repo)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cannot run" in done.stderr
    assert [desk.reveal(name).stdout for name in ("a", "c")] == ["1", "2"]


def test_what_git_shows_are_digests(repo, desk):
    desk.set(b"another-value", "b")
    shown = repo.run("diff").stdout
    digest = desk.entries()["b"].digest
    assert f'+age = "sealed {digest[:19]}"' in shown
    assert shown.count("\n+age") == 1
    assert "AGE ENCRYPTED" not in shown
    assert "sealed sha256:" in repo.run("log", "-p", "--", SIDECAR).stdout
    assert not repo.run("notes", "list", check=False).stdout


def test_a_diff_and_a_log_of_our_own_show_digests_too(repo, desk):
    before = desk.entries()["b"].digest[:19]
    desk.set(b"another-value", "b")
    after = desk.entries()["b"].digest[:19]
    shown = desk.run("diff", "--rev", "HEAD", SIDECAR, code=1).stdout
    assert f'age: "sealed {before}" -> "sealed {after}"' in shown
    assert "AGE ENCRYPTED" not in shown
    repo.commit("again")
    assert f"sealed {after}" in desk.run("log", SIDECAR, code=0).stdout


@pytest.mark.slow
def test_what_git_shows_of_a_conflict_and_of_a_plain_value_has_no_value_in_it(repo, desk):
    sides(repo, lambda: desk.set(b"one-value", "b"), lambda: desk.set(b"two-value", "b"))
    merge(repo)
    shown = repo.run("diff").stdout
    assert "AGE ENCRYPTED" not in shown
    repo.run("merge", "--abort")
    text = repo.read(SIDECAR)
    armor = desk.entries()["b"].armor.strip()
    repo.write(SIDECAR, text.replace(armor, HIDDEN))
    assert HIDDEN not in repo.run("diff").stdout


def test_git_shows_the_file_as_it_is_without_the_program(repo, desk, no_program):
    no_program()
    done = repo.run("log", "-p", "--", SIDECAR)
    assert "AGE ENCRYPTED" in done.stdout
    assert HIDDEN not in done.stdout


def edit_some(r, repo, desk, branch, names):
    """Change, add and remove entries on a branch; return their values, None where removed."""
    repo.run("checkout", "--quiet", "-B", branch, "start")
    done = {}
    for name in names:
        what = r.choice(["change", "change", "add", "remove"])
        target = f"{name}-{r.randrange(1000)}" if what == "add" else name
        done[target] = None if what == "remove" else f"{branch}-{r.randrange(10**9)}"
    store(desk, done)
    repo.commit(branch)
    return done


def store(desk, values):
    """Write entries as 'secret set' and 'secret rm' do, the file only once."""
    secrets = secrets_of(desk)
    for name, value in values.items():
        if value is None:
            sidecar = secrets.sidecar.remove(name)
        else:
            change = plan_set(find_target(secrets, name), Secret(value))
            sidecar = secrets.sidecar.put(change.entry)
        secrets.sidecar = sidecar
    secrets.place.sidecar.write_text(secrets.sidecar.text)


@pytest.mark.slow
def test_edits_of_different_entries_are_merged_by_git_without_a_key_and_all_of_them_verify(
    repo, desk, monkeypatch
):
    """``MERGES`` merges of ``PAIRS`` pairs of concurrent edits, each of another entry."""
    r = random.Random(4711)
    monkeypatch.chdir(repo.path)
    values = {f"n{number:03}": "start" for number in range(3 * PAIRS)}
    store(desk, values)
    repo.commit("start")
    conflicts = pairs = 0
    for turn in range(MERGES):
        repo.run("branch", "--force", "start", "HEAD")
        names = r.sample(sorted(values), min(len(values), 2 * PAIRS))
        half = len(names) // 2
        made = edit_some(r, repo, desk, "theirs", names[:half])
        made |= edit_some(r, repo, desk, "ours", names[half:])
        done = merge(repo)
        conflicts += done.returncode != 0
        pairs += half
        values |= made
        values = {name: value for name, value in values.items() if value is not None}
        more = {f"t{turn}-{number}": "more" for number in range(3 * PAIRS - len(values))}
        store(desk, more)
        values |= more
        repo.commit("more")
    assert conflicts == 0
    assert pairs >= 300
    secrets = secrets_of(desk)
    assert values.keys() <= secrets.sidecar.entries.keys()
    for name, value in values.items():
        looked = secrets.inspect(name)
        assert looked.is_usable, (name, looked.objections)
        assert looked.opened.value == Secret(value)
