"""Section map: the section each key of the result stands in, and which sections are left."""

from __future__ import annotations

from sessionctl.core.merge.structure.skeleton import COMMENT
from sessionctl.core.merge.structure.table_spelling import BASE, OURS, THEIRS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.merge.structure.skeleton import Ident
    from sessionctl.core.merge.structure.table_spelling import TableSpelling


class SectionMap:
    """Where the units of the result go.

    ``of`` maps a unit to its section: where the side that moved it has it, ours when
    both did. ``kept`` are the sections with a header in the result, ``moved_in`` the
    units that a section gets because TOML allows them nowhere else, or their table is there.
    Sections that are ``needed``, as for a conflict in them, stay where they can.
    """

    __slots__ = ("kept", "moved_in", "of")

    def __init__(self, spelling: TableSpelling, needed: Collection[Ident] = ()) -> None:
        versions = spelling.versions
        self.of: dict[Ident, Ident] = {}
        self.moved_in: dict[Ident, list[Ident]] = {}
        for ident in dict.fromkeys([*versions[OURS].units, *versions[THEIRS].units]):
            units = [version.units.get(ident) for version in versions]
            base, ours, theirs = (unit.section if unit else None for unit in units)
            # The side that moved a key to another header decides where it stands, and the other
            # what it holds (a_key_moved_with_its_comment_keeps_the_edit_of_the_other_side).
            if ours is None or theirs is None:
                side = THEIRS if ours is None else OURS
                place = spelling.place(versions[side].units[ident], side)
            else:
                place = theirs if ours == base else ours
            self.of[ident] = place
        # What goes below a header that stays anyway needs no other one.
        self.kept = _kept_sections(spelling, needed)
        used = {self._home(ident, place) for ident, place in self.of.items()}
        self.kept = _kept_sections(spelling, used.union(needed))
        for ident, place in self.of.items():
            home = self.of[ident] = self._home(ident, place)
            if not any(
                ident in version.units and version.units[ident].section == home
                for version in versions[OURS:]
            ):
                self.moved_in.setdefault(home, []).append(ident)

    def _home(self, ident: Ident, place: Ident) -> Ident:
        """Return the deepest kept section that a key must stand in to be valid TOML."""
        if COMMENT in ident:
            return place
        # With a header [a] in the result a dotted a.b above it would define the table twice, which
        # TOML refuses: the key goes below the deepest header of its table.
        for length in range(len(ident) - 1, len(place), -1):
            if ident[:length] in self.kept:
                return ident[:length]
        return place


def _kept_sections(spelling: TableSpelling, used: Collection[Ident]) -> set[Ident]:
    """Return the sections that stay.

    A section that one side took out stays when the table is still there on that side,
    spelled otherwise, and keys or comments of the other side are placed in it.
    """
    versions = spelling.versions
    kept: set[Ident] = set()
    for side, other in ((OURS, versions[THEIRS]), (THEIRS, versions[OURS])):
        for ident in versions[side].by_ident:
            is_deleted = ident not in other.by_ident and ident in versions[BASE].by_ident
            if not is_deleted or (
                other.has_table(ident) and (ident in used or spelling.has_new_comment(ident, side))
            ):
                kept.add(ident)
    return kept
