"""Manager actions: what the runner is to do, and what it is to report."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.connection_adapter import FailureKind
    from sessionctl.connections.manager.connection_state import ConnectionState


class ActionKind(Enum):
    """What to do with a connection."""

    DIAL = "dial"
    """Open it, and report DialSuccess or DialFailure."""
    PROBE = "probe"
    """Ask whether the other side is there, and report ProbeAnswer or ProbeFailure."""
    HANG_UP = "hang-up"
    """Close it, or cancel the attempt under way; a cancelled attempt is still reported on."""


class ManagerAction(NamedTuple):
    """One thing to do."""

    kind: ActionKind
    name: str


class StatusEvent(NamedTuple):
    """A connection changed its state.

    Times are those of the manager's clock. ``next_at`` is when the next attempt will be made,
    None where none will. ``attempt`` is how many dials failed in a row. ``kind`` is that of the
    failure, None without one.
    """

    name: str
    before: ConnectionState
    after: ConnectionState
    reason: str
    at: float
    next_at: float | None = None
    attempt: int = 0
    kind: FailureKind | None = None
