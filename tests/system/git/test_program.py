"""What git tells of real repositories: directories, configuration, attributes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionctl.errors import GitError
from sessionctl.system.git.program import Git
from tests.world import GitRepo, need


def git_in(path, **places):
    return Git(os.environ, Path(path), **places)


def test_the_version_is_numbers(git_repo):
    assert git_in(git_repo.path).version() >= (2, 0)


def test_a_repository_tells_its_directories_from_below_too(git_repo):
    below = git_repo.path / "a b"
    below.mkdir()
    found = git_in(below).repository()
    assert found.work_tree == git_repo.path
    assert found.git_dir == git_repo.path / ".git"
    assert found.common_dir.resolve() == found.git_dir
    assert not found.is_detached


def test_a_linked_work_tree_shares_a_common_directory(git_repo, tmp_path):
    git_repo.commit()
    git_repo.run("worktree", "add", "--quiet", str(tmp_path / "other"))
    found = git_in(tmp_path / "other").repository()
    assert found.git_dir != found.common_dir
    assert found.common_dir == git_repo.path / ".git"
    assert not found.is_detached


def test_a_bare_repository_has_no_work_tree(tmp_path):
    need("git")
    GitRepo(tmp_path).run("init", "--quiet", "--bare", "bare")
    found = git_in(tmp_path / "bare").repository()
    assert found.work_tree is None
    assert found.is_detached


def test_inside_the_git_directory_there_is_no_work_tree(git_repo):
    assert git_in(git_repo.path / ".git").repository().work_tree is None


def test_a_line_break_in_a_name_is_part_of_the_path(tmp_path):
    for name in ("one\ntwo", "bare\n.git"):
        (tmp_path / name).mkdir()
    top = tmp_path / "one\ntwo"
    git = Git(os.environ, top)
    git.run("init", "--quiet", ".")
    (top / "in\nit").mkdir()
    found = Git(os.environ, top / "in\nit").repository()
    assert found.work_tree == top
    assert found.git_dir == found.common_dir.resolve() == top / ".git"
    assert Git(os.environ, top / ".git").repository().work_tree is None
    bare = Git(os.environ, tmp_path / "bare\n.git")
    bare.run("init", "--quiet", "--bare", ".")
    assert bare.repository().git_dir == tmp_path / "bare\n.git"
    assert bare.repository().work_tree is None


def test_a_repository_lying_apart_is_detached(tmp_path, home):
    need("git")
    GitRepo(tmp_path).run("init", "--quiet", "--bare", "dots")
    found = git_in(tmp_path, git_dir=tmp_path / "dots", work_tree=home).repository()
    assert found.work_tree == home
    assert found.is_detached


def test_the_environment_names_the_repository(tmp_path, home, monkeypatch):
    need("git")
    GitRepo(tmp_path).run("init", "--quiet", "--bare", "dots")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "dots"))
    monkeypatch.setenv("GIT_WORK_TREE", str(home))
    assert git_in(home).repository().work_tree == home


def test_a_given_git_directory_is_not_mixed_with_the_work_tree_of_the_environment(
    git_repo, tmp_path, monkeypatch
):
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    found = git_in(git_repo.path, git_dir=git_repo.path / ".git").repository()
    assert found.work_tree == git_repo.path


def test_no_repository_is_told_with_a_hint(tmp_path):
    need("git")
    with pytest.raises(GitError) as caught:
        git_in(tmp_path).repository()
    assert caught.value.message == f"{tmp_path}: not in a git repository"
    assert "git init" in caught.value.hints[0]


def test_another_failure_of_git_is_told_in_its_words(git_repo):
    (git_repo.path / ".git" / "config").write_text("[broken\n")
    with pytest.raises(GitError, match=r"git rev-parse: exit code 128: .*bad config line 1"):
        git_in(git_repo.path).repository()


def test_a_missing_git_is_told_with_a_hint(tmp_path):
    with pytest.raises(GitError, match="git: not found on PATH") as caught:
        Git({"PATH": str(tmp_path)}, tmp_path).version()
    assert caught.value.hints


def test_the_index_of_a_surrounding_commit_is_not_used(git_repo, monkeypatch):
    git_repo.commit("one", a="1\n")
    monkeypatch.setenv("GIT_INDEX_FILE", str(git_repo.path / ".git" / "no such index"))
    assert git_in(git_repo.path).tracked("a") == ["a"]


def test_settings_are_read_per_scope_and_in_the_end(git_repo):
    git = git_in(git_repo.path)
    git.set_config("global", "x.one", "g")
    git.set_config("local", "x.one", "two\nlines")
    git_repo.run("config", "--add", "x.one", "last")
    assert git.config("global", r"^x\.") == {"x.one": "g"}
    assert git.config("local", r"^x\.") == {"x.one": "last"}
    assert git.config("", r"^x\.one$") == {"x.one": "last"}
    assert git.config("local", r"^nothing$") == {}
    git.set_config("local", "x.one", "only")
    assert git_repo.run("config", "--local", "--get-all", "x.one").stdout == "only\n"
    git.remove_config_section("local", "x")
    assert git.config("local", r"^x\.") == {}


def test_a_setting_may_be_a_path(git_repo, home):
    git = git_in(git_repo.path)
    assert git.config_path("global", "core.attributesFile") is None
    git.set_config("global", "core.attributesFile", "~/a b")
    assert git.config_path("global", "core.attributesFile") == home / "a b"


def test_attributes_are_told_of_each_path(git_repo):
    git_repo.write(".gitattributes", "*.toml merge=x\n")
    found = git_in(git_repo.path).attributes(["a\n.toml", "b"], "merge", "diff")
    assert found == {
        "a\n.toml": {"merge": "x", "diff": "unspecified"},
        "b": {"merge": "unspecified", "diff": "unspecified"},
    }
    assert git_in(git_repo.path).attributes([], "merge") == {}


def test_tracked_files_are_named_from_the_directory(git_repo):
    git_repo.commit("files", **{"d/a__toml": "", "b__toml": "", "c": ""})
    assert git_in(git_repo.path / "d").tracked(":(top)*.toml") == ["../b.toml", "a.toml"]


def test_the_path_of_a_file_in_the_git_directory_is_known(git_repo):
    found = git_in(git_repo.path).path_in_git_dir("info/attributes")
    assert found == git_repo.path / ".git" / "info" / "attributes"
