"""Secrets in files behind a filter of git: read through it, or counted, never called clean."""

from __future__ import annotations

import gzip

import pytest

from tests.git.inprocess import run_inside
from tests.git.test_filters import (
    BASE,
    FILTERS,
    NAME,
    NAMES,
    lfs,
    lock,
    set_filter,
)
from tests.world import need

SECRET = f'{BASE}[connections.p]\npassword = "hunter2"\n'
FOUND, COULD_NOT = 1, 3


def scan(repo, *arguments):
    return run_inside("secret", "scan", *arguments, cwd=repo.path)


@pytest.fixture(params=FILTERS, ids=lambda one: one.__name__)
def filtered(request, program_path, git_repo):
    """Return a repository whose history, and then its index, hold a secret behind a filter."""
    attributes = request.param(git_repo)
    git_repo.write(".gitattributes", f"*.session.toml {attributes}\n")
    git_repo.commit("with", api__session__toml=SECRET)
    git_repo.commit("without", api__session__toml=BASE)
    git_repo.write(NAME, SECRET.replace("hunter2", "hunter3"))
    git_repo.run("add", NAME)
    return git_repo, request.param


def test_what_the_filter_yields_is_searched(filtered):
    repo, _ = filtered
    staged = scan(repo, "--staged")
    assert (staged.returncode, staged.stdout.count("secret-key")) == (FOUND, 1), staged.stderr
    history = scan(repo, "--history")
    assert (history.returncode, history.stdout.count("secret-key")) == (FOUND, 2), history.stderr
    assert "hunter" not in staged.stdout + history.stdout


def test_what_the_filter_does_not_yield_is_counted_and_the_filter_named(filtered):
    repo, kind = filtered
    repo.run("commit", "-qm", "again")
    if kind is lfs:  # as in a clone that did not get the contents
        repo.run("config", "lfs.url", "http://127.0.0.1:1")
    lock(repo, kind)
    if kind is lfs:
        import shutil

        shutil.rmtree(repo.path / ".git" / "lfs")
    history = scan(repo, "--history")
    assert history.returncode == COULD_NOT, history.stdout
    assert f"3 contents behind the filter '{NAMES[kind]}'" in history.stdout
    step = {"git-crypt": "git-crypt unlock", "lfs": "git lfs install --local"}
    assert step.get(NAMES[kind], "transcrypt --display") in history.stdout
    repo.run("read-tree", "HEAD~1")
    repo.run("commit", "-qm", "back")
    repo.run("read-tree", "HEAD~1")
    staged = scan(repo, "--staged")
    assert staged.returncode == COULD_NOT
    assert f"the filter '{NAMES[kind]}' of git" in staged.stdout
    assert scan(repo).returncode == COULD_NOT
    answer = scan(repo, "--staged", "--json")
    assert '"clean": false' in answer.stdout


@pytest.mark.slow
def test_objects_of_lfs_that_are_here_are_read_without_the_network(program_path, git_repo):
    attributes = lfs(git_repo)
    git_repo.write(".gitattributes", f"*.session.toml {attributes}\n")
    git_repo.commit("with", api__session__toml=SECRET)
    git_repo.run("config", "lfs.url", "http://127.0.0.1:1")
    git_repo.run("config", "--remove-section", "filter.lfs")
    history = scan(git_repo, "--history")
    assert (history.returncode, history.stdout.count("secret-key")) == (FOUND, 1), history.stderr


def test_what_only_looks_like_a_plain_text_is_read_through_its_filter(program_path, git_repo):
    """Letters turned by thirteen are TOML, and say nothing."""
    need("tr")
    turned = "tr 'A-Za-z' 'N-ZA-Mn-za-m'"
    set_filter(git_repo, "turn", turned, turned)
    git_repo.write(".gitattributes", "*.toml filter=turn\n")
    git_repo.commit("with", api__session__toml=SECRET)
    history = scan(git_repo, "--history")
    assert (history.returncode, history.stdout.count("secret-key")) == (FOUND, 1), history.stderr
    git_repo.run("config", "--remove-section", "filter.turn")
    history = scan(git_repo, "--history")
    assert history.returncode == COULD_NOT
    assert "behind the filter 'turn'" in history.stdout


def test_a_filter_that_fails_is_none_that_was_looked_through(program_path, git_repo):
    for is_required in ("true", "false"):
        set_filter(git_repo, "rev", "rev", "rev")
        git_repo.run("config", "filter.rev.required", is_required)
        git_repo.write(".gitattributes", "*.session.toml filter=rev\n")
        git_repo.commit("with", api__session__toml=SECRET.replace("r2", f"r-{is_required}"))
        git_repo.run("config", "filter.rev.smudge", "false")
        assert scan(git_repo, "--history").returncode == COULD_NOT


def test_a_filter_without_effect_hides_nothing_and_a_plain_file_is_enough(program_path, git_repo):
    git_repo.run("config", "filter.tidy.clean", "cat")
    git_repo.run("config", "filter.tidy.smudge", "cat")
    git_repo.write(".gitattributes", "*.session.toml filter=tidy\n")
    git_repo.commit("base", api__session__toml=BASE)
    assert scan(git_repo, "--history").returncode == 0
    git_repo.run("config", "--remove-section", "filter.tidy")
    assert scan(git_repo, "--history").returncode == 0


def test_encrypted_contents_without_an_attribute_are_counted_too(program_path, git_repo):
    git_repo.write(NAME, "")
    (git_repo.path / NAME).write_bytes(b"\0GITCRYPT\0\x01\x02\x03")
    git_repo.commit("sealed")
    git_repo.write("other.toml", "")
    (git_repo.path / "other.toml").write_bytes(gzip.compress(SECRET.encode()))
    git_repo.commit("packed")
    history = scan(git_repo, "--history")
    assert history.returncode == COULD_NOT
    assert "1 content that is not text" in history.stdout
    assert "1 content behind the filter 'git-crypt'" in history.stdout
    assert scan(git_repo).returncode == COULD_NOT


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-16BE", "utf-8-sig"])
def test_a_text_of_another_encoding_is_read(program_path, git_repo, encoding):
    data = SECRET.encode(encoding)
    (git_repo.path / NAME).write_bytes(data)
    assert scan(git_repo).returncode == FOUND
    assert scan(git_repo, NAME).returncode == FOUND
    git_repo.commit("as it is", notes__txt="x")
    assert scan(git_repo, "--history").returncode == FOUND


def test_a_file_with_an_encoding_of_its_own_in_the_work_tree(program_path, git_repo):
    git_repo.write(".gitattributes", "*.session.toml working-tree-encoding=UTF-16LE\n")
    (git_repo.path / NAME).write_bytes(SECRET.encode("utf-16-le"))
    git_repo.run("add", "--all")
    assert scan(git_repo, "--staged").returncode == FOUND
    assert scan(git_repo).returncode == FOUND
    git_repo.run("commit", "-qm", "x")
    assert scan(git_repo, "--history").returncode == FOUND


def test_a_secret_that_is_taken_out_is_looked_for_behind_the_filter(program_path, git_repo):
    set_filter(git_repo, "rev", "rev", "rev")
    git_repo.write(".gitattributes", "*.session.toml filter=rev\n")
    git_repo.commit("with", api__session__toml=SECRET)
    run_inside("key", "new", cwd=git_repo.path)
    done = run_inside("secret", "extract", NAME, cwd=git_repo.path)
    assert "1 commit" in done.stderr
    assert "change it where it is used" in done.stderr
