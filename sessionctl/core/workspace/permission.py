"""Permission: a workspace of which only what was allowed may take effect."""

from __future__ import annotations

from sessionctl.core.session.startup import DIRECTORY, OPTION, PROGRAM, VARIABLE
from sessionctl.core.workspace.workspace import AUTOMATIC_NAME, ServerFacts, WorkspacePane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.core.session.startup import StartItem
    from sessionctl.core.workspace.workspace import Workspace, WorkspaceWindow

_SESSION = ("the session", "the tmux server")


def with_permission(
    workspace: Workspace, items: Iterable[StartItem], allows: Callable[[StartItem], bool]
) -> Workspace:
    """Return ``workspace`` with what of it may take effect.

    ``items`` are what its session starts or steers, in their order: after the options and
    variables of a window, of each pane its options and then the pane. A directory alone is
    always allowed: a shell in it is what any ``cd`` makes.
    """
    may_session = True
    windows = list(workspace.windows)
    place, pane = 0, 0
    may_pane = True
    for item in items:
        is_allowed = item.kind == DIRECTORY or allows(item)
        if item.kind in (OPTION, VARIABLE):
            if item.where in _SESSION:
                may_session &= is_allowed
            elif not is_allowed:
                # Of the window or of its next pane: neither is certain, so both.
                windows[place] = windows[place]._replace(is_allowed=False)
                may_pane = False
        elif item.kind in (PROGRAM, DIRECTORY):
            window = windows[place]
            panes = list(window.panes)
            panes[pane] = panes[pane]._replace(is_allowed=is_allowed and may_pane)
            windows[place] = window._replace(panes=tuple(panes))
            pane, may_pane = pane + 1, True
            if pane == len(panes):
                place, pane = place + 1, 0
    return workspace._replace(windows=tuple(windows), is_allowed=may_session)


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
