"""Sorted keys stay sorted: what both sides add to a sorted table goes where it belongs."""

from __future__ import annotations

from sessionctl.core.merge.order.sort_order import sort_insertions, sort_key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton

# Two keys are in order by chance as often as not.
_MIN_SORTED = 3


def keep_keys_sorted(
    order: list[Hashable], orders: Sequence[Sequence[Ident]], versions: Sequence[Skeleton]
) -> list[Hashable]:
    """Return the ``order`` of a section's units, with the keys that both sides added sorted.

    That is where the keys of the section are sorted in all three versions; what was added
    with a comment or a blank line of its own stays where it is.
    """
    base, ours, theirs = map(set, orders)
    added = (ours ^ theirs) - base
    sides = [
        [version.units[ident] for ident in side]
        for version, side in zip(versions, orders, strict=True)
    ]
    names = {
        unit.ident: ".".join(map(str, unit.statement.keys))
        for side in sides
        for unit in side
        if unit.statement and not (unit.lead.strip(" \t") and unit.ident in added)
    }
    # A comment or a blank line above a new key is a place that a person chose, often a group of its
    # own (a_key_added_with_a_comment_above_it_stays_where_it_was_put).
    if len(added) < 2 or not added <= names.keys():
        return order
    key = sort_key_of([[names[ident] for ident in side if ident in names] for side in orders])
    if key is None or len(base) < _MIN_SORTED:
        return order
    texts = [names.get(ident, "") for ident in order]  # type: ignore[call-overload]
    return [order[at] for at in sort_insertions(order, orders, texts, key)]
