"""What an adapter for workspaces is made of; docs/adapters-workspace.md explains it.

A package brings an adapter under the entry points ``sessionctl.workspaces``: each leads to a
callable that takes an ``AdapterContext`` and returns a ``WorkspaceAdapter``.
"""

from __future__ import annotations

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.discrepancy import Discrepancy, discrepancies
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
from sessionctl.core.workspace.workspace import (
    CellSize,
    FloatPlace,
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)
from sessionctl.errors import ToolError
from sessionctl.services.live.adapters.workspace_adapter import (
    AdapterContext,
    AdapterStep,
    Detection,
    Handover,
    PlannedStep,
    RestoreRequest,
    TerminalAdapter,
    WorkspaceAdapter,
)
from sessionctl.services.plan.plan import StepGroup

__all__ = [
    "AdapterContext",
    "AdapterStep",
    "CellSize",
    "Detection",
    "Discrepancy",
    "FloatPlace",
    "Handover",
    "PlannedStep",
    "RestoreRequest",
    "SecretRef",
    "ServerFacts",
    "StandingWorkspace",
    "StepGroup",
    "TerminalAdapter",
    "ToolError",
    "Workspace",
    "WorkspaceAdapter",
    "WorkspacePane",
    "WorkspaceWindow",
    "discrepancies",
]
