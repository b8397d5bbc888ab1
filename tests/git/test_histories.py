"""Real git, odd histories: octopus, criss-cross, renames, deletions, submodules, symlinks."""

from __future__ import annotations

import pytest

from tests.git.conftest import BASE, read_answer
from tests.git.inprocess import run_inside
from tests.git.test_merges import CLASH, MERGED, NAME, OURS, THEIRS, branch_off, unmerged

OTHER = "web.session.toml"


def head(repo, revision="HEAD"):
    return repo.run("rev-parse", revision).stdout.strip()


class TestOctopus:
    """Git merges an octopus by lines, without any driver, and gives up at a conflict."""

    def branches(self, repo, **texts):
        for branch, text in texts.items():
            repo.run("checkout", "--quiet", "-b", branch, "main")
            repo.write(NAME, text)
            repo.commit(branch)
        repo.run("checkout", "--quiet", "main")

    def test_edits_that_lie_apart_are_all_there(self, repo):
        base = BASE.replace("[[windows]]", "\n\n\n[[windows]]")
        repo.commit("apart", api__session__toml=base)
        self.branches(
            repo,
            one=base.replace("the api session", "one"),
            two=base.replace("tiled", "even"),
            three=base.replace("editor", "code"),
        )
        done = repo.run("merge", "one", "two", check=False)
        assert done.returncode == 0
        assert len(repo.run("rev-list", "--parents", "-1", "HEAD").stdout.split()) == 3
        assert repo.read(NAME) == base.replace("the api session", "one").replace("tiled", "even")

    def test_a_conflict_is_refused_and_nothing_has_changed(self, repo):
        self.branches(repo, one=CLASH, two=OURS, three=THEIRS)
        before = head(repo)
        done = repo.run("merge", "one", "two", "three", check=False)
        assert done.returncode == 2
        assert "Should not be doing an octopus" in done.stdout + done.stderr
        assert head(repo) == before
        assert repo.read(NAME) == BASE
        assert repo.run("status", "--porcelain").stdout == ""

    @pytest.mark.slow
    def test_a_conflict_with_the_last_branch_can_be_settled(self, repo):
        self.branches(repo, one=CLASH, two=OURS)
        assert repo.run("merge", "--no-ff", "one", "two", check=False).returncode == 1
        assert unmerged(repo) == [NAME]
        done = run_inside("resolve", NAME, "--prefer", "theirs", cwd=repo.path)
        assert done.returncode == 0, done.stderr
        assert repo.read(NAME) == OURS
        repo.run("commit", "--quiet", "--all", "--no-edit")
        assert repo.run("merge-base", "--is-ancestor", "one", "HEAD").returncode == 0

    @pytest.mark.slow
    def test_the_branches_one_after_the_other_are_merged_by_key(self, repo):
        self.branches(repo, one=THEIRS, two=OURS)
        repo.run("merge", "one")
        repo.run("merge", "two")
        assert repo.read(NAME) == MERGED


