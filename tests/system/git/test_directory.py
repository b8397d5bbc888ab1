"""What the files of a git directory tell: where it is, what is under way, names of sides."""

from __future__ import annotations

import pytest

from sessionctl.system.git.directory import (
    find_git_dir,
    head_branch,
    head_commit,
    one_line,
    operation_under_way,
    side_names,
)

SHA = "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567"


@pytest.fixture
def git_dir(tmp_path):
    directory = tmp_path / ".git"
    directory.mkdir()
    (directory / "HEAD").write_text("ref: refs/heads/feat/x\n")
    return directory


def put(git_dir, name, text):
    path = git_dir / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_the_git_directory_is_found_from_below(git_dir, tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_git_dir(str(tmp_path / "a" / "b"), {}) == str(git_dir)


def test_a_file_may_name_the_git_directory(tmp_path):
    (tmp_path / ".git").write_text("gitdir: ../real\n")
    assert find_git_dir(str(tmp_path), {}) == str(tmp_path / "../real")


def test_a_file_that_names_none_is_passed_over(git_dir, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".git").write_text("nonsense")
    assert find_git_dir(str(tmp_path / "a"), {}) == str(git_dir)


def test_the_environment_decides(git_dir, tmp_path):
    assert find_git_dir(str(tmp_path), {"GIT_DIR": "/x"}) == "/x"
    assert find_git_dir(str(tmp_path), {"GIT_DIR": "dots"}) == str(tmp_path / "dots")


def test_outside_of_a_repository_there_is_none(tmp_path):
    assert find_git_dir(str(tmp_path), {}) is None


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("rebase-merge/onto", "rebase"),
        ("rebase-apply/onto", "rebase"),
        ("HEAD", None),
    ],
)
def test_an_operation_under_way_is_known_by_its_files(git_dir, name, operation):
    put(git_dir, name, SHA)
    assert operation_under_way(str(git_dir)) == operation


def test_the_branch_is_the_one_head_is_on(git_dir):
    assert head_branch(str(git_dir)) == "feat/x"
    put(git_dir, "HEAD", f"{SHA}\n")
    assert head_branch(str(git_dir)) is None


def test_in_a_merge_theirs_is_the_branch_git_names(git_dir):
    environ = {f"GITHEAD_{SHA}": "topic", "GIT_PREFIX": ""}
    assert side_names(str(git_dir), environ) == ("feat/x", "topic")


def test_of_several_branches_none_is_guessed(git_dir):
    environ = {"GITHEAD_1": "a", "GITHEAD_2": "b"}
    assert side_names(str(git_dir), environ) == ("feat/x", "incoming")


def test_in_a_rebase_theirs_is_the_commit_applied(git_dir):
    put(git_dir, "HEAD", SHA)
    put(git_dir, "rebase-merge/onto", f"{SHA}\n")
    assert side_names(str(git_dir), {}) == ("onto 1a2b3c4", "commit being applied")
    put(git_dir, "rebase-merge/done", f"pick 0 x\npick {SHA[::-1]} feat:  x\n")
    assert side_names(str(git_dir), {}) == ("onto 1a2b3c4", "7654321 (feat: x)")


@pytest.mark.parametrize(
    ("todo", "theirs"),
    [
        (f"pick {SHA} fix it\npick 0 later\n", "1a2b3c4 (fix it)"),
        (f"revert {SHA} fix it\n", "parent of 1a2b3c4 (fix it)"),
        (f"pick {SHA}\n", "1a2b3c4"),
        ("# a comment\n", "incoming"),
        ("break\n", "incoming"),
    ],
)
def test_of_several_picks_theirs_is_the_one_at_work(git_dir, todo, theirs):
    put(git_dir, "sequencer/todo", todo)
    assert operation_under_way(str(git_dir)) == "cherry-pick"
    assert side_names(str(git_dir), {}) == ("feat/x", theirs)


def test_nothing_readable_gives_plain_names(tmp_path):
    assert side_names(str(tmp_path / "none"), {}) == ("HEAD", "incoming")


def test_a_label_is_one_short_visible_line():
    assert one_line(" a\n b\t\x1b[31m ") == "a b \u241b[31m"
    assert one_line("x" * 100) == "x" * 77 + "..."
    assert one_line("x" * 80) == "x" * 80


# -- the commit of HEAD ------------------------------------------------------------------


@pytest.mark.parametrize("where", ["refs/heads/feat/x", "packed-refs", "HEAD"])
def test_the_commit_of_head_is_read_where_git_keeps_it(git_dir, tmp_path, where):
    (git_dir / "refs/heads/feat").mkdir(parents=True)
    kept = f"# pack-refs with: peeled\n{'0' * 40} refs/heads/a\n{SHA} refs/heads/feat/x\n"
    (git_dir / where).write_text(kept if where == "packed-refs" else f"{SHA}\n")
    assert head_commit(str(tmp_path), {}) == SHA
    for variable in ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_NAMESPACE"):
        assert head_commit(str(tmp_path), {variable: "x"}) == ""


def test_a_linked_work_tree_has_a_head_of_its_own_and_branches_with_all(git_dir, tmp_path):
    put(git_dir, "packed-refs", f"{SHA} refs/heads/y\n")
    own = git_dir / "worktrees/tree"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/y\n")
    (own / "commondir").write_text("../..\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/.git").write_text(f"gitdir: {own}\n")
    assert head_commit(str(tmp_path / "tree"), {}) == SHA


@pytest.mark.parametrize(
    "head",
    [
        "ref: refs/heads/unborn",
        "ref: refs/heads/../../HEAD",
        "ref: refs/tags/v1",
        SHA[:39],
        "",
        "x",
    ],
)
def test_what_git_alone_can_say_is_left_to_git(git_dir, tmp_path, head):
    put(git_dir, "HEAD", f"{head}\n")
    (git_dir / "refs/tags").mkdir(parents=True)
    (git_dir / "refs/tags/v1").write_text(f"{SHA}\n")
    assert head_commit(str(tmp_path), {}) == ""


def test_without_a_repository_there_is_no_commit(tmp_path):
    assert head_commit(str(tmp_path), {}) == ""
