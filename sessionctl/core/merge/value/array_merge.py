"""The three-way merge of an array: by element, with the comments that stand beside them."""

from __future__ import annotations

from sessionctl.core.identity import freeze, match_three
from sessionctl.core.merge.order.order_merge import merge_order
from sessionctl.core.merge.order.sort_order import sort_insertions, sort_key_of, subject
from sessionctl.core.merge.value.array_text import (
    ArrayText,
    Element,
    Slot,
    join_elements,
    merge_surroundings,
    strings_of,
)
from sessionctl.core.merge.value.fragment import Fragment
from sessionctl.core.merge.value.guide import ANYWHERE
from sessionctl.core.merge.value.lost_comments import lost_comments
from sessionctl.core.merge.value.repeated_elements import merge_sequence
from sessionctl.core.text.alignment import hunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import TypeAlias

    from sessionctl.core.merge.value.guide import Guide
    from sessionctl.core.values import Value

    MergeValue: TypeAlias = Callable[[Fragment | None, Fragment, Fragment, Guide], str | None]


def merge_arrays(
    base: Fragment | None,
    ours: Fragment,
    theirs: Fragment,
    merge_value: MergeValue,
    at: Guide = ANYWHERE,
) -> str | None:
    """Return the merged source text of an array, or None when the two changes conflict."""
    versions = [ArrayText(base) if base is not None else None, ArrayText(ours), ArrayText(theirs)]
    old, mine, other = versions
    assert mine is not None
    assert other is not None
    lists = [version.elements if version else [] for version in versions]
    names = _names(lists)
    if names is None:
        slots = merge_sequence(lists, at)
    else:
        slots = _merge_unique(lists, names, merge_value, at)
    if slots is None:
        return None
    merged = join_elements(old, mine, other, slots, [])
    lost = lost_comments(base.text if base else "", ours.text, theirs.text, merged)
    return join_elements(old, mine, other, slots, lost) if lost else merged


def _names(lists: Sequence[Sequence[Element]]) -> list[list[Hashable]] | None:
    """Return a name for each element, shared by the versions; None when not unique.

    An element that one side replaced by another about the same subject ("requests>=1"
    by "requests>=2") keeps the name it had.
    """
    values: list[list[Value]] = [[e.fragment.value for e in elements] for elements in lists]
    # Tables change inside: they are matched by identity or content, not by being equal.
    if any(isinstance(value, dict) for items in values for value in items):
        trios, _ = match_three(values[0], values[1], values[2])
        names: list[list[Hashable]] = [[None] * len(items) for items in values]
        for token, trio in enumerate(trios):
            for version, index in enumerate(trio):
                if index is not None:
                    names[version][index] = token
        return names
    frozen = [[freeze(value) for value in items] for items in values]
    if any(len(set(items)) != len(items) for items in frozen):
        return None
    base, ours, theirs = frozen
    mine, other = _renamed(base, ours), _renamed(base, theirs)
    # What both sides added is one element, whatever each of them may have replaced by it.
    apart = {e for e in mine.keys() | other.keys() if e in ours and e in theirs}
    apart = {element for element in apart if mine.get(element) != other.get(element)}
    return [
        base,
        [element if element in apart else mine.get(element, element) for element in ours],
        [element if element in apart else other.get(element, element) for element in theirs],
    ]


def _renamed(base: Sequence[Hashable], side: Sequence[Hashable]) -> dict[Hashable, Hashable]:
    """Return, for each element that ``side`` put in the place of another, that other."""
    there = set(side)
    removed = [element for element in base if element not in there]
    if not removed:
        return {}
    known = set(base)
    by_subject: dict[str, list[Hashable]] = {}
    for element in removed:
        by_subject.setdefault(subject(element), []).append(element)
    names: dict[Hashable, Hashable] = {}
    for element in side:
        # With two of one subject removed it is open which of them was replaced.
        if element not in known:
            about = subject(element)
            candidates = by_subject.get(about, [])
            if about and len(candidates) == 1:
                names[element] = candidates.pop()
    taken = set(names.values())
    # One out, one in, at one place: a replacement, though the two have no subject in common
    # (one_element_replaced_by_both_sides_is_a_conflict).
    for hunk in hunks(base, side):
        gone = [e for e in base[hunk.a : hunk.b] if e not in taken and e not in there]
        come = [e for e in side[hunk.c : hunk.d] if e not in names and e not in known]
        if len(gone) == len(come) == 1:
            names[come[0]] = gone[0]
    return names


