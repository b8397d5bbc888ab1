"""Why git would not merge sessions by key, here or in other clones: each reason, word by word."""

from __future__ import annotations

import os
import shutil

import pytest

from sessionctl.core.text.managed_block import BEGIN
from sessionctl.services.sync.driver_obstacles import attributes_note, driver_obstacle
from sessionctl.services.sync.sync_result import NoteKind, SyncNote
from sessionctl.system.git.program import Git

FILES = ["a.session.toml", "b.session.toml"]
OURS = f"{BEGIN}\n*.session.toml merge=sessionctl\n"


@pytest.fixture
def git(git_repo, tmp_path):
    """Return git in a fresh repository, whose PATH has a sessionctl before all else."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "sessionctl").write_text("#!/bin/sh\n")
    (programs / "sessionctl").chmod(0o755)
    return Git({**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}, git_repo.path)


def test_what_keeps_git_from_merging_by_key_is_named(git, git_repo, tmp_path):
    assert driver_obstacle(git, FILES) == "git does not know sessionctl here"
    git_repo.run("config", "merge.sessionctl.driver", "sessionctl git merge-driver")
    unset = "git merges it by lines (attribute merge of a.session.toml: unspecified)"
    assert driver_obstacle(git, FILES) == unset
    git_repo.write(".gitattributes", "*.session.toml merge=sessionctl\nb.* merge=union\n")
    other = "git merges it by lines (attribute merge of b.session.toml: union)"
    assert driver_obstacle(git, FILES) == other
    assert driver_obstacle(git, FILES[:1]) == ""
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "git").symlink_to(shutil.which("git"))
    without = Git({**git.environ, "PATH": str(alone)}, git_repo.path)
    assert driver_obstacle(without, FILES) == "sessionctl is not on the PATH that git sees"


def test_attributes_that_no_other_clone_gets_are_said(git, git_repo):
    top = git_repo.path
    assert attributes_note(git, top) is None
    git_repo.write(".gitattributes", "*.session.toml merge=sessionctl\n")
    assert attributes_note(git, top) is None
    git_repo.write(".gitattributes", OURS)
    unshared = SyncNote(NoteKind.UNSHARED_ATTRIBUTES)
    assert attributes_note(git, top) == unshared
    git_repo.run("add", "--all")
    uncommitted = SyncNote(NoteKind.UNCOMMITTED_ATTRIBUTES)
    assert attributes_note(git, top) == uncommitted
    git_repo.write(".gitattributes", "*.png binary\n")
    git_repo.commit("without")
    git_repo.write(".gitattributes", OURS)
    assert attributes_note(git, top) == uncommitted
    git_repo.run("config", "sessionctl.attributes", "LOCAL")
    assert attributes_note(git, top) is None
    git_repo.run("config", "sessionctl.attributes", "shared")
    assert attributes_note(git, top) == uncommitted
    git_repo.commit("with")
    assert attributes_note(git, top) is None
