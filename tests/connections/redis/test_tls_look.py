"""Whether a Redis that did not answer as wanted speaks without TLS, or with it and nothing else."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest
import redis

from sessionctl.connections.deadline import Deadline
from sessionctl.connections.redis import server_address
from sessionctl.connections.redis.server_address import Address, speaks_plainly, speaks_tls
from tests.connections.adapter_calls import soon
from tests.connections.servers.played_peer import PlayedPeer
from tests.connections.servers.redis_server import certificates
from tests.connections.servers.server_process import HOST, free_port
from tests.together import together

GONE = redis.ConnectionError("Connection closed by server.")
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"  # fatal, handshake_failure (RFC 8446, 6)


@together(
    "answer, speaks",
    [
        (b"+PONG\r\n", True), (b"-NOAUTH Authentication required.\r\n", True),
        (b"HTTP/1.1 400 Bad Request\r\n", False), (b"\x15\x03\x01", False), (None, False),
    ],
)  # fmt: skip
def test_a_server_without_tls_answers_a_ping(answer, speaks):
    with PlayedPeer([(b"PING\r\n", answer)]) as peer:
        assert speaks_plainly(Address(HOST, peer.port), soon()) is speaks
    assert peer.heard == [b"PING\r\n"]


def test_who_is_not_there_or_says_nothing_does_not_speak():
    assert speaks_plainly(Address(HOST, free_port()), soon()) is False
    assert speaks_tls(Address(HOST, free_port()), soon(), GONE) is False
    with socket.create_server((HOST, 0)) as silent:
        where = Address(HOST, silent.getsockname()[1])
        assert speaks_plainly(where, Deadline(0.05)) is False
        assert speaks_tls(where, Deadline(0.05), GONE) is False


@together(
    "answer, speaks",
    [(ALERT, True), (b"-ERR unknown command\r\n", False), (None, False)],
)
def test_an_alert_of_tls_is_an_answer(monkeypatch, answer, speaks):
    monkeypatch.setattr(server_address, "_TLS_LOOK_S", 20.0)
    with PlayedPeer([(b"\x16\x03\x01", answer)]) as peer:
        assert speaks_tls(Address(HOST, peer.port), soon(), GONE) is speaks


def test_a_handshake_is_done_with_whoever_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(server_address, "_TLS_LOOK_S", 20.0)
    key, certificate = certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(20)

        def serve():
            with context.wrap_socket(listener.accept()[0], server_side=True) as one:
                assert one.recv(1) == b""

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert speaks_tls(Address(HOST, listener.getsockname()[1]), soon(), GONE) is True
        thread.join(20)
        assert not thread.is_alive()


@together(
    "address, seconds, error",
    [
        (Address(HOST, 1), 20.0, redis.TimeoutError("late")),
        (Address(HOST, 1), 20.0, redis.AuthenticationError("no")),
        (Address("", 0, "/run/redis.sock"), 20.0, GONE),
        (Address(HOST, 1), 0.0, GONE),
    ],
    ids=repr,
)
def test_only_a_server_that_hung_up_is_asked_for_tls(monkeypatch, address, seconds, error):
    def connect(*_arguments):
        pytest.fail("it is asked")

    monkeypatch.setattr(socket, "create_connection", connect)
    assert speaks_tls(address, Deadline(seconds), error) is False
