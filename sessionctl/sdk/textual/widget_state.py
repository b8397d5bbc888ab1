"""Widget state: what a widget holds as a table of TOML values, and how it takes that back.

A class of the host's own takes part with two methods: ``session_state()`` returns its state as a
table, ``restore_session_state(state)`` takes one over, and may return False to be asked again.
"""

from __future__ import annotations

import re
from typing import Any

from textual.css.scalar import Scalar, ScalarError
from textual.widgets import (
    Collapsible,
    DirectoryTree,
    Input,
    RadioButton,
    RadioSet,
    Select,
    SelectionList,
    TabbedContent,
    Tabs,
    TextArea,
    Tree,
)

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.rules.key_names import is_secret_key
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.widget import Widget
    from textual.widgets.tree import TreeNode

    State = Mapping[str, Any]

LEFT_OUT = "no-session"
"""The class of widgets and screens whose state is not saved."""
LAYOUT = "session-layout"
"""The class of widgets whose size, and whether they are shown, is saved."""
_SCALARS = (str, bool, int, float)
_SIZES = ("width", "height")


def widget_state(widget: Widget) -> dict[str, Any] | None:
    """Return the state of a widget as a table of TOML values; None for one without."""
    if widget.has_class(LEFT_OUT) or holds_secret(widget):
        return None
    state = _own_state(widget)
    if widget.has_class(LAYOUT):
        state = {**(state or {}), **_layout(widget)}
    return state


def apply_widget_state(widget: Widget, state: State) -> bool:
    """Give a widget its state back; what does not fit any more is left out.

    Returns False where the widget does not have yet what the state speaks of: rows, options,
    nodes, tabs.
    """
    if widget.has_class(LAYOUT):
        _apply_layout(widget, state)
    own = getattr(widget, "restore_session_state", None)
    if own is not None:
        return own(dict(state)) is not False
    match widget:
        case TextArea():
            text = state.get("text")
            if isinstance(text, str) and not widget.read_only and text != widget.text:
                place = widget.cursor_location
                widget.load_text(text)
                # An edit of the file from outside leaves the cursor where somebody types.
                widget.move_cursor(place)
        case Input():
            if not holds_secret(widget) and isinstance(state.get("value"), str):
                widget.value = state["value"]
        case RadioSet() | Select() | SelectionList() | TabbedContent() | Tabs():
            return _choose(widget, state)
        case Collapsible():
            widget.collapsed = bool(state.get("collapsed", widget.collapsed))
        case Tree():
            return _expand(widget, state)
        case _ if _is_switch(widget):
            widget.value = bool(state.get("value", widget.value))  # type: ignore[attr-defined]
    return True


def _own_state(widget: Widget) -> dict[str, Any] | None:
    own = getattr(widget, "session_state", None)
    if own is not None:
        return dict(own())
    state: dict[str, Any] | None = None
    match widget:
        case TextArea():
            state = None if widget.read_only else {"text": widget.text}
        case Input():
            state = None if widget.password else {"value": widget.value}
        case Collapsible():
            state = {"collapsed": widget.collapsed}
        case Tree():
            state = {"expanded": [path for path, node in nodes_of(widget) if node.is_expanded]}
        case RadioSet() | Select() | SelectionList() | TabbedContent() | Tabs():
            state = _choice(widget)
        case _ if _is_switch(widget):
            state = {"value": widget.value}  # type: ignore[attr-defined]
    return state


def _choice(widget: Widget) -> dict[str, Any] | None:
    """Return what is chosen in a widget."""
    match widget:
        case RadioSet():
            return _pressed(widget)
        case Select():
            return {"value": widget.value} if isinstance(widget.value, _SCALARS) else {}
        case SelectionList():
            return {"selected": [one for one in widget.selected if isinstance(one, _SCALARS)]}
        case TabbedContent():
            return {"active": widget.active}
        case Tabs():
            is_part = any(isinstance(one, TabbedContent) for one in widget.ancestors)
            return None if is_part else {"active": widget.active}
    return None


def holds_secret(widget: Widget) -> bool:
    """Whether it is for a password or the like, hidden or by its name: no file holds that."""
    if not isinstance(widget, Input):
        return False
    words = [] if widget.id is None else re.split("[^A-Za-z0-9]+", widget.id)
    return widget.password or any(is_secret_key(word) for word in words)


