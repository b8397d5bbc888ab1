"""Connection status: how connections are now, from who keeps them, else from their records."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.services.connections.session_connections import SessionConnections

_READY = ("ready", "degraded")


class ConnectionStatus(NamedTuple):
    """How one connection is; ``at`` is since when, in seconds since 1970.

    ``is_kept`` tells that a keeper holds it open; else ``state`` is the last one it had.
    ``next_at`` is when the next attempt is made, None where none is.
    """

    name: str
    state: str
    reason: str
    at: float | None
    next_at: float | None
    is_kept: bool

    @property
    def is_ready(self) -> bool:
        """Whether it can be used."""
        return self.state in _READY


def connection_statuses(
    connections: SessionConnections, names: Sequence[str]
) -> list[ConnectionStatus]:
    """Return how the connections ``names`` are."""
    from sessionctl.services.connections.keeper_process import KeeperPlace

    records = connections.memory.records()
    answer = KeeperPlace(connections.context.machine, connections.file).answer()
    kept = {} if answer is None else {one["name"]: one for one in answer.connections}
    found = []
    for name in names:
        if name in kept:
            live = kept[name]
            fields = (live["state"], live["reason"], live["at"], live["next_at"])
            found.append(ConnectionStatus(name, *fields, is_kept=True))
            continue
        status = records[name].status if name in records else {}
        state = str(status.get("state", "idle"))
        # Nobody holds it: what was open then was closed since.
        state = "idle" if state in _READY else state
        at = status.get("at")
        found.append(
            ConnectionStatus(name, state, str(status.get("reason", "")), at, None, is_kept=False)
        )
    return found
