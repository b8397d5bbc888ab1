"""The value an edit is meant to give: the same change on plain data, and what it may bring in."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.parse.lexer import moment_types
from sessionctl.core.toml.parse.parser import MAX_DEPTH
from sessionctl.core.values import changed_copy, value_at
from sessionctl.errors import EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    from sessionctl.core.values import Table, Value

# The parser reads no more either: Python's int() refuses 4300 digits.
_MAX_DIGITS = 4000


def plain(value: object, path: KeyPath) -> Value:
    """Return ``value`` as plain TOML data, copied; subclasses become what they stand for.

    Raises:
      EditError: something in it cannot be written as TOML 1.0, or it would stand deeper
        than ``MAX_DEPTH``; the message names the path.
    """
    is_container = isinstance(value, dict | list | tuple)
    if len(path) + is_container > MAX_DEPTH:
        raise EditError(f"{_short(path)}: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return {_plain_key(key, path): plain(item, path / str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, path / index) for index, item in enumerate(value)]
    if isinstance(value, str):
        return plain_text(value, path)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _plain_integer(int(value), path)
    if isinstance(value, float):
        return float(value)
    moments = moment_types()
    if isinstance(value, (moments.date, moments.time)):
        return _plain_moment(value, path)
    raise EditError(
        f"{path}: TOML has no value for {type(value).__name__}",
        hints=["use a string, number, boolean, date, time, list or dict with string keys"],
    )


def _plain_key(key: object, path: KeyPath) -> str:
    if not isinstance(key, str):
        raise EditError(f"{path}: the keys of a table are strings, got {type(key).__name__}")
    return plain_text(key, path)


def plain_text(text: str, path: KeyPath) -> str:
    """Return ``text`` as a plain string.

    Raises:
      EditError: it holds a surrogate, which no UTF-8 file can.
    """
    for character in text:
        if "\ud800" <= character <= "\udfff":
            raise EditError(
                f"{path}: half of a surrogate pair, U+{ord(character):04X}, is not Unicode text"
            )
    # A StrEnum or another subclass must not come back out of the document.
    return str.__str__(text)


def _plain_integer(number: int, path: KeyPath) -> int:
    if abs(number) >= 10**_MAX_DIGITS:
        raise EditError(f"{path}: the integer has more than {_MAX_DIGITS} digits")
    return number


def _plain_moment(value: date | time, path: KeyPath) -> date | time:
    if hasattr(value, "digits"):
        return value  # read from TOML
    from datetime import date, datetime, time, timedelta, timezone

    if isinstance(value, datetime):
        offset = value.utcoffset()
        if offset is not None and offset % timedelta(minutes=1):
            raise EditError(f"{path}: TOML has no time offset with seconds, got {offset}")
        zone = None if offset is None else timezone(offset)
        clock = value.timetz().replace(tzinfo=zone, fold=0)
        return datetime.combine(date(value.year, value.month, value.day), clock)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if value.tzinfo is not None:
        raise EditError(f"{path}: a time without a date has no offset in TOML")
    return time(value.hour, value.minute, value.second, value.microsecond)


def _short(path: KeyPath) -> str:
    return f"{KeyPath(path[:4])}..." if len(path) > 4 else str(path)


# -- edits on plain data -----------------------------------------------------------------


def with_value(root: Table, path: KeyPath, value: Value) -> Table:
    """Return ``root`` with ``value`` at ``path``; a new key goes last."""

    def put(container: Value) -> None:
        container[path[-1]] = value  # type: ignore[index]

    return changed_copy(root, path, put)


def with_all(root: Table, changes: Sequence[tuple[KeyPath, Value]]) -> Table:
    """Return ``root`` with every value of ``changes`` at its path, all of which are there."""
    copy = dict(root)
    # What was copied once is this one's own; all that no change reaches into is shared.
    own = {id(copy)}
    for path, value in changes:
        container: Value = copy
        for part in path[:-1]:
            inner: Value = container[part]  # type: ignore[index]
            if id(inner) not in own:
                inner = dict(inner) if isinstance(inner, dict) else list(inner)  # type: ignore[arg-type]
                own.add(id(inner))
                container[part] = inner  # type: ignore[index]
            container = inner
        container[path[-1]] = value  # type: ignore[index]
    return copy


def with_items(root: Table, path: KeyPath, values: list[Value]) -> Table:
    """Return ``root`` with ``values`` put before the item at ``path``."""

    def put(container: Value) -> None:
        assert isinstance(container, list)
        assert isinstance(path[-1], int)
        container[path[-1] : path[-1]] = values

    return changed_copy(root, path, put)


def without(root: Table, path: KeyPath) -> Table:
    """Return ``root`` without the key or item at ``path``; its container stays."""

    def cut(container: Value) -> None:
        del container[path[-1]]  # type: ignore[arg-type,union-attr]

    return changed_copy(root, path, cut)


def without_items(root: Table, path: KeyPath, indexes: list[int]) -> Table:
    """Return ``root`` without some items of the array at ``path``."""
    items = value_at(root, path)
    assert isinstance(items, list)
    gone = set(indexes)
    return with_value(root, path, [item for n, item in enumerate(items) if n not in gone])


def with_key(root: Table, path: KeyPath, key: str) -> Table:
    """Return ``root`` with the last key of ``path`` called ``key``."""

    def rename(container: Value) -> None:
        assert isinstance(container, dict)
        # The key keeps its place among the others, as it does in the text.
        items = [(key if old == path[-1] else old, item) for old, item in container.items()]
        container.clear()
        container.update(items)

    return changed_copy(root, path, rename)