def _is_switch(widget: Widget) -> bool:
    """Whether it is on or off; the buttons of a set are the set's matter."""
    if isinstance(widget, RadioButton) and isinstance(widget.parent, RadioSet):
        return False
    return isinstance(getattr(widget, "value", None), bool)


def _choose(widget: Widget, state: State) -> bool:
    """Choose what was chosen; False where it is not there."""
    match widget:
        case RadioSet():
            return _press(widget, state.get("pressed"))
        case Select():
            values = [value for _, value in widget._options]
            if "value" not in state:
                widget.clear()
            elif state["value"] in values:
                widget.value = state["value"]
            return "value" not in state or state["value"] in values
        case SelectionList():
            return _select(widget, state.get("selected"))
        case TabbedContent():
            return _activate(widget, state, [pane.id for pane in widget.query("TabPane")])
        case Tabs():
            return _activate(widget, state, [tab.id for tab in widget.query("Tab")])
    return True


def _pressed(widget: RadioSet) -> dict[str, Any]:
    # A set hears of a button that was pressed a little later: then two are on.
    on = [(index, one) for index, one in enumerate(widget.query(RadioButton)) if one.value]
    new = [pair for pair in on if pair[1] is not widget.pressed_button] or on
    return {"pressed": new[0][1].id or new[0][0]} if new else {}


def _press(widget: RadioSet, wanted: object) -> bool:
    for index, button in enumerate(widget.query(RadioButton)):
        if wanted is not None and wanted in (button.id, index):
            button.value = True
            return True
    return wanted is None


def _select(widget: SelectionList[Any], wanted: object) -> bool:
    if not isinstance(wanted, list):
        return True
    options = [widget.get_option_at_index(index) for index in range(widget.option_count)]
    values = [option.value for option in options]
    widget.deselect_all()
    for value in wanted:
        if value in values:
            widget.select(value)
    return all(value in values for value in wanted)


def _activate(widget: TabbedContent | Tabs, state: State, ids: list[str | None]) -> bool:
    wanted = state.get("active")
    if wanted in ids:
        widget.active = str(wanted)
        return True
    return not wanted


# -- trees -------------------------------------------------------------------------------------


def nodes_of(tree: Tree[Any]) -> Iterator[tuple[str, TreeNode[Any]]]:
    """Yield the nodes that are there, each with its path: the labels below the root."""

    def walk(node: TreeNode[Any], path: KeyPath) -> Iterator[tuple[str, TreeNode[Any]]]:
        yield str(path), node
        for child in node.children:
            yield from walk(child, path / _label(child))

    yield from walk(tree.root, KeyPath())


def _label(node: TreeNode[Any]) -> str:
    # A tree of directories knows its nodes by their paths: icons may stand in labels.
    if isinstance(node.tree, DirectoryTree) and node.data is not None:
        return str(node.data.path.name)
    return str(node.label)


def _expand(tree: Tree[Any], state: State) -> bool:
    """Open the nodes that were open, close others; False while some are not there."""
    wanted = state.get("expanded")
    if not isinstance(wanted, list):
        return True
    missing = {path for path in wanted if isinstance(path, str)}
    for path, node in list(nodes_of(tree)):
        if path in missing and node.allow_expand:
            missing.discard(path)
            if not node.is_expanded:
                node.expand()
        elif path not in missing and node.is_expanded:
            node.collapse()
    return not missing


# -- sizes -------------------------------------------------------------------------------------


def _layout(widget: Widget) -> dict[str, Any]:
    inline = widget.styles.inline
    sizes = {name: str(getattr(inline, name)) for name in _SIZES if inline.has_rule(name)}
    return {**sizes, "shown": widget.display}


def _apply_layout(widget: Widget, state: State) -> None:
    for name in _SIZES:
        if isinstance(state.get(name), str):
            try:
                size = Scalar.parse(state[name])
            except (ScalarError, ValueError):
                continue
            setattr(widget.styles, name, size)
    if isinstance(state.get("shown"), bool):
        widget.display = state["shown"]


def is_same_state(one: State | None, other: State | None) -> bool:
    """Whether both are the same in value and type."""
    if one is None or other is None:
        return one is other
    return same_value(dict(one), dict(other))
