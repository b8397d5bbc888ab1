"""Line adapter: a TCP service or a REPL that is spoken to in lines."""

from __future__ import annotations

import time

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
from sessionctl.connections.line.line_channel import LineChannel
from sessionctl.connections.line.line_login import greet, log_in
from sessionctl.connections.line.line_manners import manners_of, reply_values
from sessionctl.connections.network_failure import network_failure
from sessionctl.connections.schema_table import schema_table
from sessionctl.connections.tcp_stream import open_stream, tls_context
from sessionctl.core.text.plural import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.line.line_manners import LineManners
    from sessionctl.core.values import Table, Value

_LONGEST = 100


class LineHandle:
    """An open connection, and what was sent over it."""

    def __init__(self, channel: LineChannel, manners: LineManners) -> None:
        self.channel = channel
        self.manners = manners
        self.name = ""
        self.run = ""
        self.sent = 0
        """How many lines the user sent; they may have changed something on the other side."""

    def ask(self, line: str, deadline: Deadline) -> str:
        """Send a line and return the answer. It is never sent a second time.

        Raises:
          ValueError: it is more than one line.
          DeadlineError: no answer came in time; the connection is of no use any more, for the
            answer may still come.
          EOFError, OSError: the connection has ended.
        """
        if "\n" in line or "\r" in line:
            raise ValueError("more than one line")
        self.sent += 1
        return self.channel.ask(line, deadline)


class LineAdapter:
    """Services that speak in lines, as the session file describes them."""

    kind = "line"
    api = API

    def schema(self) -> Table:
        """Return the schema of its table."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> LineHandle:
        """Connect, greet, log in, and send what sets the session up."""
        manners = manners_of(request)
        values = reply_values(manners, request)
        context = None
        if manners.has_tls:
            context = tls_context(is_checked=manners.is_checked, ca_file=manners.ca_file)
        try:
            stream = open_stream(manners.host, manners.port, deadline, step, context=context)
        except OSError as error:
            raise ConnectionFailure(network_failure(error, manners.peer)) from None
        channel = LineChannel(stream, manners)
        try:
            if manners.greeting and not request.accepts_any_version:
                greet(channel, manners, deadline)
            if manners.login:
                step(OpenStep.AUTHENTICATE)
                log_in(channel, manners, values, deadline)
            step(OpenStep.VALIDATE)
            return _ready(channel, manners, deadline)
        except (OSError, EOFError) as error:
            channel.close()
            raise ConnectionFailure(network_failure(error, manners.peer)) from None
        except BaseException:
            channel.close()
            raise

    def probe(self, handle: LineHandle, deadline: Deadline) -> Health:
        """Send the probe line and wait for its answer; without one, only look at the socket."""
        before_s = time.monotonic()
        manners = handle.manners
        try:
            if manners.probe is None:
                handle.channel.drain()
                return Health()
            answer = handle.channel.ask(manners.probe, deadline)
        except (OSError, EOFError) as error:
            raise ConnectionFailure(network_failure(error, manners.peer)) from None
        if manners.probe_answer not in answer:
            message = f"{manners.peer} answers the probe differently"
            raise ConnectionFailure(_other_answer(FailureKind.TRANSIENT, message, answer, manners))
        return Health(time.monotonic() - before_s)

    def identity(self, handle: LineHandle, deadline: Deadline) -> PeerIdentity:
        """Return the service's greeting, and its answer to the line that identifies it."""
        name = handle.name or "line service"
        return PeerIdentity("", f"{name} at {handle.manners.peer}", run=handle.run)

    def capture(self, handle: LineHandle, deadline: Deadline) -> Table:
        """Return how many lines were sent, and which run of the service took them."""
        state: dict[str, Value] = {}
        if handle.run:
            state["run"] = handle.run
        if handle.sent:
            state["lines"] = handle.sent
        return state

    def resume(self, handle: LineHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Say what became of the old session; its lines are not sent again."""
        restored: list[str] = []
        lost: list[str] = []
        setup = len(handle.manners.setup)
        if setup:
            restored.append(f"{counted(setup, 'line')} of setup")
        before = state.get("run", "")
        if before and handle.run and before != handle.run:
            lost.append("the service's state in memory: it was restarted")
        lines = state.get("lines", 0)
        if isinstance(lines, int) and lines:
            sent = counted(lines, "line")
            lost.append(f"the session of the service in which {sent} had been sent")
        return ResumeReport(tuple(restored), tuple(lost))

    def classify(self, error: BaseException) -> Failure:
        """Return what an error of its own calls means."""
        return network_failure(error, "the service")

    def close(self, handle: LineHandle) -> None:
        """Take leave and end the connection."""
        handle.channel.close(handle.manners.quit)

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return the program that connects a terminal to the service."""
        manners = manners_of(request)
        if manners.has_tls:
            argv = ["openssl", "s_client", "-quiet", "-connect", manners.peer]
            argv += ["-CAfile", manners.ca_file] if manners.ca_file else []
            return PrintedCommand(tuple(argv))
        return PrintedCommand(("nc", manners.host, str(manners.port)))


def _ready(channel: LineChannel, manners: LineManners, deadline: Deadline) -> LineHandle:
    """Return the handle of a service that answers."""
    handle = LineHandle(channel, manners)
    if manners.framing == "prompt":
        channel.read_until(lambda text: text.endswith(manners.prompt), deadline)
        handle.name = _first_line(channel.text.removesuffix(manners.prompt))
    handle.name = manners.greeting or handle.name
    if manners.probe is not None and not (manners.framing == "prompt" and not manners.probe):
        answer = channel.ask(manners.probe, deadline)
        if manners.probe_answer not in answer:
            message = f"{manners.peer} is a different service"
            kind = FailureKind.INCOMPATIBLE
            raise ConnectionFailure(_other_answer(kind, message, answer, manners))
    if manners.identify:
        handle.run = _first_line(channel.ask(manners.identify, deadline))
    for line in manners.setup:
        channel.ask(line, deadline)
    return handle


def _other_answer(kind: FailureKind, message: str, answer: str, manners: LineManners) -> Failure:
    return Failure(
        kind, message, found=_first_line(answer), wanted=manners.probe_answer, key="probe_answer"
    )


def _first_line(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return "".join(c for c in line.strip()[:_LONGEST] if c.isprintable())
