"""The findings for patterns that no value could be held to: where they would have applied."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.words.schema_finding import KEY, VALUE, SchemaFinding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sessionctl.core.keypath import Part
    from sessionctl.core.schema.model import Schema

_SHOWN = 60


def unchecked(schema: Schema, value: object, reasons: Mapping[str, str]) -> Iterator[SchemaFinding]:
    """Yield a warning for each pattern in ``reasons``, at the first value that it is about."""
    waiting: list[tuple[KeyPath, Any]] = [(KeyPath(), value)]
    left = dict(reasons)
    while waiting and left:
        path, here = waiting.pop()
        schema.charge(1)
        for pattern, key in _patterns(schema, path, here):
            if pattern in left:
                reason = left.pop(pattern)
                place = path if key is None else path / key
                yield _warning(pattern, reason, place, VALUE if key is None else KEY)
        entries: list[tuple[Part, Any]] = []
        if isinstance(here, dict):
            entries = list(here.items())
        elif isinstance(here, list):
            entries = list(enumerate(here))
        waiting += [(path / part, item) for part, item in reversed(entries)]
    for pattern, reason in left.items():
        yield _warning(pattern, reason, KeyPath(), VALUE)


def _patterns(schema: Schema, path: KeyPath, value: object) -> Iterator[tuple[str, str | None]]:
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
