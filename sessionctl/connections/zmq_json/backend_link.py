"""Backend link: the connection to a backend, as the session file describes it."""

from __future__ import annotations

import os
from contextlib import suppress

from sessionctl.connections.bounded_call import host_addresses
from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    OpenStep,
)
from sessionctl.connections.zmq_link import ZmqLink, zmq_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline

_DRIVER = "zmq-json"
_KEY_LENGTH = 40


def curve_keys(request: ConnectionRequest) -> tuple[bytes, bytes, bytes] | None:
    """Return the server's key, our public and our secret one; None for no encryption.

    Raises:
      ConnectionFailure: a key is none.
    """
    server = request.settings.get("server_key")
    if server is None:
        if "secret_key" in request.secrets:
            raise _wrong("secret_key", "secret_key is of no use without 'server_key'")
        return None
    zmq = zmq_module(_DRIVER)
    if not zmq.has("curve"):
        raise _wrong("server_key", "this pyzmq is built without CURVE")
    if "secret_key" not in request.secrets:
        return (str(server).encode(), *zmq.curve_keypair())
    secret = request.secrets["secret_key"].reveal()
    public = b""
    with suppress(ValueError, zmq.ZMQError):
        public = zmq.curve_public(secret)
    if len(secret) != _KEY_LENGTH or not public:
        raise _wrong("secret_key", "secret_key is not a CURVE key of 40 characters")
    return str(server).encode(), public, secret


def connected_link(
    request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
) -> ZmqLink:
    """Return a link to the backend of a connection.

    Raises:
      ConnectionFailure: there is no such host, or the other side refuses.
      DeadlineError, EOFError, OSError: it cannot be reached.
    """
    settings = request.settings
    keys = curve_keys(request)
    host, port = str(settings.get("host", "localhost")), int(settings.get("port", 5555))
    if "socket" in settings:
        path = _path(request, str(settings["socket"]))
        endpoints, peer = [f"ipc://{path}"], path
    else:
        step(OpenStep.RESOLVE)
        peer = f"{host}:{port}"
        addresses = host_addresses(host, port, deadline)
        endpoints = [f"tcp://[{a}]:{port}" if ":" in a else f"tcp://{a}:{port}" for a in addresses]
    step(OpenStep.CONNECT)
    link = ZmqLink(peer, _DRIVER)
    try:
        for number, endpoint in enumerate(endpoints):
            share = deadline.within(deadline.timeout_s() / (len(endpoints) - number))
            try:
                link.connect_patiently(endpoint, keys, share)
            except (OSError, EOFError):
                if number == len(endpoints) - 1:
                    raise
            else:
                return link
    except BaseException:
        link.close()
        raise
    raise AssertionError("a host has an address")


def _path(request: ConnectionRequest, text: str) -> str:
    if text.startswith("~/"):
        return request.home + text[1:]
    return os.path.join(request.directory, text)  # noqa: PTH118


def _wrong(key: str, message: str) -> ConnectionFailure:
    return ConnectionFailure(Failure(FailureKind.CONFIG, message, key=key))
