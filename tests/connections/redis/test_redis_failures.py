"""What errors of Redis and redis-py are taken for, from a real server and by their words."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import threading
import traceback

import pytest

from sessionctl.connections import ConnectionFailure, Deadline, Failure, FailureKind
from sessionctl.connections.redis.redis_adapter import RedisAdapter
from tests.connections.adapter_calls import CANARY, failure, opened, request, soon
from tests.connections.servers.redis_server import RedisServer, SentinelServer
from tests.connections.servers.server_process import HOST, need_module, wait_until
from tests.connections.servers.tcp_proxy import TcpProxy
from tests.world import need

ADAPTER = RedisAdapter()


@pytest.fixture
def server(start_redis):
    return start_redis(RedisServer, CANARY)


@pytest.fixture
def attempt(server):
    def attempt(secret=CANARY, seconds=20, **settings):
        table = {"driver": "redis", "host": HOST, "port": server.port} | settings
        secrets = {} if secret is None else {"password": secret}
        wanted = request(table, server.directory, secrets)
        ADAPTER.close(opened(ADAPTER, wanted, seconds)[0])

    return attempt


@pytest.mark.parametrize(
    ("settings", "kind", "key"),
    [
        ({"secret": "wrong"}, "AUTH", "password"),
        ({"secret": None}, "AUTH", "password"),
        ({"user": "nobody"}, "AUTH", "password"),
        ({"database": 99}, "CONFIG", "database"),
        ({"host": "no-such-host.invalid"}, "CONFIG", "host"),
        ({"port": 1}, "TRANSIENT", ""),
        ({"socket": "missing.sock"}, "TRANSIENT", "socket"),
    ],
)
def test_what_cannot_be_opened(attempt, settings, kind, key):
    said = failure(ADAPTER, lambda: attempt(**settings))
    assert (said.kind, said.key) == (FailureKind[kind], key), said
    assert not said.message[0].isupper()
    assert CANARY not in repr(said)


def test_a_password_for_a_server_that_wants_none(start_redis, attempt):
    open_server = start_redis()
    said = failure(ADAPTER, lambda: attempt(port=open_server.port))
    assert (said.kind, said.key) == (FailureKind.AUTH, "password")


def test_a_server_that_is_full_is_busy(start_redis, attempt):
    small = start_redis(RedisServer, CANARY, maxclients=1)
    handle, _ = opened(
        ADAPTER, request({"host": HOST, "port": small.port}, secrets={"password": CANARY})
    )
    assert failure(ADAPTER, lambda: attempt(port=small.port)).kind is FailureKind.BUSY
    ADAPTER.close(handle)


def test_what_is_no_redis(attempt):
    with socket.create_server((HOST, 0)) as listener:

        def serve():
            client, _ = listener.accept()
            with client:
                client.recv(1000)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                client.recv(1000)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        said = failure(ADAPTER, lambda: attempt(port=listener.getsockname()[1]))
        assert said.kind is FailureKind.INCOMPATIBLE, said
        thread.join(20)


def test_a_server_that_swallows_all_takes_no_longer_than_the_deadline(server, attempt):
    with TcpProxy(server.port) as proxy:
        proxy.black_hole()
        said = failure(ADAPTER, lambda: attempt(port=proxy.port, seconds=0.5))
        assert said.kind is FailureKind.TRANSIENT
        said = failure(ADAPTER, lambda: attempt(port=proxy.port, tls=True, seconds=1))
        assert said.kind is FailureKind.TRANSIENT


def test_a_deadline_that_has_passed_opens_nothing(server):
    wanted = request({"driver": "redis", "host": HOST, "port": server.port})
    said = failure(ADAPTER, ADAPTER.open, wanted, Deadline(0), lambda _: None)
    assert said.kind is FailureKind.TRANSIENT


@pytest.mark.parametrize(
    ("name", "message", "kind"),
    [
        ("BusyLoadingError", "Redis is loading the dataset in memory", "BUSY"),
        ("ResponseError", "LOADING Redis is loading the dataset in memory", "BUSY"),
        ("ResponseError", "BUSY Redis is busy running a script", "BUSY"),
        ("ResponseError", "TRYAGAIN Multiple keys request", "BUSY"),
        ("ResponseError", "MASTERDOWN Link with MASTER is down", "TRANSIENT"),
        ("ReadOnlyError", "You can't write against a read only replica.", "TRANSIENT"),
        ("ResponseError", "CLUSTERDOWN The cluster is down", "TRANSIENT"),
        ("ResponseError", "MOVED 3999 10.0.0.1:6381", "INCOMPATIBLE"),
        ("ConnectionError", "max number of clients reached", "BUSY"),
        ("AuthenticationError", "invalid username-password pair", "AUTH"),
        ("NoPermissionError", "this user has no permissions to run", "AUTH"),
        ("AuthenticationError", "Authentication required.", "AUTH"),
        ("ResponseError", "NOPROTO unsupported protocol version", "INCOMPATIBLE"),
        ("ResponseError", "unknown command 'HELLO'", "INCOMPATIBLE"),
        ("ResponseError", "DENIED Redis is running in protected mode", "CONFIG"),
        ("ResponseError", "WRONGTYPE Operation against a key", "PERMANENT"),
        ("ConnectionError", "Connection closed by server.", "TRANSIENT"),
        ("TimeoutError", "Timeout reading from socket", "TRANSIENT"),
    ],
)
def test_words_of_the_server(name, message, kind):
    exceptions = need_module("redis.exceptions")
    error = getattr(exceptions, name)(message)
    assert ADAPTER.classify(error).kind is FailureKind[kind], ADAPTER.classify(error)


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyboardInterrupt(), OSError(5, "io"), ConnectionResetError(), None]
)
def test_classifying_never_raises(error):
    assert isinstance(ADAPTER.classify(error), Failure)
    known = Failure(FailureKind.BUSY, "x")
    assert ADAPTER.classify(ConnectionFailure(known)) is known


def test_a_server_that_loads_its_data_is_busy(server, attempt):
    server.say("DEBUG", "SLEEP", "0")
    loading = {"+PONG": b"-LOADING Redis is loading the dataset in memory\r\n"}
    with TcpProxy(server.port) as proxy:
        proxy.to_client = lambda data: loading["+PONG"]
        assert failure(ADAPTER, lambda: attempt(port=proxy.port)).kind is FailureKind.BUSY


def test_no_secret_is_in_an_error_a_log_or_an_argument(server, attempt):
    errors = []
    for settings in ({"database": 99}, {"port": 1}, {"user": "nobody"}, {"secret": CANARY + "x"},
                     {"sentinels": [f"{HOST}:1"]}):  # fmt: skip
        try:
            attempt(**settings)
        except Exception as error:  # noqa: BLE001
            errors.append("".join(traceback.format_exception(error)) + repr(error))
            errors.append(repr(ADAPTER.classify(error)))
    table = {"driver": "redis", "host": HOST, "port": server.port}
    wanted = request(table, secrets={"password": CANARY})
    handle, _ = opened(ADAPTER, wanted)
    handle.subscription.subscribe("news")
    state = ADAPTER.capture(handle, soon())
    said = [repr(handle), repr(handle.client), repr(wanted), repr(state)]
    said += [repr(ADAPTER.identity(handle, soon())), repr(ADAPTER.command(wanted))]
    ADAPTER.close(handle)
    assert len(errors) == 10
    for text in (*errors, *said, server.log.read_text()):
        assert CANARY not in text


@pytest.mark.parametrize(
    ("settings", "argv"),
    [
        ({}, ["redis-cli", "-h", "localhost", "-p", "6379"]),
        (
            {"host": "db", "port": 7000, "user": "app", "database": 3, "protocol": 3},
            ["redis-cli", "-h", "db", "-p", "7000", "-n", "3", "--user", "app", "-3"],
        ),
        ({"socket": "~/redis.sock"}, ["redis-cli", "-s", "/home/ada/redis.sock"]),
        (
            {"host": "db", "tls": True, "tls_ca": "ca.pem", "tls_verify": False},
            ["redis-cli", "-h", "db", "-p", "6379", "--tls", "--cacert", "/srv/desk/ca.pem",
             "--insecure"],
        ),
    ],
)  # fmt: skip
def test_the_command_opens_the_same_without_a_secret(settings, argv):
    wanted = request(settings, "/srv/desk", {"password": CANARY})._replace(home="/home/ada")
    printed = ADAPTER.command(wanted)
    assert list(printed.argv) == argv
    assert printed.secret_variables == {"REDISCLI_AUTH": "password"}
    assert CANARY not in repr(printed)


def test_the_command_asks_the_sentinels(start_redis):
    need("redis-cli")
    master = start_redis(RedisServer, CANARY)
    sentinel = start_redis(SentinelServer, master)
    where = {"sentinels": [f"{HOST}:{sentinel.port}"], "master": "main", "database": 2}
    printed = ADAPTER.command(request(where, secrets={"password": CANARY}))
    assert CANARY not in shlex.join(printed.argv)
    *argv, script = printed.argv

    def answer():
        return subprocess.run(
            [*argv, script + " CLIENT INFO"],
            env={**os.environ, "REDISCLI_AUTH": CANARY},
            capture_output=True,
            text=True,
        ).stdout

    wait_until(lambda: " db=2 " in answer(), "an answer of the server")
