"""What the Redis adapter asks of an open connection, and what it makes of each answer."""

from __future__ import annotations

import builtins
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

pytest.importorskip("redis", reason="the module redis is not installed")

import redis

from sessionctl.connections.connection_adapter import (
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
)
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.redis import opening
from sessionctl.connections.redis.redis_adapter import RedisAdapter
from sessionctl.connections.redis.redis_handle import RedisHandle
from sessionctl.connections.redis.server_address import Address
from sessionctl.system.optional_libraries import install_command
from tests.together import together

ADAPTER = RedisAdapter()
DEADLINE = Deadline(3600)


class Handle:
    """An open connection that answers from a table, and notes what it is asked."""

    place = "db.example:6379"

    def __init__(self, answers=(), *, master="", is_busy=False, subscriptions=()):
        self.answers, self.master, self.is_busy = dict(answers), master, is_busy
        self.client = SimpleNamespace(subscriptions=subscriptions)
        self.asked = []

    def ask(self, deadline, *words):
        assert deadline is DEADLINE
        self.asked.append(" ".join(words))
        answer = self.answers.get(" ".join(words))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def listen(self):
        self.asked.append("listen")

    @contextmanager
    def bounded(self, deadline):
        assert deadline is DEADLINE
        self.asked.append("bounded")
        yield

    def close(self):
        self.asked.append("close")


def server(**said):
    return {"INFO server": said}


def failure_of(function, *arguments):
    with pytest.raises(ConnectionFailure) as raised:
        function(*arguments)
    return raised.value.failure


OLD = Failure(
    FailureKind.INCOMPATIBLE, "the server is Redis 4.9.1, and 5.0 or newer is wanted",
    found="4.9.1", wanted="5.0 or newer",
)  # fmt: skip
NO_MASTER = Failure(
    FailureKind.TRANSIENT, "db.example:6379 is no longer the master: a failover is under way"
)


@together(
    "answers, master, accepts, expected",
    [
        (server(redis_version="5.0.0"), "", False, None),
        (server(redis_version="4.9.1"), "", False, OLD),
        (server(redis_version="4.9.1"), "", True, None),
        (server(redis_version="x.y"), "", False, None),
        (server(), "", False, None),
        ({"INFO server": redis.exceptions.NoPermissionError()}, "", False, None),
        ({**server(redis_version="7"), "ROLE": [b"master", 1]}, "main", False, None),
        ({**server(redis_version="7"), "ROLE": ["slave", 1]}, "main", False, NO_MASTER),
    ],
)  # fmt: skip
def test_a_server_that_is_opened_is_new_enough_and_the_master(
    monkeypatch, answers, master, accepts, expected
):
    handle, steps = Handle(answers, master=master), []
    request = SimpleNamespace(accepts_any_version=accepts)
    monkeypatch.setattr(opening, "open_handle", lambda *_asked: handle)
    if expected is None:
        assert ADAPTER.open(request, DEADLINE, steps.append) is handle
    else:
        assert failure_of(ADAPTER.open, request, DEADLINE, steps.append) == expected
    role = ["ROLE"] if master else []
    assert handle.asked == ["INFO server", *role, *(["close"] if expected else [])]
    assert steps == [OpenStep.VALIDATE]


def test_without_redis_py_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def no_opening(name, *more, **how):
        if name.endswith("redis.opening"):
            raise ImportError(name)
        return real(name, *more, **how)

    monkeypatch.setattr(builtins, "__import__", no_opening)
    assert failure_of(ADAPTER.open, None, DEADLINE, print) == Failure(
        FailureKind.CONFIG, "the driver redis needs redis-py",
        (f"install it: {install_command('redis')}",), key="driver",
    )  # fmt: skip


def subscription(name, asked, *, subscribed=True):
    def await_pong(token, deadline):
        assert deadline is DEADLINE
        asked.append(f"await {token}")

    return SimpleNamespace(subscribed=subscribed, say_ping=lambda: name, await_pong=await_pong)


def test_a_probe_waits_for_each_connection_and_disturbs_no_command():
    for how, asked in (
        ({}, ["bounded", "PING"]), ({"is_busy": True}, ["bounded", "listen"]),
        ({"is_busy": True, "master": "m"}, ["bounded", "listen"]),
        ({"master": "m", "answers": {"ROLE": [b"master"]}}, ["bounded", "ROLE"]),
    ):  # fmt: skip
        handle = Handle(**how)
        handle.client.subscriptions = [
            subscription("a", handle.asked), subscription("b", handle.asked, subscribed=False),
            subscription("c", handle.asked),
        ]  # fmt: skip
        health = ADAPTER.probe(handle, DEADLINE)
        assert health == Health(health.latency_s, is_skipped=how.get("is_busy", False))
        assert 0 <= health.latency_s < 60
        assert handle.asked == [*asked, "bounded", "await a", "bounded", "await c"]
    handle = Handle({"ROLE": [b"slave"]}, master="m")
    assert failure_of(ADAPTER.probe, handle, DEADLINE) == NO_MASTER


@together(
    "answers, master, peer",
    [
        (server(redis_version="7.2", run_id="r1"), "",
         PeerIdentity("", "Redis 7.2 on db.example:6379", "7.2", "r1")),
        (server(), "main", PeerIdentity("sentinel main", "Redis on db.example:6379")),
        ({**server(redis_version="7", redis_mode="cluster"), "CLUSTER MYID": b"n1"}, "",
         PeerIdentity("node n1", "Redis 7 on db.example:6379", "7")),
        ({**server(redis_mode="cluster"), "CLUSTER MYID": "n2"}, "main",
         PeerIdentity("node n2", "Redis on db.example:6379")),
    ],
)  # fmt: skip
def test_who_answers_is_named(answers, master, peer):
    assert ADAPTER.identity(Handle(answers, master=master), DEADLINE) == peer


