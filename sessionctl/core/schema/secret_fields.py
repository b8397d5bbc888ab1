"""Secret fields: what a schema, or the name of its key, says must not be shown."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.redaction import is_secret_name
from sessionctl.core.scan.rules.key_names import is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import Part
    from sessionctl.core.problem import Span
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.key_places import KeyPlaces
    from sessionctl.core.values import Value


def is_secret(path: KeyPath, schema: Schema) -> bool:
    """Return whether what is at ``path`` must not be shown: by the schema or by its name.

    What the schema marks with ``x-secret: false``, as the name in a reference
    ``{ secret = "NAME" }``, may be shown.
    """
    if schema.annotation(path, "x-secret") is False:
        return False
    if any(isinstance(part, str) and is_secret_name(part) for part in path):
        return True
    return schema.is_secret(path)


def secret_spans(value: Value, places: KeyPlaces, schema: Schema) -> list[Span]:
    """Return where the secret values of a document lie; references are not among them."""
    return [places.value(path) for path in _secret_paths(value, KeyPath(), schema)]


def _secret_paths(value: Value, path: KeyPath, schema: Schema) -> Iterator[KeyPath]:
    entries: list[tuple[Part, Value]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for part, item in entries:
        inner = path / part
        if isinstance(part, str) and is_secret_name(part) and is_reference(item):
            continue
        if isinstance(part, str) and not isinstance(item, dict) and is_secret(inner, schema):
            if not isinstance(item, list) or item:
                yield inner
        else:
            yield from _secret_paths(item, inner, schema)
