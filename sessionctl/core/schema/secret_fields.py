"""Secret fields: what a schema, or the name of its key, says must not be shown."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.redaction import is_secret_name
from sessionctl.core.scan.rules.key_names import (
    LOOSE,
    PASSWORD,
    TOKEN,
    is_secret_path,
    secret_kind,
)
from sessionctl.core.scan.rules.shapes import is_quotable
from sessionctl.core.values import children, is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.problem import Span
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.key_places import KeyPlaces
    from sessionctl.core.values import Value


def is_secret(path: KeyPath, schema: Schema, value: object = "") -> bool:
    """Return whether ``value`` at ``path`` must not be shown: by the schema or by its name.

    What the schema marks with ``x-secret: false``, as the name in a reference
    ``{ secret = "NAME" }``, may be shown, and so may a boolean. A number is secret only under a
    name that is certainly of one, a word only where neither the name nor the schema speaks of
    something else: ``max_tokens``, ``password_file``.
    """
    if isinstance(value, bool) or schema.annotation(path, "x-secret") is False:
        return False
    names = [part for part in path if isinstance(part, str) and is_secret_name(part)]
    if not names or isinstance(value, int | float):
        return schema.is_secret(path) or is_secret_path(path, in_session=False)
    kinds = set(map(secret_kind, names))
    is_named = bool(kinds & {PASSWORD, TOKEN}) or (LOOSE in kinds and not _is_plain(path, schema))
    if schema.is_secret(path) or is_named:
        return True
    return not (isinstance(value, str) and value and is_quotable(value))


def _is_plain(path: KeyPath, schema: Schema) -> bool:
    """Return whether the schema asks for a number or a boolean, which is no secret."""
    return any(part.get("type") in ("boolean", "integer", "number") for part in schema.at(path))


def _holds_secret(path: KeyPath, schema: Schema, value: Value) -> bool:
    if isinstance(value, list) and value:
        return any(_holds_secret(path, schema, item) for item in value)
    return is_secret(path, schema, "" if isinstance(value, dict | list) else value)


def secret_spans(value: Value, places: KeyPlaces, schema: Schema) -> list[Span]:
    """Return where the secret values of a document lie; references are not among them."""
    return [places.value(path) for path in _secret_paths(value, KeyPath(), schema)]


def _secret_paths(value: Value, path: KeyPath, schema: Schema) -> Iterator[KeyPath]:
    for part, item in children(value):
        inner = path / part
        if isinstance(part, str) and is_secret_name(part) and is_reference(item):
            continue
        is_leaf = isinstance(part, str) and not isinstance(item, dict)
        if is_leaf and item != [] and _holds_secret(inner, schema, item):
            yield inner
        else:
            yield from _secret_paths(item, inner, schema)
