"""Nodes: the values of a file of another tool, each with its place in the text."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

MAX_DEPTH = 64
MAX_NODES = 50_000
TWICE = "this is left out: its key is repeated, and the last one counts"


_MOST_DIGITS = 9


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` writes in digits alone, and in a sane number of them."""
    is_number = text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


class SourceScalar(NamedTuple):
    """A value without parts: its ``text`` as it is written, and the ``value`` it stands for.

    ``value`` is a string, number, boolean or None, as the other tool reads the text.
    """

    text: str
    value: object
    span: Span
    path: KeyPath = KeyPath()

    @property
    def number(self) -> int | None:
        """The whole number that its text is; None for another text, or one of many digits."""
        return whole_number(self.text)

    @property
    def is_empty(self) -> bool:
        """Whether it is null or nothing."""
        return self.value is None or self.text == ""


class SourceList(NamedTuple):
    """Values in order."""

    items: tuple[Node, ...]
    span: Span
    path: KeyPath = KeyPath()


class SourceMap(NamedTuple):
    """Keys with values, in the order of the text; no key is there twice."""

    entries: tuple[tuple[SourceScalar, Node], ...]
    span: Span
    path: KeyPath = KeyPath()

    def get(self, key: str) -> Node | None:
        """Return the value of ``key``, None without one."""
        return next((value for name, value in self.entries if name.text == key), None)


if TYPE_CHECKING:
    Node: TypeAlias = SourceScalar | SourceList | SourceMap


def scalars(node: Node) -> Iterator[SourceScalar]:
    """Yield the scalars in ``node``, keys not among them, in order."""
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, SourceScalar):
            yield current
        elif isinstance(current, SourceList):
            pending += reversed(current.items)
        else:
            pending += [value for _, value in reversed(current.entries)]


def lost_of(entry: tuple[SourceScalar, Node]) -> list[SourceScalar]:
    """Return the values that are lost with an entry whose key comes again, or its key."""
    return list(scalars(entry[1])) or [entry[0]]


def placed(node: Node, path: KeyPath) -> Node:
    """Return ``node`` with the paths it has as the value at ``path``."""
    if isinstance(node, SourceScalar):
        return node._replace(path=path)
    if isinstance(node, SourceList):
        items = tuple(placed(item, path / index) for index, item in enumerate(node.items))
        return node._replace(items=items, path=path)
    entries = tuple(
        (key._replace(path=path / key.text), placed(value, path / key.text))
        for key, value in node.entries
    )
    return node._replace(entries=entries, path=path)


def node_count(node: Node) -> int:
    """Return how many nodes there are in ``node``, itself among them."""
    count = 0
    pending = [node]
    while pending:
        current = pending.pop()
        count += 1
        if isinstance(current, SourceList):
            pending += current.items
        elif isinstance(current, SourceMap):
            pending += [value for _, value in current.entries]
    return count
