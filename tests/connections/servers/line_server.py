"""The line service of the tests, as a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.connections.servers.server_process import HOST, ServerProcess


class LineServer(ServerProcess):
    """Speaks as ``options`` say; see ``line_service.py``."""

    kind = "line"
    modules = ("json", "socketserver", "ssl")

    def __init__(self, **options):
        super().__init__()
        self.options = {"greeting": "Test image 1.0\n", "prompt": "> "} | options

    def argv(self):
        program = Path(__file__).with_name("line_service.py")
        return [sys.executable, str(program), json.dumps(self.options | {"port": self.port})]

    def settings(self, port=None, **more):
        """Return the table of a connection to it, by way of another port where one is given."""
        table = {"driver": "line", "host": HOST, "port": port or self.port}
        if self.options["prompt"]:
            table["prompt"] = self.options["prompt"]
        return table | more
