"""Following: what one side changed goes where the other side moved it."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.moves.content import find_at, starts_with
from sessionctl.core.merge.moves.detection import find_moves
from sessionctl.core.merge.moves.relocation import moved_path, relocate
from sessionctl.core.merge.result import FollowedMove
from sessionctl.core.toml.parse.parser import KEY
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.context import MergeContext
    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.merge.moves.differences import Differences
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table

    Moves = dict[Keys, Keys]


def follow_moves(
    documents: Sequence[DocumentText], differences: Sequence[Differences], context: MergeContext
) -> tuple[list[DocumentText], tuple[FollowedMove, ...]]:
    """Return base, ours and theirs with the moves of both sides made in all, and those.

    What one side moved and the other changed is moved in base and in the other too; the merge
    then finds the change at the new place. Nothing is followed where both moved the same thing
    to two places, where the new place is taken, or where the text cannot be written so.
    ``differences`` are those of ours and of theirs to base.
    """
    base, ours, theirs = documents
    by_ours = _moves_of(base, ours, theirs, differences[0])
    by_theirs = _moves_of(base, theirs, ours, differences[1])
    if not by_ours and not by_theirs:
        return list(documents), ()
    for source in by_ours.keys() & by_theirs.keys():
        if by_ours[source] != by_theirs[source]:
            return list(documents), ()
    moved = [
        _relocated(base, by_ours | by_theirs, context),
        _relocated(ours, by_theirs, context),
        _relocated(theirs, by_ours, context),
    ]
    found = [document for document in moved if document is not None]
    if len(found) < len(moved):
        return list(documents), ()
    return found, (
        *_followed(by_theirs, base.value, ours.value, "ours"),
        *_followed(by_ours, base.value, theirs.value, "theirs"),
    )


def _moves_of(
    base: DocumentText, side: DocumentText, other: DocumentText, found: Differences
) -> Moves:
    if not found.may_hold_moves:
        return {}
    moves = find_moves(base.value, side.value, other.value, found)
    return moves | _added_between(moves, base.value, side.value, other) if moves else moves


def _relocated(document: DocumentText, moves: Moves, context: MergeContext) -> DocumentText | None:
    return relocate(document, moves, context) if moves else document


def _added_between(moves: Moves, base: Table, side: Table, other: DocumentText) -> Moves:
    """Return the moves of keys that ``other`` added between two keys that moved together.

    A header put in above them takes what stands below it, wherever that was written first.
    """
    found: Moves = {}
    paths = _key_paths(other)
    for number, path in enumerate(paths):
        if path is None or find_at(base, path) is not None:
            continue
        before = _nearest(paths[:number][::-1], path, base)
        behind = _nearest(paths[number + 1 :], path, base)
        if before not in moves or (behind is not None and behind not in moves):
            continue
        parent = moves[before][:-1]
        if behind is not None and moves[behind][:-1] != parent:
            continue
        if moves[before][-1] == before[-1] and find_at(side, (*parent, path[-1])) is None:
            found[path] = (*parent, path[-1])
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


def _followed(moves: Moves, base: Table, other: Table, side: str) -> list[FollowedMove]:
    """Return the moves that a change of ``other`` followed."""
    found = []
    for source, target in moves.items():
        if any(starts_with(source, outer) and source != outer for outer in moves):
            continue
        if not same_value(find_at(base, source), find_at(other, source)):
            found.append(
                FollowedMove(
                    KeyPath(moved_path(source, moves)),
                    str(KeyPath(source)),
                    str(KeyPath(target)),
                    side,
                )
            )
    return found
