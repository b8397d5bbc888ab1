"""The parts of a sync, with a git that answers as told: what is done, said, and why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from sessionctl.errors import GitError, RefusedError, SessionctlError
from sessionctl.services.sync import sync_run
from sessionctl.services.sync.sync_plan import Request, SyncPlan
from sessionctl.services.sync.sync_result import (
    CommitSummary,
    NoteKind,
    SyncNote,
    SyncProgress,
    SyncStage,
)
from sessionctl.services.sync.sync_run import SyncRun
from sessionctl.system.git.porcelain import Refusal
from sessionctl.system.git.work_state import ChangedFile, Upstream
from tests.together import together

UPSTREAM = Upstream(
    "origin/main", "refs/remotes/origin/main", "origin", "refs/heads/main", "origin"
)
FILES = (ChangedFile("a.session.toml", "edited"), ChangedFile("b.session.toml", "new"))


class Git:
    """A git, its porcelain and its work state in one; what is done is noted.

    ``answers`` are lists of answers by the name of a call, the last one stays.
    """

    environ: ClassVar[dict] = {}

    def __init__(self, monkeypatch, top, **answers):
        self.answers = {
            "has_commit": [True], "ahead_and_behind": [(1, 0)], "push": [True], "merge": [None],
            "merge_head": [None], "common_commit": ["c0"], "differing_files": [[]],
            "files_of": [[]], "commit_files": ["c1"], "fetch": [None], "find_remotes": [[]],
            "driver_obstacle": [""], "check_committed": [[]], "text": ["7"],
            "attributes_note": [None], "conclude_merge": ["c9"], "read_merge": [None],
        } | answers  # fmt: skip
        self.done, self.cwd = [], top
        for name in ("has_commit", "ahead_and_behind", "merge_head", "common_commit",
                     "differing_files", "files_of", "find_remotes"):  # fmt: skip
            monkeypatch.setattr(sync_run.work_state, name, self.call(name))
        for name in ("push", "merge", "commit_files", "fetch", "conclude_merge"):
            monkeypatch.setattr(sync_run.porcelain, name, self.call(name))
        for name in ("driver_obstacle", "check_committed", "attributes_note", "read_merge"):
            monkeypatch.setattr(sync_run, name, self.call(name))
        self.text = self.call("text")

    def call(self, name):
        def called(*_arguments, **_more):
            self.done.append(name)
            answers = self.answers[name]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return called


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Return what starts a sync: it, its git, and what it tells."""
    monkeypatch.chdir(tmp_path)

    def start(plan=None, **answers):
        git = Git(monkeypatch, tmp_path, **answers)
        usual = {
            "git": git, "top": tmp_path, "branch": "main", "is_unborn": False,
            "upstream": UPSTREAM, "files": FILES, "message": "sync: a", "pushes": True,
            "merging": None, "findings": (),
        }  # fmt: skip
        told = []
        return SyncRun(Request({}), SyncPlan(**{**usual, **(plan or {})}), told.append), git, told

    return start


def refused(call, *arguments, error=GitError):
    with pytest.raises(error) as caught:
        call(*arguments)
    return caught.value.message, list(caught.value.hints)


def test_what_changed_is_committed_or_nothing_is(started):
    run, git, told = started()
    assert run.commit() is True
    assert run.result.committed == CommitSummary("c1", "sync: a", FILES)
    assert told == [SyncProgress(SyncStage.COMMITTING, number=2)]
    run, git, told = started({"files": ()})
    assert (run.commit(), git.done, told, run.result.committed) == (False, [], [], None)
    run, *_ = started(commit_files=[GitError("a hook said no", hints=["see it"])])
    assert refused(run.commit) == (
        "a hook said no", ["see it", "nothing was committed; see: git status"],
    )  # fmt: skip
    assert run.result.committed is None


def test_a_remote_that_is_out_of_reach_is_named_with_what_stays(started):
    run, _, told = started()
    run.fetch("x")
    assert told == [SyncProgress(SyncStage.FETCHING, "origin")]
    run, *_ = started(fetch=[GitError("no route", hints=["look"])])
    assert refused(run.fetch, "your commits stay here") == (
        "origin: cannot fetch: no route",
        ["look", "your commits stay here; when it can be reached again: sessionctl sync"],
    )


