"""Splicing: a text in which other words stand in the place of some stretches."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.problem import Span


def spliced(text: str, places: Iterable[tuple[Span | tuple[int, int], str]]) -> str:
    """Return ``text`` with each stretch of ``places``, which are in order, replaced.

    Of a stretch that overlaps the one before, what that left of it goes without a word:
    nothing that was to be replaced is left.
    """
    parts: list[str] = []
    position = 0
    for (start, end), shown in places:
        if start >= position:
            parts += (text[position:start], shown)
        position = max(position, end)
    return "".join([*parts, text[position:]])
