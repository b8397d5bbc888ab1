"""Following: what one side changed goes where the other side moved it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.moves.clashes import (
    contested_places,
    has_keys,
    lost_names,
    moved_out,
    renamed_keys,
    with_place,
)
from sessionctl.core.merge.moves.content import (
    find_at,
    is_table,
    is_within,
    moved_path,
    starts_with,
)
from sessionctl.core.merge.moves.detection import find_moves
from sessionctl.core.merge.moves.relocation import relocate
from sessionctl.core.merge.result import FollowedMove
from sessionctl.core.toml.parse.parser import KEY
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sessionctl.core.merge.context import MergeContext
    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.merge.moves.differences import Differences
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table, Value

    Moves = dict[Keys, Keys]


class Following(NamedTuple):
    """Base, ours and theirs with the moves of both sides made in all of them.

    ``changes`` are the changes that followed a move. ``contested`` are the tables that one
    side moved and the other deleted, at their new paths, and what both moved apart: no
    side's word is the last one. ``unsure`` are tables that may be another one on each side,
    since moves could not be followed; ``mixed`` are those of them that got names of each other
    on both sides.
    """

    documents: list[DocumentText]
    by_ours: Moves
    by_theirs: Moves
    changes: tuple[FollowedMove, ...] = ()
    contested: frozenset[Keys] = frozenset()
    unsure: frozenset[Keys] = frozenset()
    mixed: frozenset[Keys] = frozenset()


def follow_moves(
    documents: Sequence[DocumentText], differences: Sequence[Differences], context: MergeContext
) -> Following:
    """Return base, ours and theirs with the moves of both sides made in all.

    What one side moved and the other changed is moved in base and in the other too; the merge
    then finds the change at the new place. Nothing is followed where the new place is taken, or
    where the text cannot be written so; what both moved to two places is in dispute at either.
    ``differences`` are those of ours and of theirs to base.
    """
    base, ours, theirs = documents
    by_ours, open_ours = _moves_of(base, ours, theirs, differences[0])
    by_theirs, open_theirs = _moves_of(base, theirs, ours, differences[1])
    families = open_ours | open_theirs
    if not by_ours and not by_theirs and not families:
        return Following(list(documents), {}, {})
    # Both renumbered one family, and not for the same reason: which is which is open there, so
    # nothing is followed and no two tables are mixed.
    both = _renumbered(by_ours, base, ours) & _renumbered(by_theirs, base, theirs)
    families |= both
    # What both gave the same number is no matter of doubt: each put in a table before it.
    agreed = {s: to for s, to in by_ours.items() if by_theirs.get(s) == to}
    mixed = frozenset(
        path
        for moves in (by_ours, by_theirs)
        for move in moves.items()
        for path in move
        if path[:-1] in both
    )
    if families:
        by_ours, by_theirs = (
            {s: to for s, to in moves.items() if s in agreed or not _is_within(s, to, families)}
            for moves in (by_ours, by_theirs)
        )
    deleted = lost_names(by_ours, by_theirs, base.value, theirs.value)
    deleted |= lost_names(by_theirs, by_ours, base.value, ours.value)
    by_ours, by_theirs = (
        _without_names(by_ours, by_theirs, deleted, base.value),
        _without_names(by_theirs, by_ours, deleted, base.value),
    )
    by_ours, by_theirs = (
        with_place(by_ours, by_theirs, base.value, theirs.value),
        with_place(by_theirs, by_ours, base.value, ours.value),
    )
    by_ours, by_theirs = (
        by_ours | _added_between(by_ours, by_theirs, base.value, ours.value, theirs),
        by_theirs | _added_between(by_theirs, by_ours, base.value, theirs.value, ours),
    )
    apart = {
        source
        for source in by_ours.keys() & by_theirs.keys()
        if by_ours[source] != by_theirs[source]
        and moved_path(by_ours[source], by_theirs) != moved_path(by_theirs[source], by_ours)
    }
    out = moved_out(apart, by_ours, by_theirs, base.value)
    apart -= out.keys()
    unsure = frozenset((*family, name) for family in families for name in _names(base, family))
    disputed = frozenset(moves[s] for s in apart for moves in (by_ours, by_theirs)) | deleted
    told = (by_ours, by_theirs)
    by_ours, by_theirs = (
        {source: to for source, to in moves.items() if source not in apart} for moves in told
    )
    final = _joined(by_ours, by_theirs) | out
    moved = [
        _relocated(base, final, context),
        _relocated(ours, _left_of(by_theirs, by_ours, final), context),
        _relocated(theirs, _left_of(by_ours, by_theirs, final), context),
    ]
    found = [document for document in moved if document is not None]
    if len(found) < len(moved):
        unsure |= {*by_ours, *by_theirs, *by_ours.values(), *by_theirs.values(), *mixed}
        return Following(list(documents), *told, unsure=unsure, mixed=mixed)
    sides = (
        ({source: final[source] for source in by_theirs}, by_ours, ours.value, "ours"),
        ({source: final[source] for source in by_ours}, by_theirs, theirs.value, "theirs"),
    )
    contested = disputed.union(
        *(contested_places(moves, made, base.value, other) for moves, made, other, _ in sides)
    )
    changes = [
        one
        for moves, made, other, side in sides
        for one in _followed(moves, made, base.value, other, side)
    ]
    return Following(
        found,
        *told,
        tuple(one for one in changes if tuple(one.path) not in contested),
        contested,
        (unsure | mixed).difference(agreed.values()),
        mixed.difference(agreed.values()),
    )


def _without_names(moves: Moves, by_other: Moves, lost: Collection[Keys], base: Table) -> Moves:
    """Return ``moves`` without the names that are lost, and of keys that ``by_other`` moved."""
    renamed = renamed_keys(moves, base)
    return {
        source: target
        for source, target in moves.items()
        if target not in lost and not (source in renamed and source in by_other)
    }


def _renumbered(moves: Moves, base: DocumentText, side: DocumentText) -> set[Keys]:
    """Return the tables in which ``side`` gave names of tables to other tables."""
    return {
        to[:-1]
        for source, to in moves.items()
        if source[:-1] == to[:-1]
        and (find_at(base.value, to) is not None or find_at(side.value, source) is not None)
    }


def _is_within(source: Keys, target: Keys, families: Collection[Keys]) -> bool:
    return any(
        starts_with(path, family) and path != family
        for family in families
        for path in (source, target)
    )


def _names(base: DocumentText, family: Keys) -> list[str]:
    found = find_at(base.value, family)
    return list(found) if isinstance(found, dict) else []


def _joined(by_ours: Moves, by_theirs: Moves) -> Moves:
    """Return where everything is after the moves of both sides.

    What one side moved within or into a table that the other renamed is in the renamed table.
    """
    return {
        source: target if other.get(source) == target else moved_path(target, other)
        for moves, other in ((by_ours, by_theirs), (by_theirs, by_ours))
        for source, target in moves.items()
    }


def _left_of(moves: Moves, made: Moves, final: Moves) -> Moves:
    """Return what of ``moves`` is left to do in the document of the side that ``made`` its own."""
    return {
        moved_path(source, made): final[source]
        for source, target in moves.items()
        if source not in made or (made[source] != target and final[source] == target)
    }


def _moves_of(
    base: DocumentText, side: DocumentText, other: DocumentText, found: Differences
) -> tuple[Moves, frozenset[Keys]]:
    if not found.may_hold_moves:
        return {}, frozenset()
    return find_moves(base.value, side.value, other.value, found)


def _relocated(document: DocumentText, moves: Moves, context: MergeContext) -> DocumentText | None:
    return relocate(document, moves, context) if moves else document


def _added_between(
    moves: Moves, by_other: Moves, base: Table, side: Table, other: DocumentText
) -> Moves:
    """Return the moves of keys that ``other`` added between two keys that moved together.

    A header put in above them takes what stands below it, wherever that was written first,
    and a key that ``other`` renamed goes where it would have gone with its name.
    """
    if not moves:
        return {}
    found = _renamed_in_place(moves, by_other, base, other.value)
    paths = _key_paths(other)
    for number, path in enumerate(paths):
        if path is None or path in found or find_at(base, path) is not None:
            continue
        before = _nearest(paths[:number][::-1], path, base)
        behind = _nearest(paths[number + 1 :], path, base)
        # The first key of a table that has no key left goes where the next one went.
        is_emptied = before is None and not has_keys(find_at(side, path[:-1]))
        near = behind if is_emptied else before
        if near not in moves or (behind is not None and behind not in moves):
            continue
        parent = moves[near][:-1]
        if behind is not None and moves[behind][:-1] != parent:
            continue
        if moves[near][-1] == near[-1] and find_at(side, (*parent, path[-1])) is None:
            found[path] = (*parent, path[-1])
    return found


def _renamed_in_place(moves: Moves, by_other: Moves, base: Table, other: Table) -> Moves:
    """Return the keys that have the place and the value of a moved one, under another name."""
    found: Moves = {}
    for source, target in moves.items():
        place = moved_path(source[:-1], by_other)
        value, parent = find_at(base, source), find_at(other, place)
        if is_table(value) or value is None or not isinstance(parent, dict) or source[-1] in parent:
            continue
        before = find_at(base, source[:-1])
        assert isinstance(before, dict)
        new = [key for key in parent if key not in before and same_value(parent[key], value)]
        if len(new) == 1:
            found[*place, new[0]] = (*target[:-1], new[0])
    return found


def _key_paths(document: DocumentText) -> list[Keys | None]:
    """Return the path of each key in the order of the text, None for a header."""
    found: list[Keys | None] = []
    section: Keys = ()
    for statement in document.statements:
        if statement.kind == KEY:
            found.append(section + statement.keys)
        else:
            section = statement.keys
            found.append(None)
    return found


def _nearest(paths: Sequence[Keys | None], path: Keys, base: Table) -> Keys | None:
    """Return the next key of the same table that base has too, None when the section ends."""
    for one in paths:
        if one is None or one[:-1] != path[:-1]:
            return None
        if find_at(base, one) is not None:
            return one
    return None


def _followed(
    moves: Moves, made: Moves, base: Table, other: Table, side: str
) -> list[FollowedMove]:
    """Return the moves of one side that a change of ``other`` followed; it ``made`` its own.

    What went elsewhere out of what moved is told by itself.
    """
    found = []
    moved = moves.keys() | made.keys()
    for source, target in moves.items():
        around = source[:-1]
        if is_within(around, moves) and target == (*moved_path(around, moves), source[-1]):
            continue
        values = (find_at(base, source), find_at(other, moved_path(source, made)))
        one, two = (value and _without(value, source, moved) for value in values)
        if not same_value(one, two):
            found.append(
                FollowedMove(KeyPath(target), str(KeyPath(source)), str(KeyPath(target)), side)
            )
    return found


def _without(value: Value, path: Keys, others: Collection[Keys]) -> Value:
    """Return the value at ``path`` without what is at ``others`` in it."""
    if not isinstance(value, dict):
        return value
    return {
        key: _without(item, (*path, key), others)
        for key, item in value.items()
        if (*path, key) not in others
    }
