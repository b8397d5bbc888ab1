"""Shown text: what a file holds, made safe to look at, and the colours of roles."""

from __future__ import annotations

from rich.text import Text

from sessionctl.core.scan.veil import veiled
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.render.drawing import Line

# The names of ANSI colours: a terminal's own, so they fit its background.
ROLES = {
    "": "",
    "added": "green",
    "changed": "yellow",
    "dim": "dim",
    "error": "bold red",
    "good": "green",
    "heading": "bold",
    "hint": "cyan",
    "key": "bold",
    "moved": "cyan",
    "place": "bold",
    "removed": "red",
    "warning": "bold yellow",
}
"""The style of each role; the text beside it says the same in words."""


def shown(text: str) -> str:
    """Return ``text`` safe to look at: controls made visible, what looks like a secret covered."""
    return visible(veiled(text))


def text_of(line: Line) -> Text:
    """Return the pieces of a drawn line in the styles of their roles."""
    text = Text()
    for piece, role in line:
        text.append(shown(piece), ROLES.get(role, ""))
    return text


def text_of_lines(lines: Iterable[Line]) -> Text:
    """Return drawn lines as one text."""
    return Text("\n", no_wrap=True).join(map(text_of, lines))
