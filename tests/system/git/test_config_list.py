"""All settings in one answer are what git says of each."""

from __future__ import annotations

import os

import pytest

from sessionctl.system.git import program
from sessionctl.system.git.config_list import ConfigList
from sessionctl.system.git.program import Git
from tests.call_log import log_calls
from tests.together import together

PATTERNS = [
    r"^(merge|diff)\..+\.(name|driver|recursive|textconv|command)$",
    r"^rerere\.enabled$",
    r"^one\..*",
    "nothing",
]


@pytest.fixture(params=[True, False], ids=["including", "alone"])
def both(git_repo, request):
    """Return git that asks for each setting, and git that asks for all."""
    _configure(git_repo, is_including=request.param)
    git = Git(os.environ, git_repo.path)
    return git, git.remembering()


def _configure(git_repo, *, is_including):
    (git_repo.path / "more").write_text('[one]\n\tincluded = yes\n[merge "Ours.x"]\n\tdriver = a\n')
    for key, value in (
        ("one.two", "first\nsecond"),
        *[("include.path", "../more")][:is_including],
        ("diff.ours.textconv", "cat"),
        ("Rerere.Enabled", "true"),
    ):
        git_repo.run("config", "--add", key, value)
    git_repo.run("config", "--add", "one.two", "last")
    with (git_repo.path / ".git" / "config").open("a") as stream:
        stream.write("[one]\n\tbare\n")


@together("pattern", PATTERNS)
@together("scope", ["", "local", "global", "worktree"])
def test_a_list_answers_as_git_does(both, scope, pattern):
    one, many = both
    assert many.config(scope, pattern) == one.config(scope, pattern)


def test_what_is_included_is_of_the_scope_that_includes_it_and_not_in_its_file(git_repo):
    _configure(git_repo, is_including=True)
    one = Git(os.environ, git_repo.path)
    many = one.remembering()
    assert "one.included" in many.config("", "^one")
    assert many.config("local", "^one.included") == one.config("local", "^one.included") == {}


@pytest.mark.parametrize("answer", [b"local", b"local\0a.b\nc", b"local\0a.b\0c\0"])
def test_an_answer_that_is_not_understood_is_none(answer):
    assert ConfigList.parse(answer) is None


def test_no_setting_at_all_is_an_answer():
    assert ConfigList.parse(b"") == ConfigList(())


def test_a_scope_that_includes_nothing_needs_no_question_of_its_own(git_repo, monkeypatch):
    _configure(git_repo, is_including=False)
    many = Git(os.environ, git_repo.path).remembering()
    asked = log_calls(monkeypatch, program, "run", lambda argv, **_: argv[1:])
    for pattern in PATTERNS:
        many.config("local", pattern)
        many.config("worktree", pattern)
    assert asked == [["config", "-z", "--list", "--show-scope"]]
