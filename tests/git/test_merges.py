"""Real git, real merges: what git does with session files through sessionctl."""

from __future__ import annotations

import os
import re

import pytest

from tests.git.conftest import BASE

NAME = "api.session.toml"
OURS = BASE.replace('"tiled"', '"even"').replace('"~/src/api"', '"~/work/api"')
THEIRS = BASE.replace('name = "editor"', 'name = "editor"\ncwd = "src"')
CLASH = BASE.replace('"~/src/api"', '"~/code/api"')
# Ours and theirs change lines that touch: git's own merge ends in a conflict.
MERGED = OURS.replace('name = "editor"', 'name = "editor"\ncwd = "src"')


needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/cmdline"), reason="no /proc")


def branch_off(repo, theirs, ours, name=NAME):
    """Commit ``theirs`` on branch topic and ``ours`` on main, and stay on main."""
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.write(name, theirs)
    theirs_commit = repo.commit("topic: change it")
    repo.run("checkout", "--quiet", "main")
    repo.write(name, ours)
    repo.commit("main: change it")
    return theirs_commit


def unmerged(repo):
    return repo.run("diff", "--name-only", "--diff-filter=U").stdout.split()


def test_git_alone_has_a_conflict_where_sessionctl_has_none(git_repo):
    git_repo.write(NAME, BASE)
    git_repo.commit()
    branch_off(git_repo, THEIRS, OURS)
    assert git_repo.run("merge", "topic", check=False).returncode == 1


def test_a_merge_of_changes_that_touch_is_clean(repo):
    branch_off(repo, THEIRS, OURS)
    repo.run("merge", "topic")
    assert repo.read(NAME) == MERGED


def test_a_conflict_is_written_between_markers_with_the_names_of_the_branches(repo):
    branch_off(repo, CLASH, OURS)
    done = repo.run("merge", "topic", check=False)
    assert done.returncode == 1
    text = repo.read(NAME)
    assert "<<<<<<< main\n" in text
    assert ">>>>>>> topic\n" in text
    assert 'root = "~/work/api"' in text
    assert 'root = "~/code/api"' in text
    assert 'layout = "even"' in text
    assert f"{NAME}:3:1: conflict[both-modified]: root: both sides changed it" in done.stderr
    assert f"hint: sessionctl resolve {NAME}, then: git add {NAME}" in done.stderr


def test_the_conflict_style_keeps_the_marker_size_git_asks_for(repo):
    repo.write(".gitattributes", repo.read(".gitattributes") + "*.toml conflict-marker-size=11\n")
    repo.commit()
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    assert f"\n{'<' * 11} main\n" in repo.read(NAME)


@pytest.mark.parametrize("size", ["1000000", "2147483647", "0", "-7", "many"])
def test_an_absurd_marker_size_drops_no_side(repo, size):
    attributes = repo.read(".gitattributes") + f"*.toml conflict-marker-size={size}\n"
    repo.write(".gitattributes", attributes)
    repo.commit()
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    text = repo.read(NAME)
    assert "\n<<<<<<< main\n" in text
    assert 'root = "~/work/api"' in text
    assert 'root = "~/code/api"' in text


def test_a_rebase_is_clean(repo):
    branch_off(repo, THEIRS, OURS)
    repo.run("rebase", "main", "topic")
    assert repo.read(NAME) == MERGED


def test_a_conflict_in_a_rebase_names_the_commit_that_is_applied(repo):
    commit = branch_off(repo, CLASH, OURS)
    onto = repo.run("rev-parse", "--short=7", "main").stdout.strip()
    repo.run("rebase", "main", "topic", check=False)
    text = repo.read(NAME)
    assert f">>>>>>> {commit[:7]} (topic: change it)\n" in text
    assert f"<<<<<<< onto {onto}\n" in text


def test_a_cherry_pick_is_clean(repo):
    branch_off(repo, THEIRS, OURS)
    repo.run("cherry-pick", "topic")
    assert repo.read(NAME) == MERGED


