"""The merge of an order: who stands behind whom, three ways."""

from __future__ import annotations

from sessionctl.core.text.alignment import hunks

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
    if ours == theirs:  # nearly all tables of a large document
        return [element for element in ours if element in keep]
    # Where both moved an element, ours has it where it is; only what theirs alone moved is put
    # where theirs has it (items_put_in_another_order_by_one_side_take_the_edits_of_the_other).
    moved = moved_elements(base, theirs) - moved_elements(base, ours)
    known, theirs_at = set(base), set(theirs)
    # What ours inserted behind an element that theirs moved goes with it.
    behind: dict[Hashable, list[Hashable]] = {}
    merged: list[Hashable] = []
    leader: Hashable = None
    for element in ours:
        if element in known or element in theirs_at:
            leader = element if element in moved and element in theirs_at else None
        if leader is not None and element != leader:
            behind.setdefault(leader, []).append(element)
        elif leader is None:
            merged.append(element)
    merged = [element for element in merged if element in keep]
    placed = set(merged)
    following: dict[Hashable, list[Hashable]] = {}
    first: list[Hashable] = []
    anchor = first
    for element in theirs:
        if element in placed:
            anchor = following.setdefault(element, [])
        else:
            anchor += [e for e in (element, *behind.get(element, ())) if e in keep]
    result: list[Hashable] = []
    waiting = first
    for element in merged:
        # What theirs inserted waits until the insertions of ours at the same place are through:
        # ours stands first (keys_both_sides_add_at_one_place_stand_ours_first).
        is_new = element not in known and element not in theirs_at
        if not is_new:
            result += waiting
            waiting = following.get(element, [])
        result.append(element)
    return result + waiting


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
