"""Equality as JSON Schema has it, by keys that are equal for equal values."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any


def frozen(value: Any) -> Hashable:
    """Return a hashable that is equal for what JSON Schema calls equal: 1 and 1.0, not true.

    A date of TOML is equal to the string of its text.
    """
    if isinstance(value, dict):
        return frozenset((key, frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return (list, *map(frozen, value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return (bool, value) if isinstance(value, bool) else value
