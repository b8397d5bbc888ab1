"""Old text on a screen: the sequences that show it above the prompt that is already there."""

from __future__ import annotations

import re

from sessionctl.core.text.source import cell_width

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")


def above_prompt(text: str, *, width: int, height: int, cursor_row: int) -> str:
    """Return what puts ``text`` above a prompt that ends in ``cursor_row``, from 0.

    The prompt goes down as far as the text needs and there is room; what does not fit goes
    into the history. The cursor stays where it was in the prompt, so that its shell need not
    know. "" where there is no room at all.
    """
    room = height - cursor_row - 1
    if room < 2 or not text:
        return ""
    rows = sum(_rows(line, width) for line in text.split("\n"))
    count = max(2, min(rows, room))
    shown = text.replace("\n", "\r\n")
    before = f"\x1b7\x1b[r\x1b[H\x1b[{count}L\x1b[1;{count}r\x1b[H"
    return f"{before}{shown}\x1b[0m\x1b[r\x1b8\x1b[{count}B"


def _rows(line: str, width: int) -> int:
    plain = _COLOUR.sub("", line)
    cells = len(plain) if plain.isascii() else sum(map(cell_width, plain))
    return max(1, -(-cells // max(1, width)))
