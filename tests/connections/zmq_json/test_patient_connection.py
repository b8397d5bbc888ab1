"""A side that closes in the handshake is tried again, and then said with what to look at."""

from __future__ import annotations

import pytest

from sessionctl.connections import Deadline, FailureKind
from sessionctl.connections.connection_adapter import ConnectionFailure
from sessionctl.connections.zmq_link import ZmqLink, _HandshakeEndError


def link_that_closes(monkeypatch, times):
    tries = []

    def connect(_link, *arguments):
        tries.append(arguments)
        if len(tries) <= times:
            raise _HandshakeEndError

    monkeypatch.setattr(ZmqLink, "connect", connect)
    link = object.__new__(ZmqLink)
    link.peer = "the backend"
    return link, tries


def test_a_handshake_that_ends_is_tried_again(monkeypatch):
    link, tries = link_that_closes(monkeypatch, 3)
    deadline = Deadline(10)
    link.connect_patiently("tcp://h:1", None, deadline)
    assert tries == [("tcp://h:1", None, deadline)] * 4


def test_one_that_always_ends_is_said_with_the_key_to_look_at(monkeypatch):
    link, tries = link_that_closes(monkeypatch, 100)
    with pytest.raises(ConnectionFailure) as caught:
        link.connect_patiently("tcp://h:1", None, Deadline(10))
    failure = caught.value.failure
    assert len(tries) == 4
    assert failure.kind is FailureKind.TRANSIENT
    assert failure.message == "the backend closes the connection in the handshake"
    assert failure.hints == ("if it stays so, check 'server_key': both sides need CURVE, or none",)
