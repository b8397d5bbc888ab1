"""A TCP proxy between a client and a server that can cut, slow down and swallow."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
_PORTS = range(10240, 32768)
"""Below the ports that connections going out get: one that a stopped server had stays free."""

_NO_LINGER = struct.pack("ii", 1, 0)
_BLOCK = 65536
_PATIENCE_S = 30.0
DIRECTIONS = ("up", "down")


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return port


class _Pair(NamedTuple):
    client: socket.socket
    server: socket.socket


class TcpProxy:
    """Forwards ``port`` of loopback to ``target``, a port (or a host and a port).

    ``latency_s`` holds back each block in both directions. ``to_server`` and ``to_client`` are
    functions from bytes to bytes, for tests that change what is said. "up" is to the server.
    """

    def __init__(self, target: int | tuple[str, int]) -> None:
        self.target = (HOST, target) if isinstance(target, int) else target
        self.latency_s = 0.0
        self.to_server: Callable[[bytes], bytes] = bytes
        self.to_client: Callable[[bytes], bytes] = bytes
        self.accepted = 0
        self.blocks = dict.fromkeys(DIRECTIONS, 0)
        self._flowing = {direction: threading.Event() for direction in DIRECTIONS}
        self._pairs: list[_Pair] = []
        self._cut: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self._is_closed = False
        self._changed = threading.Condition()
        self.port = free_port()
        self.go_on()
        self.listen()

    def listen(self) -> None:
        """Accept connections."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self.port))
        listener.listen(64)
        self._listener = listener
        self._start(lambda: self._accept(listener))

    def refuse(self) -> None:
        """Refuse new connections; those that stand are untouched."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # Closing alone does not wake who waits in accept().
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def black_hole(self, *directions: str) -> None:
        """Swallow all from now on, or one of "up" and "down": nobody gets an answer or an end."""
        for direction in directions or DIRECTIONS:
            self._flowing[direction].clear()

    def go_on(self) -> None:
        """Forward again, what was held back too."""
        for event in self._flowing.values():
            event.set()

    def reset(self) -> None:
        """Cut the connections that stand, with a reset on both sides."""
        for pair in self._taken():
            # Who forwards must not end it in good order first.
            self._cut.update(pair)
            for end in pair:
                _reset(end)

    def half_close(self) -> None:
        """End what the server says on the connections that stand, and swallow the rest."""
        self.black_hole("up")
        for pair in list(self._pairs):
            with contextlib.suppress(OSError):
                pair.client.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        """Close the connections that stand, as a server does that ends in good order."""
        for pair in self._taken():
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def wait_for_blocks(self, direction: str, count: int, patience_s: float = _PATIENCE_S) -> None:
        """Wait until ``count`` blocks of bytes have come in since the beginning."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.blocks[direction] >= count, patience_s)

    def close(self) -> None:
        """End everything."""
        self._is_closed = True
        self.refuse()
        self.go_on()
        self.hang_up()
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def __enter__(self) -> TcpProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads = [known for known in self._threads if known.is_alive()] + [thread]
        thread.start()

    def _taken(self) -> list[_Pair]:
        pairs, self._pairs = self._pairs, []
        return pairs

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._start(lambda client=client: self._join(client))  # type: ignore[misc]

    def _join(self, client: socket.socket) -> None:
        # Nothing gets through a black hole, and no one reports it.
        while not self._is_closed and not all(e.is_set() for e in self._flowing.values()):
            for event in self._flowing.values():
                event.wait(0.05)
        try:
            server = socket.create_connection(self.target, timeout=5)
            server.settimeout(None)
        except OSError:
            _reset(client)
            return
        pair = _Pair(client, server)
        self._pairs.append(pair)
        if self._is_closed:
            self.hang_up()
            return
        self._start(lambda: self._forward(client, server, "up"))
        self._forward(server, client, "down")

    def _forward(self, source: socket.socket, drain: socket.socket, direction: str) -> None:
        try:
            while data := source.recv(_BLOCK):
                with self._changed:
                    self.blocks[direction] += 1
                    self._changed.notify_all()
                self._flowing[direction].wait()
                if self.latency_s:
                    time.sleep(self.latency_s)
                change = self.to_server if direction == "up" else self.to_client
                drain.sendall(change(data))
            self._flowing[direction].wait()
            if source not in self._cut:
                drain.shutdown(socket.SHUT_WR)
        except OSError:
            for end in {source, drain} - self._cut:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        # Without it, a thread that waits in recv() keeps the socket alive.
        end.shutdown(socket.SHUT_RD)
    end.close()
