"""Matching: what of one document is what of the other: items, renamed tables, names in paths."""

from __future__ import annotations

from sessionctl.core.diff.array_alignment import align, naming_field
from sessionctl.core.identity import freeze
from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.values import is_array_of_tables, value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.core.diff.array_alignment import Alignment
    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Table, Value

    ItemKeys = Mapping[str, str] | Callable[[KeyPath], str | None]

# A table under another key is the same table when so much of it is the same.
_RENAMED = 0.6
_RENAMED_LEAVES = 2
# Among more pairs than this, only equal tables are looked for: comparing all takes long.
_RENAMED_PAIRS = 1000


class Matching:
    """Remembers the alignments made while two documents are compared.

    Places are paths in keys and indexes; those of the first document are asked for.
    """

    def __init__(self, before: Table, after: Table, item_keys: ItemKeys) -> None:
        self._before = before
        self._after = after
        self._item_keys = item_keys
        self._forth = _Map()
        self._back = _Map()
        self._fields: dict[KeyPath, str | None] = {}
        self._named: dict[KeyPath, KeyPath] = {}

    def align(
        self, before: list[Value], after: list[Value], here: KeyPath, there: KeyPath
    ) -> Alignment:
        """Return the alignment of the array at ``here`` with the one at ``there``."""
        item_key = self._item_key(here)
        found = align(before, after, item_key)
        self._forth.items[here] = found.partner
        self._back.items[there] = {j: i for i, j in found.partner.items()}
        self._fields[here] = naming_field(before, after, item_key)
        return found

    def renames(self, before: Table, after: Table, here: KeyPath, there: KeyPath) -> dict[str, str]:
        """Return the keys of the table at ``here`` that became another key."""
        # Only tables: x = 1 that went and y = 1 that came have a value in common by chance.
        gone = [key for key in before if key not in after and _is_tables(before[key])]
        new = [key for key in after if key not in before and _is_tables(after[key])]
        found: dict[str, str] = {}
        if gone and new:
            found = _same_tables(before, after, gone, new)
            rest = [key for key in gone if key not in found]
            taken = set(found.values())
            found |= _like_tables(before, after, rest, [key for key in new if key not in taken])
        if found:
            self._forth.keys[here] = found
            self._back.keys[there] = {new: old for old, new in found.items()}
        return found

    def named(self, place: KeyPath) -> KeyPath:
        """Return ``place`` as people read it: items by their name where they have one."""
        if not place:
            return place
        known = self._named.get(place)
        if known is None:
            parent, last = place.parent, place[-1]
            if isinstance(last, int):
                item = value_at(self._before, place)
                last = self.item_name(parent, item, last)
            known = self._named[place] = self.named(parent) / last
        return known

    def item_name(self, array: KeyPath, item: Value, index: int) -> Part:
        """Return the part of a path that names ``item`` of the array at ``array``."""
        if array not in self._fields:
            value = value_at(self._before, array)
            assert isinstance(value, list)
            self._fields[array] = naming_field(value, value, self._item_key(array))
        field = self._fields[array]
        if field is None:
            return index
        assert isinstance(item, dict)
        return ItemKey(field, str(item[field]))

    def counterpart(self, place: KeyPath) -> KeyPath | None:
        """Return where ``place`` is in the other document, or None when it is not there."""
        there, is_there = self._forth.walk(place, self._after)
        return there if is_there else None

    def origin(self, place: KeyPath) -> KeyPath | None:
        """Return where a place of the other document is in the first, or None."""
        here, is_here = self._back.walk(place, self._before)
        return here if is_here else None

    def are_arrays(self, here: KeyPath, there: KeyPath) -> bool:
        """Return whether an array is at ``here`` and at ``there`` in the other document."""
        one, other = value_at(self._before, here), value_at(self._after, there)
        return isinstance(one, list) and isinstance(other, list)

    def place_of(self, place: KeyPath) -> KeyPath:
        """Return ``place`` in terms of the other document, as far as it is there."""
        there, _ = self._forth.walk(place, self._after)
        return KeyPath((*there, *place[len(there) :]))

    def path_of(self, place: KeyPath) -> KeyPath:
        """Return a place of the other document as a path that people read."""
        here, _ = self._back.walk(place, self._before)
        return KeyPath((*self.named(here), *place[len(here) :]))

    def _item_key(self, array: KeyPath) -> str | None:
        keys = KeyPath(part for part in array if isinstance(part, str))
        if callable(self._item_keys):
            return self._item_keys(keys)
        return self._item_keys.get(str(keys))


