"""The adapter for Redis, against a real server."""

from __future__ import annotations

import threading

import pytest

from sessionctl.connections import FailureKind, OpenStep
from sessionctl.connections.redis.redis_adapter import RedisAdapter
from tests.connections.adapter_calls import CANARY, failure, opened, request, soon
from tests.connections.servers.redis_server import RedisServer, SentinelServer, certificates
from tests.connections.servers.server_process import HOST, wait_until
from tests.connections.servers.tcp_proxy import TcpProxy

ADAPTER = RedisAdapter()


@pytest.fixture
def server(start_redis):
    return start_redis(RedisServer, CANARY)


@pytest.fixture
def open_(server):
    handles = []

    def open_(secret=CANARY, seconds=20, **settings):
        table = {"driver": "redis", "host": HOST, "port": server.port} | settings
        secrets = {} if secret is None else {"password": secret}
        handle, _ = opened(ADAPTER, request(table, server.directory, secrets), seconds)
        handles.append(handle)
        return handle

    yield open_
    for handle in handles:
        ADAPTER.close(handle)


def test_it_opens_step_by_step_and_answers(server):
    table = {"driver": "redis", "host": HOST, "port": server.port, "client_name": "desk"}
    handle, steps = opened(ADAPTER, request(table, secrets={"password": CANARY}))
    assert steps == [
        OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.AUTHENTICATE, OpenStep.VALIDATE,
    ]  # fmt: skip
    assert handle.client.client_getname() in (b"desk", "desk")
    assert ADAPTER.probe(handle, soon()).latency_s > 0
    ADAPTER.close(handle)
    ADAPTER.close(handle)
    assert failure(ADAPTER, ADAPTER.probe, handle, soon()).kind is FailureKind.TRANSIENT


@pytest.mark.parametrize("protocol", [2, 3])
def test_the_report_is_true_on_what_comes_back_and_what_is_lost(open_, protocol):
    first = open_(database=3, client_name="desk", protocol=protocol)
    first.client.execute_command("SELECT", 5)
    first.client.client_setname("other")
    first.client.execute_command("WATCH", "key")
    first.subscription.subscribe("news")
    first.subscription.psubscribe("alerts.*")
    state = ADAPTER.capture(first, soon())
    ADAPTER.close(first)
    handle = open_(database=3, client_name="desk", protocol=protocol)
    report = ADAPTER.resume(handle, state, soon())
    assert report.restored == (
        "database: 5",
        "client name: other",
        "user: default",
        f"protocol: {protocol}",
        "SUBSCRIBE news",
        "PSUBSCRIBE alerts.*",
    )
    assert report.lost == (
        "messages that were published meanwhile: news, alerts.*",
        "watched keys (WATCH)",
    )
    again = ADAPTER.capture(handle, soon())
    assert again == {key: value for key, value in state.items() if key != "watched"}
    handle.client.set("key", "value")
    assert open_(database=5).client.get("key") in (b"value", "value")
    open_().client.publish("news", "hello")
    assert message_of(handle) == b"hello"


def message_of(handle):
    while (message := handle.subscription.get_message(timeout=20)) is not None:
        if message["type"] in ("message", "pmessage"):
            return message["data"]
    raise AssertionError("no message")


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_probe_awaits_the_pong_and_keeps_the_messages_of_the_user(open_, protocol):
    handle = open_(protocol=protocol)
    handle.subscription.subscribe("news")
    other = open_()
    for number in range(3):
        other.client.publish("news", str(number))
    ADAPTER.probe(handle, soon())
    other.client.publish("news", "3")
    ADAPTER.probe(handle, soon())
    assert [message_of(handle) for _ in range(4)] == [b"0", b"1", b"2", b"3"]


