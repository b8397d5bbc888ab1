"""Bounded search: the search for a pattern of somebody else's, which always ends.

Python's ``re`` searches where the parsed pattern shows that it will soon be done; else the
places of the pattern are tried one by one, and counted.
"""

from __future__ import annotations

from sessionctl.core.schema.check.backtracking import cost_of, parsed
from sessionctl.core.schema.check.budget import StepLimitError
from sessionctl.core.schema.check.pattern import compiled
from sessionctl.core.schema.check.place_search import PatternSizeError, PlaceSearch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.schema.check.budget import Budget

_QUICK_STEPS = 500_000
"""What one search of ``re`` may take: some milliseconds, in which nothing can stop it."""
_QUICK_RATE = 64
"""So many steps of ``re`` take the time of one step of a check."""
_SHOWN = 60
_cache: dict[str, _BoundedPattern] = {}


def bounded_search(pattern: str, budget: Budget) -> Callable[[str], bool]:
    """Return the search of ``pattern``, each of which is charged to ``budget``.

    It raises ``StepLimitError`` where a search would take too long.

    Raises:
      UnsupportedPatternError: it is no regular expression, or needs what Python lacks.
    """
    found = _cache.get(pattern)
    if found is None:
        found = _cache[pattern] = _BoundedPattern(pattern)
    return lambda text: found.search(text, budget)


class _BoundedPattern:
    """One pattern, and what its search may cost."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        quick = compiled(pattern)
        self._quick = quick.search
        self._source = quick.pattern
        self._cost = cost_of(parsed(quick.pattern))
        self._places: PlaceSearch | None = None

    def search(self, text: str, budget: Budget) -> bool:
        length = len(text)
        if self._cost.is_within(_QUICK_STEPS, length):
            steps = self._cost.ways * length ** (self._cost.degree or 0)
            budget.charge(1 + (steps + length) // _QUICK_RATE)
            return self._quick(text) is not None
        if self._places is None:
            try:
                self._places = PlaceSearch(self._source)
            except PatternSizeError as error:
                shown = self._pattern[:_SHOWN] + ("..." if len(self._pattern) > _SHOWN else "")
                raise StepLimitError(
                    f'the pattern "{shown}" may search without end, and cannot be searched '
                    f"for step by step: {error}"
                ) from error
        return self._places(text, budget)
