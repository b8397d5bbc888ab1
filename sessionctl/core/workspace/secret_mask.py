"""Secret mask: a workspace without the secrets in its arguments, variables and options.

A secret in a command becomes ``***``, and the command is only typed when it comes back; a
variable or an option that holds one is left out.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.finding import without
from sessionctl.core.scan.judgement import Judgement
from sessionctl.core.text.mask import MASK
from sessionctl.core.workspace.workspace import TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.core.values import Table, Value
    from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow

    Hidden = dict[KeyPath, str]

Item = TypeVar("Item")


class MaskedPart(NamedTuple):
    """What was kept out of a workspace: where it stood, and of what kind it is."""

    path: KeyPath
    what: str
    is_left_out: bool


def mask_secrets(workspace: Workspace) -> tuple[Workspace, tuple[MaskedPart, ...]]:
    """Return ``workspace`` without the secrets in it, and where those were."""
    hidden: Hidden = {}
    found: list[MaskedPart] = []
    for secret in Judgement(in_session=True).find(_value(workspace)):
        hidden[secret.path] = MASK if secret.is_whole else without(secret.text, secret.parts)
        is_left_out = any(part in ("env", "options") for part in secret.path)
        found.append(MaskedPart(secret.path, secret.parts[0].what, is_left_out))
    if not found:
        return workspace, ()
    windows = tuple(
        _window(window, KeyPath(("windows", number)), hidden)
        for number, window in enumerate(workspace.windows)
    )
    masked = workspace._replace(
        windows=windows,
        env=_left(workspace.env, KeyPath(("env",)), hidden),
        options=_left(workspace.options, KeyPath(("options",)), hidden),
    )
    return masked, tuple(found)


def _window(window: WorkspaceWindow, path: KeyPath, hidden: Hidden) -> WorkspaceWindow:
    return window._replace(
        name=hidden.get(path / "name", window.name),
        options=_left(window.options, path / "options", hidden),
        panes=tuple(
            _pane(pane, path / "panes" / number, hidden) for number, pane in enumerate(window.panes)
        ),
    )


def _pane(pane: WorkspacePane, path: KeyPath, hidden: Hidden) -> WorkspacePane:
    run = _command(pane.run, path / "run", hidden)
    resume = _command(pane.resume, path / "resume", hidden)
    is_changed = (run, resume) != (pane.run, pane.resume)
    return pane._replace(
        run=run,
        resume=resume if not isinstance(resume, str) else None,
        start=TYPE if is_changed else pane.start,
        title=hidden.get(path / "title", pane.title),
        env=_left(pane.env, path / "env", hidden),
        options=_left(pane.options, path / "options", hidden),
    )


def _command(
    command: tuple[str, ...] | str | None, path: KeyPath, hidden: Hidden
) -> tuple[str, ...] | str | None:
    if isinstance(command, tuple):
        return tuple(hidden.get(path / n, word) for n, word in enumerate(command))
    return command if command is None else hidden.get(path, command)


def _left(table: Mapping[str, Item], path: KeyPath, hidden: Hidden) -> Mapping[str, Item]:
    def is_hidden(key: str) -> bool:
        inner = path / key
        return any(place[: len(inner)] == inner for place in hidden)

    return {key: value for key, value in table.items() if not is_hidden(key)}


def _value(workspace: Workspace) -> Value:
    windows: list[Value] = [
        {
            "name": window.name,
            "options": _plain(window.options),
            "panes": [_pane_value(pane) for pane in window.panes],
        }
        for window in workspace.windows
    ]
    env, options = _plain(workspace.env), _plain(workspace.options)
    return {"env": env, "options": options, "windows": windows}


def _pane_value(pane: WorkspacePane) -> Table:
    value: Table = {
        "title": pane.title,
        "env": _plain(pane.env),
        "options": _plain(pane.options),
    }
    for key, command in (("run", pane.run), ("resume", pane.resume)):
        if command:
            value[key] = command if isinstance(command, str) else list(command)
    return value


def _plain(table: Mapping[str, object]) -> Table:
    found: Table = {}
    for key, item in table.items():
        if isinstance(item, tuple):
            found[key] = [word for word in item if isinstance(word, str)]
        elif isinstance(item, str | int):
            found[key] = item
    return found
