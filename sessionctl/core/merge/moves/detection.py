"""Detection: which tables and keys of base one side has under another name or elsewhere.

Found by content, as git finds renamed files. What is not sure is not followed: two
places that fit equally well, a single value that could have been written anew.
"""

from __future__ import annotations

from collections import Counter

from sessionctl.core.identity import freeze
from sessionctl.core.merge.moves.content import (
    find_at,
    is_edited_text,
    is_table,
    is_within,
    leaves_of,
    moved_path,
    nodes_of,
    share_a_word,
    starts_with,
    weight,
)
from sessionctl.core.merge.moves.differences import Differences, find_differences
from sessionctl.core.merge.moves.likeness import MIN_EQUAL, best_pairs, likeness
from sessionctl.core.merge.moves.shift import Shifts, find_shifts
from sessionctl.core.values import holds_only_tables, same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.values import Table, Value

    Moves = dict[Keys, Keys]
    Nodes = list[tuple[Keys, Value]]

# What stands in more new tables than these says of none that it is the one.
_MAX_COMMON = 20

# Beyond this many leaves in what is new nothing is looked for, so that the cost stays small.
_MAX_LEAVES = 20_000


def find_moves(
    base: Table, side: Table, other: Table, found: Differences
) -> tuple[Moves, frozenset[Keys]]:
    """Return where ``side`` moved tables and keys of ``base`` that ``other`` changed.

    From each path in base to the path in ``side``; what ``other`` left alone is not looked at,
    since there nothing has to follow. ``found`` are the differences of ``base`` and ``side``.
    Also returned are the tables in which it is not sure which is which.
    """
    shifts = find_shifts(base, side, other, found.renumbered)
    moves = _moves_beside(base, side, other, found, shifts)
    # What is nowhere in the file goes where it can be seen as deleted.
    unsure = frozenset(path[:-1] for path in shifts.unsure if path not in moves)
    return shifts.lost | moves, unsure


def _moves_beside(
    base: Table, side: Table, other: Table, found: Differences, shifts: Shifts
) -> Moves:
    moves = shifts.moves
    inner = _after_shifts(base, side, moves)
    whole = [*found.gone, *_tables_at(base, shifts.lost)]
    gone = [
        (path, value)
        for path, value in (
            *((p, v) for p, v in whole if not is_within(p, moves)),
            *inner.gone,
        )
        if not _is_untouched(path, value, base, other)
    ]
    taken = set(moves.values())
    new = [node for path, value in found.new for node in nodes_of(value, path)]
    new = [node for node in new if not is_within(node[0], taken)]
    new += [node for path, value in inner.new for node in nodes_of(value, path)]
    if not gone or not new or len(new) > _MAX_LEAVES:
        return moves
    tables, unsure = _moved_tables(gone, new, other)
    moves |= _by_children(tables, base)
    rest = [
        node
        for path, value in gone
        for node in nodes_of(value, path)
        if not is_table(node[1])
        and not is_within(node[0], unsure)
        and find_at(side, moved_path(node[0], moves)) is None
    ]
    back = {target: source for source, target in moves.items()}
    free = [
        node
        for node in new
        if not is_table(node[1]) and find_at(base, moved_path(node[0], back)) is None
    ]
    moves |= _moved_keys(rest, free, moves)
    return moves | _renamed_keys(rest, free, moves)


def _after_shifts(base: Table, side: Table, shifts: Moves) -> Differences:
    """Return what ``side`` took out of the tables that it renumbered, and added to them.

    By their numbers they would be compared with others.
    """
    found = Differences([], [], [])
    for source, target in shifts.items():
        before, after = find_at(base, source), find_at(side, target)
        if isinstance(before, dict) and isinstance(after, dict):
            inner = find_differences(before, after)
            found.gone.extend(((*source, *path), value) for path, value in inner.gone)
            found.new.extend(((*target, *path), value) for path, value in inner.new)
    return found


def _tables_at(base: Table, paths: Moves) -> Nodes:
    found = ((path, find_at(base, path)) for path in paths)
    return [(path, value) for path, value in found if value is not None]


def _is_untouched(path: Keys, value: Value, base: Table, other: Table) -> bool:
    """Return whether ``other`` changed neither a table, nor the table that a key stands in.

    Keys are asked with their neighbours, for those that move together are one move.
    """
    if not is_table(value):
        path = path[:-1]
    there, before = find_at(other, path), find_at(base, path)
    return there is not None and before is not None and same_value(there, before)


def _moved_tables(gone: Nodes, new: Nodes, other: Table) -> tuple[Moves, set[Keys]]:
    """Return the tables that stand under another path: alike in half of their leaves or more.

    And those of which that is not sure, by what ``other``, who did not move them, made of them.
    """
    targets = {path: leaves_of(value) for path, value in new if is_table(value)}
    holders: dict[tuple[Keys, Hashable], list[Keys]] = {}
    for path, leaves in targets.items():
        for leaf in leaves:
            holders.setdefault(leaf, []).append(path)
    sources = {path: leaves_of(value) for path, value in gone if is_table(value)}
    scores: dict[tuple[Keys, Keys], float] = {}
    for source, leaves in sources.items():
        found = (holders.get(leaf, ()) for leaf in leaves)
        for target in {path for paths in found if len(paths) <= _MAX_COMMON for path in paths}:
            score = likeness(source, target, leaves, targets[target])
            if score:
                scores[source, target] = score
    # One side may have made two tables of one: the edit of the other side belongs to the one that
    # has it already, so where it goes is open
    # (a_table_made_two_of_which_one_holds_the_edit_already_is_a_conflict).
    moves = best_pairs(scores)
    unsure = {
        source
        for source, target in moves.items()
        if _fits_elsewhere(find_at(other, source), sources[source], source, target, targets)
    }
    return {source: to for source, to in moves.items() if source not in unsure}, unsure


