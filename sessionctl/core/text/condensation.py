"""Condensation: long texts without what they share, for showing where they differ."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_AROUND = 200


def condensed(texts: Sequence[str], most: int) -> list[str]:
    """Return texts longer than ``most`` without what they all begin with, and cut.

    What was left out is counted in its place; an empty text stays empty. Of a text that differs
    from no other the beginning is shown.
    """
    filled = [text for text in texts if text]
    if not filled or max(map(len, filled)) <= most:
        return list(texts)
    least, greatest = min(filled), max(filled)
    start, end = 0, min(len(least), len(greatest)) if least != greatest else 0
    # By halves: slices are compared at the speed of memory, characters are not.
    while start < end:
        middle = (start + end + 1) // 2
        if least[:middle] == greatest[:middle]:
            start = middle
        else:
            end = middle - 1
    start = max(0, start - _AROUND)
    return [_part(text, start, most) for text in texts]


def _part(text: str, start: int, most: int) -> str:
    if not text:
        return ""
    part = text[start : start + most]
    rest = len(text) - start - len(part)
    lead = f"... {_characters(start)}\n" if start else ""
    tail = f"\n... {_characters(rest)} more" if rest > 0 else ""
    return f"{lead}{part}{tail}"


def _characters(count: int) -> str:
    return f"{count:,} character{'' if count == 1 else 's'}"
