"""Giving a value to a key that has one: only what differs is written anew."""

from __future__ import annotations

from sessionctl.core.toml import edit_steps as steps
from sessionctl.core.toml.edit_intent import at
from sessionctl.core.toml.edit_where import opened
from sessionctl.core.toml.tree import ArrayNode, ListNode, TableNode
from sessionctl.core.toml.write import is_array_of_tables
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Table, Value


def assign(document: Document, path: KeyPath, value: Value) -> Document:
    """Return ``document`` with ``value`` at ``path``, where some value is already.

    Tables change key by key, arrays item by item, so that what stays the same keeps its
    text and its comments.
    """
    old = at(document.value, path)
    if same_value(old, value):
        return document
    node = opened(document, path)
    if isinstance(old, dict) and isinstance(value, dict):
        if old.keys() & value.keys() or _has_header(node):
            return _assign_table(document, path, old, value)
    elif isinstance(old, list) and isinstance(value, list) and value:
        if _takes_items(document, node, value):
            return _assign_items(document, path, old, value)
    return steps.put(document, path, value)


def _has_header(node: object) -> bool:
    return isinstance(node, TableNode) and node.section is not None


def _takes_items(document: Document, node: object, value: Value) -> bool:
    if isinstance(node, ArrayNode):
        return is_array_of_tables(value)
    assert isinstance(node, ListNode)
    span = node.value.span
    return bool(node.items) or "#" in document.text[span.start : span.end]


def _assign_table(document: Document, path: KeyPath, old: Table, new: Table) -> Document:
    for key, value in new.items():
        if key in old:
            document = assign(document, path / key, value)
        else:
            document = steps.put(document, path / key, value)
    for key in old:
        if key not in new:
            document = steps.remove(document, path / key)
    return document


def _assign_items(
    document: Document, path: KeyPath, old: list[Value], new: list[Value]
) -> Document:
    from sessionctl.core.identity import match_items

    pairs = {i: j for i, j in match_items(old, new) if i is not None and j is not None}
    document, order = _reordered(document, path, len(old), list(pairs))
    # For each item as it stands now: which one of the new it becomes, None to go.
    current = [pairs.get(i) for i in order]
    if not all(isinstance(item, dict) for item in (*old, *new)):
        _replace_in_gaps(current, len(new))
    for j, value in enumerate(new):
        if j not in current:
            place = current.index(j - 1) + 1 if j else 0
            document = steps.insert(document, path / place, value)
            current.insert(place, j)
    for place in reversed(range(len(current))):
        if current[place] is None:
            document = steps.remove(document, path / place)
    for j, value in enumerate(new):
        document = assign(document, path / j, value)
    return document


def _reordered(
    document: Document, path: KeyPath, count: int, wanted: list[int]
) -> tuple[Document, list[int]]:
    """Move items so that those of ``wanted`` stand in its order; return the new order too."""
    order = list(range(count))
    stays = _longest_rising(wanted)
    for number, item in enumerate(wanted):
        if item in stays:
            continue
        old = order.index(item)
        order.remove(item)
        place = order.index(wanted[number - 1]) + 1 if number else 0
        order.insert(place, item)
        document = steps.move(document, path / old, place)
    return document, order


def _longest_rising(numbers: list[int]) -> set[int]:
    """Return the members of a longest rising part of ``numbers``, which are distinct."""
    from bisect import bisect_left

    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def _replace_in_gaps(current: list[int | None], count: int) -> None:
    """Let as many new items as there are old ones between two that stay take their places."""
    start, first = 0, 0
    for end in range(len(current) + 1):
        j = count if end == len(current) else current[end]
        if j is None:
            continue
        if end - start == j - first:
            current[start:end] = range(first, j)
        start, first = end + 1, j + 1
