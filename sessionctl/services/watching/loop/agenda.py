"""Agenda: which replica wants a tick next; the others cost nothing."""

from __future__ import annotations

from heapq import heappop, heappush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.services.watching.replica import Replica


class Agenda:
    """When replicas are to be given a tick."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Replica]] = []
        self._at: dict[Replica, int] = {}
        self._count = 0

    def note(self, replica: Replica) -> None:
        """Take account of when ``replica`` wants its next tick, if it does."""
        at = replica.wake_at_ms()
        if at is None:
            self._at.pop(replica, None)
        elif self._at.get(replica) != at:
            self._at[replica] = at
            self._count += 1
            heappush(self._heap, (at, self._count, replica))

    @property
    def is_empty(self) -> bool:
        """Whether no replica wants one."""
        return not self._at

    def next_ms(self) -> int | None:
        """Return when the next one is due."""
        while self._heap:
            at, _, replica = self._heap[0]
            if self._at.get(replica) == at:
                return at
            heappop(self._heap)
        return None

    def take(self, now: int) -> Replica | None:
        """Return a replica whose tick is due, None where none is; it is off the list then."""
        at = self.next_ms()
        if at is None or at > now:
            return None
        replica = heappop(self._heap)[2]
        del self._at[replica]
        return replica
