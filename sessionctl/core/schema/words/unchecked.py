"""The findings for what no value could be held to: at the first value that each is about."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.words.absent_schema import NEVER_FETCHED, way_to_add
from sessionctl.core.schema.words.schema_finding import KEY, VALUE, SchemaFinding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.keypath import Part
    from sessionctl.core.schema.model import Schema

    Subjects = Iterable[tuple[str, str | None]]

_SHOWN = 60


def unchecked(
    schema: Schema, value: object, reasons: Mapping[str, str], addresses: Iterable[str]
) -> Iterator[SchemaFinding]:
    """Yield a warning for each pattern in ``reasons`` and each of the schemas not at hand."""
    for pattern, path, at in _first_places(schema, value, reasons, _patterns):
        yield _warning(pattern, reasons[pattern], path, at)
    for address, path, at in _first_places(schema, value, addresses, _absent):
        message = f"not checked: the schema for this is {address}; {NEVER_FETCHED}"
        hint = way_to_add(address, schema.name, reads_files=schema.registry.reads_files)
        yield SchemaFinding("not-checked", path, message, hint, at, severity="warning")


def _first_places(
    schema: Schema,
    value: object,
    names: Iterable[str],
    subjects: Callable[[Schema, KeyPath, object], Subjects],
) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the first value, or key, that each of ``names`` is about; the root where none is."""
    waiting: list[tuple[KeyPath, Any]] = [(KeyPath(), value)]
    left = dict.fromkeys(names)
    while waiting and left:
        path, here = waiting.pop()
        schema.charge(1)
        for name, key in subjects(schema, path, here):
            if name in left:
                del left[name]
                yield name, path if key is None else path / key, VALUE if key is None else KEY
        entries: list[tuple[Part, Any]] = []
        if isinstance(here, dict):
            entries = list(here.items())
        elif isinstance(here, list):
            entries = list(enumerate(here))
        waiting += [(path / part, item) for part, item in reversed(entries)]
    for name in left:
        yield name, KeyPath(), VALUE


def _absent(schema: Schema, path: KeyPath, _value: object) -> Subjects:
    """Yield the addresses of the schemas for the value at ``path`` that are not at hand."""
    for part in schema.at(path):
        address = schema.registry.absent_address(part)
        if address:
            yield address, None


def _patterns(schema: Schema, path: KeyPath, value: object) -> Subjects:
    """Yield the patterns that apply to ``value``, or to the first of its keys."""
    for part in schema.at(path):
        if isinstance(value, str) and isinstance(part.get("pattern"), str):
            yield part["pattern"], None
        elif isinstance(value, dict) and value:
            first = next(iter(value))
            names = part.get("propertyNames")
            for inner in schema.parts_of(names) if isinstance(names, dict) else ():
                if isinstance(inner.get("pattern"), str):
                    yield inner["pattern"], first
            for pattern in part.get("patternProperties", ()):
                yield pattern, first


def _warning(pattern: str, reason: str, path: KeyPath, at: str) -> SchemaFinding:
    shown = pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}..."
    return SchemaFinding(
        "not-checked",
        path,
        f'the pattern "{shown}" of the schema is not checked: {reason}',
        "",
        at,
        severity="warning",
    )
