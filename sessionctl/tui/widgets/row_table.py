"""Row table: rows in columns, one of them chosen; the columns follow the width of the terminal."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.style import Style
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from sessionctl.core.render.drawing import Charset, fit, text_width
from sessionctl.tui.widgets.shown_text import ROLES, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

_GAP = 2
_LEAST = 6
_STILL_SAYS = 14


class TableColumn(NamedTuple):
    """A column: its title, and from which width of the table on it is shown.

    Where it is too narrow, ``keeps_end`` cuts texts at their beginning: the end of a path says
    more.
    """

    title: str
    from_width: int = 0
    keeps_end: bool = False


class TableRow(NamedTuple):
    """A row: what stands for it, and its cells, each a text and its role."""

    key: str
    cells: tuple[tuple[str, str], ...]


class RowList(OptionList):
    """The rows; the chosen one is in reverse where there are no colours."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "cursor_up", "Up", show=False),
        Binding("j", "cursor_down", "Down", show=False),
    ]

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """Return the style of a part of the list."""
        style = super().get_visual_style(*component_classes, partial=partial)
        # Textual leaves "reverse" of its style sheets out here (8.2).
        if self.app.no_color and "option-list--option-highlighted" in component_classes:
            return style + Style(reverse=True)
        return style


class RowTable(Vertical):
    """Rows below their titles; arrows choose one, Enter picks it.

    The chosen row stays chosen when rows come and go. Columns that are empty in all rows are left
    out, and where there is too little room the widest give way.
    """

    DEFAULT_CSS = """
    RowTable { height: 1fr; }
    RowTable > Static { height: 1; text-style: dim; text-wrap: nowrap; padding: 0 1; }
    RowTable > OptionList { height: 1fr; border: none; padding: 0; background: transparent; }
    RowTable > OptionList:focus { border: none; background-tint: transparent 0%; }
    RowTable > OptionList > .option-list--option { padding: 0 1; }
    RowTable > OptionList > .option-list--option-highlighted { background: $primary 20%; }
    RowTable > OptionList:focus > .option-list--option-highlighted {
        color: $text; background: $primary 40%; text-style: bold;
    }
    """

    class RowChange(Message):
        """Another row was chosen, or the chosen one has new cells; ``key`` is None for none."""

        def __init__(self, table: RowTable, key: str | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> RowTable:
            """The table."""
            return self.table

    class RowPick(Message):
        """Enter was pressed on a row."""

        def __init__(self, table: RowTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> RowTable:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[TableColumn],
        charset: Charset,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._charset = charset
        self._rows: tuple[TableRow, ...] = ()
        self._drawn: tuple[int, tuple[TableRow, ...]] | None = None
        self._head = Static("", markup=False)
        self._list = RowList(markup=False)

    def compose(self) -> ComposeResult:
        """Give the titles and the list."""
        yield self._head
        yield self._list

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def chosen(self) -> str | None:
        """The key of the chosen row, or None without one."""
        number = self._list.highlighted
        return self._rows[number].key if number is not None and number < len(self._rows) else None

    def show_rows(self, rows: Sequence[TableRow], *, choose: str | None = None) -> None:
        """Show ``rows``; the one that was chosen stays so, else its neighbour, or ``choose``."""
        wanted = choose if choose is not None else self.chosen
        number = self._list.highlighted or 0
        self._rows = tuple(rows)
        self._draw()
        keys = [row.key for row in self._rows]
        if not keys:
            self.post_message(self.RowChange(self, None))
            return
        self._list.highlighted = (
            keys.index(wanted) if wanted in keys else min(number, len(keys) - 1)
        )

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        number = self._list.highlighted
        self._draw()
        if number is not None and self._rows:
            self._list.highlighted = min(number, len(self._rows) - 1)

    def focus(self, scroll_visible: bool = True) -> RowTable:  # noqa: FBT001, FBT002
        """Give the list the keys."""
        self.screen.set_focus(self._list, scroll_visible)
        return self

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say which row is chosen now."""
        event.stop()
        self.post_message(self.RowChange(self, self.chosen))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say that Enter was pressed."""
        event.stop()
        if self.chosen is not None:
            self.post_message(self.RowPick(self, self.chosen))

    def _draw(self) -> None:
        # Without the padding, and the bar that stands beside a long list.
        width = self.size.width - 4
        if width <= 0 or self._drawn == (width, self._rows):
            return
        self._drawn = (width, self._rows)
        head, lines = _laid_out(self._columns, self._rows, width, self._charset)
        self._head.update(head)
        self._list.clear_options()
        self._list.add_options([Option(line) for line in lines])


def _laid_out(
    columns: Sequence[TableColumn], rows: Sequence[TableRow], width: int, charset: Charset
) -> tuple[Text, list[Text]]:
    """Return the line of titles and one for each row."""
    kept = [
        number
        for number, column in enumerate(columns)
        if width + 4 >= column.from_width
        and (number == 0 or not rows or any(row.cells[number][0] for row in rows))
    ]
    texts = [[fit(shown(row.cells[n][0]), width, charset) for n in kept] for row in rows]
    titles = [columns[n].title for n in kept]
    sizes = [max(map(text_width, column)) for column in zip(titles, *texts, strict=True)]
    _shrink(sizes, [columns[n].keeps_end for n in kept], width - _GAP * (len(sizes) - 1))
    roles = [[row.cells[n][1] for n in kept] for row in rows]
    head = _line(titles, [""] * len(kept), sizes, charset)
    for number, size in zip(kept, sizes, strict=True):
        if columns[number].keeps_end:
            position = kept.index(number)
            for row in texts:
                row[position] = _end_of(row[position], size, charset)
    return head, [_line(t, r, sizes, charset) for t, r in zip(texts, roles, strict=True)]


def _shrink(sizes: list[int], gives_way: Sequence[bool], width: int) -> None:
    """Make the columns fit: first those that still say something when they are cut short."""
    for number, is_first in enumerate(gives_way):
        if is_first:
            over = max(0, sum(sizes) - width)
            sizes[number] -= min(over, max(0, sizes[number] - _STILL_SAYS))
    while sum(sizes) > width and max(sizes) > _LEAST:
        sizes[sizes.index(max(sizes))] -= 1


def _end_of(text: str, width: int, charset: Charset) -> str:
    if text_width(text) <= width:
        return text
    kept = text[-width + 1 :]
    while text_width(kept) >= width:
        kept = kept[1:]
    return charset.ellipsis + kept


def _line(
    texts: Sequence[str], roles: Sequence[str], sizes: Sequence[int], charset: Charset
) -> Text:
    line = Text(no_wrap=True)
    for number, (text, role, size) in enumerate(zip(texts, roles, sizes, strict=True)):
        cut = fit(text, size, charset)
        line.append(cut, ROLES.get(role, ""))
        if number < len(texts) - 1:
            line.append(" " * (size - text_width(cut) + _GAP))
    return line
