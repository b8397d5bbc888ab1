"""Marked places: where the conflicts of a text are, for those who only list them."""

from __future__ import annotations

from sessionctl.core.conflict.marked_text import read_conflicts, whole_conflicts
from sessionctl.core.named_tuple import NamedTuple


class MarkedPlace(NamedTuple):
    """A conflict between markers: the line it begins at, and its title: its keys, or lines."""

    line: int
    title: str


def marked_places(name: str, text: str) -> tuple[MarkedPlace, ...]:
    """Return the conflicts that are marked in ``text``, which is of the file ``name``."""
    if not read_conflicts(text).conflicts:
        return ()
    from sessionctl.services.merging.resolution import ConflictedFile

    file = ConflictedFile(name, text)
    return tuple(
        MarkedPlace(conflict.line, file.title(index))
        for index, conflict in enumerate(file.conflicts)
    )


def all_marked_places(name: str, text: str) -> tuple[MarkedPlace, ...]:
    """Return also the conflicts inside of strings, and markers that belong to no conflict."""
    found = marked_places(name, text)
    if found:
        return found
    starts = [span.start for span in whole_conflicts(text)]
    starts += [problem.span.start for problem in read_conflicts(text).problems]
    lines = sorted({text.count("\n", 0, start) + 1 for start in starts})
    return tuple(MarkedPlace(line, f"line {line}") for line in lines)
