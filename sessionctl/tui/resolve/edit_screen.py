"""Edit screen: the text of one conflict, checked before it is taken."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from sessionctl.tui.widgets.shown_text import shown, text_of_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

_KEYS = "Ctrl-S takes it   Esc leaves it"
_SHOWN = 3
_TAKEN = True


class EditScreen(ModalScreen[bool]):
    """A text to edit; ``take`` is given it and returns why it cannot stand, or nothing.

    The answer is True once it was taken. Text that was typed is thrown away at the second Esc.
    """

    DEFAULT_CSS = """
    EditScreen { align: center middle; }
    EditScreen > Vertical { width: 100%; max-width: 100; height: auto; max-height: 100%;
                            border: round $primary; padding: 0 1; background: $surface; }
    EditScreen TextArea, EditScreen TextArea:focus { border: none; padding: 0; }
    EditScreen TextArea { height: auto; min-height: 3; max-height: 14; }
    EditScreen TextArea:nocolor { border-left: ascii $foreground; }
    EditScreen .faults { max-height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "take", "Take it", priority=True),
        Binding("escape", "leave", "Leave it", priority=True),
    ]

    def __init__(self, title: str, text: str, take: Callable[[str], Sequence[str]]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._take = take
        self._is_warned = False

    def compose(self) -> ComposeResult:
        """Give the title, the text, and what is wrong with it."""
        with Vertical():
            yield Static(Text(shown(self._title), style="bold", no_wrap=True), markup=False)
            yield TextArea(
                self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="indent"
            )
            yield Static("", classes="faults", markup=False)
            yield Static(_KEYS, markup=False)

    def on_mount(self) -> None:
        """Begin behind the text."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

    def action_take(self) -> None:
        """Take the text, or say why not."""
        faults = self._take(self.query_one(TextArea).text)
        if faults:
            self._say([f"not taken: {fault}" for fault in faults[:_SHOWN]], "error")
        else:
            self.dismiss(_TAKEN)

    def action_leave(self) -> None:
        """Close without a change; what was typed is thrown away when asked twice."""
        if self.query_one(TextArea).text == self._text or self._is_warned:
            self.dismiss(not _TAKEN)
            return
        self._is_warned = True
        self._say(["what you typed is not taken yet: Ctrl-S takes it, Esc drops it"], "warning")

    def on_text_area_changed(self) -> None:
        """Ask again before newer text is thrown away."""
        self._is_warned = False

    def _say(self, lines: Sequence[str], role: str) -> None:
        self.query_one(".faults", Static).update(text_of_lines([[(line, role)] for line in lines]))
