"""Sync run: commit the session files, fetch, merge through the driver, push.

Never by force, and nothing is stashed, reset or rewritten: what cannot go on stops where
git left it, with every commit and every file in its place.
"""

from __future__ import annotations

from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import GitError, RefusedError, SessionctlError
from sessionctl.services.documents.validation import Validator
from sessionctl.services.sync.committed_files import check_committed
from sessionctl.services.sync.driver_obstacles import attributes_note, driver_obstacle
from sessionctl.services.sync.merge_state import read_merge
from sessionctl.services.sync.sync_checks import seen_from_here
from sessionctl.services.sync.sync_plan import plan_sync
from sessionctl.services.sync.sync_result import (
    CommitSummary,
    NoteKind,
    SyncNote,
    SyncProgress,
    SyncResult,
    SyncStage,
)
from sessionctl.services.sync.taken_files import MERGED, SYNCED
from sessionctl.system.git import porcelain, work_state
from sessionctl.system.git.typed_git import TypedGit, typed_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.plan.runner import PlanReport
    from sessionctl.services.sync.merge_state import MergeState, UnresolvedFile
    from sessionctl.services.sync.sync_plan import Request, SyncPlan
    from sessionctl.system.git.program import Git
    from sessionctl.system.git.work_state import Upstream

_PUSHES = 3
KEPT_HERE = "your commits stay here"


class _UnmergedError(SessionctlError):
    """Something must be settled by a person first; what, is in the result."""

    exit_code = 1


