"""The three-way merge of an order: who stands behind whom."""

from __future__ import annotations

from sessionctl.core.lines import hunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence


def merge_order(
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    keep: Collection[Hashable],
) -> list[Hashable]:
    """Return the elements of ``keep`` in the order both sides agree on.

    Elements are unique within each sequence. What one side moved stands where that side
    put it (where both moved it, where ours did); what a side inserted stands behind its
    predecessor, ours before theirs where both inserted.
    """
    moved = moved_elements(base, theirs) - moved_elements(base, ours)
    theirs_at = set(theirs)
    merged = [element for element in ours if element in keep]
    if moved:
        merged = [element for element in merged if element not in moved or element not in theirs_at]
    placed = set(merged)
    known = set(base)
    missing = [e for e in theirs if e in keep and e not in placed]
    if not missing:
        return merged
    place = {element: index for index, element in enumerate(merged)}
    behind: dict[Hashable, list[Hashable]] = {}
    first: list[Hashable] = []
    anchor: list[Hashable] | None = None
    for element in theirs:
        if element in placed:
            anchor = behind.setdefault(element, [])
        elif element in keep:
            (first if anchor is None else anchor).append(element)
    result: list[Hashable] = []
    waiting = first
    for element in merged:
        is_new = element not in known and element not in theirs_at
        if waiting and not is_new:
            result += waiting
            waiting = []
        result.append(element)
        waiting = behind.get(element, waiting if is_new else [])
    result += waiting
    assert len(result) == len(place) + len(missing)
    return result


def moved_elements(before: Sequence[Hashable], after: Sequence[Hashable]) -> set[Hashable]:
    """Return the elements of both sequences that changed their place among the others."""
    there = set(after)
    first = [element for element in before if element in there]
    there = set(first)
    second = [element for element in after if element in there]
    if first == second:
        return set()
    moved: set[Hashable] = set()
    for hunk in hunks(first, second):
        moved.update(first[hunk.a : hunk.b])
    return moved
