"""Dotfiles: a bare repository over the home directory, yadm, stow, symlinks of all kinds."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.git.inprocess import run_inside
from tests.git.test_merges import BASE, CLASH, MERGED, NAME, OURS, THEIRS, branch_off, unmerged
from tests.world import GitRepo, need


def sessionctl(*arguments, cwd, code=0):
    done = run_inside(*arguments, cwd=cwd)
    assert done.returncode == code, done.stderr
    return done


class TestBareRepository:
    """``GIT_DIR`` lies apart, the work tree is the home directory; named by the environment."""

    @pytest.fixture
    def dotfiles(self, program_path, home, tmp_path, monkeypatch):
        need("git")
        GitRepo(tmp_path).run("init", "--quiet", "--bare", "--initial-branch=main", "dotfiles")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "dotfiles"))
        monkeypatch.setenv("GIT_WORK_TREE", str(home))
        repo = GitRepo(home)
        repo.run("config", "status.showUntrackedFiles", "no")
        sessionctl("git", "install", cwd=home)
        repo.write(f".config/s/{NAME}", BASE)
        repo.run("add", f".config/s/{NAME}")
        repo.run("commit", "--quiet", "--message", "base")
        return repo

    def branch_off(self, repo, theirs, ours):
        path = f".config/s/{NAME}"
        repo.run("checkout", "--quiet", "-b", "topic")
        repo.write(path, theirs)
        repo.run("commit", "--quiet", "--all", "--message", "theirs")
        repo.run("checkout", "--quiet", "main")
        repo.write(path, ours)
        repo.run("commit", "--quiet", "--all", "--message", "ours")
        return path

    def test_a_merge_is_clean_and_leaves_nothing_behind(self, dotfiles, home):
        path = self.branch_off(dotfiles, THEIRS, OURS)
        before = sorted(os.listdir(home))
        dotfiles.run("merge", "topic")
        assert dotfiles.read(path) == MERGED
        assert sorted(os.listdir(home)) == before

    @pytest.mark.slow
    def test_a_conflict_is_settled_below_and_concluded(self, dotfiles, home):
        path = self.branch_off(dotfiles, CLASH, OURS)
        assert dotfiles.run("merge", "topic", check=False).returncode == 1
        assert "<<<<<<< main\n" in dotfiles.read(path)
        told = sessionctl("status", cwd=home / ".config", code=1)
        assert f"s/{NAME}: 1 conflict\n" in told.stdout
        done = sessionctl("resolve", f"s/{NAME}", "--prefer", "root=theirs", cwd=home / ".config")
        assert f"hint: next: git add s/{NAME}\n" in done.stderr
        subprocess.run(["git", "add", f"s/{NAME}"], cwd=home / ".config", check=True)
        dotfiles.run("commit", "--quiet", "--no-edit")
        assert dotfiles.read(path) == OURS.replace("~/work/api", "~/code/api")

    @pytest.mark.slow
    def test_a_rebase_and_a_diff_work_too(self, dotfiles):
        path = self.branch_off(dotfiles, THEIRS, OURS)
        dotfiles.run("rebase", "main", "topic")
        assert dotfiles.read(path) == MERGED
        assert '+cwd = "src"' in dotfiles.run("log", "-p", "-1").stdout
        dotfiles.write(path, MERGED + '[connections.p]\npassword = "hunter2"\n')
        shown = dotfiles.run("diff").stdout
        assert "***" in shown
        assert "hunter2" not in shown


@pytest.mark.slow
class TestYadm:
    """Which names git's directory and the work tree by the same variables."""

    @pytest.fixture
    def yadm(self, program_path, home):
        """Return a function that runs yadm; a session with an alternate is committed."""
        need("git")
        program = need("yadm")

        def run(*arguments, check=True):
            done = subprocess.run(
                [program, *arguments], cwd=home, capture_output=True, encoding="utf-8", timeout=60
            )
            assert done.returncode == 0 or not check, done.stderr
            return done

        run("init", "-q")
        repo = run("introspect", "repo").stdout.strip()
        sessionctl("git", "install", "--git-dir", repo, "--work-tree", str(home), cwd=home)
        (home / f"{NAME}##os.Linux").write_text(BASE)
        run("add", f"{NAME}##os.Linux")
        run("commit", "-q", "-m", "base")
        run("branch", "-M", "main")
        return run

    def test_an_alternate_is_merged_by_key_and_its_link_stays(self, yadm, home):
        link = home / NAME
        assert link.is_symlink()
        yadm("checkout", "-q", "-b", "topic")
        link.write_text(THEIRS)
        yadm("commit", "-qam", "theirs")
        yadm("checkout", "-q", "main")
        link.write_text(OURS)
        yadm("commit", "-qam", "ours")
        yadm("merge", "topic")
        assert link.is_symlink()
        assert link.read_text() == MERGED

    def test_what_asks_git_works_within_yadm_enter(self, yadm, home):
        yadm("enter", "sessionctl git uninstall")
        yadm("enter", "sessionctl git install")
        assert "1 of 1 session files" in yadm("enter", "sessionctl git status").stdout
        (home / NAME).write_text('schema_version = 1\nname = "other"\n')
        assert "other" in yadm("enter", f"sessionctl diff --exit-zero --rev HEAD {NAME}").stdout
        yadm("enter", "sessionctl sync")
        assert yadm("log", "--format=%s", "-1").stdout.startswith("sync: ")

    def test_no_secret_is_shown(self, yadm, home):
        (home / NAME).write_text(BASE + '[connections.p]\npassword = "hunter2"\n')
        assert "hunter2" not in yadm("diff").stdout


