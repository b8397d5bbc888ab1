"""A line service of our own, for tests only; it stands for a REPL, and is none.

    python line_service.py '{"port": 1234, "prompt": "> ", ...}'

Commands: ping, pid, set NAME VALUE, get NAME, many, dots, slow, log, quit. What is set belongs to
the connection; ``log`` is all lines that any connection has sent.
"""

from __future__ import annotations

import json
import os
import socketserver
import ssl
import sys
import time

OPTIONS = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
LOG: list[str] = []


class Service(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        newline = OPTIONS.get("newline", "\n")
        time.sleep(OPTIONS.get("delay_s", 0))
        self.say(OPTIONS.get("greeting", ""))
        for _ in range(OPTIONS.get("attempts", 1) if "password" in OPTIONS else 0):
            self.say("login: ")
            user = self.line()
            self.say("Password: ")
            password = self.line()
            if (user, password) == (OPTIONS["user"], OPTIONS["password"]):
                self.say(f"Welcome.{newline}")
                break
            self.say(OPTIONS.get("refusal", ""))
        else:
            if "password" in OPTIONS:
                return
        values: dict[str, str] = {}
        while True:
            self.say(OPTIONS.get("prompt", ""))
            line = self.line()
            if line is None:
                return
            LOG.append(line)
            if line == "quit":
                return
            self.say(self.answer(line, values).replace("\n", newline))

    def answer(self, line, values):
        """Return what a command gives."""
        word, _, rest = line.partition(" ")
        framing = OPTIONS.get("framing", "prompt")
        if word == "set":
            name, _, values[name] = rest.partition(" ")
            text = "ok"
        elif word == "many":
            text = "one\n..two\nthree" if framing == "dot" else "one\ntwo\nthree"
        else:
            if word == "slow":
                time.sleep(float(rest))
            text = {
                "ping": "pong", "pid": str(os.getpid()), "log": json.dumps(LOG), "": "",
                "get": values.get(rest, "none"), "slow": "done",
            }.get(word, "what?")  # fmt: skip
        end = {"prompt": "\n", "line": "\n", "blank": "\n\n", "dot": "\n.\n"}[framing]
        return "" if framing == "prompt" and not text else text + end

    def line(self):
        """Return the next line, None at the end."""
        data = self.rfile.readline()
        return data.decode(OPTIONS.get("encoding", "utf-8")).rstrip("\r\n") if data else None

    def say(self, text):
        """Send a text."""
        self.wfile.write(text.encode(OPTIONS.get("encoding", "utf-8")))


class Server(socketserver.ThreadingTCPServer):
    """The service, with TLS where there is a certificate."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def get_request(self):
        channel, address = super().get_request()
        if "cert" in OPTIONS:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(OPTIONS["cert"], OPTIONS["key"])
            channel = context.wrap_socket(channel, server_side=True)
        return channel, address

    def handle_error(self, request, client_address):
        pass


if __name__ == "__main__":
    with Server(("127.0.0.1", OPTIONS["port"]), Service) as server:
        server.serve_forever()
