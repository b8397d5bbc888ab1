"""Address reading: the address of a server as a connection, without the secrets in it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from sessionctl.core.importers.definitions.connection_definition import secret_name
from sessionctl.core.scan.rules.key_names import is_secret_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from sessionctl.core.values import Table

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://|/)\S*")
_DRIVERS = {
    "postgres": "postgres", "postgresql": "postgres", "redis": "redis", "rediss": "redis",
    "http": "http", "https": "http", "sqlite": "sqlite", "sqlite3": "sqlite", "ssh": "ssh",
    "unix": "redis",
}  # fmt: skip
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class AddressReading(NamedTuple):
    """A connection's table, the secrets it refers to, and what was left out."""

    table: Table
    secrets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def is_address(value: str) -> bool:
    """Return whether a value is the address of something."""
    return _ADDRESS.fullmatch(value) is not None


def address_table(name: str, address: str) -> AddressReading | str:
    """Return the connection ``name`` that ``address`` describes, or why there is none.

    A password becomes a reference to a secret; its value is not in what is returned.
    """
    scheme = address.partition(":")[0].lower().partition("+")[0]
    driver = _DRIVERS.get(scheme)
    if driver is None:
        return f"there is no driver for {scheme}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "the address cannot be read"
    if driver == "sqlite":
        file = unquote(parts.path)
        file = file[1:] if file.startswith("/") and not parts.netloc else file
        return AddressReading({"driver": driver, "file": file}) if file else "it names no file"
    if driver == "http":
        return _web(name, parts)
    table: Table = {"driver": driver}
    if scheme == "unix":
        table["socket"] = unquote(parts.path)
    elif parts.hostname:
        table["host"] = unquote(parts.hostname)
    if port is not None:
        table["port"] = port
    if parts.username:
        table["user"] = unquote(parts.username)
    return _finish(name, parts, table)


def _web(name: str, parts: SplitResult) -> AddressReading | str:
    host = parts.netloc.rpartition("@")[2]
    if not host:
        return "it names no host"
    table: Table = {"driver": "http", "url": f"{parts.scheme.lower()}://{host}{parts.path}"}
    if parts.username:
        table["user"] = unquote(parts.username)
    notes = ["what follows the ? was left out"] if parts.query else []
    secrets = _password(name, parts, table)
    return AddressReading(table, secrets, tuple(notes))


def _finish(name: str, parts: SplitResult, table: Table) -> AddressReading:
    driver, notes = table["driver"], []
    path = unquote(parts.path.lstrip("/"))
    secrets = _password(name, parts, table)
    if driver == "redis":
        table.update({"tls": True} if parts.scheme.lower() == "rediss" else {})
        if path.isdigit() and "socket" not in table:
            table["database"] = int(path)
    elif driver == "postgres" and path:
        table["database"] = path
    options: Table = {}
    for key, value in parse_qsl(parts.query):
        if is_secret_key(key):
            if "password" not in table and key == "password":
                secrets = (secret_name(name, "password"),)
                table["password"] = {"secret": secrets[0]}
            else:
                notes.append(f"{key} was left out: it may be a secret")
        elif driver == "postgres" and key == "sslmode" and value in _SSL_MODES:
            table["sslmode"] = value
        elif driver == "postgres" and key in ("host", "user", "dbname"):
            table[{"dbname": "database"}.get(key, key)] = value
        elif driver == "postgres":
            options[key] = value
        else:
            notes.append(f"{key} was left out")
    if options:
        table["options"] = options
    return AddressReading(table, secrets, tuple(notes))


def _password(name: str, parts: SplitResult, table: Table) -> tuple[str, ...]:
    if not parts.password or table["driver"] == "ssh":
        return ()
    secret = secret_name(name, "password")
    table["password"] = {"secret": secret}
    return (secret,)
