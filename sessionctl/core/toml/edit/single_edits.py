"""The single changes that edits are made of; each gives a document that was verified.

A change raises GuardError when no layout gives the value asked for; that is a bug of ours.
"""

from __future__ import annotations

from sessionctl.core.toml.edit.array_elements import (
    array_style,
    insert_item,
    item_text,
    put_item,
    remove_item,
)
from sessionctl.core.toml.edit.deletion import removal
from sessionctl.core.toml.edit.guard import first_that_verifies, reread, verified
from sessionctl.core.toml.edit.insertion import LAST, place_items
from sessionctl.core.toml.edit.intended_value import with_items, with_key, with_value, without
from sessionctl.core.toml.edit.layout_attempts import puts, rewrites, touched_at
from sessionctl.core.toml.edit.node_statements import extents, opened, statements_of
from sessionctl.core.toml.parse.comments import tail_end
from sessionctl.core.toml.parse.tree import ArrayNode, ListNode, TableNode
from sessionctl.core.toml.write.array_lines import has_all_comments, in_lines
from sessionctl.core.toml.write.neighbour_style import newline_at
from sessionctl.core.toml.write.section_writer import SectionWriter
from sessionctl.core.toml.write.splice import CannotPlaceError, cut_lines, put_lines, spliced
from sessionctl.core.toml.write.table_form import HEADERS, TableForms
from sessionctl.core.values import value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.edit.guard import Attempt
    from sessionctl.core.toml.edit.insertion import Spot
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.values import Value


def put(
    document: DocumentText, path: KeyPath, value: Value, spot: Spot = LAST, *, keep: bool = True
) -> DocumentText:
    """Return ``document`` with ``value`` as a whole at ``path``.

    The container of ``path`` is there; the path itself may be new. The comments of what
    is replaced stay unless ``keep`` is false.
    """
    intended = with_value(document.value, path, value)
    return first_that_verifies(document, intended, puts(document, path, value, spot, keep=keep))


def remove(document: DocumentText, path: KeyPath) -> DocumentText:
    """Return ``document`` without the key or item at ``path``."""
    parent = opened(document, path.parent)
    # [[a]] without items has no spelling: a = [] takes its place. The comments were the item's.
    if isinstance(parent, ArrayNode) and len(parent.items) == 1:
        return put(document, path.parent, [], keep=False)
    intended = without(document.value, path)

    def attempts() -> Iterator[Attempt]:
        touched = touched_at(document, path)
        yield touched, lambda: spliced(document.text, removal(document, path))
        if isinstance(parent, ListNode):
            # No comment of another item may go because the commas stand in an odd place.
            yield touched, lambda: _removed_from_lines(document, path)
        yield from rewrites(document, path, intended)

    return first_that_verifies(document, intended, attempts())


def insert(document: DocumentText, path: KeyPath, value: Value) -> DocumentText:
    """Return ``document`` with ``value`` before the item at ``path``, or as the last item."""
    array = opened(document, path.parent)
    index = path[-1]
    assert isinstance(index, int)
    # a = [] stood for no tables yet: the first is written as the neighbours' tables are.
    if isinstance(array, ListNode) and _becomes_tables(document, array, value):
        return put(document, path.parent, [value])
    intended = with_items(document.value, path, [value])

    def attempts() -> Iterator[Attempt]:
        if isinstance(array, ListNode):
            splices = insert_item(document, array, index, value)
            yield statements_of(document, array), lambda: spliced(document.text, splices)
        elif isinstance(array, ArrayNode) and isinstance(value, dict):
            splices = place_items(document, array, index, [value])
            yield [], lambda: spliced(document.text, splices)
        yield from rewrites(document, path, intended)

    return first_that_verifies(document, intended, attempts())


def rename(document: DocumentText, path: KeyPath, key: str) -> DocumentText:
    """Return ``document`` with the last key of ``path`` called ``key``."""
    from sessionctl.core.toml.edit.renaming import renaming

    intended = with_key(document.value, path, key)

    def attempts() -> Iterator[Attempt]:
        touched = touched_at(document, path)
        yield touched, lambda: spliced(document.text, renaming(document, path, key))
        yield from rewrites(document, path, intended)

    return first_that_verifies(document, intended, attempts())


