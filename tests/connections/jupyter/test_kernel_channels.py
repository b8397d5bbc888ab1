"""Messages of a kernel on their way: signed, told by their cause, foreign ones refused."""

from __future__ import annotations

import sys

import pytest

from sessionctl.connections import ConnectionFailure, Failure, FailureKind, Secret
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.jupyter.kernel_channels import KernelChannels, KernelMessage
from sessionctl.connections.jupyter.kernel_file import KernelFile
from sessionctl.system.optional_libraries import install_command
from tests.connections.adapter_calls import soon
from tests.connections.servers.server_process import HOST, free_port

pytest.importorskip("jupyter_client")


def file(key="k3y", scheme="hmac-sha256", **ports):
    return KernelFile("/k.json", ports, Secret(key), scheme, "", "10.0.0.7:1")


class Wire:
    """A channel that keeps what is sent, and gives what it is filled with."""

    def __init__(self, *frames):
        self.sent, self.frames = [], list(frames)

    def send(self, frames):
        self.sent.append(frames)

    def receive(self, _deadline):
        return self.frames.pop(0)

    def receive_at_once(self):
        return self.frames.pop(0) if self.frames else None


def said(key="k3y", kind="status", content=None, parent=None):
    """Return the frames of a message as a kernel with ``key`` sends it."""
    other = KernelChannels(file(key))._session
    message = other.msg(kind, content=content or {}, parent=parent)
    return [b"topic", *(bytes(part) for part in other.serialize(message))], message


def channels_with(*frames, key="k3y"):
    channels = KernelChannels(file(key))
    channels._links["shell"] = Wire(*frames)
    return channels, channels._links["shell"]


def failure_of(call, *arguments):
    with pytest.raises(ConnectionFailure) as caught:
        call(*arguments)
    return caught.value.failure


def test_a_request_is_sent_with_its_id_and_its_answer_is_found_among_others():
    channels, wire = channels_with()
    number = channels.send("shell", "history_request", {"n": 1})
    [frames] = wire.sent
    _, parts = channels._session.feed_identities(frames)
    sent = channels._session.deserialize(parts)
    assert (sent["header"]["msg_id"], sent["header"]["msg_type"]) == (number, "history_request")
    assert (sent["header"]["username"], sent["content"]) == ("sessionctl", {"n": 1})
    late, _ = said(kind="late", parent={"msg_id": "n0", "msg_type": "x"})
    answer, message = said(content={"a": 1}, parent=sent["header"])
    wire.frames = [late, answer]
    assert channels.reply("shell", number, soon()) == KernelMessage(
        "status", number, "history_request", message["header"]["session"], {"a": 1}
    )
    assert channels.waiting("shell") is None
    wire.frames = [said(kind="late", parent={"msg_id": "n0", "msg_type": "x"})[0]]
    assert channels.waiting("shell")[:3] == ("late", "n0", "x")
    alone, message = said()
    wire.frames = [alone]
    assert channels.receive("shell", soon())[:3] == ("status", "", "")


def test_a_message_that_is_signed_with_another_key_is_refused():
    frames, _ = said("other")
    channels, _ = channels_with(frames)
    assert failure_of(channels.receive, "shell", soon()) == Failure(
        FailureKind.AUTH, "the kernel at 10.0.0.7:1 signs with another key than /k.json has",
        ("name the connection file of the kernel that runs there",), key="connection_file",
    )  # fmt: skip


def test_a_message_that_is_none_is_no_answer():
    channels, _ = channels_with([b"no delimiter"])
    with pytest.raises(DeadlineError, match=r"\A10\.0\.0\.7:1: a message that cannot be read\Z"):
        channels.receive("shell", soon())


def test_a_scheme_that_is_not_known_is_named_without_the_key():
    found = failure_of(KernelChannels, file(scheme="rot13"))
    assert found == Failure(
        FailureKind.CONFIG, "/k.json: the signature scheme is not known", key="connection_file"
    )


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_client.session", None)
    assert failure_of(KernelChannels, file()) == Failure(
        FailureKind.CONFIG, "the driver jupyter needs jupyter_client",
        (f"install it: {install_command('jupyter')}",), key="driver",
    )  # fmt: skip


def test_channels_that_lead_nowhere_are_closed_with_those_that_stand():
    channels = KernelChannels(file(shell=f"tcp://{HOST}:{free_port()}"))
    with pytest.raises(ConnectionRefusedError):
        channels.connect(soon())
    assert list(channels._links) == ["shell"]
    channels.close()
    assert channels._links["shell"].is_closed
