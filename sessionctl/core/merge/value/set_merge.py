"""Unions: arrays merged as sets, and texts that keep the lines of both sides."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.identity import freeze
from sessionctl.core.merge.order.order_merge import merge_order
from sessionctl.core.merge.order.sort_order import sort_key_of
from sessionctl.core.merge.proof import lost_comments, times_in_set
from sessionctl.core.merge.value.array_merge import strings_of
from sessionctl.core.merge.value.array_text import (
    ArrayText,
    Slot,
    join_elements,
    merge_surroundings,
)
from sessionctl.core.text.alignment import hunks, merge_chunks
from sessionctl.core.toml.write.writer import ValueStyle, render_string
from sessionctl.core.values import is_armored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.merge.value.array_text import Element
    from sessionctl.core.merge.value.fragment import Fragment

    # A value, and for one that stands there more than once the number of times before.
    Named = dict[tuple[Hashable, int], Element]

_LONG_QUOTES = ('"""', "'''")


def merge_sets(base: Fragment | None, ours: Fragment, theirs: Fragment) -> str:
    """Return an array with what either side added and without what either took out.

    Never a clash: an element that both replaced by another one is there in both versions.
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


# -- text ----------------------------------------------------------------------------


def merge_texts(
    base: Fragment | None, ours: Fragment, theirs: Fragment, *, keeps_both: bool = False
) -> str | None:
    """Merge strings by the lines of their value; None when both changed the same line.

    With ``keeps_both``, lines that both changed stand in both versions, ours first. The
    result is spelled as ours is, over several lines when one side is.
    """
    before = str(base.value) if base is not None else ""
    mine, other = str(ours.value), str(theirs.value)
    if "\n" not in mine or "\n" not in other or is_armored(mine) or is_armored(other):
        return None
    text = merge_lines(before, mine, other, keeps_both=keeps_both)
    if text is None:
        return None
    shape = ours if ours.text[:3] in _LONG_QUOTES else theirs
    style = ValueStyle(quote=ours.text[0])
    if shape.text[:3] in _LONG_QUOTES:
        opens_line = shape.text[3:4] in ("\r", "\n")
        style = style._replace(long_quote=shape.text[:3], opens_line=opens_line)
    return render_string(text, style)


def merge_lines(base: str, ours: str, theirs: str, *, keeps_both: bool = True) -> str | None:
    """Merge lines; what both sides changed stands in both versions, or there is no result."""
    # Not with their ends: the last line has none, and may not stay the last one.
    old, one, two = (text.split("\n") for text in (base, ours, theirs))
    merged: list[str] = []
    for chunk in merge_chunks(old, one, two):
        mine, other = one[chunk.ours], two[chunk.theirs]
        if chunk.changed != "conflict":
            merged += other if chunk.changed == "theirs" else mine
        elif keeps_both:
            merged += _lines_of_both(mine, other)
        else:
            return None
    return "\n".join(merged)


def _lines_of_both(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return all lines of two texts, those they share once, ours before theirs."""
    merged: list[str] = []
    position = 0
    for hunk in hunks(ours, theirs):
        merged += [*ours[position : hunk.b], *theirs[hunk.c : hunk.d]]
        position = hunk.b
    return [*merged, *ours[position:]]
