"""Binding: where the values that a session refers to may be sent.

A secret is bound to the destination fields of the connections that refer to it, so that
whoever changes a host in the session file, which is not encrypted, does not get the
password sent there. Which fields these are is said by the schema of sessions, in
``x-destination``.
"""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.rules.key_names import is_reference
from sessionctl.core.schema.session_schema import SESSION
from sessionctl.core.secrets.envelope import canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.secrets.envelope import Json
    from sessionctl.core.values import Table, Value

_NO_DESTINATION = {
    "autoconnect", "color", "colour", "connect_count", "database", "description",
    "last_connected", "name", "timeout_s",
}  # fmt: skip
"""Keys of a plug-in's connection that say nothing about where it leads."""


class Reference(NamedTuple):
    """One place of a session that refers to a secret, and what the value is bound to."""

    path: KeyPath
    name: str
    destination: Json


def references(session: Table) -> list[Reference]:
    """Return every reference of a session, those of its overrides too, in their order."""
    found = [Reference(path, name, _destination(session, path)) for path, name in _walk(session)]
    return sorted(found, key=lambda reference: str(reference.path))


def bind_of(session: Table, name: str) -> Json:
    """Return what the secret ``name`` is bound to by ``session``.

    One referrer gives its destination, several give a list of them, none an empty table.
    """
    bound = {
        canonical(ref.destination): ref.destination
        for ref in references(session)
        if ref.name == name
    }
    destinations = [bound[key] for key in sorted(bound)]
    if not destinations:
        return {}
    return destinations[0] if len(destinations) == 1 else destinations


def _walk(value: Value, path: KeyPath = KeyPath()) -> Iterator[tuple[KeyPath, str]]:  # noqa: B008
    if is_reference(value):
        assert isinstance(value, dict)
        yield path, str(value["secret"])
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, path / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, path / index)


def _destination(session: Table, path: KeyPath) -> Json:
    parts = list(path)
    if parts[0] == "overrides":
        parts = parts[2:]
    if parts[0] == "connections" and len(parts) > 2:
        return _connection(session, str(parts[1]))
    if "env" in parts[:-1]:
        return {"env": str(parts[-1])}
    return {"key": str(KeyPath([part for part in parts if isinstance(part, str)]))}


def _connection(session: Table, name: str) -> Json:
    """Return where the connection ``name`` leads, on this and on other machines."""
    base = _connections(session).get(name, {})
    base = base if isinstance(base, dict) else {}
    driver = str(base.get("driver", ""))
    found = _fields(base, driver)
    elsewhere: list[Json] = []
    overrides = session.get("overrides")
    for override in overrides if isinstance(overrides, list) else []:
        other = _connections(override).get(name) if isinstance(override, dict) else None
        if isinstance(other, dict):
            fields = _fields(other, str(other.get("driver", driver)))
            if fields:
                assert isinstance(override, dict)
                elsewhere.append({**fields, "when": _plain(override.get("when", {}))})
    return {**found, "overrides": elsewhere} if elsewhere else found


def _connections(table: Table) -> Table:
    found = table.get("connections")
    return found if isinstance(found, dict) else {}


def _fields(connection: Table, driver: str) -> dict[str, Json]:
    declared = destination_fields(driver)
    return {
        key: _plain(value)
        for key, value in connection.items()
        if not is_reference(value)
        and (key in declared if declared is not None else key not in _NO_DESTINATION)
    }


def destination_fields(driver: str) -> frozenset[str] | None:
    """Return the keys that say where a connection leads; None for a plug-in's driver.

    Of a plug-in's connection all keys count but those that surely do not.
    """
    definitions = SESSION["$defs"]
    assert isinstance(definitions, dict)
    schema = definitions.get(driver)
    if schema is None or "driver" not in schema.get("properties", {}) or driver == "plugin":
        return None
    properties = schema["properties"]
    return frozenset(key for key, inner in properties.items() if inner.get("x-destination"))


def _plain(value: Value) -> Json:
    """Return a TOML value as JSON: dates and odd floats become their text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(_plain, value))
    if isinstance(value, float):
        return repr(value)
    return value if isinstance(value, str | int) else str(value)
