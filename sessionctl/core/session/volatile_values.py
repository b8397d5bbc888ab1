"""Volatile values: what changes all the time, apart from the document that is committed.

A schema marks them with ``x-volatile``. Each is a field of its own, known by its key path,
with items by their names; of two values of one field the later one counts.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.core.toml.write.value_writer import render_value
from sessionctl.core.values import children, same_value
from sessionctl.errors import KeyNotFoundError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sessionctl.core.schema.model import Schema
    from sessionctl.core.values import Table, Value

    Fields = Mapping[KeyPath, "StampedValue"]

ROOT = KeyPath()

_HEAD = "# What changes all the time in {name}; sessionctl keeps it, it may be deleted.\n"


class StampedValue(NamedTuple):
    """A value and when it was set, in nanoseconds since 1970."""

    value: Value
    at_ns: int


class VolatileSplit(NamedTuple):
    """A document without its volatile values, and those."""

    durable: Document
    volatile: dict[KeyPath, Value]


def split(document: Document, schema: Schema) -> VolatileSplit:
    """Return ``document`` without what ``schema`` calls volatile, and the values of that.

    Every other byte of the text stays as it is; tables that are volatile as a whole go.
    """
    places = KeyPlaces(document)
    values: dict[KeyPath, Value] = {}
    edits: list[tuple[object, ...]] = []
    for path in _volatile_paths(document.value, schema):
        edits.append(("delete", path))
        for field, value in _leaves(path, document.get(path)):
            values[_named(places, field, path, schema)] = value
    # The last first: a deleted item must not move those that come after it.
    durable = document.apply(reversed(edits)).verified() if edits else document
    return VolatileSplit(durable, values)


def join(document: Document, fields: Fields, schema: Schema) -> Table:
    """Return the value of ``document`` with ``fields`` in their places.

    A field whose table or item is not there (any more) is left out. One that stands in the
    document too counts as it is in ``fields``.
    """
    value = _copy(document.value)
    for path, stamped in fields.items():
        _put(value, document, path, stamped.value, schema)
    return value


def without_volatile(live: Document, base: Document, schema: Schema) -> Document:
    """Return ``live`` with the volatile values that ``base`` has, and no others.

    So volatile values never reach a file, and those that somebody wrote into one by hand
    stay there as they are.
    """
    before = split(base, schema).volatile
    durable, values = split(live, schema)
    if not before:
        return durable
    if before.keys() == values.keys() and all(same_value(before[k], values[k]) for k in before):
        return live
    for path, value in before.items():
        if _owner(durable, path, schema) is not None:
            durable = durable.set(path, value)
    return durable


def merge_fields(ours: Fields, theirs: Fields, schema: Schema) -> dict[KeyPath, StampedValue]:
    """Return the fields of both; of one that both have, the later value counts.

    What the schema merges by ``max`` or ``newest`` is the greater of both values instead.
    The order of the sides does not matter.
    """
    merged = dict(ours)
    for path, other in theirs.items():
        mine = merged.get(path)
        merged[path] = other if mine is None else _later(mine, other, schema.merge_rule(path))
    return merged


def render_fields(fields: Fields, name: str) -> str:
    """Return ``fields`` of the session ``name`` as TOML, sorted by their paths."""
    parts = [_HEAD.format(name=name.replace("\n", " "))]
    for path, stamped in sorted(fields.items(), key=lambda item: str(item[0])):
        lines = (
            "[[fields]]",
            f"key = {render_value(str(path))}",
            f"value = {render_value(stamped.value)}",
            f"at_ns = {stamped.at_ns}",
        )
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def read_fields(text: str, name: str = "") -> dict[KeyPath, StampedValue]:
    """Return the fields that ``render_fields`` wrote; entries of another form are left out.

    Raises:
      ParseError: ``text`` is not TOML.
    """
    fields: dict[KeyPath, StampedValue] = {}
    entries = Document.parse(text, name).value.get("fields", [])
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or "value" not in entry:
            continue
        key, at_ns = entry.get("key"), entry.get("at_ns")
        if not isinstance(key, str) or type(at_ns) is not int:
            continue
        try:
            fields[KeyPath.parse(key)] = StampedValue(entry["value"], at_ns)
        except UsageError:
            continue
    return fields


def _later(one: StampedValue, other: StampedValue, rule: str | None) -> StampedValue:
    if rule in ("max", "newest"):
        found = max((one, other), key=lambda stamped: _rank(stamped.value))
        return found._replace(at_ns=max(one.at_ns, other.at_ns))
    return max((one, other), key=lambda stamped: (stamped.at_ns, _rank(stamped.value)))


def _rank(value: Value) -> tuple[int, float, str]:
    """Return what orders values: numbers by size, all else by their text."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        return 1, value, ""
    return 0, 0.0, value if isinstance(value, str) else render_value(value)


def _volatile_paths(value: Value, schema: Schema, path: KeyPath = ROOT) -> Iterator[KeyPath]:
    """Yield the outermost volatile paths below ``path``, in the order of the document."""
    if path and any(found.get("x-volatile") is True for found in schema.at(path)):
        yield path
        return
    for part, inner in children(value):
        if isinstance(inner, dict | list) or isinstance(part, str):
            yield from _volatile_paths(inner, schema, path / part)


def _leaves(path: KeyPath, value: Value) -> Iterator[tuple[KeyPath, Value]]:
    """Yield the fields of a volatile value: those of a table are fields of their own."""
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for key, inner in value.items():
        yield from _leaves(path / key, inner)


def _named(places: KeyPlaces, field: KeyPath, path: KeyPath, schema: Schema) -> KeyPath:
    """Return ``field``, in or at ``path``, with items by their names."""
    return KeyPath((*places.shown(path, schema.item_key), *field[len(path) :]))


def _owner(document: Document, path: KeyPath, schema: Schema) -> KeyPath | None:
    """Return what the outermost volatile part of ``path`` is in; None where that is gone."""
    depth = next((n for n in range(1, len(path) + 1) if schema.is_volatile(path[:n])), len(path))
    try:
        return document.resolve(path[: depth - 1])
    except KeyNotFoundError:
        return None


def _put(value: Table, document: Document, path: KeyPath, new: Value, schema: Schema) -> None:
    """Set ``path`` in ``value``, a copy of that of ``document``, if it has the place."""
    owner = _owner(document, path, schema)
    if owner is None:
        return
    here: Value = value
    for part in owner:
        here = here[part]  # type: ignore[index]
    for part in path[len(owner) : -1]:
        assert isinstance(here, dict)
        assert isinstance(part, str)
        if not isinstance(here.get(part), dict):
            here[part] = {}
        here = here[part]
    if isinstance(here, dict) and isinstance(path[-1], str):
        here[path[-1]] = _copy_value(new)


def _copy(table: Table) -> Table:
    return {key: _copy_value(value) for key, value in table.items()}


def _copy_value(value: Value) -> Value:
    if isinstance(value, dict):
        return _copy(value)
    if isinstance(value, list):
        return [_copy_value(item) for item in value]
    return value
