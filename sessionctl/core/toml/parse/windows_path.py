"""Windows paths in basic strings, where a backslash begins an escape."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import IGNORECASE, late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


# A drive, a share, a variable or a relative path with single backslashes.
_PATH = late(
    r"(?:[A-Za-z]:\\(?!\\)|\\\\[A-Za-z0-9]|%[A-Za-z]\w*%\\(?!\\)|~\\(?!\\)|\.{1,2}\\(?!\\)"
    r"|[\w .-]*\\(?:Users|Windows|Program Files|ProgramData|AppData|System32)\b)",
    IGNORECASE,
)
_CHARACTERS = late(r"(?:[A-Za-z]:|%[A-Za-z]\w*%|~|\.{1,2})(?:\\[\w .()+,@#$&~-]*)+")
_BY_CHANCE = late(r"\\([btnfr]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
NAMES = {
    "b": "a backspace",
    "f": "a form feed",
    "n": "a line end",
    "r": "a carriage return",
    "t": "a tab",
}


def hint_for(raw: str) -> str:
    """Return how a path is written, when ``raw``, inside a basic string, is one; else ""."""
    if _PATH.match(raw) is None:
        return ""
    start = raw[:2] if raw[1:2] == ":" else ""
    if raw.startswith("\\\\"):
        start = "\\"
    return f"a Windows path is written in single quotes, '{start}\\...', or with \\\\ for each \\"


def escape_by_chance(raw: str) -> re.Match[str] | None:
    """Return the first escape in ``raw`` that was surely meant as a part of a path."""
    if _CHARACTERS.fullmatch(raw) is None or _PATH.match(raw) is None:
        return None
    return _BY_CHANCE.search(raw)
