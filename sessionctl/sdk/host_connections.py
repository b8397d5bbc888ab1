"""Host connections: those of the session file, held open for a host."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial

from sessionctl.connections.keeping.keeper import Keeper
from sessionctl.connections.manager.connection_state import IDLE, OPEN_STATES, READY, WAITING_STATES
from sessionctl.errors import SessionctlError
from sessionctl.sdk.workspace_event import Status
from sessionctl.services.connections.connection_log import note_event
from sessionctl.services.connections.connection_memory import ConnectionMemory
from sessionctl.services.connections.session_connections import (
    ConnectionContext,
    SessionConnections,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import Any

    from sessionctl.connections.connection_adapter import Failure
    from sessionctl.connections.keeping.keeper import KeeperEvent
    from sessionctl.connections.manager.kept_connection import KeptConnection
    from sessionctl.services.connections.connection_listing import ConnectionSummary
    from sessionctl.services.connections.connection_memory import RecentUse
    from sessionctl.services.machine import Machine
    from sessionctl.services.secrets.access.vault_keeper import VaultKeeper

    Tell = Callable[[Status, str, str], None]


class HostConnections:
    """The connections of one session file; nothing is opened before ``open``.

    Events reach the host as those of its workspace: ``RECONNECTING`` with the reason and when
    the next attempt is made, ``CONTEXT_PRESERVED`` once it is back, with what was lost.
    """

    def __init__(
        self, file: str, machine: Machine, vault: Callable[[], VaultKeeper], tell: Tell
    ) -> None:
        """Take the file; ``tell`` has a status, its text and the connection."""
        self._file = file
        self._context = ConnectionContext(machine, vault)
        self._tell = tell
        self._keepers: dict[str, Keeper] = {}
        self._lock = threading.Lock()
        self._lost: set[str] = set()

    def names(self) -> tuple[str, ...]:
        """Return the names of the connections, in the order of the file.

        Raises:
          FileError, ParseError: the file cannot be read.
        """
        return SessionConnections(self._file, self._context).names()

    def open(self, name: str) -> None:
        """Open a connection and keep it open, or try it again now; returns at once.

        Raises:
          UsageError, ToolError: there is no such connection, or its driver cannot be loaded.
          DocumentError: the file is wrong about it.
        """
        self._kept(name).open(name)

    def stop(self, name: str) -> None:
        """Give a connection up, an attempt under way too; returns at once."""
        if name in self._keepers:
            self._keepers[name].stop(name)

    def status(self, name: str) -> KeptConnection | None:
        """Return how a connection is; None where it was never opened."""
        keeper = self._keepers.get(name)
        return None if keeper is None else keeper.status(name)

    def listing(self) -> list[ConnectionSummary]:
        """Return all of the file with what is remembered of each, favourites first.

        Raises:
          FileError, ParseError: the file cannot be read.
        """
        from sessionctl.services.connections.connection_listing import list_connections

        return list_connections(SessionConnections(self._file, self._context))

    def recents(self) -> list[RecentUse]:
        """Return what this user opened last, in any session, newest first; five at most."""
        return ConnectionMemory(self._context.machine.state, self._file).recents()

    def mark_favourite(self, name: str, *, is_favourite: bool) -> None:
        """Remember whether a connection is a favourite; raises ``FileError``."""
        memory = SessionConnections(self._file, self._context).memory
        memory.mark(name, is_favourite=is_favourite)

    def kept(self) -> dict[str, KeptConnection]:
        """Return how the connections are that were opened, by their names."""
        found = {name: keeper.status(name) for name, keeper in self._keepers.items()}
        return {name: one for name, one in found.items() if one.state is not IDLE}

    def lend(self, name: str, timeout_s: float | None = None) -> AbstractContextManager[Any]:
        """Give the handle of an open connection, which is not probed meanwhile.

        What handles can do is up to the driver. A statement of unknown outcome is never
        repeated: whoever sent it decides.

        Raises:
          ConnectionError: it is not open, or in use for longer than ``timeout_s``.
        """
        keeper = self._keepers.get(name)
        if keeper is None:
            raise ConnectionError(f"{name}: it is not open")
        return keeper.lend(name, timeout_s)

    def report(self, name: str, error: BaseException) -> Failure:
        """Report that a call on a handle failed; return what that means, for people too."""
        return self._kept(name).report(name, error)

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            keepers, self._keepers = set(self._keepers.values()), {}
        for keeper in keepers:
            keeper.close()

    def _kept(self, name: str) -> Keeper:
        """Return the keeper of a connection: one for all that the file has at first."""
        with self._lock:
            if name not in self._keepers:
                connections = SessionConnections(self._file, self._context)
                targets = [connections.target(name)]
                for other in connections.names():
                    if other != name and not self._keepers:
                        # What is wrong with another one is reported when that is opened.
                        with suppress(SessionctlError):
                            targets.append(connections.target(other))
                keeper = Keeper(targets, partial(self._heard, connections))
                self._keepers |= {target.name: keeper for target in targets}
            return self._keepers[name]

    def _heard(self, connections: SessionConnections, event: KeeperEvent) -> None:
        status = event.status
        with suppress(SessionctlError):  # it may be forgotten, but not stand in the way
            note_event(connections, event)
        if status.after in WAITING_STATES:
            self._lost.add(status.name)
            self._tell(Status.RECONNECTING, status.reason, status.name)
        elif status.after is READY and status.before not in OPEN_STATES:
            report = None if event.opened is None else event.opened.report
            lost = "" if report is None or not report.lost else f"lost: {'; '.join(report.lost)}"
            if status.name in self._lost:
                self._lost.discard(status.name)
                self._tell(Status.CONTEXT_PRESERVED, lost, status.name)
            else:
                self._tell(Status.CONNECTED, status.reason, status.name)
        elif status.after not in OPEN_STATES and event.failure is not None:
            self._tell(Status.FAILED, event.failure.message, status.name)
