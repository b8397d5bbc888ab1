"""Memory: what a pure function returned before, as functools keeps it, for a quick start.

To import functools takes as long as ten of our modules; what it calls is a part of the
interpreter.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")

try:
    from _functools import _lru_cache_wrapper  # type: ignore[import-not-found]
except ImportError:  # another interpreter than CPython
    from functools import _lru_cache_wrapper


def remembered(most: int | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return the decorator that keeps the last ``most`` answers of a function, None for all."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made: Callable[P, R] = _lru_cache_wrapper(function, most, False, _counts)  # noqa: FBT003
        return made

    return decorate


def _counts(*numbers: int) -> tuple[int, ...]:
    return numbers
