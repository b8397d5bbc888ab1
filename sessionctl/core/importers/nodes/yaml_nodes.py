"""YAML as nodes: structure and places only; no object of any kind is made from it.

PyYAML's events are read, never its constructors, so a tag such as ``!ruby/object`` has no
effect. Plain scalars are what YAML 1.1 says, as the tools that read these files see them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from sessionctl.core.importers.nodes.source_node import (
    MAX_DEPTH,
    MAX_NODES,
    TWICE,
    SourceList,
    SourceMap,
    SourceScalar,
    lost_of,
    node_count,
    placed,
)
from sessionctl.core.importers.nodes.unreadable import unreadable
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sessionctl.core.importers.nodes.source_node import Node
    from sessionctl.errors import ParseError

_TAG = "tag:yaml.org,2002:"
_CORE = {"str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge", "value"}
_TRUE = {"yes", "true", "on"}
_MOST_DIGITS = 1000
_RESOLVER = yaml.resolver.Resolver()
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)")


class YamlNodes(NamedTuple):
    """What a YAML text holds: its documents, and what is odd about how it is written."""

    documents: tuple[Node, ...]
    problems: tuple[Problem, ...]


def read_yaml(text: str) -> YamlNodes:
    """Return the documents in a YAML text.

    Aliases and merge keys are written out, keys that are there twice keep the last
    value, as YAML readers do; both are among the problems.

    Raises:
      ParseError: the text is not YAML, or nested or expanded beyond all reason.
    """
    composer = _Composer(text)
    try:
        documents = tuple(composer.documents())
    except yaml.YAMLError as error:
        raise _refused(text, error) from None
    return YamlNodes(documents, tuple(composer.problems))


class _Composer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = iter(())
        self._anchors: dict[str, Node] = {}
        self._count = 0

    def documents(self) -> Iterator[Node]:
        self._events = yaml.parse(self.text, Loader=yaml.SafeLoader)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                yield placed(self._node(next(self._events), 0), KeyPath())

    def _node(self, event: Any, depth: int) -> Node:
        span = Span(event.start_mark.index, event.end_mark.index)
        if depth > MAX_DEPTH:
            raise unreadable(self.text, span, f"nested more than {MAX_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), span)
        self._counted(1, span)
        self._check_tag(event, span)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = SourceScalar(event.value, _value(event), span)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._list(span, depth)
        else:
            node = self._map(span, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _list(self, span: Span, depth: int) -> Node:
        items: list[Node] = []
        end = span.end
        for event in self._events:
            end = event.end_mark.index
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, depth + 1))
        return SourceList(tuple(items), Span(span.start, max(span.end, end)))

    def _map(self, span: Span, depth: int) -> Node:
        entries: dict[str, tuple[SourceScalar, Node]] = {}
        merged: list[Node] = []
        end = span.end
        for event in self._events:
            end = event.end_mark.index
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(self._node(event, depth + 1))
            value = self._node(next(self._events), depth + 1)
            if key.value is _MERGE:
                merged.append(value)
                self._note("import-note", "the keys of '<<' are expanded", key.span)
                continue
            if key.text in entries:
                for lost in lost_of(entries.pop(key.text)):
                    self._note("import-lost", TWICE, lost.span, severity="warning")
            entries[key.text] = (key, value)
        for inner in _maps(merged):
            for key, value in inner.entries:
                entries.setdefault(key.text, (key, value))
        return SourceMap(tuple(entries.values()), Span(span.start, max(span.end, end)))

    def _key(self, node: Node) -> SourceScalar:
        if isinstance(node, SourceScalar):
            return node
        raise unreadable(self.text, node.span, "a key is a list or a map")

    def _alias(self, anchor: str, span: Span) -> Node:
        found = self._anchors.get(anchor)
        if found is None:
            raise unreadable(self.text, span, "an alias without its anchor")
        self._counted(node_count(found), span)
        self._note("import-note", f"the alias *{anchor} is expanded", span)
        return found

    def _counted(self, more: int, span: Span) -> None:
        self._count += more
        if self._count > MAX_NODES:
            raise unreadable(self.text, span, f"it expands to more than {MAX_NODES} values")

    def _check_tag(self, event: Any, span: Span) -> None:
        tag = event.tag
        if tag and tag != "!" and tag.removeprefix(_TAG) not in _CORE:
            message = f"the tag {_short(tag)} makes an object in other programs; it has no effect"
            self._note("import-lost", message, span, severity="warning")

    def _note(self, rule: str, message: str, span: Span, *, severity: str = "note") -> None:
        self.problems.append(Problem(rule, message, span, severity=severity))


class _Merge:
    """The value of the key ``<<``."""


_MERGE = _Merge()


def _maps(nodes: list[Node]) -> Iterator[SourceMap]:
    for node in nodes:
        if isinstance(node, SourceMap):
            yield node
        elif isinstance(node, SourceList):
            yield from _maps(list(node.items))


def _value(event: Any) -> object:
    """Return what a scalar stands for in YAML 1.1."""
    tag = event.tag
    if tag is None or tag == "!":
        if not event.implicit[0] or tag == "!":
            return event.value
        tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
    kind, text = tag.removeprefix(_TAG), event.value
    if kind == "merge":
        return _MERGE
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE
    if kind in ("int", "float"):
        return _number(kind, text)
    return text


def _number(kind: str, text: str) -> object:
    plain = text.replace("_", "")
    if len(plain) > _MOST_DIGITS:
        return text
    try:
        if kind == "float":
            return float(plain.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if _INTEGER.fullmatch(text):
            sign, digits = (-1, plain[1:]) if plain[0] == "-" else (1, plain.lstrip("+"))
            is_octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
            return sign * (int(digits, 8) if is_octal else int(digits, 0))
    except ValueError:
        pass
    return text


def _refused(text: str, error: yaml.YAMLError) -> ParseError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark is not None else getattr(error, "position", 0)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it ends too soon"
    return unreadable(text, Span(offset, offset + 1), f"this is not YAML: {reason}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
