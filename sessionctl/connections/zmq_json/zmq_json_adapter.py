"""ZMQ-JSON adapter: a backend that keeps sessions, asked in JSON over ZeroMQ.

Each request has an id. One whose answer does not come is never sent again: the backend may have
carried it out. Its answer, where it comes late, is discarded by its id.
"""

from __future__ import annotations

import secrets
import time
from contextlib import suppress

from sessionctl.connections.connection_adapter import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    ResumeReport,
)
from sessionctl.connections.network_failure import network_failure
from sessionctl.connections.schema_table import schema_table
from sessionctl.connections.zmq_json.backend_link import connected_link
from sessionctl.connections.zmq_json.backend_messages import (
    BackendRefusal,
    refusal_failure,
    reply_of,
    request_text,
)
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.zmq_json.backend_messages import BackendReply
    from sessionctl.connections.zmq_link import ZmqLink
    from sessionctl.core.secrets.secret import Secret
    from sessionctl.core.values import Table, Value

_READS = frozenset({"info", "list", "statistics"})
_LONGEST_NAME = 100


class ZmqJsonHandle:
    """A session at a backend."""

    def __init__(self, link: ZmqLink, token: Secret | None) -> None:
        self.link = link
        self.session = ""
        self.backend: Mapping[str, Any] = {}
        self.unanswered = 0
        """How many requests that change something had no answer: it may be done."""
        self.late = 0
        self._token = token

    def request(self, command: str, parameters: Mapping[str, Value], deadline: Deadline) -> Any:
        """Send a request once, and return the result; errors as ``exchange``."""
        return self.exchange(command, parameters, deadline).result

    def exchange(
        self, command: str, parameters: Mapping[str, Value], deadline: Deadline
    ) -> BackendReply:
        """Send a request once, and return the whole answer.

        Raises:
          BackendRefusal: the backend says no.
          DeadlineError: no answer came in time. It may have been carried out all the same.
          EOFError: the connection has ended.
        """
        number = secrets.token_hex(16)
        # A REP socket expects what a REQ socket puts before its message.
        self.link.send([b"", request_text(number, command, parameters)])
        changes_something = command not in _READS
        self.unanswered += changes_something
        while True:
            reply = reply_of(self.link.receive(deadline)[-1], self.link.peer)
            if reply.id == number:
                break
            self.late += 1
        self.unanswered -= changes_something
        if reply.error:
            raise BackendRefusal(command, reply._replace(error=self._masked(reply.error)))
        return reply

    def create(self, parameters: Mapping[str, Value], deadline: Deadline) -> str:
        """Begin a session and return its id."""
        return _id_in(self.request("create", self._with_token(parameters), deadline), self)

    def restore(self, session: str, deadline: Deadline) -> Any:
        """Go on with a session of the backend; what it returns is that session's state."""
        result = self.request("restore", self._with_token({"session_id": session}), deadline)
        self.session = session
        return result

    def update(self, changes: Mapping[str, Value], deadline: Deadline) -> Any:
        """Change the session's state."""
        parameters = {"session_id": self.session, **changes}
        return self.request("update", parameters, deadline)

    def end(self, session: str, deadline: Deadline) -> Any:
        """Let the backend forget a session."""
        return self.request("close", {"session_id": session}, deadline)

    def info(self, deadline: Deadline) -> Any:
        """Return what the backend says of the session."""
        return self.request("info", {"session_id": self.session}, deadline)

    def sessions(self, deadline: Deadline) -> Any:
        """Return the sessions of the backend."""
        return self.request("list", {}, deadline)

    def statistics(self, deadline: Deadline) -> Any:
        """Return the numbers of the backend."""
        return self.request("statistics", {}, deadline)

    def _with_token(self, parameters: Mapping[str, Value]) -> dict[str, Value]:
        if self._token is None:
            return dict(parameters)
        text = self._token.text
        if text is None:
            failure = Failure(FailureKind.CONFIG, "the token is not UTF-8", key="token")
            raise ConnectionFailure(failure)
        return {**parameters, "token": text}

    def _masked(self, words: str) -> str:
        text = self._token.text if self._token is not None else None
        return words.replace(text, "***") if text else words


