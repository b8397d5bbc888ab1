from __future__ import annotations

import errno
import ssl

from sessionctl.connections import (
    ConnectionFailure,
    DeadlineError,
    Failure,
    FailureKind,
)
from sessionctl.connections.network_failure import network_failure
from sessionctl.errors import ToolError
from tests.together import together


def tls(reason, kind=ssl.SSLError):
    error = kind(1, "x")
    error.reason = reason
    return error


def expired():
    error = tls("CERTIFICATE_VERIFY_FAILED", ssl.SSLCertVerificationError)
    error.verify_message = "too old"
    return error


def failure(kind, message, *hints, **more):
    return Failure(FailureKind(kind), message, hints, **more)


def passing(message):
    return failure("transient", message)


def other_tls(found):
    return failure(
        "incompatible", "db speaks another version of TLS",
        found=found, wanted="TLS 1.2 or newer", key="url",
    )  # fmt: skip


REFUSED = "db wants a certificate of this side"
TRUST = "name the certificates to trust with 'ca_file'"


@together(
    "error, expected",
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), passing("db refuses the connection")),
        (ConnectionResetError(errno.ECONNRESET, "x"), passing("db cut the connection")),
        (OSError(errno.ECONNABORTED, "x"), passing("db cut the connection")),
        (OSError(errno.EPIPE, "x"), passing("db closed the connection")),
        (OSError(errno.EHOSTUNREACH, "x"), passing("db cannot be reached")),
        (OSError(errno.ENETUNREACH, "x"), passing("db cannot be reached")),
        (OSError(errno.ENETDOWN, "x"), passing("db cannot be reached")),
        (OSError(errno.EMFILE, "Too many open files"), passing("db: too many open files")),
        (OSError("x"), passing("db: oserror")),
        (TimeoutError(errno.ETIMEDOUT, "x"), passing("db does not answer in time")),
        (DeadlineError("x"), passing("db does not answer in time")),
        (EOFError(), passing("db closed the connection")),
        (ToolError("nc: not found", hints=["get it"]),
         failure("config", "nc: not found", "get it")),
        (ZeroDivisionError("secret"), failure("permanent", "db: ZeroDivisionError")),
        (tls("WRONG_VERSION_NUMBER"), failure("config", "db does not speak TLS", key="url")),
        (tls("HTTP_REQUEST"), failure("config", "db does not speak TLS", key="url")),
        (tls("TLSV1_ALERT_PROTOCOL_VERSION"), other_tls("tlsv1 alert protocol version")),
        (tls("NO_SHARED_CIPHER"), other_tls("no shared cipher")),
        (tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"), failure("auth", REFUSED)),
        (tls("SSLV3_ALERT_BAD_CERTIFICATE"), failure("auth", REFUSED)),
        (tls("SOMETHING_ELSE"), passing("db: TLS: something else")),
        (tls(None), passing("db: TLS: failed")),
        (tls(None, ssl.SSLEOFError), passing("db closed the connection")),
        (tls(None, ssl.SSLZeroReturnError), passing("db closed the connection")),
        (tls("CERTIFICATE_VERIFY_FAILED", ssl.SSLCertVerificationError),
         failure("config", "db: its certificate is refused: not valid", TRUST, key="url")),
        (expired(), failure("config", "db: its certificate is refused: too old", TRUST, key="url")),
    ],
    ids=repr,
)  # fmt: skip
def test_an_error_says_whether_to_come_again(error, expected):
    assert network_failure(error, "db", tls_key="url") == expected
    if expected.key:
        assert network_failure(error, "db").key == "tls"


def test_what_is_known_already_stays():
    failure = Failure(FailureKind.BUSY, "later", retry_after_s=3)
    assert network_failure(ConnectionFailure(failure), "db") is failure
