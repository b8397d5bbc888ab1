"""What git says of the work tree, its branch and a merge: each answer whole, from a real git."""

from __future__ import annotations

import os

import pytest

from sessionctl.system.git import work_state
from sessionctl.system.git.program import Git
from sessionctl.system.git.work_state import (
    ChangedFile,
    IndexedFiles,
    UnmergedFile,
    Upstream,
    WorkChanges,
    as_merge_left_it,
    read_changes,
    read_index,
    unmerged_files,
)
from tests.together import together

ALL = (":(top)",)


@pytest.fixture
def git(git_repo):
    return Git(os.environ, git_repo.path)


@together(
    "sides, who",
    [
        (("b", "o", "t"), ""), (("", "o", "t"), ""), (("b", "o", ""), "theirs"),
        (("b", "", "t"), "ours"), (("b", "", ""), "both"), (("", "o", ""), ""),
        (("", "", "t"), ""), (("", "", ""), ""),
    ],
)  # fmt: skip
def test_who_deleted_a_file_that_git_could_not_merge(sides, who):
    assert UnmergedFile("x", *sides).deleted_by == who


def test_how_files_differ_from_the_last_commit(git, git_repo):
    names = ("both", "gone", "let", "mode", "same", "staged", "untracked", "work")
    git_repo.commit("one", **{f"{name}__txt": f"{name}\n" for name in names if name != "untracked"})
    git_repo.write("staged.txt", "new\n")
    git_repo.write("both.txt", "staged\n")
    git_repo.write("added.txt", "x")
    git_repo.write("added then gone.txt", "x")
    git_repo.run("add", "staged.txt", "both.txt", "added.txt", "added then gone.txt")
    (git_repo.path / "added then gone.txt").unlink()
    git_repo.write("both.txt", "again\n")
    git_repo.write("work.txt", "new\n")
    (git_repo.path / "gone.txt").unlink()
    git_repo.run("rm", "-q", "--cached", "let.txt", "mode.txt")
    (git_repo.path / "mode.txt").unlink()
    git_repo.write("sub/ü x.txt", "x")
    found = read_changes(git, ALL)
    assert sorted(found.files) == [
        ChangedFile("added.txt", "new"), ChangedFile("both.txt", "modified"),
        ChangedFile("gone.txt", "deleted"), ChangedFile("mode.txt", "deleted"),
        ChangedFile("staged.txt", "modified"), ChangedFile("sub/ü x.txt", "new"),
        ChangedFile("work.txt", "modified"),
    ]  # fmt: skip
    assert found._replace(files=()) == WorkChanges(
        (), ("both.txt",), frozenset({"let.txt"}), (), has_own_attributes=False
    )
    assert read_changes(git, (":(top)work.txt",)).files == (ChangedFile("work.txt", "modified"),)
    git_repo.run("config", "status.showUntrackedFiles", "no")
    assert ("sub/ü x.txt", "new") not in read_changes(git, ALL).files
    git_repo.run("config", "status.showUntrackedFiles", "normal")
    git_repo.run("config", "core.attributesFile", "/none")
    found = read_changes(git, ALL)
    assert ("sub/ü x.txt", "new") in found.files
    assert found.has_own_attributes
    git_repo.write(".gitignore", "*.log\n")
    ignored = work_state.without_ignored(git, ["a.txt", "b.log", "c.txt"])
    assert ignored == (["a.txt", "c.txt"], ["b.log"])
    assert work_state.without_ignored(git, []) == ([], [])
    assert work_state.without_ignored(git, ["a"]) == (["a"], [])


def test_which_files_are_tracked_and_which_are_left_out(git, git_repo):
    git_repo.commit("one", a__txt="1", b__txt="2")
    blob = git_repo.run("rev-parse", "HEAD").stdout.strip()
    git_repo.run("update-index", "--add", "--cacheinfo", f"160000,{blob},module")
    assert read_index(git, ALL) == IndexedFiles(frozenset({"a.txt", "b.txt"}), frozenset())
    git_repo.run("update-index", "--skip-worktree", "b.txt")
    (git_repo.path / "b.txt").unlink()
    both = frozenset({"a.txt", "b.txt"})
    assert read_index(git, ALL) == IndexedFiles(both, frozenset({"b.txt"}))
    assert read_index(git, (":(top)a*",)).tracked == {"a.txt"}
    assert work_state.left_out_files(git) == {"b.txt"}
    assert [work_state.is_left_out(git, path) for path in ("a.txt", "b.txt", "*")] == [
        False, True, False,
    ]  # fmt: skip
    assert list(work_state.literal_paths(["a*", "."])) == [":(top,literal)a*", ":(top)"]


