"""KDL as nodes, read with tree-sitter's grammar: the only maintained reader with places."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import NamedTuple

import tree_sitter
import tree_sitter_kdl

from sessionctl.core.importers.nodes.source_node import MAX_DEPTH, SourceScalar
from sessionctl.core.importers.nodes.unreadable import unreadable
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|\s+|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "s": " "}
_MOST_DIGITS = 1000
_BRACES = re.compile(r'"(?:[^"\\]|\\.)*"|r(#*)".*?"\1|//[^\n]*|/\*.*?\*/|[{}]', re.DOTALL)
_RAW = re.compile(r'r?(#*)"(.*)"\1', re.DOTALL)


class KdlNode(NamedTuple):
    """A node of KDL: its name, arguments, properties and the nodes in its braces.

    Of properties that are there twice the last one counts.
    """

    name: SourceScalar
    arguments: tuple[SourceScalar, ...]
    properties: tuple[tuple[SourceScalar, SourceScalar], ...]
    children: tuple[KdlNode, ...]
    span: Span
    path: KeyPath = KeyPath()

    def get(self, key: str) -> SourceScalar | None:
        """Return the value of a property, or the argument of the child of that name."""
        for name, value in reversed(self.properties):
            if name.text == key:
                return value
        child = next((c for c in self.children if c.name.text == key), None)
        return child.arguments[0] if child is not None and child.arguments else None


def read_kdl(text: str) -> tuple[KdlNode, ...]:
    """Return the nodes of a KDL text; what ``/-`` takes out is left out.

    Raises:
      ParseError: the text is not KDL, or nested beyond all reason.
    """
    reader = _KdlReader(text)
    return tuple(reader.nodes(reader.root(), KeyPath(), 0))


def kdl_scalars(nodes: tuple[KdlNode, ...]) -> Iterator[SourceScalar]:
    """Yield the arguments and values of properties in ``nodes``, in order."""
    for node in nodes:
        yield from node.arguments
        yield from (value for _, value in node.properties)
        yield from kdl_scalars(node.children)


class _KdlReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        self._ends: list[int] | None = None
        if not text.isascii():
            widths = (len(c.encode("utf-8", "surrogatepass")) for c in text)
            self._ends = list(accumulate(widths, initial=0))

    def root(self) -> Any:
        language = tree_sitter.Language(tree_sitter_kdl.language())
        root = tree_sitter.Parser(language).parse(self.data).root_node
        if root.has_error:
            opened = _unclosed(self.text)
            if opened is not None:
                raise unreadable(self.text, opened, "this brace is never closed")
            raise unreadable(self.text, self._error(root), "this is not KDL")
        return root

    def nodes(self, parent: Any, path: KeyPath, depth: int) -> Iterator[KdlNode]:
        seen: dict[str, int] = {}
        for child in parent.children:
            if child.type != "node" or any(c.type == "node_comment" for c in child.children):
                continue
            if depth > MAX_DEPTH:
                raise unreadable(self.text, self._span(child), f"nested more than {MAX_DEPTH} deep")
            name = self._scalar(_of_type(child, "identifier"), path)
            number = seen[name.text] = seen.get(name.text, -1) + 1
            yield self._node(child, name, path / name.text / number, depth)

    def _node(self, node: Any, name: SourceScalar, path: KeyPath, depth: int) -> KdlNode:
        arguments: list[SourceScalar] = []
        properties: list[tuple[SourceScalar, SourceScalar]] = []
        children: list[KdlNode] = []
        for part in node.children:
            if part.type == "node_children":
                children += self.nodes(part, path, depth + 1)
            elif part.type == "node_field":
                for inner in part.children:
                    if inner.type == "prop":
                        key = self._scalar(_of_type(inner, "identifier"), path)
                        value = self._scalar(_of_type(inner, "value"), path / key.text)
                        properties.append((key, value))
                    elif inner.type == "value":
                        arguments.append(self._scalar(inner, path / len(arguments)))
        parts = tuple(arguments), tuple(properties), tuple(children)
        return KdlNode(name, *parts, self._span(node), path)

    def _scalar(self, node: Any, path: KeyPath) -> SourceScalar:
        raw = node.text.decode("utf-8", "surrogatepass")
        string = node if _RAW.fullmatch(raw) else _of_type(node, "string")
        if string is not None:
            text = _unquoted(string.text.decode("utf-8", "surrogatepass"))
            return SourceScalar(text, text, self._span(node), path)
        word = raw.removeprefix("#")
        value: object = {"true": True, "false": False}.get(word, word)
        if word.lstrip("-").isdecimal() and len(word) <= _MOST_DIGITS:
            value = int(word)
        return SourceScalar(word, None if word == "null" else value, self._span(node), path)

    def _error(self, node: Any) -> Span:
        """Return the place of the first error, as deep as the grammar can say it."""
        while True:
            broken = [child for child in node.children if child.has_error or child.is_missing]
            if node.type == "ERROR" or node.is_missing or not broken:
                return self._span(node)
            node = broken[0]

    def _span(self, node: Any) -> Span:
        start, end = node.start_byte, node.end_byte
        if self._ends is not None:
            start, end = bisect_left(self._ends, start), bisect_left(self._ends, end)
        return Span(start, end)


def _unclosed(text: str) -> Span | None:
    """Return the last brace that is open at the end, None where all are closed."""
    opened: list[int] = []
    for match in _BRACES.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            opened.pop()
    return Span(opened[-1], opened[-1] + 1) if opened else None


def _of_type(node: Any, kind: str) -> Any:
    return next((child for child in node.children if child.type == kind), None)


def _unquoted(raw: str) -> str:
    if not raw.startswith('"'):
        match = _RAW.fullmatch(raw)
        return match[2] if match is not None else raw
    return _ESCAPE.sub(_unescaped, raw[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        code = int(match[1], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _ESCAPES.get(match[2], match[2]) if match[2] else ""
