"""Whole conversations with a service of lines: each byte sent, and all that is said of it."""

from __future__ import annotations

import socket

import pytest

from sessionctl.connections import ConnectionFailure, Deadline, DeadlineError, Failure, FailureKind
from sessionctl.connections.connection_adapter import ConnectionRequest, Health, PeerIdentity
from sessionctl.connections.line import line_channel
from sessionctl.connections.line.line_adapter import LineAdapter
from sessionctl.connections.line.line_channel import LineChannel
from sessionctl.connections.line.line_manners import manners_of
from tests.connections.adapter_calls import request_for, soon
from tests.connections.servers.played_peer import PlayedPeer
from tests.connections.servers.server_process import HOST, free_port
from tests.together import together

ADAPTER = LineAdapter()
LOGIN = [{"expect": "login: ", "send": "user"}, {"expect": "word: ", "send": "password"}]
SECRETS = {"password": "pw"}
PROMPT = {"prompt": "> "}


def opened(peer, tmp_path, settings, secrets=None, seconds=20.0):
    """Return the handle and the names of the steps."""
    steps = []
    request = request_for(
        {"driver": "line", "host": HOST, "port": peer.port, **settings}, tmp_path, secrets=secrets
    )
    handle = ADAPTER.open(request, Deadline(seconds), lambda step: steps.append(step.value))
    return handle, steps


