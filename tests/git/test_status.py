"""sessionctl git status: does git hand files over here, and if not, why not."""

from __future__ import annotations

import pytest

from tests.git.conftest import BASE, read_answer
from tests.git.inprocess import run_inside
from tests.git.test_merges import CLASH, NAME, OURS, branch_off
from tests.world import need


def status(path, *options, code=0):
    done = run_inside("git", "status", *options, cwd=path)
    assert done.returncode == code, done.stderr
    return done


def test_all_is_well_after_install(repo, program_path):
    done = status(repo.path)
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert lines["sessionctl"] == str(program_path / "sessionctl")
    assert lines["installed"] == "local"
    assert lines["files"] == "1 of 1 session files are merged by key"
    assert done.stderr == ""


def test_all_is_told_as_json(repo, program_path):
    answer = read_answer(status(repo.path, "--json").stdout, "git-status")
    assert answer["working"] is True
    assert answer["installed"] == ["local"]
    assert answer["files"] == [{"path": NAME, "merge": "sessionctl", "diff": "sessionctl"}]
    assert answer["problems"] == []
    assert answer["operation"] is None


def test_before_install_the_next_step_is_told(program_path, git_repo):
    git_repo.commit("a file", a__session__toml=BASE)
    done = status(git_repo.path, code=1)
    assert "error: git does not know sessionctl here" in done.stderr
    assert "error: a.session.toml: git merges it by lines (attribute merge: unspecified)" in (
        done.stderr
    )
    assert done.stderr.count("hint: sessionctl git install") == 2


def test_outside_of_a_repository_the_users_settings_count(program_path, tmp_path):
    need("git")
    assert "installed   no" in status(tmp_path, code=1).stdout
    run_inside("git", "install", "--global", cwd=tmp_path)
    assert "installed   global" in status(tmp_path).stdout


def test_a_missing_program_is_an_error(repo, no_program, monkeypatch):
    no_program()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    done = status(repo.path, code=1)
    assert "sessionctl is not on the PATH that git sees" in done.stderr
    assert "put the directory of sessionctl on PATH" in done.stderr


def test_an_attribute_set_elsewhere_is_an_error(repo):
    repo.write(".git/info/attributes", "*.toml merge=union\n")
    done = status(repo.path, code=1)
    assert f"{NAME}: git merges it by lines (attribute merge: union)" in done.stderr
    assert f"git check-attr -a -- {NAME}" in done.stderr


def test_settings_of_another_version_are_a_warning(repo):
    repo.run("config", "merge.sessionctl.recursive", "text")
    done = status(repo.path)
    assert "warning: git's settings are not those of this version: merge.sessionctl.recursive" in (
        done.stderr
    )
    run_inside("git", "install", cwd=repo.path)
    assert status(repo.path).stderr == ""


def test_an_operation_under_way_is_told(repo):
    branch_off(repo, CLASH, OURS)
    repo.run("merge", "topic", check=False)
    assert "under way   a merge" in status(repo.path).stdout


def test_a_bare_repository_has_no_files(program_path, git_repo, tmp_path):
    git_repo.run("init", "--quiet", "--bare", str(tmp_path / "bare"))
    run_inside("git", "install", cwd=tmp_path / "bare")
    assert "0 of 0" in status(tmp_path / "bare").stdout


def test_one_work_tree_has_a_scope_of_its_own(program_path, git_repo):
    git_repo.run("config", "extensions.worktreeConfig", "true")
    run_inside("git", "install", "--worktree", cwd=git_repo.path)
    assert "installed   worktree" in status(git_repo.path).stdout


def test_a_missing_git_is_told(program_path, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = status(tmp_path, code=3)
    assert "git: not found on PATH" in done.stderr


@pytest.mark.parametrize("command", ["install", "uninstall", "status"])
def test_each_command_has_a_help(command):
    done = run_inside("git", command, "--help")
    assert done.returncode == 0
    assert "--git-dir" in done.stdout


def test_install_warns_when_git_will_not_find_the_program(git_repo, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    done = run_inside("git", "install", cwd=git_repo.path)
    assert done.returncode == 0
    assert "warning: sessionctl is not on PATH" in done.stderr


def test_install_tells_each_step_when_asked(program_path, git_repo):
    done = run_inside("git", "install", "-v", cwd=git_repo.path)
    assert "git config --local merge.sessionctl.driver" in done.stderr
