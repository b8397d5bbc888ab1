"""Kept connection: one connection as the manager knows it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.connections.manager.backoff import RetryLimits
from sessionctl.connections.manager.connection_state import IDLE, OPEN_STATES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.connections.connection_adapter import Failure
    from sessionctl.connections.manager.connection_state import ConnectionState

PROBE_EVERY_S = 2.0
PROBE_DEADLINE_S = 2.0
"""A cut is noticed within the sum of both."""
SLOW_S = 1.0
"""An answer that takes longer makes a connection degraded."""
HEALTHY_S = 10.0
"""Only after so long without a failure earlier ones are forgotten: else one that comes and goes
would be dialled without a pause."""
DIALS_APART_S = 1.0
"""What wakes a connection does not make it dial more often than this."""


class KeptConnection(NamedTuple):
    """One connection: what was asked for, and how it is.

    ``host`` names the server for the circuit. ``failures`` is what the backoff counts, losses
    too; ``failed_dials`` is what the limit of attempts counts. ``not_before`` is until when the
    server asked to be left alone. ``is_dialing`` is true until an attempt is reported on, also
    after it was cancelled (``is_cancelled``).
    """

    name: str
    host: str
    limits: RetryLimits = RetryLimits()
    state: ConnectionState = IDLE
    since: float = 0.0
    reason: str = ""
    failure: Failure | None = None
    failures: int = 0
    failed_dials: int = 0
    failing_since: float | None = None
    next_at: float | None = None
    not_before: float = 0.0
    dialed_at: float | None = None
    is_dialing: bool = False
    is_cancelled: bool = False
    opened_at: float | None = None
    probe_at: float | None = None
    is_probing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be used."""
        return self.state in OPEN_STATES

    @property
    def wake_at(self) -> float | None:
        """When time alone changes something about it; the circuit's time is not in it."""
        if self.is_open:
            return None if self.is_probing else self.probe_at
        return self.next_at
