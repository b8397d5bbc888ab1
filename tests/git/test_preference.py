"""merge.prefer of the settings: the driver, merge, resolve and the mergetool follow it alike."""

from __future__ import annotations

import json
import os

import pytest

from tests.git.inprocess import run_inside

BASE = '[d]\na = "1.0"\nb = "x"\nc = 1\n'
OURS = '[d]\na = "1.1"\nc = 2\n'
THEIRS = '[d]\na = "1.2"\nb = "y"\nc = 3\n'
SETTLED = '[d]\na = "1.2"\n'
PREFER = '[merge]\nprefer = ["usual"]\n'


@pytest.fixture
def sides(tmp_path):
    """Write the three versions into a project that has the setting."""
    for name, text in (("base", BASE), ("ours", OURS), ("theirs", THEIRS)):
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / ".sessionctl.toml").write_text(PREFER)
    return tmp_path


def merge(folder, *more, env=None):
    names = ("base.toml", "ours.toml", "theirs.toml")
    return run_inside("merge", *names, *more, cwd=folder, env=env)


def test_merge_settles_what_the_settings_say_and_reports_it(sides):
    done = merge(sides)
    assert done.returncode == 1
    assert done.stdout.startswith(SETTLED + "<<<<<<<")
    assert "resolved[usual]: d.b" in done.stderr
    assert "resolved by merge.prefer, " in done.stderr
    assert ".sessionctl.toml:2" in done.stderr
    found = json.loads(merge(sides, "--json").stdout)
    assert [one["path"] for one in found["settled"]] == ["d.a", "d.b"]
    assert [one["path"] for one in found["conflicts"]] == ["d.c"]


def test_an_option_goes_before_the_settings(sides):
    done = merge(sides, "--prefer", "theirs")
    assert (done.returncode, done.stdout) == (0, THEIRS)
    assert "merge.prefer" not in done.stderr


def test_the_environment_goes_before_the_files(sides):
    done = merge(sides, env={"SESSIONCTL_MERGE_PREFER": "d.a=ours, theirs"})
    assert (done.returncode, done.stdout) == (0, THEIRS.replace("1.2", "1.1"))


@pytest.fixture
def own(tmp_path_factory):
    """Return the environment of a user with settings of their own, and their file."""
    config = tmp_path_factory.mktemp("config")
    file = config / "sessionctl" / "config.toml"
    file.parent.mkdir()
    return {"XDG_CONFIG_HOME": str(config)}, file


def test_what_the_user_has_set_goes_before_the_project(sides, own):
    env, file = own
    file.write_text('[merge]\nprefer = ["theirs"]\n')
    done = merge(sides, env=env)
    assert (done.returncode, done.stdout) == (0, THEIRS)
    assert f"resolved by merge.prefer, {file}:2" in done.stderr


def test_a_user_who_sets_nothing_to_be_settled_is_not_overruled_by_a_project(sides, own):
    env, file = own
    file.write_text("[merge]\nprefer = []\n")
    done = merge(sides, env=env)
    assert (done.returncode, done.stdout.count("<<<<<<<")) == (1, 3)
    assert "merge.prefer" not in done.stderr


def test_a_user_with_other_settings_leaves_the_project_its_word(sides, own):
    env, file = own
    file.write_text("[backups]\ncount = 7\n")
    assert "resolved[usual]: d.b" in merge(sides, env=env).stderr


def test_git_install_says_that_a_repository_settles_conflicts(program_path, git_repo, own):
    env, file = own
    git_repo.write(".sessionctl.toml", PREFER)
    words = ("git", "install", "--pattern", "d.toml")
    done = run_inside(*words, cwd=git_repo.path, env=env)
    assert "this repository resolves some conflicts automatically: merge.prefer, " in done.stderr
    assert ".sessionctl.toml:2" in done.stderr
    hint = next(line for line in done.stderr.splitlines() if "to decide yourself: " in line)
    type_in(git_repo, hint.partition("yourself: ")[2], env)
    assert "prefer = []" in file.read_text()
    again = run_inside("git", "install", "--pattern", "x.toml", cwd=git_repo.path, env=env)
    assert "resolves some conflicts automatically" not in again.stderr


