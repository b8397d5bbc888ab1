"""Socket guard: makes a call of any library return by its deadline, by cutting its socket."""

from __future__ import annotations

import os
import select
import socket
import threading
from contextlib import contextmanager, suppress

from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.connections.deadline import Deadline


class SocketGuard:
    """A second handle on the socket of a connection, for whoever must end what hangs in it.

    A server that stopped still acknowledges what it gets: no setting of the socket sees that,
    only a clock of our own. After a deadline that passed, the connection is not to be used.
    """

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=os.dup(descriptor))
        self.is_cut = False

    def cut(self) -> None:
        """End the connection; a call that waits for it, in any thread, returns or raises."""
        self.is_cut = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def has_ended(self) -> bool:
        """Return whether the other side has closed; what it said stays to be read."""
        try:
            ready, _, _ = select.select([self._socket], [], [], 0)
            flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
            return bool(ready) and self._socket.recv(1, flags) == b""
        except (OSError, ValueError):
            return True

    def close(self) -> None:
        """Give the handle back; the connection itself stays."""
        self._socket.close()

    @contextmanager
    def until(self, deadline: Deadline) -> Iterator[None]:
        """Cut the connection when the block is not done by ``deadline``.

        Raises:
          DeadlineError: it was cut, or the deadline has passed already.
        """
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self.cut()

        timer = threading.Timer(deadline.timeout_s(), expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception:
            # Of a connection that was cut here, the deadline is the reason, and is raised below.
            if not expired.is_set():
                raise
        finally:
            timer.cancel()
        if expired.is_set():
            raise DeadlineError("no answer by the deadline")
