"""The JSON backend of the tests, as a process of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.connections.servers.server_process import HOST, ServerProcess, is_listening, need_module


class ZmqServer(ServerProcess):
    """Speaks as ``options`` say; see ``zmq_service.py``."""

    kind = "zmq"
    modules = ("json", "pathlib", "secrets", "zmq")

    def __init__(self, **options):
        need_module("zmq")
        super().__init__()
        self.options = {"log": str(self.directory / "log")} | options

    def argv(self):
        program = Path(__file__).with_name("zmq_service.py")
        return [sys.executable, str(program), json.dumps(self.options | {"port": self.port})]

    def is_ready(self):
        if "endpoint" in self.options:
            return os.path.exists(self.options["endpoint"].removeprefix("ipc://"))
        return is_listening(self.port)

    def settings(self, port=None, **more):
        """Return the table of a connection to it, by way of another port where one is given."""
        return {"driver": "zmq-json", "host": HOST, "port": port or self.port} | more

    def commands(self):
        """Return the requests that changed something."""
        log = Path(self.options["log"])
        return log.read_text().split() if log.exists() else []
