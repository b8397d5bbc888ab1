"""Connections: what opens them, keeps them alive and brings them back.

A package brings a kind of connection under the entry points ``sessionctl.connections``;
docs/adapters.md explains it.
"""

from __future__ import annotations

from sessionctl.connections.connection_adapter import (
    API,
    GROUP,
    CommandAdapter,
    ConnectionAdapter,
    ConnectionFailure,
    ConnectionRequest,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    PrintedCommand,
    ResumeReport,
)
from sessionctl.connections.deadline import Deadline, DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.secrets.secret import Secret

__all__ = [
    "API",
    "GROUP",
    "CommandAdapter",
    "ConnectionAdapter",
    "ConnectionFailure",
    "ConnectionRequest",
    "Deadline",
    "DeadlineError",
    "Failure",
    "FailureKind",
    "Health",
    "OpenStep",
    "PeerIdentity",
    "PrintedCommand",
    "ResumeReport",
    "Secret",
]


def __getattr__(name: str) -> object:
    # What compares secrets loads a megabyte: it is there for those who make one.
    if name == "Secret":
        from sessionctl.core.secrets.secret import Secret

        return Secret
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
