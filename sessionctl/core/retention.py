"""Retention: which changes of a document are kept, and which are old enough to go."""

from __future__ import annotations

from sessionctl.core.light_typing import Protocol
from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BASE = "base"
"""What the change of a text is called on which file and live session agreed."""

PENDING = "pending"
"""What the change of a text is called that a live session has and its file was not given."""

_DAY_NS = 24 * 60 * 60 * 10**9


class KeptChange(Protocol):
    """What is known of a change: when it was (nanoseconds since 1970), and why."""

    @property
    def time_ns(self) -> int:
        """When it was."""

    @property
    def why(self) -> str:
        """The word for it."""


class Retention(NamedTuple):
    """How much is kept.

    ``newest`` changes whatever their age; beyond them the last one of each day, for
    ``days`` days: an application that saves every minute must not push out what a week
    ago was the last of the day. ``bases`` newest agreed texts.
    """

    newest: int = 50
    days: int = 30
    bases: int = 20


def retained(
    changes: Sequence[KeptChange],
    now_ns: int,
    retention: Retention,
    is_good: Callable[[int], bool] = lambda _index: True,
) -> set[int]:
    """Return the indexes of the changes (oldest first) that are kept.

    Always among them are the newest pending text, and the newest change whose index
    ``is_good`` (it leads back to a valid text).
    """
    bases = [index for index, change in enumerate(changes) if change.why == BASE]
    others = [index for index, change in enumerate(changes) if change.why != BASE]
    pending = [index for index in others if changes[index].why == PENDING]
    kept = {*others[-retention.newest :], *bases[-retention.bases :], *pending[-1:]}
    last_of_day: dict[int, int] = {}
    for index in others:
        age = (now_ns - changes[index].time_ns) // _DAY_NS
        if age < retention.days:
            last_of_day[age] = index
    kept |= set(last_of_day.values())
    # Nearly always the newest one is good, and one look is enough.
    for index in sorted(kept & set(others), reverse=True):
        if is_good(index):
            return kept
    for index in reversed(others):
        if index not in kept and is_good(index):
            return kept | {index}
    return kept
