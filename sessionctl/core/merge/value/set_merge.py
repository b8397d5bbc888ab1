"""The merge of arrays as sets: what either side added, without what either took out."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.identity import freeze
from sessionctl.core.merge.order.order_merge import merge_order
from sessionctl.core.merge.order.sort_order import sort_key_of
from sessionctl.core.merge.value.array_text import (
    ArrayText,
    Slot,
    join_elements,
    merge_surroundings,
    strings_of,
)
from sessionctl.core.merge.value.lost_comments import lost_comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.merge.value.array_text import Element
    from sessionctl.core.merge.value.fragment import Fragment

    # A value, and for one that stands there more than once the number of times before.
    Named = dict[tuple[Hashable, int], Element]


def merge_sets(base: Fragment | None, ours: Fragment, theirs: Fragment) -> str:
    """Return an array with what either side added and without what either took out.

    Never a conflict: an element that both replaced by another one is there in both versions.
    """
    old = ArrayText(base) if base is not None else None
    mine, other = ArrayText(ours), ArrayText(theirs)
    lists = [old.elements if old else [], mine.elements, other.elements]
    named = [_named(elements) for elements in lists]
    counts = [Counter(value for value, _ in names) for names in named]
    keep = [
        name
        for name in dict.fromkeys([*named[1], *named[2]])
        if name[1] < times_in_set(*(count[name[0]] for count in counts))
    ]
    order = merge_order(list(named[0]), list(named[1]), list(named[2]), set(keep))
    slots = [_slot(*(names.get(name) for names in named)) for name in order]  # type: ignore[call-overload]
    versions = [texts for texts in map(strings_of, lists) if texts is not None]
    key = sort_key_of(versions) if len(versions) == len(lists) else None
    if key is not None:
        slots.sort(key=lambda slot: key(str(slot.element.fragment.value)))
    merged = join_elements(old, mine, other, slots, [])
    lost = lost_comments(base.text if base else "", ours.text, theirs.text, merged)
    return join_elements(old, mine, other, slots, lost) if lost else merged


def times_in_set(base: int, ours: int, theirs: int) -> int:
    """Return how often an element stands in a merged set: what both added is added once."""
    # A set has an element once. Where a file has it twice all the same, each side may take out one;
    # what both added is not added up.
    if ours == base:
        return theirs
    return ours if theirs == base else max(ours, theirs)


def _named(elements: Sequence[Element]) -> Named:
    seen: Counter[Hashable] = Counter()
    named: Named = {}
    for element in elements:
        value = freeze(element.fragment.value)
        named[value, seen[value]] = element
        seen[value] += 1
    return named


def _slot(before: Element | None, one: Element | None, two: Element | None) -> Slot:
    if one is not None and two is not None:
        element = merge_surroundings(before, one, two)
        return Slot(element, element.fragment.text)
    remaining = one or two
    assert remaining is not None
    return Slot(remaining, remaining.fragment.text)
