"""What each error of redis-py, of TLS and of the server means, with its key and hint."""

from __future__ import annotations

import ssl

import pytest

from sessionctl.connections import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.redis.redis_failure import classify
from tests.together import together

errors = pytest.importorskip("redis").exceptions

HINTS = {
    "password": "check user and password",
    "user": "check user, and what ACL GETUSER of the server says of it",
    "database": "check database, and 'databases' in the server's configuration",
    "protocol": "check protocol and user: both need a server from version 6 on",
    "tls": "check tls: this port of the server does not speak it",
    "tls_ca": "check tls_ca: the server's certificate is not signed by a trusted authority",
}


def meant(kind, message, key=""):
    hints = (HINTS[key],) if key in HINTS else ()
    return Failure(FailureKind(kind), message, hints, key=key)


@together(
    "words, kind, key",
    [
        ("WRONGPASS invalid username-password pair", "auth", "password"),
        ("NOAUTH Authentication required", "auth", "password"),
        ("Authentication required", "auth", "password"),
        ("AUTH called without any password configured", "auth", "password"),
        ("Client sent AUTH, but no password is set", "auth", "password"),
        ("NOPERM this user", "auth", "user"),
        ("this user has no permissions to run it", "auth", "user"),
        ("DENIED Redis is running in protected mode", "config", "host"),
        ("DB index is out of range", "config", "database"),
        ("max number of clients reached", "busy", ""),
        ("LOADING the dataset in memory", "busy", ""),
        ("BUSY a script runs", "busy", ""),
        ("TRYAGAIN multiple keys", "busy", ""),
        ("MASTERDOWN x", "transient", ""),
        ("Link with MASTER is down", "transient", ""),
        ("CLUSTERDOWN x", "transient", ""),
        ("READONLY x", "transient", ""),
        ("You can't write against a read only replica", "transient", ""),
        ("NOPROTO x", "incompatible", "protocol"),
        ("unsupported protocol version", "incompatible", "protocol"),
        ("unknown command 'HELLO'", "incompatible", "protocol"),
        ("invalid RESP version", "incompatible", "protocol"),
        ("Protocol Error: H, b'TTP'", "incompatible", ""),
        ("MOVED 7 h:7", "incompatible", ""),
    ],
)
def test_what_the_words_of_the_server_mean(words, kind, key):
    expected = meant(kind, words[:1].lower() + words[1:], key)
    for error in (errors.ResponseError(f"{words}.\nmore"), errors.ConnectionError(words)):
        assert classify(error) == expected


def named(name):
    """Return an error of a class that some versions of redis-py have."""
    return type(name, (errors.RedisError,), {})("no")


def tls(reason):
    error = ssl.SSLError(1, "x")
    error.reason = reason
    return error


class MoreResponseError(errors.ResponseError):
    """One that a later version may have."""


@together(
    "error, expected",
    [
        (named("AuthenticationError"), meant("auth", "no", "password")),
        (named("AuthenticationWrongNumberOfArgsError"), meant("incompatible", "no", "user")),
        (named("AuthorizationError"), meant("auth", "no", "user")),
        (named("NoPermissionError"), meant("auth", "no", "user")),
        (named("MaxClientsError"), meant("busy", "no")),
        (named("BusyLoadingError"), meant("busy", "no")),
        (named("MasterDownError"), meant("transient", "no")),
        (named("ReadOnlyError"), meant("transient", "no")),
        (named("InvalidResponse"), meant("incompatible", "no")),
        (MoreResponseError("LOADING x"), meant("busy", "lOADING x")),
        (MoreResponseError("odd"), meant("permanent", "MoreResponseError: odd")),
        (errors.ResponseError(""), meant("permanent", "ResponseError: ")),
        (errors.ConnectionError(""), meant("transient", "the connection is closed")),
        (errors.ConnectionError("Odd end."), meant("transient", "odd end")),
        (errors.TimeoutError("x"), meant("transient", "the server does not answer in time")),
        (TimeoutError("x"), meant("transient", "the server does not answer in time")),
        (OSError("Odd."), meant("transient", "odd")),
        (FileNotFoundError(2, "x"), meant("transient", "there is no such socket", "socket")),
        (tls("WRONG_VERSION"), meant("config", "TLS: WRONG_VERSION", "tls")),
        (tls(None), meant("config", "TLS: x", "tls")),
        (KeyError("LOADING"), meant("permanent", "KeyError: 'LOADING'")),
    ],
    ids=repr,
)
def test_what_each_class_of_error_means(error, expected):
    assert classify(error) == expected


def test_the_cause_of_an_error_counts_before_its_class():
    refused = ssl.SSLCertVerificationError(1, "x")
    refused.verify_message = "self-signed certificate"
    expected = meant("config", "certificate: self-signed certificate", "tls_ca")
    first, second = errors.ConnectionError("no"), errors.AuthenticationError("no")
    first.__context__, second.__cause__ = refused, first
    assert classify(second) == classify(first) == expected
    first.__context__ = second  # a circle ends too
    assert classify(second) == meant("auth", "no", "password")
    known = Failure(FailureKind.BUSY, "x")
    assert classify(ConnectionFailure(known)) is known
    assert classify(ImportError("x")).message == "the driver redis needs redis-py"
