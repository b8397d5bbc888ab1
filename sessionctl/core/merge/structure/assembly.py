"""Assembly: the units of three documents, decided one by one and put into order."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.merge.order.order_merge import merge_order
from sessionctl.core.merge.structure.doubts import NO_DOUBTS, Doubts
from sessionctl.core.merge.structure.item_groups import ItemGroups
from sessionctl.core.merge.structure.merged_text import MergedText
from sessionctl.core.merge.structure.section_map import SectionMap
from sessionctl.core.merge.structure.skeleton import COMMENT
from sessionctl.core.merge.structure.sorted_keys import keep_keys_sorted
from sessionctl.core.merge.structure.table_conflicts import conflict_around, find_table_conflicts
from sessionctl.core.merge.structure.table_spelling import (
    BASE,
    OURS,
    THEIRS,
    TableSpelling,
    with_newcomers,
)
from sessionctl.core.merge.structure.unit_merge import (
    MergedUnit,
    body_in,
    comment_beside,
    comments_beside,
    comments_of,
    merge_lead,
    merge_unit,
    pick,
    unit_value,
)
from sessionctl.core.merge.value.guide import ANYWHERE
from sessionctl.core.values import holds_only_tables, same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.conflict.markers import MarkerStyle
    from sessionctl.core.merge.structure.identities import Identities
    from sessionctl.core.merge.structure.item_groups import Member
    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton, Unit, UnitBlock
    from sessionctl.core.merge.value.guide import Guide


class Assembly:
    """One structural merge; ``output`` is its result: the text and the conflicts in it.

    Decisions are made per unit (a key statement, a header, a free comment) by its
    identity; the text of a unit comes from the side that changed it. The blocks ``same``
    are copied as they are. What is in ``doubts`` is a conflict, though it could be merged.
    """

    def __init__(
        self,
        skeletons: Sequence[Skeleton],
        identities: Identities,
        same: set[Ident],
        style: MarkerStyle,
        guide: Guide = ANYWHERE,
        doubts: Doubts = NO_DOUBTS,
    ) -> None:
        self.guide = guide
        self.doubts = doubts
        self.versions = skeletons
        self.same = same
        self.identities = identities
        self.style = style
        self.tables = [skeleton.tables for skeleton in skeletons]
        self.groups = ItemGroups(skeletons)
        self.table_conflicts = find_table_conflicts(skeletons, guide, doubts)
        self.written_conflicts: set[Ident] = set()
        begins_blank = [
            version.document.text.removeprefix("\ufeff").startswith(("\n", "\r"))
            for version in skeletons[OURS:]
        ]
        self.output = MergedText(
            style,
            pick(*(version.start for version in skeletons)),
            pick(*(version.tail for version in skeletons)),
            may_begin_blank=any(begins_blank),
            ends_line=pick(*(version.document.text.endswith("\n") for version in skeletons)),
        )
        self.spelling = TableSpelling(skeletons)
        # A conflict at the end of a section that went would be nowhere
        # (an_atomic_table_with_a_header_of_its_own_against_dotted_keys_is_a_conflict).
        ends = [conflict.section for conflict in self.table_conflicts.values()]
        self.places = SectionMap(self.spelling, {end for end in ends if end is not None})
        self._group(())

    def _conflict(self, kind: ConflictKind, ident: Ident, texts: Sequence[str | None]) -> None:
        self.output.conflict(kind, self.identities.path(ident), texts)

    # -- groups: the blocks of one item of an array of tables ------------------------

    def _group(self, ident: Ident) -> None:
        members = [groups.get(ident, []) for groups in self.groups.of]
        if members[BASE] == members[OURS] == members[THEIRS]:  # nearly all; that of a document too
            for same in members[OURS]:
                self._member(same, (True, True, True))
            return
        order = merge_order(
            members[BASE], members[OURS], members[THEIRS], {*members[OURS], *members[THEIRS]}
        )
        sides = [set(side) for side in members]
        for member in order:
            self._member(member, [member in side for side in sides])  # type: ignore[arg-type]

    def _member(self, member: Member, present: Sequence[bool]) -> None:
        is_group, ident = member
        conflict = conflict_around(ident, self.table_conflicts)
        if conflict is not None:
            if self.table_conflicts[conflict].section is None:
                self._table_conflict(conflict)
            return
        if not is_group:
            self._block(ident)
            return
        base, ours, theirs = present
        item = self.identities.items[ident]
        if ours and theirs:
            is_changed = base and not (
                same_value(item.ours, item.base) or same_value(item.theirs, item.base)
            )
            # Items paired by likeness alone may be two: merged key by key they could mix, so an
            # edit of both is a conflict
            # (one_item_without_an_identity_edited_by_both_sides_is_a_conflict).
            if item.is_guess and is_changed and not same_value(item.ours, item.theirs):
                texts = self._group_texts(ident, present)
                self._conflict(ConflictKind.BOTH_MODIFIED, ident, texts)
            else:
                self._group(ident)
        elif not base:
            self._group(ident)
        else:
            side = OURS if ours else THEIRS
            value = item.ours if ours else item.theirs
            texts = self._group_texts(ident, present)
            # A comment that was added to what the other side removes is an edit too: somebody had a
            # reason to explain it, and it would be gone without a word.
            is_same = same_value(value, item.base) and (
                comments_of(texts[side] or "") == comments_of(texts[BASE] or "")
            )
            if not is_same or self.doubts.is_contested(ident):
                kind = ConflictKind.DELETED_BY_THEM if ours else ConflictKind.DELETED_BY_US
                self._conflict(kind, ident, texts)

    def _group_texts(self, ident: Ident, present: Sequence[bool]) -> list[str | None]:
        return [
            self.groups.text(version, ident) if there else None
            for version, there in enumerate(present)
        ]

    # -- blocks: a header and its keys -----------------------------------------------

    def _block(self, ident: Ident) -> None:
        blocks = [skeleton.by_ident.get(ident) for skeleton in self.versions]
        base, ours, theirs = blocks
        if ident in self.same and ours is not None:
            # A block alike in all three versions is copied. No key of another block comes in here:
            # no version could have its table in two ways.
            self.output.write(ours.text)
            return
        if ours is None or theirs is None:
            remaining = ours or theirs
            assert remaining is not None
            other = THEIRS if theirs is None else OURS
            kind = ConflictKind.DELETED_BY_THEM if theirs is None else ConflictKind.DELETED_BY_US
            texts = [block.text if block else None for block in blocks]
            if ident not in self.places.kept:
                if self._is_gone(ident, other):
                    if self.doubts.is_contested(ident) or self._is_block_changed(
                        base, remaining, other
                    ):
                        self._conflict(kind, ident, texts)
                    return
                return
            # New keys inside what the other side deleted: kept, they would bring the table back;
            # dropped, they would be lost
            # (a_table_deleted_by_one_side_that_the_other_gives_a_sub_table_is_a_conflict).
            # A table that both have, one without a header, is decided key by key.
            if base is None and (
                self._has_lost_parent(ident, other)
                or (self.doubts.is_contested(ident) and self._is_gone(ident, other))
            ):
                self._conflict(kind, ident, texts)
                return
        self._header([block.header if block else None for block in blocks])
        self._units(ident, blocks)

    def _is_block_changed(self, base: UnitBlock | None, block: UnitBlock, other: int) -> bool:
        """Return whether a block's keys, values or comments are not what they were."""
        if base is None or comments_of(base.text) != comments_of(block.text):
            return True
        side = OURS if other == THEIRS else THEIRS
        # By value, not by text: a side that only laid the table out anew has no stake in it, so the
        # deletion wins.
        old, new = ({u.ident: u for u in b.units if u.statement} for b in (base, block))
        return old.keys() != new.keys() or not all(
            same_value(
                unit_value(self.versions[BASE], old[ident]).value,
                unit_value(self.versions[side], new[ident]).value,
            )
            for ident in old
        )

    def _is_gone(self, ident: Ident, version: int) -> bool:
        return not self.versions[version].has_table(ident)

    def _has_lost_parent(self, ident: Ident, version: int) -> bool:
        """Return whether ``version`` deleted a table that ``ident`` lies in.

        A table that held nothing but tables was not deleted: it went with the last of them
        (a_table_that_lost_its_last_child_on_one_side_takes_the_new_child_of_the_other).
        """
        return any(
            ident[:length] in self.tables[BASE]
            and ident[:length] not in self.tables[version]
            and not holds_only_tables(self.identities.base_value(ident[:length]))
            for length in range(1, len(ident))
        )

    def _header(self, headers: Sequence[Unit | None]) -> None:
        base, ours, theirs = headers
        if ours is None and theirs is None:
            return
        if ours is None or theirs is None:
            header = ours or theirs
            assert header is not None
            self.output.write(header.lead + header.body)
            return
        lead = merge_lead(base.lead if base else None, ours.lead, theirs.lead)
        body = pick(base.body if base else None, ours.body, theirs.body)
        assert body is not None
        # One line has room for one comment: where both wrote one beside the header, that of theirs
        # goes above it (comments_beside_a_header_with_brackets_in_its_key_are_both_kept).
        comment = comment_beside(theirs)
        if body == ours.body and comment not in (comment_beside(ours), comment_beside(base), ""):
            lead = f"{lead}{comment}{self.style.newline}"
        self.output.write(lead + body)

    def _units(self, section: Ident, blocks: Sequence[UnitBlock | None]) -> None:
        orders: list[list[Ident]] = []
        # A key that ends up in another section is no neighbour here: the order of this section is
        # that of what stays in it (a_key_added_to_a_table_the_other_side_spells_with_a_header_...).
        for version, block in enumerate(blocks):
            units = block.units if block else []
            orders.append(
                [
                    u.ident
                    for u in units
                    if version == BASE or self.places.of.get(u.ident, section) == section
                ]
            )
        merged: dict[Ident, MergedUnit | None] = {}
        for ident in dict.fromkeys(
            [*orders[OURS], *orders[THEIRS], *self.places.moved_in.get(section, ())]
        ):
            merged[ident] = self._unit(ident)
        keep = {ident for ident, result in merged.items() if result is not None}
        agreed = merge_order(orders[BASE], orders[OURS], orders[THEIRS], keep)
        order: list[Ident] = keep_keys_sorted(agreed, orders, self.versions)  # type: ignore[assignment]
        newcomers = self.places.moved_in.get(section)
        if newcomers:
            order = with_newcomers(order, newcomers, self.versions[OURS:])
        self.spelling.carry_comments(order, merged)
        below = [unit for unit in map(merged.get, order) if unit is not None]
        self.spelling.drop_repeated(section, below)
        for ident in order:
            if conflict_around(ident, self.table_conflicts) is not None:
                continue
            result = merged.get(ident)
            if result is not None:
                self._write_unit(ident, result)
        for ident, conflict in self.table_conflicts.items():
            if conflict.section == section:
                self._table_conflict(ident)

    def _table_conflict(self, ident: Ident) -> None:
        if ident not in self.written_conflicts:
            self.written_conflicts.add(ident)
            conflict = self.table_conflicts[ident]
            self._conflict(conflict.kind, ident, conflict.texts)

    def _write_unit(self, ident: Ident, result: MergedUnit) -> None:
        if COMMENT in ident:
            self.output.write_free_comment(result.lead + result.body)
            return
        if result.kind is None:
            self.output.write(result.lead + self._rekeyed(ident, result))
            return
        self.output.write(result.lead)
        self._conflict(result.kind, ident, result.texts)

    def _rekeyed(self, ident: Ident, result: MergedUnit) -> str:
        """Return the body with its key made relative to the section it goes into."""
        place = self.places.of.get(ident, result.section)
        if len(place) == len(result.section) or result.statement is None:
            return result.body
        from sessionctl.core.keypath import render_key

        keys = [str(key) for key in ident[len(place) :]]
        size = result.statement.key_end - result.statement.key_start
        start = len(result.body) - len(result.body.lstrip(" \t"))
        return ".".join(map(render_key, keys)) + result.body[start + size :]

    def _unit(self, ident: Ident) -> MergedUnit | None:
        """Return the merged unit, or None when it is gone."""
        base, ours, theirs = (skeleton.units.get(ident) for skeleton in self.versions)
        if ours is not None and theirs is not None:
            place = self.places.of.get(ident, ours.section)
            return merge_unit(self.versions, ident, place, self.style, self.guide)
        remaining = ours or theirs
        assert remaining is not None
        if base is None:
            other = THEIRS if theirs is None else OURS
            # A comment needs no table around it; a key would make one again that the other side
            # deleted.
            is_open = self._has_lost_parent(ident, other) or self.doubts.is_contested(ident)
            if not is_open or COMMENT in ident:
                return MergedUnit.of(remaining)
            texts = (None, ours.body if ours else None, theirs.body if theirs else None)
            kind = ConflictKind.DELETED_BY_THEM if ours else ConflictKind.DELETED_BY_US
            return MergedUnit.conflict(kind, remaining, texts)
        # A free comment is known by its text, so an edited one is another: one that is not on both
        # sides was taken out.
        if remaining.statement is None or not (
            self.doubts.is_contested(ident) or self._is_unit_changed(ident, remaining, base)
        ):
            return None
        other = THEIRS if theirs is None else OURS
        # Nothing but a table can be there without a unit of its own: the other side made one of the
        # value, and the edit of it has no place there.
        if not self._is_gone(ident, other):
            kind = ConflictKind.TYPE_CHANGED
        else:
            kind = ConflictKind.DELETED_BY_THEM if ours else ConflictKind.DELETED_BY_US
        sides = (base, ours, theirs)
        place = self.places.of.get(ident, remaining.section)
        return MergedUnit.conflict(
            kind,
            None,
            tuple(u.lead.lstrip("\r\n") + body_in(u, place) if u else None for u in sides),
        )

    def _is_unit_changed(self, ident: Ident, unit: Unit, base: Unit) -> bool:
        # A new comment above counts as an edit: what the other side deletes is still of use to
        # whoever wrote it
        # (a_comment_above_a_key_that_one_side_deletes_and_the_other_comments_is_a_conflict).
        version = OURS if self.versions[OURS].units.get(ident) is unit else THEIRS
        if unit.comments != base.comments and not self.spelling.is_only_moved(unit, base, version):
            return True
        if unit.body == base.body:
            return False
        old = unit_value(self.versions[BASE], base)
        new = unit_value(self.versions[version], unit)
        return not same_value(old.value, new.value) or (
            comments_beside(self.versions[BASE], base)
            != comments_beside(self.versions[version], unit)
        )
