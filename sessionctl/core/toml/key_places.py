"""Where the parts of a document lie in its text, for many paths at once."""

from __future__ import annotations

from sessionctl.core.identity import IDENTITY_FIELDS
from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.inline_value import read_key
from sessionctl.core.toml.parse.tree import ArrayNode, Leaf, ListNode, TableNode, expand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Node
    from sessionctl.core.values import Value

    ItemKeyOf = Callable[[KeyPath], str | None]
    """Which field identifies the items of the array at a path; ``Schema.item_key`` is one."""


class KeyPlaces:
    """The places of a document's values and keys; what was read once is kept.

    Paths hold keys and indexes only, and must be there.
    """

    def __init__(self, document: DocumentText) -> None:
        self._document = document
        self._nodes: dict[KeyPath, Node] = {}
        self._names: dict[KeyPath, list[ItemKey | None]] = {}

    def value(self, path: KeyPath) -> Span:
        """Return where the value lies; of a table with a header, the header."""
        return self._value(self._node(path), path)

    def key(self, path: KeyPath) -> Span:
        """Return where the last key of ``path`` is written first; of an item, its place."""
        if not path:
            return Span(0, 0)
        if isinstance(path[-1], int):
            return self.value(path)
        return self._key(self._node(path), path)

    def table(self, path: KeyPath) -> Span:
        """Return what names a table: its header, else its key, else its first character."""
        node = self._node(path)
        if isinstance(node, TableNode) and node.section is not None:
            return self._value(node, path)
        if path and isinstance(path[-1], str):
            return self._key(node, path)
        start = self._value(node, path).start
        return Span(start, start + 1)

    def shown(self, path: KeyPath, item_key_of: ItemKeyOf) -> KeyPath:
        """Return ``path`` with items told by their identity, ``windows[name=editor]``."""
        parts: list[str | int | ItemKey] = []
        value: Value = self._document.value
        for depth, part in enumerate(path):
            name = None
            if isinstance(part, int) and isinstance(value, list):
                array = KeyPath(path[:depth])
                if array not in self._names:
                    self._names[array] = _item_names(value, item_key_of(array))
                name = self._names[array][part]
            assert not isinstance(part, ItemKey)
            parts.append(part if name is None else name)
            value = value[part]  # type: ignore[index]
        return KeyPath(parts)

    def _node(self, path: KeyPath) -> Node:
        found = self._nodes.get(path)
        if found is None:
            found = self._document.tree.root if not path else self._child(path)
            if isinstance(found, Leaf):
                found = expand(self._document.text, found)
            self._nodes[path] = found
        return found

    def _child(self, path: KeyPath) -> Node:
        parent, part = self._node(path.parent), path[-1]
        if isinstance(parent, TableNode):
            assert isinstance(part, str)
            return parent.children[part]
        assert isinstance(parent, ArrayNode | ListNode)
        assert isinstance(part, int)
        return parent.items[part]

    def _value(self, node: Node, path: KeyPath) -> Span:
        if isinstance(node, Leaf):
            return node.span
        if isinstance(node, ListNode):
            return node.value.span
        if isinstance(node, ArrayNode):
            return self._value(node.items[0], path)
        if node.spelling == "inline":
            assert node.value is not None
            return node.value.span
        if node.section is None:
            return self._key(node, path)
        header = self._document.tree.sections[node.section].header
        if header is None:
            return Span(0, 0)
        statement = self._document.statements[header]
        return Span(statement.value_start, statement.value_end)

    def _key(self, node: Node, path: KeyPath) -> Span:
        """Return the one part of a (dotted) key, or of a header, that made ``node``."""
        below = 0
        while True:
            key = self._written(node)
            if key is not None:
                _, parts = read_key(self._document.text, key)
                return parts[len(parts) - 1 - below]
            assert isinstance(node, TableNode | ArrayNode)
            if isinstance(node, ArrayNode):
                node = node.items[0]
            else:
                node = next(iter(node.children.values()))
                below += 1

    def _written(self, node: Node) -> Span | None:
        """Return the key, dots included, that ends in ``node``; None for one in its midst."""
        if isinstance(node, ArrayNode):
            return None
        if node.entry is not None:
            return node.entry.key
        if not isinstance(node, TableNode):
            index = node.statement
        elif node.section is not None:
            index = self._document.tree.sections[node.section].header
        elif node.spelling == "inline":
            index = node.statements[0]
        else:
            return None
        assert index is not None
        statement = self._document.statements[index]
        return Span(statement.key_start, statement.key_end)


def _item_names(items: list[Value], item_key: str | None) -> list[ItemKey | None]:
    """Return the identity of each item, None where it has none of its own."""
    fields = [item_key] if item_key else ["name", *IDENTITY_FIELDS]
    names: list[ItemKey | None] = [None] * len(items)
    for field in fields:
        seen: dict[str, int] = {}
        for index, item in enumerate(items):
            value = item.get(field) if isinstance(item, dict) else None
            if isinstance(value, str):
                seen[value] = -1 if value in seen else index
        for value, index in seen.items():
            if index >= 0 and names[index] is None:
                names[index] = ItemKey(field, value)
    return names
