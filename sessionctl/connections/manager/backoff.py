"""Backoff: how long to wait before the next attempt, with full jitter."""

from __future__ import annotations

from typing import NamedTuple

INITIAL_S = 0.2
MULTIPLIER = 2.0
SHORT_CAP_S = 4.0
LONG_CAP_S = 30.0
SHORT_FOR_S = 120.0
"""For so long the network is believed to be stable, and no wait is longer than the short cap: a
service that is back is found within that."""


class RetryLimits(NamedTuple):
    """How often and how fast a connection is tried again.

    ``attempts`` is how many dials may fail in a row: None for any number, 0 where a failure is
    never followed by another attempt. ``most_s`` replaces both caps.
    """

    attempts: int | None = None
    initial_s: float = INITIAL_S
    multiplier: float = MULTIPLIER
    most_s: float | None = None

    def cap_s(self, failing_s: float) -> float:
        """Return the longest wait after failing for ``failing_s``."""
        if self.most_s is not None:
            return self.most_s
        return SHORT_CAP_S if failing_s < SHORT_FOR_S else LONG_CAP_S


def backoff_s(limits: RetryLimits, attempt: int, failing_s: float, chance: float) -> float:
    """Return the seconds to wait before the next attempt.

    The whole wait is drawn (full jitter): ``chance``, from 0 to 1, of the ceiling. So those who
    lost the same server at the same moment do not come back at the same moment.

    Args:
      limits: those of the connection.
      attempt: how many failed in a row, from 1.
      failing_s: since when, in seconds.
      chance: a random number from 0 to 1.
    """
    cap = limits.cap_s(failing_s)
    ceiling = limits.initial_s
    for _ in range(max(attempt, 1) - 1):
        if ceiling >= cap or limits.multiplier <= 1:
            break
        ceiling *= limits.multiplier
    return min(max(chance, 0.0), 1.0) * min(ceiling, cap)