def _merge_unique(
    lists: Sequence[Sequence[Element]],
    names: Sequence[Sequence[Hashable]],
    merge_value: MergeValue,
    at: Guide,
) -> list[Slot] | None:
    old, mine, other = (
        dict(zip(name, elements, strict=True)) for name, elements in zip(names, lists, strict=True)
    )
    slots: dict[Hashable, Slot] = {}
    for name in dict.fromkeys([*mine, *other]):
        trio = (old.get(name), mine.get(name), other.get(name))
        slot, is_conflict = _merge_element(trio, merge_value, at)
        if is_conflict:
            return None
        if slot is not None:
            slots[name] = slot
    # Each side added one requirement, in two versions: both lines together ask for what neither did
    # (one_requirement_added_in_two_versions_is_a_conflict).
    for one, two in _rivals(old, mine, other):
        winner = at.rival(mine[one].fragment, other[two].fragment)
        if not winner:
            return None
        if winner != "both":
            slots.pop(two if winner == "ours" else one, None)
    order = merge_order(names[0], names[1], names[2], slots)
    merged = [slots[name] for name in order]
    texts = strings_of([slot.element for slot in merged])
    versions = [texts for texts in map(strings_of, lists) if texts is not None]
    key = sort_key_of(versions) if len(versions) == len(lists) else None
    # Two orders of the same elements cannot both be had, and in many arrays order has a meaning; a
    # sorted array has one order only (elements_both_sides_add_in_two_orders_are_a_conflict).
    if key is None and _both_reordered(names, set(slots)):
        leader = at.winner()
        if not leader:
            return None
        first, second = (names[2], names[1]) if leader == "theirs" else (names[1], names[2])
        # Compared with the other side itself, the other side moved nothing.
        return [slots[name] for name in merge_order(second, first, second, slots)]
    if texts is None:
        return merged
    if key is not None:
        places = sorted(range(len(merged)), key=lambda at: key(texts[at]))
    else:
        places = sort_insertions(order, names, texts)
    return [merged[at] for at in places]


def _merge_element(
    versions: tuple[Element | None, Element | None, Element | None],
    merge_value: MergeValue,
    at: Guide,
) -> tuple[Slot | None, bool]:
    """Return the merged element, None when it is gone, and whether the sides conflict."""
    before, one, two = versions
    if one is None or two is None:
        remaining = one or two
        assert remaining is not None
        if before is None:
            return Slot(remaining, remaining.fragment.text), False
        # A new comment counts as an edit, as it does for keys
        # (an_element_removed_by_one_side_and_commented_by_the_other_is_a_conflict).
        is_same = freeze(before.fragment.value) == freeze(remaining.fragment.value)
        is_commented = remaining.fragment.has_comments_beyond(before.fragment)
        if is_same and not is_commented and set(remaining.comments) <= set(before.comments):
            return None, False
        kept = at.survivor()
        if kept in ("both", "theirs" if one is None else "ours"):
            return Slot(remaining, remaining.fragment.text), False
        return None, not kept
    text = merge_value(before.fragment if before else None, one.fragment, two.fragment, at)
    if text is None:
        return None, True
    beside = merge_surroundings(before, one, two)
    # Sorting goes by the element, so it holds the value of theirs where that is the result.
    keeps_ours = beside is not two
    if keeps_ours and text == two.fragment.text != one.fragment.text:
        return Slot(Element(beside.lead, two.fragment, beside.between, beside.trail), text), False
    return Slot(beside, text), False


def _rivals(
    old: dict[Hashable, Element],
    mine: dict[Hashable, Element],
    other: dict[Hashable, Element],
) -> list[tuple[Hashable, Hashable]]:
    """Return the elements about one subject that each side added, and not the same one."""
    added: dict[str, Hashable] = {}
    for name, element in mine.items():
        if name not in old and name not in other:
            added[subject(element.fragment.value)] = name
    added.pop("", None)
    new = [(name, subject(e.fragment.value)) for name, e in other.items() if name not in old]
    return [(added[about], name) for name, about in new if name not in mine and about in added]


def _both_reordered(names: Sequence[Sequence[Hashable]], keep: set[Hashable]) -> bool:
    """Return whether the sides want what they share, new or old, in two orders."""
    common = keep.intersection(*names)
    base, ours, theirs = ([name for name in side if name in common] for side in names)
    if ours != theirs:
        return base not in (ours, theirs)
    added = keep.intersection(names[1], names[2]).difference(names[0])
    mine, other = ([name for name in side if name in added] for side in names[1:])
    return mine != other
