"""Workspace loss: whether so much is gone from a session that it looks like its end."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.workspace.workspace import Workspace

_FEW = 3


class WorkspaceSize(NamedTuple):
    """How much there is in a session."""

    windows: int
    panes: int
    programs: int


def size_of(workspace: Workspace) -> WorkspaceSize:
    """Return how much there is in ``workspace``."""
    panes = [pane for window in workspace.windows for pane in window.panes]
    programs = sum(pane.run is not None for pane in panes)
    return WorkspaceSize(len(workspace.windows), len(panes), programs)


def is_poorer(now: Workspace, before: Workspace) -> bool:
    """Return whether ``now`` has fewer windows, panes or programs than ``before``."""
    return any(there < was for there, was in zip(size_of(now), size_of(before), strict=True))


def is_sudden_loss(now: Workspace, before: Workspace) -> bool:
    """Return whether more than half, or every one of several programs, is gone at once.

    So a session looks while its machine shuts down: the programs end before their server does.
    """
    there, was = size_of(now), size_of(before)
    lost = sum(was) - sum(there)
    is_half_gone = lost >= _FEW and lost * 2 > sum(was)
    return is_half_gone or (was.programs >= _FEW and there.programs == 0)