def test_a_probe_goes_on_while_another_thread_waits_for_messages(open_):
    handle = open_()
    handle.subscription.subscribe("news")
    found = []
    thread = threading.Thread(target=lambda: found.append(message_of(handle)))
    thread.start()
    for _ in range(3):
        ADAPTER.probe(handle, soon())
    open_().client.publish("news", "hello")
    thread.join(20)
    assert found == [b"hello"]


@pytest.mark.parametrize("protocol", [2, 3])
def test_an_idle_subscription_on_a_half_open_connection_is_noticed(server, open_, protocol):
    with TcpProxy(server.port) as proxy:
        handle = open_(port=proxy.port, protocol=protocol)
        handle.subscription.subscribe("news")
        ADAPTER.probe(handle, soon())
        proxy.black_hole()
        assert failure(ADAPTER, ADAPTER.probe, handle, soon(0.5)).kind is FailureKind.TRANSIENT


def test_inside_a_transaction_nothing_is_asked(open_):
    handle = open_()
    handle.client.execute_command("MULTI")
    handle.client.execute_command("SET", "a", "1")
    assert ADAPTER.probe(handle, soon()).is_skipped
    state = ADAPTER.capture(handle, soon())
    assert state["transaction"] is True
    assert handle.client.execute_command("EXEC") in ([True], [b"OK"], ["OK"])
    assert not ADAPTER.probe(handle, soon()).is_skipped
    report = ADAPTER.resume(open_(), state, soon())
    assert report.lost[0].startswith("the open transaction (MULTI)")


def test_a_command_that_waits_is_left_alone_and_reported_as_lost(server, open_):
    handle = open_()
    ended = []

    def wait():
        try:
            handle.client.blpop("queue")
        except Exception as error:  # noqa: BLE001
            ended.append(ADAPTER.classify(error).kind)

    thread = threading.Thread(target=wait)
    thread.start()
    wait_until(handle.blocked, "the command")
    assert ADAPTER.probe(handle, soon(0.5)).is_skipped
    state = ADAPTER.capture(handle, soon())
    assert state["blocked"] == "BLPOP"
    server.kill()
    thread.join(20)
    assert ended == [FailureKind.TRANSIENT]
    server.start()
    assert "BLPOP" in ADAPTER.resume(open_(), state, soon()).lost[0]


def test_closing_ends_a_call_that_hangs(open_):
    handle = open_()
    thread = threading.Thread(target=failure, args=(ADAPTER, handle.client.blpop, "queue"))
    thread.start()
    wait_until(handle.blocked, "the command")
    ADAPTER.close(handle)
    thread.join(20)
    assert not thread.is_alive()


def test_nothing_connects_anew_in_silence(server, open_):
    handle = open_()
    handle.subscription.subscribe("news")
    server.kill()
    server.start()
    for _ in range(3):
        assert failure(ADAPTER, handle.client.incr, "n").kind is FailureKind.TRANSIENT
        assert failure(ADAPTER, ADAPTER.probe, handle, soon()).kind is FailureKind.TRANSIENT
    assert open_().client.get("n") is None


def test_it_comes_in_by_a_socket(server, open_):
    handle = open_(socket="redis.sock")
    assert "unix" in str(handle.client.client_info()) or handle.client.ping()
    assert ADAPTER.identity(handle, soon()).text.endswith(server.socket)


def test_users_of_the_access_list(server, open_):
    server.say("ACL", "SETUSER", "app", "on", f">{CANARY}", "~*", "+@all", "-info", "&*")
    handle = open_(user="app")
    assert ADAPTER.capture(handle, soon())["user"] == "app"
    assert ADAPTER.identity(handle, soon()).version == ""
    assert failure(ADAPTER, handle.client.info).kind is FailureKind.AUTH
    refused = failure(ADAPTER, lambda: open_(user="nobody"))
    assert (refused.kind, refused.key) == (FailureKind.AUTH, "password")


