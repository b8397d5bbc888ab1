"""Sort order: the order that people keep in sorted texts, found and kept."""

from __future__ import annotations

import re
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import TypeAlias

    SortKey: TypeAlias = Callable[[str], tuple[str, ...]]

# What a requirement, an action or a feature is about: "requests" in "requests[x] >= 2",
# "org/tool" in "org/tool@v2", "serde" in "serde/derive".
_SUBJECT = re.compile(r"\s*(@?[A-Za-z0-9][A-Za-z0-9._/-]*)\s*(?:\[[^\]]*\])?\s*(?=$|[<>=!~@;:(^ ])")


def subject(value: object) -> str:
    """Return what a string such as a requirement is about, "" when it is nothing of the kind."""
    if not isinstance(value, str):
        return ""
    match = _SUBJECT.match(value)
    return match[1].lower().replace("_", "-") if match else ""


_SORT_KEYS: tuple[SortKey, ...] = (
    lambda text: (text,),
    lambda text: (text.lower(),),
    lambda text: (subject(text), text.lower()),
    lambda text: (text.lower().replace("_", "-"),),
)


def sort_key_of(versions: Sequence[Sequence[str]]) -> SortKey | None:
    """Return the order in which all versions are sorted, or None.

    The first version is the base; it and at least one other must have two texts to sort.
    """
    # One text, or none, is in every order: only a base with two of them and a side that kept to it
    # show that somebody sorts here. Else ["b"] with "z" and "c" added would be sorted by luck.
    if sum(len(texts) >= 2 for texts in versions) < 2 or len(versions[0]) < 2:
        return None
    return next((key for key in _SORT_KEYS if all(_is_sorted(t, key) for t in versions)), None)


def sort_insertions(
    order: Sequence[Hashable],
    sides: Sequence[Sequence[Hashable]],
    texts: Sequence[str],
    key: SortKey | None = None,
) -> list[int]:
    """Return the places of ``order``, sorted where both sides inserted at one place.

    Two stretches that stand side by side, one inserted by ours and one by theirs, become
    one sorted stretch. Without a ``key`` each of them must be sorted together with its
    two neighbours, which are those before and behind it, or the next two at an end.

    Args:
      order: the names of the merged elements.
      sides: the names that base, ours and theirs have.
      texts: what is sorted, a text for each element of ``order``.
      key: the order that the elements are known to have.
    """
    base, ours, theirs = map(set, sides)
    inserted = [
        "" if name in base or (name in ours) == (name in theirs) else "ot"[name in theirs]
        for name in order
    ]
    places = list(range(len(order)))
    start = 0
    while start < len(order):
        middle = _end_of(inserted, start, "o")
        end = _end_of(inserted, middle, "t")
        # Only where both inserted is there a choice: what one side inserted stays where it was put,
        # even between sorted neighbours.
        if start < middle < end:
            found = key or _key_around(texts, start, middle, end)
            if found is not None:
                places[start:end] = sorted(places[start:end], key=lambda at: found(texts[at]))
        start = max(end, start + 1)
    return places


def _end_of(inserted: Sequence[str], start: int, side: str) -> int:
    while start < len(inserted) and inserted[start] == side:
        start += 1
    return start


def _key_around(texts: Sequence[str], start: int, middle: int, end: int) -> SortKey | None:
    """Return the order of two stretches, each with the texts around both; None without."""
    is_first, is_last = start == 0, end == len(texts)
    before = texts[max(0, start - 1 - is_last) : start]
    after = texts[end : end + 1 + is_first]
    # One neighbour is no evidence: "z" and "c" behind a single "b" are in its order whatever their
    # own is (strings_both_sides_add_between_sorted_neighbours_are_sorted has two).
    if len(before) + len(after) < 2:
        return None
    lists = [[*before, *texts[start:middle], *after], [*before, *texts[middle:end], *after]]
    return next((key for key in _SORT_KEYS if all(_is_sorted(t, key) for t in lists)), None)


def _is_sorted(texts: Sequence[str], key: SortKey) -> bool:
    return all(a <= b for a, b in pairwise(map(key, texts)))
