"""Folding: lines of coloured pieces broken where a narrow terminal ends."""

from __future__ import annotations

from sessionctl.core.text.source import cell_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.diff.word_changes import Line

_LEAST = 20
"""So many cells a line has beside its indent, however narrow the terminal is."""


def fold(line: Line, width: int, indent: int) -> list[Line]:
    """Return ``line`` as lines of at most ``width`` cells, all but the first indented.

    It is broken behind a space where there is one, else anywhere.
    """
    letters = [(letter, role) for text, role in line for letter in text]
    width = max(width, indent + _LEAST)
    lines: list[Line] = []
    room = width
    while True:
        size = _fitting(letters, room)
        lead: Line = [(" " * indent, "")] if lines and indent else []
        lines.append(lead + _joined(letters[:size]))
        if size == len(letters):
            return lines
        letters = letters[size:]
        room = width - indent


def _fitting(letters: list[tuple[str, str]], room: int) -> int:
    """Return how many letters stand in the first line."""
    cells = space = 0
    has_word = False
    for count, (letter, _) in enumerate(letters):
        cells += cell_width(letter)
        if cells > room:
            return space or max(1, count)
        if letter != " ":
            has_word = True
        elif has_word:
            space = count + 1
    return len(letters)


def _joined(letters: list[tuple[str, str]]) -> Line:
    line: Line = []
    for letter, role in letters:
        if line and line[-1][1] == role:
            line[-1] = (line[-1][0] + letter, role)
        else:
            line.append((letter, role))
    return line
