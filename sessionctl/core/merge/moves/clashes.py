"""Clashes: where the moves of one side meet what the other moved or deleted."""

from __future__ import annotations

from sessionctl.core.merge.moves.content import find_at, is_table, moved_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.values import Table, Value

    Moves = dict[Keys, Keys]


def renamed_keys(moves: Moves, base: Table) -> Moves:
    """Return the keys in ``moves`` that only got another name."""
    return {
        source: target
        for source, target in moves.items()
        if source[-1] != target[-1]
        and source[:-1] == target[:-1]
        and not is_table(find_at(base, source))
    }


def lost_names(moves: Moves, by_other: Moves, base: Table, other: Table) -> frozenset[Keys]:
    """Return the new names of keys that ``other`` deleted, or gave another name.

    The new name may be wanted all the same, or not: it is nobody's to say but a person's
    (a_key_renamed_by_one_side_and_deleted_by_the_other_is_a_conflict).
    """
    theirs = renamed_keys(by_other, base)
    return frozenset(
        target
        for source, target in renamed_keys(moves, base).items()
        if theirs.get(source, target) != target
        or (source not in by_other and find_at(other, moved_path(source, by_other)) is None)
    )


def with_place(moves: Moves, by_other: Moves, base: Table, other: Table) -> Moves:
    """Return ``moves`` without those into a table that ``other`` deleted.

    Followed, they would bring it back there without a word.
    """

    def is_lost(table: Keys) -> bool:
        there = find_at(base, table)
        is_own = isinstance(there, dict) and has_keys(there)
        return is_own and find_at(other, moved_path(table, by_other)) is None

    lost = {target[:-1] for target in moves.values() if is_lost(target[:-1])}
    return {source: to for source, to in moves.items() if to[:-1] not in lost}


def has_keys(table: Value | None) -> bool:
    """Return whether a table has more than tables in it; what is no table has."""
    return not isinstance(table, dict) or not all(map(is_table, table.values()))


def moved_out(apart: Collection[Keys], by_ours: Moves, by_theirs: Moves, base: Table) -> Moves:
    """Return where keys go that one side moved with all of their table, and the other alone.

    Ours calls [deps] [group.deps], theirs takes some keys out of it: these are out of it.
    """
    found: Moves = {}
    for source in apart:
        parts = [
            other
            for moves, other in ((by_ours, by_theirs), (by_theirs, by_ours))
            if _is_whole_move(source, moves, base) and not _is_whole_move(source, other, base)
        ]
        if parts:
            found[source] = parts[0][source]
    return found


def _is_whole_move(source: Keys, moves: Moves, base: Table) -> bool:
    """Return whether the table around a key moved with all its keys, so that only its name did."""
    table = find_at(base, source[:-1])
    assert isinstance(table, dict)
    parent = moves[source][:-1]
    return all(
        moves.get((*source[:-1], key)) == (*parent, key)
        for key, value in table.items()
        if not is_table(value)
    )


def contested_places(moves: Moves, by_other: Moves, base: Table, other: Table) -> frozenset[Keys]:
    """Return the new paths of the tables in ``moves`` that ``other`` deleted whole.

    Git calls it a conflict of a rename and a deletion, and so do we: the table would be gone from
    the place where one side wants it, or stay though the other does not want it at all. Tables
    that only got another number were moved because of others; there the deletion is done.
    """
    renumbered = {to[:-1] for to in moves.values() if find_at(base, to) is not None}
    return frozenset(
        to
        for source, to in moves.items()
        if source[:-1] not in renumbered
        and is_table(find_at(base, source))
        # What it moved too, alike or with the table around it, it did not delete.
        and find_at(other, moved_path(source, by_other)) is None
    )
