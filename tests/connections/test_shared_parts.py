"""What the drivers share, at its edges: who brings a driver, names, calls, errors, sockets."""

from __future__ import annotations

import importlib.metadata
import socket
import threading
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from sessionctl.connections import bounded_call, tcp_stream
from sessionctl.connections.bounded_call import bounded_call as call_within
from sessionctl.connections.bounded_call import host_addresses
from sessionctl.connections.connection_adapter import (
    API,
    GROUP,
    ConnectionFailure,
    Failure,
    FailureKind,
    OpenStep,
)
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.driver_registry import BUILT_IN, adapter_kinds, connection_adapter
from sessionctl.connections.keeping.dialling import classified
from sessionctl.connections.schema_table import SHARED_KEYS
from sessionctl.connections.socket_guard import SocketGuard
from sessionctl.connections.tcp_stream import open_stream
from sessionctl.errors import FileError, LockedError, RefusedError, ToolError, UsageError
from tests.together import together

OURS = ("http", "jupyter", "line", "postgres", "redis", "sqlite", "ssh", "zmq-json")
PERMANENT, TRANSIENT = FailureKind.PERMANENT, FailureKind.TRANSIENT
CONFIG, AUTH = FailureKind.CONFIG, FailureKind.AUTH


def refused(function, *arguments):
    """Return what a call raises: its kind, its message and its hints."""
    with pytest.raises((ToolError, UsageError)) as raised:
        function(*arguments)
    return type(raised.value), raised.value.message, raised.value.hints


# -- who brings a driver -------------------------------------------------------------------------


class Acme:
    """A driver of another package."""

    api = API


class Old:
    api = API + 1


class Bare:
    pass


def broken():
    raise ImportError("no acme")


def points(*values, **dist):
    here = __name__
    made = [EntryPoint(name, f"{here}:{target}", GROUP) for name, target in values]
    return [one._for(SimpleNamespace(**dist)) if dist else one for one in made]


@pytest.fixture
def installed(monkeypatch):
    """Return a function that says which drivers other packages bring."""

    def install(*found):
        def entry_points(*, group):
            assert group == GROUP
            return found

        monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)

    return install


def test_a_driver_is_found_by_its_name_and_its_package_is_named(installed):
    for kind, target in BUILT_IN.items():
        adapter = connection_adapter(kind)
        assert f"{type(adapter).__module__}:{type(adapter).__name__}" == target
        assert (adapter.kind, adapter.api) == (kind, API)
        table = adapter.schema()
        assert not SHARED_KEYS & table["properties"].keys()
        assert set(table["required"]) <= table["properties"].keys()
    named = points(("acme", "Acme"), name="acme-kit", version="2.5")
    installed(*named, *points(("redis", "Acme"), ("b.z", "Acme")))
    assert adapter_kinds() == (*OURS, "acme", "b.z")
    assert isinstance(connection_adapter("acme"), Acme)
    assert refused(connection_adapter, "acmee") == (
        UsageError, "there is no driver acmee", (f"there are: {', '.join((*OURS, 'acme', 'b.z'))}",)
    )  # fmt: skip
    twice = points(("acme", "Acme"))
    installed(*named, *twice)
    assert refused(connection_adapter, "acme") == (
        ToolError, f"driver acme: 2 packages bring it: acme-kit 2.5, {__name__}:Acme",
        ("remove all but one of them",),
    )  # fmt: skip


@together(
    "target, message, hint",
    [
        ("broken", "load: ImportError: no acme", "report it to those who make kit 1"),
        ("nothing", f"load: AttributeError: module '{__name__}' has no attribute 'nothing'",
         "report it to those who make kit 1"),
        ("Old", f"expected version {API} of the protocol, got {API + 1}",
         "install another version of kit 1"),
        ("Bare", f"expected version {API} of the protocol, got none",
         "install another version of kit 1"),
    ],
)  # fmt: skip
def test_a_driver_that_cannot_be_used_says_why(installed, target, message, hint):
    installed(*points(("acme", target), name="kit", version="1"))
    assert refused(connection_adapter, "acme") == (ToolError, f"driver acme: {message}", (hint,))


# -- calls and names -----------------------------------------------------------------------------


def test_a_call_returns_raises_or_is_late():
    assert call_within(lambda: 5, Deadline(10)) == 5
    assert call_within(lambda: None, Deadline(10)) is None
    for error in (ValueError("x"), SystemExit(3)):
        with pytest.raises(type(error)) as raised:
            call_within(lambda error=error: (_ for _ in ()).throw(error), Deadline(10))
        assert raised.value is error
    go_on, thrown_away, done = threading.Event(), [], threading.Event()

    def late():
        go_on.wait(10)
        return 7

    def discard(result):
        thrown_away.append(result)
        done.set()

    for more in ((discard,), ()):
        with pytest.raises(DeadlineError, match=r"\Ano answer by the deadline\Z"):
            call_within(late, Deadline(0.01), *more)
    go_on.set()
    assert done.wait(10)
    assert thrown_away == [7]


def looked_up(*addresses):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in addresses]


