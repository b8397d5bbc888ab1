"""The templates of a zellij layout, filled in."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.kdl_nodes import KdlNode
    from sessionctl.core.importers.nodes.source_node import SourceScalar

_DEFINITIONS = ("pane_template", "tab_template", "default_tab_template")
_PANES = ("pane", "children", "floating_panes")
_MAX_DEPTH = 16


class Templates(NamedTuple):
    """The templates of a layout by name; ``default`` is that of tabs without one."""

    panes: dict[str, KdlNode]
    tabs_by_name: dict[str, KdlNode]
    default: KdlNode | None
    unused: tuple[KdlNode, ...]
    names: tuple[SourceScalar, ...]

    @classmethod
    def of(cls, layout: KdlNode) -> Templates:
        """Return the templates that ``layout`` defines, and those nothing uses."""
        panes: dict[str, KdlNode] = {}
        tabs: dict[str, KdlNode] = {}
        names: list[SourceScalar] = []
        default: KdlNode | None = None
        for child in layout.children:
            name = child.get("name")
            if child.name.text == "default_tab_template":
                default = child
            elif child.name.text in _DEFINITIONS and name is not None:
                names.append(name)
                (panes if child.name.text == "pane_template" else tabs)[name.text] = child
        used = _names(layout)
        unused = tuple(node for name, node in {**panes, **tabs}.items() if name not in used)
        return cls(panes, tabs, default, unused, tuple(names))

    def tabs(self, layout: KdlNode) -> list[KdlNode]:
        """Return the tabs of ``layout``; one without any is a tab itself."""
        found = [
            child
            for child in layout.children
            if child.name.text == "tab" or child.name.text in self.tabs_by_name
        ]
        return found or [layout]


def without_templates(tab: KdlNode, templates: Templates) -> KdlNode:
    """Return ``tab`` with its own template and those of its panes filled in."""
    template = templates.tabs_by_name.get(tab.name.text) or templates.default
    if template is not None:
        tab = _filled(template, tab, "tab" if tab.name.text != "layout" else "layout")
    return _with_panes(tab, templates.panes, 0)


def _with_panes(node: KdlNode, panes: dict[str, KdlNode], depth: int) -> KdlNode:
    children: list[KdlNode] = []
    for child in node.children:
        template = panes.get(child.name.text)
        if template is not None and depth < _MAX_DEPTH:
            child = _filled(template, child, "pane")
        if child.name.text not in _DEFINITIONS:
            children.append(_with_panes(child, panes, depth + 1))
    return node._replace(children=tuple(children))


def _filled(template: KdlNode, use: KdlNode, name: str) -> KdlNode:
    """Return ``template`` as ``use`` has it: its values win, its panes take their place."""
    own = {key.text for key, _ in use.properties}
    inherited = [(k, v) for k, v in template.properties if k.text not in own and k.text != "name"]
    plain = {child.name.text for child in use.children if _is_plain(child)}
    inner = tuple(child for child in use.children if not _is_plain(child))
    children = [c for c in template.children if not (_is_plain(c) and c.name.text in plain)]
    if name == "layout":
        inner = tuple(child for child in inner if child.name.text not in _DEFINITIONS)
    if name != "pane" and all(child.name.text == "floating_panes" for child in inner):
        # A tab without panes has one.
        pane = use._replace(
            name=use.name._replace(text="pane"), properties=(), arguments=(), children=()
        )
        inner = (pane, *inner)
    found, is_placed = _placed(children, inner)
    if not is_placed and name == "pane" and inner:
        found = [*found, *inner]
    elif not is_placed:
        found = [*found, *(child for child in inner if child.name.text == "floating_panes")]
    values = [child for child in use.children if _is_plain(child)]
    return use._replace(
        name=use.name._replace(text=name),
        properties=(*use.properties, *inherited),
        arguments=(),
        children=(*values, *found),
    )


def _placed(children: list[KdlNode], inner: tuple[KdlNode, ...]) -> tuple[list[KdlNode], bool]:
    """Return ``children`` with ``inner`` where they say ``children``."""
    found: list[KdlNode] = []
    is_placed = False
    for child in children:
        if child.name.text == "children":
            found += inner
            is_placed = True
            continue
        below, is_below = _placed(list(child.children), inner)
        found.append(child._replace(children=tuple(below)) if is_below else child)
        is_placed = is_placed or is_below
    return found, is_placed


def _is_plain(node: KdlNode) -> bool:
    """Return whether a node is a value of its parent, as ``cwd "/tmp"`` is."""
    return bool(node.arguments) and node.name.text not in _PANES


def _names(node: KdlNode) -> set[str]:
    names = {child.name.text for child in node.children}
    for child in node.children:
        names |= _names(child)
    return names