@together(
    "settings, secrets, script, name, run, farewell",
    [
        ({}, {}, [], "line service", "", b""),
        ({"quit": "bye", "newline": "crlf"}, {}, [], "line service", "", b"bye\r\n"),
        (PROMPT, {}, [(b"", b"\r\n \x07Image 2 \nmore\n> ")], "Image 2", "", b""),
        (PROMPT, {}, [(b"", b"> ")], "line service", "", b""),
        ({**PROMPT, "greeting": "Image"}, {}, [(b"", b"the Image 2\n> ")], "Image", "", b""),
        ({"greeting": "220", "probe": "ping", "probe_answer": "po"}, {},
         [(b"", b"220 x\n"), (b"ping\n", b"a pong\n")], "220", "", b""),
        ({"probe": ""}, {}, [(b"\n", b"huh\n")], "line service", "", b""),
        ({**PROMPT, "probe": "1"}, {}, [(b"", b"> "), (b"1\n", b"2\n> ")], "line service", "", b""),
        ({"identify": "pid", "setup": ["set a", "set b"], "quit": "q"}, {},
         [(b"pid\n", b" 7\x00 \n"), (b"set a\n", b"ok\n"), (b"set b\n", b"no\n")],
         "line service", "7", b"q\n"),
        ({"identify": "x" * 3}, {}, [(b"xxx\n", b"y" * 101 + b"\n")],
         "line service", "y" * 100, b""),
        ({**PROMPT, "user": "ada", "login": LOGIN}, SECRETS,
         [(b"", b"login: "), (b"ada\n", b"word: "), (b"pw\n", b"hi\n> ")], "hi", "", b""),
        # Without a prompt nothing need be said of a login that succeeds.
        ({"user": "\u00e9", "login": LOGIN, "encoding": "latin-1", "identify": "id"}, SECRETS,
         [(b"", b"login: "), (b"\xe9\n", b"word: "), (b"pw\nid\n", b"\xfc\n")],
         "line service", "\u00fc", b""),
        ({"user": "ada", "login": LOGIN, "login_refused": "ERR", "quit": "q"}, SECRETS,
         [(b"", b"login: "), (b"ada\n", b"word: "), (b"pw\n", b"ok\n")],
         "line service", "", b"q\n"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_service_is_opened_and_left(tmp_path, settings, secrets, script, name, run, farewell):
    with PlayedPeer(script) as peer:
        handle, steps = opened(peer, tmp_path, settings, secrets)
        identity = ADAPTER.identity(handle, soon())
        ADAPTER.close(handle)
        ADAPTER.close(handle)
    assert peer.heard == [peer.expected[0] + farewell]
    assert identity == PeerIdentity("", f"{name} at {HOST}:{peer.port}", run=run)
    login = ["authenticate"] if "login" in settings else []
    assert steps == ["resolve", "connect", *login, "validate"]


def refused(key="password"):
    return Failure(FailureKind.AUTH, "PEER refuses the login", key=key)


def other(message, found, key, wanted):
    return Failure(FailureKind.INCOMPATIBLE, message, found=found, wanted=wanted, key=key)


def passing(message):
    return Failure(FailureKind.TRANSIENT, message)


ASKS = [(b"", b"login: "), (b"ada\n", b"word: ")]
ENTERS = {"user": "ada", "login": LOGIN}
GREETING = "PEER sends a different greeting"


@together(
    "settings, secrets, script, failure",
    [
        ({}, {}, [(b"", None)], None),
        (PROMPT, {}, [(b"", None)], passing("PEER closed the connection")),
        ({"greeting": "220"}, {}, [(b"", None)], passing("PEER closed the connection")),
        ({"probe": "ping"}, {}, [(b"ping\n", None)], passing("PEER closed the connection")),
        ({"probe": "ping", "probe_answer": "pong"}, {}, [(b"ping\n", b"\x07what?\n")],
         other("PEER is a different service", "what?", "probe_answer", "pong")),
        (ENTERS | PROMPT, SECRETS, [*ASKS, (b"pw\n", b"no\nlogin: ")], refused()),
        (ENTERS | PROMPT, SECRETS, [*ASKS, (b"pw\n", None)], refused()),
        (ENTERS | PROMPT | {"login_refused": "No"}, SECRETS, [*ASKS, (b"pw\n", b"No\n> ")],
         refused()),
        (ENTERS | PROMPT, SECRETS, [(b"", b"login: "), (b"ada\n", b"login: ")], refused()),
        (ENTERS | PROMPT, SECRETS, [(b"", b"login: "), (b"ada\n", None)],
         passing("PEER closed the connection")),
        (ENTERS | {"login_refused": "No"}, SECRETS, [*ASKS, (b"pw\n", b"Now\n")], refused()),
        (ENTERS | {"login_refused": "No"}, SECRETS, [(b"", b"No entry\n")], refused()),
        ({"login": LOGIN[:1], "user": "ada", "login_refused": "No"}, {},
         [(b"", b"login: "), (b"ada\n", b"No\n")], refused("user")),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_hinders_a_service_is_said_in_full(tmp_path, settings, secrets, script, failure):
    found = None
    with PlayedPeer(script) as peer:
        try:
            handle, _ = opened(peer, tmp_path, settings, secrets)
            ADAPTER.close(handle)
        except ConnectionFailure as caught:
            found = caught.failure
    assert peer.heard == peer.expected
    if failure is not None:
        failure = failure._replace(message=failure.message.replace("PEER", f"{HOST}:{peer.port}"))
    assert found == failure


@together(
    "greeting, failure",
    [
        (b"\n \nOther\x00 service\nmore", other(GREETING, "Other service", "greeting", "220")),
        (b"z" * 101, other(GREETING, "z" * 100, "greeting", "220")),
        (b" \n", passing("PEER does not answer in time")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_service_that_greets_otherwise_or_not_at_all(tmp_path, greeting, failure):
    with PlayedPeer([(b"", greeting)]) as peer, pytest.raises(ConnectionFailure) as caught:
        opened(peer, tmp_path, {"greeting": "220"}, seconds=0.3)
    name = f"{HOST}:{peer.port}"
    assert caught.value.failure == failure._replace(message=failure.message.replace("PEER", name))
    assert peer.heard == [b""]


def test_a_port_at_which_no_one_listens_and_a_host_in_brackets(tmp_path):
    port = free_port()
    for host in (HOST, "::1"):
        settings = {"driver": "line", "host": host, "port": port}
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.open(request_for(settings, tmp_path), soon(), lambda _: None)
        name = f"[{host}]" if ":" in host else host
        words = ("refuses the connection", "cannot be reached", "cannot assign")
        said = caught.value.failure.message
        assert said.startswith(f"{name}:{port}")
        assert any(one in said for one in words)


def test_an_answer_is_asked_for_once_and_its_lines_are_counted(tmp_path):
    settings = {"probe": "ping", "probe_answer": "pong", "setup": ["s"], "identify": "id"}
    first = [(b"ping\n", b"pong\n"), (b"id\n", b"1\n"), (b"s\n", b"ok\n")]
    said = [(b"a\n", b"b\nleft over"), (b"c\n", b"d\n"), (b"ping\n", b"no\n"), (b"ping\n", None)]
    with PlayedPeer([*first, *said], [*first[:1], (b"id\n", b"2\n"), *first[2:]]) as peer:
        handle, _ = opened(peer, tmp_path, settings)
        assert ADAPTER.capture(handle, soon()) == {"run": "1"}
        for line in ("a\nb", "a\r"):
            with pytest.raises(ValueError, match=r"^more than one line$"):
                handle.ask(line, soon())
        assert handle.ask("a", soon()) == "b"
        assert ADAPTER.capture(handle, soon()) == {"run": "1", "lines": 1}
        assert handle.ask("c", soon()) == "d"
        state = ADAPTER.capture(handle, soon())
        assert state == {"run": "1", "lines": 2}
        name = f"{HOST}:{peer.port}"
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.probe(handle, soon())
        assert caught.value.failure == Failure(
            FailureKind.TRANSIENT, f"{name} answers the probe differently",
            found="no", wanted="pong", key="probe_answer",
        )  # fmt: skip
        for _ in range(2):  # a call that did not end makes the handle useless
            with pytest.raises(ConnectionFailure) as caught:
                ADAPTER.probe(handle, soon())
            assert caught.value.failure == passing(f"{name} closed the connection")
        ADAPTER.close(handle)
        again, _ = opened(peer, tmp_path, settings)
        states = (state, {"run": "2"}, {}, {"lines": 1})
        reports = [ADAPTER.resume(again, one, soon()) for one in states]
        ADAPTER.close(again)
    assert peer.heard == peer.expected
    restarted = "the service's state in memory: it was restarted"
    sent = "the session of the service in which {} had been sent"
    assert reports == [
        (("1 line of setup",), (restarted, sent.format("2 lines")), ()),
        (("1 line of setup",), (), ()),
        (("1 line of setup",), (), ()),
        (("1 line of setup",), (sent.format("1 line"),), ()),
    ]


def test_without_a_probe_only_the_socket_is_looked_at(tmp_path):
    with PlayedPeer([(b"a\n", b"b\n"), (b"c\n", None)]) as peer:
        handle, _ = opened(peer, tmp_path, {})
        assert ADAPTER.probe(handle, soon()) == Health()
        assert handle.ask("a", soon()) == "b"
        with pytest.raises(EOFError):
            handle.ask("c", soon())
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.probe(handle, soon())
        ADAPTER.close(handle)
    assert caught.value.failure.kind is FailureKind.TRANSIENT
    assert ADAPTER.resume(handle, {}, soon()) == ((), (), ())


@together(
    "settings, argv",
    [
        ({}, ("nc", "h", "7")),
        ({"tls": True}, ("openssl", "s_client", "-quiet", "-connect", "h:7")),
        ({"tls": True, "ca_file": "a.pem"},
         ("openssl", "s_client", "-quiet", "-connect", "h:7", "-CAfile", "/s/a.pem")),
        ({"tls": True, "ca_file": "~/a.pem", "host": "::1"},
         ("openssl", "s_client", "-quiet", "-connect", "[::1]:7", "-CAfile", "/h/a.pem")),
        ({"tls": True, "ca_file": "/a.pem"},
         ("openssl", "s_client", "-quiet", "-connect", "h:7", "-CAfile", "/a.pem")),
    ],
    ids=str,
)  # fmt: skip
def test_the_program_that_connects_a_terminal(tmp_path, settings, argv):
    request = request_for({"host": "h", "port": 7, **settings}, tmp_path, home="/h")
    found = ADAPTER.command(request._replace(directory="/s"))
    assert found == (argv, {}, {})


# -- the channel -------------------------------------------------------------------------------


def channel_for(**settings):
    """Return a channel, and the socket of the other side."""
    here, there = socket.socketpair()
    request = request_for_lines(settings)
    return LineChannel(here, manners_of(request)), there


def request_for_lines(settings):
    table = {"host": "h", "port": 1, **settings}
    return ConnectionRequest("c", table, {}, "/s", "/h", {}, "/x")


@together(
    "settings, blocks, answer",
    [
        ({"framing": "line"}, [b"one\r\ntwo\n"], "one"),
        ({"framing": "line"}, [b"\n"], ""),
        ({"framing": "line"}, [b"a\rb\n"], "a\rb"),
        ({"framing": "prompt", "prompt": "> "}, [b"one\r\ntwo\r\n> "], "one\ntwo"),
        ({"framing": "prompt", "prompt": "> "}, [b"> not yet\n\n> "], "> not yet\n"),
        ({"framing": "prompt", "prompt": "> "}, [b"> "], ""),
        ({"framing": "prompt", "prompt": "\u00e9>"}, [b"\xff\xc3", b"\xa9>"], "\ufffd"),
        ({"framing": "blank"}, [b"one\r\ntwo\r\n\r\nleft"], "one\ntwo"),
        ({"framing": "blank"}, [b"\n"], ""),
        ({"framing": "dot"}, [b"one\r\n..two\r\n...\r\n.x\n.\r\n"], "one\n.two\n..\n.x"),
        ({"framing": "dot"}, [b".\n"], ""),
        ({"framing": "dot"}, [b"\n\n.\n"], "\n"),
    ],
    ids=str,
)
def test_an_answer_ends_as_its_framing_says(settings, blocks, answer):
    channel, there = channel_for(**settings)
    with there:
        there.sendall(b"unasked\n> ")
        channel.drain()
        for block in blocks:
            channel.send(b"x", soon())
            there.sendall(block)
        # What is there already stands for what comes behind the line.
        channel.drain, channel.text = lambda: None, ""
        assert channel.ask("y", soon()) == answer
        assert channel.is_usable
        channel.close("bye")
        assert there.recv(100) == b"x\n" * len(blocks) + b"y\nbye\n"


def test_an_answer_without_an_end_is_not_kept(monkeypatch):
    monkeypatch.setattr(line_channel, "_MOST_CHARACTERS", 3)
    channel, there = channel_for()
    with there:
        there.sendall(b"ab\n")
        channel.drain()
        assert channel.text == "ab\n"
        there.sendall(b"c")
        with pytest.raises(OSError, match=r"^the answer does not end$"):
            channel.read_more(soon())
        channel.cut()
        assert there.recv(1) == b""
        channel.close("bye")


def test_a_call_that_ended_too_late_makes_the_channel_useless():
    channel, there = channel_for()
    with there:
        with pytest.raises(TimeoutError):
            channel.ask("a", Deadline(0.05))
        assert not channel.is_usable
        with pytest.raises(EOFError):
            channel.ask("b", soon())
        with pytest.raises(DeadlineError):
            channel.send(b"c", Deadline(0))
        channel.close("bye")
        assert there.recv(100) == b"a\n"
        assert there.recv(100) == b""
