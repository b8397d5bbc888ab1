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
    listens until the other side ends; an answer of None hangs up. PORT stands for its port.
    ``heard`` is what came, by connection.
    """

    def __init__(self, *scripts):
        self._listener = socket.create_server((HOST, 0))
        self._listener.settimeout(PATIENCE_S)
        self.port = self._listener.getsockname()[1]
        self._scripts = [
            [tuple(map(self._with_port, turn)) for turn in script] for script in scripts
        ]
        self.heard = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        for thread in self._threads:  # the first begins the others
            thread.join(PATIENCE_S)
        self._listener.close()

    @property
    def expected(self):
        """What each connection should send before the last answer."""
        return [b"".join(asked for asked, _ in script) for script in self._scripts]

    def _with_port(self, text):
        return text and text.replace(b"PORT", b"%d" % self.port)

    def _accept(self):
        with suppress(OSError):  # nobody came
            for number, script in enumerate(self._scripts):
                stream, _ = self._listener.accept()
                stream.settimeout(PATIENCE_S)
                self.heard.append(b"")
                thread = threading.Thread(
                    target=self._play, args=(stream, script, number), daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def _play(self, stream, script, number):
        with stream, suppress(OSError):  # the other side may be gone before its answer
            for asked, answer in script:
                left = len(asked)
                while left:
                    block = stream.recv(left)
                    if not block:
                        return
                    self.heard[number] += block
                    left -= len(block)
                if answer is None:
                    return
                stream.sendall(answer)
            while block := stream.recv(65536):
                self.heard[number] += block
