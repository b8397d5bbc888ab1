"""Hints of what lies around a session: filters, links, hooks, editors, conflicts of git."""

from __future__ import annotations

import os
import sys

import pytest

from sessionctl.__main__ import main
from sessionctl.sdk import Status, Workspace
from sessionctl.services.machine import Machine
from tests.hints.hint_typing import command_of, hint_in, situation, type_it
from tests.hints.test_hints import (  # noqa: F401 - a fixture
    NAMES,
    SMALL,
    clash,
    repo,
    say,
)

TWO = SMALL.replace("small", "two")


@situation("find the filter that fails: sessionctl doctor")
def test_a_filter_that_fails(repo):  # noqa: F811
    repo.write("a.session.toml", SMALL)
    repo.commit("plain")
    repo.write(".git/info/attributes", "*.session.toml filter=gone\n")
    repo.run("config", "filter.gone.smudge", "no-such-program")
    repo.run("config", "filter.gone.clean", "no-such-program")
    repo.run("config", "filter.gone.required", "true")
    repo.write("a.session.toml", TWO)
    text, code = say("undo", "a.session.toml", cwd=repo.path)
    assert code == 3
    hint = hint_in(text, "find the filter that fails: sessionctl doctor")
    shown, code = say(*command_of(hint).split()[1:], cwd=repo.path)
    assert code == 1
    assert "the filter 'gone', which fails here" in shown


@situation("its session files are links into one: sessionctl sync {}")
@pytest.mark.parametrize("place", ["dots", "my dots"])
def test_links_into_a_repository(repo, home, place):  # noqa: F811
    moved = repo.path.rename(repo.path.with_name(place))
    file = moved / "a.session.toml"
    file.write_text(SMALL)
    (home / "s").mkdir()
    (home / "s" / "a.session.toml").symlink_to(file)
    text, code = say("sync", cwd=home / "s")
    assert code == 3
    assert "git init" not in text
    hint = hint_in(text, "its session files are links into one: sessionctl sync {}")
    type_it(command_of(hint), home / "s")
    assert "nothing to commit" in say("sync", cwd=moved)[0]


def test_what_undo_changed_through_a_link_is_committed_as_it_says(repo, home):  # noqa: F811
    file = repo.write("s/a.session.toml", SMALL)
    repo.commit("one")
    repo.write("s/a.session.toml", TWO)
    repo.commit("two")
    (home / "s").mkdir()
    (home / "s" / "a.session.toml").symlink_to(file)
    text, _ = say("undo", "a.session.toml", cwd=home / "s")
    type_it(command_of(hint_in(text, "keep it: {}")), home / "s")
    assert repo.run("status", "--porcelain").stdout == ""
    assert file.read_text() == SMALL


@situation("start again: sessionctl edit {}")
@pytest.mark.parametrize("name", NAMES)
def test_an_editor_that_leaves_a_directory(repo, monkeypatch, name):  # noqa: F811
    file = f"{name}.session.toml"
    repo.write(file, SMALL)
    monkeypatch.setenv("EDITOR", 'sh -c \'rm -- "$0"; mkdir -- "$0"\'')
    text, code = say("edit", "--", file, cwd=repo.path)
    assert code == 3
    hint = hint_in(text, "start again: sessionctl edit {}")
    type_it(command_of(hint), repo.path, env={**os.environ, "EDITOR": "sed -i s/small/two/"})
    assert repo.read(file) == TWO


@situation("fix it: sessionctl edit {}")
@pytest.mark.parametrize("name", NAMES)
def test_a_host_without_a_listener_whose_file_is_broken(repo, monkeypatch, caplog, name):  # noqa: F811
    file = f"{name}.session.toml"
    repo.write(file, SMALL + "x = [\n")
    with Workspace("notes", str(repo.path / file), Machine(dict(os.environ))) as workspace:
        workspace._events.tell(Status.DEGRADED, "broken")
    hint = hint_in(caplog.messages[0], "fix it: sessionctl edit {}")
    env = {**os.environ, "EDITOR": "sed -i -e s/small/two/ -e /^x/d"}
    type_it(command_of(hint), repo.path, env=env)
    assert repo.read(file) == TWO


@situation("git config --show-origin core.hooksPath")
def test_hooks_that_are_off(repo):  # noqa: F811
    repo.run("config", "core.hooksPath", "/dev/null")
    text, _ = say("doctor", cwd=repo.path)
    assert "git runs no hooks here: core.hooksPath is not a directory" in text
    assert "fix: git config --show-origin core.hooksPath" in text
    type_it("git config --show-origin core.hooksPath", repo.path)


@situation("first: sessionctl resolve {} && {} add {}")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", [".", "s", "elsewhere"])
def test_a_conflict_in_the_middle_of_a_merge(repo, name, where, home):  # noqa: F811
    clash(repo, f"s/{name}.session.toml", SMALL.replace("small", "ours"), TWO)
    cwd = home if where == "elsewhere" else repo.path / where
    given = [str(repo.path / "s")] if where == "elsewhere" else []
    text, code = say("sync", *given, cwd=cwd)
    assert code == 5
    hint = hint_in(text, "first: sessionctl resolve {} && {} add {}")
    # On a terminal it asks; here the answer is given.
    type_it(command_of(hint).replace("resolve", "resolve --prefer ours", 1), cwd)
    type_it(command_of(hint_in(text, "finish it: {}")).partition(", or")[0], cwd)
    assert repo.run("status", "--porcelain").stdout == ""


@situation("first resolve the conflicts: {} status")
@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [("notes", "ours\n", "theirs\n"), ("a.session.toml", TWO, None), ("a.session.toml", None, TWO)],
)
def test_a_conflict_that_resolve_does_not_take(repo, name, ours, theirs):  # noqa: F811
    clash(repo, name, ours, theirs)
    text, code = say("sync", cwd=repo.path)
    assert code == 5
    type_it("git status", repo.path)
    assert hint_in(text, "first resolve the conflicts: {} status").endswith("git status")
    assert "sessionctl resolve" not in text


def test_a_current_directory_that_is_gone(repo, monkeypatch, capfd):  # noqa: F811
    monkeypatch.chdir(repo.path)
    lost = repo.path / "lost"
    lost.mkdir()
    monkeypatch.chdir(lost)
    lost.rmdir()
    code = main(["list"])
    text = capfd.readouterr().err
    assert code == 3
    hint = hint_in(text, "go to a directory that is there: cd")
    type_it(f"{command_of(hint)} && {sys.executable} -m sessionctl list", repo.path)