class TestSymlinks:
    @pytest.mark.slow
    def test_stowed_files_are_edited_where_they_are_and_stay_links(self, repo, home):
        stow = need("stow")
        repo.write(f"tmux/.config/{NAME}", BASE.replace("# the", "schema_version = 1\n# the"))
        repo.commit("package")
        (home / ".config").mkdir()  # else stow links the whole directory
        subprocess.run([stow, "-d", str(repo.path), "-t", str(home), "tmux"], check=True)
        link = home / ".config" / NAME
        assert link.is_symlink()
        sessionctl("set", str(link), "root", "~/x", cwd=home)
        assert link.is_symlink()
        assert '"~/x"' in repo.read(f"tmux/.config/{NAME}")
        sessionctl("undo", str(link), cwd=home)
        assert link.is_symlink()
        assert '"~/src/api"' in repo.read(f"tmux/.config/{NAME}")

    def test_a_conflict_is_settled_through_a_link(self, repo, home):
        link = home / "link.session.toml"
        link.symlink_to(repo.path / NAME)
        branch_off(repo, CLASH, OURS)
        repo.run("merge", "topic", check=False)
        done = sessionctl("resolve", str(link), "--prefer", "ours", cwd=home)
        assert f"next: git -C {repo.path} add {NAME}" in done.stderr
        assert link.is_symlink()
        assert repo.read(NAME) == OURS

    def test_a_tracked_link_is_merged_as_a_link_and_its_file_by_key(self, repo):
        (repo.path / "link.session.toml").symlink_to(NAME)
        repo.commit("link")
        branch_off(repo, THEIRS, OURS)
        repo.run("merge", "topic")
        assert os.readlink(repo.path / "link.session.toml") == NAME
        assert repo.read("link.session.toml") == MERGED

    def test_a_link_led_elsewhere_by_both_sides_is_gits_own_conflict(self, repo):
        link = repo.path / "link.session.toml"
        for branch, target in (("", "a"), ("topic", "b"), ("main", "c")):
            if branch:
                repo.run("checkout", "--quiet", *(["-b"] if branch == "topic" else []), branch)
            link.unlink(missing_ok=True)
            link.symlink_to(target)
            repo.commit(f"to {target}")
        done = repo.run("merge", "topic", check=False)
        assert done.returncode == 1
        assert unmerged(repo) == ["link.session.toml"]
        assert os.readlink(link) == "c"
        assert "sessionctl" not in done.stderr

    def test_a_file_made_a_link_by_one_side_and_edited_by_the_other_is_a_conflict(self, repo):
        repo.run("checkout", "--quiet", "-b", "topic")
        repo.write("real/api.toml", BASE)
        (repo.path / NAME).unlink()
        (repo.path / NAME).symlink_to("real/api.toml")
        repo.commit("link")
        repo.run("checkout", "--quiet", "main")
        repo.commit("edit", api__session__toml=OURS)
        assert repo.run("merge", "topic", check=False).returncode == 1
        kept = [p for p in repo.path.iterdir() if p.is_file() and not p.is_symlink()]
        assert OURS in [path.read_text() for path in kept]
