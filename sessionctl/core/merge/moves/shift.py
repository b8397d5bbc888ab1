"""Shift: tables with numbers for names that one side renumbered, to put one in or take one out."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.identity import freeze
from sessionctl.core.merge.moves.content import find_at, leaves_of
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.values import Table, Value

    Moves = dict[Keys, Keys]

# A table with one value may be equal to another by chance.
_MIN_LEAVES = 2


def find_shifts(base: Table, side: Table, other: Table, parents: Sequence[Keys]) -> Moves:
    """Return the tables in ``parents`` that ``side`` gave the names of others of them."""
    found: Moves = {}
    for parent in parents:
        old, new = find_at(base, parent), find_at(side, parent)
        if isinstance(old, dict) and isinstance(new, dict) and not _is_same(base, other, parent):
            names = _renamed(old, new)
            moves = {(*parent, name): (*parent, to) for name, to in names.items()}
            if any(not _is_same(base, other, source) for source in moves):
                found |= moves
    return found


def _is_same(base: Table, other: Table, path: Keys) -> bool:
    return same_value(find_at(base, path), find_at(other, path))


def _renamed(old: Table, new: Table) -> dict[str, str]:
    """Return the new name of each table that is whole under the name of another one.

    A table whose name was taken, and that is found nowhere, gets a name that became free, so
    that it is still there to be seen as deleted.
    """
    left, right = _changed(old, new), _changed(new, old)
    counts = [Counter(side.values()) for side in (left, right)]
    places = {content: name for name, content in right.items() if counts[1][content] == 1}
    names = {
        name: places[content]
        for name, content in left.items()
        if content in places and counts[0][content] == 1 and _is_large(old[name])
    }
    # A plain rename is no shift: it takes no name that another table had.
    targets = set(names.values())
    if not targets & old.keys():
        return {}
    lost = [name for name in old if name in targets and name not in names]
    free = [name for name in names if name not in targets and name not in new]
    if len(lost) > len(free):
        return {}
    return names | dict(zip(lost, free, strict=False))


def _changed(one: Table, other: Table) -> dict[str, Hashable]:
    """Return the tables of ``one`` that are not the same in ``other``, by their content."""
    return {
        name: freeze(value)
        for name, value in one.items()
        if isinstance(value, dict) and not _stands(value, other.get(name))
    }


def _stands(value: Value, there: Value | None) -> bool:
    return there is not None and same_value(value, there)


def _is_large(value: Value) -> bool:
    return leaves_of(value).total() >= _MIN_LEAVES
