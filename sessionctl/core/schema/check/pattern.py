"""Regular expressions of JSON Schema (ECMA-262) as Python's, where the two differ."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    r"\\u\{[0-9A-Fa-f]+\}|\\c[A-Za-z]|\\[pP]\{|\\.|\(\?<(?![=!])|\[\^?|\]|\$|.", re.DOTALL
)
_CLASSES = {"\\d": "0-9", "\\w": "A-Za-z0-9_"}
_NEGATED = {"\\D": "[^0-9]", "\\W": "[^A-Za-z0-9_]"}
# Escapes that mean the same in Python; \\k makes Python refuse what it cannot do.
_KNOWN_ESCAPES = frozenset("bBdDfknrsStvwWxu")
LONGEST = 20_000
_cache: dict[str, Callable[[str], object]] = {}


class UnsupportedPatternError(ValueError):
    """A regular expression that Python cannot stand in for; the argument says why."""


def searcher(pattern: str) -> Callable[[str], object]:
    """Return the search of ``pattern``, with ECMA-262's meaning of ``$``, ``\\d`` and ``\\w``.

    For patterns of our own: one of somebody else's may search without end, and is for
    ``bounded_search``.

    Raises:
      UnsupportedPatternError: it is no regular expression, or needs what Python lacks.
    """
    found = _cache.get(pattern)
    if found is None:
        found = _cache[pattern] = compiled(pattern).search
    return found


def compiled(pattern: str) -> re.Pattern[str]:
    """Return ``pattern`` as one of Python's; raises ``UnsupportedPatternError``."""
    if len(pattern) > LONGEST:
        raise UnsupportedPatternError(f"it is longer than {LONGEST:,} characters")
    try:
        return re.compile(_translate(pattern))
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise UnsupportedPatternError(str(error)) from error


def _translate(pattern: str) -> str:
    parts: list[str] = []
    in_class = False
    for match in _TOKEN.finditer(pattern):
        token = match[0]
        if in_class:
            in_class = token != "]"
            parts.append(_in_class(token))
            continue
        in_class = token in ("[", "[^")
        parts.append(_outside(token))
    return "".join(parts)


def _outside(token: str) -> str:
    if token == "$":
        return r"\Z"  # Python's $ also matches before a line end
    if token == "(?<":
        return "(?P<"
    if token in _CLASSES:
        return f"[{_CLASSES[token]}]"
    return _NEGATED.get(token) or _escape(token)


def _in_class(token: str) -> str:
    if token in ("[", "[^"):
        return "\\" + token
    if token in _NEGATED:
        raise UnsupportedPatternError(f"{token} inside [...]")
    return _CLASSES.get(token) or _escape(token)


def _escape(token: str) -> str:
    if len(token) < 2 or token[0] != "\\":
        return token
    letter = token[1]
    if letter in "pP" and len(token) == 3:
        raise UnsupportedPatternError(f"{token[:2]}{{...}} is not supported")
    if letter == "c" and len(token) == 3:
        return f"\\x{ord(token[2]) % 32:02x}"
    if token.startswith("\\u{"):
        return re.escape(chr(int(token[3:-1], 16)))
    if letter.isalpha() and letter not in _KNOWN_ESCAPES:
        return letter  # an escape of no meaning stands for the letter itself
    return token
