"""Drawing in terminal cells: boxes that share their borders, and tables.

What is drawn are lines of pieces, a piece being a text and the role it has ("heading",
"dim", ... or none): the colours are the printer's matter.
"""

from __future__ import annotations

from itertools import groupby

from sessionctl.core.memory import remembered
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.source import cell_width, visible
from sessionctl.core.workspace.layout import LayoutPane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from sessionctl.core.workspace.layout import Layout

    Piece: TypeAlias = tuple[str, str]
    Line: TypeAlias = list[Piece]

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_BORDERS = {
    0: " ", _LEFT | _RIGHT: "─", _UP | _DOWN: "│",
    _LEFT: "─", _RIGHT: "─", _UP: "│", _DOWN: "│",  # a box of one column has only walls
    _DOWN | _RIGHT: "┌", _DOWN | _LEFT: "┐", _UP | _RIGHT: "└", _UP | _LEFT: "┘",
    _UP | _DOWN | _RIGHT: "├", _UP | _DOWN | _LEFT: "┤",
    _LEFT | _RIGHT | _DOWN: "┬", _LEFT | _RIGHT | _UP: "┴",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}  # fmt: skip
_CROSSED = bytes(arms | _LEFT | _RIGHT for arms in range(16)) + bytes(240)
"""The arms of what a line to the right goes through."""
_MIN_WIDTH = 8


class Charset(NamedTuple):
    """The characters of a drawing: line-drawing ones, or those of ASCII."""

    is_ascii: bool

    @property
    def ellipsis(self) -> str:
        """What stands where a text was cut."""
        return "~" if self.is_ascii else "…"

    def border(self, arms: int) -> str:
        """Return the border character with these arms."""
        if not self.is_ascii:
            return _BORDERS[arms]
        return {0: " ", _LEFT | _RIGHT: "-", _UP | _DOWN: "|"}.get(arms, "+")


def text_width(text: str) -> int:
    """Return the terminal cells that ``text`` takes."""
    return len(text) if text.isascii() else sum(map(cell_width, text))


def fit(text: str, width: int, charset: Charset) -> str:
    """Return ``text`` safe for a terminal and cut to ``width`` cells, the cut marked."""
    if text.isascii() and text.isprintable():  # most are: a cell a character, nothing to hide
        if len(text) <= width:
            return text
        return (text[: max(width - 1, 0)] + charset.ellipsis)[: max(width, 0)]
    shown = visible(text)
    if charset.is_ascii and not shown.isascii():
        shown = shown.encode("ascii", "backslashreplace").decode()
    if text_width(shown) <= width:
        return shown
    kept = ""
    room = width - 1
    for character in shown:
        room -= cell_width(character)
        if room >= 0:
            kept += character
    return (kept + charset.ellipsis)[: max(width, 0)]


def wrap(text: str, width: int, charset: Charset, *, most: int) -> list[str]:
    """Return ``text`` in lines of ``width`` cells, broken at spaces, the last of ``most`` cut."""
    lines: list[str] = []
    line = ""
    words = fit(text, width * most * 2, charset).split(" ")
    for number, word in enumerate(words):
        if line and text_width(line) + 1 + text_width(word) > width and len(lines) < most - 1:
            lines.append(fit(line, width, charset))
            line = word
        else:
            line = f"{line} {word}" if number else word
    return [*lines, fit(line, width, charset)]


class PaneBox(NamedTuple):
    """The inside of a pane: its corner, size and number."""

    left: int
    top: int
    width: int
    height: int
    number: int