def test_the_addresses_of_a_host_are_tried_in_their_order(monkeypatch):
    asked, answers = [], [looked_up("10.0.0.2", "10.0.0.1", "10.0.0.2")]

    def look_up(*host_and_port, **more):
        asked.append((*host_and_port, more))
        answer = answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(bounded_call.socket, "getaddrinfo", look_up)
    assert host_addresses("db", 80, Deadline(10)) == ("10.0.0.2", "10.0.0.1")
    assert asked == [("db", 80, {"type": socket.SOCK_STREAM})]
    later = Failure(TRANSIENT, "the name db cannot be looked up now", key="proxy")
    nowhere = Failure(
        CONFIG, "there is no host db", ("check proxy, and the network that knows the name",),
        key="proxy",
    )  # fmt: skip
    wrong = Failure(CONFIG, "'db' is not a host name", key="proxy")
    for answer, failure in (
        (socket.gaierror(socket.EAI_AGAIN, "x"), later),
        (socket.gaierror(socket.EAI_SYSTEM, "x"), later),
        (socket.gaierror(socket.EAI_MEMORY, "x"), later),
        (socket.gaierror(socket.EAI_NONAME, "x"), nowhere),
        (UnicodeError("x"), wrong),
        (ValueError("x"), wrong),
    ):
        answers.append(answer)
        with pytest.raises(ConnectionFailure) as raised:
            host_addresses("db", 80, Deadline(10), "proxy")
        assert raised.value.failure == failure


@together(
    "error, failure",
    [
        (ConnectionFailure(Failure(AUTH, "no", key="user")), Failure(AUTH, "no", key="user")),
        (LockedError("locked", hints=["unlock"]), Failure(AUTH, "locked", ("unlock",))),
        (RefusedError("refused"), Failure(AUTH, "refused")),
        (FileError("gone", hints=["look"]), Failure(CONFIG, "gone", ("look",))),
        (DeadlineError("late"), Failure(TRANSIENT, "late")),
        (KeyError("x"), Failure(PERMANENT, "of the driver: KeyError")),
        (ZeroDivisionError(), Failure(
            PERMANENT, "ZeroDivisionError, and the driver failed too: ValueError")),
    ],
    ids=repr,
)  # fmt: skip
def test_an_error_is_what_we_know_or_what_the_driver_says(error, failure):
    def classify(error):
        if isinstance(error, ZeroDivisionError):
            raise ValueError("a value")  # noqa: TRY004 - as a driver may
        return Failure(PERMANENT, f"of the driver: {type(error).__name__}")

    target = SimpleNamespace(adapter=SimpleNamespace(classify=classify))
    assert classified(target, error) == failure


# -- sockets -------------------------------------------------------------------------------------


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_a_stream_is_opened_at_the_first_address_that_answers_and_watched(listener, monkeypatch):
    port, steps = listener.getsockname()[1], []
    found = [(), ("127.0.0.2", "127.0.0.3"), ("127.0.0.2", "127.0.0.1", "127.0.0.3")]

    def addresses(*asked):
        steps.append(asked)
        return found.pop()

    monkeypatch.setattr(tcp_stream, "host_addresses", addresses)
    deadline = Deadline(20)
    with open_stream("db", port, deadline, steps.append, key="proxy") as stream:
        assert stream.getpeername() == ("127.0.0.1", port)
        assert stream.gettimeout() is None
        tcp = {name: stream.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in (
            "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT",
        ) if hasattr(socket, name)}  # fmt: skip
        wanted = {
            "TCP_KEEPIDLE": 2, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 5000,
        }  # fmt: skip
        assert tcp == {name: wanted[name] for name in tcp}
        assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert steps == [OpenStep.RESOLVE, ("db", port, deadline, "proxy"), OpenStep.CONNECT]
    for error in (ConnectionRefusedError, TimeoutError):
        with pytest.raises(error):
            open_stream("db", port, Deadline(20), steps.append)


def test_a_stream_whose_handshake_fails_is_closed(listener, monkeypatch):
    port, given = listener.getsockname()[1], []

    def wrap_socket(plain, *, server_hostname):
        given.append((plain, server_hostname, 0 < plain.gettimeout() <= 20))
        if len(given) == 1:
            raise KeyboardInterrupt
        return plain

    context = SimpleNamespace(wrap_socket=wrap_socket)
    with pytest.raises(KeyboardInterrupt):
        open_stream("localhost", port, Deadline(20), lambda _step: None, context=context)
    assert given[0][0].fileno() == -1
    with open_stream("localhost", port, Deadline(20), lambda _step: None, context=context) as made:
        assert made is given[1][0]
        assert made.gettimeout() is None
    assert [one[1:] for one in given] == [("localhost", True)] * 2


def test_a_guard_that_was_closed_says_that_the_other_side_has_ended():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        guard = SocketGuard(ours.fileno())
        assert not guard.has_ended()
        guard.close()
        assert guard.has_ended()
        guard.cut()
        assert guard.is_cut
        theirs.send(b"a")
        assert ours.recv(1) == b"a"
