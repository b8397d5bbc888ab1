"""Lines: a text as its lines, and where the line around an offset starts and ends."""

from __future__ import annotations


def split_lines(text: str) -> list[str]:
    """Return the lines of ``text`` with their line ends; only LF ends a line."""
    lines = text.split("\n")
    last = lines.pop()
    lines = [line + "\n" for line in lines]
    if last:
        lines.append(last)
    return lines


def line_start(text: str, offset: int) -> int:
    """Return where the line of ``offset`` starts; a byte order mark is in no line."""
    start = text.rfind("\n", 0, offset) + 1
    return 1 if start == 0 and text.startswith("\ufeff") else start


def line_end(text: str, offset: int) -> int:
    """Return the offset behind the line end of the line of ``offset``."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1
