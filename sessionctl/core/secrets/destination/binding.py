"""Binding: where the values that a session refers to may be sent.

A secret is bound to everything in the connections that refer to it but what surely does not
say where they lead, so that whoever changes a host in the session file, which is not
encrypted, does not get the password sent there. A key that is not known is bound like any
other: a driver may know it.
"""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import IGNORECASE, late
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

RULES = 2
"""Stands in what is bound, to tell it from what an older sessionctl bound."""

_NO_DESTINATION = frozenset(
    {"autoconnect", "connect_count", "last_connected", "retry", "start", "timeout_s"}
)
_NO_DESTINATION_OF = {
    "sqlite": _NO_DESTINATION | {"create", "pragmas", "readonly"},
    "postgres": _NO_DESTINATION | {"application_name", "pooler", "role", "search_path"},
    "redis": _NO_DESTINATION | {"client_name", "protocol"},
    "ssh": _NO_DESTINATION | {"dynamic_forward", "local_forward", "remote_forward"},
    "http": _NO_DESTINATION,
    "line": _NO_DESTINATION | {"identify", "probe", "probe_answer", "quit", "setup"},
    "jupyter": _NO_DESTINATION,
    "zmq-json": _NO_DESTINATION,
}
"""Keys that say nothing about where a connection of a driver leads."""

_NO_DESTINATION_ELSE = _NO_DESTINATION | {"color", "colour", "description"}
_ADDRESS = late(
    r"(?:.*[^a-z])?(?:host|hostname|hostaddr|server|ur[il]|endpoint|addr|address|port|proxy|domain"
    r"|socket|dsn|broker|registry|remote|user|username|account|driver|base|origin|api)s?",
    IGNORECASE,
)


class Reference(NamedTuple):
    """One place of a session that refers to a secret, and what the value is bound to."""

    path: KeyPath
    name: str
    destination: Json


def references(session: Table) -> list[Reference]:
    """Return every reference of a session, those of its overrides too, in their order."""
    found = [
        Reference(path, name, _destination(session, path))
        for path, name in secret_references(session)
    ]
    return sorted(found, key=lambda reference: str(reference.path))


class Referrers:
    """What a session refers to, found once: each secret with the places that refer to it."""

    def __init__(self, session: Table) -> None:
        self._session = session
        self._paths: dict[str, list[KeyPath]] = {}
        for path, name in secret_references(session):
            self._paths.setdefault(name, []).append(path)

    def bind_of(self, name: str) -> Json:
        """Return what the secret ``name`` is bound to, as the function does."""
        return one_or_list(_destination(self._session, path) for path in self._paths.get(name, ()))


def bind_of(session: Table, name: str) -> Json:
    """Return what the secret ``name`` is bound to by ``session``.

    One referrer gives its destination, several give a list of them, none an empty table.
    """
    return Referrers(session).bind_of(name)


def _destination(session: Table, path: KeyPath) -> Json:
    name = connection_of(path)
    found: dict[str, Json] = {"rules": RULES}
    inner: Value = session
    parts = [part for part in path if isinstance(part, str | int)]
    if parts[0] == "overrides":
        inner = _at(_at(session, "overrides"), parts[1])
        found["when"] = plain(_at(inner, "when"))
        parts = parts[2:]
    if name is None:
        return found | {"key": _named(inner, parts), "beside": _beside(inner, parts)}
    return found | {"key": [*parts[2:]], **_connection(session, name)}


def _connection(session: Table, name: str) -> dict[str, Json]:
    """Return where the connection ``name`` leads, on this and on other machines."""
    base = connections_in(session).get(name, {})
    base = base if isinstance(base, dict) else {}
    driver = str(base.get("driver", ""))
    elsewhere: list[Json] = []
    overrides = session.get("overrides")
    for override in overrides if isinstance(overrides, list) else []:
        other = connections_in(override).get(name) if isinstance(override, dict) else None
        if isinstance(other, dict):
            fields = _fields(other, str(other.get("driver", driver)))
            if fields:
                elsewhere.append({"fields": fields, "when": plain(_at(override, "when"))})
    found: dict[str, Json] = {"connection": _fields(base, driver)}
    return found | {"overrides": elsewhere} if elsewhere else found


def _fields(connection: Table, driver: str) -> dict[str, Json]:
    left_out = _NO_DESTINATION_OF.get(driver, _NO_DESTINATION_ELSE)
    return {
        key: plain(_without_references(value))
        for key, value in connection.items()
        if key not in left_out and not is_reference(value)
    }


def _without_references(value: Value) -> Value:
    """Return ``value`` without the secrets in it, each of which is bound separately."""
    if isinstance(value, dict):
        return {
            key: _without_references(item) for key, item in value.items() if not is_reference(item)
        }
    if isinstance(value, list):
        return [_without_references(item) for item in value if not is_reference(item)]
    return value


def _at(value: Value, part: str | int) -> Value:
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part, {})
    if isinstance(value, list) and isinstance(part, int):
        return value[part]
    return {}


def _named(value: Value, parts: list[str | int]) -> Json:
    """Return a key path in which items of lists go by their names, where they have some."""
    found: list[Json] = []
    for part in parts:
        inner = _at(value, part)
        name = inner.get("name", inner.get("id")) if isinstance(inner, dict) else None
        found.append([name] if isinstance(part, int) and isinstance(name, str) else part)
        value = inner
    return found


def _beside(value: Value, parts: list[str | int]) -> Json:
    """Return what reads like an address in the tables that a secret stands in."""
    found: list[Json] = []
    for depth, part in enumerate(parts):
        if isinstance(value, dict) and depth:
            fields: dict[str, Json] = {
                key: plain(_without_references(item))
                for key, item in value.items()
                if key != part and not is_reference(item) and _ADDRESS.fullmatch(key)
            }
            found += [fields] if fields else []
        value = _at(value, part)
    return found
