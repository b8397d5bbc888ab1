"""Reading a workspace from the value of a session document."""

from __future__ import annotations

import re

from sessionctl.core.session.session import SecretRef
from sessionctl.core.values import tables_in, text_in
from sessionctl.core.workspace.raw_text import from_value
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
    from collections.abc import Mapping

    from sessionctl.core.values import Table
    from sessionctl.core.workspace.path_scope import PathScope
    from sessionctl.core.workspace.workspace import EnvValue, OptionValue

_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")


def read_workspace(value: Table, scope: PathScope) -> Workspace:
    """Return the workspace that the document's ``value`` describes; never raises.

    Overrides must have been resolved. Keys of a wrong type count as missing, a window without
    panes has one.
    """
    root = scope.resolve(from_value(value.get("root")) or ".", scope.base)
    return Workspace(
        name=text_in(value, "name"),
        root=root,
        windows=tuple(read_window(item, root, scope) for item in tables_in(value, "windows")),
        env=read_env(value.get("env")),
        options=read_options(value.get("options")),
        group=text_in(value, "group"),
        server=read_server(value.get("tmux")),
    )


def read_window(value: Table, root: str, scope: PathScope) -> WorkspaceWindow:
    """Return the window that an item of ``windows`` describes, its directories below ``root``."""
    above = scope.resolve(from_value(value.get("cwd")) or ".", root)
    panes = tuple(read_pane(item, above, scope) for item in tables_in(value, "panes"))
    index = value.get("index")
    return WorkspaceWindow(
        name=text_in(value, "name"),
        panes=panes or (WorkspacePane(cwd=above),),
        number=index if type(index) is int else None,
        layout=text_in(value, "layout"),
        size=read_size(text_in(value, "size")),
        link=text_in(value, "link"),
        env=read_env(value.get("env")),
        options=read_options(value.get("options")),
        is_active=value.get("focus") is True,
        is_last=value.get("last") is True,
    )


def read_pane(value: Table, above: str, scope: PathScope) -> WorkspacePane:
    """Return the pane that an item of ``panes`` describes, its directory below ``above``."""
    run, shell, size = value.get("run"), value.get("shell"), value.get("size")
    name = text_in(value, "name")
    return WorkspacePane(
        name=name,
        cwd=scope.resolve(from_value(value.get("cwd")) or ".", above),
        run=run if isinstance(run, str) else read_argv(run) or None,
        resume=read_argv(value.get("resume")),
        shell=shell if isinstance(shell, bool) else read_argv(shell) or True,
        start=text_in(value, "start"),
        env=read_env(value.get("env")),
        options=read_options(value.get("options")),
        size=size if isinstance(size, str) or type(size) is int else None,
        floating=_float(value.get("float")),
        title=text_in(value, "title") or name,
        is_active=value.get("focus") is True,
        is_last=value.get("last") is True,
        is_zoomed=value.get("zoomed") is True,
    )


def read_argv(value: object) -> tuple[str, ...] | None:
    """Return the words of an argv; None for another value, or with a word that is none."""
    if not isinstance(value, list):
        return None
    words = tuple(map(from_value, value))
    return None if None in words else words  # type: ignore[return-value]


def read_env(value: object) -> Mapping[str, EnvValue]:
    """Return variables and their values; what is no value is left out."""
    found: dict[str, EnvValue] = {}
    for name, item in value.items() if isinstance(value, dict) else ():
        text = from_value(item)
        if text is not None:
            found[name] = text
        elif item is False:
            found[name] = None
        elif isinstance(item, dict) and isinstance(item.get("secret"), str):
            found[name] = SecretRef(item["secret"])
    return found


def read_options(value: object) -> Mapping[str, OptionValue]:
    """Return options and their values; what is no value is left out."""
    found: dict[str, OptionValue] = {}
    for name, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, list):
            found[name] = tuple(text for text in item if isinstance(text, str))
        elif isinstance(item, str | int):
            found[name] = item
    return found


def read_server(value: object) -> ServerFacts:
    """Return what a tmux server has besides its sessions."""
    if not isinstance(value, dict):
        return ServerFacts()
    files = value.get("config_files")
    return ServerFacts(
        tuple(map(str, files)) if isinstance(files, list) else (),
        read_options(value.get("server_options")),
        read_options(value.get("session_options")),
        read_options(value.get("window_options")),
    )


def read_size(text: str) -> CellSize | None:
    """Return the size that a text such as "200x50" gives."""
    match = _SIZE.fullmatch(text)
    return CellSize(int(match[1]), int(match[2])) if match else None


def _float(value: object) -> FloatPlace | None:
    numbers = [value.get(key) for key in FloatPlace._fields] if isinstance(value, dict) else []
    whole = [number for number in numbers if type(number) is int]
    return FloatPlace(*whole) if len(whole) == len(FloatPlace._fields) else None
