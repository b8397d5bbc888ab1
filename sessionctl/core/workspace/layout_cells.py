"""Layout cells: how panes lie in a window to the cell, read from and written as tmux does.

A tmux layout string reads ``checksum,WxH,X,Y{left,right}``: braces hold parts side by side,
brackets parts one below the other, and a number after a pane's place is its id. The checksum
and the ids may be missing.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_DEPTH = 64
_CELL = late(r"(\d{1,6})x(\d{1,6}),(\d{1,6}),(\d{1,6})")
_ID = late(r",(\d{1,9})(?![\dx])")
_CHECKSUM = late(r"[0-9a-f]{4},(?=\d)")


class LayoutCell(NamedTuple):
    """A pane (without ``parts``), or parts side by side (``is_row``) or stacked.

    ``pane`` is the id that a layout string gives, the number after ``%``; None without.
    """

    width: int
    height: int
    left: int
    top: int
    is_row: bool = False
    parts: tuple[LayoutCell, ...] = ()
    pane: int | None = None


class PaneRect(NamedTuple):
    """Where one pane lies in its window."""

    width: int
    height: int
    left: int
    top: int


def read_cells(text: str) -> LayoutCell | None:
    """Return what a layout string describes; None where it is not one, or has more in it."""
    match = _CHECKSUM.match(text)
    reader = _CellReader(text, match.end() if match else 0)
    try:
        cell = reader.cell(0)
    except ValueError:
        return None
    return cell if reader.position == len(text) else None


def write_cells(cell: LayoutCell) -> str:
    """Return the layout string of ``cell`` with its checksum, without the ids of panes."""
    text = _written(cell)
    return f"{checksum(text):04x},{text}"


def checksum(text: str) -> int:
    """Return tmux's checksum of a layout string (layout-custom.c, ``layout_checksum``)."""
    found = 0
    for byte in text.encode():
        found = ((found >> 1) + ((found & 1) << 15) + byte) & 0xFFFF
    return found


def leaves(cell: LayoutCell) -> Iterator[LayoutCell]:
    """Yield the panes of a layout in its order, which is that of their numbers."""
    if not cell.parts:
        yield cell
    for part in cell.parts:
        yield from leaves(part)


def has_same_shape(one: LayoutCell, other: LayoutCell) -> bool:
    """Return whether two layouts have the same tree, whatever the sizes."""
    return (
        len(one.parts) == len(other.parts)
        and (one.is_row == other.is_row or not one.parts)
        and all(map(has_same_shape, one.parts, other.parts))
    )


def has_same_places(one: LayoutCell, other: LayoutCell) -> bool:
    """Return whether two layouts put their panes at the same places."""
    return [leaf[:4] for leaf in leaves(one)] == [leaf[:4] for leaf in leaves(other)]


def resized(cell: LayoutCell, width: int, height: int) -> LayoutCell:
    """Return ``cell`` in another size; its parts keep their shares, at least one cell each."""
    return _placed(cell, PaneRect(width, height, cell.left, cell.top))


def cells_of(places: Sequence[PaneRect]) -> LayoutCell | None:
    """Return the layout in which panes lie at ``places``; None where no splits make that.

    Between two panes there is one cell for the border. The panes are numbered by their
    order in ``places``, which must be that of the layout.
    """
    numbered = [LayoutCell(*place, pane=number) for number, place in enumerate(places)]
    return _assembled(numbered) if numbered else None


def _written(cell: LayoutCell) -> str:
    text = f"{cell.width}x{cell.height},{cell.left},{cell.top}"
    if not cell.parts:
        return text
    inner = ",".join(map(_written, cell.parts))
    return f"{text}{{{inner}}}" if cell.is_row else f"{text}[{inner}]"


def _placed(cell: LayoutCell, rect: PaneRect) -> LayoutCell:
    parts: list[LayoutCell] = []
    extent = rect.width if cell.is_row else rect.height
    start = rect.left if cell.is_row else rect.top
    before = sum(part.width if cell.is_row else part.height for part in cell.parts) or 1
    room = extent - len(cell.parts) + 1
    for number, part in enumerate(cell.parts):
        later = len(cell.parts) - number - 1
        share = part.width if cell.is_row else part.height
        size = max(1, min(room - later, round(room * share / before)) if later else room)
        room, before = room - size, max(1, before - share)
        place = (
            PaneRect(size, rect.height, start, rect.top)
            if cell.is_row
            else PaneRect(rect.width, size, rect.left, start)
        )
        parts.append(_placed(part, place))
        start += size + 1
    return LayoutCell(*rect, cell.is_row, tuple(parts), cell.pane)


def _assembled(cells: list[LayoutCell]) -> LayoutCell | None:
    if len(cells) == 1:
        return cells[0]
    left, top = min(c.left for c in cells), min(c.top for c in cells)
    width = max(c.left + c.width for c in cells) - left
    height = max(c.top + c.height for c in cells) - top
    for is_row in (True, False):
        groups = _cut(cells, is_row=is_row)
        if len(groups) < 2:
            continue
        parts = [_assembled(group) for group in groups]
        if all(part is not None for part in parts):
            found = tuple(part for part in parts if part is not None)
            return LayoutCell(width, height, left, top, is_row, found)
    return None


def _cut(cells: list[LayoutCell], *, is_row: bool) -> list[list[LayoutCell]]:
    """Return ``cells`` in groups that lie wholly side by side, or wholly below each other."""
    groups: list[list[LayoutCell]] = []
    end = -1
    for cell in sorted(cells, key=lambda c: c.left if is_row else c.top):
        start = cell.left if is_row else cell.top
        if not groups or start > end:
            groups.append([])
        groups[-1].append(cell)
        end = max(end, start + (cell.width if is_row else cell.height))
    return groups


class _CellReader:
    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position

    def cell(self, depth: int) -> LayoutCell:
        match = _CELL.match(self.text, self.position)
        if match is None or depth > _MAX_DEPTH:
            raise ValueError(self.text)
        self.position = match.end()
        rect = PaneRect(*map(int, match.groups()))
        opening = self.text[self.position : self.position + 1]
        if opening in ("{", "["):
            parts = self.parts(depth, "}" if opening == "{" else "]")
            return LayoutCell(*rect, opening == "{", parts)
        number = _ID.match(self.text, self.position)
        if number is None:
            return LayoutCell(*rect)
        self.position = number.end()
        return LayoutCell(*rect, pane=int(number[1]))

    def parts(self, depth: int, closing: str) -> tuple[LayoutCell, ...]:
        found: list[LayoutCell] = []
        while not found or self.text[self.position : self.position + 1] == ",":
            self.position += 1
            found.append(self.cell(depth + 1))
        if self.text[self.position : self.position + 1] != closing:
            raise ValueError(self.text)
        self.position += 1
        return tuple(found)
