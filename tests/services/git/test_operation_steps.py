"""Whose work each side of a merge is, and the commands that end it: every situation."""

from __future__ import annotations

from sessionctl.services.git.operation import Situation
from sessionctl.services.git.operation_steps import (
    deletion_reason,
    deletion_steps,
    remerge_step,
    role_of,
    steps_after_resolution,
    vault_step,
)
from tests.together import together

HERE = {"git": "git", "file": "a b.toml"}
THERE = {"git": "git -C 'x y'", "file": "-a.toml"}


@together(
    ("situation", "steps"),
    [
        (Situation(**HERE), []),
        (Situation("merge", **HERE), ["git commit"]),
        (Situation("bisect", **HERE), []),
        (Situation("rebase", **HERE, is_unmerged=True),
         ["git add 'a b.toml'", "git rebase --continue"]),
        (Situation("cherry-pick", **THERE, is_unmerged=True),
         ["git -C 'x y' add ./-a.toml", "git -C 'x y' cherry-pick --continue"]),
        (Situation("revert", **HERE, others=1), ["sessionctl status"]),
        (Situation("revert", **THERE, is_unmerged=True, others=2),
         ["git -C 'x y' add ./-a.toml", "sessionctl status 'x y'"]),
        (Situation("merge", **HERE, is_unmerged=True, is_synced=True), ["sessionctl sync"]),
        (Situation("merge", **THERE, is_unmerged=True, is_synced=True),
         ["sessionctl sync 'x y'"]),
        (Situation("merge", **HERE, is_unmerged=True, is_synced=True, others=1),
         ["sessionctl status"]),
        (Situation("merge", **THERE, is_unmerged=True, deleted_by="ours", is_synced=True),
         ["git -C 'x y' add ./-a.toml  # to keep it",
          "git -C 'x y' rm ./-a.toml  # or to delete it", "sessionctl sync 'x y'"]),
        (Situation("merge", **HERE, is_unmerged=True, deleted_by="theirs"),
         ["git add 'a b.toml'  # to keep it", "git rm 'a b.toml'  # or to delete it",
          "git commit"]),
    ],
)  # fmt: skip
def test_what_follows_once_a_file_is_resolved(situation, steps):
    assert steps_after_resolution(situation) == steps
    assert remerge_step(situation) == (
        "git checkout --merge -- 'a b.toml'" if situation.git == "git"
        else "git -C 'x y' checkout --merge -- ./-a.toml"
    )  # fmt: skip


def test_the_ways_on_for_a_deleted_file_are_typed_here():
    assert deletion_steps("w") == ["git add w  # to keep it", "git rm w  # or to delete it"]


@together(
    ("deleted_by", "operation", "reason"),
    [
        ("both", "merge", "moved or deleted on both sides"),
        ("ours", None, "deleted in ours, changed in theirs"),
        ("ours", "merge", "deleted in ours (your branch), changed in theirs (merged in)"),
        ("theirs", "rebase",
         "deleted in theirs (your work), changed in ours (what you rebase onto)"),
        ("theirs", "cherry-pick",
         "deleted in theirs (the commit you pick), changed in ours (your branch)"),
        ("ours", "revert",
         "deleted in ours (your branch), changed in theirs (without the reverted commit)"),
    ],
)  # fmt: skip
def test_who_deleted_a_file_is_said_with_whose_work_it_is(deleted_by, operation, reason):
    assert deletion_reason(deleted_by, operation) == reason


def test_a_stash_is_the_users_own_on_one_side_alone():
    assert role_of("theirs", "rebase", "Stashed changes") == "your stashed work"
    assert role_of("ours", "rebase", "Stashed changes") == "what you rebase onto"
    assert role_of("theirs", "rebase", "other") == "your work"
    assert role_of("theirs", "") == role_of("ours", "bisect") == ""


@together(
    ("deleted_by", "side", "step"),
    [
        ("ours", "ours", "git rm 'a b.toml'"),
        ("ours", "theirs", "git add 'a b.toml'"),
        ("theirs", "ours", "git add 'a b.toml'"),
        ("theirs", "theirs", "git rm 'a b.toml'"),
        ("both", "ours", "git rm 'a b.toml'"),
        ("both", "theirs", "git rm 'a b.toml'"),
    ],
)
def test_the_side_that_was_taken_says_whether_the_file_stays(deleted_by, side, step):
    situation = Situation("merge", **HERE, is_unmerged=True, deleted_by=deleted_by)
    assert steps_after_resolution(situation, side) == [step, "git commit"]


@together(
    ("path", "step"),
    [
        ("x/.age-recipients",
         "remove the markers and keep the keys of both sides, then: git -C d add 'w w'"),
        ("x/.sessionctl/vault.age",
         "take either one: git -C d checkout --ours -- 'w w' && git -C d add 'w w'"),
        ("x/a.session.toml", ""),
    ],
)  # fmt: skip
def test_a_file_of_a_vault_has_a_way_on_of_its_own(path, step):
    assert vault_step(path, "'w w'", "git -C d") == step
