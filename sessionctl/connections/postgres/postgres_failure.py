"""Postgres failure: what an error of the server or of libpq means for the next attempt."""

from __future__ import annotations

import re

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind

TRANSIENT, BUSY, AUTH, CONFIG, INCOMPATIBLE, PERMANENT = (
    FailureKind.TRANSIENT,
    FailureKind.BUSY,
    FailureKind.AUTH,
    FailureKind.CONFIG,
    FailureKind.INCOMPATIBLE,
    FailureKind.PERMANENT,
)

_STATES = {
    "08P01": (INCOMPATIBLE, ""),
    "08": (TRANSIENT, ""),
    "0A": (INCOMPATIBLE, ""),
    "28000": (AUTH, "user"),
    "28": (AUTH, "password"),
    "3D000": (CONFIG, "database"),
    "25006": (TRANSIENT, ""),  # read only: the primary is another one by now
    "25P03": (TRANSIENT, ""),
    "40": (TRANSIENT, ""),
    "42704": (CONFIG, ""),
    "53": (BUSY, ""),
    "55000": (PERMANENT, ""),
    "55P03": (BUSY, ""),
    "57P03": (BUSY, ""),
    "57P04": (CONFIG, "database"),
    "57": (TRANSIENT, ""),
    "58": (TRANSIENT, ""),
}
"""What an SQLSTATE means, or its class, and the key that is at fault."""

_MESSAGES = (
    (r"definition of service \S+ not found|service file \S+ not found", CONFIG, "service"),
    (r"could not translate host name", CONFIG, "host"),
    (r"root certificate file|could not (load|read) .*certificate", CONFIG, "sslrootcert"),
    (r"server does not support SSL|SSL.* not supported|no SSL|sslmode value", CONFIG, "sslmode"),
    (r"certificate verify failed|server certificate for", CONFIG, "sslmode"),
    (r"invalid connection option|invalid .*connection option|invalid .* value:", CONFIG, "options"),
    (r"invalid port number|invalid integer value .*port", CONFIG, "port"),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", AUTH, "user"),
    (
        r"password authentication failed|no password supplied|auth(entication)? failed",
        AUTH,
        "password",
    ),
    (
        r"role .* does not exist|no such user|not permitted to log in",
        AUTH,
        "user",
    ),
    (r"database .* does not exist|no such database", CONFIG, "database"),
    (r"not currently accepting connections", CONFIG, "database"),
    (r"the database system is|not yet accepting connections", BUSY, ""),
    (r"too many clients|too many connections|connection slots are reserved", BUSY, ""),
    (r"no more connections allowed|query_wait_timeout|max_client_conn", BUSY, ""),
    (r"server is (not )?in hot standby|session is (not )?read-only", TRANSIENT, ""),
    (r"unsupported startup parameter", CONFIG, "options"),
    (r"unsupported frontend protocol|protocol version|authentication method", INCOMPATIBLE, ""),
    (r"received invalid response|expected authentication request|SASL|SCRAM", INCOMPATIBLE, ""),
)
_PATTERNS = [(re.compile(pattern, re.IGNORECASE), kind, key) for pattern, kind, key in _MESSAGES]

_HINTS = {
    (AUTH, "password"): "check user and password",
    (AUTH, "user"): "check user and host, and pg_hba.conf of the server",
    (CONFIG, "database"): "check database; 'psql -l' lists what the server has",
    (CONFIG, "service"): "check the name, and ~/.pg_service.conf or PGSERVICEFILE",
    (CONFIG, "sslmode"): "check sslmode and sslrootcert: the server and they do not agree on TLS",
}
_WHERE = re.compile(r"^connection to server (at|on) .*? failed: ", re.IGNORECASE)
_OF_SERVER = re.compile(r"\w+ ?:  \S")
"""How libpq writes what the server said: the word for "fatal", two spaces, the message."""

_LEVEL = re.compile(r"^(?:[A-Z]{4,}|[^\W\d_]{4,20}):\s+")


class ServerError(Exception):
    """The server refused a statement of ours."""

    def __init__(self, sqlstate: str, message: str) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


class LoginError(Exception):
    """The way in failed: in libpq's words, without secrets, and how far it had come."""

    def __init__(self, message: str, *, used_password: bool, needs_password: bool) -> None:
        super().__init__(message)
        self.used_password = used_password
        self.needs_password = needs_password


def classify(error: BaseException) -> Failure:
    """Return what ``error`` means; by its SQLSTATE where it has one."""
    if isinstance(error, ConnectionFailure):
        return error.failure
    if isinstance(error, LoginError):
        return _login_failure(error)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state_failure(state, _first_line(str(error)))
    if isinstance(error, ImportError):
        from sessionctl.connections.missing_library import missing_library

        return missing_library("postgres", "psycopg", "postgres")
    if isinstance(error, TimeoutError):
        return Failure(TRANSIENT, "the server does not answer in time")
    if isinstance(error, OSError):
        return Failure(TRANSIENT, _first_line(error.strerror or str(error)))
    if type(error).__name__ in {"OperationalError", "InterfaceError"}:
        return Failure(TRANSIENT, _first_line(str(error)) or "the connection is closed")
    return Failure(PERMANENT, f"{type(error).__name__}: {_first_line(str(error))}")


def state_failure(state: str, message: str) -> Failure:
    """Return what the SQLSTATE ``state`` means."""
    kind, key = _STATES.get(state) or _STATES.get(state[:2]) or (PERMANENT, "")
    return _failure(kind, f"{message} ({state})", key)


def _login_failure(error: LoginError) -> Failure:
    message = _first_line(str(error))
    for pattern, kind, key in _PATTERNS:
        if pattern.search(message):
            return _failure(kind, message, key)
    # A server may speak another language: libpq knows whether a password was asked for.
    if error.needs_password or (error.used_password and _OF_SERVER.search(str(error))):
        return _failure(AUTH, message, "password")
    return _failure(TRANSIENT, message, "")


def _failure(kind: FailureKind, message: str, key: str) -> Failure:
    hint = _HINTS.get((kind, key))
    return Failure(kind, message, hints=(hint,) if hint else (), key=key)


def _first_line(message: str) -> str:
    """Return what happened, without where and without how bad: the reader knows both."""
    line = next((line.strip() for line in message.splitlines() if line.strip()), "")
    line = _WHERE.sub("", line)
    line = _LEVEL.sub("", line).rstrip(".")
    return line[:1].lower() + line[1:]
