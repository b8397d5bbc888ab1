"""The tree of a document: which statements make up which table, in its spelling.

The tree is the same for ``a.b = 1``, ``[a]`` with ``b = 1`` and ``a = { b = 1 }`` in the
keys it has; the nodes tell how each is spelled and where it lies in the text.
"""

from __future__ import annotations

from _bisect import bisect_right

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.inline_value import (
    InlineArray,
    InlineEntry,
    InlineTable,
    read_array,
    read_table,
)
from sessionctl.core.toml.parse.parser import ARRAY_TABLE, KEY
from sessionctl.core.toml.parse.statement import Statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

ROOT = "root"
HEADER = "header"  # [a]
ITEM = "item"  # [[a]]
IMPLICIT = "implicit"  # a, when only [a.b] is written
DOTTED = "dotted"  # a, in a.b = 1
INLINE = "inline"  # a = { b = 1 }


_NONE = range(0)


class Section:
    """A header and the key statements below it; the first section has no header.

    ``header`` and ``keys`` are indexes into the statements of the document.
    """

    __slots__ = ("header", "keys", "table")

    def __init__(self, header: int | None, table: TableNode) -> None:
        self.header = header
        self.keys = _NONE
        self.table = table


class TableNode:
    """A table: ``spelling`` says how it is written, ``children`` are its keys in order.

    ``section`` is the index of its own section (spelling root, header or item);
    ``statements`` are the dotted key statements that made it (spelling dotted).
    """

    __slots__ = (
        "_children", "_count", "_keys", "_source", "entry", "key", "parent", "section", "spelling",
        "statements", "value",
    )  # fmt: skip

    def __init__(self, spelling: str, parent: Node | None, key: str | int) -> None:
        self.spelling = spelling
        self.parent = parent
        self.key = key
        self._children: dict[str, Node] = {}
        # Plain fields, and nothing made for each table: a large document has thousands.
        self._source: Sequence[Statement] | None = None
        self._keys = _NONE
        self._count = 0
        self.section: int | None = None
        self.statements: list[int] | range = _NONE
        self.value: InlineTable | None = None
        self.entry: InlineEntry | None = None

    @property
    def children(self) -> dict[str, Node]:
        """The keys of the table, in order; those of its own lines are added when asked for."""
        if self._source is not None:
            self._add_waiting(self._source)
        return self._children

    @property
    def tables(self) -> dict[str, Node]:
        """The keys known without those that wait: all that lead to a table with a header."""
        return self._children

    def wait(self, statements: Sequence[Statement], keys: range) -> None:
        """Let plain keys wait until ``children`` is asked for: of most tables it never is."""
        self._source, self._keys, self._count = statements, keys, len(self._children)

    def _add_waiting(self, statements: Sequence[Statement]) -> None:
        known = list(self._children.items())
        children = dict(known[: self._count])
        for index in self._keys:
            statement = statements[index]
            key = statement.keys[0]
            span = Span(statement.value_start, statement.value_end)
            children[key] = Leaf(self, key, span, index)
        # What a header further down made of the table comes behind the keys of its own lines.
        children.update(known[self._count :])
        self._children, self._source = children, None


class ArrayNode:
    """An array of tables written with ``[[headers]]``; ``items`` are its tables."""

    __slots__ = ("items", "key", "parent")

    def __init__(self, parent: TableNode, key: str) -> None:
        self.parent = parent
        self.key = key
        self.items: list[TableNode] = []


class ListNode:
    """An array written as a value; its items are read from the text when asked for."""

    __slots__ = ("entry", "items", "key", "parent", "statement", "value")

    def __init__(self, parent: Node, key: str | int, value: InlineArray) -> None:
        self.parent = parent
        self.key = key
        self.value = value
        self.items: list[Node] = []
        self.statement: int | None = None
        self.entry: InlineEntry | None = None


