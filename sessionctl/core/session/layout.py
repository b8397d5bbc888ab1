"""Layouts: how the panes of a window lie, from a layout's name or a tmux layout string."""

from __future__ import annotations

import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

NAMES = (
    "even-horizontal",
    "even-vertical",
    "main-horizontal",
    "main-horizontal-mirrored",
    "main-vertical",
    "main-vertical-mirrored",
    "tiled",
)

_MAX_DEPTH = 32
_CELL = re.compile(r"(\d{1,6})x(\d{1,6}),\d{1,6},\d{1,6}")


class LayoutPane(NamedTuple):
    """The place of one pane, by its number in the window."""

    number: int


class LayoutSplit(NamedTuple):
    """Parts side by side (``is_row``) or one below the other, with their share each."""

    is_row: bool
    parts: tuple[tuple[int, Layout], ...]


if TYPE_CHECKING:
    Layout: TypeAlias = LayoutPane | LayoutSplit


def arrange(layout: str, count: int) -> Layout:
    """Return how ``count`` panes lie in ``layout``; at least one pane is laid out.

    A layout that is empty, unknown or made for another number of panes counts as
    ``tiled``, as tmux takes care that every pane has a place.
    """
    if count <= 1:
        return LayoutPane(0)
    panes: list[Layout] = [LayoutPane(number) for number in range(count)]
    if layout == "even-horizontal":
        return _even(panes, is_row=True)
    if layout == "even-vertical":
        return _even(panes, is_row=False)
    if layout.startswith("main-") and layout in NAMES:
        is_row = "vertical" in layout
        main, rest = (3, panes[0]), (2, _even(panes[1:], is_row=not is_row))
        return LayoutSplit(is_row, (rest, main) if layout.endswith("mirrored") else (main, rest))
    return parse_layout(layout, count) or _tiled(panes)


def parse_layout(text: str, count: int) -> Layout | None:
    """Return what the tmux layout string ``text`` describes; None unless of ``count`` panes.

    A string reads ``checksum,WxH,X,Y{left,right}``: braces hold parts side by side,
    brackets parts one below the other; panes are counted in the order of the string.
    """
    match = re.match(r"(?:[0-9a-f]{4},)?(?=\d)", text)
    reader = _LayoutReader(text, match.end() if match else 0)
    try:
        layout = reader.cell(0)[2]
    except ValueError:
        return None
    complete = reader.position == len(text) and reader.panes == count
    return layout if complete else None


class _LayoutReader:
    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.panes = 0

    def cell(self, depth: int) -> tuple[int, int, Layout]:
        """Read the cell at the position; return its width, height and layout."""
        match = _CELL.match(self.text, self.position)
        if match is None or depth > _MAX_DEPTH:
            raise ValueError(self.text)
        self.position = match.end()
        width, height = int(match[1]), int(match[2])
        opening = self.text[self.position : self.position + 1]
        if opening in ("{", "["):
            return width, height, self.split(depth, is_row=opening == "{")
        pane = re.compile(r"(?:,\d+(?![\dx]))?").match(self.text, self.position)
        assert pane is not None
        self.position = pane.end()
        self.panes += 1
        return width, height, LayoutPane(self.panes - 1)

    def split(self, depth: int, *, is_row: bool) -> Layout:
        parts: list[tuple[int, Layout]] = []
        closing = "}" if is_row else "]"
        while not parts or self.text[self.position : self.position + 1] == ",":
            self.position += 1
            width, height, layout = self.cell(depth + 1)
            parts.append((max(1, width if is_row else height), layout))
        if self.text[self.position : self.position + 1] != closing:
            raise ValueError(self.text)
        self.position += 1
        return LayoutSplit(is_row, tuple(parts))


def _even(panes: list[Layout], *, is_row: bool) -> Layout:
    return panes[0] if len(panes) == 1 else LayoutSplit(is_row, tuple((1, pane) for pane in panes))


def _tiled(panes: list[Layout]) -> Layout:
    # tmux, layout-set.c: add a row, then a column, until all panes have a place.
    rows = columns = 1
    while rows * columns < len(panes):
        rows += 1
        if rows * columns < len(panes):
            columns += 1
    lines = [panes[start : start + columns] for start in range(0, len(panes), columns)]
    return _even([_even(line, is_row=True) for line in lines], is_row=False)
