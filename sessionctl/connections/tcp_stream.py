"""TCP stream: a socket that is opened by a deadline, with TLS where it is wanted."""

from __future__ import annotations

import socket
from contextlib import suppress

from sessionctl.connections.bounded_call import host_addresses
from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    OpenStep,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from sessionctl.connections.deadline import Deadline

_KEEPALIVE = (("TCP_KEEPIDLE", 2), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", 3))
_UNSENT_MS = 5000


def open_stream(
    host: str,
    port: int,
    deadline: Deadline,
    step: Callable[[OpenStep], None],
    *,
    context: ssl.SSLContext | None = None,
    key: str = "host",
) -> socket.socket:
    """Return a connected socket, after TLS where ``context`` is given.

    Each address of the host is tried. ``key`` names the host in the session file.

    Raises:
      ConnectionFailure: there is no such host.
      OSError: no address lets us in, or TLS fails.
    """
    step(OpenStep.RESOLVE)
    addresses = host_addresses(host, port, deadline, key)
    step(OpenStep.CONNECT)
    error: OSError = TimeoutError("no address was tried")
    for number, address in enumerate(addresses):
        # One that swallows everything leaves time for the others.
        share_s = deadline.timeout_s() / (len(addresses) - number)
        try:
            plain = socket.create_connection((address, port), timeout=share_s)
        except OSError as failed:
            error = failed
            continue
        try:
            _watch(plain)
            plain.settimeout(deadline.timeout_s())
            stream = context.wrap_socket(plain, server_hostname=host) if context else plain
            stream.settimeout(None)
        except BaseException:
            plain.close()
            raise
        return stream
    raise error


def tls_context(*, is_checked: bool, ca_file: str | None) -> ssl.SSLContext:
    """Return what TLS goes by: the certificates of the system, or those of ``ca_file``.

    Raises:
      ConnectionFailure: that file cannot be used.
    """
    import ssl

    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = "no certificate in it" if isinstance(error, ssl.SSLError) else error.strerror
        message = f"{ca_file}: {str(reason).lower()}"
        raise ConnectionFailure(Failure(FailureKind.CONFIG, message, key="ca_file")) from None
    if not is_checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _watch(stream: socket.socket) -> None:
    """Let the system notice a side that is gone, as far as it can."""
    with suppress(OSError):
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE:
            if hasattr(socket, name):
                stream.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNSENT_MS)
