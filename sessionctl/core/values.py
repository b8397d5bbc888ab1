"""TOML values as plain Python data, and the type-aware equality of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime, time
    from typing import Any, TypeAlias

    Scalar: TypeAlias = str | int | float | bool | datetime | date | time
    Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"
    Table: TypeAlias = dict[str, Value]

TYPE_NAMES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "float",
    list: "array",
    dict: "table",
}


class _Missing:
    """The value of a key that is not there; there is one, ``MISSING``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = _Missing()
Missing = _Missing


def same_value(one: object, other: object) -> bool:
    """Return whether two TOML values are the same, types included.

    ``1``, ``1.0`` and ``true`` differ, ``nan`` equals ``nan``, tables compare without
    their order.
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    # Most values are these; asked first, for a merge compares all of them several times.
    if kind is str or kind is int or kind is bool:
        return one == other
    if isinstance(one, dict):
        assert isinstance(other, dict)
        if len(one) != len(other):
            return False
        for key, value in one.items():
            if key not in other or not same_value(value, other[key]):
                return False
        return True
    if isinstance(one, list):
        assert isinstance(other, list)
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, float):
        # 0.0 equals -0.0, and 1 / x tells them apart.
        return (one == other and (one != 0 or str(one) == str(other))) or (
            one != one and other != other
        )
    if hasattr(one, "utcoffset") and one == other:
        # Two instants may be equal and written in different offsets, or differ below a microsecond.
        return bool(
            one.utcoffset() == other.utcoffset()  # type: ignore[attr-defined]
            and getattr(one, "digits", "") == getattr(other, "digits", "")
        )
    return bool(one == other)


def value_at(value: Value, path: Iterable[Any]) -> Value:
    """Return what sits at ``path``, keys and indexes, in ``value``; it is there."""
    for part in path:
        value = value[part]  # type: ignore[index]
    return value


def text_in(table: Table, key: str) -> str:
    """Return the string at ``key``, "" if missing."""
    found = table.get(key)
    return found if isinstance(found, str) else ""


def table_in(table: Table, key: str) -> Table:
    """Return the table at ``key``, an empty one if missing."""
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def tables_in(table: Table, key: str) -> list[Table]:
    """Return the tables in the array at ``key``; what else stands there is passed over."""
    found = table.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def is_array_of_tables(value: Value) -> bool:
    """Return whether ``value`` is an array with nothing but tables in it, and at least one."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def holds_only_tables(value: object) -> bool:
    """Return whether ``value`` is a table or an array, not empty, with nothing but tables in it.

    Such a table says nothing of its own: it is there because its children are, as ``tool``
    is in ``[tool.black]``.
    """
    if isinstance(value, dict):
        return bool(value) and all(
            isinstance(child, dict) or is_array_of_tables(child) for child in value.values()
        )
    return isinstance(value, list) and is_array_of_tables(value)


def is_armored(text: str) -> bool:
    """Return whether a key, a certificate or a ciphertext stands in ``text`` in its armor.

    Such a text has lines, and is one thing: lines of two of them make neither.
    """
    return "-----BEGIN " in text


def type_name(value: object) -> str:
    """Return TOML's word for the type of ``value``, such as "integer"."""
    name = TYPE_NAMES.get(type(value))
    if name is not None:
        return name
    return {
        "datetime": "local date-time" if getattr(value, "tzinfo", 1) is None else "date-time",
        "date": "local date",
        "time": "local time",
    }.get(moment_kind(value), type(value).__name__)


def moment_kind(value: object) -> str:
    """Return "datetime", "date" or "time" for one of these, else ""."""
    if not hasattr(value, "isoformat"):
        return ""
    if not hasattr(value, "hour"):
        return "date"
    return "datetime" if hasattr(value, "year") else "time"


def moment_text(value: Any) -> str:
    """Return a date or time as TOML spells it: UTC is ``Z``, and no digit says nothing."""
    text: str = value.isoformat()
    if getattr(value, "microsecond", 0) and not hasattr(value, "digits"):
        head, dot, tail = text.partition(".")
        text = head + dot + tail[:6].rstrip("0") + tail[6:]
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def described(value: object) -> str:
    """Return TOML's word for the type of ``value`` with its article, such as "an array"."""
    name = type_name(value)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def children(value: Value) -> list[tuple[str | int, Value]]:
    """Return the entries of a table or an array, each with its key or index; [] for others."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def changed_copy(root: Table, path: Iterable[Any], change: Callable[[Value], None]) -> Table:
    """Return ``root`` with a change to the container of ``path``.

    Only what is on the way is copied, all else is shared and stays as it is.
    """
    copy = dict(root)
    container: Value = copy
    *above, _last = path
    for part in above:
        inner = container[part]  # type: ignore[index]
        inner = dict(inner) if isinstance(inner, dict) else list(inner)  # type: ignore[arg-type]
        container[part] = inner  # type: ignore[index]
        container = inner
    change(container)
    return copy


def is_reference(value: object) -> bool:
    """Return whether ``value`` has the form of a secret reference: ``{ secret = "name" }``."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("secret"), str)
