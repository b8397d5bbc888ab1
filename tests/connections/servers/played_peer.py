"""A peer that plays its side of conversations from a script, and notes each byte it hears."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from tests.connections.servers.server_process import HOST

PATIENCE_S = 10


class PlayedPeer:
    """Listens; each script is for one connection, a list of what is heard and what is answered.

    An answer is sent once all that is named before it has come. Behind its last answer the peer
    listens until the other side ends; an answer of None hangs up. ``heard`` is what came, by
    connection.
    """

    def __init__(self, *scripts):
        self._scripts = scripts
        self._listener = socket.create_server((HOST, 0))
        self._listener.settimeout(PATIENCE_S)
        self.port = self._listener.getsockname()[1]
        self.heard = []
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(PATIENCE_S)
        self._listener.close()

    @property
    def expected(self):
        """What each connection should send before the last answer."""
        return [b"".join(asked for asked, _ in script) for script in self._scripts]

    def _play(self):
        with suppress(OSError):  # nobody came, or the other side was gone before its answer
            for script in self._scripts:
                stream, _ = self._listener.accept()
                stream.settimeout(PATIENCE_S)
                self.heard.append(b"")
                with stream:
                    self._answer(stream, script)

    def _answer(self, stream, script):
        for asked, answer in script:
            left = len(asked)
            while left:
                block = stream.recv(left)
                if not block:
                    return
                self.heard[-1] += block
                left -= len(block)
            if answer is None:
                return
            stream.sendall(answer)
        while block := stream.recv(65536):
            self.heard[-1] += block