@needs_proc
@pytest.mark.parametrize(
    ("command", "label"),
    [
        (["cherry-pick", "topic"], "topic"),
        (["cherry-pick", "main~1..topic"], r"[0-9a-f]{7} \(topic: change it\)"),
        (["revert", "--no-edit", "HEAD~1"], "parent of HEAD~1"),
    ],
)
def test_a_conflict_names_the_commit_that_is_picked_or_reverted(repo, command, label):
    branch_off(repo, CLASH, OURS)
    if command[0] == "revert":
        repo.commit("more", api__session__toml=OURS.replace("work", "more"))
    repo.run(*command, check=False)
    text = repo.read(NAME)
    assert "<<<<<<< main\n" in text
    # Git 2.44 and newer tell the name themselves, with the subject.
    assert re.search(rf"^>>>>>>> (parent of )?({label}|[0-9a-f]{{7}}.*)$", text, re.MULTILINE)
    assert unmerged(repo) == [NAME]


@needs_proc
def test_a_conflict_in_a_stash_names_the_stash(repo):
    repo.write(NAME, CLASH)
    repo.run("stash", "--quiet")
    repo.commit("ours", api__session__toml=OURS)
    repo.run("stash", "pop", check=False)
    assert ">>>>>>> Stashed changes\n" in repo.read(NAME)


def test_a_stash_pop_is_clean(repo):
    repo.write(NAME, THEIRS)
    repo.run("stash", "--quiet")
    repo.commit("ours", api__session__toml=OURS)
    repo.run("stash", "pop")
    assert repo.read(NAME) == MERGED


def test_a_revert_is_clean(repo):
    commit = repo.commit("to be reverted", api__session__toml=THEIRS)
    repo.commit("later", api__session__toml=MERGED)
    repo.run("revert", "--no-edit", commit)
    assert repo.read(NAME) == OURS


def test_merge_tree_merges_without_a_work_tree(repo):
    branch_off(repo, THEIRS, OURS)
    tree = repo.run("merge-tree", "--write-tree", "main", "topic", check=False)
    if tree.returncode not in (0, 1):
        pytest.skip("this git has no merge-tree --write-tree")
    assert tree.returncode == 0
    merged = repo.run("show", f"{tree.stdout.split()[0]}:{NAME}").stdout
    assert merged == MERGED


def test_both_sides_adding_the_file_keeps_what_each_wrote(repo):
    branch_off(repo, 'name = "b"\nx = 1\n', 'name = "b"\ny = 1\n', "new.session.toml")
    done = repo.run("merge", "topic", check=False)
    text = repo.read("new.session.toml")
    assert "x = 1" in text
    assert "y = 1" in text
    assert text.count('name = "b"') == 1 or done.returncode == 1


@pytest.mark.parametrize(
    "name",
    [
        "two words.session.toml",
        "sub dir/it's.session.toml",
        "caf\u00e9/\u7a93.session.toml",
        "-leading.session.toml",
        "$(touch gone).session.toml",
        "api.session.toml##os.Linux",
    ],
)
def test_any_file_name_is_merged(repo, name):
    repo.write(name, BASE)
    repo.commit()
    branch_off(repo, THEIRS, OURS, name)
    repo.run("merge", "topic")
    assert repo.read(name) == MERGED
    assert not (repo.path / "gone").exists()


def test_a_merge_started_in_a_subdirectory_works(repo):
    repo.write("sub/x.session.toml", BASE)
    repo.commit()
    branch_off(repo, THEIRS, OURS, "sub/x.session.toml")
    repo.run("-C", "sub", "merge", "topic")
    assert repo.read("sub/x.session.toml") == MERGED


