"""Bounded check: the quick check with a schema of somebody else's, which always ends."""

from __future__ import annotations

from sessionctl.core.schema.check.bounded_search import bounded_search
from sessionctl.core.schema.check.budget import StepLimitError
from sessionctl.core.schema.check.moment import plain
from sessionctl.core.schema.check.quick_check import Acceptance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.core.schema.check.budget import Budget

# What a keyword looks at one by one: what it names, what the value holds, or all pairs of these.
_OF_OPERAND = frozenset({"allOf", "anyOf", "enum", "oneOf", "prefixItems", "required"})
_OF_VALUE = frozenset({
    "additionalProperties", "items", "properties", "propertyNames", "uniqueItems",
})  # fmt: skip


class BoundedAcceptance(Acceptance):
    """One foreign schema being applied to one document; each keyword costs steps.

    ``meets``, ``search`` and ``shown`` raise ``StepLimitError`` when none are left.
    """

    __slots__ = ("budget",)

    def __init__(self, root: Mapping[str, Any], budget: Budget) -> None:
        super().__init__(root)
        self.budget = budget

    def meets(self, keyword: str, schema: Mapping[str, Any], value: object) -> bool:
        """Return whether ``value`` meets one keyword of ``schema``."""
        try:
            self.budget.charge(cost_of_keyword(keyword, schema, value))
            return super().meets(keyword, schema, value)
        except StepLimitError as error:
            if error.part is None:
                error.part = schema
            raise

    def search(self, pattern: str) -> Callable[[str], object]:
        """Return the search for a pattern of the schema."""
        return bounded_search(pattern, self.budget)

    def shown(self, value: object) -> object:
        """Return ``value`` as a report needs it."""
        self.budget.charge(weight(value))
        return plain(value)


def cost_of_keyword(keyword: str, schema: Mapping[str, Any], value: object) -> int:
    """Return what it costs to apply one keyword, without what it applies inside."""
    size = len(value) if isinstance(value, dict | list) else 0
    if keyword in _OF_OPERAND:
        return 1 + len(schema[keyword])
    if keyword in _OF_VALUE:
        return 1 + size
    if keyword == "patternProperties":
        return 1 + size * len(schema[keyword])
    return 1


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
