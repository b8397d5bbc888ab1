"""The form of a new table - inline, below a header or with dots: that of its neighbours."""

from __future__ import annotations

from sessionctl.core.toml.parse.inline_value import read_array
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.parse.tree import (
    DOTTED,
    ROOT,
    ArrayNode,
    Leaf,
    TableNode,
    depth_of,
    is_inside_value,
)
from sessionctl.core.values import is_array_of_tables, is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Node
    from sessionctl.core.values import Value

VALUE = "value"  # key = ..., a table inline
HEADERS = "headers"  # [key] or [[key]]
DOTS = "dots"  # key.part = ...

_TABLE, _TABLES = "table", "tables"
# So many texts below one header are a map, and so many characters a short line.
_MAP = 2
_LINE = 80
# When two spellings are as frequent, the first of these.
_PREFERRED = (HEADERS, VALUE, DOTS)


class TableForms:
    """How the tables of a document are spelled, by their key and by their depth."""

    __slots__ = ("_by_depth", "_by_key", "_document")

    def __init__(self, document: DocumentText) -> None:
        self._document = document
        self._by_key: dict[tuple[str, str], dict[str, int]] = {}
        self._by_depth: dict[tuple[str, int], dict[str, int]] = {}
        self._walk(document.tree.root, 0)

    def choose(self, parent: TableNode, key: str, value: Value) -> str:
        """Return how ``value`` is best spelled as ``key`` of ``parent``.

        As tables of the same key elsewhere are, else as its neighbours, else inline among plain
        keys or as a single entry among texts, else as tables of the same depth; without any of them
        by header.
        """
        kind = _kind_of(value)
        # Inside an inline table there are neither headers nor lines for dotted keys.
        if not kind or is_inside_value(parent):
            return VALUE
        beside: dict[str, int] = {}
        for child in parent.children.values():
            other, form = self._spelling(child)
            if other == kind:
                _count(beside, form)
        depth = depth_of(parent) + 1
        # The name says most: password = { secret = "p" } is inline in every connection, whatever
        # else a connection has.
        for found in (self._by_key.get((kind, key)), beside):
            if found:
                return _most(found)
        if kind == _TABLE and _is_short(value):
            if self._is_entry(parent, value) or self._is_line(parent, key):
                return VALUE
        found = self._by_depth.get((kind, depth))
        return _most(found) if found else self._default(parent, kind)

    def _is_entry(self, parent: TableNode, value: Value) -> bool:
        """Return whether a table of one key is one line below the header of ``parent``.

        A reference to a secret always is, others where nothing but texts stand: X of [env], but
        not the tls of [server] with a host and a port.
        """
        assert isinstance(value, dict)
        if len(value) != 1 or parent.section is None or parent.spelling == ROOT:
            return False
        texts = [_text_of(self._document.text, child) for child in parent.children.values()]
        if is_reference(value):
            return True
        return bool(texts) and all(text[:1] in ("'", '"') for text in texts)

    def _is_line(self, parent: TableNode, key: str) -> bool:
        """Return whether a short table is one line: where a plain value stands, or in a map.

        ``serde = "1.0"`` becomes ``serde = { version = "1.0" }`` where it stands, with its comment;
        a header would be far off, behind the last plain key. In a map from names to texts, as
        dependencies are, a new table is one more entry; [server] with a name and a port is no map.
        """
        if parent.spelling == DOTTED:
            return False
        if key in parent.children:
            others = [child for name, child in parent.children.items() if name != key]
            return parent.spelling != ROOT or any(isinstance(child, Leaf) for child in others)
        texts = [_text_of(self._document.text, child) for child in parent.children.values()]
        is_map = len(texts) >= _MAP and all(text[:1] in ("'", '"') for text in texts)
        return is_map and parent.spelling != ROOT

    def choose_below(self, key: str, value: Value, depth: int) -> str:
        """Return how ``value`` is best spelled below a new header; ``depth`` counts its keys."""
        kind = _kind_of(value)
        if not kind:
            return VALUE
        found = self._by_key.get((kind, key))
        if not found and is_reference(value):
            return VALUE
        found = found or self._by_depth.get((kind, depth))
        return _most(found) if found else HEADERS

    def _default(self, parent: TableNode, kind: str) -> str:
        # Below a.b = 1 a header [a.c] would stand far off, behind all other keys of the file.
        if kind == _TABLE and parent.spelling == DOTTED:
            return DOTS
        if any(statement.kind != KEY for statement in self._document.statements):
            return HEADERS
        anywhere: dict[str, int] = {}
        for found in self._by_key.values():
            for form, count in found.items():
                _count(anywhere, form, count)
        if not anywhere:
            return HEADERS
        # There are tables, but no headers at all: none is brought in. Dots cannot spell an array.
        return VALUE if kind == _TABLES else _most(anywhere)

    def _walk(self, node: TableNode, depth: int) -> None:
        for key, child in node.children.items():
            kind, form = self._spelling(child)
            if kind:
                _count(self._by_key.setdefault((kind, key), {}), form)
                _count(self._by_depth.setdefault((kind, depth + 1), {}), form)
            if isinstance(child, TableNode):
                self._walk(child, depth + 1)
            elif isinstance(child, ArrayNode):
                for item in child.items:
                    self._walk(item, depth + 1)

    def _spelling(self, node: Node) -> tuple[str, str]:
        if isinstance(node, ArrayNode):
            return _TABLES, HEADERS
        if isinstance(node, TableNode):
            return _TABLE, DOTS if node.spelling == DOTTED else HEADERS
        assert isinstance(node, Leaf)
        return _leaf_kind(self._document.text, node), VALUE


def _leaf_kind(text: str, leaf: Leaf) -> str:
    if text[leaf.span.start] == "{":
        return _TABLE
    # The first element stands for all: a mixed array is not asked for its form.
    if text[leaf.span.start] == "[":
        items = read_array(text, leaf.span).items
        return _TABLES if items and text[items[0].start] == "{" else ""
    return ""


def _text_of(text: str, node: Node) -> str:
    return text[node.span.start : node.span.end] if isinstance(node, Leaf) else ""


def _is_short(value: Value) -> bool:
    """Return whether a table is small enough for one line that people like to read."""
    assert isinstance(value, dict)
    values = value.values()
    if any(isinstance(one, dict) or is_array_of_tables(one) for one in values):
        return False
    if any(isinstance(one, str) and "\n" in one for one in values):
        return False
    return sum(len(key) + len(str(one)) + 5 for key, one in value.items()) <= _LINE


def _kind_of(value: Value) -> str:
    if isinstance(value, dict):
        return _TABLE
    return _TABLES if is_array_of_tables(value) else ""


def _most(found: dict[str, int]) -> str:
    return max(_PREFERRED, key=lambda form: found.get(form, 0))


def _count(found: dict[str, int], form: str, more: int = 1) -> None:
    # Not collections.Counter: to import that takes as long as ten of our modules.
    found[form] = found.get(form, 0) + more