class TestCrissCross:
    """Two commits that both are the nearest common one; git merges them into a base."""

    def cross(self, repo, ours, theirs, merged):
        """Leave main and topic each with a merge of ``ours`` and ``theirs``, main checked out."""
        branch_off(repo, theirs, ours)
        first, second = head(repo, "main"), head(repo, "topic")
        for branch, other in (("main", second), ("topic", first)):
            repo.run("checkout", "--quiet", branch)
            repo.run("merge", "--no-commit", "--strategy=ours", other)
            repo.write(NAME, merged[branch] if isinstance(merged, dict) else merged)
            repo.commit(f"merge on {branch}")
        repo.run("checkout", "--quiet", "main")
        assert len(repo.run("merge-base", "--all", "main", "topic").stdout.split()) == 2

    def edit(self, repo, branch, text):
        repo.run("checkout", "--quiet", branch)
        repo.write(NAME, text)
        repo.commit(f"edit on {branch}")
        repo.run("checkout", "--quiet", "main")

    @pytest.mark.slow
    def test_an_edit_taken_back_by_one_side_stays_taken_back(self, repo):
        self.cross(repo, OURS, THEIRS, MERGED)
        self.edit(repo, "main", MERGED.replace("~/work/api", "~/src/api"))
        self.edit(repo, "topic", MERGED.replace("# the api", "# The api"))
        repo.run("merge", "topic")
        assert repo.read(NAME) == MERGED.replace("~/work/api", "~/src/api").replace(
            "# the api", "# The api"
        )

    def test_a_conflict_settled_alike_on_both_sides_is_none_any_more(self, repo):
        merged = OURS.replace("~/work/api", "~/both")
        self.cross(repo, OURS, CLASH, merged)
        self.edit(repo, "main", merged.replace('"even"', '"tiled"'))
        self.edit(repo, "topic", merged.replace('name = "editor"', 'name = "editor"\ncwd = "src"'))
        done = repo.run("merge", "topic")
        assert "conflict" not in done.stderr
        assert repo.read(NAME) == merged.replace('"even"', '"tiled"').replace(
            'name = "editor"', 'name = "editor"\ncwd = "src"'
        )

    def test_a_conflict_settled_in_two_ways_is_a_conflict_of_that_key_alone(self, repo):
        merged = {"main": OURS, "topic": OURS.replace("~/work/api", "~/code/api")}
        self.cross(repo, OURS, CLASH, merged)
        self.edit(repo, "topic", merged["topic"].replace('"even"', '"tiled"'))
        done = repo.run("merge", "topic", check=False)
        assert done.returncode == 1
        assert repo.read(NAME) == (
            '# the api session\nname = "api"\n<<<<<<< main\nroot = "~/work/api"\n||||||| base\n'
            '=======\nroot = "~/code/api"\n>>>>>>> topic\n\n[[windows]]\nname = "editor"\n'
            'layout = "tiled"\n'
        )

    @pytest.mark.slow
    def test_a_conflict_settled_by_the_first_text_is_not_taken_for_no_change(self, repo):
        merged = {"main": BASE, "topic": CLASH}
        self.cross(repo, OURS, CLASH, merged)
        done = repo.run("merge", "topic", check=False)
        assert done.returncode == 1
        text = repo.read(NAME)
        assert "~/src/api" in text
        assert "~/code/api" in text

    def test_a_table_that_both_bases_clash_in_is_merged_by_lines(self, repo):
        """What one base deleted and the other edited has no place for a value."""
        table = '[preferences]\ntheme = "dark"\nfont = 1\n'
        repo.commit("table", api__session__toml=BASE + table)
        edited = BASE + table.replace("dark", "light").replace("1", "2")
        self.cross(repo, BASE, edited, {"main": BASE, "topic": edited})
        assert repo.run("merge", "topic", check=False).returncode == 1
        text = repo.read(NAME)
        assert "<<<<<<< main\n" in text
        assert 'theme = "light"\nfont = 2\n' in text

    @pytest.mark.slow
    def test_nothing_is_told_of_conflicts_that_were_settled_long_ago(self, repo):
        self.cross(repo, OURS, CLASH, OURS)
        assert "conflict" not in repo.run("merge", "topic").stderr


class TestRenames:
    def rename(self, repo, name, text):
        repo.run("mv", NAME, name)
        repo.write(name, text)
        return repo.commit(f"rename to {name}")

    @pytest.mark.parametrize("renamer", ["main", "topic"])
    def test_a_file_renamed_and_edited_by_one_side_takes_the_edit_of_the_other(self, repo, renamer):
        editor = "topic" if renamer == "main" else "main"
        repo.run("branch", "topic")
        for branch in (renamer, editor):
            repo.run("checkout", "--quiet", branch)
            if branch == renamer:
                self.rename(repo, OTHER, OURS)
            else:
                repo.commit("edit", api__session__toml=THEIRS)
        repo.run("checkout", "--quiet", "main")
        repo.run("merge", "topic")
        assert repo.read(OTHER) == MERGED
        assert not (repo.path / NAME).exists()

    def test_a_conflict_stands_in_the_file_of_the_new_name(self, repo):
        branch_off(repo, CLASH, BASE)
        self.rename(repo, OTHER, OURS)
        done = repo.run("merge", "topic", check=False)
        assert unmerged(repo) == [OTHER]
        assert f"{OTHER}:3:1: conflict[both-modified]: root" in done.stderr
        assert "<<<<<<< main\n" in repo.read(OTHER)

    def test_a_file_renamed_in_two_ways_is_under_both_names_with_both_edits(self, repo):
        repo.run("checkout", "--quiet", "-b", "topic")
        self.rename(repo, "b.session.toml", THEIRS)
        repo.run("checkout", "--quiet", "main")
        self.rename(repo, "a.session.toml", OURS)
        done = repo.run("merge", "topic", check=False)
        assert done.returncode == 1
        assert "rename/rename" in done.stdout
        assert repo.read("a.session.toml") == repo.read("b.session.toml") == MERGED
        told = run_inside("status", cwd=repo.path).stdout
        assert f"unmerged    {NAME}: moved or deleted on both sides\n" in told

    def test_a_file_edited_in_a_directory_that_was_renamed_is_merged_there(self, repo):
        repo.write("old/x.session.toml", BASE)
        repo.write("old/y.session.toml", BASE.replace("api", "y"))
        repo.commit("directory")
        repo.run("checkout", "--quiet", "-b", "topic")
        repo.write("old/x.session.toml", THEIRS)
        repo.write("old/new.session.toml", OURS.replace("api", "new"))
        repo.commit("edit in the old directory")
        repo.run("checkout", "--quiet", "main")
        repo.run("mv", "old", "new")
        repo.write("new/x.session.toml", OURS)
        repo.commit("rename the directory")
        repo.run("-c", "merge.directoryRenames=true", "merge", "topic")
        assert repo.read("new/x.session.toml") == MERGED
        assert repo.read("new/new.session.toml") == OURS.replace("api", "new")

    def test_a_file_that_becomes_a_session_by_its_new_name_is_merged_by_key(self, repo):
        repo.commit("other", plain__toml=BASE)
        branch_off(repo, THEIRS, BASE, "plain.toml")
        repo.run("mv", "plain.toml", OTHER)
        repo.write(OTHER, OURS)
        repo.commit("rename")
        repo.run("merge", "topic")
        assert repo.read(OTHER) == MERGED


