"""Target: a connection that is to be opened, and what is remembered of it."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.connections.manager.backoff import RetryLimits
from sessionctl.connections.manager.kept_connection import KeptConnection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sessionctl.connections.connection_adapter import (
        ConnectionAdapter,
        ConnectionRequest,
        PeerIdentity,
    )
    from sessionctl.core.values import Table, Value

DIAL_TIMEOUT_S = 10.0


class Recollection(NamedTuple):
    """What is remembered of a connection: the state it had, and the server it had it at."""

    state: Mapping[str, Value] = {}
    peer: str = ""
    peer_text: str = ""


class Target(NamedTuple):
    """A connection to open.

    ``request`` is called for every attempt, in the thread of that attempt, so that secrets are
    read when they are needed; what it raises is a failure of the user's side. ``recall`` and
    ``keep`` read and store what is remembered. ``host`` names the server. With ``adopts_peer``
    another server than the remembered one is taken for the right one.
    """

    name: str
    adapter: ConnectionAdapter
    request: Callable[[], ConnectionRequest]
    host: str
    limits: RetryLimits = RetryLimits()
    timeout_s: float = DIAL_TIMEOUT_S
    recall: Callable[[], Recollection] = Recollection
    keep: Callable[[Table, PeerIdentity], None] = lambda _state, _peer: None
    adopts_peer: bool = False

    @property
    def kept(self) -> KeptConnection:
        """The connection as the manager knows it."""
        return KeptConnection(self.name, self.host, self.limits)