@pytest.mark.slow
def test_the_mergetool_settles_what_the_settings_say(program_path, git_repo):
    git_repo.write("d.toml", BASE)
    git_repo.commit("base")
    git_repo.run("switch", "-qc", "other")
    git_repo.write("d.toml", THEIRS)
    git_repo.commit("theirs")
    git_repo.run("switch", "-q", "-")
    git_repo.write("d.toml", OURS)
    git_repo.commit("ours")
    git_repo.run("merge", "other", check=False)
    run_inside("git", "install", "--pattern", "d.toml", cwd=git_repo.path)
    git_repo.write(".sessionctl.toml", '[merge]\nprefer = ["usual", "d.c=theirs"]\n')
    done = git_repo.run("mergetool", "-y", "--tool=sessionctl", "d.toml", check=False)
    assert (git_repo.path / "d.toml").read_text() == SETTLED + "c = 3\n", done
    assert "merge.prefer, " in done.stderr
    assert "<<<<" not in git_repo.run("diff", "--check", check=False).stdout


def test_a_word_that_is_no_policy_is_reported_with_its_place_and_left_out(sides):
    (sides / ".sessionctl.toml").write_text('[merge]\nprefer = ["newer"]\n')
    done = merge(sides)
    assert (done.returncode, done.stdout.count("<<<<<<<")) == (1, 3)
    listed = run_inside("config", "merge.prefer", cwd=sides)
    assert listed.returncode == 1
    assert ".sessionctl.toml:2:" in listed.stderr


def test_resolve_settles_what_the_settings_say(sides):
    (sides / ".sessionctl.toml").unlink()
    assert merge(sides, "-o", "out.toml").returncode == 1
    (sides / ".sessionctl.toml").write_text(PREFER)
    done = run_inside("resolve", "out.toml", "--no-input", cwd=sides)
    assert done.returncode == 1
    assert "resolved by merge.prefer" in done.stderr
    assert (sides / "out.toml").read_text().startswith(SETTLED + "<<<<<<<")
    done = run_inside("resolve", "out.toml", "--prefer", "d.c=ours", cwd=sides)
    assert done.returncode == 0
    assert (sides / "out.toml").read_text() == SETTLED + "c = 2\n"


def test_resolve_takes_what_is_usual(sides):
    (sides / ".sessionctl.toml").unlink()
    done = merge(sides, "-o", "out.toml")
    assert "sessionctl resolve out.toml --prefer d.b=usual" in done.stderr
    done = run_inside("resolve", "out.toml", "--prefer", "d.b=usual", cwd=sides)
    assert "b =" not in (sides / "out.toml").read_text()
    assert done.returncode == 1


def test_git_merges_by_the_settings_after_the_proposed_command(program_path, git_repo):
    done = run_inside("git", "install", "--pattern", "d.toml", cwd=git_repo.path)
    hint = next(line for line in done.stderr.splitlines() if "merge.prefer" in line)
    proposed = hint.partition("people do: ")[2]
    git_repo.write("d.toml", BASE.replace("c = 1\n", ""))
    git_repo.commit("base")
    git_repo.run("switch", "-qc", "other")
    git_repo.write("d.toml", THEIRS.replace("c = 3\n", ""))
    git_repo.commit("theirs")
    git_repo.run("switch", "-q", "-")
    git_repo.write("d.toml", OURS.replace("c = 2\n", ""))
    git_repo.commit("ours")
    type_in(git_repo, proposed)
    merged = git_repo.run("merge", "-m", "both", "other")
    assert (git_repo.path / "d.toml").read_text() == SETTLED
    assert merged is not None
    again = run_inside("git", "install", "--pattern", "x.toml", cwd=git_repo.path)
    assert "merge.prefer" not in again.stderr


def type_in(repo, command, env=None):
    import subprocess

    environment = {**os.environ, **(env or {})}
    subprocess.run(
        ["sh", "-c", command], cwd=repo.path, env=environment, check=True, capture_output=True
    )
