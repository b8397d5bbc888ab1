"""The index of a copied repository has what git writes into it."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.git_index import restat
from tests.world import GitRepo


@pytest.fixture
def copy(git_repo, tmp_path):
    for name in ("a", "sub/b c", "é", "l" * 100, *("x" * n for n in range(2, 10))):
        git_repo.write(name, name)
    (git_repo.path / "a").chmod(0o755)
    os.symlink("a", git_repo.path / "link")
    git_repo.commit("base")
    shutil.copytree(git_repo.path, tmp_path / "copy", symlinks=True)
    return GitRepo(tmp_path / "copy")


def index_of(repo):
    return repo.path / ".git/index"


def test_it_is_the_same_as_git_makes_it(copy):
    assert restat(copy.path, index_of(copy))
    ours = index_of(copy).read_bytes()
    assert copy.run("diff-files").stdout == ""
    copy.run("update-index", "--really-refresh")
    assert index_of(copy).read_bytes() == ours
    copy.write("a", "another")
    assert "\ta\n" in copy.run("diff-files").stdout


def test_what_it_does_not_know_is_left_to_git(copy):
    before = index_of(copy).read_bytes()
    copy.write("a", "of another size")
    assert not restat(copy.path, index_of(copy))
    (copy.path / "a").unlink()
    assert not restat(copy.path, index_of(copy))
    assert index_of(copy).read_bytes() == before
    copy.run("update-index", "--index-version", "4")
    assert not restat(copy.path, index_of(copy))
