"""Wake-up: one thread waits for time, for other threads, and for who asks at a socket."""

from __future__ import annotations

import os
import selectors
import time
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import Protocol, TypeAlias

    from sessionctl.system.running_process import PipedProcess

    Source: TypeAlias = socket.socket | PipedProcess

    class TimedLoop(Protocol):
        """A loop that waits for time."""

        @property
        def is_running(self) -> bool:
            """Whether it was started, and did not end."""
            ...

        def next_ms(self) -> int:
            """Return when it has to do something."""
            ...

        def call(self, work: Callable[[], None]) -> None:
            """Let ``work`` be done in its thread."""
            ...


class Clock:
    """The time that only goes forward, and the time of day."""

    def now_ms(self) -> int:
        """Return milliseconds since some moment in the past."""
        return time.monotonic_ns() // 1_000_000

    def time_s(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def attend(self, loop: TimedLoop) -> None:
        """Note who waits for this time; only one that stands still has to tell."""


class WakeUp:
    """Messages from any thread to the one that waits, and the waiting itself."""

    def __init__(self) -> None:
        self._messages: deque[object] = deque()
        self._is_closed = False
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._read, selectors.EVENT_READ)

    def send(self, message: object) -> None:
        """Give ``message`` to the waiting thread; may be called in a signal handler."""
        self._messages.append(message)
        if not self._is_closed:
            try:
                os.write(self._write, b"\0")
            except BlockingIOError:
                return  # full: it wakes up anyway

    @property
    def has_messages(self) -> bool:
        """Whether there are messages that nobody has taken yet."""
        return bool(self._messages)

    def listen_to(self, listener: Source) -> None:
        """Wake up for connections to ``listener`` too, or for what a program says."""
        self._selector.register(listener, selectors.EVENT_READ, listener)

    def leave(self, listener: Source) -> None:
        """Do not wake up for ``listener`` any more."""
        self._selector.unregister(listener)

    def wait(self, duration_ms: int | None) -> tuple[list[object], list[Source]]:
        """Wait for messages or connections, for at most ``duration_ms``.

        Returns the messages so far, in order, and the listeners somebody connects to.
        """
        timeout_s = None if duration_ms is None else max(0, duration_ms) / 1000
        ready = self._selector.select(timeout_s)
        listeners = []
        for key, _ in ready:
            if key.data is not None:
                listeners.append(key.data)
            else:
                self._drain()
        messages = []
        while self._messages:
            messages.append(self._messages.popleft())
        return messages, listeners

    def close(self) -> None:
        """Give the pipe back; nobody may be about to send then."""
        self._is_closed = True
        self._selector.close()
        os.close(self._read)
        os.close(self._write)

    def _drain(self) -> None:
        try:
            while os.read(self._read, 4096):
                pass
        except BlockingIOError:
            return
