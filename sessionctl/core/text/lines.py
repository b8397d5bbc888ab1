"""Lines: a text as its lines, with the line ends they have."""

from __future__ import annotations


def split_lines(text: str) -> list[str]:
    """Return the lines of ``text`` with their line ends; only LF ends a line."""
    lines = text.split("\n")
    last = lines.pop()
    lines = [line + "\n" for line in lines]
    if last:
        lines.append(last)
    return lines
