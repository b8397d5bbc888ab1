"""Message log: what tmux notes of every command, and whether one of them set something.

No subscription covers all options and variables; the log has each command that sets one, by
whomever and in whatever way.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# tmux writes the full names of commands: "12:00: client-7 command: set-option -t work @a 1".
_SETTING = (b" set-option", b" set-window-option", b" set-environment", b" set-hook")


class MessageLog:
    """The log of a server as it was read last; the newest line stands first."""

    def __init__(self) -> None:
        self._lines: list[bytes] | None = None

    @property
    def is_kept(self) -> bool:
        """Whether there is a log at all, as far as is known."""
        return self._lines != []

    def take(self, lines: Sequence[bytes]) -> bool:
        """Take the log as it is now; return whether something was set since the last time.

        What the first one has is no news. A log that is kept empty (``message-limit 0``) says
        nothing, so that everything may have been set.
        """
        before, self._lines = self._lines, list(lines)
        if not lines:
            return True
        if before is None:
            return False
        count = _new_count(before, self._lines)
        return any(name in line for line in self._lines[:count] for name in _SETTING)


def _new_count(before: list[bytes], now: list[bytes]) -> int:
    """Return how many lines stand before those that both have; the oldest are dropped in time.

    It is one at least, the question itself, and as many as it has grown by.
    """
    for count in range(max(1, len(now) - len(before)), len(now)):
        size = min(len(now) - count, len(before))
        if size and now[count : count + size] == before[:size]:
            return count
    return len(now)
