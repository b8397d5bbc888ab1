"""Opening: a client of redis-py on one connection that does not reconnect by itself."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sessionctl.connections.bounded_call import bounded_call, host_addresses
from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    OpenStep,
)
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.redis.redis_handle import OneConnection, RedisHandle
from sessionctl.connections.redis.server_address import (
    address_of,
    master_address,
    sentinels_of,
    speaks_plainly,
    tls_options,
)
from sessionctl.connections.socket_guard import SocketGuard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.redis.server_address import Address

_HANDSHAKE = 0.6
"""The share of the time that connecting and the handshake of TLS may take."""

_LATER_S = 10.0
"""How long a second connection, for subscriptions, may take to log in."""


class _TlsConnection(redis.SSLConnection):  # type: ignore[misc]
    """The handshake of TLS has a limit of its own, and what comes after it has none."""

    def _wrap_socket_with_ssl(self, sock: Any) -> Any:
        sock.settimeout(self.socket_connect_timeout)
        wrapped = super()._wrap_socket_with_ssl(sock)
        wrapped.settimeout(self.socket_timeout)
        return wrapped


class _Login:
    """What is done once on each connection that redis-py makes: log in, and never again.

    redis-py would connect anew in silence, and the state of the connection would be gone.
    """

    def __init__(self, deadline: Deadline, step: Callable[[OpenStep], None]) -> None:
        self.guards: list[SocketGuard] = []
        self._seen: list[Any] = []
        self._deadline: Deadline | None = deadline
        self._step = step

    def __call__(self, connection: Any) -> None:
        if any(connection is each for each in self._seen):
            raise redis.ConnectionError("the connection is closed")
        self._seen.append(connection)
        guard = SocketGuard(connection._sock.fileno())
        self.guards.append(guard)
        deadline = self._deadline
        if deadline is not None:
            self._step(OpenStep.AUTHENTICATE)
        with guard.until(deadline or Deadline(_LATER_S)):
            connection.on_connect()
        self._deadline = None

    def undo(self) -> None:
        """Give back what a login that failed has left."""
        for guard in self.guards:
            guard.cut()
            guard.close()


def open_handle(
    request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
) -> RedisHandle:
    """Return an open connection, logged in."""
    master = ""
    if sentinels_of(request.settings):
        step(OpenStep.RESOLVE)
        master = str(request.settings.get("master", "mymaster"))
        address = master_address(request, deadline)
    else:
        address = address_of(request)
        if not address.socket:
            step(OpenStep.RESOLVE)
            host_addresses(address.host, address.port, deadline)
    step(OpenStep.CONNECT)
    login = _Login(deadline, step)
    pool = _pool(request, address, deadline, login)
    try:
        client = bounded_call(lambda: OneConnection(connection_pool=pool), deadline, _discard)
    except BaseException as error:
        login.undo()
        pool.disconnect()
        if not isinstance(error, redis.TimeoutError):
            raise
        if request.settings.get("tls") and speaks_plainly(address, deadline):
            message = "the server does not answer to TLS, and speaks without it"
            raise ConnectionFailure(Failure(FailureKind.CONFIG, message, key="tls")) from None
        raise
    return RedisHandle(client, login.guards, _place(request, address), master)


def _pool(
    request: ConnectionRequest, address: Address, deadline: Deadline, login: _Login
) -> redis.ConnectionPool:
    settings = request.settings
    secret = request.secrets.get("password")
    tls = tls_options(request)
    options: dict[str, Any] = {
        "db": int(settings.get("database", 0)),
        "username": settings.get("user"),
        "password": secret.text if secret is not None else None,
        "client_name": str(settings.get("client_name", "sessionctl")),
        "protocol": int(settings.get("protocol", 2)),
        "socket_timeout": None,
        "health_check_interval": 0,
        "retry": Retry(NoBackoff(), 0),
        "redis_connect_func": login,
    }
    if address.socket:
        kind: Any = redis.UnixDomainSocketConnection
        options["path"] = address.socket
    else:
        kind = _TlsConnection if tls else redis.Connection
        options |= {"host": address.host, "port": address.port, "socket_keepalive": True, **tls}
        # A server without TLS waits in silence for the rest of a handshake.
        options["socket_connect_timeout"] = deadline.timeout_s() * (_HANDSHAKE if tls else 1)
    return redis.ConnectionPool(connection_class=kind, **options)


def _discard(client: OneConnection) -> None:
    client.close()
    client.connection_pool.disconnect()


def _place(request: ConnectionRequest, address: Address) -> str:
    return str(request.settings.get("host", address)) if not address.socket else address.socket