class Leaf:
    """A value that stands at one place: of a statement, an inline entry or an element.

    ``statement`` is the index of the key statement it belongs to, ``entry`` its entry
    when it stands in an inline table; ``span`` is the value's.
    """

    __slots__ = ("entry", "key", "parent", "span", "statement")

    def __init__(
        self,
        parent: Node,
        key: str | int,
        span: Span,
        statement: int,
        entry: InlineEntry | None = None,
    ) -> None:
        self.parent = parent
        self.key = key
        self.span = span
        self.statement = statement
        self.entry = entry


if TYPE_CHECKING:
    Node: TypeAlias = TableNode | ArrayNode | ListNode | Leaf


class Tree:
    """The sections and the root table of a document."""

    __slots__ = ("root", "sections", "statements")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.root = TableNode(ROOT, None, "")
        self.root.section = 0
        self.sections = [Section(None, self.root)]
        first, is_dotted = 0, False
        for index, statement in enumerate(statements):
            if statement.kind == KEY:
                is_dotted = is_dotted or len(statement.keys) > 1
                continue
            if first < index:
                self._add_keys(range(first, index), is_dotted=is_dotted)
            self._open(index, statement)
            first, is_dotted = index + 1, False
        if first < len(statements):
            self._add_keys(range(first, len(statements)), is_dotted=is_dotted)

    def _add_keys(self, keys: range, *, is_dotted: bool) -> None:
        """Add the keys of the last section; plain ones, which no header leads through, wait."""
        section = self.sections[-1]
        section.keys = keys
        if not is_dotted:
            section.table.wait(self.statements, keys)
            return
        for index in keys:
            self._add_key(section.table, index, self.statements[index])

    def _add_key(self, table: TableNode, index: int, statement: Statement) -> None:
        children = table.tables
        for key in statement.keys[:-1]:
            child = children.get(key)
            if child is None:
                child = children[key] = TableNode(DOTTED, table, key)
            assert isinstance(child, TableNode)
            if isinstance(child.statements, list):
                child.statements.append(index)
            else:
                child.statements = [index]
            table, children = child, child.tables
        key = statement.keys[-1]
        span = Span(statement.value_start, statement.value_end)
        children[key] = Leaf(table, key, span, index)

    def _open(self, index: int, statement: Statement) -> None:
        table = self.root
        for key in statement.keys[:-1]:
            child = table.tables.get(key)
            if child is None:
                child = table.tables[key] = TableNode(IMPLICIT, table, key)
            if isinstance(child, ArrayNode):
                child = child.items[-1]
            assert isinstance(child, TableNode)
            table = child
        key = statement.keys[-1]
        found = table.tables.get(key)
        if statement.kind == ARRAY_TABLE:
            if found is None:
                found = table.tables[key] = ArrayNode(table, key)
            assert isinstance(found, ArrayNode)
            table = TableNode(ITEM, found, len(found.items))
            found.items.append(table)
        elif found is None:
            table.tables[key] = table = TableNode(HEADER, table, key)
        else:
            assert isinstance(found, TableNode)
            table = found
            table.spelling = HEADER
        table.section = len(self.sections)
        self.sections.append(Section(index, table))

    def node_at(self, text: str, path: KeyPath) -> Node:
        """Return the node at ``path``, inside inline values too; it is there.

        The path holds keys and indexes only.
        """
        return within(text, self.root, path)

    def leaf_at(self, path: KeyPath) -> tuple[Leaf, int] | None:
        """Return the statement's leaf that ``path`` leads to or into, and how far that is.

        None where ``path`` ends at a table or an array of tables with headers.
        """
        node: Node = self.root
        for depth, part in enumerate(path, 1):
            if isinstance(node, TableNode):
                assert isinstance(part, str)
                node = node.children[part]
            else:
                assert isinstance(node, ArrayNode)
                assert isinstance(part, int)
                node = node.items[part]
            if isinstance(node, Leaf):
                return node, depth
        return None

    def value_span(self, node: Node) -> Span:
        """Return where the value of ``node`` lies, as ``DocumentText.span`` says."""
        if isinstance(node, Leaf):
            return node.span
        if isinstance(node, ArrayNode):
            return self.value_span(node.items[0])
        assert isinstance(node, TableNode)
        if node.value is not None:
            return node.value.span
        if node.section is not None:
            header = self.sections[node.section].header
            if header is None:
                return Span(0, 0)
            statement = self.statements[header]
            return Span(statement.value_start, statement.value_end)
        if node.statements:
            statement = self.statements[node.statements[0]]
            return Span(statement.key_start, statement.key_end)
        return self.value_span(next(iter(node.children.values())))

    def key_span(self, node: Node) -> Span:
        """Return where the key of ``node`` is written; the place of the value for an element."""
        if not isinstance(node, Leaf) or isinstance(node.key, int):
            return self.value_span(node)
        if node.entry is not None:
            return node.entry.key
        statement = self.statements[node.statement]
        return Span(statement.key_start, statement.key_end)


