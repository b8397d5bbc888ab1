"""Standing text: a workspace as it stood, as JSON text for the state directory, and back."""

from __future__ import annotations

import json

from sessionctl.core.workspace.mapping.agreed_workspace import AgreedWorkspace, StandingWorkspace
from sessionctl.core.workspace.workspace import (
    CellSize,
    FloatPlace,
    ServerFacts,
    Workspace,
    WorkspacePane,
    WorkspaceWindow,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FORMAT = 1


def write_agreed(agreed: AgreedWorkspace) -> str:
    """Return ``agreed`` as JSON text."""
    standing, items, pane_items = agreed
    data = {
        "format": FORMAT,
        "workspace": standing.workspace,
        "server": standing.server,
        "windows": standing.windows,
        "panes": standing.panes,
        "items": items,
        "pane_items": pane_items,
    }
    return json.dumps(data)


def read_agreed(text: str) -> AgreedWorkspace | None:
    """Return what ``write_agreed`` wrote; None for any other text."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            return None
        standing = StandingWorkspace(
            _workspace(data["workspace"]),
            data["server"],
            tuple(data["windows"]),
            tuple(map(tuple, data["panes"])),
        )
        return AgreedWorkspace(
            standing, tuple(data["items"]), tuple(map(tuple, data["pane_items"]))
        )
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _workspace(fields: Sequence[Any]) -> Workspace:
    found = Workspace._make(fields)
    server = ServerFacts._make(found.server)
    return found._replace(
        windows=tuple(map(_window, found.windows)),
        options=_options(found.options),
        server=ServerFacts(tuple(server.config_files), *map(_options, server[1:])),
    )


def _window(fields: Any) -> WorkspaceWindow:
    found = WorkspaceWindow._make(fields)
    return found._replace(
        panes=tuple(map(_pane, found.panes)),
        size=None if found.size is None else CellSize._make(found.size),
        options=_options(found.options),
    )


def _pane(fields: Any) -> WorkspacePane:
    found = WorkspacePane._make(fields)
    return found._replace(
        run=_words(found.run),
        resume=_words(found.resume),
        shell=_words(found.shell),
        options=_options(found.options),
        floating=None if found.floating is None else FloatPlace._make(found.floating),
    )


def _words(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _options(table: Any) -> Any:
    return {name: _words(value) for name, value in table.items()}
