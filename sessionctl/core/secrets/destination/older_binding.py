"""Older binding: what values were bound to that an older sessionctl sealed.

It bound the destination fields of the connections that refer to a secret, as the schema marks
them with ``x-destination``. Fields that it left out may hold only what cannot move a value;
with anything else such an entry is refused, as one whose destination changed.
"""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.regex.lazy_pattern import IGNORECASE, late
from sessionctl.core.schema.session_schema import SESSION
from sessionctl.core.secrets.destination.references import (
    connection_of,
    connections_in,
    one_or_list,
    plain,
    secret_references,
)
from sessionctl.core.values import is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.envelope import Json
    from sessionctl.core.values import Table, Value

_NO_DESTINATION = {
    "autoconnect", "color", "colour", "connect_count", "database", "description",
    "last_connected", "name", "timeout_s",
}  # fmt: skip
"""Keys of a plug-in's connection that it did not bind."""

_PLAIN_NAME = late(r"[^=@\\\s\x00-\x1f]*")
_PATH = late(r"/(?![/\\])[^\\@\s\x00-\x1f]*")
_MOVING_HEADER = late(
    r"host|forwarded|via|te|upgrade|connection|transfer-encoding|content-length|proxy.*"
    r"|x-(?:forwarded|original|rewrite|host|http|proxy|real).*",
    IGNORECASE,
)


def older_bind_of(session: Table, name: str) -> Json:
    """Return what the secret ``name`` was bound to by an older sessionctl.

    None where a field that was left out could send the value elsewhere; else one referrer
    gives its destination, several give a list of them, none an empty table.
    """
    found = [path for path, secret in secret_references(session) if secret == name]
    if any(_could_move(session, path) for path in found):
        return None
    return one_or_list(_destination(session, path) for path in found)


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
    base = connections_in(session).get(name, {})
    base = base if isinstance(base, dict) else {}
    driver = str(base.get("driver", ""))
    found = _fields(base, driver)
    elsewhere: list[Json] = []
    overrides = session.get("overrides")
    for override in overrides if isinstance(overrides, list) else []:
        other = connections_in(override).get(name) if isinstance(override, dict) else None
        if isinstance(other, dict):
            fields = _fields(other, str(other.get("driver", driver)))
            if fields:
                assert isinstance(override, dict)
                elsewhere.append({**fields, "when": plain(override.get("when", {}))})
    return {**found, "overrides": elsewhere} if elsewhere else found


def _fields(connection: Table, driver: str) -> dict[str, Json]:
    declared = destination_fields(driver)
    return {
        key: plain(value)
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


def _could_move(session: Table, path: KeyPath) -> bool:
    """Return whether a field that was not bound could send the value of ``path`` elsewhere."""
    name = connection_of(path)
    if name is None:
        return False
    base = connections_in(session).get(name, {})
    overrides = session.get("overrides")
    others = [
        connections_in(override).get(name)
        for override in (overrides if isinstance(overrides, list) else [])
        if isinstance(override, dict)
    ]
    tables = [table for table in (base, *others) if isinstance(table, dict)]
    drivers = {str(table["driver"]) for table in tables if "driver" in table} or {""}
    return any(
        not _is_harmless(driver, key, value)
        for driver in drivers
        for table in tables
        for key, value in table.items()
    )


def _is_harmless(driver: str, key: str, value: Value) -> bool:
    declared = destination_fields(driver)
    if declared is None:
        return key not in _NO_DESTINATION or not isinstance(value, str) or _is_name(value)
    if key in declared or is_reference(value):
        return True
    if key not in _properties(driver):
        return False
    match key:
        case "database":
            return _is_name(value) if driver == "postgres" else isinstance(value, int)
        case "probe":
            return isinstance(value, str) and _PATH.fullmatch(value) is not None
        case "headers":
            return isinstance(value, dict) and not any(map(_moves, value, value.values()))
    return True


def _is_name(value: Value) -> bool:
    is_name = isinstance(value, str) and _PLAIN_NAME.fullmatch(value) is not None
    return is_name and "://" not in str(value)


def _moves(header: str, value: Value) -> bool:
    if _MOVING_HEADER.fullmatch(header.strip()) is not None:
        return True
    return not is_reference(value) and not (isinstance(value, str) and value.isprintable())


def _properties(driver: str) -> dict[str, object]:
    definitions = SESSION["$defs"]
    assert isinstance(definitions, dict)
    found: dict[str, object] = definitions[driver]["properties"]
    return found
