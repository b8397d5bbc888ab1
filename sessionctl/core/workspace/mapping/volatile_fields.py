"""Volatile fields: what of a workspace changes all the time, by its place in the document."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.key_places import KeyPlaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.mapping.item_matching import Pairs
    from sessionctl.core.workspace.workspace import OptionValue, Workspace


def volatile_fields(
    document: Document,
    workspace: Workspace,
    windows: Pairs,
    panes: Mapping[int, Pairs],
    item_key: Callable[[KeyPath], str | None],
) -> dict[KeyPath, Value]:
    """Return the volatile values of ``workspace``, known by key paths with names in them.

    ``windows`` and ``panes`` say which item of ``document`` each is, ``item_key`` by which
    field the items of an array are known.
    """
    places = KeyPlaces(document)
    found: dict[KeyPath, Value] = {}
    for path, value in _fields(workspace, windows, panes):
        owner = places.shown(path.parent, item_key)
        found[owner / str(path[-1])] = value
    for key, value in _server(workspace).items():
        found[KeyPath(("tmux", key))] = value
    return found


def _fields(
    workspace: Workspace, windows: Pairs, panes: Mapping[int, Pairs]
) -> Iterator[tuple[KeyPath, Value]]:
    for j, window in enumerate(workspace.windows):
        if j not in windows:
            continue
        path = KeyPath(("windows", windows[j]))
        yield path / "focus", window.is_active
        yield path / "last", window.is_last
        if window.size is not None:
            yield path / "size", str(window.size)
        for k, pane in enumerate(window.panes):
            place = panes.get(j, {}).get(k)
            if place is None:
                continue
            inner = path / "panes" / place
            # The only pane of a window that says nothing of it is not in the document.
            yield inner / "focus", pane.is_active
            yield inner / "last", pane.is_last
            yield inner / "zoomed", pane.is_zoomed
            yield inner / "title", pane.title


def _server(workspace: Workspace) -> Table:
    server = workspace.server
    return {
        "config_files": list(server.config_files),
        "server_options": _table(server.server_options),
        "session_options": _table(server.session_options),
        "window_options": _table(server.window_options),
    }


def _table(options: Mapping[str, OptionValue]) -> Table:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in options.items()
    }
