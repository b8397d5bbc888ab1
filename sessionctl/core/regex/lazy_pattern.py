"""Lazy patterns: regular expressions that are compiled at their first use, or beforehand.

To import ``re`` takes two thirds of what Python takes to start, and to compile what a command
needs nearly as long again. So the tables beside this module hold what ``re`` makes of our
expressions; ``_sre``, which runs it, is a part of the interpreter. What no table has is compiled
by ``re``, and so is everything where this Python writes another code than the tables have, or runs
it wrongly (``old_engine``).
"""

from __future__ import annotations

import sys

from sessionctl.core.regex.reading_codes import CODES, MAGICS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

IGNORECASE, MULTILINE, DOTALL, VERBOSE = 2, 8, 16, 64
"""The flags of ``re``, by their names there."""

_WORD_BYTES = 4
_HAS_FAULT = sys.version_info < (3, 11, 5)


def _runs_tables() -> bool:
    """Return whether this interpreter runs the code that the tables have."""
    magic = MAGICS.get(sys.implementation.cache_tag or "")
    if magic is None or sys.byteorder != "little":  # sets of characters are bits in words
        return False
    import _sre  # type: ignore[import-not-found]

    return bool(magic == _sre.MAGIC and _sre.CODESIZE == _WORD_BYTES)


_HAS_TABLES = _runs_tables()
COMPILES_AHEAD = _HAS_TABLES and not _HAS_FAULT
"""Whether no expression of the tables is compiled in this interpreter."""


def ready(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile(source, flags)`` does, without ``re`` where a table has it."""
    made = known(source, flags)
    if made is not None:
        return made
    if _HAS_FAULT:
        from sessionctl.core.regex import old_engine

        if old_engine.is_affected(source):
            return old_engine.compiled(source, flags)
    import re

    return re.compile(source, flags)


def known(source: str, flags: int = 0) -> re.Pattern[str] | None:
    """Return what ``re.compile(source, flags)`` does; None where no table has it."""
    if not _HAS_TABLES:
        return None
    if _HAS_FAULT:
        from sessionctl.core.regex import old_engine

        if old_engine.is_affected(source):
            return None
    entry = CODES.get((source, flags)) or _rarer_entry(source, flags)
    if entry is None:
        return None
    import _sre

    all_flags, groups, names, code = entry
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names:
        by_number[number] = name
    words = memoryview(bytes.fromhex(code)).cast("I").tolist()
    made: re.Pattern[str] = _sre.compile(
        source, all_flags, words, groups, dict(names), tuple(by_number)
    )
    return made


def _rarer_entry(source: str, flags: int) -> tuple[Any, ...] | None:
    from sessionctl.core.regex.everyday_codes import CODES as EVERYDAY_CODES

    entry = EVERYDAY_CODES.get((source, flags))
    if entry is None:
        from sessionctl.core.regex.further_codes import CODES as FURTHER_CODES

        entry = FURTHER_CODES.get((source, flags))
    if entry is None:
        from sessionctl.core.regex.large_codes import CODES as LARGE_CODES

        entry = LARGE_CODES.get((source, flags))
    return entry


def known_for_schema(pattern: str) -> re.Pattern[str] | None:
    """Return ``pattern``, of JSON Schema, as one of Python's; None where no table has it."""
    from sessionctl.core.regex.everyday_codes import TRANSLATIONS

    source = TRANSLATIONS.get(pattern)
    return None if source is None else known(source)


def late(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what acts as ``re.compile(source, flags)``, and costs nothing until it is used."""
    return _Late(source, flags)  # type: ignore[return-value]


def late_bytes(source: bytes, flags: int = 0) -> re.Pattern[bytes]:
    """Return what acts as ``re.compile(source, flags)``, and is compiled when it is used."""
    return _Late(source, flags)  # type: ignore[return-value]


class _Late:
    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not there yet: the compiled pattern's own methods.
        if isinstance(self._source, bytes):  # the tables have texts alone
            import re

            made: re.Pattern[Any] = re.compile(self._source, self._flags)
        else:
            made = ready(self._source, self._flags)
        found = getattr(made, name)
        setattr(self, name, found)
        return found
