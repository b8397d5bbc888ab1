"""What a clone lacks of its history."""

from __future__ import annotations

import os

from sessionctl.system.git import gaps
from sessionctl.system.git.program import Git


def facts(path):
    git = gaps.offline(Git(os.environ, path))
    return (
        gaps.is_shallow(git), gaps.is_partial(git), gaps.has_commits(git), gaps.count_missing(git),
    )  # fmt: skip


def test_what_is_not_there_is_counted_and_not_fetched(git_repo, tmp_path):
    assert facts(git_repo.path) == (False, False, False, 0)
    for name in "abc":
        git_repo.commit(name, **{name: name * 3})
    git_repo.run("config", "uploadpack.allowFilter", "true")
    assert facts(git_repo.path) == (False, False, True, 0)
    source = f"file://{git_repo.path}"
    git_repo.run("clone", "--quiet", "--depth=1", source, "../shallow")
    assert facts(tmp_path / "shallow") == (True, False, True, 0)
    git_repo.run("clone", "--quiet", "--no-checkout", "--filter=blob:none", source, "../partial")
    assert facts(tmp_path / "partial") == (False, True, True, 3)
    assert facts(tmp_path / "partial") == (False, True, True, 3)


def test_a_history_that_cannot_be_read_counts_as_one_that_is_missing(git_repo):
    commit = git_repo.commit(a="a")
    (git_repo.path / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    assert facts(git_repo.path)[2:] == (True, 1)


def test_no_transport_is_allowed(git_repo):
    git = Git({"A": "1", "GIT_ALLOW_PROTOCOL": "https"}, git_repo.path)
    assert dict(gaps.offline(git).environ) == {
        "A": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1",
    }  # fmt: skip
    assert gaps.offline(git).directory == git.directory
