"""Shift: tables with numbers for names that one side renumbered, to put one in or take one out."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from sessionctl.core.identity import freeze
from sessionctl.core.merge.moves.content import find_at, leaves_of
from sessionctl.core.values import holds_only_tables, same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.values import Table, Value

    Moves = dict[Keys, Keys]
    _Content = Counter[tuple[Keys, Hashable]]
    _Leaves = dict[str, _Content]

# A table with one value may be equal to another by chance.
_MIN_LEAVES = 2

# An edited table is the same if half of its leaves are; more pairs than this are not compared.
_ALIKE = 0.49
_MAX_PAIRS = 10_000
_NUMBER = re.compile(r"\d+")


class Shifts(NamedTuple):
    """Tables that got the names of others beside them.

    ``lost`` are those whose name another one took, and that are nowhere beside it; ``free``
    is a name for them each, under which they can be seen as deleted. ``unsure`` are those that
    the other side changed and for which there is no such name.
    """

    moves: Moves
    lost: Moves
    unsure: frozenset[Keys] = frozenset()


def find_shifts(base: Table, side: Table, other: Table, parents: Sequence[Keys]) -> Shifts:
    """Return the tables in ``parents`` that ``side`` gave the names of others of them."""
    found: Moves = {}
    lost: Moves = {}
    unsure: set[Keys] = set()
    for parent in parents:
        old, new = find_at(base, parent), find_at(side, parent)
        if isinstance(old, dict) and isinstance(new, dict) and not _is_same(base, other, parent):
            names, gone = _renamed(old, new)
            moves = {(*parent, name): (*parent, to) for name, to in names.items()}
            if all(_is_same(base, other, (*parent, name)) for name in (*names, *gone)):
                continue
            free = [name for name in names if name not in names.values() and name not in new]
            # A name of nobody will do for what is deleted and was left alone: it is never shown.
            gone.sort(key=lambda name: _is_same(base, other, (*parent, name)))
            spare = [name for name in gone[len(free) :] if _is_same(base, other, (*parent, name))]
            unsure |= {(*parent, name) for name in gone[len(free) :] if name not in spare}
            found |= moves
            free += [f"{name} (deleted)" for name in gone[len(free) :]]
            lost |= {(*parent, name): (*parent, to) for name, to in zip(gone, free, strict=False)}
    return Shifts(found, lost, frozenset(unsure))


def _is_same(base: Table, other: Table, path: Keys) -> bool:
    return same_value(find_at(base, path), find_at(other, path))


def _renamed(old: Table, new: Table) -> tuple[dict[str, str], list[str]]:
    """Return the new name of each table that is whole under the name of another one.

    And the tables whose name was taken, and that are found nowhere.
    """
    left, right = _changed(old, new), _changed(new, old)
    counts = [Counter(side.values()) for side in (left, right)]
    places = {content: name for name, content in right.items() if counts[1][content] == 1}
    names = {
        name: places[content]
        for name, content in left.items()
        if content in places and counts[0][content] == 1 and _is_large(old[name])
    }
    alike = _alike(
        {name: leaves_of(old[name]) for name in left if name not in names and _is_own(name, old)},
        {name: leaves_of(new[name]) for name in right if name not in names.values()},
    )
    # With no table that is whole elsewhere only numbers say that names were given anew: [black] and
    # [ruff] may hold the same settings.
    names |= {name: to for name, to in alike.items() if names or _is_numbered(name, to)}
    # A plain rename is no shift: it takes no name that another table had, and leaves none to one.
    targets = set(names.values())
    if not targets & old.keys() and not names.keys() & new.keys():
        return {}, []
    return names, [name for name in old if name in targets and name not in names]


def _alike(left: _Leaves, right: _Leaves) -> dict[str, str]:
    """Return the tables that were renumbered and edited: each the one most like the other."""
    if len(left) * len(right) > _MAX_PAIRS:
        return {}
    best: dict[str, tuple[float, str]] = {}
    for name, leaves in left.items():
        own = _likeness(leaves, right[name]) if name in right else 0
        for to, others in right.items():
            # [docs] that has half of its content still is itself, whatever [x-docs] took of it.
            if own < _ALIKE or _is_numbered(name, to):
                score = _likeness(leaves, others)
                best[name] = max(best.get(name, (_ALIKE, "")), (score, to))
    counts = Counter(to for _, to in best.values())
    return {name: to for name, (_, to) in best.items() if to and counts[to] == 1 and to != name}


def _likeness(one: _Content, other: _Content) -> float:
    return 2 * (one & other).total() / (one.total() + other.total() or 1)


def _is_own(name: str, tables: Table) -> bool:
    """Return whether a table has keys, or a number: others do not move, what is in them does."""
    return bool(_NUMBER.search(name)) or not holds_only_tables(tables[name])


def _is_numbered(name: str, other: str) -> bool:
    """Return whether two names differ in their numbers only, as s04 and s05."""
    return _NUMBER.sub("0", name) == _NUMBER.sub("0", other)


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
