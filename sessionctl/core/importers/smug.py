"""Files of smug: YAML.

The rules are those of smug 0.3 (config.go and smug.go).
"""

from __future__ import annotations

import re

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import SourceMap, SourceScalar
from sessionctl.core.importers.parts.commands import TypedLine, command, commands, put_lines
from sessionctl.core.importers.parts.focus import keep_one
from sessionctl.core.importers.parts.layouts import layout
from sessionctl.core.importers.parts.ledger import CHANGED, DOUBT, NOTE
from sessionctl.core.importers.parts.names import number_windows, session_name, window_name
from sessionctl.core.importers.parts.places import directory
from sessionctl.core.importers.parts.tmux_options import environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table

_LOST = {
    "attach": "'sessionctl open' attaches, 'restore' does not",
    "sendkeys_timeout": "restoring waits until the shell is ready",
    "tmux_options": "the server is chosen with --tmux-socket",
}
_RUNS = {
    "before_start": "before it builds the session",
    "stop": "when the session is stopped",
    "attach_hook": "when a client attaches",
    "detach_hook": "when a client detaches",
}
_VARIABLE = re.compile(r"\$(?:\{\w+\}|[A-Za-z_]\w*)")
_DEFAULT_LAYOUT = "even-horizontal"


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the session that smug would build of ``root``."""
    assert isinstance(root, SourceMap)
    fields = ledger.fields(root)
    value: Table = {"name": session_name(ledger, fields.scalar("session"), importing.stem)}
    start = directory(ledger, fields.scalar("root"))
    if start:
        value["root"] = start
    env = environment(ledger, fields.pop("env"))
    if env:
        value["env"] = env
    windows = [_window(ledger, item) for item in fields.items("windows")]
    keep_one(ledger, windows, root)
    number_windows(windows)
    if windows:
        value["windows"] = windows  # type: ignore[assignment]
    fields.rest(_LOST, _RUNS)
    return (ImportedSession(value),)


def _window(ledger: Ledger, node: Node) -> Table:
    if not isinstance(node, SourceMap):
        ledger.lose(node, "a window is a table")
        return {"name": ""}
    fields = ledger.fields(node)
    window: Table = {"name": window_name(ledger, fields.scalar("name"))}
    cwd = directory(ledger, fields.scalar("root"))
    if cwd and cwd != ".":
        window["cwd"] = cwd
    if fields.truth("selected"):
        window["focus"] = True
    first: Table = {}
    put_lines(first, _commands(ledger, fields.pop("commands")))
    panes = [first, *(_pane(ledger, item) for item in fields.items("panes"))]
    place = fields.scalar("layout")
    arranged = layout(ledger, place, len(panes))
    if not arranged and len(panes) > 1 and (place is None or place.is_empty):
        arranged = _DEFAULT_LAYOUT
    if arranged:
        window["layout"] = arranged
    manual = fields.scalar("manual")
    if manual is not None and ledger.truth(manual):
        message = "smug opens this window only when asked for it; here nothing in it is started"
        ledger.report(CHANGED, manual, message)
        panes = [{**pane, "start": "skip"} if "run" in pane else pane for pane in panes]
        window.pop("focus", None)
    if len(panes) > 1 or any(panes):
        window["panes"] = panes  # type: ignore[assignment]
    before = "smug itself never runs it"
    fields.rest({"before_start": before})
    return window


def _pane(ledger: Ledger, node: Node) -> Table:
    pane: Table = {}
    if isinstance(node, SourceScalar):
        if not node.is_empty:
            ledger.report(DOUBT, node, "a pane is a table in smug; this is taken as its command")
        put_lines(pane, commands(ledger, node))
        return pane
    if not isinstance(node, SourceMap):
        ledger.lose(node, "a pane is a table")
        return pane
    fields = ledger.fields(node)
    cwd = directory(ledger, fields.scalar("root"))
    if cwd and cwd != ".":
        pane["cwd"] = cwd
    put_lines(pane, _commands(ledger, fields.pop("commands")))
    split = fields.scalar("type")
    if split is not None and not split.is_empty:
        ledger.use(split)
        ledger.report(NOTE, split, "which way a pane is split off is not kept; the layout decides")
    fields.rest({})
    return pane


def _commands(ledger: Ledger, node: Node | None) -> list[TypedLine]:
    lines: list[TypedLine] = []
    for scalar in ledger.texts(node):
        found = _VARIABLE.search(scalar.text)
        if found is not None:
            message = f"smug puts the value of {found[0]} here when it starts; here the shell does"
            ledger.report(NOTE, scalar, message)
        lines.append(command(ledger, scalar))
    return lines
