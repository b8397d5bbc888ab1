"""Table conflicts: two shapes of one table, or two changes of what the schema calls one thing."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.merge.structure.doubts import NO_DOUBTS, Doubts
from sessionctl.core.merge.structure.unit_merge import comments_of
from sessionctl.core.merge.value.guide import ANYWHERE
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton
    from sessionctl.core.merge.value.guide import Guide

VALUE, TABLE, ITEMS = "value", "table", "items"


class TableConflict(NamedTuple):
    """All text of base, ours and theirs at one key, and where the conflict belongs.

    ``section`` is the section whose end it stands at, None when both sides have only
    blocks of their own, which it replaces.
    """

    texts: tuple[str | None, ...]
    section: Ident | None
    kind: ConflictKind


def find_table_conflicts(
    versions: Sequence[Skeleton],
    guide: Guide = ANYWHERE,
    doubts: Doubts = NO_DOUBTS,
) -> dict[Ident, TableConflict]:
    """Return the keys that both sides changed to different shapes, and the atomic tables.

    An atomic table is here when it stands on lines of its own and both sides changed it,
    and so is one in doubt, which may be another table on each side.
    """
    base, ours, theirs = versions
    shapes = [_shapes(version) for version in versions]
    found: dict[Ident, TableConflict] = {}
    differing = [
        ident
        for ident in ours.tables & theirs.tables
        if shapes[1].get(ident, TABLE) != shapes[2].get(ident, TABLE)
        or ident in doubts.unsure
        or (guide.schema is not None and _is_atomic_table(ident, guide, ours, theirs))
    ]
    # Outermost first: within a table that is in conflict as a whole nothing else is asked.
    for ident in sorted(differing, key=len):
        if conflict_around(ident, found) is not None:
            continue
        texts = _without_lead([_text(version, ident) for version in versions])
        # Whoever changed the layout only has not changed the shape on purpose
        # (a_table_reformatted_by_one_side_and_made_a_string_by_the_other_is_the_string).
        is_layout = any(_means_the_same(texts[0], text) for text in texts[1:])
        # Both sides renumbered: taken name by name, what one of them took out would be restored
        # (tables_that_both_sides_renumbered_in_two_ways_are_a_conflict).
        if is_layout and ident not in doubts.mixed:
            continue
        if _means_the_same(texts[1], texts[2]):
            continue
        sections = {
            unit.section
            for version in (ours, theirs)
            for unit in version.units.values()
            if unit.ident[: len(ident)] == ident and len(unit.section) < len(ident)
        }
        # The markers can stand at the end of one section. Keys of one table that are written in
        # several are decided one by one instead.
        if len(sections) <= 1:
            section = next(iter(sections), None)
            kind = _kind(ident, base, shapes[1:])
            found[ident] = TableConflict(tuple(text or None for text in texts), section, kind)
    return found


def _without_lead(texts: list[str]) -> list[str]:
    """Return the texts without the blank lines above them, unless all of them have some."""
    is_apart = all(text.startswith(("\n", "\r")) for text in texts if text)
    return texts if is_apart else [text.lstrip("\r\n") for text in texts]


def _kind(ident: Ident, base: Skeleton, shapes: list[dict[Ident, str]]) -> ConflictKind:
    if ident not in base.tables:
        return ConflictKind.BOTH_ADDED
    ours, theirs = (shape.get(ident, TABLE) for shape in shapes)
    return ConflictKind.BOTH_MODIFIED if ours == theirs else ConflictKind.TYPE_CHANGED


def _is_atomic_table(ident: Ident, guide: Guide, ours: Skeleton, theirs: Skeleton) -> bool:
    # On one line in both versions it is a value, and the merge of values knows "atomic" itself.
    if not ident or (ident in ours.units and ident in theirs.units):
        return False
    keys = [part for part in ident if isinstance(part, str)]
    return guide.below(*keys).rule == "atomic"


def conflict_around(ident: Ident, conflicts: dict[Ident, TableConflict]) -> Ident | None:
    """Return the conflicting key that ``ident`` lies in, or None."""
    if not conflicts:
        return None
    for length in range(1, len(ident) + 1):
        if ident[:length] in conflicts:
            return ident[:length]
    return None


def _means_the_same(one: str, other: str) -> bool:
    """Return whether two stretches of statements differ in their layout at most."""
    if one == other:
        return True
    try:
        values = [DocumentText.parse(text).value for text in (one, other)]
    except ParseError:
        return False
    return same_value(values[0], values[1]) and comments_of(one) == comments_of(other)


def _shapes(version: Skeleton) -> dict[Ident, str]:
    """Return the shape of every key that is not a plain table."""
    shapes = {ident[:-1]: ITEMS for ident in version.tables if ident and isinstance(ident[-1], int)}
    for ident, unit in version.units.items():
        if unit.statement is not None:
            shapes[ident] = VALUE
    return shapes


def _text(version: Skeleton, ident: Ident) -> str:
    size = len(ident)
    parts: list[str] = []
    for block in version.blocks:
        if block.ident[:size] == ident:
            parts.append(block.text)
        else:
            parts += [u.lead + u.body for u in block.units if u.ident[:size] == ident]
    return "".join(parts).rstrip("\r\n") + "\n" if parts else ""
