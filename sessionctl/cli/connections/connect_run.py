"""Connect run: one connection opened once, or kept open with a line for each change."""

from __future__ import annotations

import queue
import threading

from sessionctl.cli.connections.connection_words import (
    failure_data,
    milliseconds,
    opened_data,
    print_failure,
    print_opened,
    print_stranger,
)
from sessionctl.cli.stop_signals import stopped_by_signals
from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.keeping.dialling import opened_within
from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.manager import connection_state as states
from sessionctl.core.text.source import visible
from sessionctl.errors import SessionctlError
from sessionctl.services.connections.connection_log import note_event, note_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.connections.keeping.dialling import OpenedConnection
    from sessionctl.connections.keeping.keeper import KeeperEvent
    from sessionctl.connections.keeping.target import Target
    from sessionctl.services.connections.session_connections import OpenOptions, SessionConnections

_COULD_NOT = 3
_ENDED = frozenset({states.STOPPED, states.NEEDS_AUTH})
_ROLES = {
    states.READY: "added",
    states.DEGRADED: "changed",
    states.NEEDS_AUTH: "removed",
    states.STOPPED: "removed",
}


def connect_once(
    console: Console,
    connections: SessionConnections,
    name: str,
    options: OpenOptions,
    *,
    as_json: bool,
) -> int:
    """Open a connection, report, close it; return the exit code."""
    target = connections.target(name, options)
    connections.request(name, options)  # a secret that is locked or refused has its own exit code
    try:
        opened = opened_within(target, Deadline(target.timeout_s), lambda _step: None)
    except ConnectionFailure as error:
        _remember_failure(console, connections, name, error.failure)
        report_failure(console, connections, name, error.failure, as_json=as_json)
        return _COULD_NOT
    try:
        _remember_success(console, connections, target, opened)
        if as_json:
            data = opened_data(opened)
            console.print_json("connect", file=connections.file, name=name, state="ready", **data)
        else:
            print_opened(console, name, opened)
        print_stranger(console, connections, name, opened)
    finally:
        target.adapter.close(opened.handle)
    return 0


def connect(
    console: Console,
    connections: SessionConnections,
    name: str,
    options: OpenOptions,
    *,
    as_json: bool,
) -> int:
    """Keep a connection open until a signal comes, or only the user can go on."""
    target = connections.target(name, options)
    connections.request(name, options)
    run = _ConnectRun(console, connections, target, as_json=as_json)
    with stopped_by_signals(run.stop):
        return run.run()


class _ConnectRun:
    """One connection that is kept open, line by line."""

    def __init__(
        self, console: Console, connections: SessionConnections, target: Target, *, as_json: bool
    ) -> None:
        self.console = console
        self.connections = connections
        self.target = target
        self.as_json = as_json
        self._events: queue.SimpleQueue[KeeperEvent | None] = queue.SimpleQueue()
        self._was_open = False
        self._is_warned = False
        self._is_stopped = threading.Event()

    def stop(self) -> None:
        self._is_stopped.set()
        self._events.put(None)

    def run(self) -> int:
        keeper = Keeper([self.target], self._events.put)
        try:
            keeper.open(self.target.name)
            while not self._is_stopped.is_set():
                event = self._events.get()
                if event is None:
                    break
                self._tell(event)
                if event.status.after in _ENDED:
                    self._explain(event)
                    return _COULD_NOT
        finally:
            keeper.close()
            self.console.flush()
        return 0 if self._was_open else _COULD_NOT

    def _tell(self, event: KeeperEvent) -> None:
        status, console, name = event.status, self.console, self.target.name
        self._remember(event)
        self._was_open = self._was_open or status.after is states.READY
        if self.as_json:
            console.print_json("connect", **self._data(event))
        elif event.opened is not None:
            print_opened(console, name, event.opened)
        else:
            state = console.style(status.after.value, _ROLES.get(status.after, "dim"))
            console.out(f"{visible(name)}: {state}: {visible(status.reason)}{self._next(event)}")
        if event.opened is not None:
            print_stranger(console, self.connections, name, event.opened)
        console.flush()

    def _next(self, event: KeeperEvent) -> str:
        status = event.status
        if status.next_at is None:
            return ""
        most = self.target.limits.attempts
        which = "next attempt" if most is None else f"attempt {status.attempt + 1} of {most}"
        return f"; {which} in {milliseconds(max(status.next_at - status.at, 0.0))}"

    def _data(self, event: KeeperEvent) -> dict[str, object]:
        status = event.status
        wait = None if status.next_at is None else round(max(status.next_at - status.at, 0.0), 3)
        data: dict[str, object] = {
            "file": self.connections.file,
            "name": status.name,
            "state": status.after.value,
            "reason": status.reason,
            "attempt": status.attempt,
            "next_in_s": wait,
        }
        if event.opened is not None:
            data |= opened_data(event.opened)
        if event.failure is not None:
            data["failure"] = failure_data(self.connections, status.name, event.failure)
        return data

    def _explain(self, event: KeeperEvent) -> None:
        if event.failure is not None and not self.as_json:
            print_failure(self.console, self.connections, self.target.name, event.failure)

    def _remember(self, event: KeeperEvent) -> None:
        try:
            note_event(self.connections, event)
        except SessionctlError as error:
            if not self._is_warned:
                self.console.warn(f"the history could not be saved: {error.message}")
            self._is_warned = True


def report_failure(
    console: Console,
    connections: SessionConnections,
    name: str,
    failure: Failure,
    *,
    as_json: bool,
) -> None:
    """Print why a connection cannot be opened."""
    if not as_json:
        print_failure(console, connections, name, failure)
        return
    state = "needs-auth" if failure.kind is FailureKind.AUTH else "stopped"
    console.print_json(
        "connect",
        file=connections.file,
        name=name,
        state=state,
        reason=failure.message,
        failure=failure_data(connections, name, failure),
    )


def _remember_failure(
    console: Console, connections: SessionConnections, name: str, failure: Failure
) -> None:
    try:
        note_once(connections, name, failure.message, ok=False)
    except SessionctlError as error:
        console.warn(f"the history could not be saved: {error.message}")


def _remember_success(
    console: Console, connections: SessionConnections, target: Target, opened: OpenedConnection
) -> None:
    try:
        if opened.strangers is None:
            target.keep(opened.state, opened.peer)
        note_once(connections, target.name, opened.peer.text, ok=True)
    except SessionctlError as error:
        console.warn(f"the history could not be saved: {error.message}")
