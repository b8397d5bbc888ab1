"""The three-way merge of an array whose elements may repeat: by their place."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.identity import freeze
from sessionctl.core.merge.value.array_text import Element, Slot, merge_surroundings
from sessionctl.core.text.alignment import merge_chunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.value.guide import Guide

    Elements = Sequence[Element]


def merge_sequence(lists: Sequence[Elements], at: Guide) -> list[Slot] | None:
    """Return the merged elements of base, ours and theirs, or None when the sides conflict."""
    # Elements that repeat have no identity but their place, so they merge as lines do
    # (elements_that_repeat_are_merged_by_their_place).
    keys = [[freeze(element.fragment.value) for element in elements] for elements in lists]
    base, ours, theirs = keys
    slots: list[Slot] = []
    for chunk in merge_chunks(base, ours, theirs):
        before, mine, other = lists[0][chunk.base], lists[1][chunk.ours], lists[2][chunk.theirs]
        if chunk.changed == "conflict":
            chosen = _elementwise(before, mine, other) or _preferred(mine, other, at)
        else:
            chosen = _one_sided(before, mine, other, use_theirs=chunk.changed == "theirs")
        if chosen is None:
            return None
        slots += [Slot(element, element.fragment.text) for element in chosen]
    return slots


def _preferred(ours: Elements, theirs: Elements, at: Guide) -> list[Element] | None:
    side = {"ours": ours, "theirs": theirs}.get(at.winner())
    return list(side) if side is not None else None


def _one_sided(
    before: Elements, ours: Elements, theirs: Elements, *, use_theirs: bool
) -> list[Element] | None:
    """Return the stretch of the side that changed it, with the comments of the other."""
    chosen, other = (theirs, ours) if use_theirs else (ours, theirs)
    if len(ours) == len(theirs):
        old: Sequence[Element | None] = before if len(before) == len(ours) else [None] * len(ours)
        return [
            _with_comments(one, two, three, use_theirs=use_theirs)
            for one, two, three in zip(old, ours, theirs, strict=True)
        ]
    # Elements came or went: a comment that the other side changed has no sure place.
    return list(chosen) if _comments(other) == _comments(before) else None


def _with_comments(
    before: Element | None, one: Element, two: Element, *, use_theirs: bool
) -> Element:
    """Return one of two elements, with what stands beside either of them."""
    chosen = two if use_theirs else one
    beside = merge_surroundings(before, one, two)
    if beside is chosen:
        return chosen
    return Element(beside.lead, chosen.fragment, beside.between, beside.trail)


def _comments(elements: Elements) -> Counter[str]:
    return Counter(comment for element in elements for comment in element.comments)


def _elementwise(before: Elements, ours: Elements, theirs: Elements) -> list[Element] | None:
    """Merge a stretch both sides changed: insertions ours first, replacements one by one."""
    if not before:
        return [*ours, *theirs]
    if not len(before) == len(ours) == len(theirs):
        return None
    chosen: list[Element] = []
    for old, one, two in zip(before, ours, theirs, strict=True):
        base, mine, other = (freeze(e.fragment.value) for e in (old, one, two))
        if mine not in (other, base) and other != base:
            return None
        chosen.append(_with_comments(old, one, two, use_theirs=mine == base))
    return chosen
