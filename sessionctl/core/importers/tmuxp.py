"""Files of tmuxp: YAML or JSON.

The rules are those of tmuxp 1.76 (workspace/loader.py and builder/classic.py).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import SourceList, SourceMap, SourceScalar
from sessionctl.core.importers.parts.cells import layout_of_splits
from sessionctl.core.importers.parts.commands import TypedLine, command, put_lines
from sessionctl.core.importers.parts.focus import keep_one
from sessionctl.core.importers.parts.layouts import layout
from sessionctl.core.importers.parts.ledger import CHANGED, DOUBT, NOTE
from sessionctl.core.importers.parts.names import (
    in_tmux_order,
    number_windows,
    session_name,
    window_name,
)
from sessionctl.core.importers.parts.places import directory
from sessionctl.core.importers.parts.shells import put_shell
from sessionctl.core.importers.parts.tmux_options import WINDOW_OPTIONS, environment, options
from sessionctl.core.session.directories import is_rooted, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Fields, Ledger
    from sessionctl.core.values import Table

_EMPTY = ("blank", "pane")
_SESSION_LOST = {
    "plugins": "a plugin is Python code of tmuxp",
    "workspace_builder": "how tmuxp builds is its own",
    "workspace_builder_options": "how tmuxp builds is its own",
    "config": "the tmux configuration belongs to the server",
    "socket_name": "the server is chosen with --tmux-socket",
}
_WINDOW_LOST = {
    "shell_command_after": "tmuxp itself has no use for it",
}
_PANE_LOST = {
    "sleep_before": "restoring waits until the shell is ready",
    "sleep_after": "restoring waits until the shell is ready",
    "target": "the layout decides where a pane is",
}
_QUOTED_VARIABLE = re.compile(r"'[^']*\$\{?[A-Za-z_][^']*'")


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the session that tmuxp would build of ``root``."""
    assert isinstance(root, SourceMap)
    return (ImportedSession(_Workspace(ledger).session(root, importing)),)


class _Step(NamedTuple):
    """A command; ``enter`` is None where it is as with the one before."""

    text: str
    enter: bool | None = None


