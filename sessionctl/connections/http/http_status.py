"""HTTP status: what an answer means for the next attempt."""

from __future__ import annotations

import http.client
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sessionctl.connections.connection_adapter import Failure, FailureKind
from sessionctl.connections.network_failure import network_failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.http.http_channel import HttpAnswer
    from sessionctl.connections.http.http_site import HttpSite

_TRANSIENT = frozenset({408, 425, 511})
_INCOMPATIBLE = frozenset({426, 501, 505})
_WRONG_REQUEST = frozenset({400, 421, 431})


def status_failure(answer: HttpAnswer, site: HttpSite) -> Failure | None:
    """Return why a service that gives ``answer`` to the probe cannot be used, None where it can."""
    status, peer = answer.status, site.base.origin.text
    wait_s = retry_after_s(answer)
    message = f"{peer} answers {_status_text(status)}"
    if status in (401, 403, 407):
        return _refusal(message, site)
    if status in (429, 503) or (status >= 500 and wait_s is not None):
        return Failure(FailureKind.BUSY, message, retry_after_s=wait_s)
    if status in _INCOMPATIBLE:
        wanted = answer.headers.get("upgrade", "")
        return Failure(FailureKind.INCOMPATIBLE, message, found="HTTP/1.1", wanted=wanted)
    if status >= 500 or status in _TRANSIENT:
        return Failure(FailureKind.TRANSIENT, message)
    if status in (404, 410) and site.has_probe:
        hints = (f"name a path that is there with 'probe', or leave it out for {site.url}",)
        return Failure(FailureKind.CONFIG, f"{message} at {site.probe.target}", hints, key="probe")
    if status in _WRONG_REQUEST:
        return Failure(FailureKind.PERMANENT, message, key="url")
    return None


def redirect_failure(site: HttpSite, leads_to: str) -> Failure:
    """Return the failure of a service with credentials that sends us to another host."""
    return Failure(
        FailureKind.CONFIG,
        f"{site.base.origin.text} leads to {leads_to}, which gets no credentials",
        hints=(f"set 'url' to {leads_to} if that is the service, and store the secret for it",),
        key="url",
    )


def http_failure(error: BaseException, peer: str) -> Failure:
    """Return what an error means that was raised while HTTP was spoken."""
    if isinstance(error, http.client.RemoteDisconnected | http.client.IncompleteRead):
        return Failure(FailureKind.TRANSIENT, f"{peer} closed the connection")
    if isinstance(error, http.client.NotConnected | http.client.ImproperConnectionState):
        return Failure(FailureKind.TRANSIENT, f"{peer}: the connection is closed")
    if isinstance(error, http.client.HTTPException):
        return Failure(
            FailureKind.INCOMPATIBLE,
            f"{peer} does not speak HTTP",
            found=type(error).__name__,
            wanted="HTTP/1.1",
            key="url",
        )
    return network_failure(error, peer, tls_key="url")


def retry_after_s(answer: HttpAnswer) -> float | None:
    """Return how long the server asks to wait: as a number, or a date by its own clock."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    then, now = _date(text), _date(answer.headers.get("date", ""))
    if then is None:
        return None
    return max((then - (now or datetime.now(UTC))).total_seconds(), 0.0)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _refusal(message: str, site: HttpSite) -> Failure:
    if not site.has_credentials:
        hints = ("it wants to know who asks: add 'token', or 'user' and 'password'",)
        return Failure(FailureKind.AUTH, message, hints)
    return Failure(FailureKind.AUTH, message, key=site.credential_key)


def _status_text(status: int) -> str:
    words = http.client.responses.get(status, "")
    return f"{status} {words}".rstrip()
