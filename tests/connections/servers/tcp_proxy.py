"""A TCP proxy between a client and a server that can cut, slow down and swallow."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

from tests.connections.servers.server_process import HOST, free_port

_NO_LINGER = struct.pack("ii", 1, 0)
_BLOCK = 65536


class TcpProxy:
    """Forwards ``port`` of loopback to ``target``, a port (or a host and a port).

    ``latency_s`` holds back each block in both directions. ``to_server`` and ``to_client`` are
    functions from bytes to bytes, for tests that change what is said.
    """

    def __init__(self, target):
        self.target = (HOST, target) if isinstance(target, int) else target
        self.latency_s = 0.0
        self.to_server = self.to_client = bytes
        self.accepted = 0
        self.blocks = {"up": 0, "down": 0}
        self._flowing = {"up": threading.Event(), "down": threading.Event()}
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
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
        self._start(self._accept, listener)

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
        for direction in directions or ("up", "down"):
            self._flowing[direction].clear()

    def go_on(self) -> None:
        """Forward again, what was held back too."""
        for event in self._flowing.values():
            event.set()

    def reset(self) -> None:
        """Cut the connections that stand, with a reset on both sides."""
        for pair in self._taken():
            for end in pair:
                _reset(end)

    def half_close(self) -> None:
        """End what the server says on the connections that stand, and swallow the rest."""
        self.black_hole("up")
        for client, _ in list(self._pairs):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        """Close the connections that stand, as a server does that ends in good order."""
        for pair in self._taken():
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def wait_for_blocks(self, direction: str, count: int, patience_s: float = 30) -> None:
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
            thread.join(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads = [known for known in self._threads if known.is_alive()] + [thread]
        thread.start()

    def _taken(self):
        pairs, self._pairs = self._pairs, []
        return pairs

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._start(self._join, client)

    def _join(self, client):
        # Nothing gets through a black hole, and nobody says so.
        while not self._is_closed and not all(e.is_set() for e in self._flowing.values()):
            self._flowing["up"].wait(0.05)
            self._flowing["down"].wait(0.05)
        try:
            server = socket.create_connection(self.target, timeout=5)
            server.settimeout(None)
        except OSError:
            _reset(client)
            return
        if self._is_closed:
            client.close()
            server.close()
            return
        pair = (client, server)
        self._pairs.append(pair)
        self._start(self._forward, client, server, "up")
        self._forward(server, client, "down")

    def _forward(self, source, drain, direction):
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
            drain.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, drain):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        # Without it, a thread that waits in recv() keeps the socket alive.
        end.shutdown(socket.SHUT_RD)
    end.close()
