from __future__ import annotations

import errno
import ssl

import pytest

from sessionctl.connections import (
    ConnectionFailure,
    DeadlineError,
    Failure,
    FailureKind,
)
from sessionctl.connections.network_failure import network_failure
from sessionctl.errors import ToolError


def tls(reason, kind=ssl.SSLError):
    error = kind(1, "x")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "transient", "db refuses"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "transient", "db cut the connection"),
        (OSError(errno.EHOSTUNREACH, "x"), "transient", "db cannot be reached"),
        (OSError(errno.EMFILE, "Too many open files"), "transient", "db: too many open files"),
        (DeadlineError("x"), "transient", "db does not answer in time"),
        (EOFError(), "transient", "db closed the connection"),
        (ToolError("nc: not found"), "config", "nc: not found"),
        (ZeroDivisionError("secret"), "permanent", "db: ZeroDivisionError"),
        (tls("WRONG_VERSION_NUMBER"), "config", "db does not speak TLS"),
        (tls("TLSV1_ALERT_PROTOCOL_VERSION"), "incompatible", "another version of TLS"),
        (tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "auth", "a certificate of this side"),
        (tls("SOMETHING_ELSE"), "transient", "TLS: something else"),
        (tls(None, ssl.SSLEOFError), "transient", "closed the connection"),
        (tls("CERTIFICATE_VERIFY_FAILED", ssl.SSLCertVerificationError), "config", "certificate"),
    ],
)
def test_an_error_says_whether_to_come_again(error, kind, words):
    failure = network_failure(error, "db")
    assert failure.kind is FailureKind(kind)
    assert words in failure.message
    assert "secret" not in failure.message
    if failure.kind is FailureKind.INCOMPATIBLE:
        assert failure.found
        assert failure.wanted


def test_what_is_known_already_stays():
    failure = Failure(FailureKind.BUSY, "later", retry_after_s=3)
    assert network_failure(ConnectionFailure(failure), "db") is failure
