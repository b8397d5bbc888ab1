"""Which steps a sync takes, in which order, and which of them find nothing to do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.services.plan.plan import SkipStep
from sessionctl.services.sync.sync_steps import (
    KEPT_HERE,
    CommitFiles,
    ConcludeMerge,
    FetchUpstream,
    MergeUpstream,
    PushUpstream,
    sync_steps,
)
from tests.together import together

REMOTE = SimpleNamespace(name="origin/main", remote="origin")
HERE = SimpleNamespace(name="main", remote=".")
COMMIT = CommitFiles("sync: api", ("a file",))
FETCH, MERGE, PUSH = (
    FetchUpstream("origin"),
    MergeUpstream("origin/main"),
    PushUpstream("origin/main"),
)
UNBORN = FetchUpstream("origin", "nothing was committed: the branch may have begun elsewhere")


def plan(**changes):
    """Return a plan of one file for a branch that is pushed."""
    usual = {"is_stopped": False, "files": COMMIT.files, "message": COMMIT.message,
             "upstream": REMOTE, "pushes": True, "is_unborn": False, "merging": None}  # fmt: skip
    return SimpleNamespace(**{**usual, **changes})


@together(
    ("changes", "steps"),
    [
        ({}, (COMMIT, FETCH, MERGE, PUSH)),
        ({"is_stopped": True}, ()),
        ({"files": ()}, (FETCH, MERGE, PUSH)),
        ({"upstream": None}, (COMMIT,)),
        ({"upstream": None, "files": ()}, ()),
        ({"pushes": False}, (COMMIT, FETCH, MERGE)),
        ({"upstream": HERE}, (COMMIT, MergeUpstream("main"))),
        ({"is_unborn": True}, (UNBORN, MERGE, COMMIT, PUSH)),
        ({"is_unborn": True, "upstream": HERE}, (MergeUpstream("main"), COMMIT)),
        ({"merging": "m"}, (ConcludeMerge(), COMMIT, FETCH, MERGE, PUSH)),
        ({"merging": "m", "files": (), "pushes": False}, (ConcludeMerge(), FETCH, MERGE)),
    ],
)
def test_the_steps_of_a_sync(changes, steps):
    assert sync_steps(plan(**changes)) == steps


@together(
    ("step", "what", "reason"),
    [
        (COMMIT, "commit", "all was committed with the merge"),
        (MERGE, "merge", "there is nothing new in origin/main"),
        (PUSH, "push", "there is nothing to push, or it may not be pushed"),
    ],
)
def test_a_step_that_finds_nothing_to_do_says_why(step, what, reason):
    step.carry_out(SimpleNamespace(**{what: lambda: True}))
    with pytest.raises(SkipStep, match=f"^{reason}$"):
        step.carry_out(SimpleNamespace(**{what: lambda: False}))


def test_a_fetch_that_fails_says_what_that_means_for_the_commits():
    heard = []
    for step in (FETCH, UNBORN):
        step.carry_out(SimpleNamespace(fetch=heard.append))
    assert heard == [KEPT_HERE, UNBORN.consequence]
