"""Wrapped value: a plain value that became a table with that value in it."""

from __future__ import annotations

from sessionctl.core.values import MISSING, same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Value

# Package managers read a plain dependency as a table with nothing but this.
_VERSION = "version"


def wrapping_key(base: Value, *tables: Value) -> str | None:
    """Return the key under which a side put the plain value it had before into a table.

    ``"1.0"`` that became ``{ version = "1.0", optional = true }`` is still there, as
    ``version``. None when there is no such key, or more than one.
    """
    found = {
        key
        for table in tables
        if isinstance(table, dict)
        for key, value in table.items()
        if same_value(value, base)
    }
    # The same value under two keys: which of them takes the edit of the other side is a guess.
    if len(found) != 1:
        return None
    key = found.pop()
    return key if all(key in table for table in tables if isinstance(table, dict)) else None


def says_version(table: Value, plain: Value) -> bool:
    """Return whether ``{ version = "1.0", ... }`` says what the plain ``"1.0"`` says."""
    return isinstance(table, dict) and same_value(table.get(_VERSION, MISSING), plain)


def is_replaced(base: Value, *tables: dict[str, Value]) -> bool:
    """Return whether no table holds the plain value that it stands in the place of."""
    return not any(same_value(value, base) for table in tables for value in table.values())
