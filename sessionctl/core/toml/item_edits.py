"""Item edits: items of arrays of tables made, named and moved by their identity."""

from __future__ import annotations

from sessionctl.core.identity import IDENTITY_FIELDS, identity_field
from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.values import described
from sessionctl.errors import EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Table, Value

BEFORE, AFTER, FIRST, LAST = "before", "after", "first", "last"


def with_value(document: Document, path: KeyPath, value: Value) -> Document:
    """Return the document with ``value`` at ``path``; items that it names are made.

    ``windows[name=new].layout`` adds a window called so behind the others, and ``panes[0]``
    the first of a window without panes; what is between is made too. An item that is there is
    edited, whatever it is called by.

    Raises:
      EditError: the path leads through what is no table, an item key names two items, or a new
        item would not get the identity that the path says.
    """
    found: Value = document.value
    for depth, part in enumerate(path):
        place, rest = KeyPath(path[:depth]), path[depth + 1 :]
        if isinstance(part, str):
            if isinstance(found, dict) and part not in found and _names_item(rest):
                return document.set(place / part, _nested(path, depth + 1, value, []))
        elif isinstance(found, list) and _is_new(document, place, part, found, rest):
            items = [item for item in found if isinstance(item, dict)]
            return document.append(place, _item(path, depth, value, items))
        if KeyPath(path[: depth + 1]) not in document:
            break
        found = document.get(path[: depth + 1])
    return document.set(path, value)


def moved(document: Document, path: KeyPath, where: str, other: KeyPath | None = None) -> Document:
    """Return the document with the item at ``path`` elsewhere in its array.

    ``where`` is ``FIRST`` or ``LAST``, or ``BEFORE`` or ``AFTER`` the item at ``other``. The item
    takes its comments and everything in it along.

    Raises:
      EditError: one of the two is no item of an array, or they are of different arrays.
    """
    place = document.resolve(path)
    array, index = place.parent, place[-1] if place else ""
    if not isinstance(index, int):
        raise EditError(
            f"{path}: it is no item of an array, only those have an order",
            hints=["name one: windows[name=editor]"],
        )
    items = document.get(array)
    assert isinstance(items, list)
    rest = [item for number, item in enumerate(items) if number != index]
    if other is None:
        target = 0 if where == FIRST else len(rest)
    else:
        beside = document.resolve(other)
        number = beside[-1] if beside else ""
        if beside.parent != array or not isinstance(number, int):
            raise EditError(f"{other}: it is not in the same array as {path}")
        if number == index:
            return document
        target = number - (number > index) + (where == AFTER)
    rest.insert(target, items[index])
    return document.set(array, rest)


def without(document: Document, paths: Iterable[KeyPath]) -> Document:
    """Return the document without what is at each of ``paths``, as they are in this document.

    An index goes on naming the item that it named at first; what is in another of the paths may
    be named too.
    """
    # From the last item to the first, and what is in a table before the table.
    order = sorted(set(paths), key=lambda path: [(isinstance(part, int), part) for part in path])
    for path in reversed(order):
        document = document.delete(path).verified(document)
    return document


def place_without(path: KeyPath, removed: Collection[KeyPath]) -> KeyPath:
    """Return where what is at ``path`` stands once ``removed`` is gone, which is not above it."""
    return KeyPath(
        part - sum(_is_lower(gone, path, depth) for gone in removed)
        if isinstance(part, int)
        else part
        for depth, part in enumerate(path)
    )


def _is_lower(gone: KeyPath, path: KeyPath, depth: int) -> bool:
    """Return whether ``gone`` is an item of the array that ``path`` is in, and before it."""
    part, own = gone[-1:], path[depth]
    if len(gone) != depth + 1 or gone[:depth] != path[:depth]:
        return False
    return isinstance(part[0], int) and isinstance(own, int) and part[0] < own


def by_identity(document: Document, path: KeyPath) -> KeyPath:
    """Return ``path`` with each item named by its identity, where it has one."""
    found: list[Part] = []
    for depth, part in enumerate(path):
        place = KeyPath(path[:depth])
        items = document.get(place) if place in document else None
        named: Part = part
        if isinstance(items, list) and isinstance(part, int) and -len(items) <= part < len(items):
            field = identity_field([items])
            item = items[part]
            if field is not None and isinstance(item, dict):
                named = ItemKey(field, str(item[field]))
        found.append(named)
    return KeyPath(found)


def _names_item(rest: Sequence[Part]) -> bool:
    return any(not isinstance(part, str) for part in rest)


def _is_new(
    document: Document, place: KeyPath, part: Part, items: list[Value], rest: Sequence[Part]
) -> bool:
    """Return whether ``part`` names an item that the array has not, and that can be made."""
    if not all(isinstance(item, dict) for item in items):
        return False
    if isinstance(part, int):
        return part == len(items) and bool(rest)
    if not isinstance(part, ItemKey) or place / part in document:
        return False
    return not any(isinstance(item, dict) and _is_called(item, part) for item in items)


def _is_called(item: Table, key: ItemKey) -> bool:
    return key.field in item and str(item[key.field]) == key.value


def _nested(path: KeyPath, depth: int, value: Value, items: Sequence[Table]) -> Value:
    """Return what has to be made for the parts of ``path`` from ``depth`` on."""
    if depth == len(path):
        return value
    part = path[depth]
    if isinstance(part, str):
        return {part: _nested(path, depth + 1, value, [])}
    if isinstance(part, int) and part != 0:
        place = KeyPath(path[:depth])
        raise EditError(
            f"{path}: there is no {place} yet, so an item {part} cannot be made",
            hints=[f"begin with the first: {place / 0}"],
        )
    return [_item(path, depth, value, items)]


def _item(path: KeyPath, depth: int, value: Value, items: Sequence[Table]) -> Value:
    part = path[depth]
    inner = _nested(path, depth + 1, value, [])
    if not isinstance(part, ItemKey):
        return inner
    shown = KeyPath(path[: depth + 1])
    if not isinstance(inner, dict):
        raise EditError(
            f"{shown}: a new item is a table, got {described(inner)}",
            hints=[f"set a key in it: {shown / 'KEY'}", "or give the table: '{ KEY = VALUE }'"],
        )
    own = [item.get(part.field) for item in items]
    is_known = all(isinstance(one, str | int) for one in own) if own else False
    if part.field not in IDENTITY_FIELDS and not is_known:
        raise EditError(
            f"{shown}: there is no such item, and {part.field} does not identify a new one",
            hints=[f"name it: {shown.parent / ItemKey('name', 'NAME')}"],
        )
    name: Value = part.value
    if own and all(isinstance(one, int) and not isinstance(one, bool) for one in own):
        if not part.value.lstrip("-").isdigit():
            raise EditError(f"{shown}: {part.field} is a number in the others, got {part.value!r}")
        name = int(part.value)
    if part.field in inner and inner[part.field] != name:
        from sessionctl.core.toml.parse.document_text import near_items

        raise EditError(
            f"{shown}: there is no such item to rename",
            hints=[
                *near_items(shown.parent, part, items),
                f"name a new one in the path: {shown.parent / ItemKey(part.field, 'NAME')}",
            ],
        )
    return {part.field: name, **inner}