class Canvas:
    """A grid of cells: border arms, and over them texts that may be two cells wide."""

    def __init__(self, width: int, height: int, charset: Charset) -> None:
        self.arms = [bytearray(width) for _ in range(height)]
        self.cells: list[dict[int, tuple[str, str, int]]] = [{} for _ in range(height)]
        self.charset = charset

    def rule(self, left: int, top: int, length: int) -> None:
        """Draw a line to the right, joined to what it meets."""
        arms = self.arms[top]
        right = left + length - 1
        if right > left:
            arms[left + 1 : right] = arms[left + 1 : right].translate(_CROSSED)
            arms[left] |= _RIGHT
            arms[right] |= _LEFT

    def wall(self, left: int, top: int, length: int) -> None:
        """Draw a line downwards, joined to what it meets."""
        for row in range(top, top + length):
            self.arms[row][left] |= (_UP if row > top else 0) | (
                _DOWN if row < top + length - 1 else 0
            )

    def write(self, left: int, top: int, text: str, role: str) -> None:
        """Put a text, which must fit, over what is there."""
        if text:
            self.cells[top][left] = (text, role, text_width(text))

    def lines(self) -> list[Line]:
        """Return what was drawn, each line without trailing spaces."""
        return [self._line(row) for row in range(len(self.arms))]

    def _line(self, row: int) -> Line:
        line: Line = []
        column = 0
        arms = bytes(self.arms[row])
        # Borders come in long runs: what stands between two texts is looked at as one stretch.
        for start, (text, role, size) in sorted(self.cells[row].items()):
            if not column <= start < len(arms):  # below a text that began before it
                continue
            _extend(line, _borders(arms[column:start], self.charset))
            _extend(line, ((text, role),))
            column = start + size
        _extend(line, _borders(arms[column:], self.charset))
        return line


@remembered(1024)
def _borders(arms: bytes, charset: Charset) -> tuple[Piece, ...]:
    """Return a stretch of borders as pieces; a session has few that differ."""
    line: Line = []
    for arm, run in groupby(arms):
        _extend(line, ((charset.border(arm) * len(list(run)), "dim" if arm else ""),))
    return tuple(line)


def _extend(line: Line, pieces: tuple[Piece, ...]) -> None:
    """Add ``pieces`` to ``line``; the first, in the role of the last one, becomes part of that."""
    if line and pieces and line[-1][1] == pieces[0][1]:
        text, role = line[-1]
        line[-1] = (text + pieces[0][0], role)
        pieces = pieces[1:]
    line += pieces


def draw_window(
    title: tuple[str, str],
    layout: Layout,
    contents: Sequence[Line],
    width: int,
    charset: Charset,
) -> list[Line]:
    """Return a box of ``width`` cells with one inner box for each pane of ``layout``.

    ``contents`` are those of the panes by their numbers.
    ``title`` stands in the upper border, left and right. A pane's content is one piece
    a line; a box is as high as its content, and higher where its neighbours are.
    """

    def lines_of(number: int) -> int:
        return max(1, len(contents[number]))

    height = _least_height(layout, lines_of)
    canvas = Canvas(width, height + 2, charset)
    for top in (0, height + 1):
        canvas.rule(0, top, width)
    for left in (0, width - 1):
        canvas.wall(left, 0, height + 2)
    for box in _place(canvas, layout, (1, 1, width - 2, height), lines_of):
        for row, (text, role) in enumerate(contents[box.number]):
            canvas.write(box.left + 1, box.top + row, fit(text, box.width - 2, charset), role)
    write_title(canvas, title, width)
    return canvas.lines()


