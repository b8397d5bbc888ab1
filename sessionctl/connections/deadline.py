"""Deadline: the moment by which a call must have returned."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_S = 0.001


class DeadlineError(TimeoutError):
    """A call did not return by its deadline."""


class Deadline:
    """A moment on a clock that only goes forward.

    ``clock`` returns seconds; tests give their own.
    """

    __slots__ = ("_clock", "at")

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.at = clock() + seconds

    @property
    def remaining_s(self) -> float:
        """The seconds that are left, never negative."""
        return max(self.at - self._clock(), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether the moment has passed."""
        return self._clock() >= self.at

    def timeout_s(self, most: float | None = None) -> float:
        """Return the seconds that are left, at most ``most``, for what takes a timeout.

        Never 0, which many libraries read as "no timeout".

        Raises:
          DeadlineError: the moment has passed.
        """
        if self.is_over:
            raise DeadlineError("the deadline has passed")
        left = self.remaining_s if most is None else min(self.remaining_s, most)
        return max(left, LEAST_S)

    def within(self, seconds: float) -> Deadline:
        """Return a deadline ``seconds`` from now, or this one where it comes first."""
        return Deadline(min(seconds, self.remaining_s), self._clock)
