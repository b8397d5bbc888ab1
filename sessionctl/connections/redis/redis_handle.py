"""Redis handle: an open connection and the subscriptions beside it, none of which reconnects."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import redis

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.redis.subscription import Subscription
from sessionctl.connections.socket_guard import SocketGuard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sessionctl.connections.deadline import Deadline
    from sessionctl.core.values import Table

_BLOCKING = frozenset({"BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX",
                       "BZMPOP", "XREAD", "XREADGROUP", "WAIT"})  # fmt: skip


class OneConnection(redis.Redis):  # type: ignore[misc]
    """The client of redis-py on one connection, which knows what the user is in the middle of.

    ``running`` is the command that waits for its answer, "" for none.
    """

    running = ""
    is_queueing = False
    is_watching = False

    def __init__(self, **options: Any) -> None:
        self.turn = threading.RLock()
        self.subscriptions: list[Subscription] = []
        super().__init__(single_connection_client=True, **options)

    def execute_command(self, *words: Any, **options: Any) -> Any:
        """Say a command and return the answer; one comes after the other."""
        name = str(words[0]).upper().split(" ")[0] if words else ""
        with self.turn:
            self.running = name
            try:
                answer = super().execute_command(*words, **options)
            finally:
                self.running = ""
            self._follow(name)
        return answer

    def pubsub(self, **options: Any) -> Subscription:
        """Return a ``PubSub`` that is watched and comes back with the connection."""
        subscription = Subscription(self.connection_pool, **options)
        self.subscriptions.append(subscription)
        return subscription

    def _follow(self, name: str) -> None:
        if name == "MULTI":
            self.is_queueing = True
        elif name == "WATCH":
            self.is_watching = True
        elif name in {"EXEC", "DISCARD", "RESET"}:
            self.is_queueing = self.is_watching = False
        elif name == "UNWATCH":
            self.is_watching = False


@dataclass(slots=True)
class RedisHandle:
    """An open connection: ``client`` is the user's, a client of redis-py.

    ``guards`` has one for each socket: the first is that of ``client``.
    """

    client: OneConnection
    guards: list[SocketGuard]
    place: str
    master: str = ""
    captured: Table = field(default_factory=dict)

    @property
    def subscription(self) -> Subscription:
        """The subscriptions that come back: a ``PubSub`` of redis-py, made when first asked for."""
        if not self.client.subscriptions:
            self.client.pubsub()
        return self.client.subscriptions[0]

    @property
    def is_busy(self) -> bool:
        """Whether a command of the user is waiting, or is queued in a transaction."""
        return self.client.is_queueing or bool(self.client.running)

    def ask(self, deadline: Deadline, *words: Any) -> Any:
        """Return the answer to a command.

        Raises:
          DeadlineError: none came in time; the connection is cut, but where the user waits.
          redis.RedisError: the server refuses it, or the connection is gone.
        """
        if not self.client.turn.acquire(timeout=deadline.timeout_s()):
            raise DeadlineError("a command of the user is waiting")
        try:
            with self.bounded(deadline):
                return self.client.execute_command(*words)
        finally:
            self.client.turn.release()

    @contextmanager
    def bounded(self, deadline: Deadline) -> Iterator[None]:
        """Cut the connection when the block is not done by ``deadline``."""
        with self.guards[0].until(deadline):
            yield

    def listen(self) -> None:
        """Look whether the other side has closed the connection, without saying anything."""
        if self.guards[0].has_ended():
            raise ConnectionFailure(Failure(FailureKind.TRANSIENT, "the connection is closed"))

    def close(self) -> None:
        """Close all connections; what hangs in them returns."""
        for guard in self.guards:
            guard.cut()
        for subscription in self.client.subscriptions:
            with suppress(redis.RedisError, OSError):
                subscription.close()
        with suppress(redis.RedisError, OSError):
            self.client.close()
            self.client.connection_pool.disconnect()
        for guard in self.guards:
            guard.close()

    def blocked(self) -> str:
        """Return the blocking command that waits for its answer, "" for none."""
        running = self.client.running
        return running if running in _BLOCKING else ""
