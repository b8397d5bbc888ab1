"""What is made of a Redis server's answers: who it is, whether it will do, what comes back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sessionctl.connections import ConnectionFailure, ConnectionRequest, Failure, FailureKind
from sessionctl.connections.connection_adapter import PeerIdentity
from sessionctl.connections.redis.redis_adapter import RedisAdapter
from tests.connections.adapter_calls import soon
from tests.together import together

redis = pytest.importorskip("redis")

from sessionctl.connections.redis.client_state import capture, resume  # noqa: E402
from sessionctl.connections.redis.redis_handle import OneConnection, RedisHandle  # noqa: E402

ADAPTER = RedisAdapter()
REFUSED = redis.exceptions.NoPermissionError("no")


class Client:
    """A connection that answers commands from a script, and notes them."""

    subscriptions = ()
    is_queueing = is_watching = False
    running = ""

    def __init__(self, *answers, **facts):
        self.answers, self.said = list(answers), []
        self.turn = SimpleNamespace(acquire=lambda timeout: True, release=lambda: None)
        self.__dict__.update(facts)

    def execute_command(self, *words):
        self.said.append(" ".join(words))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Guard:
    """A guard that cuts nothing; ``ended`` is whether the other side has closed."""

    ended = False

    def until(self, _deadline):
        from contextlib import nullcontext

        return nullcontext()

    def has_ended(self):
        return self.ended


def handle_for(*answers, master="", **facts):
    return RedisHandle(Client(*answers, **facts), [Guard()], "h:7", master)


def request(**more):
    return ConnectionRequest("c", {}, {}, "/", "/", {}, "/", **more)


# -- who it is ---------------------------------------------------------------------------------


@together(
    "version, found",
    [
        ("5.0.0", None), ("5.0", None), ("10.1.2", None), ("", None), ("unstable", None),
        ("4.0.14", "4.0.14"), ("2.8", "2.8"), ("4.9.9", "4.9.9"),
    ],
)  # fmt: skip
def test_a_server_that_is_too_old_is_refused_unless_it_is_asked_for(version, found):
    info = {"redis_version": version} if version else {}
    ADAPTER._check(handle_for(info), request(accepts_any_version=True), soon())
    if found is None:
        ADAPTER._check(handle_for(info), request(), soon())
        return
    with pytest.raises(ConnectionFailure) as caught:
        ADAPTER._check(handle_for(info), request(), soon())
    message = f"the server is Redis {version}, and 5.0 or newer is wanted"
    assert caught.value.failure == Failure(
        FailureKind.INCOMPATIBLE, message, found=found, wanted="5.0 or newer"
    )


@together(
    "answer, is_master",
    [
        ([b"master", 1, []], True), (["master"], True),
        ([b"slave", b"h", 1], False), (["sentinel"], False),
    ],
    ids=str,
)  # fmt: skip
def test_what_sentinels_named_must_be_the_master(answer, is_master):
    handle = handle_for({}, answer, master="m")
    if is_master:
        ADAPTER._check(handle, request(), soon())
    else:
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER._check(handle, request(), soon())
        message = "h:7 is no longer the master: a failover is under way"
        assert caught.value.failure == Failure(FailureKind.TRANSIENT, message)
    assert handle.client.said == ["INFO server", "ROLE"]


@together(
    "answers, master, identity",
    [
        ([{"redis_version": "7.2.1", "run_id": "r"}], "", ("", "Redis 7.2.1 on h:7", "7.2.1", "r")),
        ([{"redis_version": "7.2.1"}], "m", ("sentinel m", "Redis 7.2.1 on h:7", "7.2.1", "")),
        ([{"redis_mode": "cluster"}, b"abc"], "", ("node abc", "Redis on h:7", "", "")),
        ([{"redis_mode": "cluster"}, "abc"], "m", ("node abc", "Redis on h:7", "", "")),
        ([REFUSED], "", ("", "Redis on h:7", "", "")),
    ],
    ids=str,
)  # fmt: skip
def test_who_answers(answers, master, identity):
    found = ADAPTER.identity(handle_for(*answers, master=master), soon())
    assert found == PeerIdentity(*identity)


class Subscribed:
    """A subscription that notes the pings that it says and awaits."""

    def __init__(self, subscribed=True, **names):
        self.subscribed, self._names, self.said = subscribed, names, []

    def names(self):
        return self._names

    def subscribe(self, *names):
        self._names["channels"] = [name for name in names if name != "refused"]

    def psubscribe(self, *names):
        self._names["patterns"] = list(names)

    def say_ping(self):
        self.said.append("ping")
        return "token"

    def await_pong(self, token, _deadline):
        self.said.append(f"pong {token}")


@together(
    "answers, facts, master, said, is_skipped",
    [
        ([b"PONG"], {}, "", ["PING"], False),
        ([[b"master"]], {}, "m", ["ROLE"], False),
        ([], {"is_queueing": True}, "", [], True),
        ([], {"running": "BLPOP"}, "m", [], True),
    ],
    ids=str,
)  # fmt: skip
def test_a_probe_asks_but_where_the_user_waits(answers, facts, master, said, is_skipped):
    one, two = Subscribed(), Subscribed(subscribed=False)
    handle = handle_for(*answers, master=master, subscriptions=[one, two], **facts)
    health = ADAPTER.probe(handle, soon())
    assert (health.is_skipped, health.missed) == (is_skipped, ())
    assert 0 <= health.latency_s < 20
    assert (handle.client.said, one.said, two.said) == (said, ["ping", "pong token"], [])
    if is_skipped:
        handle.guards[0].ended = True
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.probe(handle, soon())
        assert caught.value.failure == Failure(FailureKind.TRANSIENT, "the connection is closed")


# -- its state ---------------------------------------------------------------------------------


@together(
    "answer, state",
    [
        ("id=3 name=app db=5 user=ada resp=3\n",
         {"database": 5, "client_name": "app", "user": "ada", "protocol": 3}),
        (b"id=3 name= db=0", {"database": 0, "protocol": 2}),
        ({"db": 2, "name": "a"}, {"database": 2, "client_name": "a", "protocol": 2}),
        (REFUSED, {"database": 0, "protocol": 2}),
        (redis.exceptions.ResponseError("x"), {"database": 0, "protocol": 2}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_captured(answer, state):
    handle = handle_for(answer)
    assert capture(handle, soon()) == state
    assert handle.client.said == ["CLIENT INFO"]
    # While a command waits the last state is given, and what waits.
    handle.client.running = "BLPOP"
    assert capture(handle, soon()) == {**state, "blocked": "BLPOP"}
    handle.client.running = "GET"
    assert capture(handle, soon()) == state
    handle.client.running = ""
    handle.client.is_queueing = handle.client.is_watching = True
    assert capture(handle, soon()) == {**state, "transaction": True, "watched": True}
    assert handle.captured == state


def test_subscriptions_are_captured_in_order():
    several = [Subscribed(channels=["b", "a"]), Subscribed(channels=["c"], patterns=["p*"])]
    found = capture(handle_for("db=1", subscriptions=several), soon())
    assert found == {
        "database": 1, "protocol": 2, "channels": ["a", "b", "c"], "patterns": ["p*"],
    }  # fmt: skip


TRANSACTION = "the open transaction (MULTI): nothing of it was carried out, unless EXEC was"
WAITED = "the command that waited: BLPOP; what it took is unknown"


@together(
    "state, answers, said, report",
    [
        ({}, ["db=0"], [], ((), (), ())),
        ({"database": 5, "client_name": "a", "user": "u", "protocol": 3},
         ["db=0 name=b user=u resp=2", b"OK", b"OK"], ["SELECT 5", "CLIENT SETNAME a"],
         (("database: 5", "client name: a", "user: u"), (), ("protocol: 3, now 2",))),
        ({"database": 5, "client_name": "a", "user": "u", "protocol": 3},
         ["db=5 name=a user=v resp=3"], [],
         (("database: 5", "client name: a", "protocol: 3"), (), ("user: u, now v",))),
        ({"user": "u", "protocol": 3}, [REFUSED], [], ((), (), ())),
        ({"transaction": True, "watched": True, "blocked": "BLPOP"}, ["db=0"], [],
         ((), (TRANSACTION, "watched keys (WATCH)", WAITED), ())),
        ({"channels": ["a", "refused"], "patterns": ["p*"]}, ["db=0"], [],
         (("SUBSCRIBE a", "PSUBSCRIBE p*"),
          ("SUBSCRIBE refused", "messages that were published meanwhile: a, refused, p*"), ())),
        ({"channels": list("abcdef")}, ["db=0"], [],
         (tuple(f"SUBSCRIBE {name}" for name in "abcdef"),
          ("messages that were published meanwhile: a, b, c, d, e and 1 more",), ())),
        ({"channels": "x", "patterns": list("abcde")}, ["db=0"], [],
         (tuple(f"PSUBSCRIBE {name}" for name in "abcde"),
          ("messages that were published meanwhile: a, b, c, d, e",), ())),
    ],
    ids=str,
)  # fmt: skip
def test_what_comes_back(state, answers, said, report):
    one = Subscribed()
    handle = handle_for(*answers, subscriptions=[one])
    assert resume(handle, state, soon()) == report
    assert handle.client.said == ["CLIENT INFO", *said]
    is_subscribed = bool({"channels", "patterns"} & state.keys())
    assert one.said == (["ping", "pong token"] if is_subscribed else [])


def test_what_the_user_is_in_the_middle_of_is_followed():
    client = object.__new__(OneConnection)
    seen = []
    for name in (
        "WATCH", "UNWATCH", "WATCH", "MULTI", "GET", "EXEC", "MULTI", "DISCARD", "WATCH", "RESET",
    ):  # fmt: skip
        client._follow(name)
        seen.append((client.is_watching, client.is_queueing))
    assert seen == [
        (True, False), (False, False), (True, False), (True, True), (True, True), (False, False),
        (False, True), (False, False), (True, False), (False, False),
    ]  # fmt: skip
