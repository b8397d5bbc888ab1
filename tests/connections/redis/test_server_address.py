"""Where a Redis server is, by its table and by what the Sentinels say."""

from __future__ import annotations

import ssl

import pytest
import redis

from sessionctl.connections.connection_adapter import ConnectionFailure, FailureKind
from sessionctl.connections.redis import server_address
from sessionctl.connections.redis.server_address import (
    Address,
    address_of,
    master_address,
    sentinels_of,
    tls_options,
)
from tests.connections.adapter_calls import request, soon

UNKNOWN = None
DOWN = ConnectionRefusedError("Connection refused")
NO_TLS = ssl.SSLError(1, "wrong version number")
NO_TLS.reason = "wrong version number"


@pytest.mark.parametrize(
    ("word", "host", "port"),
    [
        ("db.example.org", "db.example.org", 26379),
        ("db.example.org:5000", "db.example.org", 5000),
        ("[::1]:5000", "::1", 5000),
        ("[::1]", "::1", 26379),
        ("::1", "::1", 26379),
        (":5000", ":5000", 26379),
    ],
)
def test_a_sentinel_may_have_a_port_of_its_own(word, host, port):
    assert sentinels_of({"sentinels": [word]}) == [Address(host, port)]


def test_a_server_is_at_its_socket_or_its_host_or_here():
    assert address_of(request({"port": 5})) == Address("localhost", 5)
    assert address_of(request({"host": "db"})) == Address("db", 6379)
    assert address_of(request({"socket": "~/s", "host": "db"})).socket.endswith("/s")
    assert (str(Address("::1", 5)), str(Address("db", 5))) == ("[::1]", "db")


def test_tls_takes_the_files_that_are_there(tmp_path):
    file = tmp_path / "ca.pem"
    file.touch()
    assert tls_options(request({"tls_ca": str(file)})) == {}
    found = tls_options(request({"tls": True, "tls_ca": str(file), "tls_verify": False}))
    assert found["ssl_ca_certs"] == str(file)
    assert (found["ssl_cert_reqs"], found["ssl_check_hostname"]) == ("none", False)
    assert tls_options(request({"tls": True}))["ssl_cert_reqs"] == "required"
    with pytest.raises(ConnectionFailure) as caught:
        tls_options(request({"tls": True, "tls_key": str(tmp_path / "none")}))
    assert caught.value.failure.key == "tls_key"


def _asked(monkeypatch, *answers):
    """Ask Sentinels that answer this, one after another."""
    waiting = list(answers)

    def answer(_redis, _options, _name):
        one = waiting.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    monkeypatch.setattr(server_address, "_ask", answer)
    table = {"driver": "redis", "sentinels": ["a", "b"], "master": "main"}
    return master_address(request(table), soon())


@pytest.mark.parametrize("first", [UNKNOWN, DOWN, NO_TLS])
def test_the_first_sentinel_that_knows_the_master_decides(monkeypatch, first):
    assert _asked(monkeypatch, first, (b"db", b"7000")) == Address("db", 7000)


@pytest.mark.parametrize(
    ("answers", "kind", "key", "said"),
    [
        ((UNKNOWN, UNKNOWN), FailureKind.CONFIG, "master", "no Sentinel knows the name main"),
        ((DOWN, UNKNOWN), FailureKind.CONFIG, "master", "no Sentinel knows the name main"),
        ((DOWN, DOWN), FailureKind.TRANSIENT, "", "no Sentinel answers: connection refused"),
        ((NO_TLS, DOWN), FailureKind.TRANSIENT, "", "no Sentinel answers: TLS: wrong version"),
        ((NO_TLS, NO_TLS), FailureKind.CONFIG, "sentinels", "TLS: wrong version number"),
    ],
)
def test_only_what_all_sentinels_agree_on_is_not_tried_again(monkeypatch, answers, kind, key, said):
    with pytest.raises(ConnectionFailure) as caught:
        _asked(monkeypatch, *answers)
    failure = caught.value.failure
    assert (failure.kind, failure.key) == (kind, key)
    assert failure.message.startswith(said)


@pytest.mark.parametrize("word", ["WRONGPASS invalid username-password pair", "NOAUTH required"])
def test_a_sentinel_that_wants_another_password_is_no_reason_to_ask_the_next(monkeypatch, word):
    error = redis.exceptions.AuthenticationError(word)
    with pytest.raises(ConnectionFailure) as caught:
        _asked(monkeypatch, error, (b"db", b"7000"))
    failure = caught.value.failure
    assert (failure.kind, failure.key) == (FailureKind.AUTH, "sentinel_password")


@pytest.mark.parametrize(
    ("settings", "secrets", "user", "password"),
    [
        ({}, {"password": "the-server's"}, None, None),
        ({"sentinel_user": "eye"}, {"sentinel_password": "its-own"}, "eye", "its-own"),
    ],
)
def test_a_sentinel_is_asked_as_the_user_of_the_sentinels(
    monkeypatch, settings, secrets, user, password
):
    asked = []

    def answer(_redis, options, name):
        asked.append((name, options))
        return (b"db", b"7000")

    monkeypatch.setattr(server_address, "_ask", answer)
    table = {"driver": "redis", "user": "me", "sentinels": ["a", "b"], "master": "main", **settings}
    master_address(request(table, secrets=secrets), soon())
    [(name, options)] = asked
    assert (name, options["host"], options["port"]) == ("main", "a", 26379)
    assert (options["username"], options["password"]) == (user, password)
    assert (options["ssl"], options["protocol"]) == (False, 2)