class TestDeletions:
    @pytest.mark.parametrize("deleter", ["main", "topic"])
    def test_a_file_deleted_by_one_side_and_edited_by_the_other_is_a_conflict_that_keeps_it(
        self, repo, deleter
    ):
        editor = "topic" if deleter == "main" else "main"
        repo.run("branch", "topic")
        repo.run("checkout", "--quiet", deleter)
        repo.run("rm", "--quiet", NAME)
        repo.commit("delete")
        repo.run("checkout", "--quiet", editor)
        edited = "schema_version = 1\n" + OURS.replace('"even"', '"even-vertical"')
        repo.commit("edit", api__session__toml=edited)
        repo.run("checkout", "--quiet", "main")
        assert repo.run("merge", "topic", check=False).returncode == 1
        assert unmerged(repo) == [NAME]
        assert repo.read(NAME) == edited
        who = {
            "main": "deleted in ours (your branch), changed in theirs (merged in)",
            "topic": "deleted in theirs (merged in), changed in ours (your branch)",
        }[deleter]
        steps = f"next: git add {NAME}  # to keep it", f"next: git rm {NAME}  # or to delete it"
        told = run_inside("status", cwd=repo.path)
        assert f"unmerged    {NAME}: {who}" in told.stdout
        assert all(step in told.stderr for step in steps), told.stderr
        told = run_inside("resolve", NAME, cwd=repo.path)
        assert told.returncode == 1
        assert f"{NAME}: {who}" in told.stderr
        assert all(step in told.stderr for step in steps), told.stderr
        assert "no conflicts" not in told.stderr
        kept_by = "theirs" if deleter == "main" else "ours"
        for side in ("ours", "theirs"):
            told = run_inside("resolve", NAME, "--prefer", side, cwd=repo.path)
            step, left = ("add", "rm") if side == kept_by else ("rm", "add")
            assert told.returncode == (0 if side == kept_by else 1)
            assert f"next: git {step} {NAME}\n" in told.stderr
            assert f"git {left} " not in told.stderr
            told = run_inside("resolve", NAME, "--json", "--prefer", f"*={side}", cwd=repo.path)
            assert read_answer(told.stdout, "resolve")["next"][0] == f"git {step} {NAME}"
            assert repo.read(NAME) == edited
        told = run_inside("resolve", NAME, "--prefer", "max", cwd=repo.path)
        assert told.returncode == 2
        assert "only a side resolves that" in told.stderr
        answer = read_answer(run_inside("status", "--json", cwd=repo.path).stdout, "status")
        assert answer["files"][0]["deleted_by"] == ("ours" if deleter == "main" else "theirs")

    def test_a_file_deleted_by_both_sides_is_gone(self, repo):
        repo.run("checkout", "--quiet", "-b", "topic")
        repo.run("rm", "--quiet", NAME)
        repo.commit("delete")
        repo.run("checkout", "--quiet", "main")
        repo.run("rm", "--quiet", NAME)
        repo.commit("delete too", more="x")
        repo.run("merge", "topic")
        assert not (repo.path / NAME).exists()


class TestBothAdded:
    def add_both(self, repo, ours, theirs):
        repo.run("checkout", "--quiet", "-b", "topic")
        repo.write(OTHER, theirs)
        repo.commit("theirs")
        repo.run("checkout", "--quiet", "main")
        repo.write(OTHER, ours)
        repo.commit("ours")
        return repo.run("merge", "topic", check=False)

    def test_alike_but_for_a_key_of_each_they_become_one(self, repo):
        done = self.add_both(repo, f"{BASE}[preferences]\na = 1\n", f"{BASE}[apps.x]\nb = 1\n")
        assert done.returncode == 0, done.stderr
        assert repo.read(OTHER) == f"{BASE}[preferences]\na = 1\n[apps.x]\nb = 1\n"

    def test_a_key_of_two_values_is_the_only_conflict(self, repo):
        done = self.add_both(repo, OURS, CLASH)
        assert done.returncode == 1
        assert f"{OTHER}:3:1: conflict[both-added]: root: both sides added it" in done.stderr
        assert unmerged(repo) == [OTHER]

    def test_one_of_them_empty_is_the_other(self, repo):
        assert self.add_both(repo, "", BASE).returncode == 0
        assert repo.read(OTHER) == BASE
