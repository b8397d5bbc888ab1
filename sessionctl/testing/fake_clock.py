"""Fake clock: time that stands still until a test lets it go on."""

from __future__ import annotations

import threading
import time

from sessionctl.system.watch.wakeup import Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.system.watch.wakeup import TimedLoop

_PATIENCE_S = 30.0
_TURN_S = 0.2


class FakeClock(Clock):
    """The time of every workspace that goes by it: waits, retries, the time of events.

    ``advance`` goes from one moment to the next at which something is due, and returns when all
    of that is done: nothing sleeps, and every run is the same.
    """

    def __init__(self, time_s: float | None = None) -> None:
        """Begin at ``time_s``, in seconds since 1970: by default now, as files have it."""
        self._now_ms = 0
        self._time_s = time.time() if time_s is None else time_s
        self._loops: list[TimedLoop] = []

    def now_ms(self) -> int:
        """Return the milliseconds that went by."""
        return self._now_ms

    def time_s(self) -> float:
        """Return the time of day, in seconds since 1970."""
        return self._time_s + self._now_ms / 1000

    def attend(self, loop: TimedLoop) -> None:
        """Wait for ``loop`` in ``advance``, while it runs."""
        self._loops.append(loop)

    def advance(self, seconds: float) -> None:
        """Let time go by, and all be done that is due meanwhile.

        For the thread of the host; in an event loop, ``await asyncio.to_thread(clock.advance, 1)``.

        Raises:
          TimeoutError: a callback of the host does not return.
        """
        end_ms = self._now_ms + round(seconds * 1000)
        self.settle()
        while self._now_ms < end_ms:
            due_ms = min((loop.next_ms() for loop in self._running()), default=end_ms)
            self._now_ms = min(end_ms, max(due_ms, self._now_ms + 1))
            self.settle()

    def set_time(self, time_s: float) -> None:
        """Change the time of day, as a user or a time server does; waits are as before."""
        self._time_s = time_s - self._now_ms / 1000

    def settle(self) -> None:
        """Return when all is done that is due now.

        Raises:
          TimeoutError: a callback of the host does not return.
        """
        # What is due is done after messages: the answer to the second one comes after that.
        for _ in range(2):
            for loop in self._running():
                _wait_for(loop)

    def _running(self) -> list[TimedLoop]:
        self._loops = [loop for loop in self._loops if loop.is_running]
        return list(self._loops)


def _wait_for(loop: TimedLoop) -> None:
    """Wait until ``loop`` took a message."""
    done = threading.Event()
    loop.call(done.set)
    end_s = time.monotonic() + _PATIENCE_S
    while not done.wait(_TURN_S) and loop.is_running:
        if time.monotonic() > end_s:
            raise TimeoutError(f"a callback did not return for {_PATIENCE_S:g} s")