def test_an_answer_is_not_waited_for_while_the_user_has_the_turn():
    client = SimpleNamespace(
        turn=threading.Lock(), execute_command=lambda *words: words, is_queueing=False, running=0
    )

    @contextmanager
    def until(deadline):
        yield

    ended = [False, True]
    guard = SimpleNamespace(until=until, has_ended=lambda: ended.pop(0))
    handle = RedisHandle(client, [guard], "db")
    assert handle.ask(DEADLINE, "GET", "a") == ("GET", "a")
    with client.turn, pytest.raises(DeadlineError, match=r"\Aa command of the user is waiting\Z"):
        handle.ask(Deadline(0.01), "GET", "a")
    assert handle.ask(DEADLINE, "PING") == ("PING",)
    for queueing, running, is_busy in ((False, 0, False), (True, 0, True), (False, 2, True)):
        client.is_queueing, client.running = queueing, running
        assert handle.is_busy is is_busy
    handle.listen()
    assert failure_of(handle.listen) == Failure(FailureKind.TRANSIENT, "the connection is closed")


TLS_ONLY = Failure(
    FailureKind.CONFIG, "the server speaks TLS and nothing else", ("tls = true",), key="tls"
)
NO_TLS = Failure(
    FailureKind.CONFIG, "the server does not answer to TLS, and speaks without it", key="tls"
)


@together(
    "error, is_first, has_guards, tls, plain, expected",
    [
        (redis.ConnectionError("gone"), False, True, True, False, TLS_ONLY),
        (redis.ConnectionError("gone"), False, False, True, False, redis.ConnectionError),
        (redis.ConnectionError("gone"), False, True, False, False, redis.ConnectionError),
        (redis.ConnectionError("gone"), True, False, False, True, redis.ConnectionError),
        (redis.TimeoutError("late"), False, False, False, True, redis.TimeoutError),
        (redis.TimeoutError("late"), True, False, False, True, NO_TLS),
        (redis.TimeoutError("late"), True, False, False, False, "again"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_server_with_tls_or_without_it_is_told_from_one_that_is_gone(
    monkeypatch, error, is_first, has_guards, tls, plain, expected
):
    shares, closed = [], []
    outcomes = [error, "client"]

    def pool(_request, _address, share, login):
        shares.append(share.remaining_s)
        if has_guards:
            login.guards.append(
                SimpleNamespace(
                    cut=lambda: closed.append("cut"), close=lambda: closed.append("close")
                )
            )
        return SimpleNamespace(disconnect=lambda: closed.append("disconnect"))

    def call(_function, _deadline, discard):
        assert discard is opening._discard
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(opening, "_pool", pool)
    monkeypatch.setattr(opening, "bounded_call", call)
    monkeypatch.setattr(opening, "tls_options", lambda _request: {})
    monkeypatch.setattr(opening, "speaks_tls", lambda *_asked: tls)
    monkeypatch.setattr(opening, "speaks_plainly", lambda *_asked: plain)
    arguments = (None, Address("db", 1), Deadline(100), print)

    def connect():
        return opening._connected(*arguments, is_first=is_first)

    if expected == "again":
        client, login = connect()
        assert (client, login.guards) == ("client", [])
        assert [round(share) for share in shares] == [3, 100]
    elif isinstance(expected, Failure):
        assert failure_of(connect) == expected
    else:
        with pytest.raises(expected):
            connect()
    assert closed[:3] == (["cut", "close", "disconnect"] if has_guards else ["disconnect"])
    assert round(shares[0]) == (3 if is_first else 100)


@together(
    "settings, steps, looked_up, place, master",
    [
        ({}, ["resolve", "connect"], [("localhost", 6379)], "localhost", ""),
        ({"host": "db", "port": 7}, ["resolve", "connect"], [("db", 7)], "db", ""),
        ({"socket": "r.sock"}, ["connect"], [], "/s/r.sock", ""),
        ({"sentinels": ["s:1"], "host": "x"}, ["resolve", "connect"], [], "x", "mymaster"),
        ({"sentinels": ["s:1"], "master": "m"}, ["resolve", "connect"], [], "found", "m"),
    ],
    ids=str,
)
def test_a_server_is_looked_up_and_then_connected_to(
    monkeypatch, settings, steps, looked_up, place, master
):
    found, told = [], []
    login = SimpleNamespace(guards=["guard"])
    monkeypatch.setattr(
        opening, "host_addresses", lambda host, port, _d: found.append((host, port))
    )
    monkeypatch.setattr(opening, "master_address", lambda _r, _d: Address("found", 1))

    def connected(_request, _address, _deadline, _step, *, is_first):
        told.append(is_first)
        return "client", login

    monkeypatch.setattr(opening, "_connected", connected)
    said = []
    for tls in (False, True):
        request = SimpleNamespace(
            settings={**settings, "tls": tls}, directory="/s", home="/h", secrets={}
        )
        said.clear()
        found.clear()
        handle = opening.open_handle(request, DEADLINE, lambda step: said.append(step.value))
        assert (said, found) == (steps, looked_up)
        assert (handle.client, handle.master) == ("client", master)
        assert handle.place == place
    assert told == [False, "socket" not in settings]
