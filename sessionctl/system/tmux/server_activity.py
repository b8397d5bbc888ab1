"""Server activity: whether a tmux server did something, without asking it."""

from __future__ import annotations

import re

# One line of a small file, every second.
# ruff: noqa: PTH123
_SWITCHES = re.compile(rb"^voluntary_ctxt_switches:\s*(\d+)", re.MULTILINE)
_IDLE_WAKEUPS = 1


class ServerActivity:
    """How often the process of a server woke up since the last look.

    An idle one wakes up once a second, for the subscription; for a command of anybody at least
    once more. Where the system does not count, a server always counts as active.
    """

    def __init__(self, pid: int) -> None:
        self._path = f"/proc/{pid}/status"
        self._before: int | None = None
        self.look()

    def look(self) -> bool:
        """Return whether it was active since the last look."""
        before, self._before = self._before, self._wakeups()
        if before is None or self._before is None:
            return True
        return self._before - before > _IDLE_WAKEUPS

    def _wakeups(self) -> int | None:
        try:
            with open(self._path, "rb") as stream:
                match = _SWITCHES.search(stream.read())
        except OSError:
            return None
        return int(match[1]) if match else None
