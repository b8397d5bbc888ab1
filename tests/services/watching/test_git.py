"""Git takes files away and writes them anew while it works: no half of that is taken up."""

from __future__ import annotations

import subprocess

import pytest

from tests.services.watching.conftest import SESSION, hint, session
from tests.world import need

NAME = "api.session.toml"
LABELS = ("branch", "main", "theirs")


@pytest.fixture
def repo(git_repo):
    """Return a repository with the session on main, and port 6432 on topic."""
    git_repo.commit("base", api__session__toml=SESSION)
    git_repo.run("checkout", "--quiet", "-b", "topic")
    git_repo.commit("port", api__session__toml=session(port=6432))
    git_repo.run("checkout", "--quiet", "main")
    return git_repo


@pytest.fixture
def file(repo):
    return repo.path / NAME


@pytest.fixture
def watching(start, repo):
    return start(repo.path)


def assert_applied(watching, file, text):
    watching.until(lambda: watching.live_text(file) == text)
    watching.rests()
    assert file.read_text() == text
    assert "missing" not in watching.whats
    assert "invalid" not in watching.whats


@pytest.mark.parametrize(
    "arguments",
    [
        ["checkout", "--quiet", "topic"],
        ["switch", "--quiet", "topic"],
        ["merge", "--quiet", "topic"],
        ["merge", "--quiet", "--no-ff", "--no-edit", "topic"],
        ["reset", "--quiet", "--hard", "topic"],
        ["restore", "--source=topic", NAME],
        ["rebase", "--quiet", "topic"],
        ["cherry-pick", "topic"],
        ["pull", "--quiet", ".", "topic"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_what_git_brings_reaches_the_live_side(watching, repo, file, arguments):
    repo.run(*arguments)
    assert_applied(watching, file, session(port=6432))
    assert watching.whats == ["applied"]


def test_a_stash_and_its_return_are_followed(watching, repo, file):
    repo.write(NAME, session(theme="light"))
    watching.until(lambda: watching.live_text(file) == session(theme="light"))
    repo.run("stash", "--quiet")
    watching.until(lambda: watching.live_text(file) == SESSION)
    repo.run("stash", "pop", "--quiet")
    assert_applied(watching, file, session(theme="light"))


def test_a_rebase_of_many_commits_ends_where_git_ends(watching, repo, file):
    repo.run("checkout", "--quiet", "topic")
    for port in range(7000, 7010):
        repo.commit(f"port {port}", api__session__toml=session(port=port))
    repo.run("checkout", "--quiet", "main")
    repo.commit("theme", api__session__toml=session(theme="light"))
    repo.run("rebase", "--quiet", "main", "topic")
    assert_applied(watching, file, session(port=7009, theme="light"))


def test_commands_that_only_look_raise_nothing(watching, repo):
    for command in (["status"], ["diff"], ["log", "-p"], ["add", "--all"], ["gc", "--quiet"]):
        repo.run(*command)
    watching.rests()
    assert watching.whats == []


def test_a_conflict_is_left_to_the_user_and_taken_up_when_the_merge_is_done(watching, repo, file):
    repo.commit("other port", api__session__toml=session(port=7432))
    watching.until(lambda: watching.live_text(file) == session(port=7432))
    assert repo.run("merge", "--quiet", "topic", check=False).returncode == 1
    assert "<<<<<<<" in file.read_text()
    watching.hears("git-busy")
    repo.write(NAME, session(port=8432))
    watching.until(lambda: watching.phase(file) == "git-busy")
    assert watching.live_text(file) == session(port=7432)
    repo.run("commit", "--quiet", "--all", "--no-edit")
    watching.hears("git-done")
    assert_applied(watching, file, session(port=8432))


def test_markers_without_a_merge_are_left_alone_too(watching, repo, file):
    marked = SESSION.replace(
        "port = 5432  # behind the proxy\n",
        "<<<<<<< ours\nport = 1\n=======\nport = 2\n>>>>>>> theirs\n",
    )
    repo.write(NAME, marked)
    happening = watching.hears("marked", file)
    assert hint(happening) == f"sessionctl resolve {file}"
    assert watching.live_text(file) == SESSION
    repo.write(NAME, session(port=2))
    assert_applied(watching, file, session(port=2))


def test_nothing_is_written_while_git_holds_its_lock(start, repo, file, tmp_path):
    copies = tmp_path / "copies"
    copies.mkdir()
    watching = start(mirrors=[(copies, repo.path)])
    watching.hears("saved", copies / NAME)
    lock = repo.write(".git/index.lock", "")
    (copies / NAME).write_text(session(port=7432))
    watching.hears("git-busy", file)
    assert file.read_text() == SESSION
    lock.unlink()
    watching.until(lambda: file.read_text() == session(port=7432))


def test_a_stow_farm_is_watched_where_the_files_are(start, tmp_path, folder):
    need("stow")
    package = tmp_path / "dotfiles" / "sessions"
    package.mkdir(parents=True)
    (package / NAME).write_text(SESSION)
    target = tmp_path / "target"
    target.mkdir()
    subprocess.run(
        ["stow", "--dir", package.parent, "--target", target, "sessions"], check=True, timeout=60
    )
    assert (target / NAME).is_symlink()
    watching = start(target)
    for path, port in ((package / NAME, 6432), (target / NAME, 7432)):
        path.write_text(session(port=port))
        watching.until(lambda p=port: watching.live_text(target / NAME) == session(port=p))
    assert (target / NAME).is_symlink()
