"""Window plan: the windows of a session in their real proportions, as small boxes in rows."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.render.drawing import Canvas, PaneBox, fit, shared_out, text_width, write_title
from sessionctl.core.workspace.layout import LayoutPane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.render.drawing import Charset, Line
    from sessionctl.core.workspace.layout import Layout

UNTRUSTED_SIGN, TYPED_SIGN, SKIPPED_SIGN = "!", "~", "-"
"""What stands before a pane whose program does not simply start."""
USUAL_SIZE = (200, 50)
"""The size of a window of which none is known, in cells."""
_LEAST_WIDTH = 26
_LEAST_HEIGHT = 3
_LEAST_ROW = 7
_WIDE_PANE = 12
_GAP = 1


class PlannedWindow(NamedTuple):
    """A window to draw: its title and a note beside it, its size in cells, its panes.

    ``panes`` are the lines of each pane by its number, the most important first; each line is
    one piece.
    """

    title: str
    note: str
    size: tuple[int, int]
    layout: Layout
    panes: tuple[Line, ...]


def draw_plans(
    windows: Sequence[PlannedWindow], width: int, height: int, charset: Charset
) -> list[Line]:
    """Return the windows drawn to scale in rows of ``width`` cells.

    They are as large as all of them fit into ``height`` lines, or as small as can be read. A
    window whose panes would have no line of their own is drawn higher than its scale.
    """
    rows = height
    while rows > _LEAST_ROW and _lines_needed(windows, width, rows) > height:
        rows -= 1
    return _drawn(windows, width, rows, charset)


def _lines_needed(windows: Sequence[PlannedWindow], width: int, rows: int) -> int:
    total = highest = 0
    room = width
    for columns, high in (_scaled(window, width, rows) for window in windows):
        if columns > room:
            total, highest, room = total + highest, 0, width
        highest = max(highest, high)
        room -= columns + _GAP
    return total + highest


def _drawn(
    windows: Sequence[PlannedWindow], width: int, height: int, charset: Charset
) -> list[Line]:
    lines: list[Line] = []
    row: list[tuple[list[Line], int]] = []
    room = width
    for window in windows:
        columns, rows = _scaled(window, width, height)
        if row and columns > room:
            lines += _beside(row)
            row, room = [], width
        row.append((draw_plan(window, columns, rows, charset), columns))
        room -= columns + _GAP
    return lines + _beside(row)


def _scaled(window: PlannedWindow, width: int, height: int) -> tuple[int, int]:
    """Return the size of the box of a window, its borders included."""
    whole, high = (max(1, side) for side in window.size)
    rows = max(height, _LEAST_HEIGHT) - 2
    columns = max(_LEAST_WIDTH - 2, min(width - 2, rows * whole // high))
    columns = min(columns, width - 2)
    rows = min(rows, max(1, round(columns * high / whole)))
    return columns + 2, max(rows, _least_rows(window.layout)) + 2


def _least_rows(layout: Layout) -> int:
    if isinstance(layout, LayoutPane):
        return 1
    rows = [_least_rows(part) for _, part in layout.parts]
    return max(rows) if layout.is_row else sum(rows) + len(rows) - 1


def draw_plan(window: PlannedWindow, width: int, height: int, charset: Charset) -> list[Line]:
    """Return one window as a box of ``width`` times ``height`` cells, borders included."""
    canvas = Canvas(width, height, charset)
    for top in (0, height - 1):
        canvas.rule(0, top, width)
    for left in (0, width - 1):
        canvas.wall(left, 0, height)
    for box in _place(canvas, window.layout, PaneBox(1, 1, width - 2, height - 2, 0)):
        lines = window.panes[box.number] if box.number < len(window.panes) else []
        indent = int(box.width >= _WIDE_PANE)
        for row, (text, role) in enumerate(lines[: box.height]):
            shown = fit(text, box.width - indent, charset)
            canvas.write(box.left + indent, box.top + row, shown, role)
    write_title(canvas, (window.title, window.note), width)
    return canvas.lines()


def _place(canvas: Canvas, layout: Layout, area: PaneBox) -> list[PaneBox]:
    """Draw the borders between panes, and return the inside of each; too small ones are left out.

    The cells between borders are divided in the proportion of the session's own.
    """
    if isinstance(layout, LayoutPane):
        return [area._replace(number=layout.number)]
    between = len(layout.parts) - 1
    cells = (area.width if layout.is_row else area.height) - between
    if cells < len(layout.parts):
        return []
    sizes = _at_least_one(shared_out([share for share, _ in layout.parts], cells))
    boxes: list[PaneBox] = []
    left, top, width, height, _ = area
    for number, ((_, part), size) in enumerate(zip(layout.parts, sizes, strict=True)):
        if layout.is_row:
            boxes += _place(canvas, part, PaneBox(left, top, size, height, 0))
            left += size + 1
            if number < between:
                canvas.wall(left - 1, top - 1, height + 2)
        else:
            boxes += _place(canvas, part, PaneBox(left, top, width, size, 0))
            top += size + 1
            if number < between:
                canvas.rule(left - 1, top - 1, width + 2)
    return boxes


def _at_least_one(sizes: list[int]) -> list[int]:
    """Return the sizes with the largest giving way to those that would be nothing."""
    given = list(sizes)
    for number, size in enumerate(given):
        if size < 1:
            given[given.index(max(given))] -= 1 - size
            given[number] = 1
    return given


def _beside(boxes: Sequence[tuple[list[Line], int]]) -> list[Line]:
    """Return boxes beside one another as lines."""
    height = max((len(lines) for lines, _ in boxes), default=0)
    joined: list[Line] = []
    for row in range(height):
        line: Line = []
        for number, (lines, width) in enumerate(boxes):
            piece = list(lines[row]) if row < len(lines) else []
            filled = sum(text_width(text) for text, _ in piece)
            is_last = number == len(boxes) - 1
            line += [*piece, *([] if is_last else [(" " * (width - filled + _GAP), "")])]
        joined.append([one for one in line if one[0]])
    return joined
