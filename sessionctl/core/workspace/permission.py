"""Permission: a workspace of which only what was allowed may take effect."""

from __future__ import annotations

from sessionctl.core.session.startup import CONNECTION, DIRECTORY
from sessionctl.core.workspace.workspace import AUTOMATIC_NAME, ServerFacts, WorkspacePane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.core.session.startup import StartItem, StartPlace
    from sessionctl.core.workspace.workspace import Workspace, WorkspaceWindow


def with_permission(
    workspace: Workspace,
    items: Iterable[tuple[StartPlace, StartItem]],
    allows: Callable[[StartItem], bool],
) -> Workspace:
    """Return ``workspace`` with what of it may take effect.

    ``items`` are what its session starts or steers, each with its place. A window or pane of
    which one item was not allowed has none of its options, variables and programs. A directory
    alone is always allowed: a shell in it is what any ``cd`` makes.
    """
    apart = (CONNECTION, DIRECTORY)  # connections are no part of the workspace
    refused = {place for place, item in items if item.kind not in apart and not allows(item)}
    windows = (
        window._replace(
            is_allowed=(number, -1) not in refused,
            panes=tuple(
                pane._replace(is_allowed=not refused & {(number, -1), (number, index)})
                for index, pane in enumerate(window.panes)
            ),
        )
        for number, window in enumerate(workspace.windows)
    )
    is_allowed = all(place.window >= 0 for place in refused)
    return workspace._replace(windows=tuple(windows), is_allowed=is_allowed)


def allowed_whole(workspace: Workspace) -> Workspace:
    """Return ``workspace`` with all of it allowed."""
    return workspace._replace(
        is_allowed=True,
        windows=tuple(
            window._replace(
                is_allowed=True,
                panes=tuple(pane._replace(is_allowed=True) for pane in window.panes),
            )
            for window in workspace.windows
        ),
    )


def harmless(workspace: Workspace) -> Workspace:
    """Return ``workspace`` without anything that was not allowed, to hand it to foreign code.

    Names, directories and layouts stay; programs, variables and options do not.
    """
    windows = []
    for window in map(permitted, workspace.windows):
        panes = tuple(
            pane if pane.is_allowed else pane._replace(run=None, shell=WorkspacePane().shell)
            for pane in window.panes
        )
        windows.append(window._replace(panes=panes))
    kept = workspace._replace(windows=tuple(windows))
    if workspace.is_allowed:
        return kept
    return kept._replace(env={}, options={}, server=ServerFacts())


def permitted(window: WorkspaceWindow) -> WorkspaceWindow:
    """Return ``window`` without what may not take effect."""
    panes = tuple(
        pane if pane.is_allowed else pane._replace(env={}, options={}, resume=None)
        for pane in window.panes
    )
    if window.is_allowed:
        return window._replace(panes=panes)
    options = {key: item for key, item in window.options.items() if key == AUTOMATIC_NAME}
    return window._replace(panes=panes, env={}, options=options)