def move(document: DocumentText, path: KeyPath, index: int) -> DocumentText:
    """Return ``document`` with the item at ``path`` as item ``index`` of its array."""
    value = value_at(document.value, path)
    array = opened(document, path.parent)
    target = path.parent / index
    intended = with_items(without(document.value, path), target, [value])

    def moved() -> str:
        assert isinstance(path[-1], int)
        if isinstance(array, ArrayNode):
            return _with_block_moved(document, array, path[-1], index)
        assert isinstance(array, ListNode)
        return _with_element_moved(document, path, index)

    # Where the item has no lines of its own to move, it gets one; where it cannot, it is written
    # anew, without its comments.
    result = verified(document, intended, statements_of(document, array), moved)
    if result is None and isinstance(array, ListNode):
        lines = _array_in_lines(document, array)
        if lines is not None:
            return move(lines, path, index)
    return insert(remove(document, path), target, value) if result is None else result


def _with_element_moved(document: DocumentText, path: KeyPath, index: int) -> str:
    array = opened(document, path.parent)
    assert isinstance(array, ListNode)
    assert isinstance(path[-1], int)
    text = spliced(document.text, remove_item(document, array, path[-1]))
    rest = reread(document, text)
    others = opened(rest, path.parent)
    assert isinstance(others, ListNode)
    item = item_text(document, array, path[-1])
    text = spliced(text, put_item(rest, others, index, item))
    if "#" not in document.text[slice(*array.value.span)]:
        return text
    after = opened(reread(rest, text), path.parent)
    assert isinstance(after, ListNode)
    if not has_all_comments(document.text, array.value, text, after.value):
        raise CannotPlaceError("a comment of the element would stay behind")
    return text


def _removed_from_lines(document: DocumentText, path: KeyPath) -> str:
    array = opened(document, path.parent)
    assert isinstance(array, ListNode)
    lines = _array_in_lines(document, array)
    if lines is None:
        raise CannotPlaceError("each item has a line of its own already")
    return spliced(lines.text, removal(lines, path))


def _array_in_lines(document: DocumentText, array: ListNode) -> DocumentText | None:
    """Return ``document`` with each item of an array on a line of its own; None if it is so."""
    splice = in_lines(document.text, array.value, array_style(document, array))
    text = spliced(document.text, [splice])
    if text == document.text:
        return None
    touched = statements_of(document, array)
    return verified(document, document.value, touched, lambda: text)


def _with_block_moved(document: DocumentText, array: ArrayNode, old: int, new: int) -> str:
    node = array.items[old]
    text = document.text
    first = statements_of(document, node)[0]
    blank = SectionWriter(document, first).blank_lines(document.statements[first].keys)
    # Tables of an item may stand behind others that are not its own: here they come together.
    parts = extents(document, statements_of(document, node))
    newline = newline_at(text, parts[0][0])
    blocks = [text[start:end] for start, end, _ in parts]
    blocks = [block if block.endswith("\n") else block + newline for block in blocks]
    # The index counts in the array without the item.
    others = [item for item in array.items if item is not node]
    follows = new < len(others)
    beside = statements_of(document, others[new] if follows else others[-1])
    offset = extents(document, beside)[0][0] if follows else tail_end(document, beside[-1])
    lines = (newline * blank).join(blocks)
    new_lines = put_lines(text, offset, lines, blank=blank, follows=follows)
    return spliced(text, [new_lines, *(cut_lines(text, start, end) for start, end, _ in parts)])


def _becomes_tables(document: DocumentText, array: ListNode, value: Value) -> bool:
    """Return whether an empty array is better written as ``[[tables]]`` with its first item."""
    parent, (span, items, _) = array.parent, array.value
    if items or not isinstance(value, dict) or "#" in document.text[span.start : span.end]:
        return False
    if not isinstance(parent, TableNode) or not isinstance(array.key, str):
        return False
    return TableForms(document).choose(parent, array.key, [value]) == HEADERS
