"""Odd repositories: shallow, sparse, with several work trees, with every setting of a stranger."""

from __future__ import annotations

import pytest

from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside
from tests.world import GitRepo

NAME = "api.session.toml"
VALID = 'schema_version = 1\nname = "api"\nroot = "~/a"\n'

STRANGE_SETTINGS = """
[color]
  ui = always
[core]
  quotePath = true
  abbrev = 40
[diff]
  noprefix = true
  mnemonicPrefix = true
  external = false
  renames = false
  relative = true
[status]
  short = true
  branch = true
  relativePaths = false
  showStash = true
[log]
  showSignature = true
  decorate = full
  date = relative
  follow = true
  diffMerges = first-parent
[format]
  pretty = oneline
[pull]
  rebase = true
[merge]
  ff = only
  conflictStyle = zdiff3
  log = true
  autoStash = true
[rebase]
  autoStash = true
[push]
  default = nothing
[commit]
  verbose = true
  status = false
  cleanup = scissors
[i18n]
  commitEncoding = ISO-8859-1
  logOutputEncoding = ISO-8859-1
[fetch]
  output = full
[column]
  ui = always
[grep]
  lineNumber = true
"""


@pytest.fixture
def repo(program_path, git_repo):
    """Return a repository with sessionctl installed and two commits of a valid session."""
    run(git_repo, "git", "install")
    git_repo.commit("one", api__session__toml=VALID)
    git_repo.commit("two", api__session__toml=VALID.replace("~/a", "~/b"))
    return git_repo


def run(repo, *arguments, code=0):
    done = run_inside(*arguments, cwd=repo.path)
    assert done.returncode == code, done.stderr
    return done


class TestShallow:
    @pytest.fixture
    def shallow(self, repo, tmp_path):
        """Return a clone that has the last commit only."""
        clone = GitRepo(tmp_path / "shallow")
        repo.run("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(clone.path))
        return clone

    def test_the_oldest_commit_is_not_taken_for_the_first(self, shallow):
        told = run(shallow, "log", NAME).stdout
        assert "what was before it is not in this clone" in told
        assert "the file is new" not in told
        answer = read_answer(run(shallow, "log", "--json", NAME).stdout, "log")
        assert answer["commits"][-1]["kind"] == "cut-off"

    def test_undo_does_not_tell_to_remove_the_file(self, shallow):
        done = run(shallow, "undo", NAME, code=1)
        assert "is not in this clone" in done.stderr
        assert "hint: fetch it: git fetch --unshallow" in done.stderr
        assert "git rm" not in done.stderr

    def test_with_all_of_the_history_it_is_taken_back(self, shallow):
        shallow.run("fetch", "--quiet", "--unshallow")
        run(shallow, "undo", NAME)
        assert shallow.read(NAME) == VALID


class TestSparse:
    @pytest.fixture
    def sparse(self, repo):
        """Return the repository with one of two sessions left out of the work tree."""
        repo.write("in/a.session.toml", VALID)
        repo.write("out/b.session.toml", VALID)
        repo.commit("directories")
        repo.run("sparse-checkout", "set", "in")
        assert not (repo.path / "out").exists()
        return repo

    def test_a_file_that_is_left_out_is_not_missing(self, sparse):
        told = run(sparse, "status").stdout
        assert "in/a.session.toml" in told
        assert "out/b.session.toml" not in told

    def test_undo_does_not_bring_a_file_back_that_is_left_out(self, sparse):
        done = run(sparse, "undo", "out/b.session.toml", code=1)
        assert "out/b.session.toml: left out of this work tree (sparse checkout)" in done.stderr
        assert "hint: git sparse-checkout add out" in done.stderr
        assert not (sparse.path / "out").exists()

    def test_sync_does_not_take_it_for_deleted(self, sparse):
        sparse.write("in/a.session.toml", VALID.replace("~/a", "~/c"))
        run(sparse, "sync")
        assert "out/b.session.toml" in sparse.run("ls-tree", "-r", "--name-only", "HEAD").stdout


class TestWorkTrees:
    @pytest.fixture
    def other(self, repo, tmp_path):
        """Return a second work tree of the repository."""
        repo.run("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "other"))
        return GitRepo(tmp_path / "other")

    def test_the_settings_of_all_are_those_of_each(self, other):
        assert run(other, "git", "status").stdout.splitlines()[2] == "installed   local"

    def test_the_doctor_finds_nothing_wrong(self, other):
        answer = read_answer(run(other, "doctor", "--json").stdout, "doctor")
        assert {check["status"] for check in answer["checks"]} <= {"ok", "note", "skipped"}

    def test_settings_of_one_alone_need_gits_extension(self, other):
        done = run(other, "git", "install", "--worktree", code=3)
        assert "its work trees share one configuration" in done.stderr
        assert "hint: git config extensions.worktreeConfig true" in done.stderr


class TestStrangeSettings:
    @pytest.fixture
    def strange(self, repo, home, tmp_path):
        """Return the repository with a remote that is a commit ahead, and odd settings."""
        repo.run("clone", "--quiet", "--bare", ".", str(tmp_path / "remote.git"))
        repo.run("remote", "add", "origin", str(tmp_path / "remote.git"))
        repo.run("fetch", "--quiet")
        repo.run("branch", "--quiet", "--set-upstream-to=origin/main")
        other = GitRepo(tmp_path / "second")
        repo.run("clone", "--quiet", str(tmp_path / "remote.git"), str(other.path))
        other.commit(
            "theirs", api__session__toml=VALID.replace("api", "caf\u00e9").replace("~/a", "~/b")
        )
        other.run("push", "--quiet")
        with (home / "gitconfig").open("a") as config:
            config.write(STRANGE_SETTINGS)
        return repo

    @pytest.mark.slow
    def test_everything_works(self, strange):
        strange.write(NAME, VALID.replace("~/a", "~/c"))
        assert "changed " in run(strange, "status").stdout
        assert '"~/b" -> "~/c"' in run(strange, "diff", "--rev", "HEAD", NAME, code=1).stdout
        done = run(strange, "sync", "-m", "Gr\u00fc\u00dfe \u2603")
        assert "merged     1 commit of origin/main\n" in done.stdout
        assert strange.read(NAME) == VALID.replace("~/a", "~/c").replace("api", "caf\u00e9")
        told = run(strange, "log", NAME).stdout
        assert "Ada: Gr\u00fc\u00dfe \u2603\n" in told
        assert told.count(" Ada: ") == 5
        run(strange, "undo", NAME)
        assert strange.read(NAME) == VALID.replace("~/a", "~/c")
        run(strange, "undo", "--redo", NAME)
        answer = read_answer(run(strange, "doctor", "--json").stdout, "doctor")
        assert "error" not in {check["status"] for check in answer["checks"]}


def test_a_session_that_git_does_not_know_yet_is_not_told_as_none(program_path, git_repo):
    git_repo.write(NAME, VALID)
    done = run(git_repo, "status")
    assert "no session file is tracked here; not in git yet: api.session.toml" in done.stderr
    assert "hint: next: git add api.session.toml" in done.stderr
