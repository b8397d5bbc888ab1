"""The pre-commit hook and sealed secrets: what a commit would give away or lose."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.git.staged_files import check_staged
from sessionctl.system.git.program import Git
from tests.sidecars import armored, block, sidecar

NAME = "api.session.toml"
SIDECAR = "api.secrets.toml"
SESSION = """\
schema_version = 1
name = "api"
[env]
TOKEN = { secret = "env.token" }
[connections.prod]
driver = "redis"
password = { secret = "prod.password" }
"""
BOTH = sidecar("env.token", "prod.password")


def stage(repo, **files):
    for name, text in files.items():
        path = {"session": NAME, "sidecar": SIDECAR}.get(name, name)
        repo.write(path, text)
        repo.run("add", "--", path)


def told(repo):
    return [
        (checked.name, problem.rule, problem.hint)
        for checked in check_staged(Git(os.environ, repo.path))
        for problem in checked.problems
    ]


def rules(repo):
    return [(name, rule) for name, rule, _ in told(repo)]


def commit(repo):
    repo.run("commit", "--quiet", "--message", "x")


def test_a_session_and_its_sidecar_are_committed_together(git_repo):
    stage(git_repo, session=SESSION, sidecar=BOTH)
    assert told(git_repo) == []


def test_a_session_whose_secrets_are_kept_elsewhere_is_committed(git_repo):
    stage(git_repo, session=SESSION)
    assert told(git_repo) == []


def test_a_sidecar_that_was_not_staged_is_told_with_the_command_that_stages_it(git_repo):
    stage(git_repo, session=SESSION)
    git_repo.write(SIDECAR, BOTH)
    hint = f"stage the file it is in: git add -- {SIDECAR}"
    assert told(git_repo) == [(NAME, "dangling-secret", hint)] * 2


def test_an_entry_that_was_not_staged_is_told(git_repo):
    stage(git_repo, session=SESSION, sidecar=sidecar("prod.password"))
    git_repo.write(SIDECAR, BOTH)
    [(name, rule, hint)] = told(git_repo)
    assert (name, rule) == (NAME, "dangling-secret")
    assert hint.startswith(f"store it: sessionctl secret set {NAME} env.token")


def test_a_session_that_does_not_change_is_told_of_the_entries_taken_from_it(git_repo):
    stage(git_repo, session=SESSION, sidecar=BOTH)
    commit(git_repo)
    stage(git_repo, sidecar=sidecar("env.token"))
    assert rules(git_repo) == [(NAME, "dangling-secret")]
    git_repo.run("rm", "--quiet", "--cached", SIDECAR)
    assert rules(git_repo) == [(NAME, "dangling-secret")] * 2
    (git_repo.path / SIDECAR).unlink()
    assert rules(git_repo) == [(NAME, "dangling-secret")] * 2


def test_other_faults_of_a_session_that_does_not_change_stop_nothing(git_repo):
    stage(git_repo, session=SESSION + "colour = 1\n", sidecar=BOTH)
    commit(git_repo)
    stage(git_repo, sidecar=sidecar(block("env.token", armored("new")), "prod.password"))
    assert told(git_repo) == []


def test_a_value_that_is_not_encrypted_stops_the_commit(git_repo):
    plain = BOTH.replace(armored("env.token"), "hunter2")
    stage(git_repo, session=SESSION, sidecar=plain)
    git_repo.write(SIDECAR, BOTH)  # mended, but not staged again
    assert rules(git_repo) == [(SIDECAR, "secret-unencrypted")]
    [checked] = [c for c in check_staged(Git(os.environ, git_repo.path)) if c.problems]
    assert "hunter2" not in "\n".join(checked.excerpts()[0])


def test_a_sidecar_that_is_no_sidecar_is_told_where_it_is_broken(git_repo):
    stage(git_repo, session=SESSION, sidecar=BOTH.replace("format = 1", "format = "))
    assert rules(git_repo) == [(SIDECAR, "syntax")]
    stage(git_repo, sidecar=BOTH.replace("vault", "vaults"))
    assert rules(git_repo) == [(SIDECAR, "sidecar")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("identities.txt", "# me\n" + "AGE-SECRET" + "-KEY-1" + "Q" * 58 + "\n"),
        ("config/age/keys.txt", "AGE-SECRET" + "-KEY-1" + "Q" * 58),
        (".ssh/id_ed25519", "-----BEGIN OPENSSH PRIVATE" + " KEY-----\nAAAA\n"),
        (".sessionctl/vault.age", "AGE-SECRET" + "-KEY-1" + "Q" * 58),
        (".sessionctl/vault.age", "not encrypted at all"),
    ],
)
def test_a_key_that_opens_secrets_stops_the_commit(git_repo, name, text):
    (git_repo.path / name).parent.mkdir(parents=True, exist_ok=True)
    stage(git_repo, **{name: text})
    [(path, rule, hint)] = told(git_repo)
    assert (path, rule) == (name, "secret-identity")
    assert hint == f"unstage it: git reset -q -- {name}"
    [checked] = check_staged(Git(os.environ, git_repo.path))
    assert "QQQQ" not in "\n".join(checked.excerpts()[0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".age-recipients", "age1" + "q" * 58 + "\n"),
        (".sessionctl/vault.age", armored("x") + "\n"),
        ("keys.txt", "a = b\n"),
        ("id_ed25519.pub", "ssh-ed25519 AAAA me\n"),
    ],
)
def test_what_may_be_seen_is_committed(git_repo, name, text):
    (git_repo.path / name).parent.mkdir(parents=True, exist_ok=True)
    stage(git_repo, **{name: text})
    assert told(git_repo) == []


def test_it_works_from_a_directory_below(git_repo):
    (git_repo.path / "sub").mkdir()
    stage(git_repo, session=SESSION)
    git_repo.write(SIDECAR, BOTH)
    found = check_staged(Git(os.environ, git_repo.path / "sub"))
    assert [checked.name for checked in found] == [f"../{NAME}"]
    assert found[0].problems[0].hint.endswith(f"git add -- ../{SIDECAR}")
