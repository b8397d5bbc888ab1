"""Widget view: where somebody was in a widget: cursor, selection, how far it was scrolled.

This changes all the time, so it is kept on this machine, outside the session file.
"""

from __future__ import annotations

from typing import Any

from textual.widgets import DataTable, Input, ListView, OptionList, TextArea, Tree

from sessionctl.sdk.textual.widget_state import LEFT_OUT, holds_secret, nodes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widget import Widget

    View = Mapping[str, Any]


def widget_view(widget: Widget) -> dict[str, Any] | None:
    """Return where somebody is in a widget; None for one without such a thing."""
    if widget.has_class(LEFT_OUT):
        return None
    view = _cursor(widget)
    scroll = [round(widget.scroll_x), round(widget.scroll_y)]
    if any(scroll):
        view = {**(view or {}), "scroll": scroll}
    return view


def apply_widget_view(widget: Widget, view: View) -> bool:
    """Go back to where somebody was; False while the place is not there, or nothing is laid out."""
    is_there = _go_to(widget, view)
    scroll = _place(view.get("scroll"))
    if not is_there or (scroll is not None and not widget.size):
        return False
    if scroll is not None:
        # After the cursor, which scrolls automatically. Forced, for a widget whose scrollbar is not
        # shown yet takes no other.
        x, y = scroll
        widget.call_after_refresh(widget.scroll_to, x, y, animate=False, force=True)
    return True


def _cursor(widget: Widget) -> dict[str, Any] | None:
    match widget:
        case TextArea():
            start, end = widget.selection
            view: dict[str, Any] = {"cursor": list(end)}
            return view if start == end else {**view, "anchor": list(start)}
        case Input():
            # How long a secret is does not belong into a file either.
            return None if holds_secret(widget) else {"cursor": widget.cursor_position}
        case DataTable():
            return _table_cursor(widget)
        case Tree():
            node = widget.cursor_node
            paths = [path for path, one in nodes_of(widget) if one is node]
            return {"node": paths[0]} if node is not None and paths else None
        case OptionList():
            return None if widget.highlighted is None else {"row": widget.highlighted}
        case ListView():
            return None if widget.index is None else {"row": widget.index}
    return None


def _table_cursor(table: DataTable[Any]) -> dict[str, Any] | None:
    if not table.row_count:
        return None
    row, column = table.cursor_coordinate
    view: dict[str, Any] = {"cursor": [row, column]}
    if table.is_valid_coordinate(table.cursor_coordinate):
        key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
        view = {**view, "key": key} if isinstance(key, str) else view
    return view


def _go_to(widget: Widget, view: View) -> bool:
    match widget:
        case TextArea():
            place, anchor = _place(view.get("cursor")), _place(view.get("anchor"))
            if place is not None:
                widget.move_cursor(anchor or place)
                if anchor is not None:
                    widget.move_cursor(place, select=True)
        case Input():
            place = view.get("cursor")
            if isinstance(place, int) and 0 <= place <= len(widget.value):
                widget.cursor_position = place
        case DataTable():
            return _go_to_cell(widget, view)
        case Tree():
            found = [node for path, node in nodes_of(widget) if path == view.get("node")]
            if found:
                widget.move_cursor(found[0])
            return bool(found) or "node" not in view
        case OptionList() | ListView():
            row = view.get("row")
            count = widget.option_count if isinstance(widget, OptionList) else len(widget)
            if not isinstance(row, int) or not 0 <= row < count:
                return not isinstance(row, int)
            setattr(widget, "highlighted" if isinstance(widget, OptionList) else "index", row)
    return True


def _go_to_cell(table: DataTable[Any], view: View) -> bool:
    place = _place(view.get("cursor"))
    if place is None:
        return True
    row, column = place
    key = view.get("key")
    # Rows may have no keys: then that of each is None.
    if isinstance(key, str) and key in [one.value for one in table.rows]:
        row = table.get_row_index(key)
    if not table.is_valid_row_index(row):
        return False
    table.move_cursor(row=row, column=column, animate=False)
    return True


def _place(value: object) -> tuple[int, int] | None:
    match value:
        case [int(row), int(column)] if row >= 0 and column >= 0:
            return row, column
    return None