class _Map:
    """Leads from the places of one document to those of the other.

    ``items`` maps the elements of the arrays at a place, ``keys`` renamed keys; all
    others are the same on both sides.
    """

    __slots__ = ("items", "keys")

    def __init__(self) -> None:
        self.items: dict[KeyPath, dict[int, int]] = {}
        self.keys: dict[KeyPath, dict[str, str]] = {}

    def walk(self, place: KeyPath, value: Value) -> tuple[KeyPath, bool]:
        """Return the place in the other document, whose value is ``value``.

        When it is not there, the part of it that is, and False.
        """
        found: list[Part] = []
        for depth, part in enumerate(place):
            here = KeyPath(place[:depth])
            step: Part | None = part
            if isinstance(part, int):
                partners = self.items.get(here)
                step = part if partners is None else partners.get(part)
                is_there = step is not None and isinstance(value, list)
            else:
                assert isinstance(part, str)
                step = self.keys.get(here, {}).get(part, part)
                is_there = isinstance(value, dict) and step in value
            if not is_there or step is None:
                return KeyPath(found), False
            value = value[step]  # type: ignore[index]
            found.append(step)
        return KeyPath(found), True


def _is_tables(value: Value) -> bool:
    return (isinstance(value, dict) and bool(value)) or is_array_of_tables(value)


def _same_tables(before: Table, after: Table, gone: list[str], new: list[str]) -> dict[str, str]:
    """Pair the keys of equal tables, when there is one such table on each side."""
    places: dict[object, list[list[str]]] = {}
    for side, (table, keys) in enumerate(((before, gone), (after, new))):
        for key in keys:
            places.setdefault(freeze(table[key]), [[], []])[side].append(key)
    return {
        old[0]: other[0]
        for old, other in places.values()
        if len(old) == len(other) == 1 and len(_leaves(before[old[0]])) >= _RENAMED_LEAVES
    }


def _like_tables(before: Table, after: Table, gone: list[str], new: list[str]) -> dict[str, str]:
    """Pair the keys of tables that are alike, the likest first."""
    found: dict[str, str] = {}
    if len(gone) * len(new) > _RENAMED_PAIRS:
        return found
    pairs = [(_likeness(before[one], after[other]), one, other) for one in gone for other in new]
    # Ties by names, so that exchanged sides give the same.
    for score, one, other in sorted(pairs, key=lambda pair: (-pair[0], *sorted(pair[1:]))):
        if score >= _RENAMED and one not in found and other not in found.values():
            found[one] = other
    return found


def _likeness(one: Value, other: Value) -> float:
    """Return how many of the leaves of both are the same, as a part of all; 0 for small ones."""
    if isinstance(one, dict) is not isinstance(other, dict):
        return 0.0
    ours, theirs = _leaves(one), _leaves(other)
    same = len(ours & theirs)
    # One leaf is no likeness: many tables hold enabled = true and little else.
    return 0.0 if same < _RENAMED_LEAVES else same / len(ours | theirs)


def _leaves(value: Value) -> set[object]:
    found: set[object] = set()
    stack: list[tuple[tuple[Part, ...], Value]] = [((), value)]
    while stack:
        path, inner = stack.pop()
        if isinstance(inner, dict) and inner:
            stack += [((*path, key), item) for key, item in inner.items()]
        elif is_array_of_tables(inner):
            assert isinstance(inner, list)
            stack += [((*path, index), item) for index, item in enumerate(inner)]
        else:
            found.add((path, freeze(inner)))
    return found