class ZmqJsonAdapter:
    """Backends that answer create, restore, update, close, info, list and statistics."""

    kind = "zmq-json"
    api = API

    def schema(self) -> Table:
        """Return the schema of its table."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> ZmqJsonHandle:
        """Connect and begin a session."""
        try:
            link = connected_link(request, deadline, step)
        except (OSError, EOFError) as error:
            raise ConnectionFailure(network_failure(error, _peer(request))) from None
        handle = ZmqJsonHandle(link, request.secrets.get("token"))
        try:
            step(OpenStep.AUTHENTICATE)
            handle.session = handle.create(request.settings.get("parameters", {}), deadline)
            step(OpenStep.VALIDATE)
            found = handle.statistics(deadline)
            handle.backend = found if isinstance(found, dict) else {}
        except BackendRefusal as refusal:
            link.close()
            raise ConnectionFailure(refusal_failure(refusal, link.peer)) from None
        except (OSError, EOFError) as error:
            link.close()
            raise ConnectionFailure(network_failure(error, link.peer)) from None
        except BaseException:
            link.close()
            raise
        return handle

    def probe(self, handle: ZmqJsonHandle, deadline: Deadline) -> Health:
        """Ask for the session, which changes nothing, and wait for the answer."""
        before_s = time.monotonic()
        try:
            handle.info(deadline)
        except BackendRefusal as refusal:
            if refusal.reply.is_gone:
                message = f"{handle.link.peer} no longer knows the session"
                raise ConnectionFailure(Failure(FailureKind.TRANSIENT, message)) from None
            raise ConnectionFailure(refusal_failure(refusal, handle.link.peer)) from None
        except (OSError, EOFError) as error:
            raise ConnectionFailure(network_failure(error, handle.link.peer)) from None
        late, handle.late = handle.late, 0
        words = f"{counted(late, 'answer')} came too late for whoever asked"
        return Health(time.monotonic() - before_s, missed=(words,) if late else ())

    def identity(self, handle: ZmqJsonHandle, deadline: Deadline) -> PeerIdentity:
        """Return what the backend says of itself in its statistics."""
        texts = {key: _name(handle.backend.get(key)) for key in ("backend_id", "name", "version")}
        name = " ".join(filter(None, (texts["name"] or "backend", texts["version"])))
        run = _name(handle.backend.get("started"))
        text = f"{name} at {handle.link.peer}"
        return PeerIdentity(texts["backend_id"], text, texts["version"], run)

    def capture(self, handle: ZmqJsonHandle, deadline: Deadline) -> Table:
        """Return the id of the session, and how many requests stayed without an answer."""
        state: dict[str, Value] = {"session": handle.session}
        if handle.unanswered:
            state["unanswered"] = handle.unanswered
        return state

    def resume(self, handle: ZmqJsonHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Go on with the session of before; the one that was begun meanwhile is closed."""
        session = state.get("session")
        lost: list[str] = []
        restored: list[str] = []
        if isinstance(session, str) and session and session != handle.session:
            fresh = handle.session
            try:
                handle.restore(session, deadline)
                restored.append(f"session {session}")
                with suppress(BackendRefusal):
                    handle.end(fresh, deadline)
            except BackendRefusal as refusal:
                if handle.session != fresh or not refusal.reply.is_gone:
                    raise
                lost.append(f"session {session}: the backend no longer has it")
        count = state.get("unanswered", 0)
        if isinstance(count, int) and count:
            lost.append(f"the answer to {counted(count, 'request')}, not sent again")
        return ResumeReport(tuple(restored), tuple(lost))

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of its own calls means."""
        if isinstance(error, BackendRefusal):
            return refusal_failure(error, "the backend")
        return network_failure(error, "the backend")

    def close(self, handle: ZmqJsonHandle) -> None:
        """End the connection; the session stays at the backend, to be restored."""
        handle.link.close()


def _id_in(result: Any, handle: ZmqJsonHandle) -> str:
    found = result.get("session_id", result.get("id")) if isinstance(result, dict) else result
    if isinstance(found, str | int) and str(found):
        return str(found)
    message = f"{handle.link.peer} gives no id for the session"
    wanted = "a result with a session_id"
    raise ConnectionFailure(Failure(FailureKind.INCOMPATIBLE, message, wanted=wanted))


def _name(value: Any) -> str:
    text = str(value) if isinstance(value, str | int | float) else ""
    return "".join(c for c in text[:_LONGEST_NAME] if c.isprintable())


def _peer(request: ConnectionRequest) -> str:
    settings = request.settings
    return str(
        settings.get("socket", f"{settings.get('host', 'localhost')}:{settings.get('port', 5555)}")
    )
