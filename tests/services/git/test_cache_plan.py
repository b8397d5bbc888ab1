"""The steps that let git keep masked texts in a repository, and those that end it."""

from __future__ import annotations

import os

import pytest

from sessionctl.errors import GitError
from sessionctl.services.git.cache import cache_plan
from sessionctl.services.git.cache.cache_plan import (
    INCLUDE,
    DropTexts,
    KeepTexts,
    plan_cache,
    plan_uncache,
)
from sessionctl.services.git.cache.kept_command import FILE, REF
from sessionctl.services.git.cache.text_cache import TextCache
from sessionctl.services.git.config_steps import RemoveSection, SetConfig
from sessionctl.system.git.program import Git

SECTION = "includeif.gitdir:**"
SET = SetConfig("local", INCLUDE, FILE)
REMOVE = RemoveSection("local", SECTION)
OWN = {cache_plan.TEXTCONV: "x"}


@pytest.fixture
def git(git_repo):
    return Git(os.environ, git_repo.path)


@pytest.fixture
def cache(git_repo):
    return TextCache(str(git_repo.path / ".git"))


def steps(git, settings=OWN, *, is_asked=True):
    return plan_cache(git, settings, ["*.toml"], is_asked=is_asked)


def test_a_cache_is_made_where_it_is_asked_for_and_kept_then(git_repo, git, cache):
    first, keep = steps(git)
    assert first == SET
    assert isinstance(keep, KeepTexts)
    assert keep.cache.path == cache.path
    assert steps(git, is_asked=False) == []
    assert plan_uncache(git) == []
    for step in steps(git):
        step.carry_out(git)
    assert git.config("local", "^includeif").get(INCLUDE) == FILE
    assert cache.read().is_current
    assert steps(git) == steps(git, is_asked=False) == []
    # It must stand behind what it changes, so it goes and comes again.
    assert steps(git, {}) == [REMOVE, SET]
    cache_file = git_repo.path / ".git" / FILE
    cache_file.write_text("# off: files come through a filter of git\n")
    assert steps(git, is_asked=False) == []
    [again] = steps(git)
    assert isinstance(again, KeepTexts)
    cache_file.unlink()
    assert [type(step) for step in steps(git, is_asked=False)] == [KeepTexts]
    remove, drop = plan_uncache(git)
    assert (remove, drop.ref, drop.cache.path) == (REMOVE, REF, cache.path)


def test_the_cache_goes_with_all_that_git_kept(git_repo, git, cache):
    commit = git_repo.commit(a="a")
    for step in steps(git):
        step.carry_out(git)
    git_repo.run("update-ref", REF, commit)
    drop = DropTexts(cache, REF)
    script = git_repo.path / ".git" / os.path.basename(cache.script)
    if not script.exists():
        script.write_text("#!/bin/sh\n")
    for _ in range(2):
        drop.carry_out(git)
        assert not os.path.exists(cache.path)
        assert not script.exists()
        assert git_repo.run("for-each-ref", REF).stdout == ""
    plan_uncache(git)[0].carry_out(git)
    assert plan_uncache(git) == []


def test_what_is_in_the_way_is_said(git_repo, git, monkeypatch):
    git_repo.run("config", INCLUDE, "mine.conf")
    assert steps(git, is_asked=False) == []
    with pytest.raises(GitError) as caught:
        steps(git)
    assert caught.value.message == f"{INCLUDE} is set already, to mine.conf"
    assert list(caught.value.hints) == ["include that file by include.path"]
    git_repo.run("config", "--unset", INCLUDE)
    git_repo.write(".gitattributes", "*.toml filter=lfs\n")
    git_repo.write("a.toml", "x\n")
    git_repo.run("add", "--all")
    with pytest.raises(GitError) as caught:
        steps(git)
    assert caught.value.message == (
        "git must not keep texts here: a.toml comes through the filter 'lfs'"
    )
    assert list(caught.value.hints) == ["without --cache, nothing is kept"]
    monkeypatch.setattr(TextCache, "reader_problem", lambda _self: "others cannot read it")
    with pytest.raises(GitError) as caught:
        steps(git)
    assert caught.value.message == "git cannot keep texts here: others cannot read it"
    assert list(caught.value.hints) == ["let all users read it, or leave --cache out"]
