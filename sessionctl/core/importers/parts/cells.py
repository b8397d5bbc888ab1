"""A layout string made from nested rows and columns with sizes."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.workspace.layout_cells import checksum

WIDTH, HEIGHT = 200, 50
"""The window that sizes are counted in, when nothing else is known."""


class Box(NamedTuple):
    """A pane (no ``parts``), or parts side by side (``is_row``) or one below the other.

    ``size`` is what it takes of its parent: cells, or a share such as "60%"; "" for an
    equal part of the rest.
    """

    parts: tuple[Box, ...] = ()
    is_row: bool = False
    size: str = ""


def simplified(box: Box) -> Box:
    """Return ``box`` without parts that are alone or go the way of their parent."""
    parts = [simplified(part) for part in box.parts]
    if len(parts) == 1:
        return parts[0]._replace(size=box.size)
    return box._replace(parts=tuple(parts))


def layout_of(box: Box) -> str:
    """Return the layout for ``box``: a name where one says it, else a layout string.

    It is "" for a single pane, and "tiled" for more panes than there is room for.
    """
    box = simplified(box)
    if not box.parts:
        return ""
    if not any(part.parts or part.size for part in box.parts):
        return "even-horizontal" if box.is_row else "even-vertical"
    try:
        text = _Cells().cell(box, WIDTH, HEIGHT, 0, 0)
    except ValueError:
        return "tiled"
    return f"{checksum(text):04x},{text}"


def layout_of_splits(count: int) -> str:
    """Return the layout of ``count`` panes, each split off below from the one before.

    That is what tmux makes of splits without a layout: each new pane has half of the last.
    """
    sizes: list[int] = []
    left = HEIGHT
    for _ in range(count - 1):
        below = (left - 1) // 2
        sizes.append(left - 1 - below)
        left = below
    if left < 1:
        return "tiled"
    if count <= 2:
        return "even-vertical" if count == 2 else ""
    return layout_of(Box(tuple(Box(size=str(size)) for size in (*sizes, left))))


class _Cells:
    def __init__(self) -> None:
        self.panes = 0

    def cell(self, box: Box, width: int, height: int, x: int, y: int) -> str:
        head = f"{width}x{height},{x},{y}"
        if not box.parts:
            self.panes += 1
            return f"{head},{self.panes - 1}"
        cells: list[str] = []
        for part, size in zip(box.parts, _sizes(box, width if box.is_row else height), strict=True):
            if box.is_row:
                cells.append(self.cell(part, size, height, x, y))
                x += size + 1
            else:
                cells.append(self.cell(part, width, size, x, y))
                y += size + 1
        opening, closing = "{}" if box.is_row else "[]"
        return f"{head}{opening}{','.join(cells)}{closing}"


def _sizes(box: Box, total: int) -> list[int]:
    """Return the cells of each part; one cell between them is the border.

    Raises:
      ValueError: there is no room for all.
    """
    room = total - (len(box.parts) - 1)
    wanted = [_wanted(part.size, total) for part in box.parts]
    flexible = [index for index, size in enumerate(wanted) if size is None]
    sizes = [size or 1 for size in wanted]
    rest = room - sum(size for size in wanted if size is not None)
    last = len(sizes) - 1
    if not flexible:
        sizes[last] += rest
    for number, index in enumerate(flexible):
        sizes[index] = (rest - sum(sizes[i] for i in flexible[:number])) // (len(flexible) - number)
    if min(sizes) < 1:
        raise ValueError(total)
    return sizes


def _wanted(size: str, total: int) -> int | None:
    if not size:
        return None
    if size.endswith("%"):
        return max(1, total * int(size[:-1]) // 100)
    return max(1, int(size))
