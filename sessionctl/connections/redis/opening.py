"""Opening: a client of redis-py on one connection that does not reconnect automatically."""

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
    speaks_tls,
    tls_options,
)
from sessionctl.connections.socket_guard import SocketGuard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.redis.server_address import Address

_HANDSHAKE_S = 3.0
"""After so long without an answer to TLS, it is looked whether the server speaks without it."""

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
    is_secure = bool(request.settings.get("tls")) and not address.socket
    client, login = _connected(request, address, deadline, step, is_first=is_secure)
    return RedisHandle(client, login.guards, _place(request, address), master)


def _connected(
    request: ConnectionRequest,
    address: Address,
    deadline: Deadline,
    step: Callable[[OpenStep], None],
    *,
    is_first: bool,
) -> tuple[OneConnection, _Login]:
    """Return a client that is logged in; the first of two attempts at TLS may not take long."""
    share = deadline.within(min(_HANDSHAKE_S, deadline.timeout_s() / 2)) if is_first else deadline
    login = _Login(deadline, step)
    pool = _pool(request, address, share, login)
    try:
        return bounded_call(lambda: OneConnection(connection_pool=pool), deadline, _discard), login
    except BaseException as error:
        login.undo()
        pool.disconnect()
        if login.guards and not tls_options(request) and speaks_tls(address, deadline, error):
            message = "the server speaks TLS and nothing else"
            failure = Failure(FailureKind.CONFIG, message, hints=("tls = true",), key="tls")
            raise ConnectionFailure(failure) from None
        if not is_first or not isinstance(error, redis.TimeoutError):
            raise
    # A server without TLS waits in silence for the rest of a handshake.
    if speaks_plainly(address, deadline.within(_HANDSHAKE_S)):
        message = "the server does not answer to TLS, and speaks without it"
        raise ConnectionFailure(Failure(FailureKind.CONFIG, message, key="tls"))
    return _connected(request, address, deadline, step, is_first=False)


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
        options["socket_connect_timeout"] = deadline.timeout_s()
    return redis.ConnectionPool(connection_class=kind, **options)


def _discard(client: OneConnection) -> None:
    client.close()
    client.connection_pool.disconnect()


def _place(request: ConnectionRequest, address: Address) -> str:
    return str(request.settings.get("host", address)) if not address.socket else address.socket
