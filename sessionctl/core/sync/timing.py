"""Timing: how long to wait for what, in milliseconds."""

from __future__ import annotations

from typing import NamedTuple


class Timing(NamedTuple):
    """The waits of one document.

    A file is looked at once it was quiet, the live side is saved once it was quiet, each
    after the longest wait at the latest. What looks half-written is looked at again
    after each of ``retries_ms`` before it counts as invalid, and what another program
    holds open for writing at most ``open_longest_ms`` long.
    """

    file_quiet_ms: int = 80
    file_longest_ms: int = 1000
    live_quiet_ms: int = 500
    live_longest_ms: int = 5000
    retries_ms: tuple[int, ...] = (50, 100, 200, 400)
    missing_ms: int = 1000
    open_ms: int = 100
    open_longest_ms: int = 5000
    git_ms: tuple[int, ...] = (50, 100, 200, 400)
    failed_ms: tuple[int, ...] = (1000, 2000, 5000, 15_000, 30_000)


class Due(NamedTuple):
    """Something that happened and is to be looked at: when it began, when it went on last."""

    first_ms: int
    last_ms: int

    def again(self, now_ms: int) -> Due:
        """Return it with one more happening at ``now_ms``."""
        return Due(self.first_ms, max(self.last_ms, now_ms))

    def at(self, quiet_ms: int, longest_ms: int) -> int:
        """Return when it is to be looked at."""
        return min(self.last_ms + quiet_ms, self.first_ms + longest_ms)