@pytest.mark.slow
def test_tls_with_an_authority_of_its_own(start_redis, open_):
    secure = RedisServer(CANARY)
    key, certificate = certificates(secure.directory)
    tls = secure.port + 1
    secure.settings |= {
        "tls_port": tls, "tls_cert_file": certificate, "tls_key_file": key,
        "tls_ca_cert_file": certificate, "tls_auth_clients": "no",
    }  # fmt: skip
    server = start_redis(lambda: secure)
    tls = server.settings["tls_port"]
    handle = open_(port=tls, tls=True, tls_ca=str(certificate))
    ADAPTER.probe(handle, soon())
    refused = failure(ADAPTER, lambda: open_(port=tls, tls=True))
    assert (refused.kind, refused.key) == (FailureKind.CONFIG, "tls_ca")
    refused = failure(ADAPTER, lambda: open_(port=server.port, tls=True))
    assert (refused.kind, refused.key) == (FailureKind.CONFIG, "tls")
    refused = failure(ADAPTER, lambda: open_(port=tls, tls=True, tls_ca="missing.pem"))
    assert (refused.kind, refused.key) == (FailureKind.CONFIG, "tls_ca")
    open_(port=tls, tls=True, tls_verify=False)
    refused = failure(ADAPTER, lambda: open_(port=tls))
    assert (refused.kind, refused.key) == (FailureKind.CONFIG, "tls")


@pytest.mark.slow
def test_after_a_failover_the_sentinels_are_asked_again(start_redis, open_):
    master = start_redis()
    replica = start_redis(RedisServer, replicaof=f"{HOST} {master.port}")
    wait_until(lambda: f"port={replica.port},state=online" in info(master), "the replica")
    sentinel = start_redis(SentinelServer, master)
    wait_until(lambda: b"slaves=1" in sentinel_info(sentinel), "what the sentinel knows")
    where = {"sentinels": [f"{HOST}:1", f"{HOST}:{sentinel.port}"], "master": "main"}
    handle = open_(secret=None, host=None, port=None, **where)
    before = ADAPTER.identity(handle, soon())
    assert before.key == "sentinel main"
    master.kill()
    assert failure(ADAPTER, ADAPTER.probe, handle, soon()).kind is FailureKind.TRANSIENT
    handles = []

    def is_back():
        try:
            handles.append(open_(secret=None, host=None, port=None, **where))
        except Exception as error:  # noqa: BLE001
            assert ADAPTER.classify(error).kind is FailureKind.TRANSIENT, error
        return handles

    wait_until(is_back, "the failover", 60)
    after = ADAPTER.identity(handles[0], soon())
    assert after.key == before.key
    assert after.run != before.run
    assert handles[0].client.set("a", "1")
    # The old master comes back as a replica: who is still connected to it learns of it.
    replica.say("REPLICAOF", HOST, replica.port + 1)
    assert failure(ADAPTER, ADAPTER.probe, handles[0], soon()).kind is FailureKind.TRANSIENT


def info(server):
    with __import__("redis").Redis(port=server.port) as client:
        return str(client.execute_command("INFO", "replication")) + _raw(server.port)


def sentinel_info(sentinel):
    return _raw(sentinel.port, b"INFO sentinel\r\n").encode()


def _raw(port, command=b"INFO replication\r\n"):
    import socket

    with socket.create_connection((HOST, port), timeout=5) as client:
        client.sendall(command)
        said = b""
        while not said.endswith(b"\r\n") or said.count(b"\r\n") < 3:
            said += client.recv(65536)
    return said.decode()


def test_no_sentinel_and_no_name(start_redis, open_):
    sentinel = start_redis(SentinelServer, start_redis())
    refused = failure(ADAPTER, lambda: open_(sentinels=[f"{HOST}:{sentinel.port}"], master="no"))
    assert (refused.kind, refused.key) == (FailureKind.CONFIG, "master")
    refused = failure(ADAPTER, lambda: open_(sentinels=[f"{HOST}:1"], master="main"))
    assert (refused.kind, refused.key) == (FailureKind.TRANSIENT, "")
