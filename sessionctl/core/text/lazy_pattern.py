"""Lazy patterns: regular expressions that are compiled at their first use, for a quick start."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def late(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what acts as ``re.compile(source, flags)``, and costs nothing until it is used."""
    return _Late(source, flags)  # type: ignore[return-value]


class _Late:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not there yet: the compiled pattern's own methods.
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found
