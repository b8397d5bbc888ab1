"""Tables that one version writes without a header, or with a new one, and their comments.

``[a]`` with ``b = 1`` and ``a.b = 1`` are one table. A side that spells a table anew chose that
spelling for what the other side adds to it, too
(a_key_added_to_a_table_that_the_other_side_makes_dotted_is_dotted); and the comment above it is
one comment, be it above the header or above the first key.
"""

from __future__ import annotations

from collections import Counter

from sessionctl.core.merge.structure.skeleton import COMMENT
from sessionctl.core.merge.structure.unit_merge import comment_beside
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton, Unit, UnitBlock
    from sessionctl.core.merge.structure.unit_merge import MergedUnit

BASE, OURS, THEIRS = 0, 1, 2


class MovedComment(NamedTuple):
    """The lines above the header of ``table`` in base, and on one side above its first key."""

    table: Ident
    lead: str


class TableSpelling:
    """How three versions spell their tables.

    ``moved`` are comments that left a header, by the key that they are above now.
    """

    __slots__ = ("_keys", "moved", "versions")

    def __init__(self, versions: Sequence[Skeleton]) -> None:
        self.versions = versions
        self._keys: dict[int, dict[Ident, list[Unit]]] = {}
        self.moved = self._moved_comments(OURS) | self._moved_comments(THEIRS)

    def place(self, unit: Unit, side: int) -> Ident:
        """Return the section for a unit of ``side`` alone, where the other side has its table."""
        table, other = unit.section, THEIRS if side == OURS else OURS
        # A new comment of the header has no place but above the header.
        if not self._lost_header(table, other) or self.has_new_comment(table, side):
            return table
        keys = self.keys(table, other)
        return keys[0].section if keys and len(keys[0].section) < len(table) else table

    def has_new_comment(self, table: Ident, side: int) -> bool:
        """Return whether a header that base and ``side`` have has other comments than in base."""
        return _comments(self.versions[BASE].by_ident[table]) != _comments(
            self.versions[side].by_ident[table]
        )

    def keys(self, table: Ident, version: int) -> list[Unit]:
        """Return the keys of a table and of the tables in it."""
        if version not in self._keys:
            found: dict[Ident, list[Unit]] = {}
            for ident, unit in self.versions[version].units.items():
                for size in range(1, len(ident)) if COMMENT not in ident else ():
                    found.setdefault(ident[:size], []).append(unit)
            self._keys[version] = found
        return self._keys[version].get(table, [])

    def is_only_moved(self, unit: Unit, base: Unit, side: int) -> bool:
        """Return whether the comments above a key differ by that of its table alone.

        That one stays, for the table has other keys.
        """
        moved = self.moved.get(unit.ident)
        if moved and unit.lead.removeprefix(moved.lead).strip() == base.lead.strip():
            return bool(self.keys(moved.table, THEIRS if side == OURS else OURS))
        header = self.versions[side].by_ident[unit.section].header
        return (
            header is not None
            and unit.section not in self.versions[BASE].by_ident
            and base.comments == [*header.comments, *unit.comments]
        )

    def carry_comments(
        self, order: Sequence[Ident], merged: Mapping[Ident, MergedUnit | None]
    ) -> None:
        """Write the comment of a table without a header above what is its first key now."""
        here = [key for key in self.moved if key in merged]
        first: dict[Ident, Ident] = {}
        for ident in order if here else ():
            for size in range(1, len(ident)) if COMMENT not in ident else ():
                first.setdefault(ident[:size], ident)
        for key in here:
            table, lead = self.moved[key]
            old, new = merged[key], merged[first[table]] if table in first else None
            if new is None or new is old:
                continue
            if old is not None and old.lead.startswith(lead):
                old.lead = old.lead.removeprefix(lead)
            elif old is not None:
                old.lead = _without(old.lead, Counter(_lines(lead)))
            new.lead = lead + new.lead

    def drop_repeated(self, table: Ident, units: Sequence[MergedUnit]) -> None:
        """Drop from the keys below a header the comments that came with it."""
        blocks = [version.by_ident.get(table) for version in self.versions]
        if all(blocks) or not any(version.has_table(table) for version in self.versions[OURS:]):
            return
        most: Counter[str] = Counter()
        for version, block in enumerate(blocks):
            here = [*block.units, block.header] if block else self.keys(table, version)
            # One beside a key that both sides changed stands above it in the result
            # (a_comment_beside_a_table_is_changed_while_the_other_side_gives_it_a_header).
            most |= Counter(
                line for unit in here if unit for line in (*unit.comments, comment_beside(unit))
            )
        header = next((block.header for block in blocks[OURS:] if block), None)
        written = [header.lead] if header else []
        surplus = Counter(
            line for lead in [*written, *(unit.lead for unit in units)] for line in _lines(lead)
        )
        surplus -= most
        for unit in units if surplus else ():
            unit.lead = _without(unit.lead, surplus)

    def _lost_header(self, table: Ident, side: int) -> bool:
        version = self.versions[side]
        return (
            table not in version.by_ident
            and table in self.versions[BASE].by_ident
            and version.has_table(table)
        )

    def _moved_comments(self, side: int) -> dict[Ident, MovedComment]:
        found = {}
        for ident, block in self.versions[BASE].by_ident.items():
            comments = block.header.comments if block.header else []
            keys = self.keys(ident, side) if comments and self._lost_header(ident, side) else []
            if keys and keys[0].comments[: len(comments)] == comments:
                lines = keys[0].lead.splitlines(keepends=True)
                last = [n for n, line in enumerate(lines) if line.strip()][len(comments) - 1]
                found[keys[0].ident] = MovedComment(ident, "".join(lines[: last + 1]))
        return found


def with_newcomers(
    order: Sequence[Ident], newcomers: Sequence[Ident], versions: Sequence[Skeleton]
) -> list[Ident]:
    """Return the units of a section with those that no side has there, beside their neighbours."""
    runs: dict[Ident, list[Ident]] = {ident: [ident] for ident in order}
    # The end is the one place that splits nothing.
    rest: list[Ident] = []
    for ident in newcomers:
        if ident in runs:
            continue
        run, neighbour, step = _beside(ident, runs, versions) or (rest, None, 0)
        run.insert(run.index(neighbour) + step if neighbour else len(run), ident)
        runs[ident] = run
    return [ident for first in order for ident in runs[first]] + rest


def _beside(
    ident: Ident, runs: Mapping[Ident, list[Ident]], versions: Sequence[Skeleton]
) -> tuple[list[Ident], Ident, int] | None:
    unit, version = next((v.units[ident], v) for v in versions if ident in v.units)
    units = version.by_ident[unit.section].units
    at = units.index(unit)
    for step, beside in ((1, units[:at][::-1]), (0, units[at + 1 :])):
        for neighbour in beside:
            if neighbour.ident in runs:
                return runs[neighbour.ident], neighbour.ident, step
    return None


def _comments(block: UnitBlock) -> list[str]:
    """Return the comments above the header of a block and beside it."""
    header = block.header
    if header is None or header.statement is None:
        return []
    return [*header.comments, comment_beside(header)]


def _lines(lead: str) -> list[str]:
    return [line.strip() for line in lead.split("\n") if line.strip()]


def _without(lead: str, surplus: Counter[str]) -> str:
    """Return the text above a key without the comments in ``surplus``, which are counted down."""
    kept = []
    for line in lead.splitlines(keepends=True):
        if surplus[line.strip()] > 0:
            surplus[line.strip()] -= 1
        else:
            kept.append(line)
    return "".join(kept)
