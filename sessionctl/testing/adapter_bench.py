"""Adapter bench: what a kind of connection brings along to be tested."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any

    from sessionctl.connections import ConnectionAdapter, ConnectionRequest

    Address = tuple[str, int]


class Cut(Enum):
    """What can happen to a connection."""

    KILLED = "the server is killed"
    RESET = "the connection is reset"
    HANG_UP = "the server closes the connection"
    HALF_OPEN = "the server stops without an end: the connection is half open"
    BLACK_HOLE = "packets are dropped in both directions, without an error"
    ANSWERS_LOST = "what is sent arrives, and no answer comes back"
    HALF_CLOSED = "the server ends its side and listens no more"
    SLOW = "the server answers slowly"
    WRONG_SECRET = "the secret is wrong"
    OLD_VERSION = "the server is too old"
    NO_SUCH_NAME = "the name does not resolve"
    TLS_REFUSED = "the server does not speak TLS"


class AdapterBench(ABC):
    """A server to test an adapter with: a subclass says how it is started and spoken to.

    ``adapter`` and the abstract methods are needed. The others have a default that leaves the
    cuts out which they are for: ``why_not`` says so, and they are not called.
    """

    adapter: ConnectionAdapter
    name = "test"

    @abstractmethod
    def start(self) -> None:
        """Start the server, unless it runs; return when it answers, at the same address."""

    @abstractmethod
    def kill(self) -> None:
        """End the server at once, as a crash does."""

    @abstractmethod
    def address(self) -> Address | None:
        """Return host and port of the server, for a proxy before it; None where it has none."""

    @abstractmethod
    def request(self, address: Address | None) -> ConnectionRequest:
        """Return a request for a connection to ``address``."""

    # Hooks: a bench that has nothing to do there leaves them.
    def change(self, handle: Any) -> None:  # noqa: B027
        """Set what ``resume`` has to bring back, as a user does."""

    def faults(self, handle: Any) -> list[str]:
        """Return what of ``change`` does not stand; asked after ``resume``, of the server."""
        return []

    def restored(self) -> set[str]:
        """Return the phrases that the report must have under ``restored``, at least."""
        return set()

    def lost(self) -> set[str]:
        """Return the phrases that the report must have under ``lost``, at least."""
        return set()

    def pause(self) -> None:
        """Stop the server where it stands (SIGSTOP)."""
        raise NotImplementedError

    def go_on(self) -> None:  # noqa: B027
        """Let a paused server go on."""

    def speak_as_old(self, client: socket.socket) -> None:
        """Speak to a client as a server does that is too old; close it at the end."""
        raise NotImplementedError

    def tls_request(self, address: Address) -> ConnectionRequest:
        """Return a request that insists on TLS, which the server does not speak."""
        raise NotImplementedError

    def count(self, handle: Any) -> None:
        """Have the server add one to a number, in a way that is not to be done twice."""
        raise NotImplementedError

    def counted(self) -> int:
        """Return that number, by a way beside the connection that is tested."""
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027
        """End all that is left."""


_NEEDED = {
    Cut.HALF_OPEN: "pause",
    Cut.OLD_VERSION: "speak_as_old",
    Cut.TLS_REFUSED: "tls_request",
}
_BY_PROXY = frozenset(
    {Cut.RESET, Cut.HANG_UP, Cut.BLACK_HOLE, Cut.ANSWERS_LOST, Cut.HALF_CLOSED, Cut.SLOW}
)
_BY_ADDRESS = _BY_PROXY | {Cut.OLD_VERSION, Cut.NO_SUCH_NAME, Cut.TLS_REFUSED}


def why_not(bench: AdapterBench, cut: Cut) -> str:
    """Return why a cut does not apply to ``bench``, "" where it does."""
    if cut in _BY_ADDRESS and bench.address() is None:
        return "it has no address that a proxy could stand before"
    method = _NEEDED.get(cut)
    if method and not has(bench, method):
        return f"the bench has no {method}()"
    if cut is Cut.WRONG_SECRET and not bench.request(bench.address()).secrets:
        return "it has no secret"
    return ""


def has(bench: AdapterBench, method: str) -> bool:
    """Return whether a subclass brings ``method``."""
    return getattr(type(bench), method) is not getattr(AdapterBench, method)
