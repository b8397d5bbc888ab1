"""HTTP channel: one TCP connection over which requests go one by one, each by its deadline."""

from __future__ import annotations

import http.client
from typing import NamedTuple

from sessionctl.connections.socket_guard import SocketGuard
from sessionctl.connections.tcp_stream import open_stream, tls_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.connections.connection_adapter import OpenStep
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.http.http_site import HttpOrigin, HttpSite


class HttpAnswer(NamedTuple):
    """What a server answered; the names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpChannel:
    """A connection to an origin. One that is ``used_up`` takes no more requests."""

    def __init__(
        self,
        site: HttpSite,
        origin: HttpOrigin,
        deadline: Deadline,
        step: Callable[[OpenStep], None] = lambda _: None,
    ) -> None:
        """Connect.

        Raises:
          ConnectionFailure: there is no such host, or the settings cannot work.
          OSError: it cannot be reached, or TLS fails.
        """
        self.origin = origin
        self.used_up = False
        context = None
        if origin.scheme == "https":
            context = tls_context(is_checked=site.is_checked, ca_file=site.ca_file)
        stream = open_stream(origin.host, origin.port, deadline, step, context=context, key="url")
        kind = http.client.HTTPConnection if context is None else http.client.HTTPSConnection
        self._client = kind(origin.host, origin.port)
        # Without it http.client connects again when it likes.
        self._client.auto_open = 0
        self._client.sock = stream
        self._guard = SocketGuard(stream.fileno())

    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, bytes],
        deadline: Deadline,
        *,
        body: bytes | None = None,
        most_bytes: int,
    ) -> HttpAnswer:
        """Return the answer; of a longer body than ``most_bytes`` only its beginning.

        Raises:
          DeadlineError: it did not come in time.
          OSError, http.client.HTTPException: the connection or the answer is broken.
        """
        was_complete = False
        try:
            with self._guard.until(deadline):
                response = self.send(method, target, headers, body)
                data = response.read(most_bytes)
            if response.length and len(data) < most_bytes:
                raise http.client.IncompleteRead(b"", response.length)
            was_complete = response.isclosed() and not response.will_close
        finally:
            self.used_up = not was_complete
        return HttpAnswer(response.status, lower_names(response), data)

    def begin(
        self, target: str, headers: Mapping[str, bytes], deadline: Deadline
    ) -> http.client.HTTPResponse:
        """Return an answer of which only the head has been read."""
        self.used_up = True
        with self._guard.until(deadline):
            return self.send("GET", target, headers, None)

    def send(
        self, method: str, target: str, headers: Mapping[str, bytes], body: bytes | None
    ) -> http.client.HTTPResponse:
        """Send a request and read the head of the answer."""
        self._client.request(method, target, body=body, headers=dict(headers))
        return self._client.getresponse()

    def cut(self) -> None:
        """End it, and any call that waits for it."""
        self._guard.cut()

    def close(self) -> None:
        """End it."""
        self.used_up = True
        self._guard.cut()
        self._guard.close()
        self._client.close()


def lower_names(response: http.client.HTTPResponse) -> dict[str, str]:
    """Return the headers of an answer."""
    return {name.lower(): value for name, value in response.headers.items()}
