"""Key line: the keys of a screen in one line, as many as there is room for."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = {
    "ctrl+p": "^P",
    "ctrl+r": "^R",
    "ctrl+q": "^Q",
    "down": "Down",
    "enter": "Enter",
    "escape": "Esc",
    "question_mark": "?",
    "slash": "/",
    "space": "Space",
    "tab": "Tab",
    "up": "Up",
}
_GAP = "  "


def key_name(key: str) -> str:
    """Return how a key is written for people."""
    return " or ".join(_NAMES.get(one, one) for one in key.split(","))


class KeyLine(Static):
    """One line of keys and words; ``first`` keep their place where there is little room."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $panel; padding: 0 1; text-wrap: nowrap;
              text-overflow: clip; }
    KeyLine:nocolor { text-style: reverse; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._last: tuple[tuple[str, str], ...] = ()

    def show_keys(
        self, pairs: Iterable[tuple[str, str]], last: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Show ``pairs`` of key and words, and ``last`` at the end whatever room there is."""
        self._pairs, self._last = tuple(pairs), tuple(last)
        self._draw()

    def on_resize(self) -> None:
        """Draw it anew for the new width."""
        self._draw()

    def _draw(self) -> None:
        room = self.size.width - 2
        if room <= 0:
            return
        end = _joined(self._last)
        kept: list[tuple[str, str]] = []
        for pair in self._pairs:
            if len(_joined((*kept, pair, *self._last))) > room:
                break
            kept.append(pair)
        text = Text()
        for number, (key, words) in enumerate((*kept, *self._last) if end else kept):
            text.append(_GAP if number else "")
            text.append(key, "bold")
            text.append(f" {words}")
        self.update(text)


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return _GAP.join(f"{key} {words}" for key, words in pairs)
