"""Redis failure: what an error of the server or of redis-py means for the next attempt."""

from __future__ import annotations

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind

TRANSIENT, BUSY, AUTH, CONFIG, INCOMPATIBLE, PERMANENT = (
    FailureKind.TRANSIENT,
    FailureKind.BUSY,
    FailureKind.AUTH,
    FailureKind.CONFIG,
    FailureKind.INCOMPATIBLE,
    FailureKind.PERMANENT,
)

_WORDS = (
    ("wrongpass", AUTH, "password"),
    ("invalid username-password", AUTH, "password"),
    ("invalid password", AUTH, "password"),
    ("noauth", AUTH, "password"),
    ("authentication required", AUTH, "password"),
    ("without any password configured", AUTH, "password"),
    ("no password is set", AUTH, "password"),
    ("noperm", AUTH, "user"),
    ("has no permissions", AUTH, "user"),
    ("protected mode", CONFIG, "host"),
    ("db index", CONFIG, "database"),
    ("max number of clients", BUSY, ""),
    ("loading", BUSY, ""),
    ("busy", BUSY, ""),
    ("tryagain", BUSY, ""),
    ("masterdown", TRANSIENT, ""),
    ("link with master is down", TRANSIENT, ""),
    ("clusterdown", TRANSIENT, ""),
    ("readonly", TRANSIENT, ""),
    ("read only replica", TRANSIENT, ""),
    ("noproto", INCOMPATIBLE, "protocol"),
    ("unsupported protocol", INCOMPATIBLE, "protocol"),
    ("unknown command", INCOMPATIBLE, "protocol"),
    ("invalid resp version", INCOMPATIBLE, "protocol"),
    ("protocol error", INCOMPATIBLE, ""),
    ("moved ", INCOMPATIBLE, ""),
)
"""What the server says in an error, in the order in which it is looked for."""

_CLASSES = {
    "AuthenticationWrongNumberOfArgsError": (INCOMPATIBLE, "user"),
    "AuthenticationError": (AUTH, "password"),
    "AuthorizationError": (AUTH, "user"),
    "NoPermissionError": (AUTH, "user"),
    "MaxClientsError": (BUSY, ""),
    "BusyLoadingError": (BUSY, ""),
    "MasterDownError": (TRANSIENT, ""),
    "ReadOnlyError": (TRANSIENT, ""),
    "InvalidResponse": (INCOMPATIBLE, ""),
}
"""What the classes of redis-py mean, which often leave the server's first word out."""

_HINTS = {
    "password": "check user and password",
    "user": "check user, and what ACL GETUSER of the server says of it",
    "database": "check database, and 'databases' in the server's configuration",
    "protocol": "check protocol and user: both need a server from version 6 on",
    "tls": "check tls: this port of the server does not speak it",
    "tls_ca": "check tls_ca: the server's certificate is not signed by a trusted authority",
}


def classify(error: BaseException) -> Failure:
    """Return what ``error`` means."""
    if isinstance(error, ConnectionFailure):
        return error.failure
    if isinstance(error, ImportError):
        from sessionctl.connections.missing_library import missing_library

        return missing_library("redis", "redis-py", "redis")
    return _by_cause(error) or _by_class(error) or _by_words(error) or _otherwise(error)


def _by_cause(error: BaseException) -> Failure | None:
    import ssl  # costs a megabyte: it is only loaded when something has failed

    for each in _with_causes(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return _failure(CONFIG, f"certificate: {each.verify_message}", "tls_ca")
        if isinstance(each, ssl.SSLError):
            return _failure(CONFIG, f"TLS: {each.reason or each}", "tls")
        if isinstance(each, FileNotFoundError):
            # The server makes its socket when it starts.
            return _failure(TRANSIENT, "there is no such socket", "socket")
    return None


def _by_class(error: BaseException) -> Failure | None:
    for each in type(error).__mro__:
        if found := _CLASSES.get(each.__name__):
            return _failure(found[0], _message(error), found[1])
    return None


def _by_words(error: BaseException) -> Failure | None:
    name = type(error).__name__
    message = _message(error)
    if name == "ConnectionError" or name.endswith("ResponseError"):
        for word, kind, key in _WORDS:
            if word in message.lower():
                return _failure(kind, message, key)
    return None


def _otherwise(error: BaseException) -> Failure:
    name = type(error).__name__
    message = _message(error)
    if isinstance(error, TimeoutError) or name == "TimeoutError":
        return Failure(TRANSIENT, "the server does not answer in time")
    if isinstance(error, OSError) or name == "ConnectionError":
        return Failure(TRANSIENT, message or "the connection is closed")
    return Failure(PERMANENT, f"{name}: {message}")


def _with_causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _failure(kind: FailureKind, message: str, key: str) -> Failure:
    hint = _HINTS.get(key)
    return Failure(kind, message, hints=(hint,) if hint else (), key=key)


def _message(error: BaseException) -> str:
    line = next(iter(str(error).splitlines()), "").strip().rstrip(".")
    return line[:1].lower() + line[1:]
