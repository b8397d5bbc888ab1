"""Header node: the tables that the headers of a document make, without their keys."""

from __future__ import annotations

from sessionctl.core.toml.parse.statement import ARRAY_TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.core.toml.parse.statement import Statement


class HeaderNode:
    """A table that a header makes or leads through; ``section`` is the number of its own one.

    ``children`` are its tables, and lists of them for arrays of tables. None knows the table that
    it is in: what is no circle is gone when nobody needs it, and not some time later.
    """

    __slots__ = ("children", "section")

    def __init__(self, section: int | None = None) -> None:
        self.section = section
        self.children: dict[str, HeaderNode | list[HeaderNode]] = {}

    @classmethod
    def of(cls, statements: Sequence[Statement], headers: Iterable[int]) -> HeaderNode:
        """Return the root of a document, whose ``headers`` are indexes of its statements.

        Section 0 is what stands above all headers.
        """
        root = cls(0)
        for section, index in enumerate(headers, 1):
            header = statements[index]
            root._open(header.keys, section, is_item=header.kind == ARRAY_TABLE)
        return root

    def _open(self, keys: tuple[str, ...], section: int, *, is_item: bool) -> None:
        table = self
        for key in keys[:-1]:
            child = table.children.get(key)
            if child is None:
                child = table.children[key] = HeaderNode()
            table = child[-1] if isinstance(child, list) else child
        children, key = table.children, keys[-1]
        child = children.get(key)
        if is_item:
            items = children[key] = child if isinstance(child, list) else []
            items.append(HeaderNode(section))
        elif isinstance(child, HeaderNode):
            child.section = section
        else:
            children[key] = HeaderNode(section)
