"""Which item of an array is which in another version of it."""

from __future__ import annotations

from sessionctl.core.text.alignment import hunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.text.alignment import Hunk
    from sessionctl.core.values import Value

IDENTITY_FIELDS = ("id", "name", "key", "path")
"""Fields that identify an item of an array of tables, when unique, in this order."""

# Items that share less of their content than this are two items, not one edited.
_ALIKE = 0.5
# Comparing every removed item with every new one costs the square: beyond so many comparisons
# items are only matched when they are equal or stand at one place.
_COMPARISONS = 200_000
_COMPARISONS_EACH = 32


def freeze(value: Value) -> Hashable:
    """Return a hashable that is equal for the same TOML values only, types included."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return frozenset((key, freeze(item)) for key, item in value.items())
    if isinstance(value, list):
        return (list, *map(freeze, value))
    if isinstance(value, float) and (value != value or value == 0):
        return (float, str(value))
    if hasattr(value, "utcoffset"):
        return (type(value), value, value.utcoffset(), getattr(value, "digits", ""))
    return (type(value), value)


def match_items(
    before: Sequence[Value],
    after: Sequence[Value],
    item_key: str | None = None,
    *,
    in_order: bool = False,
) -> list[tuple[int | None, int | None]]:
    """Pair the items of two versions of an array of tables.

    Items pair by ``item_key``, else by the identifying field that all items have and
    that is unique on both sides, else by content: equal items first, then between
    those, in order, items that are alike in at least half of their fields. The pairs
    come in the order of ``after``, each removed item (with None) behind its
    predecessor. With ``in_order``, items replaced by as many others pair too.
    """
    field = identity_field([before, after], item_key)
    if field is not None:
        partner = _by_field(before, after, field)
    else:
        partner = _by_content(before, after, in_order=in_order)
    return _in_order(len(before), len(after), partner)


def identity_field(versions: Sequence[Sequence[Value]], item_key: str | None = None) -> str | None:
    """Return the field that identifies the items in every version, or None.

    It is there in all items, a string or integer, and unique within each version. The
    field asked for comes first, then ``IDENTITY_FIELDS``, then, of items with several
    fields, the one by which the most items are found again.
    """
    fields: list[str] = []
    for items in versions:
        for item in items:
            if not isinstance(item, dict):
                return None
            if not fields:
                fields = list(item)
    preferred = [item_key] if item_key else []
    for field in dict.fromkeys([*preferred, *IDENTITY_FIELDS]):
        if all(_is_unique(items, field) for items in versions):
            return field
    if all(len(item) == 1 for items in versions for item in items):  # type: ignore[arg-type]
        return None  # what is all of an item is its content
    usable = [field for field in fields if all(_is_unique(items, field) for items in versions)]
    best = max(usable, key=lambda field: _shared(versions, field), default=None)
    return best if best is not None and _shared(versions, best) else None


def _shared(versions: Sequence[Sequence[Value]], field: str) -> int:
    """Return how many items of the first version the others have under the same name."""
    first, *others = ({key for _, key in _keys(items, field)} for items in versions)
    return sum(len(first & other) for other in others)


def _is_unique(items: Sequence[Value], field: str) -> bool:
    seen = set()
    for item in items:
        value = item.get(field)  # type: ignore[union-attr]
        if not isinstance(value, str | int) or isinstance(value, bool) or value in seen:
            return False
        seen.add(value)
    return True


def _keys(items: Sequence[Value], field: str) -> list[tuple[int, Hashable]]:
    return [(i, freeze(item[field])) for i, item in enumerate(items)]  # type: ignore[index,call-overload]


def match_three(
    base: Sequence[Value],
    ours: Sequence[Value],
    theirs: Sequence[Value],
    item_key: str | None = None,
) -> tuple[list[tuple[int | None, int | None, int | None]], bool]:
    """Pair the items of three versions of an array, and return whether by content only.

    An item both sides added is one item when its identity, or else all of its content,
    is the same. Without an identity, items that one side replaced by as many others are
    the same items: who edits what the other replaced must be told.
    """
    field = identity_field([base, ours, theirs], item_key)
    if field is not None:
        left, right = _by_field(base, ours, field), _by_field(base, theirs, field)
    else:
        left, right = (_by_content(base, side, in_order=True) for side in (ours, theirs))
    ours_of = {i: j for j, i in left.items()}
    theirs_of = {i: j for j, i in right.items()}
    found: list[tuple[int | None, int | None, int | None]] = [
        (i, ours_of.get(i), theirs_of.get(i)) for i in range(len(base))
    ]
    new: dict[Hashable, list[int]] = {}
    for j, item in enumerate(theirs):
        if j not in right:
            new.setdefault(_name(item, field), []).append(j)
    for j, item in enumerate(ours):
        if j not in left:
            same = new.get(_name(item, field))
            found.append((None, j, same.pop(0) if same else None))
    found += [(None, None, j) for places in new.values() for j in places]
    return found, field is None


def _name(item: Value, field: str | None) -> Hashable:
    return freeze(item if field is None else item[field])  # type: ignore[index,call-overload]


def _by_field(before: Sequence[Value], after: Sequence[Value], field: str) -> dict[int, int]:
    places = {key: i for i, key in _keys(before, field)}
    partner = {j: places[key] for j, key in _keys(after, field) if key in places}
    partner.update(_renamed(before, after, partner, field))
    return partner


def _renamed(
    before: Sequence[Value], after: Sequence[Value], partner: dict[int, int], field: str
) -> dict[int, int]:
    """Pair what is left when everything but the identity is the same."""
    taken = set(partner.values())
    old: dict[Hashable, list[int]] = {}
    for i, item in enumerate(before):
        if i not in taken:
            old.setdefault(_content(item, field), []).append(i)
    found: dict[int, int] = {}
    new: dict[Hashable, list[int]] = {}
    for j, item in enumerate(after):
        if j not in partner:
            new.setdefault(_content(item, field), []).append(j)
    for content, places in new.items():
        if content != frozenset() and len(places) == 1 and len(old.get(content, ())) == 1:
            found[places[0]] = old[content][0]
    return found


def _content(item: Value, field: str) -> Hashable:
    assert isinstance(item, dict)
    return freeze({key: value for key, value in item.items() if key != field})


def _by_content(
    before: Sequence[Value], after: Sequence[Value], *, in_order: bool = False
) -> dict[int, int]:
    """Pair items by content; with ``in_order``, as many replaced as were there pair too."""
    frozen, other = list(map(freeze, before)), list(map(freeze, after))
    partner: dict[int, int] = {}
    a = c = 0
    gaps = hunks(frozen, other)
    for gap in gaps:
        partner.update(zip(range(c, gap.c), range(a, gap.a), strict=True))
        a, c = gap.b, gap.d
    partner.update(zip(range(c, len(after)), range(a, len(before)), strict=True))
    # An item that only moved is the same item.
    once, other_once = _single(frozen), _single(other)
    loose = {frozen[i]: i for gap in gaps for i in range(gap.a, gap.b) if frozen[i] in once}
    for gap in gaps:
        for j in range(gap.c, gap.d):
            if other[j] in loose and other[j] in other_once:
                partner[j] = loose[other[j]]
    _pair_alike(before, after, gaps, partner, in_order=in_order)
    return partner


def _pair_alike(
    before: Sequence[Value],
    after: Sequence[Value],
    gaps: Sequence[Hunk],
    partner: dict[int, int],
    *,
    in_order: bool,
) -> None:
    """Add to ``partner`` the items of each gap that are alike, or stand there in order."""
    taken = set(partner.values())
    comparisons = _COMPARISONS + _COMPARISONS_EACH * (len(before) + len(after))
    for gap in gaps:
        start = gap.a
        for j in range(gap.c, gap.d):
            if j in partner:
                continue
            for i in range(start, gap.b):
                if comparisons <= 0:
                    break
                if i in taken:
                    continue
                comparisons -= 1
                if likeness(before[i], after[j]) >= _ALIKE:
                    partner[j] = i
                    taken.add(i)
                    start = i + 1
                    break
        if in_order:
            old = [i for i in range(gap.a, gap.b) if i not in taken]
            new = [j for j in range(gap.c, gap.d) if j not in partner]
            if len(old) == len(new):
                partner.update(zip(new, old, strict=True))
                taken.update(old)


def _single(items: Sequence[Hashable]) -> set[Hashable]:
    """Return the items that are there once."""
    seen: set[Hashable] = set()
    again: set[Hashable] = set()
    for item in items:
        (again if item in seen else seen).add(item)
    return seen - again


def likeness(one: Value, other: Value) -> float:
    """Return how much of two tables is the same: 0 (nothing) to 1 (all)."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return 1.0 if freeze(one) == freeze(other) else 0.0
    fields = one.keys() | other.keys()
    if not fields:
        return 1.0
    same = sum(
        1 for field in one.keys() & other.keys() if freeze(one[field]) == freeze(other[field])
    )
    return same / len(fields)


def _in_order(
    before: int, after: int, partner: dict[int, int]
) -> list[tuple[int | None, int | None]]:
    found = set(partner.values())
    behind: dict[int, list[int]] = {}
    predecessor = -1
    for i in range(before):
        if i in found:
            predecessor = i
        else:
            behind.setdefault(predecessor, []).append(i)
    pairs: list[tuple[int | None, int | None]] = [(i, None) for i in behind.get(-1, ())]
    for j in range(after):
        place = partner.get(j)
        pairs.append((place, j))
        if place is not None:
            pairs += [(i, None) for i in behind.get(place, ())]
    return pairs
