"""One change of a document: the layouts it may take, tried until one verifies."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.comments import trailing_comment
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.edit_array import insert_item, item_text, put_item, remove_item
from sessionctl.core.toml.edit_form import DOTS, HEADERS, VALUE, Forms
from sessionctl.core.toml.edit_guard import failed, keeps_lines
from sessionctl.core.toml.edit_intent import at, with_item, with_key, with_value, without
from sessionctl.core.toml.edit_place import LAST, place_item, place_key
from sessionctl.core.toml.edit_remove import block_of, lead_of, removal
from sessionctl.core.toml.edit_rename import renaming
from sessionctl.core.toml.edit_replace import in_place
from sessionctl.core.toml.edit_sections import NO_COMMENTS, Comments, Sections
from sessionctl.core.toml.edit_splice import CannotPlaceError, cut_lines, put_lines, spliced
from sessionctl.core.toml.edit_where import is_inside_value, opened, statements_of
from sessionctl.core.toml.style import newline_at
from sessionctl.core.toml.tree import ArrayNode, ListNode, TableNode
from sessionctl.core.toml.write import is_array_of_tables
from sessionctl.core.values import same_value
from sessionctl.errors import KeyNotFoundError, ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessionctl.core.toml.edit_place import Spot
    from sessionctl.core.toml.edit_splice import Splice
    from sessionctl.core.values import Table, Value

    # What of the document may change, and the text after the change.
    Attempt = tuple[KeyPath, Callable[[], str]]


def put(
    document: Document, path: KeyPath, value: Value, spot: Spot = LAST, *, keep: bool = True
) -> Document:
    """Return ``document`` with ``value`` as a whole at ``path``.

    The container of ``path`` is there; the path itself may be new. The comments of what
    is replaced stay unless ``keep`` is false.
    """
    intended = with_value(document.value, path, value)
    return _first_that_verifies(document, intended, _puts(document, path, value, spot, keep=keep))


def remove(document: Document, path: KeyPath) -> Document:
    """Return ``document`` without the key or item at ``path``."""
    parent = opened(document, path.parent)
    if isinstance(parent, ArrayNode) and len(parent.items) == 1:
        return put(document, path.parent, [], keep=False)
    intended = without(document.value, path)

    def attempts() -> Iterator[Attempt]:
        yield path, lambda: spliced(document.text, removal(document, path))
        yield from _rewrites(document, path, intended)

    return _first_that_verifies(document, intended, attempts())


def insert(document: Document, path: KeyPath, value: Value) -> Document:
    """Return ``document`` with ``value`` before the item at ``path``, or as the last item."""
    array = opened(document, path.parent)
    index = path[-1]
    assert isinstance(index, int)
    if isinstance(array, ListNode) and _becomes_tables(document, array, value):
        return put(document, path.parent, [value])
    intended = with_item(document.value, path, value)

    def attempts() -> Iterator[Attempt]:
        if isinstance(array, ListNode):
            splices = insert_item(document, array, index, value)
            yield path.parent, lambda: spliced(document.text, splices)
        elif isinstance(array, ArrayNode) and isinstance(value, dict):
            yield path, lambda: spliced(document.text, place_item(document, array, index, value))
        yield from _rewrites(document, path, intended)

    return _first_that_verifies(document, intended, attempts())


def rename(document: Document, path: KeyPath, key: str) -> Document:
    """Return ``document`` with the last key of ``path`` called ``key``."""
    intended = with_key(document.value, path, key)

    def attempts() -> Iterator[Attempt]:
        yield path, lambda: spliced(document.text, renaming(document, path, key))
        yield from _rewrites(document, path, intended)

    return _first_that_verifies(document, intended, attempts())


def move(document: Document, path: KeyPath, index: int) -> Document:
    """Return ``document`` with the item at ``path`` as item ``index`` of its array."""
    value = at(document.value, path)
    array = opened(document, path.parent)
    target = path.parent / index
    intended = with_item(without(document.value, path), target, value)

    def moved() -> str:
        assert isinstance(path[-1], int)
        if isinstance(array, ArrayNode):
            return _with_block_moved(document, array, path[-1], index)
        assert isinstance(array, ListNode)
        text = spliced(document.text, remove_item(document, array, path[-1]))
        rest = Document.parse(text, document.name)
        others = opened(rest, path.parent)
        assert isinstance(others, ListNode)
        item = item_text(document, array, path[-1])
        return spliced(text, put_item(rest, others, index, item))

    result = _verified(document, intended, path.parent, moved)
    return insert(remove(document, path), target, value) if result is None else result


def _with_block_moved(document: Document, array: ArrayNode, old: int, new: int) -> str:
    node = array.items[old]
    block = block_of(document, node)
    if block is None:
        raise CannotPlaceError("the item is written in several places")
    text = document.text
    lines = text[block[0] : block[1]]
    first = statements_of(document, node)[0]
    blank = Sections(document, first).blank_lines(document.statements[first].keys)
    others = [item for item in array.items if item is not node]
    if new < len(others):
        spot = block_of(document, others[new])
        follows = True
    else:
        spot = block_of(document, others[-1])
        follows = False
    if spot is None:
        raise CannotPlaceError("the item next to it is written in several places")
    offset = spot[0] if follows else spot[1]
    newline = Sections(document, first).layout(()).style.newline
    lines = lines if lines.endswith("\n") else lines + newline
    splices = [
        put_lines(text, offset, lines, blank=blank, follows=follows),
        cut_lines(text, *block),
    ]
    return spliced(text, splices)


def _becomes_tables(document: Document, array: ListNode, value: Value) -> bool:
    """Tell whether an empty array is better written as ``[[tables]]`` with its first item."""
    parent, (span, items, _) = array.parent, array.value
    if items or not isinstance(value, dict) or "#" in document.text[span.start : span.end]:
        return False
    if not isinstance(parent, TableNode) or not isinstance(array.key, str):
        return False
    return Forms(document).choose(parent, array.key, [value]) == HEADERS


# -- attempts ------------------------------------------------------------------------------


def _first_that_verifies(
    document: Document, intended: Table, attempts: Iterator[Attempt]
) -> Document:
    for scope, attempt in attempts:
        result = _verified(document, intended, scope, attempt)
        if result is not None:
            return result
    raise failed(document, "no layout gives the value asked for")


def _verified(
    document: Document, intended: Table, scope: KeyPath, attempt: Callable[[], str]
) -> Document | None:
    try:
        text = attempt()
        result = Document.parse(text, document.name)
    except (CannotPlaceError, ParseError):
        return None
    if not same_value(result.value, intended):
        return None
    return result if keeps_lines(document, _touched(document, scope), text) else None


def _touched(document: Document, scope: KeyPath) -> list[int]:
    """Return the statements that a change at ``scope`` may rewrite."""
    try:
        return statements_of(document, opened(document, scope))
    except KeyNotFoundError:
        parent = opened(document, scope.parent)
        return statements_of(document, parent) if is_inside_value(parent) else []


def _puts(
    document: Document, path: KeyPath, value: Value, spot: Spot, *, keep: bool = True
) -> Iterator[Attempt]:
    """Yield the ways to write ``value`` at ``path``, then those that rewrite more."""
    parent = opened(document, path.parent)
    forms = [VALUE]
    if isinstance(parent, TableNode):
        assert isinstance(path[-1], str)
        forms = _forms(Forms(document).choose(parent, path[-1], value), value)
    elif isinstance(value, dict):
        forms = [HEADERS, VALUE]
    is_there = path in document
    for form in forms:
        if is_there:
            yield path, _replacing(document, path, value, form)
        if not isinstance(parent, TableNode):
            continue
        if is_there:
            yield path, _moving(document, path, value, form, keep=keep)
        else:
            yield path, _placing(document, path, value, form, spot)
    for form in forms if is_there and keep and isinstance(parent, TableNode) else ():
        yield path, _moving(document, path, value, form, keep=False)
    yield from _rewrites(document, path, with_value(document.value, path, value))


def _forms(chosen: str, value: Value) -> list[str]:
    possible = [VALUE]
    if isinstance(value, dict):
        possible = [VALUE, HEADERS, DOTS]
    elif is_array_of_tables(value):
        possible = [VALUE, HEADERS]
    return [chosen, *(form for form in possible if form != chosen)]


def _rewrites(document: Document, path: KeyPath, intended: Table) -> Iterator[Attempt]:
    """Yield the ways to write the container of ``path`` anew as a whole, from the inside out."""
    if len(path) > 1:
        yield from _puts(document, path.parent, at(intended, path.parent), LAST)


def _replacing(document: Document, path: KeyPath, value: Value, form: str) -> Callable[[], str]:
    def attempt() -> str:
        return spliced(document.text, in_place(document, opened(document, path), value, form))

    return attempt


def _placing(
    document: Document, path: KeyPath, value: Value, form: str, spot: Spot
) -> Callable[[], str]:
    def attempt() -> str:
        return spliced(document.text, _placed(document, path, value, form, spot, NO_COMMENTS))

    return attempt


def _moving(
    document: Document, path: KeyPath, value: Value, form: str, *, keep: bool
) -> Callable[[], str]:
    """Take out what is there and write the value where its new spelling goes."""

    def attempt() -> str:
        comments = NO_COMMENTS
        node = opened(document, path)
        assert node.parent is not None
        if keep and not is_inside_value(node.parent):
            first = statements_of(document, node)[0]
            comments = Comments(lead_of(document, first), trailing_comment(document, first))
        text = spliced(document.text, removal(document, path))
        rest = Document.parse(text, document.name)
        placed = spliced(text, _placed(rest, path, value, form, LAST, comments))
        if "\n" not in text and newline_at(document.text, 0) == "\r\n":
            placed = placed.replace("\n", "\r\n")  # nothing was left to learn it from
        return placed if document.text.endswith("\n") else placed.rstrip("\r\n")

    return attempt


def _placed(
    document: Document, path: KeyPath, value: Value, form: str, spot: Spot, comments: Comments
) -> list[Splice]:
    parent = opened(document, path.parent)
    assert isinstance(parent, TableNode)
    assert isinstance(path[-1], str)
    return place_key(document, parent, path[-1], value, form, spot, comments)
