"""Exhaustion: what a match says of a kind that it has no case for; typing is not loaded for it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, assert_never
else:

    def assert_never(value: object) -> NoReturn:
        """Raise an AssertionError: ``value`` is of no kind that was thought of."""
        raise AssertionError(f"unexpected: {type(value).__name__}")


__all__ = ["assert_never"]
