"""Event stream: what a service sends unasked (text/event-stream), read in the background.

The format is that of the HTML standard, section "Server-sent events".
"""

from __future__ import annotations

import codecs
import http.client
import threading
from collections import deque
from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.http.http_channel import HttpAnswer, HttpChannel, lower_names
from sessionctl.connections.http.http_status import http_failure, status_failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.http.http_site import HttpSite

_KEPT_EVENTS = 1000
_KEPT_LETTERS = 64 << 20
_LONGEST_LINE = 1 << 20
_LONGEST_EVENT = 16 << 20
_BLOCK = 8192


class ServerEvent(NamedTuple):
    """One event; ``id`` is the last that the server gave, "" for none."""

    id: str
    kind: str
    data: str


class EventParser:
    """Events out of the bytes of a stream, however these are cut."""

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._data: list[str] = []
        self._size = 0
        self._kind = ""
        self._id = last_id

    def feed(self, block: bytes) -> Iterator[ServerEvent]:
        """Yield the events that are complete with ``block``."""
        text = self._rest + self._decoder.decode(block)
        # A carriage return at the end may be half of a line end.
        held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if held else text
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop() + held
        if len(self._rest) > _LONGEST_LINE:
            raise http.client.LineTooLong("event")
        for line in lines:
            event = self._take(line)
            if event is not None:
                yield event

    def _take(self, line: str) -> ServerEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._size += len(value) + 1
            if self._size > _LONGEST_EVENT:
                raise http.client.LineTooLong("event")
            self._data.append(value)
        elif name == "event":
            self._kind = value
        elif name == "id" and "\0" not in value:
            self._id = value
        return None

    def _dispatch(self) -> ServerEvent | None:
        self.last_id = self._id
        data, kind = self._data, self._kind
        self._data, self._kind, self._size = [], "", 0
        return ServerEvent(self.last_id, kind or "message", "\n".join(data)) if data else None


class EventStream:
    """A stream that is open; whoever wants its events takes them one by one."""

    def __init__(self, site: HttpSite, deadline: Deadline, last_id: str = "") -> None:
        """Open it, behind the event ``last_id``.

        Raises:
          ConnectionFailure: the service does not send a stream there.
          OSError, http.client.HTTPException: it cannot be reached.
        """
        assert site.events is not None
        self.received = 0
        self.dropped = 0
        self.failure: Failure | None = None
        self._peer = site.base.origin.text
        self._events: deque[ServerEvent] = deque()
        self._kept = 0
        self._arrived = threading.Condition()
        self._parser = EventParser(last_id)
        self._taken_id: str | None = None
        self._channel = HttpChannel(site, site.events.origin, deadline)
        headers = site.headers(site.events.origin)
        headers |= {"Accept": b"text/event-stream", "Cache-Control": b"no-store"}
        if last_id:
            headers["Last-Event-ID"] = last_id.encode()
        try:
            self._response = self._channel.begin(site.events.target, headers, deadline)
            _check(self._response, site)
        except BaseException:
            self._channel.close()
            raise
        self._thread = threading.Thread(target=self._read, name="events", daemon=True)
        self._thread.start()

    @property
    def last_id(self) -> str:
        """Behind which event to go on: the last that was taken, or came where nobody takes any."""
        return self._parser.last_id if self._taken_id is None else self._taken_id

    def take(self, deadline: Deadline) -> ServerEvent:
        """Return the next event.

        Raises:
          ConnectionFailure: the stream has ended.
          DeadlineError: none came in time.
        """
        with self._arrived:
            if self._taken_id is None:
                self._taken_id = ""
            while not self._events:
                if self.failure is not None:
                    raise ConnectionFailure(self.failure)
                self._arrived.wait(deadline.timeout_s())
            event = self._events.popleft()
            self._kept -= len(event.data)
            self._taken_id = event.id
            return event

    def close(self) -> None:
        """End it."""
        self._channel.cut()
        self._thread.join()
        self._response.close()
        self._channel.close()

    def _read(self) -> None:
        failure = Failure(FailureKind.TRANSIENT, f"{self._peer} ended the stream of events")
        try:
            while block := self._response.read1(_BLOCK):
                for event in self._parser.feed(block):
                    self._put(event)
        except Exception as error:  # noqa: BLE001 - told by take() and the probe
            failure = http_failure(error, self._peer)
        with self._arrived:
            self.failure = failure
            self._arrived.notify_all()

    def _put(self, event: ServerEvent) -> None:
        with self._arrived:
            self.received += 1
            self._events.append(event)
            self._kept += len(event.data)
            while len(self._events) > _KEPT_EVENTS or self._kept > _KEPT_LETTERS:
                self._kept -= len(self._events.popleft().data)
                self.dropped += self._taken_id is not None
            self._arrived.notify_all()


def _check(response: http.client.HTTPResponse, site: HttpSite) -> None:
    headers = lower_names(response)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status == 200 and kind == "text/event-stream":
        return
    failure = status_failure(HttpAnswer(response.status, headers, b""), site)
    if response.status == 204:
        # The standard's way to say: do not come again.
        message = f"{site.base.origin.text} has no more events"
        failure = Failure(FailureKind.PERMANENT, message, key="events")
    if failure is None:
        failure = Failure(
            FailureKind.INCOMPATIBLE,
            f"{site.base.origin.text} sends no stream of events at this path",
            found=f"{response.status} {kind}".rstrip(),
            wanted="text/event-stream",
            key="events",
        )
    raise ConnectionFailure(failure)
