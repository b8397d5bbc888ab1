"""Circuit: what is known of one server that several connections lead to.

After some failures in a row the circuit opens: the server is left alone, but for one connection
at a time that tries whether it is back. That one speaks for all.
"""

from __future__ import annotations

from typing import NamedTuple

OPENS_AFTER = 5
"""How many dials to one server must fail in a row."""


class Circuit(NamedTuple):
    """One server; ``open_since`` is None while it is dialled freely.

    ``prober`` is the connection that tries for all, "" while nobody does.
    """

    failures: int = 0
    open_since: float | None = None
    next_at: float = 0.0
    prober: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the server is left alone."""
        return self.open_since is not None

    @property
    def is_probed(self) -> bool:
        """Whether one tries right now."""
        return bool(self.prober)

    def with_failure(self, name: str, now: float, wait_s: float) -> Circuit:
        """Return it after the dial of ``name`` failed, at ``now``.

        ``wait_s`` is the wait where it is open then. Who tries for all goes on.
        """
        failures = self.failures + 1
        if self.is_open or failures >= OPENS_AFTER:
            since = now if self.open_since is None else self.open_since
            prober = "" if self.prober == name else self.prober
            return Circuit(failures, since, now + wait_s, prober)
        return Circuit(failures)

    def released(self, name: str) -> Circuit:
        """Return it where the dial of ``name`` said nothing of the server: another may try."""
        return self._replace(prober="") if self.prober == name else self


CLOSED = Circuit()
"""A server that answered, or was never dialled."""
