"""Adapter restore: a session brought back by any adapter, step by step, and verified."""

from __future__ import annotations

from dataclasses import dataclass

from sessionctl.core.workspace.discrepancy import shown_program
from sessionctl.core.workspace.mapping.item_matching import match_windows
from sessionctl.core.workspace.permission import harmless
from sessionctl.core.workspace.workspace import SKIP
from sessionctl.services.live.adapters.workspace_adapter import RestoreRequest
from sessionctl.services.plan.plan import GuardedStep, StepGroup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.adapters.workspace_adapter import PlannedStep, WorkspaceAdapter
    from sessionctl.services.plan.plan import Note, Plan, PlanNode

_UNTRUSTED = "it was not allowed yet"
_SAID = 'the file says so: start = "skip"'


@dataclass(frozen=True, slots=True)
class AppliedStep:
    """A step of an adapter's plan, with the request that it belongs to."""

    step: PlannedStep
    request: RestoreRequest

    def render(self) -> str:
        """Return what the adapter says of it."""
        return self.step.render()

    def data(self) -> dict[str, object]:
        """Return what the adapter says of it."""
        return self.step.data()

    def carry_out(self, tools: WorkspaceAdapter, /) -> Iterable[Note] | None:
        """Have the adapter do it; raises what that raises."""
        return tools.apply(self.step, self.request)


@dataclass(frozen=True, slots=True)
class WithheldProgram:
    """A program that no adapter is given, because it was not allowed or is to be left out."""

    where: str
    run: tuple[str, ...] | str

    def render(self) -> str:
        """Return what would run."""
        return f"run in {self.where}: {shown_program(self.run)}"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        run = self.run if isinstance(self.run, str) else list(self.run)
        return {"action": "start-program", "where": self.where, "run": run}

    def carry_out(self, tools: object, /) -> None:
        """Do nothing: it is never carried out."""


def plan_with(
    adapter: WorkspaceAdapter,
    workspace: Workspace,
    standing: StandingWorkspace | None,
    *,
    is_replacing: bool = False,
) -> Plan[WorkspaceAdapter]:
    """Return the plan of ``adapter`` that brings back what does not stand; empty where all does.

    What was not allowed is not in its request: no adapter can start it, even by mistake.
    """
    missing = workspace if standing is None or is_replacing else _missing(workspace, standing)
    request = RestoreRequest(harmless(missing), standing, is_replacing)
    if not missing.windows and standing is not None:
        return ()
    steps = [_applied(step, request) for step in adapter.plan(request)]
    return (*steps, *_withheld(missing))


def _missing(workspace: Workspace, standing: StandingWorkspace) -> Workspace:
    live = standing.workspace
    pairs = match_windows(workspace.windows, live.windows, {}, live.base_index)
    there = set(pairs.values())
    windows = tuple(w for n, w in enumerate(workspace.windows) if n not in there)
    return workspace._replace(windows=windows)


def _applied(
    step: PlanNode[Any] | PlannedStep, request: RestoreRequest
) -> PlanNode[WorkspaceAdapter]:
    if isinstance(step, StepGroup):
        parts = tuple(_applied(part, request) for part in step.steps)
        return StepGroup(step.title, parts, step.goes_on)
    if isinstance(step, GuardedStep):
        inner = _applied(step.step, request)
        assert not isinstance(inner, GuardedStep)
        return step._replace(step=inner)
    return AppliedStep(step, request)


def _withheld(workspace: Workspace) -> Iterator[PlanNode[WorkspaceAdapter]]:
    for window in workspace.windows:
        for number, pane in enumerate(window.panes):
            where = f"window {window.name}, pane {number + 1}"
            if pane.restarted and not pane.is_allowed:
                yield GuardedStep(WithheldProgram(where, pane.restarted), _UNTRUSTED)
            elif pane.restarted and pane.beginning == SKIP:
                yield GuardedStep(WithheldProgram(where, pane.restarted), _SAID)
