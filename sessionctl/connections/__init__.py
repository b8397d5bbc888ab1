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
