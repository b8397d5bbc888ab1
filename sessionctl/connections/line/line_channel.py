"""Line channel: lines out, text in, each by a deadline."""

from __future__ import annotations

import codecs
from contextlib import suppress

from sessionctl.connections.socket_guard import SocketGuard

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.line.line_manners import LineManners

_BLOCK = 65536
_MOST_CHARACTERS = 64 << 20


class LineChannel:
    """A connected socket, and what came from it that nobody has taken yet."""

    def __init__(self, stream: socket.socket, manners: LineManners) -> None:
        self._socket = stream
        self._guard = SocketGuard(stream.fileno())
        self._manners = manners
        self._decoder = codecs.getincrementaldecoder(manners.encoding)("replace")
        self.text = ""
        self.is_usable = True
        """False after a call that did not end: its answer may come where another is expected."""

    def send(self, line: bytes, deadline: Deadline) -> None:
        """Send a line.

        Raises:
          OSError: the connection is broken, or takes nothing for too long.
        """
        self._socket.settimeout(deadline.timeout_s())
        self._socket.sendall(line + self._manners.newline.encode(self._manners.encoding))

    def ask(self, line: str, deadline: Deadline) -> str:
        """Return the answer to a line, without what ends it.

        What came unasked before is dropped.

        Raises:
          DeadlineError: it did not come in time. The line may have arrived all the same.
          EOFError, OSError: the connection has ended.
        """
        if not self.is_usable:
            raise EOFError
        self.drain()
        self.text = ""
        self.is_usable = False
        self.send(line.encode(self._manners.encoding), deadline)
        answer = self._answer(deadline)
        self.is_usable = True
        return answer

    def read_until(self, holds: Callable[[str], bool], deadline: Deadline) -> None:
        """Read on until ``holds(text)``.

        Raises:
          TimeoutError: it did not come to that in time; ``text`` is what came.
          EOFError, OSError: the connection has ended.
        """
        while not holds(self.text):
            self.read_more(deadline)

    def read_more(self, deadline: Deadline) -> None:
        """Read what comes next; errors as ``read_until``."""
        self._socket.settimeout(deadline.timeout_s())
        self._take(self._socket.recv(_BLOCK))

    def drain(self) -> None:
        """Take what has come, without waiting.

        Raises:
          EOFError, OSError: the connection has ended.
        """
        import ssl

        self._socket.settimeout(0)
        with suppress(BlockingIOError, ssl.SSLWantReadError):
            while True:
                self._take(self._socket.recv(_BLOCK))

    def cut(self) -> None:
        """End it, and any call that waits for it."""
        self._guard.cut()

    def close(self, last_line: str = "") -> None:
        """End it, after ``last_line`` where that can be sent at once."""
        with suppress(OSError, ValueError):
            if last_line and self.is_usable:
                self._socket.settimeout(0)
                line = last_line + self._manners.newline
                self._socket.send(line.encode(self._manners.encoding))
        self._guard.cut()
        self._guard.close()
        self._socket.close()

    def _take(self, block: bytes) -> None:
        if not block:
            raise EOFError
        self.text += self._decoder.decode(block)
        if len(self.text) > _MOST_CHARACTERS:
            raise OSError("the answer does not end")

    def _answer(self, deadline: Deadline) -> str:
        framing, prompt = self._manners.framing, self._manners.prompt
        if framing == "prompt":
            self.read_until(lambda text: text.endswith(prompt), deadline)
            return _lines(self.text.removesuffix(prompt)).removesuffix("\n")
        if framing == "line":
            self.read_until(lambda text: "\n" in text, deadline)
            return _lines(self.text).partition("\n")[0]
        end = "\n\n" if framing == "blank" else "\n.\n"
        self.read_until(lambda text: end in "\n" + _lines(text), deadline)
        lines = ("\n" + _lines(self.text)).partition(end)[0].split("\n")[1:]
        if framing == "dot":
            # A line of the answer that begins with a dot is sent with one more.
            lines = [line[1:] if line.startswith("..") else line for line in lines]
        return "\n".join(lines)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
