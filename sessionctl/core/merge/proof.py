"""The proof of a merge: every one-sided change is in the result, and nothing else."""

from __future__ import annotations

import re
from collections import Counter

from sessionctl.core.identity import freeze, match_items, match_three
from sessionctl.core.merge.value.guide import ANYWHERE
from sessionctl.core.merge.value.wrapped_value import says_version, wrapping_key
from sessionctl.core.text.alignment import merge_chunks
from sessionctl.core.values import (
    MISSING,
    Missing,
    holds_only_tables,
    is_armored,
    same_value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import TypeGuard

    from sessionctl.core.merge.value.guide import Guide
    from sessionctl.core.values import Value


# From large to small: the larger the pieces that prove a merge, the sooner it is found.
_PIECES = (re.compile(r"\s+|\S+"), re.compile(r"\w+|\s+|[^\w\s]"), re.compile(r"(?s)."))

# Beyond this many characters a merge of pieces costs too much.
_MAX_TEXT = 20_000


def is_proved(
    base: Value | Missing,
    ours: Value | Missing,
    theirs: Value | Missing,
    result: Value | Missing,
    place: Guide = ANYWHERE,
) -> bool:
    """Return whether ``result`` holds both sides' changes of ``base`` and no other.

    Arrays are judged by their elements, whichever way they were aligned; where both
    sides changed one value in two ways nothing is proved. ``place`` is what the schema
    knows of the place.
    """
    if same_value(ours, base) or same_value(ours, theirs):
        return same_value(result, theirs)
    if same_value(theirs, base):
        return same_value(result, ours)
    if holds_only_tables(base):
        # What is there because of its children went with the last of them; each child is asked
        # (a_table_that_lost_its_last_child_on_one_side_takes_the_new_child_of_the_other).
        nothing: Value = {} if isinstance(base, dict) else []
        ours = nothing if ours is MISSING else ours
        theirs = nothing if theirs is MISSING else theirs
    rule = place.rule
    # Lines may join two edits of one argv cleanly; what is one thing is never proved by its parts
    # (an_atomic_array_changed_by_both_sides_is_a_conflict_though_lines_would_merge).
    if rule == "atomic":
        return False
    if isinstance(result, dict) and _was_wrapped(base, ours, theirs):
        return _is_wrapping_proved(base, ours, theirs, result)
    if isinstance(ours, dict) and isinstance(theirs, dict):
        # A table that both sides emptied together, and that has no header, is gone.
        result = {} if result is MISSING else result
        base = base if isinstance(base, dict) else {}
        return isinstance(result, dict) and all(
            is_proved(
                base.get(key, MISSING),
                ours.get(key, MISSING),
                theirs.get(key, MISSING),
                result.get(key, MISSING),
                place.below(key),
            )
            for key in base.keys() | ours.keys() | theirs.keys() | result.keys()
        )
    if isinstance(ours, list) and isinstance(theirs, list) and isinstance(result, list):
        if rule == "set":
            return _is_set_proved(base if isinstance(base, list) else [], ours, theirs, result)
        return _is_array_proved(base if isinstance(base, list) else [], ours, theirs, result, place)
    if isinstance(ours, str) and isinstance(theirs, str) and isinstance(result, str):
        return isinstance(base, str) and _is_text_proved(base, ours, theirs, result)
    if base is MISSING and isinstance(ours, dict | str) and isinstance(theirs, dict | str):
        table, plain = (ours, theirs) if isinstance(ours, dict) else (theirs, ours)
        return says_version(table, plain) and same_value(result, table)
    return False


def keeps_changes(
    base: Value | Missing, side: Value | Missing, other: Value | Missing, result: Value | Missing
) -> bool:
    """Return whether ``result``, in which ``side`` won what conflicts, has all that it changed."""
    if same_value(side, base) or same_value(side, result) or is_proved(base, side, other, result):
        return True
    if isinstance(side, dict) and isinstance(result, dict):
        old, theirs = (value if isinstance(value, dict) else {} for value in (base, other))
        return all(
            keeps_changes(
                old.get(key, MISSING),
                side.get(key, MISSING),
                theirs.get(key, MISSING),
                result.get(key, MISSING),
            )
            for key in old.keys() | side.keys()
        )
    # In an array both won and merged items: nothing of the side may be gone.
    return is_proved(base, side, result, result)


def _was_wrapped(
    base: Value | Missing, ours: Value | Missing, theirs: Value | Missing
) -> TypeGuard[Value]:
    is_plain = not isinstance(base, dict | list | Missing)
    return is_plain and (isinstance(ours, dict) or isinstance(theirs, dict))


def _is_wrapping_proved(
    base: Value, ours: Value | Missing, theirs: Value | Missing, result: dict[str, Value]
) -> bool:
    """Return whether a plain value that became a table has both sides' changes."""
    if isinstance(ours, Missing) or isinstance(theirs, Missing):
        return False
    key = wrapping_key(base, ours, theirs)
    if key is None:
        return (
            isinstance(ours, dict)
            and isinstance(theirs, dict)
            and is_proved({}, ours, theirs, result)
        )
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return is_proved({key: base}, ours, theirs, result)
    table, plain = (ours, theirs) if isinstance(ours, dict) else (theirs, ours)
    assert isinstance(table, dict)
    return same_value(result, {**table, key: plain})


def _is_set_proved(
    base: list[Value], ours: list[Value], theirs: list[Value], result: list[Value]
) -> bool:
    """Return whether ``result`` has what a side added, once, and not what a side took out."""
    from sessionctl.core.merge.value.set_merge import times_in_set

    counts = [Counter(freeze(value) for value in items) for items in (base, ours, theirs, result)]
    old, mine, other, got = counts
    return all(
        got[element] == times_in_set(old[element], mine[element], other[element])
        for element in old.keys() | mine.keys() | other.keys() | got.keys()
    )


def _is_array_proved(
    base: list[Value],
    ours: list[Value],
    theirs: list[Value],
    result: list[Value],
    place: Guide,
) -> bool:
    versions = (base, ours, theirs, result)
    are_tables = all(isinstance(item, dict) for items in versions for item in items)
    # Counted as elements, an item that both edited looks like one taken out and two added: right in
    # number and wrong in sense. It must be proved key by key.
    if are_tables and _is_one_edited_twice(base, ours, theirs, place):
        return _are_items_proved(base, ours, theirs, result, place)
    frozen = [[freeze(item) for item in items] for items in versions]
    if _holds_every_element(*frozen) and _keeps_order(*frozen):
        return True
    if len(base) == len(ours) == len(theirs) == len(result) and all(
        map(is_proved, base, ours, theirs, result)
    ):
        return True
    return are_tables and _are_items_proved(base, ours, theirs, result, place)


def _is_one_edited_twice(
    base: list[Value], ours: list[Value], theirs: list[Value], place: Guide
) -> bool:
    """Return whether both sides changed one item, and not to the same."""
    for b, o, t in match_three(base, ours, theirs, place.item_key)[0]:
        if b is not None and o is not None and t is not None:
            old, mine, other = base[b], ours[o], theirs[t]
            if not (same_value(mine, other) or same_value(mine, old) or same_value(other, old)):
                return True
    return False


def _holds_every_element(
    base: list[Hashable], ours: list[Hashable], theirs: list[Hashable], result: list[Hashable]
) -> bool:
    old, mine, other, got = map(Counter, (base, ours, theirs, result))
    for element in old.keys() | mine.keys() | other.keys() | got.keys():
        b, o, t, r = old[element], mine[element], other[element], got[element]
        if o == b:
            is_right = r == t
        elif t == b:
            is_right = r == o
        elif o == t:
            is_right = r in (o, o + t - b)  # both added the same, as one or as two
        else:
            is_right = r == max(0, o + t - b)
        if not is_right:
            return False
    return True


def _keeps_order(
    base: list[Hashable], ours: list[Hashable], theirs: list[Hashable], result: list[Hashable]
) -> bool:
    """Return whether what stands in one order on both sides does so in the result.

    Only elements that occur once are looked at.
    """
    mine = {element: place for place, element in enumerate(ours)}
    other = {element: place for place, element in enumerate(theirs)}
    shared = [e for e in result if e in mine and e in other]
    found = set(shared)
    if len(found) != len(shared) or len(set(ours)) != len(ours):
        return True
    # Where both changed the order to two different ones there is none to hold to.
    order = [[e for e in side if e in found] for side in (base, ours, theirs)]
    old, one, two = order
    wanted = two if one == old else one if two == old or one == two else None
    return wanted is None or wanted == shared or len(wanted) != len(shared)


def _are_items_proved(
    base: list[Value],
    ours: list[Value],
    theirs: list[Value],
    result: list[Value],
    place: Guide,
) -> bool:
    trios, _ = match_three(base, ours, theirs, place.item_key)
    mine, other = (
        dict(match_items(side, result, place.item_key, in_order=True)) for side in (ours, theirs)
    )
    used: set[int] = set()
    for b, o, t in trios:
        versions = [
            MISSING if index is None else items[index]
            for index, items in zip((b, o, t), (base, ours, theirs), strict=True)
        ]
        # An item that one side renamed is found in the result by that side's name only.
        found = {mine.get(o), other.get(t)} - {None} - used if (o, t) != (None, None) else set()
        for number in found or {None}:
            there = MISSING if number is None else result[number]
            if is_proved(versions[0], versions[1], versions[2], there, place):
                if number is not None:
                    used.add(number)
                break
        else:
            return False
    return len(used) == len(result)


def _is_text_proved(base: str, ours: str, theirs: str, result: str) -> bool:
    """Return whether a string of several lines holds the changed lines of both sides."""
    if is_armored(ours) or is_armored(theirs):
        return False
    if "\n" in ours and "\n" in theirs:
        old, mine, other, got = (Counter(text.split("\n")) for text in (base, ours, theirs, result))
        if all(
            got[line] >= min(mine[line], other[line])
            and (got[line] or (mine[line] <= old[line] and other[line] <= old[line]))
            for line in mine.keys() | other.keys() | got.keys()
        ):
            return True
    # A folded string has lines in the source only; its value has none to count. What is left are
    # its words and, where it has no spaces, the parts of words
    # (modules_of_a_folded_prompt_added_by_both_sides_are_all_there).
    return len(result) <= _MAX_TEXT and any(
        _is_merge_by(pieces, base, ours, theirs, result) for pieces in _PIECES
    )


def _is_merge_by(pieces: re.Pattern[str], base: str, ours: str, theirs: str, result: str) -> bool:
    """Return whether ``result`` is the clean merge of three texts cut into ``pieces``."""
    cut = [pieces.findall(text) for text in (base, ours, theirs)]
    chunks = merge_chunks(*cut)
    merged = [cut[2][c.theirs] if c.changed == "theirs" else cut[1][c.ours] for c in chunks]
    is_clean = all(chunk.changed != "conflict" for chunk in chunks)
    return is_clean and result == "".join(piece for part in merged for piece in part)