def write_title(canvas: Canvas, title: tuple[str, str], width: int) -> None:
    """Write a title into the upper border: its name left, its note right where there is room."""
    name, layout = title
    name = fit(name, width - 6, canvas.charset)
    canvas.write(2, 0, f" {name} ", "heading")
    layout = fit(layout, width // 2, canvas.charset)
    column = width - text_width(layout) - 4
    if layout and column > text_width(name) + 6:
        canvas.write(column, 0, f" {layout} ", "dim")


def _least_height(layout: Layout, lines_of: Callable[[int], int]) -> int:
    if isinstance(layout, LayoutPane):
        return lines_of(layout.number)
    heights = [_least_height(part, lines_of) for _, part in layout.parts]
    return max(heights) if layout.is_row else sum(heights) + len(heights) - 1


def pane_widths(layout: Layout, width: int) -> dict[int, int]:
    """Return the cells there are for the text of each pane, in a box of ``width`` cells."""
    return _text_widths(layout, width - 2)


def _text_widths(layout: Layout, width: int) -> dict[int, int]:
    if isinstance(layout, LayoutPane):
        return {layout.number: width - 2}
    sizes = [width] * len(layout.parts)
    if layout.is_row:
        sizes = shared_out([share for share, _ in layout.parts], width - len(layout.parts) + 1)
    widths: dict[int, int] = {}
    for (_, part), size in zip(layout.parts, sizes, strict=True):
        widths |= _text_widths(part, size)
    return widths


def _place(
    canvas: Canvas,
    layout: Layout,
    area: tuple[int, int, int, int],
    lines_of: Callable[[int], int],
) -> list[PaneBox]:
    """Draw the borders between the panes within ``area`` and return their insides."""
    left, top, width, height = area
    if isinstance(layout, LayoutPane):
        return [PaneBox(left, top, width, height, layout.number)]
    boxes: list[PaneBox] = []
    between = len(layout.parts) - 1
    shares = [share for share, _ in layout.parts]
    if layout.is_row:
        sizes = shared_out(shares, width - between)
    else:
        least = [_least_height(part, lines_of) for _, part in layout.parts]
        spare = shared_out(shares, height - between - sum(least))
        sizes = [lines + more for lines, more in zip(least, spare, strict=True)]
    for number, ((_, part), size) in enumerate(zip(layout.parts, sizes, strict=True)):
        if layout.is_row:
            boxes += _place(canvas, part, (left, top, size, height), lines_of)
            left += size + 1
            if number < between:
                canvas.wall(left - 1, top - 1, height + 2)
        else:
            boxes += _place(canvas, part, (left, top, width, size), lines_of)
            top += size + 1
            if number < between:
                canvas.rule(left - 1, top - 1, width + 2)
    return boxes


def shared_out(shares: Sequence[int], total: int) -> list[int]:
    """Return ``total`` cells divided in proportion to ``shares``, without remainder."""
    sizes: list[int] = []
    given = seen = 0
    for share in shares:
        seen += share
        until = total * seen // sum(shares)
        sizes.append(until - given)
        given = until
    return sizes


def fits(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, indent: int = 2
) -> bool:
    """Return whether a table has room in ``width`` cells without a cell that is cut."""
    kept = [n for n in range(len(header)) if n == 0 or any(row[n] for row in rows)]
    sizes = [max(text_width(row[n]) for row in (header, *rows)) for n in kept]
    return sum(sizes) + indent + 2 * (len(sizes) - 1) <= width


def draw_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    charset: Charset,
    *,
    indent: int = 2,
) -> list[Line]:
    """Return an aligned table; the widest columns give way until it has ``width`` cells.

    The header is dim, the first column a key; columns that are empty in all rows are
    left out.
    """
    kept = [n for n in range(len(header)) if n == 0 or any(row[n] for row in rows)]
    shown = [[fit(row[n], width, charset) for n in kept] for row in [header, *rows]]
    sizes = [max(text_width(row[n]) for row in shown) for n in range(len(kept))]
    while sum(sizes) + indent + 2 * (len(sizes) - 1) > width and max(sizes) > _MIN_WIDTH:
        sizes[sizes.index(max(sizes))] -= 1
    lines: list[Line] = []
    for number, row in enumerate(shown):
        line: Line = [(" " * indent, "")]
        for column, (text, size) in enumerate(zip(row, sizes, strict=True)):
            cut = fit(text, size, charset)
            role = "dim" if number == 0 else "key" if column == 0 else ""
            padding = size - text_width(cut) + 2 if any(row[column + 1 :]) else 0
            line += [(cut, role), (" " * padding, "")]
        lines.append([piece for piece in line if piece[0]])
    return lines
