"""Layouts: how the panes of a window lie, from a layout's name or a tmux layout string."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.workspace.layout_cells import leaves, read_cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from sessionctl.core.workspace.layout_cells import LayoutCell

NAMES = (
    "even-horizontal",
    "even-vertical",
    "main-horizontal",
    "main-horizontal-mirrored",
    "main-vertical",
    "main-vertical-mirrored",
    "tiled",
)


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

    Panes are counted in the order of the string.
    """
    cell = read_cells(text)
    if cell is None or sum(1 for _ in leaves(cell)) != count:
        return None
    return _shares(cell, iter(range(count)))


def _shares(cell: LayoutCell, numbers: Iterator[int]) -> Layout:
    if not cell.parts:
        return LayoutPane(next(numbers))
    sizes = (part.width if cell.is_row else part.height for part in cell.parts)
    parts = zip(sizes, (_shares(part, numbers) for part in cell.parts), strict=True)
    return LayoutSplit(cell.is_row, tuple((max(1, size), part) for size, part in parts))


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
