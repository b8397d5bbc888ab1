"""Edits are committed once they came to rest, if nothing speaks against it."""

from __future__ import annotations

import pytest

from sessionctl.services.watching import auto_commit
from tests.services.watching.conftest import SESSION, message, session

NAME = "api.session.toml"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(auto_commit, "QUIET_MS", 100)


@pytest.fixture
def repo(git_repo):
    git_repo.commit("base", api__session__toml=SESSION, b__session__toml=SESSION)
    return git_repo


@pytest.fixture
def watching(start, repo):
    return start(repo.path, commits=True)


def subjects(repo):
    return repo.run("log", "--format=%s").stdout.split("\n")[:-1]


def test_an_edit_is_committed(watching, repo):
    repo.write(NAME, session(port=6432))
    happening = watching.hears("committed")
    assert subjects(repo) == ["watch: api", "base"]
    assert message(happening).endswith(": watch: api")
    assert repo.run("status", "--porcelain").stdout == ""
    watching.rests()
    assert watching.whats == ["applied", "committed"]


def test_edits_of_two_files_are_one_commit(watching, repo):
    for name in (NAME, "b.session.toml"):
        repo.write(name, session(port=6432))
    watching.hears("committed")
    assert subjects(repo) == ["watch: api, b", "base"]


def test_other_files_are_left_alone(watching, repo):
    repo.write("other.txt", "x")
    repo.run("add", "other.txt")
    repo.write(NAME, session(port=6432))
    watching.hears("committed")
    assert repo.run("status", "--porcelain").stdout == "A  other.txt\n"


def test_what_is_invalid_is_not_committed(watching, repo):
    repo.write(NAME, "a = ")
    watching.hears("invalid")
    repo.write("b.session.toml", session(port=6432))
    watching.hears("committed")
    assert repo.run("status", "--porcelain").stdout == f" M {NAME}\n"


def test_a_secret_is_not_committed(watching, repo):
    text = SESSION.replace('host = "db', 'password = "hunter2-hunter2"\nhost = "db')
    repo.write(NAME, text)
    watching.hears("invalid")
    repo.write("b.session.toml", session(port=6432))
    watching.hears("committed")
    assert "hunter2" not in repo.run("log", "-p").stdout


def test_on_a_detached_head_nothing_is_committed_and_that_is_told_once(watching, repo):
    repo.run("checkout", "--quiet", "--detach")
    for port in (6432, 7432):
        repo.write(NAME, session(port=port))
        watching.until(lambda p=port: watching.live_text(repo.path / NAME) == session(port=p))
        watching.hears("uncommitted")
    assert "detached head" in message(watching.hears("uncommitted"))
    assert watching.whats.count("uncommitted") == 1
    assert subjects(repo) == ["base"]


def test_a_hook_that_refuses_is_told(watching, repo):
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho no such luck >&2\nexit 1\n")
    hook.chmod(0o755)
    repo.write(NAME, session(port=6432))
    assert "no such luck" in message(watching.hears("uncommitted"))
    hook.unlink()
    repo.write(NAME, session(port=7432))
    watching.hears("committed")


def test_a_secret_that_came_in_before_the_commit_is_told(watching, repo, monkeypatch):
    text = SESSION.replace('host = "db', 'password = "hunter2-hunter2"\nhost = "db')
    commit = auto_commit.Committer.commit

    def late(self, files, time_s):
        repo.write(NAME, text)
        return commit(self, files, time_s)

    monkeypatch.setattr(auto_commit.Committer, "commit", late)
    repo.write(NAME, session(port=6432))
    assert "plain-text secret" in message(watching.hears("uncommitted"))
    assert "hunter2" not in repo.run("log", "-p").stdout


def test_outside_of_git_nothing_is_committed(start, folder, file):
    watching = start(folder, commits=True)
    file.write_text(session(port=6432))
    watching.hears("applied")
    watching.until(lambda: not watching.watch._committer._waiting)
    assert watching.whats == ["applied"]


def test_a_file_that_was_put_back_is_nothing_to_commit(watching, repo):
    repo.write(NAME, session(port=6432))
    watching.until(lambda: watching.live_text(repo.path / NAME) == session(port=6432))
    repo.write(NAME, SESSION)
    watching.until(lambda: not watching.watch._committer._waiting)
    watching.rests()
    assert subjects(repo)[-1] == "base"
