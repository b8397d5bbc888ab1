"""Layouts of zellij: KDL.

The rules are those of zellij 0.44 (zellij-utils/src/kdl/kdl_layout_parser.rs).
"""

from __future__ import annotations

import re

from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.nodes.source_node import SourceList, SourceScalar
from sessionctl.core.importers.parts.cells import HEIGHT, WIDTH, Box, layout_of
from sessionctl.core.importers.parts.commands import RUN, TypedLine, command, put_lines
from sessionctl.core.importers.parts.focus import keep_one
from sessionctl.core.importers.parts.ledger import CHANGED, DOUBT, LOST, NOTE
from sessionctl.core.importers.parts.names import NAME, number_windows, session_name
from sessionctl.core.importers.parts.places import directory
from sessionctl.core.importers.zellij_templates import Templates, without_templates
from sessionctl.core.problem import Span
from sessionctl.core.text.shellwords import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.kdl_nodes import KdlNode
    from sessionctl.core.importers.parts.ledger import Ledger
    from sessionctl.core.values import Table, Value

_SHARE = re.compile(r"(?:[1-9][0-9]?|100)%")
_LOST = {
    "borderless": "borders are an option of the window in tmux",
    "contents_file": "old output is not part of a session",
    "default_bg": "colours of panes are options in tmux",
    "default_fg": "colours of panes are options in tmux",
    "exact_panes": "other layouts for other numbers of panes are zellij's",
    "exclude_from_sync": "synchronize-panes is for all panes of a window",
    "expanded": "tmux has no stacked panes",
    "hide_floating_panes": "floating panes are shown",
    "max_panes": "other layouts for other numbers of panes are zellij's",
    "min_panes": "other layouts for other numbers of panes are zellij's",
    "pinned": "tmux has no pinned panes",
    "stacked": "tmux has no stacked panes",
}
_PANE = ("args", "close_on_exit", "command", "cwd", "edit", "focus", "name", "size",
         "split_direction", "start_suspended", "x", "y", "width", "height", "title")  # fmt: skip
_WHOLE = {
    "swap_tiled_layout": "other layouts for other numbers of panes are zellij's",
    "swap_floating_layout": "other layouts for other numbers of panes are zellij's",
    "new_tab_template": "it is for tabs that are opened later",
}


def read(
    nodes: tuple[KdlNode, ...], ledger: Ledger, importing: Importing
) -> tuple[ImportedSession, ...]:
    """Return the session of the ``layout`` among ``nodes``, none without one."""
    layouts = [node for node in nodes if node.name.text == "layout"]
    reader = _LayoutReader(ledger)
    name = importing.stem
    for node in nodes:
        if layouts and node.name.text == "session_name" and len(node.arguments) == 1:
            name = session_name(ledger, node.arguments[0], importing.stem)
        elif node not in layouts[:1]:
            reader.lose(node, "it is not part of a layout")
    if not layouts:
        return ()
    return (ImportedSession(reader.session(layouts[0], name)),)