def _fits_elsewhere(
    edited: Value | None,
    before: Counter[tuple[Keys, Hashable]],
    source: Keys,
    target: Keys,
    targets: dict[Keys, Counter[tuple[Keys, Hashable]]],
) -> bool:
    """Return whether what the other side made of a table is more like another new table."""
    if not isinstance(edited, dict):
        return False
    leaves = leaves_of(edited)
    score = likeness(source, target, leaves, targets[target])
    # A table in it that went somewhere else alone makes no other place of it: only the edit does.
    return any(
        likeness(source, path, leaves, new) > max(score, likeness(source, path, before, new))
        for path, new in targets.items()
    )


def _moved_keys(gone: Nodes, new: Nodes, tables: Moves) -> Moves:
    """Return the keys that stand in another table with the name and the value they had.

    ``tables`` are the tables that moved themselves.
    """
    candidates: dict[tuple[str, Hashable], list[Keys]] = {}
    for path, value in new:
        candidates.setdefault((path[-1], freeze(value)), []).append(path)
    groups: dict[tuple[Keys, Keys], Moves] = {}
    for path, value in gone:
        for target in candidates.get((path[-1], freeze(value)), ()):
            place = moved_path(path[:-1], tables)
            groups.setdefault((place, target[:-1]), {})[path] = target
    beside: dict[Keys, Nodes] = {}
    for path, value in gone:
        beside.setdefault(path[:-1], []).append((path, value))
    values = dict(new)
    sure = {
        pair: moves
        for pair, moves in groups.items()
        if _is_nested(*pair) or _evidence(moves, beside, values) >= MIN_EQUAL
    }
    found: Moves = {}
    for source, _ in gone:
        # Into or out of a table in its own first, then with the most neighbours; two that fit
        # alike are not sure.
        fits = sorted(
            ((_is_nested(*pair), len(moves)), moves[source])
            for pair, moves in sure.items()
            if source in moves
        )
        if fits and (len(fits) == 1 or fits[-1][0] != fits[-2][0]):
            found[source] = fits[-1][1]
    once = Counter(found.values())
    found = {source: target for source, target in found.items() if once[target] == 1}
    return found | _edited_keys(gone, new, found)


def _evidence(moves: Moves, beside: dict[Keys, Nodes], new: dict[Keys, Value]) -> int:
    """Return how many values went from one table to another: equal ones, and long texts edited."""
    count = sum(weight(freeze(new[target])) for target in moves.values())
    for source, target in {(source[:-1], target[:-1]) for source, target in moves.items()}:
        for path, value in beside[source] if count < MIN_EQUAL else ():
            there = (*target, path[-1])
            if path not in moves and there in new:
                count += is_edited_text(freeze(value), freeze(new[there]))
    return count


def _renamed_keys(gone: Nodes, new: Nodes, moves: Moves) -> Moves:
    """Return the keys that have another name in their table and the same value.

    It is a long text, or no mere switch and the names have a word in common.
    """
    sides: list[dict[tuple[Keys, Hashable], list[Keys]]] = [{}, {}]
    taken = {*moves, *moves.values()}
    for found, nodes in zip(sides, (gone, new), strict=True):
        for path, value in nodes:
            if path not in taken and not isinstance(value, bool):
                place = moved_path(path[:-1], moves)
                found.setdefault((place, freeze(value)), []).append(path)
    return {
        sources[0]: targets[0]
        for place, sources in sides[0].items()
        for targets in [sides[1].get(place, [])]
        if len(sources) == len(targets) == 1
        and (weight(place[1]) >= MIN_EQUAL or share_a_word(sources[0][-1:], targets[0][-1:]))
    }


def _by_children(moves: Moves, base: Table) -> Moves:
    """Return ``moves`` with the tables in place of those that are there for them only.

    Where [a.b] became [c.b], a table [a.new] of the other side was not moved.
    """
    found: Moves = {}
    for source, target in moves.items():
        value = find_at(base, source)
        if isinstance(value, dict) and holds_only_tables(value):
            inner = {(*source, key): (*target, key) for key in value}
            found |= _by_children(inner, base)
        else:
            found.setdefault(source, target)
    # What moved to a place of its own did not go with the table around it.
    return found | {source: to for source, to in moves.items() if source in found}


def _edited_keys(gone: Nodes, new: Nodes, found: Moves) -> Moves:
    """Return the keys that were moved with their neighbours and got another value of their type."""
    values = dict(new)
    tables: dict[Keys, set[Keys]] = {}
    for source, target in found.items():
        tables.setdefault(source[:-1], set()).add(target[:-1])
    edited: Moves = {}
    for path, value in gone:
        targets = {(*table, path[-1]) for table in tables.get(path[:-1], ())}
        free = [one for one in targets if one in values and one not in found.values()]
        if path not in found and len(free) == 1 and type(values[free[0]]) is type(value):
            edited[path] = free[0]
    return edited


def _is_nested(one: Keys, other: Keys) -> bool:
    """Return whether one table lies in the other, as when a header is put in or taken out."""
    return starts_with(one, other) or starts_with(other, one)
