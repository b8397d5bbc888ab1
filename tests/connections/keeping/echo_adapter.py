"""A driver for tests of the keeper: lines over TCP, to a server that can be made to misbehave."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import SimpleNamespace

from sessionctl.connections import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    ResumeReport,
)


class EchoServer:
    """Answers each line with itself; while it is ``silent`` it takes lines and says nothing."""

    def __init__(self):
        self.listener = None
        self.port = 0
        self.silent = False
        self.identity = "echo-1"
        self.lines = []
        self.accepted = 0
        self._open = []
        self.start()

    def start(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        listener.listen()
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop(self):
        if self.listener is not None:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener):
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._open.append(one)
            threading.Thread(target=self._serve, args=(one,), daemon=True).start()

    def _serve(self, one):
        try:
            with one, one.makefile("rw") as stream:
                for line in stream:
                    self.lines.append(line.strip())
                    if not self.silent:
                        stream.write(f"{self.identity}\n" if line == "who\n" else line)
                        stream.flush()
        except (OSError, ValueError):
            return


class EchoAdapter:
    """``stubborn`` ignores deadlines, as libraries do that know none."""

    kind = "echo"
    api = API

    def __init__(self, stubborn=False):
        self.stubborn = stubborn
        self.handles = []

    def schema(self):
        return {}

    def _ask(self, handle, line, deadline):
        handle.socket.settimeout(None if self.stubborn else deadline.timeout_s())
        handle.socket.sendall(f"{line}\n".encode())
        answer = b""
        while not answer.endswith(b"\n"):
            chunk = handle.socket.recv(4096)
            if not chunk:
                raise ConnectionResetError("the other side closed it")
            answer += chunk
        return answer.decode().strip()

    def open(self, request, deadline, step):
        step(OpenStep.CONNECT)
        address = ("127.0.0.1", request.settings["port"])
        sock = socket.create_connection(address, deadline.timeout_s())
        handle = SimpleNamespace(socket=sock, mood="", is_closed=False)
        self.handles.append(handle)
        if "password" in request.secrets:
            step(OpenStep.AUTHENTICATE)
            text = request.secrets["password"].text
            if text != "right":
                handle.socket.close()
                message = f"the password {text} is refused"
                raise ConnectionFailure(Failure(FailureKind.AUTH, message, key="password"))
        return handle

    def probe(self, handle, deadline):
        self._ask(handle, "probe", deadline)
        return Health()

    def identity(self, handle, deadline):
        name = self._ask(handle, "who", deadline)
        return PeerIdentity(name, f"echo server {name}")

    def capture(self, handle, deadline):
        return {"mood": handle.mood} if handle.mood else {}

    def resume(self, handle, state, deadline):
        handle.mood = state["mood"]
        return ResumeReport(restored=(f"mood {handle.mood}",))

    def classify(self, error):
        return Failure(FailureKind.TRANSIENT, str(error).lower() or type(error).__name__)

    def close(self, handle):
        with suppress(OSError):
            handle.socket.shutdown(socket.SHUT_RDWR)
        handle.socket.close()
        handle.is_closed = True
