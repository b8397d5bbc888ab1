"""Help screen: the keys of the screen below it, made of its bindings."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sessionctl.tui.frame.key_entry import KeyEntry

_MOVES = (
    ("Up, Down", "Move in a list"),
    ("PgUp, PgDn", "Move by a page"),
    ("Home, End", "Move to the first, to the last"),
    ("Tab", "Move to the next part of the screen"),
)


class HelpScreen(ModalScreen[None]):
    """The keys of a screen, above it; any of the keys that go back closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll { width: 76; max-width: 100%; height: auto; max-height: 100%;
                                  border: round $primary; padding: 0 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,q,escape,enter", "dismiss", "Close"),
    ]

    def __init__(self, title: str, entries: Sequence[KeyEntry]) -> None:
        super().__init__()
        self._title = title
        self._entries = tuple(entries)

    def compose(self) -> ComposeResult:
        """Give the list of keys."""
        with VerticalScroll():
            yield Static(self.text(), markup=False)

    def text(self) -> Text:
        """Return what the page says."""
        keys = [(key, help_ or words) for _, key, words, help_, _, _ in self._entries]
        text = Text()
        text.append(f"Keys of {self._title}\n", "bold")
        width = max(len(key) for key, _ in (*keys, *_MOVES))
        for key, words in (*keys, *_MOVES):
            text.append(f"\n{key:<{width}}", "bold")
            text.append(f"  {words}")
        text.append("\n\nclose: Enter, Esc or q", "dim")
        return text
