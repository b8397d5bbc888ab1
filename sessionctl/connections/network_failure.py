"""Network failure: what an error of a socket or of TLS means for the next attempt."""

from __future__ import annotations

import errno

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.errors import SessionctlError

_OTHER_TLS = frozenset({
    "HANDSHAKE_FAILURE", "NO_PROTOCOLS_AVAILABLE", "NO_SHARED_CIPHER",
    "SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV1_ALERT_INSUFFICIENT_SECURITY",
    "TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW",
})  # fmt: skip
_NO_TLS = frozenset({
    "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE",
    "UNKNOWN_PROTOCOL", "WRONG_VERSION_NUMBER",
})  # fmt: skip
_WORDS = {
    errno.ECONNREFUSED: "refuses the connection",
    errno.ECONNRESET: "cut the connection",
    errno.EPIPE: "closed the connection",
    errno.ECONNABORTED: "cut the connection",
    errno.ETIMEDOUT: "does not answer",
    errno.EHOSTUNREACH: "cannot be reached",
    errno.ENETUNREACH: "cannot be reached",
    errno.ENETDOWN: "cannot be reached",
}


def network_failure(error: BaseException, peer: str, tls_key: str = "tls") -> Failure:
    """Return what an error means that a socket raised, or code of ours on its way.

    ``peer`` names the other side, ``tls_key`` is the key of the connection that asks for TLS.
    """
    if isinstance(error, ConnectionFailure):
        return error.failure
    if isinstance(error, SessionctlError):
        return Failure(FailureKind.CONFIG, str(error), tuple(error.hints))
    if isinstance(error, TimeoutError):
        return Failure(FailureKind.TRANSIENT, f"{peer} does not answer in time")
    if isinstance(error, EOFError):
        return Failure(FailureKind.TRANSIENT, f"{peer} closed the connection")
    if isinstance(error, OSError):
        return _tls_failure(error, peer, tls_key) or _socket_failure(error, peer)
    return Failure(FailureKind.PERMANENT, f"{peer}: {type(error).__name__}")


def _socket_failure(error: OSError, peer: str) -> Failure:
    words = _WORDS.get(error.errno or 0)
    if words is None:
        reason = (error.strerror or type(error).__name__).lower()
        return Failure(FailureKind.TRANSIENT, f"{peer}: {reason}")
    return Failure(FailureKind.TRANSIENT, f"{peer} {words}")


def _tls_failure(error: OSError, peer: str, tls_key: str) -> Failure | None:
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        why = getattr(error, "verify_message", "") or "not valid"
        return Failure(
            FailureKind.CONFIG,
            f"{peer}: its certificate is refused: {why}",
            hints=("name the certificates to trust with 'ca_file'",),
            key=tls_key,
        )
    if not isinstance(error, ssl.SSLError):
        return None
    reason = getattr(error, "reason", None) or ""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Failure(FailureKind.TRANSIENT, f"{peer} closed the connection")
    if reason in _NO_TLS:
        return Failure(FailureKind.CONFIG, f"{peer} does not speak TLS", key=tls_key)
    if reason in _OTHER_TLS:
        found = reason.lower().replace("_", " ")
        return Failure(
            FailureKind.INCOMPATIBLE,
            f"{peer} speaks another version of TLS",
            found=found,
            wanted="TLS 1.2 or newer",
            key=tls_key,
        )
    if "CERTIFICATE_REQUIRED" in reason or "BAD_CERTIFICATE" in reason:
        return Failure(FailureKind.AUTH, f"{peer} wants a certificate of this side")
    words = reason.lower().replace("_", " ") or "failed"
    return Failure(FailureKind.TRANSIENT, f"{peer}: TLS: {words}")