def test_a_merge_in_a_linked_work_tree_works(repo, tmp_path):
    branch_off(repo, CLASH, OURS)
    repo.run("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "other"), "main")
    repo.run("-C", str(tmp_path / "other"), "merge", "topic", check=False)
    text = (tmp_path / "other" / NAME).read_text()
    assert "<<<<<<< other\n" in text
    assert ">>>>>>> topic\n" in text


def test_line_ends_of_windows_stay(repo):
    repo.run("config", "core.autocrlf", "false")
    base, ours, theirs, merged = (
        text.replace("\n", "\r\n") for text in (BASE, OURS, THEIRS, MERGED)
    )
    repo.commit("crlf", api__session__toml=base)
    branch_off(repo, theirs, ours)
    repo.run("merge", "topic")
    assert repo.read(NAME) == merged


def test_a_file_that_is_not_toml_is_merged_by_lines(repo):
    base = "one\n\n\n\n\ntwo\n"
    repo.commit("not toml", api__session__toml=base)
    branch_off(repo, base + "three\n", "zero\n" + base)
    done = repo.run("merge", "topic")
    assert repo.read(NAME) == "zero\n" + base + "three\n"
    assert "not TOML, merged line by line: topic:api.session.toml:1:1:" in done.stderr


def test_a_conflict_in_a_file_that_is_not_toml_has_markers(repo):
    repo.commit("not toml", api__session__toml="one\n")
    branch_off(repo, "two\n", "three\n")
    assert repo.run("merge", "topic", check=False).returncode == 1
    text = repo.read(NAME)
    assert text.startswith("<<<<<<< main\nthree\n")
    assert "\n=======\ntwo\n>>>>>>> topic\n" in text


def test_a_file_that_is_not_text_is_a_conflict_that_holds_both_sides(repo):
    (repo.path / NAME).write_bytes(b"a\0b\n")
    repo.commit()
    repo.run("checkout", "--quiet", "-b", "topic")
    (repo.path / NAME).write_bytes(b"a\0t\xff\n")
    repo.commit()
    repo.run("checkout", "--quiet", "main")
    (repo.path / NAME).write_bytes(b"a\0o\xff\n")
    repo.commit()
    assert repo.run("merge", "topic", check=False).returncode == 1
    assert (repo.path / NAME).read_bytes() == (
        b"<<<<<<< main\na\0o\xff\n=======\na\0t\xff\n>>>>>>> topic\n"
    )
    assert unmerged(repo) == [NAME]


@pytest.mark.slow
def test_rerere_replays_a_resolution(repo):
    repo.run("config", "rerere.enabled", "true")
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    resolved = OURS.replace("~/work/api", "~/both")
    repo.commit("resolved", api__session__toml=resolved)
    repo.run("reset", "--hard", "--quiet", "HEAD~1")
    repo.run("merge", "topic", check=False)
    assert repo.read(NAME) == resolved


def test_the_environment_can_turn_the_merge_by_key_off(repo, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_MERGE", "text")
    branch_off(repo, THEIRS, OURS)
    assert repo.run("merge", "topic", check=False).returncode == 1
    assert "<<<<<<< main\n" in repo.read(NAME)


@pytest.mark.parametrize(("side", "root"), [("ours", "~/work/api"), ("theirs", "~/code/api")])
def test_the_environment_can_settle_conflicts_by_a_side(repo, monkeypatch, side, root):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", side)
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic")
    assert repo.read(NAME) == OURS.replace("~/work/api", root)


def test_mergetool_merges_by_key_what_git_could_not(repo):
    branch_off(repo, THEIRS, OURS)
    repo.run("-c", "merge.sessionctl.driver=git merge-file %A %O %B", "merge", "topic", check=False)
    assert unmerged(repo) == [NAME]
    repo.run("mergetool", "--no-prompt", "--tool=sessionctl", NAME)
    assert repo.read(NAME) == MERGED
    assert unmerged(repo) == []


@pytest.mark.slow
def test_mergetool_leaves_a_conflict_when_nobody_can_be_asked(repo):
    branch_off(repo, CLASH, OURS, "two words.session.toml")
    assert repo.run("merge", "topic", check=False).returncode == 1
    done = repo.run("mergetool", "--no-prompt", "--tool=sessionctl", check=False)
    assert done.returncode == 1
    assert repo.run("diff", "--name-only", "--diff-filter=U").stdout == "two words.session.toml\n"
    text = repo.read("two words.session.toml")
    assert "~/work/api" in text
    assert "~/code/api" in text
