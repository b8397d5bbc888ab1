"""What becomes of a link of ZeroMQ: each event of its handshake, and its end, for whoever waits."""

from __future__ import annotations

import errno
import threading

import pytest

from sessionctl.connections import ConnectionFailure, Deadline, DeadlineError, Failure, FailureKind
from sessionctl.connections.zmq_link import ZmqLink, _HandshakeEndError, zmq_module
from tests.connections.adapter_calls import soon
from tests.connections.servers.server_process import HOST, free_port
from tests.together import together

zmq = pytest.importorskip("zmq")


@pytest.fixture
def link():
    link = ZmqLink("the backend", "zmq-json")
    yield link
    link.close()


@pytest.fixture
def peer():
    """A socket that listens, and where."""
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.linger, socket.rcvtimeo = 0, 10_000
    port = socket.bind_to_random_port(f"tcp://{HOST}")
    yield socket, f"tcp://{HOST}:{port}"
    context.destroy(linger=0)


@together(
    "event, value, found",
    [
        (zmq.EVENT_HANDSHAKE_SUCCEEDED, 0, True),
        (zmq.EVENT_CONNECTED, 0, False),
        (zmq.EVENT_CONNECT_DELAYED, 0, False),
        (zmq.EVENT_DISCONNECTED, 0, EOFError),
        (zmq.EVENT_DISCONNECTED, errno.EPIPE, _HandshakeEndError),
        (zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE, _HandshakeEndError),
        (zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, errno.ECONNRESET, EOFError),
        (zmq.EVENT_CLOSED, 0, ConnectionRefusedError),
        (zmq.EVENT_CONNECT_RETRIED, 0, ConnectionRefusedError),
    ],
)
def test_what_an_event_of_the_handshake_means(link, event, value, found):
    if isinstance(found, bool):
        assert link._is_through((event, value)) is found
        return
    with pytest.raises(found) as caught:
        link._is_through((event, value))
    assert type(caught.value) is found
    if found is ConnectionRefusedError:
        assert caught.value.errno == errno.ECONNREFUSED


def test_a_handshake_that_fails_is_said_with_the_key_to_look_at(link):
    with pytest.raises(ConnectionFailure) as caught:
        link._is_through((zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400))
    assert caught.value.failure == Failure(
        FailureKind.AUTH, "the backend refuses our key", key="secret_key"
    )
    with pytest.raises(ConnectionFailure) as caught:
        link._is_through((zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, 0x11000000))
    assert caught.value.failure == Failure(
        FailureKind.INCOMPATIBLE, "the backend does not speak ZeroMQ as we do",
        ("check the port, and 'server_key': both sides need CURVE, or none",),
        found="protocol error 0x11000000", wanted="ZMTP 3",
    )  # fmt: skip


def test_messages_go_both_ways_and_none_is_waited_for_no_longer_than_asked(link, peer):
    socket, endpoint = peer
    link.connect(endpoint, None, soon())
    link.send([b"", b"one"])
    assert socket.recv_multipart() == [b"", b"one"]
    assert link.receive_at_once() is None
    link.look()
    with pytest.raises(DeadlineError) as caught:
        link.receive(Deadline(0.05))
    assert str(caught.value) == "the backend does not answer in time"
    socket.send_multipart([b"two", b""])
    assert link.receive(soon()) == [b"two", b""]
    socket.close(linger=0)
    with pytest.raises(EOFError):
        link.receive(soon())
    with pytest.raises(EOFError):
        link.send([b"x"])


def test_a_link_that_is_closed_or_leads_nowhere_says_so(link):
    for call in (link.look, link.receive_at_once, lambda: link.send([b"x"])):
        with pytest.raises(EOFError):  # never connected
            call()
    with pytest.raises(ConnectionRefusedError):
        link.connect(f"tcp://{HOST}:{free_port()}", None, soon())
    link.close()
    link.close()
    with pytest.raises(EOFError):
        link.receive(soon())


def test_closing_ends_a_call_that_waits(link, peer):
    link.connect(peer[1], None, soon())
    timer = threading.Timer(0.05, link.close)
    timer.start()
    with pytest.raises(EOFError):
        link.receive(Deadline(10))
    timer.join()


def test_the_library_is_found_or_named(monkeypatch):
    assert zmq_module("jupyter") is zmq
    monkeypatch.setitem(__import__("sys").modules, "zmq", None)
    for driver, extra in (("zmq-json", "zmq"), ("jupyter", "jupyter")):
        with pytest.raises(ConnectionFailure) as caught:
            zmq_module(driver)
        failure = caught.value.failure
        assert failure.kind is FailureKind.CONFIG
        assert failure.message == f"the driver {driver} needs pyzmq"
        assert failure.key == "driver"
        assert failure.hints[0].startswith("install it: ")
        assert extra in failure.hints[0]
