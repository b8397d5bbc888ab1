"""ZeroMQ link: one connection of ZeroMQ, which is never made anew behind our back.

ZeroMQ reconnects alone and sends again what was queued; here it may do neither. What becomes
of the connection is read from its monitor.
"""

from __future__ import annotations

import errno
import os
import threading
from contextlib import suppress

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
)
from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sessionctl.connections.deadline import Deadline

_HEARTBEAT_MS = 1500
_SILENCE_MS = 3500
_MOST_BYTES = 64 << 20
_HANDSHAKES = 4
_EXTRAS = {"zmq-json": "zmq", "jupyter": "jupyter"}


class _HandshakeEndError(EOFError):
    """The other side closed the connection in good order before it was set up."""


class ZmqLink:
    """A socket that takes one message at a time; ``close`` may come from another thread."""

    def __init__(self, peer: str, driver: str, *, listens: bool = False) -> None:
        """Make a link for ``driver``; one that ``listens`` only hears what is published.

        Raises:
          ConnectionFailure: pyzmq is not installed.
        """
        self.peer = peer
        self.is_closed = False
        zmq = zmq_module(driver)
        self._kind = zmq.SUB if listens else zmq.DEALER
        self._zmq = zmq
        self._lock = threading.Lock()
        self._context = zmq.Context()
        self._socket: Any = None
        self._monitor: Any = None
        self._wakeup, self._waker = os.pipe()

    def connect(
        self, endpoint: str, keys: tuple[bytes, bytes, bytes] | None, deadline: Deadline
    ) -> None:
        """Connect to ``endpoint``; ``keys`` are the server's, our public and our secret one.

        Raises:
          ConnectionFailure: the other side is another kind of server, or refuses the key.
          DeadlineError: it did not answer in time.
          OSError: nobody is there.
        """
        zmq = self._zmq
        self._drop()
        self._socket = self._context.socket(self._kind)
        options = {
            zmq.LINGER: 0, zmq.IMMEDIATE: 1, zmq.RECONNECT_IVL: -1, zmq.IPV6: 1,
            zmq.HEARTBEAT_IVL: _HEARTBEAT_MS, zmq.HEARTBEAT_TIMEOUT: _SILENCE_MS,
            zmq.HEARTBEAT_TTL: _SILENCE_MS, zmq.MAXMSGSIZE: _MOST_BYTES,
        }  # fmt: skip
        for name, value in options.items():
            self._socket.setsockopt(name, value)
        if self._kind == zmq.SUB:
            self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        if keys is not None:
            self._socket.curve_serverkey, self._socket.curve_publickey = keys[:2]
            self._socket.curve_secretkey = keys[2]
        self._monitor = self._socket.get_monitor_socket()
        self._socket.connect(endpoint)
        while not self._is_through(self._next_event(deadline)):
            pass

    def connect_patiently(
        self, endpoint: str, keys: tuple[bytes, bytes, bytes] | None, deadline: Deadline
    ) -> None:
        """Connect, and again where the other side closed during the handshake.

        One that wants other keys does so, before or after we see why; so does a tunnel whose
        end is down. Only what is seen is called incompatible.
        """
        for _ in range(_HANDSHAKES):
            with suppress(_HandshakeEndError):
                self.connect(endpoint, keys, deadline)
                return
        raise ConnectionFailure(
            Failure(
                FailureKind.TRANSIENT,
                f"{self.peer} closes the connection in the handshake",
                hints=("if it stays so, check 'server_key': both sides need CURVE, or none",),
            )
        )

    def send(self, frames: Sequence[bytes]) -> None:
        """Send a message.

        Raises:
          EOFError: there is no connection any more.
        """
        with self._lock:
            self._refuse_closed()
            try:
                self._socket.send_multipart(frames, self._zmq.NOBLOCK)
            except self._zmq.ZMQError:
                raise EOFError from None

    def receive(self, deadline: Deadline) -> list[bytes]:
        """Return the next message.

        Raises:
          DeadlineError: none came in time.
          EOFError: the connection has ended.
        """
        with self._lock:
            while True:
                self._refuse_closed()
                ready = self._poll(deadline, self._socket)
                if self._socket in ready:
                    return self._take()
                if self._monitor in ready and self._has_ended():
                    # What came before the end is still there.
                    if self._socket.poll(0):
                        return self._take()
                    raise EOFError

    def look(self) -> None:
        """Raise ``EOFError`` where the connection has ended; what came before can be had still."""
        with self._lock:
            self._refuse_closed()
            while self._monitor.poll(0):
                if self._has_ended():
                    raise EOFError

    def receive_at_once(self) -> list[bytes] | None:
        """Return the next message where one is there.

        Raises:
          EOFError: there is none, and the connection has ended.
        """
        with self._lock:
            self._refuse_closed()
            if self._socket.poll(0):
                return self._take()
            if self._monitor.poll(0) and self._has_ended():
                raise EOFError
            return None

    def close(self) -> None:
        """End it; a call that waits for it raises."""
        if self.is_closed:
            return
        self.is_closed = True
        os.write(self._waker, b"x")
        with self._lock:
            self._drop()
            self._context.destroy(linger=0)
            os.close(self._wakeup)
            os.close(self._waker)

    def _take(self) -> list[bytes]:
        return [bytes(frame) for frame in self._socket.recv_multipart(self._zmq.NOBLOCK)]

    def _refuse_closed(self) -> None:
        if self.is_closed or self._socket is None:
            raise EOFError

    def _drop(self) -> None:
        if self._socket is not None:
            with suppress(self._zmq.ZMQError):
                self._socket.disable_monitor()
            self._monitor.close(0)
            self._socket.close(0)
            self._socket = self._monitor = None

    def _poll(self, deadline: Deadline, *sockets: Any) -> dict[Any, int]:
        poller = self._zmq.Poller()
        for one in (*sockets, self._monitor, self._wakeup):
            poller.register(one, self._zmq.POLLIN)
        ready = dict(poller.poll(max(int(deadline.timeout_s() * 1000), 1)))
        if self._wakeup in ready:
            raise EOFError
        if not ready and deadline.is_over:
            raise DeadlineError(f"{self.peer} does not answer in time")
        return ready

    def _next_event(self, deadline: Deadline) -> tuple[int, int]:
        from zmq.utils.monitor import recv_monitor_message

        while self._monitor not in self._poll(deadline):
            pass
        message = recv_monitor_message(self._monitor)
        return int(message["event"]), int(message["value"])

    def _is_through(self, event: tuple[int, int]) -> bool:
        """Return whether an event ends the handshake well; one that ends it badly raises."""
        zmq, (kind, value) = self._zmq, event
        if kind == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            return True
        if kind == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            failure = Failure(FailureKind.AUTH, f"{self.peer} refuses our key", key="secret_key")
            raise ConnectionFailure(failure)
        if kind == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL:
            raise ConnectionFailure(
                Failure(
                    FailureKind.INCOMPATIBLE,
                    f"{self.peer} does not speak ZeroMQ as we do",
                    hints=("check the port, and 'server_key': both sides need CURVE, or none",),
                    found=f"protocol error {value:#x}",
                    wanted="ZMTP 3",
                )
            )
        if kind in (zmq.EVENT_DISCONNECTED, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL):
            if value == errno.EPIPE:
                raise _HandshakeEndError
            raise EOFError
        if kind in (zmq.EVENT_CLOSED, zmq.EVENT_CONNECT_RETRIED):
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
        return False

    def _has_ended(self) -> bool:
        from zmq.utils.monitor import recv_monitor_message

        kind = int(recv_monitor_message(self._monitor)["event"])
        return kind in (self._zmq.EVENT_DISCONNECTED, self._zmq.EVENT_CLOSED)


def zmq_module(driver: str) -> Any:
    """Return pyzmq.

    Raises:
      ConnectionFailure: it is not installed.
    """
    try:
        import zmq
    except ImportError:
        from sessionctl.connections.missing_library import missing_library

        raise ConnectionFailure(missing_library(driver, "pyzmq", _EXTRAS[driver])) from None
    return zmq
