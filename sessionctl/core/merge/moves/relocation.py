"""Relocation: a document with tables and keys under other paths, all else as it was."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import render_key
from sessionctl.core.merge.moves.content import moved_path, starts_with
from sessionctl.core.toml.parse.parser import KEY
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.merge.context import MergeContext
    from sessionctl.core.merge.moves.content import Keys
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table, Value

    Moves = dict[Keys, Keys]


class _Piece(NamedTuple):
    """A stretch of text with the section it belongs to, as it will be called."""

    section: Keys
    text: str


def relocate(document: DocumentText, moves: Moves, context: MergeContext) -> DocumentText | None:
    """Return ``document`` with what ``moves`` names at its new paths; None when that fails.

    Headers and dotted keys get their new names where they stand; a key that must leave its
    section goes to the end of the one it belongs to. Comments stay with what they describe.
    """
    wanted = _moved_value(document.value, moves)
    if wanted is None:
        return None
    try:
        found = context.parse(_text(document, moves), document)
    except ParseError:
        return None
    return found if same_value(_without_empty(found.value), _without_empty(wanted)) else None


def _text(document: DocumentText, moves: Moves) -> str:
    text = document.text
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    headers = {moved_path(s.keys, moves) for s in document.statements if s.kind != KEY}
    pieces: list[_Piece] = []
    leaving: dict[Keys, list[str]] = {}
    section: Keys = ()
    position = len(mark)
    old: Keys = ()
    for statement in document.statements:
        lead = text[position : statement.key_start]
        rest = text[statement.key_end : statement.end]
        position = statement.end
        if statement.kind != KEY:
            old = statement.keys
            section = moved_path(old, moves)
            keys, place = section, section
        else:
            full = old + statement.keys
            target = moved_path(full, moves)
            place = _section_for(
                target, section, headers, is_moved=target != section + statement.keys
            )
            keys = target[len(place) :]
        is_kept = keys == (statement.keys if statement.kind == KEY else old)
        written = text[statement.key_start : statement.key_end]
        written = written if is_kept else ".".join(map(render_key, keys))
        line = lead + written + rest
        if place == section:
            pieces.append(_Piece(section, line))
        else:
            leaving.setdefault(place, []).append(_ended(line))
    # A comment at the end of the file stays there, behind what comes into the last section.
    return mark + _joined(pieces, leaving) + text[position:]


def _section_for(target: Keys, section: Keys, headers: set[Keys], *, is_moved: bool) -> Keys:
    """Return the section that a key has to stand in: with its table's header, else where it is."""
    if not is_moved:
        return section
    for length in range(len(target) - 1, 0, -1):
        if target[:length] in headers:
            return target[:length]
    return section if starts_with(target, section) else target[:-1]


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n"


def _joined(pieces: list[_Piece], leaving: dict[Keys, list[str]]) -> str:
    last = {piece.section: number for number, piece in enumerate(pieces)}
    # Keys of no table can only stand above the first header.
    parts: list[str] = []
    if () not in last and () in leaving:
        parts = [*leaving.pop(()), "\n"]
    for number, piece in enumerate(pieces):
        parts.append(piece.text)
        if last[piece.section] == number and piece.section in leaving:
            if not piece.text.endswith("\n"):
                parts.append("\n")
            parts += leaving.pop(piece.section)
    for section, lines in leaving.items():
        if parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        parts += [f"\n[{'.'.join(map(render_key, section))}]\n", *lines]
    return "".join(parts)


def _moved_value(table: Table, moves: Moves) -> Table | None:
    """Return the value after ``moves``; None where one would replace something."""
    found = _copied(table)
    taken: list[tuple[Keys, Value]] = []
    # The innermost first, so that what leaves a table that moves itself is out before.
    for source in sorted(moves, key=len, reverse=True):
        parent = _table_at(found, source[:-1], make=False)
        if parent is not None and source[-1] in parent:
            taken.append((moves[source], parent.pop(source[-1])))
    for target, value in sorted(taken, key=lambda one: len(one[0])):
        parent = _table_at(found, target[:-1], make=True)
        if parent is None or target[-1] in parent:
            return None
        parent[target[-1]] = value
    return found


def _copied(table: Table) -> Table:
    return {
        key: _copied(value) if isinstance(value, dict) else value for key, value in table.items()
    }


def _table_at(table: Table, path: Keys, *, make: bool) -> Table | None:
    for key in path:
        child = table.setdefault(key, {}) if make else table.get(key)
        if not isinstance(child, dict):
            return None
        table = child
    return table


def _without_empty(value: Value) -> Value:
    """Return ``value`` without tables that have nothing in them: headers may remain."""
    if not isinstance(value, dict):
        return value
    found = {key: _without_empty(child) for key, child in value.items()}
    return {key: child for key, child in found.items() if child != {}}
