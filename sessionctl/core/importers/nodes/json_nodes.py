"""JSON as nodes; the standard library's reader does not say where things stand."""

from __future__ import annotations

import json
import re

from sessionctl.core.importers.nodes.source_node import (
    MAX_DEPTH,
    TWICE,
    SourceList,
    SourceMap,
    SourceScalar,
    lost_of,
)
from sessionctl.core.importers.nodes.unreadable import unreadable
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.importers.nodes.source_node import Node

_SPACE = re.compile(r"[ \t\r\n]*+")
_STRING = late(r'"(?:[^"\\\x00-\x1f]|\\.)*+"')
_WORD = re.compile(r"-?\d[\d.eE+-]*|true|false|null")


def read_json(text: str) -> tuple[Node, tuple[Problem, ...]]:
    """Return the value of a JSON text, and its keys that are there twice as problems.

    Raises:
      ParseError: the text is not JSON, or nested beyond all reason.
    """
    reader = _JsonReader(text)
    node = reader.value(KeyPath(), 0)
    reader.skip()
    if reader.position < len(text):
        raise reader.error("more than one value")
    return node, tuple(reader.problems)


class _JsonReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 1 if text.startswith("\ufeff") else 0
        self.problems: list[Problem] = []

    def skip(self) -> str:
        """Go to the next character that is not space, and return it."""
        match = _SPACE.match(self.text, self.position)
        assert match is not None
        self.position = match.end()
        return self.text[self.position : self.position + 1]

    def value(self, path: KeyPath, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.error(f"nested more than {MAX_DEPTH} deep")
        start, character = (self.skip(), self.position)[::-1]
        if character == "{":
            return self._map(start, path, depth)
        if character == "[":
            return self._list(start, path, depth)
        return self._scalar(path)

    def error(self, message: str) -> Exception:
        span = Span(self.position, self.position + 1)
        return unreadable(self.text, span, f"this is not JSON: {message}")

    def _map(self, start: int, path: KeyPath, depth: int) -> SourceMap:
        entries: dict[str, tuple[SourceScalar, Node]] = {}
        while self._goes_on("}", is_first=self.position == start):
            self.skip()
            key = self._scalar(path)
            if not isinstance(key.value, str):
                raise self.error("a key without quotes")
            if self.skip() != ":":
                raise self.error("a key without its value")
            self.position += 1
            key = key._replace(path=path / key.text)
            if key.text in entries:
                self.problems += [
                    Problem("import-lost", TWICE, lost.span, lost.path, severity="warning")
                    for lost in lost_of(entries.pop(key.text))
                ]
            entries[key.text] = (key, self.value(key.path, depth + 1))
        return SourceMap(tuple(entries.values()), Span(start, self.position), path)

    def _list(self, start: int, path: KeyPath, depth: int) -> SourceList:
        items: list[Node] = []
        while self._goes_on("]", is_first=self.position == start):
            items.append(self.value(path / len(items), depth + 1))
        return SourceList(tuple(items), Span(start, self.position), path)

    def _goes_on(self, closing: str, *, is_first: bool) -> bool:
        if is_first:
            self.position += 1
        character = self.skip()
        if character == closing:
            self.position += 1
            return False
        if not is_first:
            if character != ",":
                raise self.error(f'a comma or "{closing}" is missing')
            self.position += 1
        return True

    def _scalar(self, path: KeyPath) -> SourceScalar:
        start = self.position
        match = _STRING.match(self.text, start) or _WORD.match(self.text, start)
        if match is None:
            raise self.error("a value is missing")
        self.position = match.end()
        try:
            value = json.loads(match[0])
        except ValueError:
            self.position = start
            raise self.error("this is not a value") from None
        text = value if isinstance(value, str) else "" if value is None else match[0]
        return SourceScalar(text, value, Span(start, match.end()), path)