def test_what_is_ahead_is_pushed(started):
    run, git, told = started(ahead_and_behind=[(3, 0)])
    assert (run.push(), run.result.pushed) == (True, 3)
    assert told == [SyncProgress(SyncStage.PUSHING, "origin/main")]
    # A branch that the remote does not have yet: all of its commits.
    run, git, _ = started(has_commit=[True, False])
    assert (run.push(), run.result.pushed) == (True, 7)
    assert "files_of" in git.done


@together(
    "answers, notes",
    [
        ({"has_commit": [False]}, ()),
        ({"ahead_and_behind": [(0, 2)]}, ()),
        ({"check_committed": [["fault"]]}, (SyncNote(NoteKind.COMMITTED_FAULTS),)),
    ],
    ids=str,
)
def test_what_is_not_to_be_pushed_is_not(started, answers, notes):
    run, git, told = started(**answers)
    assert run.push() is False
    assert ("push" in git.done, told, run.result.notes, run.result.pushed) == (False, [], notes, 0)
    assert run.result.findings == (("fault",) if notes else ())


def test_a_branch_that_git_pushes_elsewhere_is_left_to_its_user(started):
    run, git, _ = started({"upstream": replace(UPSTREAM, push_remote="fork")})
    assert run.push() is False
    assert run.result.notes == (SyncNote(NoteKind.PUSHED_ELSEWHERE, "fork"),)
    assert "push" not in git.done


def test_others_who_push_meanwhile_are_merged_and_one_gives_up(started):
    run, git, told = started(push=[False, True], ahead_and_behind=[(1, 0), (1, 2), (1, 0)])
    assert (run.push(), run.result.pushed, run.result.merged) == (True, 1, 2)
    assert [one.stage for one in told] == [
        SyncStage.PUSHING, SyncStage.OVERTAKEN, SyncStage.FETCHING, SyncStage.MERGING,
        SyncStage.PUSHING,
    ]  # fmt: skip
    assert told[3] == SyncProgress(SyncStage.MERGING, "origin/main", 2)
    run, git, _ = started(push=[False])
    assert refused(run.push) == (
        "origin/main: others pushed each time before this push, 3 times",
        ["your commits are here; try again: sessionctl sync"],
    )
    assert git.done.count("push") == 3
    assert git.done.count("fetch") == 2
    run, *_ = started(push=[GitError("denied", hints=["ask"])])
    assert refused(run.push) == (
        "origin/main: cannot push: denied",
        ["ask", "your commits stay here; try again: sessionctl sync"],
    )


