"""Real git beyond the plain merge: what each operation leaves, and how it goes on."""

from __future__ import annotations

import pytest

from tests.git.inprocess import run_inside
from tests.git.test_merges import BASE, CLASH, MERGED, NAME, OURS, THEIRS, branch_off, unmerged
from tests.world import GitRepo


def settle(repo, side):
    done = run_inside("resolve", NAME, "--prefer", side, cwd=repo.path)
    assert done.returncode == 0, done.stderr
    return [
        line.removeprefix("sessionctl: hint: next: ")
        for line in done.stderr.splitlines()
        if "hint: next:" in line
    ]


def carry_on(repo, steps):
    """Run the git commands that were told, one after the other."""
    for step in steps:
        words = step.split()
        assert words[0] == "git"
        repo.run("-c", "core.editor=true", *words[1:])


@pytest.mark.parametrize(
    ("command", "side", "expected"),
    [
        (["merge", "topic"], "theirs", "~/code/api"),
        (["merge", "topic"], "ours", "~/work/api"),
        (["rebase", "topic"], "theirs", "~/work/api"),
        (["rebase", "--apply", "topic"], "theirs", "~/work/api"),
        (["cherry-pick", "topic"], "theirs", "~/code/api"),
        (["pull", "--quiet", "--rebase", ".", "topic"], "theirs", "~/work/api"),
        (["pull", "--quiet", "--no-rebase", ".", "topic"], "theirs", "~/code/api"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_from_the_conflict_to_the_end_by_the_steps_that_are_told(repo, command, side, expected):
    branch_off(repo, CLASH, OURS)
    assert repo.run(*command, check=False).returncode == 1
    assert unmerged(repo) == [NAME]
    carry_on(repo, settle(repo, side))
    assert expected in repo.read(NAME)
    assert repo.run("status", "--porcelain").stdout == ""
    assert "under way" not in run_inside("status", cwd=repo.path).stdout


def test_a_conflict_in_a_revert_can_be_settled(repo):
    first = repo.commit("to be reverted", api__session__toml=OURS)
    repo.commit("later", api__session__toml=OURS.replace("work", "later"))
    assert repo.run("revert", "--no-edit", first, check=False).returncode == 1
    assert repo.read(NAME).count("<<<<<<< main\n") == 1
    carry_on(repo, settle(repo, "theirs"))
    assert repo.read(NAME) == BASE


def test_a_conflict_in_a_stash_keeps_the_stash_until_it_is_settled(repo):
    repo.write(NAME, CLASH)
    repo.run("stash", "--quiet")
    repo.commit("ours", api__session__toml=OURS)
    assert repo.run("stash", "pop", check=False).returncode == 1
    assert unmerged(repo) == [NAME]
    assert repo.run("stash", "list").stdout.count("\n") == 1
    settle(repo, "theirs")
    assert repo.read(NAME) == OURS.replace("work", "code")


@pytest.mark.slow
def test_a_patch_is_applied_three_way(repo, tmp_path):
    repo.run("checkout", "--quiet", "-b", "topic")
    repo.commit("theirs", api__session__toml=THEIRS)
    patch = repo.run("format-patch", "-1", "--stdout").stdout
    (tmp_path / "patch").write_text(patch)
    repo.run("checkout", "--quiet", "main")
    repo.commit("ours", api__session__toml=OURS)
    repo.run("am", "--3way", str(tmp_path / "patch"))
    assert repo.read(NAME) == MERGED


def test_merge_tree_writes_a_conflict_with_markers(repo):
    branch_off(repo, CLASH, OURS)
    done = repo.run("merge-tree", "--write-tree", "main", "topic", check=False)
    if done.returncode not in (0, 1):
        pytest.skip("this git has no merge-tree --write-tree")
    assert done.returncode == 1
    text = repo.run("show", f"{done.stdout.splitlines()[0]}:{NAME}").stdout
    assert "<<<<<<< " in text
    assert '"even"' in text
    assert repo.run("status", "--porcelain").stdout == ""


def test_a_switch_that_merges_takes_the_edits_along(repo):
    branch_off(repo, OURS, BASE)
    repo.write(NAME, THEIRS)
    repo.run("checkout", "--quiet", "--merge", "topic")
    assert repo.read(NAME) == MERGED


def test_a_conflict_can_be_had_again_and_a_merge_given_up(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    first = repo.read(NAME)
    settle(repo, "theirs")
    repo.run("checkout", "--merge", "--", NAME)
    assert repo.read(NAME) == first
    repo.run("merge", "--abort")
    assert repo.read(NAME) == OURS


@pytest.mark.slow
def test_rerere_settles_the_conflict_of_a_rebase_as_it_was_settled_in_a_merge(repo):
    repo.run("config", "rerere.enabled", "true")
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    resolved = OURS.replace("~/work/api", "~/both")
    repo.write(NAME, resolved)
    repo.run("rerere")
    repo.run("merge", "--abort")
    for command in (["merge", "topic"], ["rebase", "main", "topic"], ["cherry-pick", "topic"]):
        done = repo.run(*command, check=False)
        assert done.returncode == 1, "git leaves it to the user to add what it replayed"
        assert repo.read(NAME) == resolved
        repo.run(command[0], "--abort")
        repo.run("checkout", "--quiet", "main")


@pytest.mark.slow
def test_rerere_with_autoupdate_concludes_the_replayed_merge(repo):
    repo.run("config", "rerere.enabled", "true")
    repo.run("config", "rerere.autoUpdate", "true")
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    repo.commit("settled", api__session__toml=OURS.replace("work", "both"))
    repo.run("reset", "--quiet", "--hard", "HEAD~1")
    repo.run("merge", "topic", check=False)
    assert unmerged(repo) == []
    repo.run("commit", "--quiet", "--no-edit")
    assert repo.read(NAME) == OURS.replace("work", "both")


@pytest.mark.slow
def test_an_interactive_rebase_over_many_commits_merges_each(repo):
    repo.run("checkout", "--quiet", "-b", "topic")
    for number in range(4):
        repo.commit(f"{number}", api__session__toml=THEIRS.replace('"src"', f'"{number}"'))
    repo.run("checkout", "--quiet", "main")
    repo.commit("ours", api__session__toml=OURS)
    repo.run("-c", "sequence.editor=true", "rebase", "--interactive", "main", "topic")
    assert repo.read(NAME) == MERGED.replace('"src"', '"3"')
    assert repo.run("rev-list", "--count", "main..topic").stdout == "4\n"


@pytest.mark.slow
def test_a_submodule_is_left_to_git(repo, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "protocol.file.allow")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "always")
    library = GitRepo(tmp_path / "library")
    repo.run("clone", "--quiet", ".", str(library.path))
    # Its name is that of a session: still it is no file.
    repo.run("submodule", "--quiet", "add", str(library.path), "dep.session.toml")
    repo.commit("submodule")
    inside = GitRepo(repo.path / "dep.session.toml")
    branch_off(repo, THEIRS, OURS)
    before = inside.commit("inside", api__session__toml=OURS)
    repo.run("merge", "topic")
    assert repo.read(NAME) == MERGED
    assert inside.run("rev-parse", "HEAD").stdout.strip() == before
    assert inside.read(NAME) == OURS
    for command in (["status"], ["git", "status"], ["doctor"], ["sync", "--dry-run"]):
        done = run_inside(*command, cwd=repo.path)
        assert "dep.session.toml" not in done.stdout + done.stderr