class _LayoutReader:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.template_names: set[str] = set()

    def session(self, node: KdlNode, name: str) -> Table:
        value: Table = {"name": name or "session"}
        root = self._directory(node)
        if root:
            value["root"] = root
        for child in node.children:
            if child.name.text in _WHOLE:
                self.lose(child, _WHOLE[child.name.text])
        templates = Templates.of(node)
        self.template_names = {*templates.panes, *templates.tabs_by_name}
        for scalar in templates.names:
            self.ledger.use(scalar)
        for template in templates.unused:
            self.lose(template, "no pane or tab uses this template")
        tabs = [without_templates(child, templates) for child in templates.tabs(node)]
        windows = [self._window(tab) for tab in tabs]
        self._rest(node, ("cwd", "name", "split_direction"))
        keep_one(self.ledger, windows, None, last=False)
        number_windows(windows)
        value["windows"] = windows  # type: ignore[assignment]
        return value

    def lose(self, node: KdlNode, why: str, rule: str = LOST) -> None:
        """Report a node with all that is in it as left out, once."""
        self._use_all(node)
        stop = self.ledger.source.find("\n", *node.span)
        span = Span(node.span.start, node.span.end if stop < 0 else stop)
        text = SourceScalar(node.name.text, "", span, node.path)
        self.ledger.report(rule, text, f"{node.name.text} is left out: {why}")

    def _use_all(self, node: KdlNode) -> None:
        for scalar in (*node.arguments, *(value for _, value in node.properties)):
            self.ledger.use(scalar)
        for child in node.children:
            self._use_all(child)

    # -- tabs ------------------------------------------------------------------------------

    def _window(self, tab: KdlNode) -> Table:
        name = tab.get("name") if tab.name.text == "tab" else None
        window: Table = {"name": "" if name is None else self.ledger.text(name, NAME)}
        if not window["name"]:
            window["options"] = {"automatic-rename": True}
        if self._truth(tab, "focus"):
            window["focus"] = True
        cwd = self._directory(tab) if tab.name.text == "tab" else ""
        if cwd:
            window["cwd"] = cwd
        panes: list[Table] = []
        box = self._box(tab, panes)
        arranged = layout_of(box) if box is not None else ""
        if arranged == "tiled":
            self._report(DOUBT, tab, "its panes do not fit into 200x50 cells; they are tiled")
        elif arranged and not arranged.startswith("even-"):
            self._report(NOTE, tab, f"sizes are counted in a window of {WIDTH}x{HEIGHT} cells")
        if arranged:
            window["layout"] = arranged
        for child in tab.children:
            if child.name.text == "floating_panes":
                panes += self._floating(child)
        keep_one(self.ledger, panes, SourceList((), tab.span, tab.path), last=False)
        if len(panes) > 1 or any(panes):
            window["panes"] = panes  # type: ignore[assignment]
        if tab.name.text == "tab":
            self._rest(tab, ("name", "focus", "cwd", "split_direction"))
        return window

    def _box(self, node: KdlNode, panes: list[Table]) -> Box | None:
        """Return how the panes in ``node`` lie, and add them to ``panes``; None without any."""
        inner = [child for child in node.children if child.name.text == "pane"]
        boxes: list[Box] = []
        for child in inner:
            plugin = next((c for c in child.children if c.name.text == "plugin"), None)
            if plugin is not None or child.get("plugin") is not None:
                self.lose(child, "a plugin of zellij runs in it")
                continue
            if any(c.name.text == "pane" for c in child.children):
                box = self._box(child, panes)
                self._rest(child, ("split_direction", "size", *_PANE))
                if box is not None:
                    boxes.append(box._replace(size=self._size(child)))
            else:
                panes.append(self._pane(child))
                boxes.append(Box(size=self._size(child)))
        direction = node.get("split_direction")
        if direction is not None and direction.text.lower() in ("vertical", "horizontal"):
            self.ledger.use(direction)
        elif direction is not None:
            self.ledger.lose(direction, "a direction is vertical or horizontal")
        is_row = direction is not None and direction.text.lower() == "vertical"
        return Box(tuple(boxes), is_row=is_row) if boxes else None

    def _size(self, node: KdlNode) -> str:
        scalar = node.get("size")
        if scalar is None:
            return ""
        if scalar.number or _SHARE.fullmatch(scalar.text):
            self.ledger.use(scalar)
            return scalar.text
        self.ledger.lose(scalar, 'a number of cells or a share such as "30%" was expected')
        return ""

    # -- panes -----------------------------------------------------------------------------

    def _pane(self, node: KdlNode) -> Table:
        pane: Table = {}
        name = node.get("name")
        if name is not None and not name.is_empty:
            pane["name"] = self.ledger.text(name, NAME)
        cwd = self._directory(node)
        if cwd:
            pane["cwd"] = cwd
        self._put_command(pane, node)
        if self._truth(node, "focus"):
            pane["focus"] = True
        self._rest(node, _PANE)
        return pane

    def _put_command(self, pane: Table, node: KdlNode) -> None:
        program, edit = node.get("command"), node.get("edit")
        suspended, closes = self._truth(node, "start_suspended"), self._truth(node, "close_on_exit")
        if program is not None:
            command(self.ledger, program)
            argv: list[Value] = [*self.ledger.words([program, *self._arguments(node)], RUN)]
            pane["run"] = argv
            if closes:
                pane["shell"] = False
        elif edit is not None:
            file = self.ledger.text(edit)
            put_lines(pane, [TypedLine(f"${{EDITOR:-vi}} {quoted(file)}")])
            self.ledger.report(CHANGED, edit, "the file is opened with $EDITOR")
        if suspended and "run" in pane:
            pane["start"] = "type"

    def _arguments(self, node: KdlNode) -> tuple[SourceScalar, ...]:
        child = next((c for c in node.children if c.name.text == "args"), None)
        if child is not None:
            return child.arguments
        single = node.get("args")
        return () if single is None else (single,)

    def _floating(self, node: KdlNode) -> list[Table]:
        panes: list[Table] = []
        for child in node.children:
            if child.name.text != "pane" or any(c.name.text == "plugin" for c in child.children):
                self.lose(child, "it is not a pane with its own program")
                continue
            pane = self._pane(child)
            pane["float"] = self._float(child)
            panes.append(pane)
        self._rest(node, ())
        return panes

    def _float(self, node: KdlNode) -> Table:
        place: Table = {}
        defaults = {"x": WIDTH // 4, "y": HEIGHT // 4, "width": WIDTH // 2, "height": HEIGHT // 2}
        for key, default in defaults.items():
            scalar = node.get(key)
            place[key] = default
            if scalar is None:
                continue
            text = scalar.text
            total = WIDTH if key in ("x", "width") else HEIGHT
            if scalar.number is not None:
                self.ledger.use(scalar)
                place[key] = max(scalar.number, 0 if key in ("x", "y") else 1)
            elif _SHARE.fullmatch(text):
                self.ledger.use(scalar)
                place[key] = max(1, total * int(text[:-1]) // 100)
                message = f"it is counted in a window of {WIDTH}x{HEIGHT} cells"
                self.ledger.report(NOTE, scalar, message)
            else:
                self.ledger.lose(scalar, "a number of cells or a share was expected")
        return place

    # -- what is left ----------------------------------------------------------------------

    def _directory(self, node: KdlNode) -> str:
        cwd = directory(self.ledger, node.get("cwd"))
        return "" if cwd == "." else cwd

    def _truth(self, node: KdlNode, key: str) -> bool:
        scalar = node.get(key)
        return scalar is not None and self.ledger.truth(scalar)

    def _report(self, rule: str, node: KdlNode, message: str) -> None:
        self.ledger.report(rule, SourceList((), node.span, node.path), message)

    def _rest(self, node: KdlNode, known: tuple[str, ...]) -> None:
        for index, (key, value) in enumerate(node.properties):
            if key.text in [later.text for later, _ in node.properties[index + 1 :]]:
                self.ledger.lose(value, "it is repeated, and the last one counts")
            elif key.text not in known:
                self.ledger.lose(value, _LOST.get(key.text, "zellij has no such property"))
        structure = {"pane", "tab", "floating_panes", "children", "args", "pane_template",
                     "tab_template", "default_tab_template", *_WHOLE}  # fmt: skip
        for child in node.children:
            name = child.name.text
            if name in known or name in structure or name in self.template_names:
                continue
            for scalar in child.arguments:
                self.ledger.lose(scalar, _LOST.get(name, "zellij has no such property"))
            if not child.arguments:
                self.lose(child, _LOST.get(name, "zellij has no such node"))
