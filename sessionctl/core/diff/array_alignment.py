"""The alignment of two versions of an array: which element is which, which ones moved."""

from __future__ import annotations

from sessionctl.core.identity import freeze, identity_field, likeness, match_items
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.alignment import hunks, longest_rising
from sessionctl.core.values import is_array_of_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.values import Value

# Tables that share less of their content than this are two, not one edited.
_ALIKE = 0.5


class Alignment(NamedTuple):
    """Which element of ``before`` is which of ``after``.

    ``partner`` maps indexes of before to indexes of after; what has no partner was
    removed or added. ``moved`` are the indexes of before whose element left its place
    among those that stayed.
    """

    partner: dict[int, int]
    moved: frozenset[int]


def align(before: list[Value], after: list[Value], item_key: str | None = None) -> Alignment:
    """Align two versions of an array; swapping them gives the same pairs, swapped."""
    # Ties are broken by one order of the two, whichever side they come from.
    is_swapped = (len(before), repr(before)) > (len(after), repr(after))
    one, other = (after, before) if is_swapped else (before, after)
    if is_array_of_tables(one) and is_array_of_tables(other):
        found = match_items(one, other, item_key)
        pairs = [(i, j) for i, j in found if i is not None and j is not None]
    else:
        pairs = _match_elements(one, other)
    pairs.sort()
    # As few as possible are called moved: [1, 2, 3] to [3, 1, 2] is one move, not two.
    stay = set(longest_rising([j for _, j in pairs]))
    moved = [pair for index, pair in enumerate(pairs) if index not in stay]
    if is_swapped:
        return Alignment({j: i for i, j in pairs}, frozenset(j for _, j in moved))
    return Alignment(dict(pairs), frozenset(i for i, _ in moved))


def naming_field(before: list[Value], after: list[Value], item_key: str | None) -> str | None:
    """Return the field whose value names each item in a key path, or None.

    It identifies the items in both versions and its values read well in a path.
    """
    if not (is_array_of_tables(before) and is_array_of_tables(after)):
        return None
    field = identity_field([before, after], item_key)
    if field is None:
        return None
    for items in (before, after):
        names = [str(item[field]) for item in items]  # type: ignore[index,call-overload]
        # A long text or one with line ends would hide the path that it is part of.
        if len(set(names)) < len(names) or not all(
            0 < len(name) <= 60 and name.isprintable() for name in names
        ):
            return None
    return field


def _match_elements(before: list[Value], after: list[Value]) -> list[tuple[int, int]]:
    """Pair equal elements in order, then moved ones, then those replaced one by one."""
    one, other = list(map(freeze, before)), list(map(freeze, after))
    pairs: list[tuple[int, int]] = []
    gaps = hunks(one, other)
    a = c = 0
    for gap in gaps:
        pairs += zip(range(a, gap.a), range(c, gap.c), strict=True)
        a, c = gap.b, gap.d
    pairs += zip(range(a, len(one)), range(c, len(other)), strict=True)
    pairs += _moved_pairs(one, other, pairs)
    taken = {i for i, _ in pairs}
    taken_after = {j for _, j in pairs}
    for gap in gaps:
        old = [i for i in range(gap.a, gap.b) if i not in taken]
        new = [j for j in range(gap.c, gap.d) if j not in taken_after]
        # Of [1, 2] that became [9] nobody can say which one the 9 was: both are gone, it is new.
        if len(old) == len(new):
            pairs += [pair for pair in zip(old, new, strict=True) if _is_edit(before, after, pair)]
    return pairs


def _moved_pairs(
    one: Sequence[Hashable], other: Sequence[Hashable], pairs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    taken, taken_after = {i for i, _ in pairs}, {j for _, j in pairs}
    loose: dict[Hashable, list[int]] = {}
    for index, element in enumerate(one):
        if index not in taken:
            loose.setdefault(element, []).append(index)
    return [
        (loose[element].pop(0), index)
        for index, element in enumerate(other)
        if index not in taken_after and loose.get(element)
    ]


def _is_edit(before: list[Value], after: list[Value], pair: tuple[int, int]) -> bool:
    old, new = before[pair[0]], after[pair[1]]
    if isinstance(old, dict) and isinstance(new, dict):
        return likeness(old, new) >= _ALIKE
    return isinstance(old, list | dict) == isinstance(new, list | dict)
