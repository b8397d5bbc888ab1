"""Files behind a filter of git: git-crypt, Git LFS, a cipher of one's own, other encodings."""

from __future__ import annotations

import subprocess

import pytest

from tests.git.conftest import BASE as PLAIN
from tests.git.inprocess import run_inside
from tests.world import need

NAME = "api.session.toml"
BASE = f"schema_version = 1\n{PLAIN}"
OURS = BASE.replace('"tiled"', '"even-horizontal"')
THEIRS = BASE.replace('"~/src/api"', '"~/work/api"')
MERGED = OURS.replace('"~/src/api"', '"~/work/api"')
CLASH = BASE.replace('"tiled"', '"even-vertical"')

# Like transcrypt's: salted by the content, so that equal contents are equal; base64.
OPENSSL = "openssl enc -aes-256-cbc -md sha256 -pass pass:x -pbkdf2 -S 1122334455667788"


def git_crypt(repo):
    need("git-crypt")
    subprocess.run(["git-crypt", "init"], cwd=repo.path, check=True, capture_output=True)
    subprocess.run(["git-crypt", "export-key", "../key"], cwd=repo.path, check=True)
    return "filter=git-crypt"


def lfs(repo):
    need("git-lfs")
    repo.run("lfs", "install", "--local")
    return "filter=lfs -text"


def transcrypt(repo):
    need("openssl")
    # openssl writes no header where the salt is given; transcrypt puts it back.
    repo.write(
        ".git/clean",
        f"#!/bin/sh\n{{ printf 'Salted__\\021\\042\\063\\104\\125\\146\\167\\210'; {OPENSSL}; }}"
        " | base64\n",
    ).chmod(0o755)
    repo.write(
        ".git/smudge",
        f"#!/bin/sh\nbase64 -d | tail -c +17 | {OPENSSL} -d\n",
    ).chmod(0o755)
    set_filter(repo, "crypt", f"{repo.path}/.git/clean", f"{repo.path}/.git/smudge")
    return "filter=crypt"


def reversal(repo):
    set_filter(repo, "rev", "rev", "rev")
    return "filter=rev"


def set_filter(repo, name, clean, smudge):
    repo.run("config", f"filter.{name}.clean", clean)
    repo.run("config", f"filter.{name}.smudge", smudge)
    repo.run("config", f"filter.{name}.required", "true")


FILTERS = [git_crypt, lfs, transcrypt]
NAMES = {git_crypt: "git-crypt", lfs: "lfs", transcrypt: "crypt"}


# The quickest of them every day, all of them in CI.
@pytest.fixture(
    params=[
        pytest.param(one, id=one.__name__, marks=[pytest.mark.slow] * (one is not transcrypt))
        for one in FILTERS
    ]
)
def filtered(request, program_path, git_repo):
    """Return a repository whose session files are stored through a filter; BASE is committed."""
    return make(git_repo, request.param), request.param


def make(repo, kind):
    attributes = kind(repo)
    install(repo)
    with open(repo.path / ".gitattributes", "a") as stream:
        stream.write(f"*.session.toml {attributes}\n")
    repo.commit("base", api__session__toml=BASE)
    assert stored(repo, "HEAD").encode() != BASE.encode()
    return repo


def install(repo):
    for option in ((), ("--hook",)):
        assert run_inside("git", "install", *option, cwd=repo.path).returncode == 0


def stored(repo, revision):
    return subprocess.run(
        ["git", "cat-file", "blob", f"{revision}:{NAME}"], cwd=repo.path, capture_output=True
    ).stdout.decode(errors="replace")


def lock(repo, kind):
    """Take the filter away, as in a clone where it is not set up."""
    name = NAMES[kind]
    if kind is git_crypt:
        subprocess.run(["git-crypt", "lock"], cwd=repo.path, check=True, capture_output=True)
        return
    repo.run("config", "--remove-section", f"filter.{name}")
    (repo.path / NAME).unlink()
    repo.run("checkout", "--", NAME)


def branch_off(repo, theirs, ours):
    repo.run("checkout", "-qb", "topic")
    repo.commit("theirs", api__session__toml=theirs)
    repo.run("checkout", "-q", "main")
    repo.commit("ours", api__session__toml=ours)


