"""Policies in real git: what the driver settles, by which dates, and resolve afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sessionctl.system.git.side_dates import dates_of_file, dates_of_sides
from tests.git.conftest import read_answer
from tests.git.inprocess import run_inside

NAME = "Cargo.toml"
BASE = (
    '[package]\nname = "x"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\nserde = "1.0"\n'
)
OURS = BASE.replace("1.0.0", "1.2.0").replace('"1.0"', '"1.5"')
THEIRS = BASE.replace("1.0.0", "1.1.0").replace('"1.0"', '"1.10"')
HIGHEST = OURS.replace("1.5", "1.10")
EARLY, LATE = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


@pytest.fixture
def cargo(repo):
    """Return a repository in which git merges Cargo.toml through sessionctl."""
    repo.write(".gitattributes", repo.read(".gitattributes") + "*.toml merge=sessionctl\n")
    repo.write(NAME, BASE)
    repo.commit("cargo")
    return repo


@pytest.fixture
def commit(cargo, monkeypatch):
    """Return a function that commits a text, written by its author at a certain time."""

    def run(text, when, name=NAME):
        monkeypatch.setenv("GIT_AUTHOR_DATE", when)
        cargo.write(name, text)
        found = cargo.commit(f"change {name}")
        monkeypatch.delenv("GIT_AUTHOR_DATE")
        return found

    return run


@pytest.fixture
def branch_off(cargo, commit):
    """Return a function that commits theirs on branch topic and ours on main."""

    def run(ours=(OURS, EARLY), theirs=(THEIRS, LATE), name=NAME):
        cargo.run("checkout", "--quiet", "-b", "topic")
        found = commit(*theirs, name)
        cargo.run("checkout", "--quiet", "main")
        commit(*ours, name)
        return found

    return run


def test_a_conflict_of_versions_names_the_command_that_takes_the_higher(cargo, branch_off):
    branch_off()
    done = cargo.run("merge", "topic", check=False)
    assert done.returncode == 1
    assert (
        f"hint: for the higher version: sessionctl resolve {NAME} --prefer '*=max'\n" in done.stderr
    )
    assert run_inside("resolve", NAME, "--prefer", "*=max", cwd=cargo.path).returncode == 0
    assert cargo.read(NAME) == HIGHEST


def test_the_environment_settles_by_max_and_tells_what_it_settled(cargo, branch_off, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "package.*=theirs, max")
    branch_off()
    done = cargo.run("merge", "topic")
    assert cargo.read(NAME) == HIGHEST.replace("1.2.0", "1.1.0")
    assert f"{NAME}:3:1: resolved[theirs]: package.version (package.*=theirs)\n" in done.stderr
    assert f"{NAME}:7:1: resolved[max]: dependencies.serde\n" in done.stderr


@pytest.mark.parametrize(("ours", "theirs", "wins"), [(EARLY, LATE, THEIRS), (LATE, EARLY, OURS)])
def test_newest_goes_by_when_each_side_changed_the_file(
    cargo, branch_off, commit, monkeypatch, ours, theirs, wins
):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "newest")
    branch_off((OURS, ours), (THEIRS, theirs))
    commit("a = 1\n", "2026-03-01T00:00:00Z", "other.toml")  # another file does not count
    cargo.run("merge", "topic")
    assert cargo.read(NAME) == wins


@pytest.mark.parametrize(("ours", "theirs", "wins"), [(EARLY, LATE, THEIRS), (LATE, EARLY, OURS)])
def test_newest_in_a_rebase_goes_by_the_commit_that_is_applied(
    cargo, branch_off, monkeypatch, ours, theirs, wins
):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "newest")
    branch_off((OURS, ours), (THEIRS, theirs))
    cargo.run("checkout", "--quiet", "topic")
    cargo.run("rebase", "main")
    assert cargo.read(NAME) == wins


@pytest.mark.slow
def test_newest_in_a_cherry_pick_is_not_known_before_it_stops_and_known_then(
    cargo, branch_off, monkeypatch
):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "newest")
    picked = branch_off()
    assert cargo.run("cherry-pick", picked, check=False).returncode == 1
    done = run_inside("resolve", NAME, "--prefer", "*=newest", cwd=cargo.path)
    assert (done.returncode, cargo.read(NAME)) == (0, THEIRS)


@pytest.mark.slow
def test_newest_while_a_stash_is_applied_stays_a_conflict(cargo, commit, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_MERGE_PREFER", "newest")
    cargo.write(NAME, THEIRS)
    cargo.run("stash")
    commit(OURS, EARLY)
    done = cargo.run("stash", "pop", check=False)
    assert done.returncode == 1
    assert "git does not show here which side is newer" in done.stderr
    assert cargo.read(NAME).count("<<<<<<<") == 2
    done = run_inside("resolve", NAME, "--prefer", "*=newest", cwd=cargo.path)
    assert done.returncode == 2
    assert "newest does not resolve it: which side is newer is not known" in done.stderr


def test_resolve_takes_the_newest_side_of_a_merge_from_another_directory(cargo, branch_off):
    branch_off()
    cargo.run("merge", "topic", check=False)
    done = run_inside(
        "resolve", str(cargo.path / NAME), "--prefer", "*=newest", "--json", cwd=cargo.path.parent
    )
    answer = read_answer(done.stdout, "resolve")
    assert [conflict["resolution"] for conflict in answer["conflicts"]] == ["newest", "newest"]
    assert cargo.read(NAME) == THEIRS


def test_a_conflict_that_git_marked_by_lines_is_settled_key_by_key(cargo, branch_off, monkeypatch):
    monkeypatch.setenv("SESSIONCTL_MERGE", "text")
    theirs = THEIRS.replace("2021", "2024")
    branch_off(theirs=(theirs, LATE))
    cargo.run("-c", "merge.conflictStyle=diff3", "merge", "topic", check=False)
    done = run_inside("resolve", NAME, "--prefer", "*=max", cwd=cargo.path)
    assert done.returncode == 0, done.stderr
    assert cargo.read(NAME) == HIGHEST.replace("2021", "2024")


def test_the_dates_are_those_of_the_authors(cargo, branch_off, monkeypatch, tmp_path):
    theirs = branch_off()
    assert dates_of_file(str(cargo.path / NAME), {}) is None  # nothing is under way
    cargo.run("merge", "topic", check=False)
    early, late = (datetime.fromisoformat(when).astimezone(UTC) for when in (EARLY, LATE))
    assert dates_of_file(str(cargo.path / NAME), {}) == (early, late)
    environ = {"GIT_DIR": str(cargo.path / ".git"), "GIT_WORK_TREE": str(cargo.path)}
    assert dates_of_file(str(cargo.path / NAME), environ) == (early, late)
    monkeypatch.chdir(cargo.path)
    assert dates_of_sides(NAME, {f"GITHEAD_{theirs}": "topic"}) == (early, late)
    assert dates_of_sides("none.toml", {}) is None
    assert dates_of_file(str(tmp_path / "alone.toml"), {}) is None
