"""Conflict table: a row for each conflict: base, ours, theirs -> result; and the sides of one."""

from __future__ import annotations

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from sessionctl.core.conflict.conflict_row import (
    INVALID,
    OPEN,
    ConflictRow,
    SideLabels,
    cells_of,
)
from sessionctl.core.render.conflict_text import ShownSide, render_sides
from sessionctl.core.render.drawing import Charset, fit, text_width
from sessionctl.core.text.condensation import condensed
from sessionctl.tui.widgets.lazy_list import LazyList
from sessionctl.tui.widgets.shown_text import ROLES, shown, text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

_SIGNS = {OPEN: ("?", "warning"), INVALID: ("!", "error")}
_TAKEN = ("+", "good")
_NARROW, _MIDDLE = 60, 76
_MOST_SHOWN = 3_000


class ConflictTable(LazyList):
    """Conflicts, one a line; ``row_of`` gives each when it comes into sight.

    The first sign says how it stands: "?" open, "+" taken, "!" it is not valid.
    """

    def __init__(self, charset: Charset, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(self._line, id=id)
        self._charset = charset
        self._row_of: Callable[[int], ConflictRow] | None = None

    def show_rows(
        self,
        rows: Sequence[ConflictRow] | Callable[[int], ConflictRow],
        count: int | None = None,
        *,
        choose: int = 0,
    ) -> None:
        """Show rows; ``count`` says how many, where ``rows`` is a function of the number."""
        if callable(rows):
            self._row_of = rows
        else:
            self._row_of, count = rows.__getitem__, len(rows)
        self.show_lines(count or 0, choose=choose)

    def heading(self, width: int) -> Text:
        """Return the titles of the columns for a table of ``width`` cells."""
        return self._joined(_cells("  ", "key", ("base", "ours", "theirs"), "result"), width)

    def _line(self, number: int, width: int, _is_chosen: bool) -> Text:  # noqa: FBT001
        assert self._row_of is not None
        row = self._row_of(number)
        sign, role = _SIGNS.get(row.state, _TAKEN)
        base, ours, theirs, result = cells_of(row)
        cells = _cells(f"{sign} ", row.key, (base, ours, theirs), result)
        return self._joined([(cells[0][0], role), *cells[1:-1], (cells[-1][0], role)], width)

    def _joined(self, cells: list[tuple[str, str]], width: int) -> Text:
        """Return the cells as one line; on a narrow terminal the sides are left out."""
        sign, key, _, ours, theirs, result = cells
        line = Text()
        line.append(sign[0], ROLES[sign[1]])
        parts = [key, ours, theirs, result] if width < _MIDDLE else [*cells[1:]]
        parts = [key, result] if width < _NARROW else parts
        arrow = "->" if self._charset.is_ascii else "→"
        room = width - text_width(sign[0]) - 2 * (len(parts) - 1) - 1
        first = max(8, room * (45 if len(parts) == 2 else 30) // 100)
        other = max(3, (room - first) // (len(parts) - 1))
        for index, (text, role) in enumerate(parts):
            size = first if index == 0 else other
            lead = "" if index == 0 else f" {arrow} " if index == len(parts) - 1 else "  "
            cut = fit(_start_cut(shown(text), size, index, self._charset), size, self._charset)
            line.append(lead, "dim")
            line.append(cut, ROLES[role])
            line.append(" " * (size - text_width(cut)))
        return line


class ConflictSides(VerticalScroll):
    """The sides of one conflict below each other, what each did, and the result."""

    DEFAULT_CSS = """
    ConflictSides { height: 1fr; }
    ConflictSides > Static { height: auto; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._shown: tuple[ConflictRow, SideLabels, str] | None = None

    def compose(self) -> ComposeResult:
        """Give the text."""
        yield Static("", markup=False)

    def show_row(self, row: ConflictRow | None, labels: SideLabels, meaning: str = "") -> None:
        """Show a conflict; ``meaning`` is what its schema says of the key."""
        self._shown = None if row is None else (row, labels, meaning)
        self._draw()

    def on_resize(self) -> None:
        """Fold it anew."""
        self._draw()

    def _draw(self) -> None:
        text = Text("")
        if self._shown is not None and self.size.width > 4:
            text = _details(*self._shown, self.size.width - 4)
        self.query_one(Static).update(text)


def _details(row: ConflictRow, labels: SideLabels, meaning: str, width: int) -> Text:
    head = Text()
    head.append(shown(row.key), "bold")
    head.append(f"   {shown(row.place)}" if row.place else "", "dim")
    if meaning:
        head.append(f"\n{shown(meaning)}", "dim")
    sides = [("base", labels.base, row.base)] if row.base is not None else []
    sides += [("ours", labels.ours, row.ours), ("theirs", labels.theirs, row.theirs)]
    if row.result is not None:
        sides.append(("result", row.choice, row.result))
    texts = condensed([text for _, _, text in sides], _MOST_SHOWN)
    remarks = {name: [text for side, text in row.remarks if side == name] for name, _, _ in sides}
    remarks["result"] = list(row.problems)
    found = []
    deeds = dict(zip(("ours", "theirs"), row.deeds, strict=True))
    for (name, label, _), text in zip(sides, texts, strict=True):
        deed = deeds.get(name, "")
        told = ": ".join(filter(None, (label, deed)))
        found.append(ShownSide(name, told, text, tuple(remarks[name])))
    lines = render_sides(found, width)
    if row.problems and row.result is None:
        lines += [[(f"  ! {problem}", "warning")] for problem in row.problems]
    verdict = {OPEN: "result  open: nothing is chosen yet", INVALID: "  ! it is not valid"}
    lines.append([(f"  {verdict.get(row.state, '+ valid')}", "dim")])
    return Text("\n").join([head, text_of_lines(lines)])


def _cells(sign: str, key: str, sides: tuple[str, str, str], result: str) -> list[tuple[str, str]]:
    return [(sign, ""), (key, "key"), *((side, "") for side in sides), (result, "")]


def _start_cut(text: str, size: int, index: int, charset: Charset) -> str:
    """Return a key that is too long without its beginning: its end says more."""
    if index or text_width(text) <= size:
        return text
    kept = text[-size + 1 :]
    while text_width(kept) >= size:
        kept = kept[1:]
    return charset.ellipsis + kept