def test_two_sides_are_merged_by_key_and_stored_through_the_filter(filtered):
    repo, _ = filtered
    branch_off(repo, THEIRS, OURS)
    done = repo.run("merge", "topic", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert repo.read(NAME) == MERGED
    assert "work/api" not in stored(repo, "HEAD")
    assert repo.run("status", "--porcelain").stdout == ""


def test_a_conflict_stands_in_the_file_and_never_around_ciphertext(filtered):
    repo, _ = filtered
    branch_off(repo, CLASH, OURS)
    done = repo.run("merge", "topic", check=False)
    assert done.returncode == 1
    text = repo.read(NAME)
    assert "<<<<<<<" in text
    assert '"even-horizontal"' in text and '"even-vertical"' in text
    shown = run_inside("status", cwd=repo.path)
    assert f"conflicts   {NAME}: 1 conflict" in shown.stdout
    done = run_inside("resolve", NAME, "--prefer", "theirs", cwd=repo.path)
    assert done.returncode == 0, done.stderr
    assert repo.read(NAME) == CLASH
    repo.run("add", NAME)
    repo.run("commit", "-qm", "merged")
    assert "even-" not in stored(repo, "HEAD")
    objects = repo.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").stdout
    for name in objects.split():
        done = subprocess.run(["git", "cat-file", "-p", name], cwd=repo.path, capture_output=True)
        assert b"even-vertical" not in done.stdout


@pytest.mark.parametrize("mode", ["by key", "line by line"])
def test_without_the_filter_ours_is_kept_in_conflict_and_the_filter_named(
    filtered, mode, monkeypatch
):
    repo, kind = filtered
    if mode == "line by line":
        monkeypatch.setenv("SESSIONCTL_MERGE", "text")
    branch_off(repo, THEIRS, OURS)
    lock(repo, kind)
    before = (repo.path / NAME).read_bytes()
    done = repo.run("merge", "topic", check=False)
    assert done.returncode == 1
    assert f"the filter '{NAMES[kind]}' of git does not give its content here" in done.stderr
    assert "git checkout --merge -- api.session.toml" in done.stderr
    assert (repo.path / NAME).read_bytes() == before
    assert repo.run("diff", "--name-only", "--diff-filter=U").stdout == f"{NAME}\n"


def test_a_rebase_and_a_cherry_pick_work_too(filtered):
    repo, _ = filtered
    branch_off(repo, THEIRS, OURS)
    repo.run("cherry-pick", "topic")
    assert repo.read(NAME) == MERGED
    repo.run("reset", "-q", "--hard", "HEAD~1")
    repo.run("rebase", "-q", "topic")
    assert repo.read(NAME) == MERGED


def test_the_hook_checks_what_the_filter_yields(filtered):
    repo, _ = filtered
    repo.commit("fine", api__session__toml=OURS)
    repo.write(NAME, "schema_version = 1\nname = 1\n")
    repo.run("add", NAME)
    done = repo.run("commit", "-m", "bad", check=False)
    assert done.returncode == 1
    assert f"{NAME}:2:8: error[type]" in done.stdout + done.stderr


def test_where_the_filter_is_missing_the_hook_lets_others_commit(filtered):
    repo, kind = filtered
    branch_off(repo, THEIRS, OURS)
    lock(repo, kind)
    repo.run("checkout", "-qb", "more")
    repo.run("rm", "-q", "--cached", NAME)
    repo.run("commit", "-qm", "gone")
    repo.run("read-tree", "main")
    done = repo.run("commit", "-m", "back", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"the filter '{NAMES[kind]}' of git" in done.stdout + done.stderr


def test_history_is_read_through_the_filter(filtered):
    repo, _ = filtered
    repo.commit("ours", api__session__toml=OURS)
    shown = run_inside("log", NAME, cwd=repo.path)
    assert "layout" in shown.stdout and "even-horizontal" in shown.stdout
    shown = run_inside("diff", "--rev", "HEAD~1", NAME, cwd=repo.path)
    assert "even-horizontal" in shown.stdout
    done = run_inside("undo", NAME, cwd=repo.path)
    assert done.returncode == 0, done.stderr
    assert repo.read(NAME) == BASE
    assert "even-horizontal" in repo.run("log", "-p", "--format=").stdout


def test_status_and_sync_work_on_the_content(filtered):
    repo, _ = filtered
    assert run_inside("status", cwd=repo.path).stdout.startswith(f"clean       {NAME}\n")
    repo.write(NAME, OURS)
    assert f"changed     {NAME}: 1 change\n" in run_inside("status", cwd=repo.path).stdout
    done = run_inside("sync", cwd=repo.path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "even-horizontal" not in stored(repo, "HEAD")
    repo.write(NAME, "name = \n")
    assert run_inside("sync", cwd=repo.path).returncode == 1


def test_nothing_is_committed_in_the_clear_where_the_filter_is_missing(filtered):
    repo, kind = filtered
    lock(repo, kind)
    shown = run_inside("status", cwd=repo.path)
    assert shown.returncode == 0, shown.stdout
    assert "not checked: behind the filter" in shown.stdout
    before = repo.run("rev-parse", "HEAD").stdout
    repo.write(NAME, OURS)
    done = run_inside("sync", cwd=repo.path)
    assert done.returncode == 1
    assert f"the filter '{NAMES[kind]}' is not set up here" in done.stdout
    assert repo.run("rev-parse", "HEAD").stdout == before


@pytest.mark.parametrize("required", ["true", "false"])
@pytest.mark.parametrize("command", ["no-such-program", "false", "cat && false"])
def test_nothing_is_committed_in_the_clear_where_the_filter_fails(
    program_path, git_repo, command, required
):
    repo = make(git_repo, reversal)
    repo.run("config", "filter.rev.clean", command)
    repo.run("config", "filter.rev.required", required)
    before = repo.run("rev-parse", "HEAD").stdout
    repo.write(NAME, OURS)
    done = run_inside("sync", cwd=repo.path)
    assert done.returncode == 1
    assert "the filter 'rev' fails here" in done.stdout
    assert f"hint: see why: git hash-object -- {NAME}" in done.stdout
    assert repo.run("rev-parse", "HEAD").stdout == before
    told = run_inside("doctor", cwd=repo.path)
    assert "the filter 'rev', which fails here" in told.stdout
    assert f"fix: git hash-object -- {NAME}" in told.stdout


def test_undo_names_what_finds_a_filter_that_fails(program_path, git_repo):
    repo = make(git_repo, reversal)
    repo.write(NAME, OURS)
    repo.run("config", "filter.rev.smudge", "no-such-program")
    done = run_inside("undo", NAME, cwd=repo.path)
    assert done.returncode == 3
    assert "hint: find the filter that fails: sessionctl doctor" in done.stderr
    assert repo.read(NAME) == OURS


def test_doctor_names_the_filter(filtered):
    repo, kind = filtered
    shown = run_inside("doctor", "-v", cwd=repo.path)
    assert "note     filters" in shown.stdout
    assert f"through the filter '{NAMES[kind]}'" in shown.stdout
    lock(repo, kind)
    shown = run_inside("doctor", cwd=repo.path)
    assert "error    filters" in shown.stdout
    assert shown.returncode == 1


def test_a_filter_of_text_is_read_too(program_path, git_repo):
    """What it stores is no TOML and no envelope that is known."""
    need("rev")
    repo = make(git_repo, reversal)
    branch_off(repo, THEIRS, OURS)
    done = repo.run("merge", "topic", check=False)
    assert done.returncode == 0, done.stderr
    assert repo.read(NAME) == MERGED


@pytest.mark.slow
def test_a_file_with_an_encoding_of_its_own(program_path, git_repo):
    repo = git_repo
    install(repo)
    with open(repo.path / ".gitattributes", "a") as stream:
        stream.write("*.session.toml working-tree-encoding=UTF-16\n")

    def write(text):
        (repo.path / NAME).write_bytes(text.encode("utf-16"))

    write(BASE)
    repo.commit("base")
    repo.run("checkout", "-qb", "topic")
    write(THEIRS)
    repo.commit("theirs")
    repo.run("checkout", "-q", "main")
    write(OURS)
    assert f"changed     {NAME}" in run_inside("status", cwd=repo.path).stdout
    assert run_inside("sync", cwd=repo.path).returncode == 0
    repo.run("merge", "topic")
    assert (repo.path / NAME).read_bytes().decode("utf-16") == MERGED
    write("name = \n")
    assert "invalid " in run_inside("status", cwd=repo.path).stdout
    assert run_inside("sync", cwd=repo.path).returncode == 1
