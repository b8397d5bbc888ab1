"""Benches of the adapters that need no database: ssh, http, line, zmq-json, jupyter."""

from __future__ import annotations

import json
import os
import subprocess

from sessionctl.connections import Deadline
from sessionctl.connections.http.http_adapter import HttpAdapter
from sessionctl.connections.jupyter.jupyter_adapter import JupyterAdapter
from sessionctl.connections.line.line_adapter import LineAdapter
from sessionctl.connections.ssh.ssh_adapter import SshAdapter
from sessionctl.connections.ssh.ssh_arguments import Forward
from sessionctl.connections.zmq_json.zmq_json_adapter import ZmqJsonAdapter
from tests.connections.adapter_calls import CANARY, opened, request
from tests.connections.benches import ServerBench
from tests.connections.servers.kernel_server import KernelServer
from tests.connections.servers.line_server import LineServer
from tests.connections.servers.nginx_server import NginxServer
from tests.connections.servers.server_process import HOST, free_port, is_listening
from tests.connections.servers.ssh_server import SshServer
from tests.connections.servers.zmq_server import ZmqServer

CALL_S = 20


class SshBench(ServerBench):
    """An sshd, and a key with a passphrase."""

    adapter = SshAdapter()
    name = "ssh"

    def __init__(self):
        super().__init__(SshServer())
        key = self.server.new_key("client_key", passphrase=CANARY)
        key.with_suffix(".pub").rename(self.server.directory / "authorized")
        self.shell = None
        self.lines = self.server.directory / "counted"
        self.ports = free_port(), free_port()
        self.start()

    def request(self, address):
        forward = [f"{self.ports[0]}:{HOST}:{self.server.port}"]
        table = self.server.settings(address[1], host=address[0], local_forward=forward)
        return request(table, self.server.directory, {"passphrase": CANARY})

    def change(self, handle):
        added = Forward("local_forward", f"{self.ports[1]}:{HOST}:{self.server.port}")
        handle.forward(added, Deadline(CALL_S))
        self.end_shell()
        argv = ["ssh", "-F", os.devnull, "-S", handle.control_path, "peer", "echo begun; exec sh"]
        pipe = subprocess.PIPE
        self.shell = subprocess.Popen(argv, stdin=pipe, stdout=pipe, bufsize=0)
        assert self.shell.stdout.readline() == b"begun\n"

    def end_shell(self):
        """End the shell on the other side."""
        if self.shell is not None:
            self.shell.kill()
            self.shell.wait()
            self.shell.stdin.close()
            self.shell.stdout.close()
            self.shell = None

    def close(self):
        self.end_shell()
        super().close()

    def restored(self):
        return {f"local forward {port}:{HOST}:{self.server.port}" for port in self.ports}

    def lost(self):
        return {"1 program that ran over the connection; in tmux or screen there, they run on"}

    def faults(self, handle):
        return [f"no forward at {port}" for port in self.ports if not is_listening(port)]

    def speak_as_old(self, client):
        client.sendall(b"SSH-1.5-old\r\n")
        client.recv(1000)

    def count(self, handle):
        self.shell.stdin.write(f"echo x >> {self.lines}; echo done\n".encode())
        self.shell.stdout.readline()

    def counted(self):
        return len(self.lines.read_text().split()) if self.lines.exists() else 0


class HttpBench(ServerBench):
    """An nginx that wants a token."""

    adapter = HttpAdapter()
    name = "http"

    def __init__(self):
        super().__init__(NginxServer(token=CANARY))
        self.start()

    def request(self, address, scheme="http"):
        table = {"driver": "http", "url": f"{scheme}://{address[0]}:{address[1]}"}
        return request(table | {"probe": "/token"}, self.server.directory, {"token": CANARY})

    def tls_request(self, address):
        return self.request(address, "https")

    def speak_as_old(self, client):
        client.recv(10000)
        client.sendall(
            b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: HTTP/9\r\nContent-Length: 0\r\n\r\n"
        )

    def count(self, handle):
        handle.request("POST", "/healthz", Deadline(CALL_S), body=b"1")

    def counted(self):
        return sum(line.startswith("POST") for line in self.server.requests())


class LineBench(ServerBench):
    """A line service with a login."""

    adapter = LineAdapter()
    name = "line"

    def __init__(self):
        super().__init__(LineServer(user="ada", password=CANARY))
        self.start()

    def request(self, address, **more):
        login = [
            {"expect": "login: ", "send": "user"},
            {"expect": "Password: ", "send": "password"},
        ]
        table = self.server.settings(address[1], host=address[0], user="ada", login=login)
        table |= {"greeting": "Test image 1", "probe": "ping", "probe_answer": "pong"}
        table |= {"setup": ["set lang de"]} | more
        return request(table, self.server.directory, {"password": CANARY})

    def tls_request(self, address):
        return self.request(address, tls=True)

    def speak_as_old(self, client):
        client.sendall(b"Test image 0.9\n")
        client.recv(1000)

    def change(self, handle):
        handle.ask("set mine 1", Deadline(CALL_S))

    def restored(self):
        return {"1 line of setup"}

    def lost(self):
        return {"the session of the service in which 1 line had been sent"}

    def faults(self, handle):
        answers = [handle.ask(f"get {name}", Deadline(CALL_S)) for name in ("lang", "mine")]
        return [] if answers == ["de", "none"] else [f"it has {answers}"]

    def count(self, handle):
        handle.ask("set counted 1", Deadline(CALL_S))

    def counted(self):
        handle, _ = opened(self.adapter, self.request(self.address()))
        lines = json.loads(handle.ask("log", Deadline(CALL_S)))
        self.adapter.close(handle)
        return lines.count("set counted 1")


class ZmqBench(ServerBench):
    """A backend that wants a token and keeps its sessions in a file."""

    adapter = ZmqJsonAdapter()
    name = "zmq-json"

    def __init__(self):
        super().__init__(ZmqServer(token=CANARY, most=1000))
        self.server.options["store"] = str(self.server.directory / "store")
        self.session = ""
        self.start()

    def request(self, address):
        table = self.server.settings(address[1], host=address[0])
        return request(table, self.server.directory, {"token": CANARY})

    def speak_as_old(self, client):
        # A greeting of ZMTP whose mechanism is not ours.
        client.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"PLAIN".ljust(20, b"\0") + bytes(32))
        client.recv(1000)

    def change(self, handle):
        self.session = handle.session
        handle.update({"cursor": 7}, Deadline(CALL_S))

    def restored(self):
        return {f"session {self.session}"}

    def faults(self, handle):
        found = handle.info(Deadline(CALL_S))
        wanted = {"session_id": self.session, "state": {"cursor": 7}}
        return [] if found == wanted else [f"it has {found}"]

    def count(self, handle):
        handle.update({"cursor": 7}, Deadline(CALL_S))

    def counted(self):
        return self.server.commands().count("update")


class KernelBench(ServerBench):
    """An ipykernel; its five ports have no proxy here."""

    adapter = JupyterAdapter()
    name = "jupyter"

    def __init__(self):
        super().__init__(KernelServer())
        self.start()

    def address(self):
        return None

    def request(self, address):
        return request(self.server.settings(), self.server.directory)

    def change(self, handle):
        handle.execute("a = 1", Deadline(CALL_S))
