"""The servers and the proxy of these tests: what they promise to those who use them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.connections.servers.line_server import LineServer
from tests.connections.servers.server_process import (
    HOST,
    ServerProcess,
    is_listening,
    running,
    starter,
    wait_until,
)
from tests.connections.servers.tcp_proxy import TcpProxy

ECHO = """
import socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(100):
            self.request.sendall(data)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
"""


class EchoServer(ServerProcess):
    kind = "echo"

    def argv(self):
        return [sys.executable, "-c", ECHO, str(self.port)]


@pytest.fixture
def echo():
    server = EchoServer()
    server.start()
    yield server
    server.remove()
    assert not server.directory.exists()


def test_a_forked_server_is_a_process_of_its_own():
    with starter(LineServer) as start:
        one, other = start(), start()
        assert len({os.getsid(one.pid), os.getsid(other.pid), os.getsid(0)}) == 3
        process = one.process
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0)
        one.stop()
        assert process.poll() is not None
        assert not is_listening(one.port)
        assert is_listening(other.port)


@pytest.fixture(scope="module")
def same_echo():
    with running(EchoServer()) as server:
        yield server


@pytest.fixture
def proxy(same_echo):
    with TcpProxy(same_echo.port) as proxy:
        yield proxy


@pytest.fixture
def client(proxy):
    with socket.create_connection((HOST, proxy.port), timeout=20) as client:
        assert ask(client) == b"hello"
        yield client


def ask(client):
    client.sendall(b"hello")
    return client.recv(100)


def test_a_server_keeps_its_port_over_a_crash(echo):
    port = echo.port
    echo.kill()
    assert not is_listening(port)
    echo.start()
    assert echo.port == port
    assert is_listening(port)


def test_a_paused_server_is_still_connected_to_and_goes_on(echo):
    echo.pause()
    with socket.create_connection((HOST, echo.port), timeout=20) as client:
        client.sendall(b"hello")
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(100)
        echo.go_on()
        client.settimeout(20)
        assert client.recv(100) == b"hello"


def test_what_a_server_started_ends_with_it_even_from_a_session_of_its_own(echo):
    script = "import os, time\nif not os.fork():\n os.setsid(); time.sleep(300)\ntime.sleep(300)"
    parent = EchoServer()
    parent.argv = lambda: [sys.executable, "-c", script]
    parent.is_ready = lambda: len(parent.pids()) == 2
    parent.start()
    [_, child] = parent.pids()
    os.kill(child, signal.SIGSTOP)
    parent.remove()
    wait_until(lambda: not _lives(child), "the end of the child")
    assert not _lives(child)


def _lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_proxy_resets(proxy, client):
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        client.recv(100)


def test_the_proxy_swallows_and_gives_what_it_held_back(proxy, client):
    proxy.black_hole()
    client.sendall(b"again")
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.recv(100)
    proxy.go_on()
    client.settimeout(20)
    assert client.recv(100) == b"again"


def test_the_proxy_swallows_new_connections_too(proxy):
    proxy.black_hole()
    with socket.create_connection((HOST, proxy.port), timeout=20) as client:
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            ask(client)


def test_the_proxy_closes_one_direction(proxy, client):
    proxy.half_close()
    assert client.recv(100) == b""
    client.sendall(b"swallowed")


def test_the_proxy_refuses_and_accepts_again(proxy, client):
    proxy.refuse()
    assert not is_listening(proxy.port)
    assert ask(client) == b"hello"
    proxy.listen()
    assert is_listening(proxy.port)


def test_the_proxy_is_slow_when_asked(proxy, client):
    proxy.latency_s = 0.3
    client.settimeout(0.4)
    with pytest.raises(TimeoutError):
        ask(client)


def test_the_proxy_changes_what_is_said(proxy, client):
    proxy.to_client = bytes.upper
    assert ask(client) == b"HELLO"
