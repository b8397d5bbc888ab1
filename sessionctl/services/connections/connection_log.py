"""Connection log: what happens to connections goes into their records, and the session's own."""

from __future__ import annotations

import time

from sessionctl.connections.manager import connection_state as states
from sessionctl.core.keypath import KeyPath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.keeping.keeper import KeeperEvent
    from sessionctl.services.connections.session_connections import SessionConnections


def note_event(connections: SessionConnections, event: KeeperEvent) -> None:
    """Remember a change of state of a kept connection, or what was missed in one.

    Raises:
      FileError: it cannot be remembered.
    """
    status = event.status
    count = ""
    if status.after is states.READY and status.before is states.CONNECTING:
        count = "opens"
    elif status.before in states.OPEN_STATES and status.after not in states.OPEN_STATES:
        count = "losses"
    elif status.before is states.CONNECTING and status.after is not states.READY:
        count = "failures"
    connections.memory.note(status.name, status.after.value, status.reason, count=count)
    if count == "opens":
        _note_open(connections, status.name)
        connections.memory.note_use(status.name, ok=True)
    elif count == "failures":
        connections.memory.note_use(status.name, ok=False)


def note_once(connections: SessionConnections, name: str, reason: str, *, ok: bool) -> None:
    """Remember that a connection was opened and closed again, or could not be opened.

    Raises:
      FileError: it cannot be remembered.
    """
    state = "ready" if ok else "stopped"
    connections.memory.note(name, state, reason, count="opens" if ok else "failures")
    connections.memory.note_use(name, ok=ok)
    if ok:
        _note_open(connections, name)


def _note_open(connections: SessionConnections, name: str) -> None:
    """Set what the schema calls volatile: when the connection was last open, and how often."""
    from datetime import UTC, datetime

    from sessionctl.core.schema.model import Schema
    from sessionctl.core.values import text_in
    from sessionctl.services.documents.volatile_store import VolatileStore

    count = connections.memory.record(name).opens
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    path = KeyPath(["connections", name])
    VolatileStore(connections.context.machine.state).record(
        connections.file,
        {path / "last_connected": now, path / "connect_count": count},
        Schema.session(),
        at_ns=time.time_ns(),
        session_id=text_in(connections.document.value, "id"),
    )
