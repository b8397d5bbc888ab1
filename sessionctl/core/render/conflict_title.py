"""The title of a conflict that stands between markers: its keys in one line, or its lines."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.keypath import KeyPath

_SHOWN_PATHS = 3


def conflict_title(paths: Sequence[KeyPath], lines: tuple[int, int]) -> str:
    """Return the first of the keys that a conflict is about; without any, its lines."""
    if not paths:
        return f"lines {lines[0]} to {lines[1]}"
    more = len(paths) - _SHOWN_PATHS
    return ", ".join(map(str, paths[:_SHOWN_PATHS])) + (f" and {more} more" if more > 0 else "")
