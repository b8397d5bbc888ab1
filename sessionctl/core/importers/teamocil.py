"""Files of teamocil: YAML, of version 1 and of the ones before it.

The rules are those of teamocil 1.4 (lib/teamocil/tmux) and 0.4 (lib/teamocil/layout).
"""

from __future__ import annotations

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import (
    SourceList,
    SourceMap,
    SourceScalar,
    whole_number,
)
from sessionctl.core.importers.parts.cells import layout_of_splits
from sessionctl.core.importers.parts.commands import RUN, TypedLine, commands, put_lines
from sessionctl.core.importers.parts.focus import keep_one
from sessionctl.core.importers.parts.layouts import layout
from sessionctl.core.importers.parts.ledger import DOUBT, NOTE
from sessionctl.core.importers.parts.names import NAME, number_windows, session_name
from sessionctl.core.importers.parts.places import directory
from sessionctl.core.importers.parts.tmux_options import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.core.importers.parts.ledger import Fields, Ledger
    from sessionctl.core.values import Table

_PANE_LOST = {"target": "the layout decides where a pane is", "name": "panes of teamocil have none"}


def read(root: Node, ledger: Ledger, importing: Importing) -> tuple[ImportedSession, ...]:
    """Return the session that teamocil would build of ``root``."""
    assert isinstance(root, SourceMap)
    outer = ledger.fields(root)
    inner = outer.pop("session")
    if isinstance(inner, SourceMap):
        outer.rest({})
        outer = ledger.fields(inner)
    elif inner is not None:
        ledger.lose(inner, "a session is a table")
    value: Table = {"name": session_name(ledger, outer.scalar("name"), importing.stem)}
    start = directory(ledger, outer.scalar("root"))
    if start:
        value["root"] = start
    windows = [_window(ledger, item) for item in outer.items("windows")]
    keep_one(ledger, windows, root, last=False)
    number_windows(windows)
    if windows:
        value["windows"] = windows  # type: ignore[assignment]
    outer.rest({})
    return (ImportedSession(value),)


def _window(ledger: Ledger, node: Node) -> Table:
    if not isinstance(node, SourceMap):
        ledger.lose(node, "a window is a table")
        return {"name": ""}
    fields = ledger.fields(node)
    name = fields.scalar("name")
    window: Table = {"name": "" if name is None else ledger.text(name, NAME)}
    cwd = directory(ledger, fields.scalar("root"))
    if cwd and cwd != ".":
        window["cwd"] = cwd
    if fields.truth("focus"):
        window["focus"] = True
    own = options(ledger, fields.pop("options"))
    if own:
        window["options"] = own
    before, after = _filters(ledger, fields)
    separator = fields.scalar("cmd_separator")
    joint = "; " if separator is None else ledger.text(separator, RUN)
    fields_env = fields.scalar("with_env_var")
    if fields_env is not None:
        ledger.lose(fields_env, "it only says whether TEAMOCIL=1 is set")
    place = fields.scalar("layout")
    builder = _PaneReader(ledger, before, after, joint, has_layout=place is not None)
    panes = [builder.pane(item) for item in fields.items("panes", "splits")]
    for key in ("filters", "cmd_separator"):
        given = node.get(key)
        if given is not None and (not panes or (key == "cmd_separator" and not builder.has_joined)):
            ledger.lose(given, "the window has no panes for it")
    keep_one(ledger, panes, node, last=False)
    arranged = layout(ledger, place, max(1, len(panes)))
    if not arranged and len(panes) > 1 and (place is None or place.is_empty):
        arranged = builder.guess(node)
    if arranged:
        window["layout"] = arranged
    if len(panes) > 1 or any(panes):
        window["panes"] = panes  # type: ignore[assignment]
    fields.rest({})
    return window


def _filters(ledger: Ledger, fields: Fields) -> tuple[list[TypedLine], list[TypedLine]]:
    node = fields.pop("filters")
    before: list[TypedLine] = []
    after: list[TypedLine] = []
    if isinstance(node, SourceMap):
        inner = ledger.fields(node)
        before = commands(ledger, inner.pop("before"))
        after = commands(ledger, inner.pop("after"))
        inner.rest({})
    elif node is not None:
        ledger.lose(node, "filters are before and after")
    if fields.truth("clear"):
        before = [*before, TypedLine("clear")]
    return before, after


class _PaneReader:
    """Reads the panes of one window; teamocil joins the commands of a pane to one line."""

    def __init__(
        self,
        ledger: Ledger,
        before: list[TypedLine],
        after: list[TypedLine],
        joint: str,
        *,
        has_layout: bool,
    ) -> None:
        self.ledger = ledger
        self.before = before
        self.after = after
        self.joint = joint
        self.has_layout = has_layout
        self.has_joined = False
        self.count = 0
        self.widths = 0
        self.heights = 0

    def pane(self, node: Node) -> Table:
        pane: Table = {}
        lines: list[TypedLine] = []
        self.count += 1
        if isinstance(node, SourceMap):
            fields = self.ledger.fields(node)
            lines = commands(self.ledger, fields.pop("commands", "cmd"))
            if fields.truth("focus"):
                pane["focus"] = True
            self._put_size(pane, fields)
            fields.rest(_PANE_LOST)
        elif isinstance(node, SourceScalar | SourceList):
            lines = commands(self.ledger, node)
        texts = [line.text for line in (*self.before, *lines, *self.after)]
        self.has_joined = self.has_joined or len(texts) > 1
        whole = self.joint.join(texts)
        put_lines(pane, [TypedLine(whole)] if whole else [])
        return pane

    def guess(self, node: Node) -> str:
        """Return the layout that is nearest to panes which are split off one by one."""
        if not (self.widths or self.heights):
            return layout_of_splits(self.count)
        name = "even-horizontal" if self.widths >= self.heights else "even-vertical"
        message = f"it has sizes and no layout; {name} with these sizes is nearest to it"
        self.ledger.report(DOUBT, node, message)
        return name

    def _put_size(self, pane: Table, fields: Fields) -> None:
        for key in ("width", "height"):
            scalar = fields.scalar(key)
            if scalar is None or scalar.is_empty:
                continue
            number = whole_number(scalar.text.strip().removesuffix("%"))
            if self.has_layout or "size" in pane:
                self.ledger.lose(scalar, "the layout of the window decides")
            elif number is not None and 1 <= number <= 100:
                self.ledger.use(scalar)
                pane["size"] = f"{number}%"
                self.widths += key == "width"
                self.heights += key == "height"
                message = "the share of the pane at the time it was split off"
                self.ledger.report(NOTE, scalar, message)
            else:
                self.ledger.lose(scalar, "a share of 1 to 100 was expected")
