"""How git and its files are typed, from inside, from below, from elsewhere and through links."""

from __future__ import annotations

import os

import pytest

from sessionctl.system.git import typed_git as module
from sessionctl.system.git.typed_git import PLAIN_GIT, TypedGit, in_git, typed_git, typed_git_for
from tests.together import together


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Two repositories, one with a directory, and a directory outside with links into them."""
    for path in ("one/.git", "one/sub", "two r/.git", "out"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "one" / "a.toml").write_text("")
    (tmp_path / "one" / "sub" / "b c.toml").write_text("")
    (tmp_path / "two r" / "d.toml").write_text("")
    (tmp_path / "out" / "stowed.toml").symlink_to("../one/a.toml")
    (tmp_path / "one" / "inner.toml").symlink_to("a.toml")
    (tmp_path / "linked").symlink_to("one/sub")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@together(
    "here, paths, line",
    [
        ("one", ["a.toml"], "git add a.toml"),
        ("one/sub", ["../a.toml", "b c.toml"], "git add ../a.toml 'b c.toml'"),
        ("linked", ["b c.toml"], "git add 'b c.toml'"),
        ("one", ["gone/x.toml"], "git add gone/x.toml"),
        ("one", ["inner.toml"], "git add inner.toml"),
        ("out", ["../one/a.toml"], "git -C ROOT/one add a.toml"),
        ("out", ["../two r/d.toml"], "git -C 'ROOT/two r' add d.toml"),
        ("one", ["../two r/d.toml"], "git -C 'ROOT/two r' add d.toml"),
        ("out", ["../linked/b c.toml"], "git -C ROOT/one/sub add 'b c.toml'"),
        ("out", ["stowed.toml"], "git -C ROOT/one add a.toml"),
        ("one", ["../out/stowed.toml"], "git add a.toml"),
        ("out", ["none.toml"], "git add none.toml"),
        ("one", ["-x.toml"], "git add ./-x.toml"),
    ],
    ids=str,
)
def test_a_line_for_git_works_from_where_it_is_read(places, monkeypatch, here, paths, line):
    monkeypatch.chdir(places / here)
    found = in_git("add", *paths, environ={})
    assert found.replace(str(places), "ROOT") == line


def test_a_repository_elsewhere_is_named_and_this_one_is_not(places, monkeypatch):
    top = str(places / "two r")
    typed = typed_git(top, {})
    word = f"'{top}'"
    assert typed == TypedGit(f"git -C {word}", top, f" {word}")
    assert typed.enter == f"cd {word} && "
    monkeypatch.chdir(places / "two r")
    assert typed_git(top, {}) == TypedGit("git", top)
    assert typed_git(top, {}).enter == ""
    assert typed_git(places / "out", {}) == TypedGit("git", top)  # it is in no repository
    # GIT_DIR leads to one and the same from everywhere.
    monkeypatch.chdir(places / "out")
    environ = {"GIT_DIR": str(places / "one" / ".git")}
    assert typed_git(top, environ) == TypedGit("git", str(places / "out"))
    assert typed_git_for("x.toml", environ) == TypedGit("git", str(places / "out"))
    assert PLAIN_GIT.file("x.toml") == "x.toml"


@together(
    "environ, path, word",
    [
        ({}, "a/b.toml", "a/b.toml"), ({"GIT_PREFIX": ""}, "a/b.toml", "a/b.toml"),
        ({"GIT_PREFIX": "a/"}, "a/b.toml", "b.toml"),
        ({"GIT_PREFIX": "a/c/"}, "a/b d.toml", "'../b d.toml'"),
        ({"GIT_PREFIX": "c/"}, "-b.toml", "../-b.toml"),
    ],
    ids=str,
)  # fmt: skip
def test_where_git_starts_us_a_path_is_seen_from_where_git_was_called(environ, path, word):
    assert module.typed_path(path, environ) == word


def test_what_is_called_in_its_own_directory_needs_no_place(places, monkeypatch):
    monkeypatch.chdir(places / "one")
    typed = typed_git_for("a.toml", os.environ)
    assert (typed.command, typed.place, typed.enter) == ("git", "", "")