def is_inside_value(node: Node) -> bool:
    """Return whether keys or items of ``node`` stand inside one value."""
    return isinstance(node, ListNode) or (isinstance(node, TableNode) and node.value is not None)


def depth_of(node: Node) -> int:
    """Return how many keys, indexes not counted, lead to ``node``."""
    depth = 0
    while node.parent is not None:
        depth += isinstance(node.key, str)
        node = node.parent
    return depth


def section_of(sections: Sequence[Section], index: int) -> Section:
    """Return the section that statement ``index`` is in; a header is in its own."""
    return sections[bisect_right(sections, index, key=_header_of) - 1]


def _header_of(section: Section) -> int:
    return -1 if section.header is None else section.header


def path_of(table: TableNode) -> KeyPath:
    """Return the path of a table that is not inside a value."""
    path: list[str | int] = []
    node: Node = table
    while node.parent is not None:
        path.append(node.key)
        node = node.parent
    return KeyPath(reversed(path))


def within(text: str, node: Node, path: KeyPath) -> Node:
    """Return the node at ``path`` below ``node``, inside inline values too; it is there."""
    for part in path:
        if isinstance(node, Leaf):
            node = expand(text, node)
        if isinstance(node, TableNode):
            assert isinstance(part, str)
            node = node.children[part]
        else:
            assert isinstance(node, ArrayNode | ListNode)
            assert isinstance(part, int)
            node = node.items[part]
    return node


def expand(text: str, leaf: Leaf) -> Node:
    """Return the node for what is inside ``leaf``: a table, a list, or the leaf itself."""
    opening = text[leaf.span.start]
    if opening == "[":
        return _expand_list(text, leaf)
    if opening == "{":
        return _expand_table(text, leaf)
    return leaf


def _expand_list(text: str, leaf: Leaf) -> ListNode:
    node = ListNode(leaf.parent, leaf.key, read_array(text, leaf.span))
    node.statement = leaf.statement
    node.entry = leaf.entry
    node.items = [
        Leaf(node, index, span, leaf.statement) for index, span in enumerate(node.value.items)
    ]
    return node


def _expand_table(text: str, leaf: Leaf) -> TableNode:
    node = TableNode(INLINE, leaf.parent, leaf.key)
    node.value = read_table(text, leaf.span)
    node.entry = leaf.entry
    node.statements = [leaf.statement]
    for entry in node.value.entries:
        table = node
        for key in entry.keys[:-1]:
            child = table.children.get(key)
            if child is None:
                child = table.children[key] = TableNode(DOTTED, table, key)
                child.statements = [leaf.statement]
                child.value = node.value
            assert isinstance(child, TableNode)
            table = child
        key = entry.keys[-1]
        table.children[key] = Leaf(table, key, entry.value, leaf.statement, entry)
    return node