class SyncRun:
    """The tools of a sync: its steps call the methods, which record in ``result`` what they did.

    ``tell`` is called with what begins now. Where it cannot go on it stops, and the result
    says why; what was done stays done.
    """

    def __init__(
        self, request: Request, plan: SyncPlan, tell: Callable[[SyncProgress], None]
    ) -> None:
        self.request = request
        self.plan = plan
        self.git = plan.git
        self.tell = tell
        self.result = SyncResult(
            plan.branch,
            plan.upstream,
            unsettled=plan.unsettled,
            findings=plan.findings,
            typed=self._typed,
        )

    def finish(self, report: PlanReport) -> SyncResult:
        """Return the result, with why a step failed, or why nothing could be fetched."""
        for error in report.failures:
            if not isinstance(error, _UnmergedError):
                self.result.failure = error
        if report.failures or self.plan.is_stopped:
            return self.result
        if self.plan.upstream is None:
            remotes = work_state.find_remotes(self.git)
            has_remote = SyncNote(NoteKind.NO_UPSTREAM, remotes[0]) if remotes else None
            self.result.notes += (has_remote or SyncNote(NoteKind.NO_REMOTE),)
        attributes = attributes_note(self.git, self.plan.top)
        self.result.notes += () if attributes is None else (attributes,)
        return self.result

    def conclude(self) -> None:
        """Commit the merge that is under way, then look again at what is to be done."""
        assert self.plan.merging is not None
        concluded = _conclude(self.git, self.plan.merging, self.request.message)
        self.result.concluded = concluded
        self.tell(SyncProgress(SyncStage.CONCLUDED, concluded))
        self.plan = plan_sync(self.request)
        if self.plan.is_stopped:
            self._stop(self.plan.unsettled, self.plan.findings)

    def commit(self) -> bool:
        """Commit the files that changed; return whether there were any."""
        files = self.plan.files
        if not files:
            return False
        self.tell(SyncProgress(SyncStage.COMMITTING, number=len(files)))
        try:
            commit = porcelain.commit_files(self.git, files, self.plan.message)
        except GitError as error:
            if self._was_committed():
                return False
            hints = [*error.hints, f"nothing was committed; see: {self._typed.command} status"]
            raise GitError(error.message, hints=hints) from error
        self.result.committed = CommitSummary(commit, self.plan.message, files)
        return True

    def _was_committed(self) -> bool:
        """Return whether another sync has committed meanwhile what this one was to."""
        try:
            return not plan_sync(self.request).files
        except SessionctlError:
            return False

    def fetch(self, consequence: str) -> None:
        """Fetch from the remote of the upstream; raises ``GitError`` with ``consequence``."""
        remote = self._upstream.remote
        self.tell(SyncProgress(SyncStage.FETCHING, remote))
        try:
            porcelain.fetch(self.git, remote)
        except GitError as error:
            again = f"sessionctl sync{self._typed.place}"
            hints = [*error.hints, f"{consequence}; when it can be reached again: {again}"]
            raise GitError(f"{remote}: cannot fetch: {error.message}", hints=hints) from error

    def push(self) -> bool:
        """Push, merging once more when others pushed meanwhile; return whether it was done.

        Raises:
          GitError: git could not, or others were faster each time.
        """
        upstream = self._upstream
        for attempt in range(_PUSHES):
            if attempt:
                self.tell(SyncProgress(SyncStage.OVERTAKEN, upstream.name))
                self.fetch(KEPT_HERE)
                self.merge()
            if not work_state.has_commit(self.git, "HEAD"):
                return False
            is_known = work_state.has_commit(self.git, upstream.ref)
            ahead = work_state.ahead_and_behind(self.git, upstream.ref)[0] if is_known else None
            if ahead == 0 or not self._may_push(upstream, is_known=is_known):
                return False
            self.tell(SyncProgress(SyncStage.PUSHING, upstream.name))
            if self._push(upstream, ahead):
                return True
        raise GitError(
            f"{upstream.name}: others pushed each time before this push, {_PUSHES} times",
            hints=[f"your commits are here; try again: sessionctl sync{self._typed.place}"],
        )

    @property
    def _typed(self) -> TypedGit:
        return typed_git(self.plan.top, self.git.environ)

    @property
    def _upstream(self) -> Upstream:
        assert self.plan.upstream is not None
        return self.plan.upstream

    def _stop(
        self, unsettled: tuple[UnresolvedFile, ...], findings: tuple[CheckedFile, ...]
    ) -> NoReturn:
        self.result.unsettled, self.result.findings = unsettled, findings
        raise _UnmergedError("something must be resolved first")

    def _push(self, upstream: Upstream, ahead: int | None) -> bool:
        try:
            is_pushed = porcelain.push(self.git, self.plan.branch, upstream)
        except GitError as error:
            again = f"sessionctl sync{self._typed.place}"
            hints = [*error.hints, f"your commits stay here; try again: {again}"]
            raise GitError(f"{upstream.name}: cannot push: {error.message}", hints=hints) from error
        if is_pushed:
            count = self.git.text("rev-list", "--count", "HEAD") if ahead is None else ahead
            self.result.pushed = int(count)
        return is_pushed

    def merge(self) -> bool:
        """Merge the upstream; return whether there was something new in it.

        Raises:
          GitError: git cannot merge here.
          RefusedError: the histories have nothing in common.
        """
        upstream = self._upstream
        if not work_state.has_commit(self.git, upstream.ref):
            return False
        if not self.plan.is_unborn or self.result.committed is not None:
            ahead, behind = work_state.ahead_and_behind(self.git, upstream.ref)
        else:
            ahead, behind = 0, int(self.git.text("rev-list", "--count", upstream.ref))
        if behind == 0:
            return False
        if ahead:
            self._check_before_merge(upstream)
        self.tell(SyncProgress(SyncStage.MERGING, upstream.name, behind))
        refusal = porcelain.merge(self.git, upstream)
        if refusal is not None:
            raise _cannot_merge(refusal, self.plan, upstream)
        if work_state.merge_head(self.git) is not None:
            # Unmerged files; or there are no conflicts left, because git knew how (rerere), or
            # because a hook refused, which it will do once more and be heard.
            state = read_merge(self.git, self.plan.top)
            if state.unsettled or state.findings:
                self._stop(state.unsettled, state.findings)
            self.result.concluded = _conclude(self.git, state, None)
        self.result.merged += behind
        return True

    def _check_before_merge(self, upstream: Upstream) -> None:
        base = work_state.common_commit(self.git, upstream.ref)
        if base is None:
            git = self._typed.command
            raise RefusedError(
                f"{self.plan.branch} and {upstream.name}: they have no commit in common",
                hints=[
                    f"look at both: {git} log --oneline --graph HEAD {upstream.name}",
                    "if they belong together, join them once:"
                    f" {git} merge --allow-unrelated-histories {upstream.name}",
                ],
            )
        ours = work_state.differing_files(self.git, base, "HEAD", MERGED)
        theirs = set(work_state.differing_files(self.git, base, upstream.ref, MERGED))
        both = [path for path in ours if path in theirs]
        obstacle = driver_obstacle(self.git, both) if both else ""
        if obstacle:
            name = seen_from_here(self.plan.top, both[0])
            raise GitError(
                f"{name}: changed here and in {upstream.name}, and {obstacle}",
                hints=[
                    f"{self._typed.enter}sessionctl git install",
                    f"then: sessionctl sync{self._typed.place}",
                ],
            )

    def _may_push(self, upstream: Upstream, *, is_known: bool) -> bool:
        """Return whether to push: not where git would push elsewhere, not what is wrong."""
        if upstream.push_remote != upstream.remote:
            note = SyncNote(NoteKind.PUSHED_ELSEWHERE, upstream.push_remote)
            self.result.notes += (note,)
            return False
        if is_known:
            paths = work_state.differing_files(self.git, upstream.ref, "HEAD", SYNCED)
        else:
            paths = work_state.files_of(self.git, "HEAD", SYNCED)
        validator = Validator(verdicts=self.request.verdicts)
        findings = tuple(check_committed(self.git, self.plan.top, paths, validator))
        validator.keep()
        if findings:
            self.result.notes += (SyncNote(NoteKind.COMMITTED_FAULTS),)
            self.result.findings = findings
        return not findings


def _conclude(git: Git, state: MergeState, message: str | None) -> str:
    try:
        return porcelain.conclude_merge(git, state.resolved, message)
    except GitError as error:
        again = f"sessionctl sync{typed_git(git.cwd, git.environ).place}"
        hints = [*error.hints, f"the merge is made and not committed; then: {again}"]
        raise GitError(error.message, hints=hints) from error


def _cannot_merge(refusal: porcelain.Refusal, plan: SyncPlan, upstream: Upstream) -> GitError:
    typed = typed_git(plan.top, plan.git.environ)
    if not refusal.files:
        return GitError(
            f"{upstream.name}: cannot merge: {refusal.message}",
            hints=[f"your commits stay here; see: {typed.command} status"],
        )
    names = [seen_from_here(plan.top, path) for path in refusal.files]
    aside = f"{typed.command} stash push -- {typed.file(names[0])}"
    what = "changed here and not committed"
    if refusal.is_untracked:
        aside = f"mv {path_word(names[0])} {path_word(f'{names[0]}.mine')}"
        what = "not committed here"
    return GitError(
        f"{', '.join(names)}: {what}, and {upstream.name} would overwrite it",
        hints=[f"commit it, or put it aside: {aside}", f"then: sessionctl sync{typed.place}"],
    )
