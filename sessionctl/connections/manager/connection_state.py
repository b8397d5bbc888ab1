"""Connection state: what a kept connection is in, and which changes of it there are."""

from __future__ import annotations

from enum import Enum


class ConnectionState(Enum):
    """What a connection is in."""

    IDLE = "idle"
    """Nobody asked for it yet."""
    CONNECTING = "connecting"
    """It is being opened, or waits for its turn: few are opened at once."""
    READY = "ready"
    DEGRADED = "degraded"
    """Open, but the other side is slow, or busy."""
    BACKOFF = "backoff"
    """It failed and is tried again at a known time."""
    CIRCUIT_OPEN = "circuit-open"
    """Its server failed so often that one connection alone tries for all of that server."""
    NEEDS_AUTH = "needs-auth"
    """The secret is refused or locked: the user must act."""
    STOPPED = "stopped"
    """Stopped by the user, or by a failure that another attempt would not change."""


IDLE = ConnectionState.IDLE
CONNECTING = ConnectionState.CONNECTING
READY = ConnectionState.READY
DEGRADED = ConnectionState.DEGRADED
BACKOFF = ConnectionState.BACKOFF
CIRCUIT_OPEN = ConnectionState.CIRCUIT_OPEN
NEEDS_AUTH = ConnectionState.NEEDS_AUTH
STOPPED = ConnectionState.STOPPED

OPEN_STATES = frozenset({READY, DEGRADED})
"""Those in which the connection can be used."""

WAITING_STATES = frozenset({BACKOFF, CIRCUIT_OPEN})
"""Those that end when a time comes, or something wakes them."""

_FAILED = frozenset({BACKOFF, CIRCUIT_OPEN, NEEDS_AUTH, STOPPED})

LEGAL_CHANGES: dict[ConnectionState, frozenset[ConnectionState]] = {
    IDLE: frozenset({CONNECTING, CIRCUIT_OPEN, STOPPED}),
    CONNECTING: _FAILED | {READY},
    READY: _FAILED | {DEGRADED},
    DEGRADED: _FAILED | {READY},
    BACKOFF: frozenset({CONNECTING, CIRCUIT_OPEN, STOPPED}),
    CIRCUIT_OPEN: frozenset({CONNECTING, STOPPED}),
    NEEDS_AUTH: frozenset({CONNECTING, CIRCUIT_OPEN, STOPPED}),
    STOPPED: frozenset({CONNECTING, CIRCUIT_OPEN}),
}
"""Every change of state that there is."""
