"""Line change: the lines that one edit changed, without the machinery of a full diff."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.lines import split_lines


class LineChange(NamedTuple):
    """One run of changed lines; ``line`` is the number of the first, in the text before.

    Where nothing changed above it, that is its number in either text.
    """

    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changed_lines(before: str, after: str) -> LineChange | None:
    """Return the lines between the first and the last that differ; None when none does.

    Line ends count: lines are given with them.
    """
    if before == after:
        return None
    old, new = split_lines(before), split_lines(after)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    same = 0
    while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
        same += 1
    removed, added = old[first : len(old) - same], new[first : len(new) - same]
    return LineChange(first + 1, tuple(removed), tuple(added))


def split_change(change: LineChange) -> list[LineChange]:
    """Return the runs that ``change`` consists of, without the lines between that stay."""
    from sessionctl.core.text.alignment import hunks

    return [
        LineChange(change.line + hunk.a, removed[hunk.a : hunk.b], added[hunk.c : hunk.d])
        for removed, added in [(change.removed, change.added)]
        for hunk in hunks(removed, added)
    ]
