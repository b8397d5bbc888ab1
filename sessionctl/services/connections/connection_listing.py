"""Connection listing: the connections of a session with what is remembered of each."""

from __future__ import annotations

from typing import Any, NamedTuple

from sessionctl.core.session.session import read_session
from sessionctl.core.session.startup import opens_at_start
from sessionctl.core.values import text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.connections.session_connections import SessionConnections


class ConnectionSummary(NamedTuple):
    """A connection in a list; ``status`` is the last change of its state, empty without one."""

    name: str
    driver: str
    address: str
    starts: bool
    is_favourite: bool
    status: dict[str, Any]
    opens: int
    failures: int
    losses: int


def list_connections(connections: SessionConnections) -> list[ConnectionSummary]:
    """Return the connections of a session, favourites first, then as the file has them."""
    records = connections.memory.records()
    found = []
    for spec in read_session(connections.value).connections:
        record = records.get(spec.name)
        settings = connections.settings(spec.name)
        address = spec.address or next(
            (text_in(settings, key) for key in ("file", "service", "socket") if key in settings), ""
        )
        found.append(
            ConnectionSummary(
                spec.name,
                spec.driver,
                address,
                opens_at_start(settings),
                is_favourite=record is not None and record.is_favourite,
                status={} if record is None else record.status,
                opens=0 if record is None else record.opens,
                failures=0 if record is None else record.failures,
                losses=0 if record is None else record.losses,
            )
        )
    return sorted(found, key=lambda one: not one.is_favourite)


class GoneConnection(NamedTuple):
    """A connection that the file no longer has; ``status`` is the last change of its state."""

    name: str
    status: dict[str, Any]


def gone_connections(connections: SessionConnections) -> list[GoneConnection]:
    """Return what is still stored of connections that were taken out of the file, by name."""
    names = {spec.name for spec in read_session(connections.value).connections}
    records = connections.memory.records()
    return [GoneConnection(name, records[name].status) for name in sorted(set(records) - names)]
