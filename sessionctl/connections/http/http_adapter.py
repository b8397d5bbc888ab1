"""HTTP adapter: a service that is asked for a path to see whether it is there.

HTTP has no session of its own: what comes back is where requests go, and a stream of events
behind the last one. A request that may have arrived is never sent again.
"""

from __future__ import annotations

import http.client
import time
from urllib.parse import urljoin

from sessionctl.connections.connection_adapter import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    PrintedCommand,
    ResumeReport,
)
from sessionctl.connections.http.event_stream import EventStream
from sessionctl.connections.http.http_channel import HttpAnswer, HttpChannel
from sessionctl.connections.http.http_site import HttpAddress, HttpSite, address_of
from sessionctl.connections.http.http_status import (
    http_failure,
    redirect_failure,
    status_failure,
)
from sessionctl.connections.schema_table import schema_table
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.http.event_stream import ServerEvent
    from sessionctl.core.values import Table, Value

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing: they may be sent again."""

_MOST_BYTES = 16 << 20
_MOST_PROBE_BYTES = 1 << 16
_MOST_REDIRECTS = 5


class HttpHandle:
    """A service that answered, and the connection that is kept to it."""

    def __init__(self, site: HttpSite) -> None:
        self.site = site
        self.server = ""
        self.stream: EventStream | None = None
        self.asked_after = ""
        """The event behind which the stream was asked to go on."""
        self._channel: HttpChannel | None = None
        self._is_closed = False

    def request(
        self, method: str, path: str, deadline: Deadline, *, body: bytes | None = None
    ) -> HttpAnswer:
        """Return the service's answer; ``path`` counts from the base address, or the root.

        What changes nothing goes over the connection that is kept, and once more where that was
        closed meanwhile. All else goes over a new one, once.

        Raises:
          DeadlineError: no answer came in time. It may have arrived all the same.
          OSError, http.client.HTTPException: the connection broke.
        """
        return self.ask(method, self.site.address(path), deadline, body=body)

    def event(self, deadline: Deadline) -> ServerEvent:
        """Return the next event of the stream that 'events' names."""
        if self.stream is None:
            raise ConnectionFailure(
                Failure(FailureKind.CONFIG, "no stream of events is set", key="events")
            )
        return self.stream.take(deadline)

    def ask(
        self,
        method: str,
        address: HttpAddress,
        deadline: Deadline,
        *,
        body: bytes | None = None,
        most_bytes: int = _MOST_BYTES,
        step: Callable[[OpenStep], None] = lambda _: None,
    ) -> HttpAnswer:
        """Return the answer at an address; a foreign one gets no credentials."""
        channel = self._channel
        is_kept = channel is not None and not channel.used_up and method in _SAFE
        is_kept = is_kept and channel is not None and channel.origin == address.origin
        if not is_kept:
            channel = self._fresh(address, deadline, step)
        assert channel is not None
        if self.site.has_credentials:
            step(OpenStep.AUTHENTICATE)
        headers = self.site.headers(address.origin)
        arguments = (method, address.target, headers, deadline)
        try:
            return channel.ask(*arguments, body=body, most_bytes=most_bytes)
        except (ConnectionError, http.client.RemoteDisconnected):
            if not is_kept or self._is_closed:
                raise
        channel = self._fresh(address, deadline, step)
        return channel.ask(*arguments, body=body, most_bytes=most_bytes)

    def watch(self, deadline: Deadline, last_id: str = "") -> None:
        """Open the stream of events, behind ``last_id``."""
        if self.stream is not None:
            self.stream.close()
        self.stream = EventStream(self.site, deadline, last_id)
        self.asked_after = last_id

    def close(self) -> None:
        """End everything."""
        self._is_closed = True
        if self._channel is not None:
            self._channel.close()
        if self.stream is not None:
            self.stream.close()

    def _fresh(
        self, address: HttpAddress, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> HttpChannel:
        if self._channel is not None:
            self._channel.close()
        self._channel = HttpChannel(self.site, address.origin, deadline, step)
        if self._is_closed:
            self._channel.close()
            raise ConnectionResetError("closed")
        return self._channel


class HttpAdapter:
    """Services that are spoken to over HTTP."""

    kind = "http"
    api = API

    def __init__(self) -> None:
        self._were_open: set[HttpAddress] = set()

    def schema(self) -> Table:
        """Return the schema of its table."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> HttpHandle:
        """Ask the service for its probe path, and open its stream of events."""
        site = HttpSite(request)
        handle = HttpHandle(site)
        try:
            answer = _probed(handle, deadline, step)
            step(OpenStep.VALIDATE)
            _refuse(answer, site)
            handle.server = _printable(answer.headers.get("server", ""))
            if site.events is not None:
                handle.watch(deadline)
        except ConnectionFailure as error:
            handle.close()
            is_known = site.probe in self._were_open
            raise ConnectionFailure(
                _for_now(error.failure) if is_known else error.failure
            ) from None
        except (OSError, http.client.HTTPException) as error:
            handle.close()
            raise ConnectionFailure(http_failure(error, site.base.origin.text)) from None
        except BaseException:
            handle.close()
            raise
        self._were_open.add(site.probe)
        return handle

    def probe(self, handle: HttpHandle, deadline: Deadline) -> Health:
        """Ask for the probe path, and look whether the stream of events is open."""
        before_s = time.monotonic()
        try:
            _refuse(_probed(handle, deadline, lambda _: None), handle.site)
        except ConnectionFailure as error:
            raise ConnectionFailure(_for_now(error.failure)) from None
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionFailure(http_failure(error, handle.site.base.origin.text)) from None
        took_s = time.monotonic() - before_s
        stream = handle.stream
        if stream is None:
            return Health(took_s)
        if stream.failure is not None:
            raise ConnectionFailure(stream.failure)
        missed, stream.dropped = stream.dropped, 0
        words = (f"{counted(missed, 'event')} came before older ones were taken",) if missed else ()
        return Health(took_s, missed=words)

    def identity(self, handle: HttpHandle, deadline: Deadline) -> PeerIdentity:
        """Return the address: HTTP does not say which server answers at it."""
        where = handle.site.base.origin.text
        return PeerIdentity("", f"{handle.server or 'HTTP'} at {where}", handle.server)

    def capture(self, handle: HttpHandle, deadline: Deadline) -> Table:
        """Return the last event that was seen."""
        state: dict[str, Value] = {}
        if handle.stream is not None:
            state["events_received"] = handle.stream.received > 0 or bool(handle.asked_after)
            if handle.stream.last_id:
                state["last_event_id"] = handle.stream.last_id
        return state

    def resume(self, handle: HttpHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Let the stream of events go on behind the last one."""
        site = handle.site
        if site.events is None:
            return ResumeReport()
        last_id = state.get("last_event_id")
        if not isinstance(last_id, str) or not last_id:
            lost = "events that were sent meanwhile: the service gives them no ids"
            return ResumeReport(lost=(lost,) if state.get("events_received") else ())
        handle.watch(deadline, last_id)
        return ResumeReport(restored=(f"events of {site.events.target}, behind {last_id}",))

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of its own calls means."""
        return http_failure(error, "the service")

    def close(self, handle: HttpHandle) -> None:
        """End everything."""
        handle.close()

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return the curl that asks the same; a secret comes from a variable, by its config."""
        site = HttpSite(request)
        argv = ["curl", "--include"]
        if not site.is_checked:
            argv.append("--insecure")
        if site.ca_file:
            argv += ["--cacert", site.ca_file]
        variables: dict[str, str] = {}
        if "token" in request.secrets:
            # --variable and --expand-* are in curl since 8.3.
            argv += ["--variable", "%SESSIONCTL_TOKEN"]
            argv += ["--expand-header", "Authorization: Bearer {{SESSIONCTL_TOKEN}}"]
            variables["SESSIONCTL_TOKEN"] = "token"
        elif "password" in request.secrets:
            argv += ["--variable", "%SESSIONCTL_PASSWORD"]
            user = str(request.settings.get("user", ""))
            argv += ["--expand-user", f"{user}:{{{{SESSIONCTL_PASSWORD}}}}"]
            variables["SESSIONCTL_PASSWORD"] = "password"
        return PrintedCommand((*argv, site.probe.origin.text + site.probe.target), {}, variables)


def _probed(handle: HttpHandle, deadline: Deadline, step: Callable[[OpenStep], None]) -> HttpAnswer:
    """Return the answer to the probe, behind redirects.

    Raises:
      ConnectionFailure: a redirect leads to another host, which gets no credentials.
    """
    site = handle.site
    address = site.probe
    for _ in range(_MOST_REDIRECTS):
        answer = handle.ask("GET", address, deadline, most_bytes=_MOST_PROBE_BYTES, step=step)
        target = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not target:
            return answer
        where = address.origin.text + address.target
        address = address_of(urljoin(where, target))
        if address.origin != site.base.origin and site.has_credentials:
            raise ConnectionFailure(redirect_failure(site, address.origin.text))
    message = f"{site.base.origin.text} redirects in a circle"
    raise ConnectionFailure(Failure(FailureKind.CONFIG, message, key="url"))


def _for_now(failure: Failure) -> Failure:
    """Return the failure of a service that was there: a path that it had is not wrong.

    What stands before a service that starts anew answers 404, or leads to a page that says so.
    """
    is_of_service = failure.key in ("events", "probe", "url")
    if is_of_service and failure.kind in (FailureKind.CONFIG, FailureKind.PERMANENT):
        return failure._replace(kind=FailureKind.TRANSIENT)
    return failure


def _printable(text: str) -> str:
    return "".join(c for c in text[:100] if c.isprintable())


def _refuse(answer: HttpAnswer, site: HttpSite) -> None:
    failure = status_failure(answer, site)
    if failure is not None:
        raise ConnectionFailure(failure)
