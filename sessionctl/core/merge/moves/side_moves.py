"""Side moves: where each side has what is in conflict, when it is not where it was."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge.moves.content import find_at, starts_with
from sessionctl.core.toml.parse.parser import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.merge.moves.following import Following
    from sessionctl.core.toml.parse.document_text import DocumentText

    Moves = dict[Keys, Keys]


def with_side_moves(
    conflicts: Sequence[Conflict], documents: Sequence[DocumentText], moved: Following | None
) -> tuple[Conflict, ...]:
    """Return ``conflicts``, each with what its sides did beside changing a value.

    ``documents`` are base, ours and theirs as they were.
    """
    base, *sides = documents
    moves = (moved.by_ours, moved.by_theirs) if moved else ({}, {})
    known = {
        source: {source, *(m[source] for m in moves if source in m)} for m in moves for source in m
    }
    found = []
    for one in conflicts:
        path = tuple(part for part in one.path if isinstance(part, str))
        about = {source: places for source, places in known.items() if _is_about(path, places)}
        texts = (one.ours, one.theirs)
        words = [
            ""
            if len(path) != len(one.path)
            else _words(one, path, text, about, moves[at], base, side)
            for at, (text, side) in enumerate(zip(texts, sides, strict=True))
        ]
        found.append(one._replace(moves=(words[0], words[1])))
    return tuple(found)


def _is_about(path: Keys, places: set[Keys]) -> bool:
    return any(starts_with(one, path) or starts_with(path, one) for one in places)


def _words(
    conflict: Conflict,
    path: Keys,
    text: str | None,
    about: dict[Keys, set[Keys]],
    moves: Moves,
    base: DocumentText,
    side: DocumentText,
) -> str:
    for source, places in about.items():
        target = moves.get(source)
        if target is not None:
            verb = "renamed to" if source[:-1] == target[:-1] else "moved to"
            is_in_it = not any(starts_with(place, path) for place in places)
            whose = "its table " if is_in_it else ""
            return f"{whose}{verb} {KeyPath(target)}"
    if text or not conflict.base:
        return ""
    is_gone = _is_header(conflict.base) or _lost_table(path[:-1], base, side)
    return "deleted with its table" if is_gone else ""


def _is_header(text: str) -> bool:
    return any(line.startswith("[") for line in text.splitlines())


def _lost_table(path: Keys, base: DocumentText, side: DocumentText) -> bool:
    """Return whether ``side`` deleted a table that has a header in base."""
    has_header = any(one.kind != KEY and one.keys == path for one in base.statements)
    return has_header and find_at(side.value, path) is None
