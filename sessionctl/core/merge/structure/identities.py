"""Identities: which table of one version is which in the others, items of arrays included."""

from __future__ import annotations

from sessionctl.core.identity import identity_field, match_three
from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.merge.structure.header_node import HeaderNode
from sessionctl.core.toml.parse.packed_statements import header_indexes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.keypath import Part
    from sessionctl.core.merge.structure.skeleton import Ident
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Table, Value

    # A table in base, ours and theirs: its node (None where it has none) and its value.
    Version = tuple[HeaderNode | None, Table]


class VersionedItem:
    """An item of an array of tables in the three versions; None where it is not."""

    __slots__ = ("base", "is_guess", "ours", "theirs")

    def __init__(self, values: Sequence[Value | None], *, is_guess: bool) -> None:
        self.base, self.ours, self.theirs = values
        self.is_guess = is_guess


class Identities:
    """Who is who: for each version the identities of its sections, and each item's versions.

    ``of`` and ``tables`` hold for each version, section by section, the identity and the value of
    the table that the section opens. ``names`` gives the key path people read for the identity of
    an item.
    """

    __slots__ = ("_base", "_count", "_schema", "items", "names", "of", "tables")

    def __init__(
        self,
        base: DocumentText,
        ours: DocumentText,
        theirs: DocumentText,
        schema: Schema | None = None,
    ) -> None:
        documents = (base, ours, theirs)
        headers = [header_indexes(document.statements) for document in documents]
        self.of: list[list[Ident]] = [[()] * (len(found) + 1) for found in headers]
        self.tables: list[list[Table]] = [[{}] * (len(found) + 1) for found in headers]
        self.items: dict[Ident, VersionedItem] = {}
        self.names: dict[Ident, tuple[Part, ...]] = {}
        self._count = 0
        self._schema = schema
        self._base = base.value
        # The nodes are only for the walk: kept, they would be a fifth of the memory of a merge.
        nodes = (
            HeaderNode.of(document.statements, found)
            for document, found in zip(documents, headers, strict=True)
        )
        self._walk((), [(node, d.value) for node, d in zip(nodes, documents, strict=True)])

    def path(self, ident: Ident) -> KeyPath:
        """Return the key path that people read for ``ident``."""
        parts: list[Part] = []
        for length in range(1, len(ident) + 1):
            part = ident[length - 1]
            if isinstance(part, int):
                parts += self.names[ident[:length]]
            elif part is not None:
                parts.append(part)
        return KeyPath(parts)

    def base_value(self, ident: Ident) -> Value | None:
        """Return the value that base has at ``ident``, a table or an array; None without one."""
        value: Value | None = self._base
        for length, part in enumerate(ident, 1):
            if isinstance(part, int):
                value = self.items[ident[:length]].base
            else:
                value = value.get(part) if isinstance(value, dict) and part is not None else None
        return value

    def _walk(self, ident: Ident, versions: Sequence[Version]) -> None:
        keys: dict[str, None] = {}
        for version, (node, value) in enumerate(versions):
            if node is not None:
                keys.update(dict.fromkeys(node.children))
                if node.section is not None:
                    self.of[version][node.section] = ident
                    self.tables[version][node.section] = value
        for key in keys:
            nodes = [node.children.get(key) if node else None for node, _ in versions]
            values = [value.get(key) for _, value in versions]
            if any(isinstance(node, list) for node in nodes):
                self._walk_items((*ident, key), nodes, values)
            # Not "else": one side may have turned the table into an array.
            if any(isinstance(node, HeaderNode) for node in nodes):
                self._walk(
                    (*ident, key),
                    [
                        (
                            node if isinstance(node, HeaderNode) else None,
                            value if isinstance(value, dict) else {},
                        )
                        for node, value in zip(nodes, values, strict=True)
                    ],
                )

    def _walk_items(
        self, ident: Ident, nodes: Sequence[object], values: Sequence[Value | None]
    ) -> None:
        lists = [value if isinstance(value, list) else [] for value in values]
        keys = tuple(part for part in ident if isinstance(part, str))
        item_key = self._schema.item_key(keys) if self._schema else None
        trios, is_guess = match_three(lists[0], lists[1], lists[2], item_key)
        field = identity_field(lists, item_key)
        for trio in trios:
            self._count += 1
            token: Ident = (*ident, self._count)
            items = [
                None if index is None else items[index]
                for index, items in zip(trio, lists, strict=True)
            ]
            self.items[token] = VersionedItem(items, is_guess=is_guess)
            self.names[token] = (self._name(trio, items, field),)
            self._walk(
                token,
                [
                    (
                        node[index] if isinstance(node, list) and index is not None else None,
                        item if isinstance(item, dict) else {},
                    )
                    for node, index, item in zip(nodes, trio, items, strict=True)
                ],
            )

    def _name(
        self, trio: Sequence[int | None], items: Sequence[Value | None], field: str | None
    ) -> Part:
        for version in range(3):
            item = items[version]
            if isinstance(item, dict):
                if field is not None:
                    return ItemKey(field, str(item[field]))
                index = trio[version]
                assert index is not None
                return index
        return 0
