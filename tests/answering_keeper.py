"""A keeper of connections that only answers: for tests of those who ask it."""

from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import contextmanager

from sessionctl.services.connections.keeper_process import KeeperPlace


@contextmanager
def answering_keeper(machine, file, *connections, digest=""):
    """Answer as the keeper of ``file``, which holds ``connections``, to each who asks."""
    answer = json.dumps({"pid": os.getpid(), "digest": digest, "connections": connections})

    def serve(listener):
        while True:
            try:
                asker, _ = listener.accept()
            except OSError:
                return
            with asker:
                asker.sendall(answer.encode())

    with KeeperPlace(machine, file).listening() as listener:
        listener.setblocking(True)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
