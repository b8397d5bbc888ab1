"""Bounded check: the quick check with a schema of somebody else's, which always ends."""

from __future__ import annotations

from sessionctl.core.schema.check.bounded_search import bounded_search
from sessionctl.core.schema.check.moment import plain
from sessionctl.core.schema.check.quick_check import Acceptance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.core.schema.check.budget import Budget


class BoundedAcceptance(Acceptance):
    """One foreign schema being applied to one document; each keyword costs steps.

    ``meets``, ``search`` and ``shown`` raise ``StepLimitError`` when none are left.
    """

    __slots__ = ("budget",)

    def __init__(self, root: Mapping[str, Any], budget: Budget) -> None:
        super().__init__(root)
        self.budget = budget

    def search(self, pattern: str) -> Callable[[str], object]:
        """Return the search for a pattern of the schema."""
        return bounded_search(pattern, self.budget)

    def shown(self, value: object) -> object:
        """Return ``value`` as a report needs it."""
        self.budget.charge(weight(value))
        return plain(value)


def weight(value: object) -> int:
    """Return how many values are in ``value``, itself counted; long strings count more."""
    count = 0
    waiting = [value]
    while waiting:
        here = waiting.pop()
        count += 1
        if isinstance(here, str):
            count += len(here) // 64
        elif isinstance(here, dict):
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
    return count
