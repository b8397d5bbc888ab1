"""An ipykernel on loopback, with its connection file in a directory of its own."""

from __future__ import annotations

import json
import secrets
import sys
from contextlib import ExitStack

from tests.connections.servers.server_process import (
    HOST,
    ServerProcess,
    free_port,
    is_listening,
    need_module,
)
from tests.connections.servers.tcp_proxy import TcpProxy

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class KernelServer(ServerProcess):
    """A kernel that keeps its ports and key when it is started anew."""

    kind = "kernel"
    modules = ("ipykernel.kernelapp",)

    def __init__(self):
        for name in ("ipykernel", "jupyter_client", "zmq"):
            need_module(name)
        super().__init__()
        self.ports = {channel: free_port() for channel in CHANNELS}
        self.key = secrets.token_hex(16)
        self.file = self.directory / "kernel-test.json"
        self.write(self.file, self.ports)

    def write(self, path, ports, **more):
        """Write a connection file that leads to ``ports``."""
        path.write_text(
            json.dumps(
                {f"{channel}_port": port for channel, port in ports.items()}
                | {"ip": HOST, "transport": "tcp", "key": self.key, "kernel_name": "python3"}
                | {"signature_scheme": "hmac-sha256"}
                | more
            )
        )

    def argv(self):
        self.write(self.file, self.ports)
        return [sys.executable, need_module("ipykernel_launcher").__file__, "-f", str(self.file)]

    def is_ready(self):
        return all(map(is_listening, self.ports.values()))

    def settings(self, path=None):
        """Return the table of a connection to it, by another connection file where one is given."""
        return {"driver": "jupyter", "connection_file": str(path or self.file)}


class KernelProxies:
    """A proxy before each port of a kernel, and the connection file that leads there."""

    def __init__(self, server):
        self.server = server
        self.file = server.directory / "kernel-proxied.json"

    def __enter__(self):
        self._stack = ExitStack()
        self.proxies = {
            channel: self._stack.enter_context(TcpProxy(port))
            for channel, port in self.server.ports.items()
        }
        self.server.write(self.file, {c: proxy.port for c, proxy in self.proxies.items()})
        return self

    def __exit__(self, *_):
        self._stack.close()

    def each(self, name):
        """Call a method of every proxy."""
        for proxy in self.proxies.values():
            getattr(proxy, name)()
