"""Subscription: a PubSub of redis-py whose PONG is awaited while messages come in."""

from __future__ import annotations

import threading
import time
from collections import deque

from redis.client import PubSub

from sessionctl.connections.deadline import DeadlineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sessionctl.connections.deadline import Deadline

_SLICE_S = 0.1
"""How long one thread reads before another has its turn."""


class Subscription(PubSub):  # type: ignore[misc]
    """What redis-py's own check of health does not do: it says PING, and waits for no answer.

    A probe reads messages that are the user's; they are kept, and given out first.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._turn = threading.RLock()
        self._kept: deque[Any] = deque()
        self._pongs: set[str] = set()
        self._number = 0
        super().__init__(*arguments, **options)

    def get_message(
        self,
        ignore_subscribe_messages: bool = False,  # noqa: FBT001, FBT002 - redis-py's own
        timeout: float | None = 0.0,
    ) -> Any:
        """Return the next message, or None after ``timeout`` seconds; None waits for ever."""
        end_s = None if timeout is None else time.monotonic() + timeout
        while True:
            if self._kept:
                return self._kept.popleft()
            left_s = _SLICE_S if end_s is None else max(end_s - time.monotonic(), 0.0)
            message = self._read(min(left_s, _SLICE_S), is_quiet=ignore_subscribe_messages)
            if message is not None:
                return message
            if end_s is not None and time.monotonic() >= end_s:
                return None

    def listen(self) -> Iterator[Any]:
        """Yield messages as they come."""
        while self.subscribed:
            message = self.get_message(timeout=None)
            if message is not None:
                yield message

    def names(self) -> dict[str, list[str]]:
        """Return what is subscribed to: "channels" and "patterns"."""
        found = {"channels": self.channels, "patterns": self.patterns}
        return {key: sorted(map(_text, names)) for key, names in found.items() if names}

    def say_ping(self) -> str:
        """Say PING; return the token that its PONG will have."""
        with self._turn:
            self._number += 1
            token = f"sessionctl-{self._number}"
            self.ping(token)
        return token

    def await_pong(self, token: str, deadline: Deadline) -> None:
        """Wait for the PONG with ``token``.

        Raises:
          DeadlineError: none came.
          redis.RedisError: the connection is gone.
        """
        while token not in self._pongs:
            if deadline.is_over:
                raise DeadlineError("no answer to PING while subscribed")
            message = self._read(min(deadline.remaining_s, _SLICE_S), is_quiet=False)
            if message is not None:
                self._kept.append(message)
        self._pongs.discard(token)

    def _read(self, timeout_s: float, *, is_quiet: bool) -> Any:
        with self._turn:
            message = super().get_message(is_quiet, timeout_s)
        if message is not None and message.get("type") == "pong":
            token = _text(message.get("data"))
            if token.startswith("sessionctl-"):
                self._pongs.add(token)
                return None
        return message


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