class _Workspace:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.before: list[_Step] = []

    def session(self, root: SourceMap, importing: Importing) -> Table:
        fields = self.ledger.fields(root)
        value: Table = {
            "name": session_name(self.ledger, fields.scalar("session_name"), importing.stem)
        }
        start = fields.scalar("start_directory")
        if start is not None and not start.is_empty:
            value["root"] = directory(self.ledger, start)
            self._check_base(start)
        before, own_node = fields.pop("shell_command_before"), root.get("options")
        self.before = self._commands(before)
        env = environment(self.ledger, fields.pop("environment"))
        for_all = fields.pop("global_options")
        own = options(self.ledger, for_all)
        if own and for_all is not None:
            message = "tmuxp sets these for all sessions of the server; here they are this one's"
            self.ledger.report(CHANGED, for_all, message)
        own |= options(self.ledger, fields.pop("options"))
        windows = [self._window(item) for item in fields.items("windows")]
        of_windows = {key: own.pop(key) for key in list(own) if key in WINDOW_OPTIONS}
        if not windows:
            self._lose_without_windows(before, *((for_all, own_node) if of_windows else ()))
        for window in windows if of_windows else ():
            window["options"] = {**of_windows, **window.get("options", {})}  # type: ignore[dict-item]
        base = own.get("base-index", 0)
        keep_one(self.ledger, windows, root)
        windows = in_tmux_order(windows, base if isinstance(base, int) else 0)
        number_windows(windows)
        value |= {key: table for key, table in (("env", env), ("options", own)) if table}
        if windows:
            value["windows"] = windows  # type: ignore[assignment]
        self._note_history(fields)
        when = "before it builds the session"
        fields.rest(_SESSION_LOST, {"before_script": when})
        return value

    def _lose_without_windows(self, *nodes: Node | None) -> None:
        for node in nodes:
            if node is not None:
                self.ledger.lose(node, "there is no window for it")

    def _note_history(self, fields: Fields) -> None:
        scalar = fields.scalar("suppress_history")
        if scalar is not None:
            self.ledger.use(scalar)
            message = "whether a shell keeps what is typed in its history is for its own settings"
            self.ledger.report(NOTE, scalar, message)

    def _check_base(self, start: SourceScalar) -> None:
        if not is_rooted(start.text) and not start.text.startswith("."):
            message = "tmuxp takes this directory from where it is run, here from the file"
            self.ledger.report(DOUBT, start, message)

    # -- windows ---------------------------------------------------------------------------

    def _window(self, node: Node) -> Table:
        if not isinstance(node, SourceMap):
            self.ledger.lose(node, "a window is a table")
            return {"name": ""}
        fields = self.ledger.fields(node)
        window: Table = {"name": window_name(self.ledger, fields.scalar("window_name"))}
        self._put_index(window, fields)
        place = fields.scalar("layout")
        if fields.truth("focus"):
            window["focus"] = True
        cwd = directory(self.ledger, fields.scalar("start_directory"))
        env = environment(self.ledger, fields.pop("environment"))
        own = self._options(fields, is_named=bool(window["name"]))
        before = [*self.before, *self._commands(fields.pop("shell_command_before"))]
        shell = fields.scalar("window_shell")
        nodes = fields.items("panes")
        panes = [self._pane(item, before, shell) for item in nodes]
        if not panes:
            panes = [self._pane(None, before, shell)]
        if env and any("env" in pane for pane in panes):
            # A pane's environment stands in place of the window's, not beside it.
            panes = [pane if "env" in pane else {**pane, "env": env} for pane in panes]
            env = {}
        keep_one(self.ledger, panes, node)
        window |= self._places(cwd, panes)
        arranged = layout(self.ledger, place, len(panes))
        if place is None or place.is_empty:
            arranged = layout_of_splits(len(panes))
        if arranged:
            window["layout"] = arranged
        if len(panes) > 1 and not any(pane.get("focus") for pane in panes):
            panes[-1]["focus"] = True  # tmux goes to each pane that is split off
        if env:
            window["env"] = env
        if own:
            window["options"] = own
        if any(panes) or len(panes) > 1:
            window["panes"] = panes  # type: ignore[assignment]
        self._note_history(fields)
        fields.rest(_WINDOW_LOST)
        return window

    def _options(self, fields: Fields, *, is_named: bool) -> Table:
        own: Table = {} if is_named else {"automatic-rename": True}
        own |= options(self.ledger, fields.pop("options"))
        after = fields.pop("options_after")
        if after is not None:
            own |= options(self.ledger, after)
            self.ledger.report(NOTE, after, "these are set when the commands run already")
        return own

    def _put_index(self, window: Table, fields: Fields) -> None:
        index = fields.scalar("window_index")
        if index is None:
            return
        if index.number is not None:
            self.ledger.use(index)
            window["index"] = index.number
        else:
            self.ledger.lose(index, "the number of a window was expected")

    def _places(self, cwd: str, panes: list[Table]) -> Table:
        """Return the directory of the window; where a pane counts from the root, none."""
        loose = [pane for pane in panes if pane.pop("_from_root", False)]
        if not cwd or cwd == "." or not loose:
            return {"cwd": cwd} if cwd and cwd != "." else {}
        for pane in panes:
            if not any(pane is one for one in loose):
                pane["cwd"] = joined(cwd, str(pane.get("cwd", "")))
        return {}

    # -- panes -----------------------------------------------------------------------------

    def _pane(self, node: Node | None, before: list[_Step], shell: SourceScalar | None) -> Table:
        pane: Table = {}
        steps = list(before)
        is_entered = True
        if isinstance(node, SourceMap):
            fields = self.ledger.fields(node)
            start = fields.scalar("start_directory")
            if start is not None and not start.is_empty:
                pane |= self._pane_place(start)
            env = environment(self.ledger, fields.pop("environment"))
            if env:
                pane["env"] = env
            if fields.truth("focus"):
                pane["focus"] = True
            shell = fields.scalar("shell") or shell
            if "enter" in fields:
                is_entered = fields.truth("enter")
            steps += self._commands(fields.pop("shell_command_before"))
            steps += self._commands(fields.pop("shell_command"))
            self._note_history(fields)
            fields.rest(_PANE_LOST)
        elif node is not None:
            steps += self._commands(node)
        put_lines(pane, _typed(steps, is_entered=is_entered))
        if shell is not None and not shell.is_empty:
            put_shell(self.ledger, pane, shell)
        return pane

    def _pane_place(self, start: SourceScalar) -> Table:
        path = directory(self.ledger, start)
        if is_rooted(path):
            return {"cwd": path}
        if start.text.startswith("."):
            message = "it counts from the directory of the window, as in tmuxp run at the root"
            self.ledger.report(DOUBT, start, message)
            return {"cwd": path}
        message = "tmuxp takes this directory from where it is run, here from the root"
        self.ledger.report(DOUBT, start, message)
        return {"cwd": path, "_from_root": True}

    def _commands(self, node: Node | None) -> list[_Step]:
        """Return the steps of a command, a list of them, or a table with such a list."""
        if node is None:
            return []
        if isinstance(node, SourceMap):
            if node.get("cmd") is not None:
                return self._steps([node])
            fields = self.ledger.fields(node)
            steps = self._commands(fields.pop("shell_command"))
            fields.rest(_PANE_LOST)
            return steps
        items: list[Node] = [*node.items] if isinstance(node, SourceList) else [node]
        if len(items) == 1 and isinstance(items[0], SourceScalar) and items[0].text in _EMPTY:
            self.ledger.use(items[0])
            return []
        return self._steps(items)

    def _steps(self, items: list[Node]) -> list[_Step]:
        steps: list[_Step] = []
        for item in items:
            enter = None
            scalar: SourceScalar | None = None
            if isinstance(item, SourceScalar):
                scalar = item
            elif isinstance(item, SourceMap):
                fields = self.ledger.fields(item)
                scalar = fields.scalar("cmd")
                enter = fields.truth("enter") if "enter" in fields else None
                fields.rest(_PANE_LOST)
            else:
                self.ledger.lose(item, "a command is a text")
            if scalar is not None and not scalar.is_empty:
                steps.append(_Step(self._command(scalar), enter))
        return steps

    def _command(self, scalar: SourceScalar) -> str:
        if _QUOTED_VARIABLE.search(scalar.text):
            message = "tmuxp puts in variables itself, in single quotes too; a shell does not"
            self.ledger.report(NOTE, scalar, message)
        return command(self.ledger, scalar).text


def _typed(steps: list[_Step], *, is_entered: bool) -> list[TypedLine]:
    """Return what is typed: a step without Enter holds for those behind it too.

    tmuxp types a space before each command, which keeps it out of the history.
    """
    lines: list[TypedLine] = []
    for step in steps:
        joins = bool(lines) and not lines[-1].enter
        is_entered = is_entered if step.enter is None else step.enter
        lines.append(TypedLine(f" {step.text}" if joins else step.text, is_entered))
    return lines
