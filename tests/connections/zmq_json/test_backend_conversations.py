"""Conversations with a backend: each request that is sent, and all that is said of each answer."""

from __future__ import annotations

import errno
import json
import threading

import pytest

from sessionctl.connections import (
    ConnectionFailure,
    ConnectionRequest,
    Deadline,
    DeadlineError,
    Failure,
    FailureKind,
    OpenStep,
    Secret,
)
from sessionctl.connections.connection_adapter import PeerIdentity
from sessionctl.connections.zmq_json import backend_link, zmq_json_adapter
from sessionctl.connections.zmq_json.backend_link import _path, connected_link, curve_keys
from sessionctl.connections.zmq_json.backend_messages import (
    BackendRefusal,
    BackendReply,
    refusal_failure,
    reply_of,
    request_text,
)
from sessionctl.connections.zmq_json.zmq_json_adapter import ZmqJsonAdapter
from tests.connections.adapter_calls import soon
from tests.connections.servers.server_process import HOST, need_module
from tests.together import together

ADAPTER = ZmqJsonAdapter()


def failure(kind, message, *hints, **more):
    return Failure(FailureKind(kind), message, hints, **more)


# -- messages ----------------------------------------------------------------------------------


@together(
    "data, reply",
    [
        (b'{"id": "7", "status": "ok"}', BackendReply("7", "ok", None)),
        (b'{"id": 7, "status": "SUCCESS", "result": [1], "error": "x", "timestamp": "t\\u0007."}',
         BackendReply("7", "SUCCESS", [1], "t")),
        (b'{"id": "7", "status": "error", "error": "no\\n way.", "error_type": "Bad..",'
         b' "retry_after": 2, "result": 1, "timestamp": 5}',
         BackendReply("7", "error", 1, "5", "no way", "Bad", 2.0)),
        (b'{"id": "7", "status": "error", "error": {"message": "no", "code": 5}}',
         BackendReply("7", "error", None, "", "no", "")),
        (b'{"id": "7", "status": "denied", "error": {}, "retry_after": "2"}',
         BackendReply("7", "denied", None, "", "denied", "")),
        (b'{"id": "7", "status": "denied", "retry_after": 0.5}',
         BackendReply("7", "denied", None, "", "denied", "", 0.5)),
        (b'{"id": "7", "status": "e", "error": "%s"}' % (b"x" * 201),
         BackendReply("7", "e", None, "", "x" * 200)),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_an_answer_is_read(data, reply):
    assert reply_of(data, "p") == reply


@together(
    "data, found",
    [
        (b"hello\x07", "hello"), (b"[1]", "[1]"), (b"7", "7"), (b"{}", "{}"),
        (b'{"id": "7"}', '{"id": "7"}'), (b'{"status": "ok"}', '{"status": "ok"}'),
        (b'{"id": null, "status": "ok"}', '{"id": null, "status": "ok"}'),
        (b'{"id": "7", "status": 1}', '{"id": "7", "status": 1}'),
        (b"[" * 100_000, "[" * 80), (b"\xff" + b"y" * 80, "\ufffd" + "y" * 79),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_an_answer_of_another_protocol_is_shown(data, found):
    with pytest.raises(ConnectionFailure) as caught:
        reply_of(data, "p")
    assert caught.value.failure == failure(
        "incompatible", "p answers in another protocol",
        found=found, wanted="JSON with an id and a status",
    )  # fmt: skip


@together(
    "error_type, error, kind, key",
    [
        ("AuthenticationError", "no", "auth", "token"), ("", "Access DENIED", "auth", "token"),
        ("", "forbidden", "auth", "token"), ("", "bad credentials", "auth", "token"),
        ("SessionLimitExceeded", "no", "busy", ""), ("", "too-many", "busy", ""),
        ("", "overloaded", "busy", ""), ("", "quota", "busy", ""), ("", "locked", "busy", ""),
        # The type counts before the words.
        ("Busy", "the token is taken", "busy", ""),
        ("Oops", "the token is taken", "auth", "token"),
        ("VersionError", "no", "incompatible", ""), ("", "unknown-command", "incompatible", ""),
        ("", "not implemented", "incompatible", ""), ("", "unsupported", "incompatible", ""),
        ("ValueError", "bad cursor", "permanent", ""), ("", "bad", "permanent", ""),
    ],
)  # fmt: skip
def test_what_a_refusal_means(error_type, error, kind, key):
    reply = BackendReply("1", "error", None, "", error, error_type, 3.0)
    found = refusal_failure(BackendRefusal("update", reply), "p")
    wait_s = None if kind == "permanent" else 3.0
    assert found == failure(kind, f"p refuses update: {error}", retry_after_s=wait_s, key=key)
    assert str(BackendRefusal("update", reply)) == f"update: {error}"


def test_which_refusals_say_that_the_session_is_gone():
    def gone(error, error_type=""):
        return BackendReply("1", "error", None, "", error, error_type).is_gone

    for words in ("Not found", "no such thing", "unknown session", "expired", "orphan"):
        assert gone(words)
    assert gone("x", "InvalidSession")
    assert gone("x", "SessionNotFound")
    assert not gone("", "SessionNotFound")
    assert not gone("bad cursor", "ValueError")


def test_a_request_is_json_of_three_parts():
    assert request_text("7", "info", {"a": [1]}) == (
        b'{"id": "7", "command": "info", "parameters": {"a": [1]}}'
    )
    for value in (object(), float("nan")):
        with pytest.raises(ConnectionFailure) as caught:
            request_text("7", "info", {"a": value})
        assert caught.value.failure == failure(
            "config", "a parameter cannot be written as JSON", key="parameters"
        )


# -- conversations -----------------------------------------------------------------------------


class PlayedBackend:
    """Answers one request after the other from a script, and notes what was asked.

    An answer is what stands beside the id: a result, a table with a status, or a list of such
    with ids of their own, sent before.
    """

    def __init__(self, *answers):
        zmq = need_module("zmq")
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.linger, self._socket.rcvtimeo = 0, 10_000
        self.port = self._socket.bind_to_random_port(f"tcp://{HOST}")
        self._answers = answers
        self.asked = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(12)
        self._socket.close()
        self._context.term()

    def _serve(self):
        for answer in self._answers:
            who, empty, data = self._socket.recv_multipart()
            request = json.loads(data)
            self.asked.append((request["command"], request["parameters"]))
            if isinstance(answer, list):
                *early, answer = answer
                for one in early:
                    self._socket.send_multipart([who, empty, json.dumps(one).encode()])
            table = answer if isinstance(answer, dict) and "status" in answer else None
            answer = table or {"status": "ok", "result": answer}
            text = json.dumps({"id": request["id"], **answer})
            self._socket.send_multipart([who, empty, text.encode()])


def opened(backend, parameters=None, secrets=None):
    steps = []
    table = {"driver": "zmq-json", "host": HOST, "port": backend.port}
    values = {key: Secret(value) for key, value in (secrets or {}).items()}
    table |= {"parameters": parameters} if parameters else {}
    request = ConnectionRequest("c", table, values, "/s", "/h", {}, "/x")
    return ADAPTER.open(request, soon(), lambda step: steps.append(step.value)), steps


def refused(error, error_type=""):
    return {"status": "error", "error": error, "error_type": error_type}


@together(
    "created, statistics, session, identity",
    [
        ({"session_id": "s", "id": "x"}, {}, "s", ("", "backend at PEER", "", "")),
        ({"id": 7}, None, "7", ("", "backend at PEER", "", "")),
        ("s", [1], "s", ("", "backend at PEER", "", "")),
        (0, {"backend_id": "b\x07", "name": "N", "version": 1.5, "started": 9}, "0",
         ("b", "N 1.5 at PEER", "1.5", "9")),
        ("s", {"name": "n" * 101, "version": [1], "backend_id": None}, "s",
         ("", "n" * 100 + " at PEER", "", "")),
    ],
    ids=str,
)  # fmt: skip
def test_a_session_is_begun(created, statistics, session, identity):
    with PlayedBackend(created, statistics, {"x": 1}) as backend:
        handle, steps = opened(backend, {"client": "a"}, {"token": "t0k"})
        health = ADAPTER.probe(handle, soon())
        found = ADAPTER.identity(handle, soon())
        ADAPTER.close(handle)
        ADAPTER.close(handle)
    peer = f"{HOST}:{backend.port}"
    assert steps == ["resolve", "connect", "authenticate", "validate"]
    assert backend.asked == [
        ("create", {"client": "a", "token": "t0k"}), ("statistics", {}),
        ("info", {"session_id": session}),
    ]  # fmt: skip
    assert found == PeerIdentity(*(text.replace("PEER", peer) for text in identity))
    assert ADAPTER.capture(handle, soon()) == {"session": session}
    assert (health.missed, health.is_skipped, 0 < health.latency_s < 20) == ((), False, True)


@together(
    "answers, expected",
    [
        ([refused("bad t0k here", "AuthError")],
         failure("auth", "PEER refuses create: bad *** here", key="token")),
        ([refused("full", "Limit")], failure("busy", "PEER refuses create: full")),
        (["s", refused("no")], failure("permanent", "PEER refuses statistics: no")),
        ([{}], failure("incompatible", "PEER gives no id for the session",
                       wanted="a result with a session_id")),
        ([""], failure("incompatible", "PEER gives no id for the session",
                       wanted="a result with a session_id")),
        ([{"status": 1}], failure("incompatible", "PEER answers in another protocol",
                                  found='{"id": "ID", "status": 1}',
                                  wanted="JSON with an id and a status")),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_session_that_cannot_be_begun(answers, expected):
    with PlayedBackend(*answers) as backend, pytest.raises(ConnectionFailure) as caught:
        opened(backend, secrets={"token": "t0k"})
    found = caught.value.failure
    number = found.found[8:40]
    found = found._replace(
        message=found.message.replace(f"{HOST}:{backend.port}", "PEER"),
        found=found.found.replace(number, "ID") if number else "",
    )
    assert found == expected


def test_each_request_and_what_becomes_of_the_session():
    late = {"id": "other", "status": "ok"}
    gone = refused("no such session", "NotFound")
    with PlayedBackend(
        "s", {}, [late, late, "done"], "i", "l", {"n": 1}, gone, refused("bad cursor"), "c",
        *("t", {}, "r", gone), *("u", {}, gone), *("v", {}, refused("busy")),
    ) as backend:  # fmt: skip
        peer = f"{HOST}:{backend.port}"
        handle, _ = opened(backend)
        assert handle.update({"a": 1}, soon()) == "done"
        assert ADAPTER.probe(handle, soon()).missed == (
            "2 answers came too late for whoever asked",
        )
        assert handle.sessions(soon()) == "l"
        assert handle.statistics(soon()) == {"n": 1}
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.probe(handle, soon())
        assert caught.value.failure == failure("transient", f"{peer} no longer knows the session")
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.probe(handle, soon())
        assert caught.value.failure == failure("permanent", f"{peer} refuses info: bad cursor")
        assert handle.end("x", soon()) == "c"
        ADAPTER.close(handle)
        reports = []
        for state in ({"session": "s", "unanswered": 2}, {"session": "s", "unanswered": 1}):
            handle, _ = opened(backend)
            reports.append((ADAPTER.resume(handle, state, soon()), handle.session))
            ADAPTER.close(handle)
        handle, _ = opened(backend)
        assert ADAPTER.resume(handle, {"session": "v"}, soon()) == ((), (), ())
        assert ADAPTER.resume(handle, {}, soon()) == ((), (), ())
        with pytest.raises(BackendRefusal) as caught:
            ADAPTER.resume(handle, {"session": "s"}, soon())
        assert ADAPTER.classify(caught.value) == failure(
            "busy", "the backend refuses restore: busy"
        )
        ADAPTER.close(handle)
    assert reports == [
        ((("session s",), ("the answer to 2 requests, not sent again",), ()), "s"),
        (((), ("session s: the backend no longer has it",
               "the answer to 1 request, not sent again"), ()), "u"),
    ]  # fmt: skip
    mine = {"session_id": "s"}
    assert backend.asked == [
        ("create", {}), ("statistics", {}), ("update", {"session_id": "s", "a": 1}),
        ("info", mine), ("list", {}), ("statistics", {}), ("info", mine), ("info", mine),
        ("close", {"session_id": "x"}),
        ("create", {}), ("statistics", {}), ("restore", mine), ("close", {"session_id": "t"}),
        ("create", {}), ("statistics", {}), ("restore", mine),
        ("create", {}), ("statistics", {}), ("restore", mine),
    ]  # fmt: skip


def test_a_connection_that_has_ended_is_said_with_its_name():
    with PlayedBackend("s", {}) as backend:
        handle, _ = opened(backend)
    ADAPTER.close(handle)
    with pytest.raises(ConnectionFailure) as caught:
        ADAPTER.probe(handle, soon())
    peer = f"{HOST}:{backend.port}"
    assert caught.value.failure == failure("transient", f"{peer} closed the connection")
    with pytest.raises(ConnectionFailure) as caught:
        opened(backend)
    assert caught.value.failure == failure("transient", f"{peer} refuses the connection")


# -- settings ----------------------------------------------------------------------------------


def keys(settings, **secrets):
    values = {key: Secret(value) for key, value in secrets.items()}
    return curve_keys(ConnectionRequest("c", settings, values, "/s", "/h", {}, "/x"))


def test_keys_are_the_server_s_and_two_of_ours():
    zmq = need_module("zmq")
    if not zmq.has("curve"):
        pytest.skip("this pyzmq is built without CURVE")
    public, secret = zmq.curve_keypair()
    assert keys({}) is None
    assert keys({"server_key": "k"}, secret_key=secret.decode()) == (b"k", public, secret)
    server, mine, hidden = keys({"server_key": "k"})
    assert server == b"k"
    assert zmq.curve_public(hidden) == mine
    assert keys({"server_key": "k"})[2] != hidden
    for settings, value, words in (
        ({}, "x", "secret_key is of no use without 'server_key'"),
        ({"server_key": "k"}, "x" * 39, "secret_key is not a CURVE key of 40 characters"),
        ({"server_key": "k"}, "x" * 41, "secret_key is not a CURVE key of 40 characters"),
        ({"server_key": "k"}, "~" * 40, "secret_key is not a CURVE key of 40 characters"),
    ):
        with pytest.raises(ConnectionFailure) as caught:
            keys(settings, secret_key=value)
        assert caught.value.failure == failure("config", words, key="secret_key")


def test_encryption_that_this_pyzmq_cannot_do_is_said(monkeypatch):
    monkeypatch.setattr(need_module("zmq"), "has", lambda what: what != "curve")
    with pytest.raises(ConnectionFailure) as caught:
        keys({"server_key": "k"})
    assert caught.value.failure == failure(
        "config", "this pyzmq is built without CURVE", key="server_key"
    )


@together("text, path", [("~/b.sock", "/h/b.sock"), ("b.sock", "/s/b.sock"), ("/b", "/b")])
def test_a_socket_is_beside_the_session_or_in_the_home(text, path):
    request = ConnectionRequest("c", {"socket": text}, {}, "/s", "/h", {}, "/x")
    steps = []
    with pytest.raises(ConnectionFailure) as caught:
        ADAPTER.open(request, soon(), steps.append)
    assert caught.value.failure == failure("transient", f"{text} refuses the connection")
    assert steps == [OpenStep.CONNECT]
    assert _path(request, text) == path


class Closing:
    """A link to a backend that fails as it is told to, and says whether it was closed."""

    peer = "h:1"

    def __init__(self, error):
        self.error, self.is_closed = error, False

    def send(self, _frames):
        raise self.error

    def close(self):
        self.is_closed = True


@together(
    "error, secrets, expected",
    [
        (EOFError(), {}, failure("transient", "h:1 closed the connection")),
        (DeadlineError("x"), {}, failure("transient", "h:1 does not answer in time")),
        (ConnectionResetError(errno.ECONNRESET, "x"), {},
         failure("transient", "h:1 cut the connection")),
        (KeyboardInterrupt(), {}, None),
        (None, {"token": b"\xff"}, failure("config", "the token is not UTF-8", key="token")),
    ],
    ids=repr,
)  # fmt: skip
def test_a_link_whose_session_cannot_be_begun_is_closed(monkeypatch, error, secrets, expected):
    link = Closing(error)
    monkeypatch.setattr(zmq_json_adapter, "connected_link", lambda *_asked: link)
    values = {key: Secret(value) for key, value in secrets.items()}
    request = ConnectionRequest("c", {}, values, "/s", "/h", {}, "/x")
    with pytest.raises(KeyboardInterrupt if expected is None else ConnectionFailure) as caught:
        ADAPTER.open(request, soon(), lambda _step: None)
    assert expected is None or caught.value.failure == expected
    assert link.is_closed


def test_a_second_address_is_tried_with_what_is_left_of_the_time(monkeypatch):
    tried = []

    class Link(Closing):
        def __init__(self, peer, driver):
            super().__init__(None)
            tried.append((peer, driver, self))

        def connect_patiently(self, endpoint, keys, deadline):
            tried.append((endpoint, keys, round(deadline.remaining_s)))
            if len(tried) <= fails:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "x")

    monkeypatch.setattr(backend_link, "ZmqLink", Link)
    monkeypatch.setattr(backend_link, "host_addresses", lambda *_asked: ("::1", "10.0.0.1"))
    request = ConnectionRequest("c", {"host": "h", "port": 7}, {}, "/s", "/h", {}, "/x")
    for fails in (1, 2, 3):
        tried.clear()
        steps = []
        if fails == 3:
            with pytest.raises(ConnectionRefusedError):
                connected_link(request, Deadline(100), steps.append)
        else:
            assert connected_link(request, Deadline(100), steps.append) is tried[0][2]
        assert tried[0][:2] == ("h:7", "zmq-json")
        both = [("tcp://[::1]:7", None, 50), ("tcp://10.0.0.1:7", None, 100)]
        assert tried[1:] == both[: min(fails, 2)]
        assert tried[0][2].is_closed is (fails == 3)
        assert steps == [OpenStep.RESOLVE, OpenStep.CONNECT]