def test_a_merge_under_way(git, git_repo):
    base = git_repo.commit("base", both="1\n", ours="1\n", theirs="1\n", other="1\n")
    git_repo.run("checkout", "-q", "-b", "topic")
    (git_repo.path / "theirs").unlink()
    topic = git_repo.commit("topic", both="3\n", ours="3\n", added="3\n")
    git_repo.run("checkout", "-q", "main")
    (git_repo.path / "ours").unlink()
    git_repo.commit("main", both="2\n", theirs="2\n", added="2\n")
    upstream = Upstream("topic", "refs/heads/topic", ".", "refs/heads/topic", ".")
    assert not work_state.is_merging(git, upstream)
    assert work_state.merge_head(git) is None
    git_repo.run("merge", "topic", check=False)
    blobs = {
        text: git_repo.run("rev-parse", name).stdout.strip()
        for text, name in (("1", f"{base}:other"), ("2", "HEAD:both"), ("3", "topic:both"))
    }
    expected = [
        UnmergedFile("added", "", blobs["2"], blobs["3"]),
        UnmergedFile("both", blobs["1"], blobs["2"], blobs["3"]),
        UnmergedFile("ours", blobs["1"], "", blobs["3"]),
        UnmergedFile("theirs", blobs["1"], blobs["2"], ""),
    ]
    assert unmerged_files(git) == expected
    found = read_changes(git, ALL)
    assert (found.files, list(found.unmerged)) == ((), expected)
    assert work_state.merge_head(git) == topic
    assert work_state.as_merge_left_it(git, "both")
    git_repo.write("both", "by hand\n")
    assert not work_state.as_merge_left_it(git, "both")
    assert work_state.is_merging(git, upstream)
    assert not work_state.is_merging(git, None)
    assert not work_state.is_merging(git, Upstream("none", "refs/heads/none", ".", "", "."))
    assert not work_state.is_merging(git, Upstream("main", "refs/heads/main", ".", "", "."))
    assert not work_state.is_merging_upstream(git)
    git_repo.run("branch", "-q", "--set-upstream-to", "topic")
    assert work_state.is_merging_upstream(git)
    git_repo.write(".git/MERGE_HEAD", f"{topic}\n{base}\n")
    assert work_state.merge_head(git) is None


def test_the_branch_and_what_it_is_kept_in_step_with(git, git_repo, tmp_path):
    assert work_state.current_branch(git) == "main"
    assert work_state.find_upstream(git, "main") is None
    assert work_state.find_remotes(git) == []
    git_repo.run("init", "-q", "--bare", str(tmp_path / "bare"))
    git_repo.run("remote", "add", "origin", str(tmp_path / "bare"))
    git_repo.run("config", "branch.main.remote", "origin")
    git_repo.run("config", "branch.main.merge", "refs/heads/trunk")
    upstream = Upstream(
        "origin/trunk", "refs/remotes/origin/trunk", "origin", "refs/heads/trunk", "origin"
    )
    assert work_state.find_upstream(git, "main") == upstream, "before the first commit"
    git_repo.run("config", "branch.main.merge", "refs/tags/x")
    assert work_state.find_upstream(git, "main") is None
    git_repo.run("config", "branch.main.merge", "refs/heads/trunk")
    first = git_repo.commit("one", a__txt="1")
    assert work_state.find_upstream(git, "main") == upstream
    git_repo.run("config", "remote.pushDefault", "fork")
    git_repo.run("remote", "add", "fork", "/none")
    assert work_state.find_upstream(git, "main").push_remote == "fork"
    assert sorted(work_state.find_remotes(git)) == ["fork", "origin"]
    assert [work_state.has_commit(git, name) for name in ("HEAD", "none", "HEAD:a.txt")] == [
        True, False, False,
    ]  # fmt: skip
    git_repo.run("branch", "-q", "old")
    second = git_repo.commit("two", b__txt="2")
    git_repo.commit("three", b__txt="3")
    git_repo.run("checkout", "-q", "--orphan", "apart")
    git_repo.commit("apart", c__txt="1")
    git_repo.run("checkout", "-q", "main")
    assert work_state.ahead_and_behind(git, "old") == (2, 0)
    git_repo.run("checkout", "-q", "old")
    assert work_state.ahead_and_behind(git, "main") == (0, 2)
    assert work_state.common_commit(git, "main") == first
    assert work_state.common_commit(git, "apart") is None
    assert work_state.is_ancestor(git, first, second)
    assert not work_state.is_ancestor(git, second, first)
    assert work_state.differing_files(git, first, "main", ALL) == ["b.txt"]
    assert work_state.differing_files(git, first, "main", (":(top)a*",)) == []
    assert work_state.files_of(git, "main", ALL) == ["a.txt", "b.txt"]
    git_repo.run("checkout", "-q", "--detach")
    assert work_state.current_branch(git) is None
    assert not work_state.is_merging_upstream(git)


def test_what_a_merge_left_is_known_by_what_it_wrote(git, git_repo):
    git_repo.commit("base", a="base\n", b="base\n")
    git_repo.run("checkout", "--quiet", "-b", "side")
    git_repo.commit("theirs", a="theirs\n", b="theirs\n")
    git_repo.run("checkout", "--quiet", "main")
    git_repo.commit("ours", a="ours\n", b="ours\n")
    git_repo.run("merge", "--quiet", "side", check=False)
    assert as_merge_left_it(git, "a")
    written = git_repo.read("a")
    git_repo.write("a", "ours\n")
    # What the merge wrote decides where git says it, and ours where it does not.
    has_merge = git_repo.run("rev-parse", "--verify", "--quiet", "AUTO_MERGE", check=False)
    assert as_merge_left_it(git, "a") is (has_merge.returncode != 0)
    git_repo.write("a", "resolved\n")
    assert not as_merge_left_it(git, "a")
    git_repo.write("a", written)
    (git_repo.path / ".git" / "AUTO_MERGE").unlink(missing_ok=True)
    assert not as_merge_left_it(git, "a")
    git_repo.write("a", "ours\n")
    assert as_merge_left_it(git, "a")
    git_repo.write("c", "x\n")
    assert not as_merge_left_it(git, "c")  # it is in no merge
