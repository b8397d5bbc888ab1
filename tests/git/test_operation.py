"""What git is in the middle of: whose work each side is, and the commands that go on."""

from __future__ import annotations

import os

import pytest

from sessionctl.services.git.operation import Situation, read_situation
from sessionctl.services.git.operation_steps import (
    remerge_step,
    role_of,
    steps_after_resolution,
)
from tests.git.test_merges import CLASH, NAME, OURS, branch_off


@pytest.fixture
def situation(repo, monkeypatch):
    """Return a function that reads the situation of a file in the repository."""
    monkeypatch.chdir(repo.path)

    def read(file=NAME):
        path = repo.path / file
        return read_situation(file, path.read_text() if path.exists() else "", os.environ)

    return read


def test_nothing_is_under_way(situation):
    found = situation()
    assert found == Situation(None, "git", NAME)
    assert steps_after_resolution(found) == []
    assert role_of("ours", None) == role_of("theirs", None) == ""


@pytest.mark.parametrize(
    ("command", "operation", "ours", "theirs", "then"),
    [
        (["merge", "topic"], "merge", "your branch", "merged in", "commit"),
        (
            ["rebase", "main", "topic"],
            "rebase",
            "what you rebase onto",
            "your work",
            "rebase --continue",
        ),
        (
            ["cherry-pick", "topic"],
            "cherry-pick",
            "your branch",
            "the commit you pick",
            "cherry-pick --continue",
        ),
        (
            ["revert", "--no-edit", "HEAD~1"],
            "revert",
            "your branch",
            "without the reverted commit",
            "revert --continue",
        ),
    ],
)
def test_an_operation_has_its_roles_and_its_next_steps(
    repo, situation, command, operation, ours, theirs, then
):
    branch_off(repo, CLASH, OURS)
    repo.commit("once more", api__session__toml=OURS.replace("work", "third"))
    repo.run(*command, check=False)
    found = situation()
    assert (found.operation, found.is_unmerged, found.others) == (operation, True, 0)
    assert (role_of("ours", operation), role_of("theirs", operation)) == (ours, theirs)
    assert steps_after_resolution(found) == [f"git add {NAME}", f"git {then}"]
    repo.run("add", NAME)
    assert steps_after_resolution(situation()) == [f"git {then}"]


def test_a_stash_is_your_work_too(repo, situation):
    assert role_of("theirs", None, "Stashed changes") == "your stashed work"


def test_other_unmerged_files_come_before_the_commit(repo, situation):
    repo.commit("two", b__session__toml=OURS.replace("work", "w"))
    branch_off(repo, CLASH, OURS)
    repo.run("checkout", "--quiet", "topic")
    repo.commit("b", b__session__toml=CLASH)
    repo.run("checkout", "--quiet", "main")
    repo.commit("b", b__session__toml=OURS)
    repo.run("merge", "topic", check=False)
    assert situation().others == 1
    assert steps_after_resolution(situation()) == [f"git add {NAME}", "sessionctl status"]


def test_a_file_that_holds_our_side_only_is_known(repo, situation):
    branch_off(repo, CLASH, OURS)
    repo.run("-c", "merge.sessionctl.driver=false", "merge", "topic", check=False)
    found = situation()
    assert repo.read(NAME) == OURS
    assert found.holds_ours
    assert remerge_step(found) == f"git checkout --merge -- {NAME}"


def test_a_file_seen_from_elsewhere_is_added_in_its_own_repository(
    repo, situation, tmp_path, monkeypatch
):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    link = tmp_path / "link.session.toml"
    link.symlink_to(repo.path / NAME)
    steps = steps_after_resolution(read_situation(str(link), "", os.environ))
    assert steps == [f"git -C {repo.path} add {NAME}", f"git -C {repo.path} commit"]
    monkeypatch.chdir(tmp_path)
    assert steps_after_resolution(read_situation(f"repo/{NAME}", "", os.environ)) == steps


def test_a_name_with_a_leading_dash_is_no_option(repo, situation):
    repo.commit("dash", **{"-x__session__toml": OURS})
    branch_off(repo, CLASH, OURS.replace("work", "w"), "-x.session.toml")
    repo.run("merge", "topic", check=False)
    assert steps_after_resolution(situation("-x.session.toml"))[0] == "git add ./-x.session.toml"


def test_outside_of_a_repository_nothing_is_known(tmp_path):
    assert read_situation(str(tmp_path / "a.toml"), "", {}) == Situation()


def test_without_git_the_operation_is_known_all_the_same(repo, situation):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    found = read_situation(NAME, "", {**os.environ, "PATH": "/nonexistent"})
    assert (found.operation, found.is_unmerged) == ("merge", False)


def test_a_detached_git_directory_is_meant_from_here(repo, tmp_path, monkeypatch):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    (repo.path / ".git").rename(tmp_path / "dotfiles")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("GIT_DIR", "../dotfiles")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    found = read_situation(NAME, "", os.environ)
    assert (found.operation, found.is_unmerged) == ("merge", True)
    assert steps_after_resolution(found)[0] == f"git add {NAME}"
