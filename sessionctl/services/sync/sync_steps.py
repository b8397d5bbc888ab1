"""Sync steps: what a sync does, as steps of a plan; a ``SyncRun`` carries them out."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.services.plan.plan import SkipStep
from sessionctl.services.sync.sync_run import KEPT_HERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.plan.plan import Plan, Step
    from sessionctl.services.sync.sync_plan import SyncPlan
    from sessionctl.services.sync.sync_run import SyncRun
    from sessionctl.system.git.work_state import ChangedFile


class ConcludeMerge(NamedTuple):
    """Commit the merge of the upstream that is under way."""

    def render(self) -> str:
        """Return what is done."""
        return "commit the merge that is under way"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "conclude-merge"}

    def carry_out(self, run: SyncRun, /) -> None:
        """Commit it, and look again at what there is to commit besides."""
        run.conclude()


class CommitFiles(NamedTuple):
    """Commit the files that changed; after a merge was committed, those that are left."""

    message: str
    files: tuple[ChangedFile, ...]

    def render(self) -> str:
        """Return the message and the files."""
        files = [f"  {file.change} {file.path}" for file in self.files]
        return "\n".join([f"commit as: {self.message}", *files])

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "commit", "message": self.message, "files": self.files}

    def carry_out(self, run: SyncRun, /) -> None:
        """Commit them."""
        if not run.commit():
            raise SkipStep("all was committed with the merge")


class FetchUpstream(NamedTuple):
    """Fetch from the remote."""

    remote: str
    consequence: str = KEPT_HERE

    def render(self) -> str:
        """Return what is done."""
        return f"fetch from {self.remote}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "fetch", "remote": self.remote}

    def carry_out(self, run: SyncRun, /) -> None:
        """Fetch; ``consequence`` is a hint where that fails."""
        run.fetch(self.consequence)


class MergeUpstream(NamedTuple):
    """Merge what is new in the upstream, which stops at conflicts."""

    upstream: str

    def render(self) -> str:
        """Return what is done."""
        return f"merge what is new in {self.upstream}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "merge", "upstream": self.upstream}

    def carry_out(self, run: SyncRun, /) -> None:
        """Merge it."""
        if not run.merge():
            raise SkipStep(f"there is nothing new in {self.upstream}")


class PushUpstream(NamedTuple):
    """Push to the upstream; where others did so meanwhile, merge once more before."""

    upstream: str

    def render(self) -> str:
        """Return what is done."""
        return f"push to {self.upstream}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "push", "upstream": self.upstream}

    def carry_out(self, run: SyncRun, /) -> None:
        """Push."""
        if not run.push():
            raise SkipStep("there is nothing to push, or it may not be pushed")


def sync_steps(plan: SyncPlan) -> Plan[SyncRun]:
    """Return the steps of a sync; none where something must be resolved first."""
    if plan.is_stopped:
        return ()
    commit: tuple[Step[SyncRun], ...] = ()
    if plan.files:
        commit = (CommitFiles(plan.message, plan.files),)
    upstream = plan.upstream
    if upstream is None:
        return commit
    is_remote = upstream.remote != "."
    merge = MergeUpstream(upstream.name)
    push = (PushUpstream(upstream.name),) if plan.pushes and is_remote else ()
    fetch = (FetchUpstream(upstream.remote),) if is_remote else ()
    if plan.is_unborn:
        # A first commit of our own would have nothing in common with theirs.
        why = "nothing was committed: the branch may have begun elsewhere"
        return (*(step._replace(consequence=why) for step in fetch), merge, *commit, *push)
    concluded = (ConcludeMerge(),) if plan.merging is not None else ()
    return (*concluded, *commit, *fetch, merge, *push)
