"""Lazy list: any number of lines, drawn as they come into sight, one of them chosen."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType

    LineOf = Callable[[int, int, bool], Text]
    """Gives a line by its number, the cells there are, and whether it is the chosen one."""


class LazyList(ScrollView, can_focus=True):
    """Lines that are asked for when they are drawn; arrows choose one, Enter picks it."""

    DEFAULT_CSS = """
    LazyList { height: 1fr; background: transparent; scrollbar-size-horizontal: 0; }
    LazyList > .lazy-list--chosen { background: $block-cursor-blurred-background; }
    LazyList:focus > .lazy-list--chosen { background: $block-cursor-background;
                                          color: $block-cursor-foreground; text-style: bold; }
    LazyList:nocolor > .lazy-list--chosen { text-style: bold reverse; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lazy-list--chosen"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "jump(0)", "First", show=False),
        Binding("end", "jump(-1)", "Last", show=False),
        Binding("enter", "pick", "Pick", show=False),
    ]
    chosen: reactive[int] = reactive(0, init=False)
    """The number of the chosen line."""

    class ListChange(Message):
        """Another line was chosen."""

        def __init__(self, lines: LazyList, number: int) -> None:
            super().__init__()
            self.lines = lines
            self.number = number

        @property
        def control(self) -> LazyList:
            """The list."""
            return self.lines

    class ListPick(ListChange):
        """Enter was pressed on a line."""

    def __init__(self, line_of: LineOf | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._line_of = line_of
        self._count = 0

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._count

    def show_lines(self, count: int, line_of: LineOf | None = None, *, choose: int = 0) -> None:
        """Show ``count`` lines; ``choose`` is the chosen one."""
        self._count = count
        self._line_of = line_of or self._line_of
        self.virtual_size = Size(0, count)
        wanted = max(0, min(choose, count - 1))
        is_same = wanted == self.chosen
        self.chosen = wanted
        if is_same and count:
            self.post_message(self.ListChange(self, wanted))
        self._bring_into_sight()
        self.refresh(layout=True)

    def watch_chosen(self, after: int) -> None:
        """Keep the chosen line in sight, and say which it is."""
        self._bring_into_sight()
        if self._count:
            self.post_message(self.ListChange(self, after))

    def validate_chosen(self, number: int) -> int:
        """Keep it within the lines."""
        return max(0, min(number, self._count - 1))

    def on_resize(self) -> None:
        """Keep the chosen line in sight."""
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        if self._count:
            self.scroll_to_region(Region(0, self.chosen, 1, 1), animate=False, force=True)

    def action_move(self, step: int) -> None:
        """Choose the next line, or the one before."""
        self.chosen += step

    def action_page(self, step: int) -> None:
        """Choose a line a page further."""
        self.chosen += step * max(1, self.scrollable_content_region.height - 1)

    def action_jump(self, number: int) -> None:
        """Choose the first line, or the last."""
        self.chosen = number if number >= 0 else self._count + number

    def action_pick(self) -> None:
        """Say that the chosen line was picked."""
        if self._count:
            self.post_message(self.ListPick(self, self.chosen))

    def render_line(self, y: int) -> Strip:
        """Return what is drawn in row ``y``."""
        number = y + round(self.scroll_offset.y)
        width = self.scrollable_content_region.width
        style = self.rich_style
        if not 0 <= number < self._count or self._line_of is None:
            return Strip.blank(width, style)
        is_chosen = number == self.chosen
        line = self._line_of(number, width, is_chosen)
        if is_chosen:
            chosen = self.get_component_rich_style("lazy-list--chosen")
            # On the colour of the cursor the colours of roles are not read.
            line = Text(line.plain, style=chosen)
            style = chosen
        segments = line.render(self.app.console)
        return Strip(segments).adjust_cell_length(width, style).crop(0, width).apply_style(style)