@together(
    "plan, answers, merged",
    [
        ({}, {"has_commit": [False]}, 0), ({}, {"ahead_and_behind": [(2, 0)]}, 0),
        ({}, {"ahead_and_behind": [(0, 4)]}, 4), ({}, {"ahead_and_behind": [(1, 4)]}, 4),
        ({"is_unborn": True}, {}, 7), ({"is_unborn": True}, {"text": ["0"]}, 0),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_new_there_is_merged(started, plan, answers, merged):
    run, git, told = started(plan, **answers)
    assert (run.merge(), run.result.merged) == (merged > 0, merged)
    assert ("merge" in git.done) is (merged > 0)
    assert told == ([SyncProgress(SyncStage.MERGING, "origin/main", merged)] if merged else [])
    ahead = git.answers["ahead_and_behind"][0][0] and not plan and merged
    assert ("common_commit" in git.done) is bool(ahead)


def test_why_a_merge_cannot_be(started):
    both = {"ahead_and_behind": [(1, 1)]}
    run, *_ = started(common_commit=[None], **both)
    assert refused(run.merge, error=RefusedError) == (
        "main and origin/main: they have no commit in common",
        ["look at both: git log --oneline --graph HEAD origin/main",
         "if they belong together, join them once:"
         " git merge --allow-unrelated-histories origin/main"],
    )  # fmt: skip
    sides = [["x.toml", "y.toml"], ["y.toml", "z.toml"]]
    run, git, _ = started(differing_files=list(sides), driver_obstacle=["no driver"], **both)
    assert refused(run.merge) == (
        "y.toml: changed here and in origin/main, and no driver",
        ["sessionctl git install", "then: sessionctl sync"],
    )
    run, git, _ = started(differing_files=[["x"], ["z"]], driver_obstacle=["no driver"], **both)
    assert run.merge() is True
    assert "driver_obstacle" not in git.done


@together(
    "refusal, message, hints",
    [
        (Refusal("it said no", (), False), "origin/main: cannot merge: it said no",
         ["your commits stay here; see: git status"]),
        (Refusal("", ("a b.toml", "c.toml"), False),
         "a b.toml, c.toml: changed here and not committed, and origin/main would overwrite it",
         ["commit it, or put it aside: git stash push -- 'a b.toml'", "then: sessionctl sync"]),
        (Refusal("", ("a b.toml",), True),
         "a b.toml: not committed here, and origin/main would overwrite it",
         ["commit it, or put it aside: mv 'a b.toml' 'a b.toml.mine'", "then: sessionctl sync"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_git_refuses_to_overwrite_is_put_aside_by_the_user(started, refusal, message, hints):
    run, *_ = started(ahead_and_behind=[(0, 1)], merge=[refusal])
    assert refused(run.merge) == (message, hints)
    assert run.result.merged == 0


def test_a_merge_that_git_left_open_is_concluded_or_a_person_is_asked(started):
    open_ = {"ahead_and_behind": [(0, 2)], "merge_head": ["c5"]}
    clean = SimpleNamespace(unsettled=(), findings=(), resolved=())
    run, *_ = started(read_merge=[clean], **open_)
    assert (run.merge(), run.result.concluded, run.result.merged) == (True, "c9", 2)
    for state in (SimpleNamespace(unsettled=("u",), findings=(), resolved=()),
                  SimpleNamespace(unsettled=(), findings=("f",), resolved=())):  # fmt: skip
        run, *_ = started(read_merge=[state], **open_)
        message, _ = refused(run.merge, error=SessionctlError)
        assert message == "something must be resolved first"
        assert (run.result.unsettled, run.result.findings) == (state.unsettled, state.findings)
        assert run.result.concluded is None
    failing = GitError("a hook said no", hints=["h"])
    run, *_ = started(read_merge=[clean], conclude_merge=[failing], **open_)
    assert refused(run.merge) == (
        "a hook said no", ["h", "the merge is made and not committed; then: sessionctl sync"],
    )  # fmt: skip


def test_the_result_says_why_nothing_could_be_fetched(started):
    report = SimpleNamespace(failures=())
    for remotes, note in (([], SyncNote(NoteKind.NO_REMOTE)),
                          (["r", "s"], SyncNote(NoteKind.NO_UPSTREAM, "r"))):  # fmt: skip
        run, *_ = started({"upstream": None}, find_remotes=[remotes])
        assert run.finish(report).notes == (note,)
    shared = SyncNote(NoteKind.COMMITTED_FAULTS)
    run, *_ = started(attributes_note=[shared])
    result = run.finish(report)
    assert (result.notes, result.failure, result.branch) == ((shared,), None, "main")
    assert (result.merged, result.pushed, result.upstream) == (0, 0, UPSTREAM)
    error = GitError("x")
    run, git, _ = started({"upstream": None})
    assert run.finish(SimpleNamespace(failures=(error,))).failure is error
    assert (run.result.notes, git.done) == ((), [])


def test_a_merge_under_way_is_concluded_first_and_looked_at_again(started, monkeypatch):
    state = SimpleNamespace(unsettled=(), findings=(), resolved=())
    run, git, told = started({"merging": state})
    later = SyncPlan(git, Path("/x"), "main", False, UPSTREAM, (), "m", True, None, ())
    monkeypatch.setattr(sync_run, "plan_sync", lambda _request: later)
    run.conclude()
    assert (run.result.concluded, run.plan) == ("c9", later)
    assert told == [SyncProgress(SyncStage.CONCLUDED, "c9")]
    fault = SimpleNamespace(is_valid=False)
    stopped = SyncPlan(git, Path("/x"), "main", False, UPSTREAM, (), "m", True, None, (fault,))
    run, *_ = started({"merging": state})
    monkeypatch.setattr(sync_run, "plan_sync", lambda _request: stopped)
    refused(run.conclude, error=SessionctlError)
    assert (run.result.findings, run.result.concluded) == ((fault,), "c9")
