"""The pre-commit hook in real repositories: what it stops, and what it leaves alone."""

from __future__ import annotations

import os
import shutil
import stat

import pytest

from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside
from tests.git.test_merges import unmerged
from tests.world import GitRepo, need

NAME = "api.session.toml"
GOOD = 'schema_version = 1\nname = "api"\nroot = "~/src"\n'
BAD = GOOD + "colour = 1\n"
SECRET = GOOD + '[connections.p]\ndriver = "redis"\npassword = "hunter2"\n'


def git(command, *options, cwd, code=0):
    done = run_inside("git", command, *options, cwd=cwd)
    assert done.returncode == code, done.stderr
    return done


def hook_of(repo):
    return repo.path / ".git" / "hooks" / "pre-commit"


def write_hook(path, text, mode=0o755):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def stage(repo, text, name=NAME):
    repo.write(name, text)
    repo.run("add", "--", name)


def try_commit(repo, *options):
    return repo.run("commit", "--quiet", "--message", "x", *options, check=False)


def is_committed(repo, name=NAME):
    return repo.run("cat-file", "-e", f"HEAD:{name}", check=False).returncode == 0


def snapshot(directory):
    """Return every file below ``directory`` with its mode, and its bytes or target."""
    return {
        str(path.relative_to(directory)): (
            path.lstat().st_mode,
            os.readlink(path) if path.is_symlink() else path.read_bytes(),
        )
        for path in directory.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def hooked(program_path, git_place, repository_templates):
    """Return a repository in which the hook is installed, and nothing else."""

    def build():
        git_place.run("init", "--quiet", "--initial-branch=main")
        git("install", "--hook", cwd=git_place.path)

    return repository_templates.fill(git_place, "hooked", build)


class TestChecking:
    def test_a_valid_file_is_committed(self, hooked):
        stage(hooked, GOOD)
        done = try_commit(hooked)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (GOOD + "x 1\n", ":4:3: error[syntax]: "),
            (BAD, ":4:1: error[unknown-key]: colour: "),
            (SECRET, ":6:12: error[secret-key]: connections.p.password: "),
            (
                GOOD + "description = '''\n<<<<<<< a\n=======\n>>>>>>> b\n'''\n",
                ":5:1: error[conflict-marker]: ",
            ),
        ],
        ids=["syntax", "schema", "secret", "markers"],
    )
    def test_a_file_with_a_fault_is_not_committed(self, hooked, text, told):
        stage(hooked, text)
        staged = hooked.run("ls-files", "--stage").stdout
        done = try_commit(hooked)
        assert done.returncode == 1
        assert f"{NAME}{told}" in done.stderr
        assert " | " in done.stderr, "the excerpt"
        assert f"git add -- {NAME}" in done.stderr
        assert "hunter2" not in done.stderr
        assert not is_committed(hooked)
        assert hooked.run("ls-files", "--stage").stdout == staged
        assert hooked.read(NAME) == text

    def test_all_files_with_faults_are_told(self, hooked):
        names = ["a b.session.toml", "ключ.session.toml", "-x.session.toml", "sub/y.session.toml"]
        for name in names:
            stage(hooked, BAD, name)
        stage(hooked, GOOD)
        done = try_commit(hooked)
        assert all(f"{name}:4:1: error" in done.stderr for name in names)
        assert "4 staged files are not ready to commit" in done.stderr

    def test_the_user_has_the_last_word(self, hooked):
        stage(hooked, BAD)
        assert "git commit --no-verify" in try_commit(hooked).stderr
        assert try_commit(hooked, "--no-verify").returncode == 0

    def test_what_is_not_staged_does_not_matter(self, hooked):
        stage(hooked, GOOD)
        hooked.write(NAME, SECRET)
        hooked.write("other.session.toml", BAD)
        assert try_commit(hooked).returncode == 0

    def test_what_is_staged_counts_though_the_file_was_mended(self, hooked):
        stage(hooked, BAD)
        hooked.write(NAME, GOOD)
        assert try_commit(hooked).returncode == 1

    def test_a_fault_of_a_file_that_the_commit_does_not_touch_stops_nothing(self, hooked):
        stage(hooked, BAD)
        try_commit(hooked, "--no-verify")
        stage(hooked, GOOD, "b.session.toml")
        assert try_commit(hooked).returncode == 0
        hooked.run("rm", "--quiet", NAME)
        assert try_commit(hooked).returncode == 0

    def test_a_commit_of_named_files_has_an_index_of_its_own(self, hooked):
        for name in ("a.session.toml", "b.session.toml"):
            stage(hooked, GOOD, name)
        try_commit(hooked)
        hooked.write("a.session.toml", BAD)
        hooked.write("b.session.toml", GOOD + "options = {}\n")
        assert try_commit(hooked, "b.session.toml").returncode == 0
        assert try_commit(hooked, "a.session.toml").returncode == 1
        assert try_commit(hooked, "--all").returncode == 1

    def test_a_commit_made_below_the_top_tells_paths_from_the_top(self, hooked):
        stage(hooked, BAD, "sub/a.session.toml")
        assert "sub/a.session.toml:4:1:" in try_commit(GitRepo(hooked.path / "sub")).stderr

    def test_by_hand_paths_are_told_from_here(self, hooked):
        stage(hooked, BAD, "sub/a.session.toml")
        stage(hooked, BAD)
        done = git("hook", "pre-commit", cwd=hooked.path / "sub", code=1)
        assert done.stdout.startswith(f"../{NAME}:4:1:")
        assert "\na.session.toml:4:1:" in done.stdout

    def test_a_symlink_is_not_looked_into(self, hooked):
        (hooked.path / NAME).symlink_to("gone")
        hooked.run("add", NAME)
        assert try_commit(hooked).returncode == 0

    def test_what_the_user_configured_for_git_diff_changes_nothing(self, hooked):
        for key, value in (
            ("diff.relative", "true"),
            ("diff.renames", "copies"),
            ("diff.external", "false"),
            ("core.quotePath", "true"),
            ("color.ui", "always"),
        ):
            hooked.run("config", key, value)
        stage(hooked, BAD, "é.session.toml")
        assert "é.session.toml:4:1:" in try_commit(hooked).stderr
        below = hooked.path / "sub"
        below.mkdir()
        assert "../é.session.toml:4:1:" in git("hook", "pre-commit", cwd=below, code=1).stdout

    @pytest.mark.slow
    def test_a_merge_is_not_concluded_with_markers_left(self, hooked):
        stage(hooked, GOOD)
        try_commit(hooked)
        hooked.run("checkout", "--quiet", "-b", "topic")
        hooked.commit("topic", api__session__toml=GOOD.replace("~/src", "~/theirs"))
        hooked.run("checkout", "--quiet", "main")
        hooked.commit("main", api__session__toml=GOOD.replace("~/src", "~/ours"))
        hooked.run("merge", "topic", check=False)
        assert unmerged(hooked) == [NAME]
        hooked.run("add", NAME)
        done = hooked.run("commit", "--no-edit", check=False)
        assert done.returncode == 1
        assert f"{NAME}:3:1: error[conflict-marker]: a conflict is not resolved" in done.stderr
        stage(hooked, GOOD)
        hooked.run("commit", "--no-edit", "--quiet")

    def test_a_linked_work_tree_is_checked_too(self, hooked, tmp_path):
        hooked.commit("base")
        other = GitRepo(tmp_path / "other tree")
        hooked.run("worktree", "add", "--quiet", "-b", "other", str(other.path))
        stage(other, BAD)
        assert f"{NAME}:4:1:" in try_commit(other).stderr
        assert not is_committed(other)

    @pytest.mark.slow
    def test_a_repository_lying_apart_is_checked_too(self, program_path, home, tmp_path):
        need("git")
        bare = tmp_path / "dot files"
        GitRepo(tmp_path).run("init", "--quiet", "--bare", str(bare))
        git("install", "--hook", "--git-dir", bare, "--work-tree", home, cwd=tmp_path)
        dots = GitRepo(home)
        place = (f"--git-dir={bare}", f"--work-tree={home}")
        dots.write(f"etc/{NAME}", BAD)
        dots.run(*place, "add", f"etc/{NAME}")
        done = GitRepo(home / "etc").run(*place, "commit", "-m", "x", check=False)
        assert f"etc/{NAME}:4:1:" in done.stderr
        assert done.returncode == 1

    def test_other_files_that_are_handed_over_are_checked(self, hooked):
        git("install", "--pattern", "Cargo.toml", cwd=hooked.path)
        stage(hooked, '[a]\npassword = "x"\nb = 1\nb = 2\n', "Cargo.toml")
        stage(hooked, "b = 1\nb = 2\n", "other.toml")
        done = try_commit(hooked)
        assert "Cargo.toml:4:1: error[duplicate]" in done.stderr
        assert "secret" not in done.stderr
        assert "other.toml" not in done.stderr

    def test_the_answer_is_there_as_json_too(self, hooked):
        stage(hooked, SECRET)
        done = git("hook", "pre-commit", "--json", cwd=hooked.path, code=1)
        answer = read_answer(done.stdout, "git-hook")
        assert answer["valid"] is False
        assert answer["files"][0]["problems"][0]["rule"] == "secret-key"
        assert "hunter2" not in done.stdout
        stage(hooked, GOOD)
        done = git("hook", "pre-commit", "--json", cwd=hooked.path)
        assert read_answer(done.stdout, "git-hook")["valid"] is True

    def test_outside_of_a_repository_it_could_not_check(self, program_path, tmp_path):
        need("git")
        done = git("hook", "pre-commit", cwd=tmp_path, code=3)
        assert f"{tmp_path}: not in a git repository\n" in done.stderr
        assert "hint: make one here: git init" in done.stderr

    def test_content_that_is_gone_is_told(self, hooked):
        stage(hooked, GOOD)
        blob = hooked.run("rev-parse", f":{NAME}").stdout.strip()
        (hooked.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        assert f"{blob}: missing" in git("hook", "pre-commit", cwd=hooked.path, code=3).stderr


class TestWithoutTheProgram:
    def test_a_missing_program_stops_no_commit_and_says_so(self, hooked, no_program, monkeypatch):
        no_program()
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        stage(hooked, BAD)
        done = try_commit(hooked)
        assert done.returncode == 0
        assert "warning: not on PATH, session files are committed unchecked" in done.stderr

    @pytest.mark.parametrize("code", [1, 2, 126, 127])
    def test_a_program_that_cannot_start_stops_no_commit_and_says_so(
        self, hooked, program_path, code
    ):
        write_hook(program_path / "sessionctl", f"#!/bin/sh\nexit {code}\n")
        stage(hooked, BAD)
        done = try_commit(hooked)
        assert done.returncode == 0
        assert "warning: cannot run, session files are committed unchecked" in done.stderr

    @pytest.mark.parametrize("code", [3, 70, 130])
    def test_a_check_that_failed_or_was_interrupted_stops_the_commit(
        self, hooked, program_path, code
    ):
        write_hook(program_path / "sessionctl", f"#!/bin/sh\nexit {code}\n")
        stage(hooked, GOOD)
        assert try_commit(hooked).returncode == 1


class TestInstalling:
    def test_the_hook_alone_is_installed(self, hooked):
        assert not (hooked.path / ".gitattributes").exists()
        assert hooked.run("config", "merge.sessionctl.driver", check=False).returncode == 1
        assert hook_of(hooked).stat().st_mode & stat.S_IXUSR

    def test_with_a_scope_all_is_installed(self, program_path, git_repo):
        git("install", "--local", "--hook", cwd=git_repo.path)
        assert hook_of(git_repo).exists()
        assert (git_repo.path / ".gitattributes").exists()

    def test_what_is_done_is_told(self, program_path, git_repo):
        write_hook(hook_of(git_repo), "#!/bin/sh\n")
        done = git("install", "--hook", cwd=git_repo.path)
        assert f"runs first: {hook_of(git_repo)}.before-sessionctl" in done.stderr
        assert f"before each commit: {hook_of(git_repo)}\n" in done.stderr
        assert "merges" not in done.stderr

    def test_twice_changes_nothing(self, hooked):
        before = snapshot(hooked.path)
        assert "nothing to install" in git("install", "--hook", cwd=hooked.path).stderr
        assert snapshot(hooked.path) == before

    @pytest.mark.parametrize("command", ["install", "uninstall"])
    def test_a_dry_run_prints_the_plan_and_writes_nothing(self, program_path, git_repo, command):
        hook = write_hook(hook_of(git_repo), "#!/bin/sh\n")
        if command == "uninstall":
            git("install", "--hook", cwd=git_repo.path)
        before = snapshot(git_repo.path)
        plan = git(command, "--hook", "--dry-run", cwd=git_repo.path).stdout
        assert snapshot(git_repo.path) == before
        assert "move " in plan
        assert str(hook) in plan
        done = git(command, "--hook", "--dry-run", "--json", cwd=git_repo.path)
        actions = {step["action"] for step in read_answer(done.stdout, "git-install")["steps"]}
        assert {"move-file", "write-file"} <= actions

    @pytest.mark.parametrize(
        "remove", [("--hook",), (), ("--local", "--hook")], ids=["hook", "all", "both"]
    )
    @pytest.mark.parametrize("mode", [0o755, 0o644, None], ids=["runs", "disabled", "none"])
    def test_uninstall_gives_the_files_back_byte_for_byte(
        self, program_path, git_repo, mode, remove
    ):
        if mode is not None:
            write_hook(hook_of(git_repo), "#!/bin/sh\necho old hook\r\n\xff", mode)
        before = snapshot(git_repo.path)
        git("install", "--hook", cwd=git_repo.path)
        assert snapshot(git_repo.path) != before
        git("uninstall", *remove, cwd=git_repo.path)
        assert snapshot(git_repo.path) == before

    @pytest.mark.slow
    def test_a_symlinked_hook_is_kept_as_it_is(self, program_path, git_repo):
        script = write_hook(git_repo.path / "tools" / "check", "#!/bin/sh\necho checked >&2\n")
        hook_of(git_repo).parent.mkdir(exist_ok=True)
        hook_of(git_repo).symlink_to("../../tools/check")
        before = snapshot(git_repo.path)
        git("install", "--hook", cwd=git_repo.path)
        assert script.read_text() == "#!/bin/sh\necho checked >&2\n"
        stage(git_repo, GOOD)
        assert "checked\n" in try_commit(git_repo).stderr
        git("uninstall", "--hook", cwd=git_repo.path)
        assert before.items() <= snapshot(git_repo.path).items()

    def test_a_symlink_to_nothing_is_kept_too(self, program_path, git_repo):
        hook_of(git_repo).parent.mkdir(exist_ok=True)
        hook_of(git_repo).symlink_to("gone")
        before = snapshot(git_repo.path)
        git("install", "--hook", cwd=git_repo.path)
        stage(git_repo, BAD)
        assert try_commit(git_repo).returncode == 1
        git("uninstall", "--hook", cwd=git_repo.path)
        assert (
            snapshot(git_repo.path / ".git/hooks").items()
            >= {"pre-commit": before[".git/hooks/pre-commit"]}.items()
        )

    def test_the_hook_that_was_there_runs_first_and_can_stop_the_commit(
        self, program_path, git_repo, monkeypatch
    ):
        write_hook(hook_of(git_repo), '#!/bin/sh\necho "old $# $0" >&2\nexit ${OLD:-0}\n')
        git("install", "--hook", cwd=git_repo.path)
        stage(git_repo, BAD)
        done = try_commit(git_repo)
        assert done.stderr.startswith("old 0 .git/hooks/pre-commit")
        assert "error[unknown-key]" in done.stderr
        monkeypatch.setenv("OLD", "7")
        done = try_commit(git_repo)
        assert done.returncode == 1
        assert done.stderr.startswith("old 0")
        assert "error[unknown-key]" not in done.stderr

    def test_a_second_hook_does_not_push_the_kept_one_out(self, hooked):
        hook_of(hooked).rename(hook_of(hooked).with_name("pre-commit.before-sessionctl"))
        write_hook(hook_of(hooked), "#!/bin/sh\n")
        before = snapshot(hooked.path)
        done = git("install", "--hook", cwd=hooked.path, code=3)
        assert "pre-commit.before-sessionctl: in the way" in done.stderr
        assert "sessionctl git hook pre-commit" in done.stderr
        assert snapshot(hooked.path) == before

    @pytest.mark.parametrize(
        "line",
        [
            'n=$(basename "$0")',
            'n=$(basename -- "$0")',
            "n=${0##*/}",
            '. "$(dirname "$0")/h"',
            "hook_type = File.basename($0)",
            "name = os.path.basename(__file__)",
        ],
    )
    def test_a_hook_that_acts_by_its_name_is_not_moved(self, program_path, git_repo, line):
        write_hook(hook_of(git_repo), f"#!/bin/sh\n{line}\n")
        before = snapshot(git_repo.path)
        done = git("install", "--hook", cwd=git_repo.path, code=3)
        assert "acts by the name it is called by" in done.stderr
        assert snapshot(git_repo.path) == before

    def test_a_hook_that_calls_us_already_is_left_alone(self, program_path, git_repo):
        write_hook(hook_of(git_repo), "#!/bin/sh\nsessionctl git hook pre-commit || exit\n")
        before = snapshot(git_repo.path)
        assert "nothing to install" in git("install", "--hook", cwd=git_repo.path).stderr
        assert "nothing to uninstall" in git("uninstall", "--hook", cwd=git_repo.path).stderr
        assert snapshot(git_repo.path) == before

    def test_a_hook_of_the_pre_commit_framework_that_runs_ours_is_left_alone(self, hooked):
        hook_of(hooked).rename(hook_of(hooked).with_name("pre-commit.legacy"))
        write_hook(hook_of(hooked), "#!/usr/bin/env bash\n# File generated by pre-commit.com\n")
        assert "nothing to install" in git("install", "--hook", cwd=hooked.path).stderr

    def test_a_hook_of_ours_that_was_edited_is_not_removed(self, hooked):
        hook_of(hooked).write_text(hook_of(hooked).read_text() + "make check\n")
        done = git("uninstall", "--hook", cwd=hooked.path, code=3)
        assert "was edited since sessionctl wrote it" in done.stderr
        assert "make check" in hook_of(hooked).read_text()

    def test_a_hook_that_lost_its_mode_gets_it_back(self, hooked):
        hook_of(hooked).chmod(0o644)
        git("install", "--hook", cwd=hooked.path)
        assert hook_of(hooked).stat().st_mode & 0o777 == 0o755

    def test_a_directory_in_the_place_of_the_hook_is_refused(self, program_path, git_repo):
        hook_of(git_repo).mkdir(parents=True)
        done = git("install", "--hook", cwd=git_repo.path, code=3)
        assert f"{hook_of(git_repo)}: cannot read: a directory" in done.stderr

    def test_without_a_directory_of_hooks_one_is_made(self, program_path, git_repo):
        shutil.rmtree(hook_of(git_repo).parent, ignore_errors=True)
        git("install", "--hook", cwd=git_repo.path)
        stage(git_repo, BAD)
        assert try_commit(git_repo).returncode == 1

    def test_outside_of_a_repository_it_says_what_to_do(self, program_path, tmp_path):
        need("git")
        done = git("install", "--hook", cwd=tmp_path, code=3)
        assert f"{tmp_path}: not in a git repository" in done.stderr


class TestHooksPath:
    @pytest.mark.parametrize("place", [".my hooks", "{tmp}/hooks", "~/hooks"])
    def test_the_hook_stands_where_git_looks_for_it(
        self, program_path, git_repo, tmp_path, home, place
    ):
        configured = place.format(tmp=tmp_path)
        git_repo.run("config", "core.hooksPath", configured)
        below = git_repo.path / "sub"
        below.mkdir()
        git("install", "--hook", cwd=below)
        directory = git_repo.path / configured.replace("~", str(home))
        assert (directory / "pre-commit").exists()
        assert not hook_of(git_repo).exists()
        stage(git_repo, BAD)
        assert try_commit(GitRepo(below)).returncode == 1
        git("uninstall", "--hook", cwd=below)
        assert list(directory.iterdir()) == []

    def test_uninstalling_all_leaves_a_hook_that_serves_others_too(
        self, program_path, git_repo, home
    ):
        git_repo.run("config", "--global", "core.hooksPath", "~/hooks")
        git("install", "--hook", cwd=git_repo.path)
        git("uninstall", cwd=git_repo.path)
        assert (home / "hooks" / "pre-commit").exists()
        git("uninstall", "--hook", cwd=git_repo.path)
        assert not (home / "hooks" / "pre-commit").exists()

    def test_a_hook_for_all_repositories_needs_a_place(self, program_path, tmp_path, home):
        need("git")
        done = git("install", "--global", "--hook", cwd=tmp_path, code=3)
        assert "core.hooksPath names no directory" in done.stderr
        assert git("uninstall", "--global", "--hook", cwd=tmp_path).returncode == 0
        GitRepo(tmp_path).run("config", "--global", "core.hooksPath", str(home / "hooks"))
        git("install", "--global", "--hook", cwd=tmp_path)
        assert (home / "hooks" / "pre-commit").exists()
        git("uninstall", "--global", "--hook", cwd=tmp_path)
        assert not (home / "hooks" / "pre-commit").exists()

    def test_where_git_runs_no_hooks_it_says_so(self, program_path, git_repo):
        git_repo.run("config", "core.hooksPath", "/dev/null")
        done = git("install", "--hook", cwd=git_repo.path, code=3)
        assert "core.hooksPath is not a directory: git runs no hooks here" in done.stderr
        assert git("uninstall", "--hook", cwd=git_repo.path).returncode == 0
