"""Workspace faults: what is wrong with a workspace that foreign code made.

Types are promises that another package may break; what is checked here cannot fail later on.
"""

from __future__ import annotations

import re

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.mapping.agreed_workspace import StandingWorkspace
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
    from collections.abc import Iterator
    from typing import Any

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STARTS = ("", "run", "type", "skip")


def standing_faults(standing: Any) -> Iterator[str]:
    """Yield what is wrong with a standing workspace, each with its place; nothing: it is sound."""
    if not _is(standing, StandingWorkspace):
        yield f"expected a StandingWorkspace, got {_kind(standing)}"
        return
    yield from workspace_faults(standing.workspace)
    yield from _of("server", standing.server, str)
    if not _is(standing.workspace, Workspace) or not standing.server:
        return
    windows = standing.workspace.windows
    if not _is_texts(standing.windows) or len(standing.windows) != len(windows):
        yield "windows: expected a tuple with the id of each window"
    counts = [len(window.panes) for window in windows if _is(window, WorkspaceWindow)]
    panes = standing.panes
    if not isinstance(panes, tuple) or not all(map(_is_texts, panes)):
        yield "panes: expected a tuple of tuples with the ids of the panes"
    elif [len(ids) for ids in panes] != counts:
        yield "panes: expected the id of each pane of each window"


def workspace_faults(workspace: Any) -> Iterator[str]:
    """Yield what is wrong with a workspace, each with its place."""
    if not _is(workspace, Workspace):
        yield f"expected a Workspace, got {_kind(workspace)}"
        return
    yield from _of("name", workspace.name, str)
    if isinstance(workspace.name, str) and (not workspace.name or _CONTROL.search(workspace.name)):
        yield "name: expected a name without control characters"
    yield from _directory("root", workspace.root)
    yield from _of("group", workspace.group, str)
    yield from _of("base_index", workspace.base_index, int)
    yield from _of("server", workspace.server, ServerFacts)
    yield from _map("env", workspace.env, (str, SecretRef, type(None)))
    yield from _map("options", workspace.options, (str, int, tuple))
    if not isinstance(workspace.windows, tuple):
        yield f"windows: expected a tuple, got {_kind(workspace.windows)}"
        return
    for number, window in enumerate(workspace.windows):
        yield from _of_window(f"windows[{number}]", window)


def _of_window(where: str, window: Any) -> Iterator[str]:
    if not _is(window, WorkspaceWindow):
        yield f"{where}: expected a WorkspaceWindow, got {_kind(window)}"
        return
    for name in ("name", "layout", "link"):
        yield from _of(f"{where}.{name}", getattr(window, name), str)
    yield from _of(f"{where}.number", window.number, int, type(None))
    yield from _of(f"{where}.size", window.size, CellSize, type(None))
    yield from _map(f"{where}.env", window.env, (str, SecretRef, type(None)))
    yield from _map(f"{where}.options", window.options, (str, int, tuple))
    if not isinstance(window.panes, tuple):
        yield f"{where}.panes: expected a tuple, got {_kind(window.panes)}"
        return
    if not window.panes and not window.link:
        yield f"{where}.panes: expected at least one pane"
    for number, pane in enumerate(window.panes):
        yield from _of_pane(f"{where}.panes[{number}]", pane)


def _of_pane(where: str, pane: Any) -> Iterator[str]:
    if not _is(pane, WorkspacePane):
        yield f"{where}: expected a WorkspacePane, got {_kind(pane)}"
        return
    yield from _of(f"{where}.name", pane.name, str)
    yield from _of(f"{where}.title", pane.title, str)
    yield from _directory(f"{where}.cwd", pane.cwd)
    if not (pane.run is None or isinstance(pane.run, str) or _is_argv(pane.run)):
        yield f"{where}.run: expected a tuple of texts, a line or None, got {_kind(pane.run)}"
    if not (pane.resume is None or _is_texts(pane.resume)):
        yield f"{where}.resume: expected a tuple of texts or None, got {_kind(pane.resume)}"
    if not (isinstance(pane.shell, bool) or _is_argv(pane.shell)):
        yield f"{where}.shell: expected true, false or a tuple of texts, got {_kind(pane.shell)}"
    if pane.start not in _STARTS:
        yield f'{where}.start: expected "run", "type" or "skip"'
    yield from _of(f"{where}.floating", pane.floating, FloatPlace, type(None))
    yield from _map(f"{where}.env", pane.env, (str, SecretRef, type(None)))
    yield from _map(f"{where}.options", pane.options, (str, int, tuple))


def _directory(where: str, value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where}: expected a text, got {_kind(value)}"
    elif value and (not value.startswith("/") or "\0" in value):
        yield f"{where}: expected an absolute path"


def _of(where: str, value: object, *types: type) -> Iterator[str]:
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        yield f"{where}: expected {_names(types)}, got {_kind(value)}"


def _map(where: str, value: object, types: tuple[type, ...]) -> Iterator[str]:
    if not hasattr(value, "items"):
        yield f"{where}: expected a mapping, got {_kind(value)}"
        return
    for name, item in value.items():
        if not isinstance(name, str) or not name or "\0" in name:
            yield f"{where}: expected names that are texts"
        elif not isinstance(item, types):
            yield f"{where}.{name}: expected {_names(types)}, got {_kind(item)}"


def _is(value: object, kind: type) -> bool:
    # A plain question: what foreign code hands over has any type, whatever it promised.
    return isinstance(value, kind)


def _is_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(word, str) for word in value)


def _is_argv(value: object) -> bool:
    return _is_texts(value) and bool(value)


def _names(types: tuple[type, ...]) -> str:
    names = ["nothing" if kind is type(None) else kind.__name__ for kind in types]
    return " or ".join(names)


def _kind(value: object) -> str:
    # Never the value itself: it may hold a secret.
    return type(value).__name__
