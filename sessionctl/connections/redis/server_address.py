"""Server address: the table of a connection as options of redis-py, and what Sentinels say."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline

_SENTINEL_PORT = 26379
_PORT = 6379
_LEAST_S = 0.5
_TLS_LOOK_S = 2.0


class Address(NamedTuple):
    """Where a server is: a Unix socket, or a host and a port."""

    host: str = ""
    port: int = 0
    socket: str = ""

    def __str__(self) -> str:
        return self.socket or (f"[{self.host}]" if ":" in self.host else self.host)


def address_of(request: ConnectionRequest) -> Address:
    """Return where the session file says that the server is."""
    settings = request.settings
    if "socket" in settings:
        return Address(socket=full_path(request, str(settings["socket"])))
    return Address(str(settings.get("host", "localhost")), int(settings.get("port", _PORT)))


def sentinels_of(settings: Mapping[str, Any]) -> list[Address]:
    """Return where the Sentinels are."""
    found = []
    for each in map(str, settings.get("sentinels", ())):
        host, _, port = each.rpartition(":")
        if not host or not port.isdecimal() or (":" in host and not host.startswith("[")):
            host, port = each, str(_SENTINEL_PORT)
        found.append(Address(host.strip("[]"), int(port)))
    return found


def tls_options(request: ConnectionRequest) -> dict[str, Any]:
    """Return what redis-py wants for TLS."""
    settings = request.settings
    if not settings.get("tls"):
        return {}
    is_checked = bool(settings.get("tls_verify", True))
    found: dict[str, Any] = {
        "ssl_cert_reqs": "required" if is_checked else "none",
        "ssl_check_hostname": is_checked,
    }
    names = {"tls_ca": "ssl_ca_certs", "tls_cert": "ssl_certfile", "tls_key": "ssl_keyfile"}
    for key, name in names.items():
        if key in settings:
            path = full_path(request, str(settings[key]))
            if not Path(path).is_file():
                kind = FailureKind.CONFIG
                raise ConnectionFailure(Failure(kind, f"{path}: no such file", key=key))
            found[name] = path
    return found


def full_path(request: ConnectionRequest, path: str) -> str:
    """Return a path of the session file in full."""
    if path == "~" or path.startswith("~/"):
        return str(Path(request.home, path[2:]))
    return str(Path(request.directory, path))


def master_address(request: ConnectionRequest, deadline: Deadline) -> Address:
    """Return what the first Sentinel that answers says, asked anew each time.

    Raises:
      ConnectionFailure: none answers, or none knows the name.
    """
    import redis

    from sessionctl.connections.bounded_call import bounded_call
    from sessionctl.connections.redis.redis_failure import classify

    sentinels = sentinels_of(request.settings)
    name = str(request.settings.get("master", "mymaster"))
    said: list[Failure] = []
    for number, sentinel in enumerate(sentinels):
        share = deadline.within(max(deadline.timeout_s() / (len(sentinels) - number), _LEAST_S))
        options = _sentinel_options(request, sentinel, share.timeout_s())
        try:
            answer = bounded_call(lambda opts=options: _ask(redis, opts, name), share)  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - the next one may answer
            failure = classify(error)
            key = {"password": "sentinel_password", "user": "sentinel_user"}.get(failure.key)
            if failure.kind is FailureKind.AUTH:
                raise ConnectionFailure(failure._replace(key=key or "sentinels")) from None
            said.append(failure._replace(key="sentinels"))
            continue
        if answer:
            host, port = answer
            return Address(_text(host), int(port))
        kind, message = FailureKind.CONFIG, f"no Sentinel knows the name {name}"
        said.insert(0, Failure(kind, message, key="master"))
    raise ConnectionFailure(_summary(said))


def speaks_plainly(address: Address, deadline: Deadline) -> bool:
    """Return whether the server answers to what is said without TLS; no secret is said."""
    try:
        where = (address.host, address.port)
        with socket.create_connection(where, deadline.timeout_s()) as client:
            client.sendall(b"PING\r\n")
            client.settimeout(deadline.timeout_s())
            return client.recv(1) in (b"+", b"-")
    except OSError:
        return False


def speaks_tls(address: Address, deadline: Deadline, error: BaseException) -> bool:
    """Return whether a server that hung up on us (``error``) answers to a handshake of TLS.

    Nothing is said but the handshake, so it is not asked who answers.
    """
    import ssl

    if type(error).__name__ != "ConnectionError" or address.socket or deadline.is_over:
        return False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        where = (address.host, address.port)
        with (
            socket.create_connection(where, deadline.timeout_s(_TLS_LOOK_S)) as client,
            context.wrap_socket(client),
        ):
            return True
    except ssl.SSLError as found:
        # It wants a certificate of ours: TLS all the same.
        return "ALERT" in (found.reason or "")
    except OSError:
        return False


def _summary(said: list[Failure]) -> Failure:
    if said[0].kind is not FailureKind.CONFIG or said[0].key != "master":
        first = said[0]
        if all(each.kind is FailureKind.CONFIG for each in said):
            return first
        return Failure(FailureKind.TRANSIENT, f"no Sentinel answers: {first.message}")
    return said[0]


def _ask(redis: Any, options: dict[str, Any], name: str) -> Any:
    client = redis.Redis(**options)
    try:
        return client.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", name)
    finally:
        client.close()
        client.connection_pool.disconnect()


def _sentinel_options(
    request: ConnectionRequest, sentinel: Address, timeout_s: float
) -> dict[str, Any]:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    secret = request.secrets.get("sentinel_password")
    tls = tls_options(request)
    return {
        "host": sentinel.host,
        "port": sentinel.port,
        "username": request.settings.get("sentinel_user"),
        "password": secret.text if secret is not None else None,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),
        "ssl": bool(tls),
        "protocol": 2,
        **tls,
    }


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
