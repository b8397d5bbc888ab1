"""Session words: with which words tmux is asked for a new session, and what it reads before."""

from __future__ import annotations

import os

from sessionctl.core.workspace.layout_cells import read_cells
from sessionctl.core.workspace.workspace import CellSize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.workspace.workspace import Workspace
    from sessionctl.services.live.tmux.window_commands import TargetServer

# Not through the user's shell, which may be any.
_PLACEHOLDER = ("sh", "-c", "read x")

_LARGEST = 10000
"""The most cells tmux has in a row or a column."""


def new_session(
    workspace: Workspace, owner: str, terminal: CellSize | None, fields: str, server: TargetServer
) -> tuple[str, ...]:
    """Return the command that makes the session with a placeholder for its windows.

    Args:
      workspace: what is restored.
      owner: the id of the session whose windows it shows, "" for windows of its own.
      terminal: the size of the terminal, for a session that has none.
      fields: the format of what it prints.
      server: what a text must be like for this server.
    """
    name = server.plain(workspace.name)
    words: tuple[str, ...] = ("new-session", "-d", "-P", "-F", fields, "-s", name)
    if owner:
        return (*words, "-t", owner)
    words = (*words, "-c", server.plain(workspace.root), "-n", "sessionctl")
    size = _size(workspace, terminal)
    if size is not None:
        words = (*words, "-x", str(size.width), "-y", str(size.height))
    return (*words, "--", *_PLACEHOLDER)


def config_files(workspace: Workspace) -> Sequence[str]:
    """Return the configuration files of its server; () for the usual ones."""
    files = workspace.server.config_files
    there = all(os.path.exists(file) for file in files)  # noqa: PTH110
    return files if workspace.is_allowed and there else ()


def _size(workspace: Workspace, terminal: CellSize | None) -> CellSize | None:
    for window in sorted(workspace.windows, key=lambda window: not window.is_active):
        cells = read_cells(window.layout)
        size = window.size or (cells and CellSize(cells.width, cells.height))
        if size and max(size) <= _LARGEST:
            return size
    return terminal
