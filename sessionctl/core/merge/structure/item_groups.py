"""Item groups: the blocks that belong to one item of an array of tables stay together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton

    # Whether it is a group, and the identity of the block or the group.
    Member = tuple[bool, Ident]


class ItemGroups:
    """The members of every group, for each version, in the order of the text.

    The group ``()`` is the document. Where a document has the blocks of an item apart
    from each other, no version is grouped: every block is a member of the document.
    """

    __slots__ = ("_blocks", "is_grouped", "of")

    def __init__(self, versions: Sequence[Skeleton]) -> None:
        self._blocks = [version.by_ident for version in versions]
        orders = [tuple(block.ident for block in version.blocks) for version in versions]
        # Most merges change no header: then one nesting serves all three.
        nested = {order: _nest(order) for order in dict.fromkeys(orders)}
        self.of: list[dict[Ident, list[Member]]] = [nested[order] for order in orders]
        # Blocks that lie apart cannot be moved or removed as one. Grouped in one version only, the
        # orders of the three would not compare, so all are merged block by block then.
        self.is_grouped = all(
            tuple(_flat(groups)) == order for groups, order in zip(self.of, orders, strict=True)
        )
        if not self.is_grouped:
            self.of = [{(): [(False, ident) for ident in order]} for order in orders]

    def text(self, version: int, ident: Ident) -> str:
        """Return the text of all blocks of a group."""
        blocks = self._blocks[version]
        return "".join(blocks[block].text for block in _flat(self.of[version], ident))


def _nest(order: Sequence[Ident]) -> dict[Ident, list[Member]]:
    groups: dict[Ident, list[Member]] = {(): []}
    for ident in order:
        owner: Ident = ()
        for length in range(1, len(ident) + 1):
            if isinstance(ident[length - 1], int):
                group = ident[:length]
                if group not in groups:
                    groups[group] = []
                    groups[owner].append((True, group))
                owner = group
        groups[owner].append((False, ident))
    return groups


def _flat(groups: dict[Ident, list[Member]], ident: Ident = ()) -> list[Ident]:
    order: list[Ident] = []
    for is_group, member in groups[ident]:
        order += _flat(groups, member) if is_group else [member]
    return order
