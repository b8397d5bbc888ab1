"""Regular expressions of JSON Schema (ECMA-262) as Python's, where the two differ."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import DOTALL, known, late
from sessionctl.core.schema.check.character_class import (
    DIGITS,
    LINE_ENDS,
    SPACES,
    WORDS,
    CharacterClass,
    property_class,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

_ESCAPE = (
    r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
    r"|\\u\{[0-9A-Fa-f]+\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\c[A-Za-z]"
    r"|\\[pP]\{[^{}]*\}|\\."
)
_IN_CLASS = late(f"{_ESCAPE}|.", DOTALL)
_TOKEN = late(
    rf"\\k<[^<>]*>|\(\?P=[^()]*\)|\\[0-9]+|{_ESCAPE}"
    r"|\(\?P?<(?![=!])[^<>]*>|\[\^?|\{[0-9]+(?:,[0-9]*)?\}|.",
    DOTALL,
)
_IGNORING_CASE = late(r"(\^?)\(\?i\)")
_SPECIAL = frozenset("()[]{}?*+-|^$\\.&~# \t\n\r\v\f")
_HALVES = range(0xD800, 0xE000)
_WORD = WORDS.written()
_AT_WORD_END = f"(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD})"
_ASSERTIONS = {
    "^": r"^",
    "$": r"\Z",  # Python's $ also matches before a line end
    "\\b": f"(?:{_AT_WORD_END})",
    "\\B": f"(?!{_AT_WORD_END})",
    # Of no meaning in ECMA-262; who writes them thinks of the languages that have them.
    "\\A": r"\A",
    "\\Z": r"\Z",
    "\\z": r"\Z",
}
LONGEST = 20_000
_MOST_POINTS = 0x10FFFF
_CONTROLS = {"f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_cache: dict[str, Callable[[str], object]] = {}


class UnsupportedPatternError(ValueError):
    """A regular expression that Python cannot stand in for; the argument says why."""


class InvalidPatternError(UnsupportedPatternError):
    """No regular expression at all; the argument says why."""


def searcher(pattern: str) -> Callable[[str], object]:
    """Return the search of ``pattern``, as ECMA-262 means it.

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
        return _made(translated(pattern))
    except UnsupportedPatternError:
        raise
    except (OverflowError, RecursionError, ValueError) as error:
        raise UnsupportedPatternError(str(error)) from error


def translated(pattern: str) -> str:
    """Return ``pattern`` as Python writes it; raises ``UnsupportedPatternError``."""
    # Other languages let a pattern ignore case so; Python, at its very beginning.
    flags = _IGNORING_CASE.match(pattern)
    if flags is not None:
        rest = _Translation(flags[1] + pattern[flags.end() :])
        return f"(?i){rest.text()}"
    return _Translation(pattern).text()


def _made(text: str) -> re.Pattern[str]:
    made = known(text)
    if made is not None:
        return made
    import re

    try:
        return re.compile(text)
    except re.error as error:
        is_one = "look-behind" in error.msg  # of no fixed length
        kind = UnsupportedPatternError if is_one else InvalidPatternError
        raise kind(str(error)) from error


class _Translation:
    """One pattern on its way from ECMA-262 to Python."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._groups: dict[str, str] = {}
        self._can_repeat = False

    def text(self) -> str:
        parts: list[str] = []
        while self._at < len(self._pattern):
            token = self._next(_TOKEN)
            parts.append(self._class(token) if token in ("[", "[^") else self._outside(token))
        return "".join(parts)

    def _next(self, tokens: re.Pattern[str]) -> str:
        match = tokens.match(self._pattern, self._at)
        assert match is not None
        self._at = match.end()
        return match[0]

    def _outside(self, token: str) -> str:
        can_repeat = self._can_repeat
        self._can_repeat = token not in ("(", "|", "?")
        if token in ("*", "+") or (token[0] == "{" and len(token) > 1):
            if not can_repeat:  # Python takes "a++" for something of its own
                raise InvalidPatternError("nothing to repeat")
            self._can_repeat = False
            return token
        if token in _ASSERTIONS:
            return _ASSERTIONS[token]
        if token in ("{", "}"):
            return "\\" + token
        if token.startswith(("(?<", "(?P<")) and token.endswith(">"):
            return self._group(token)
        if token.startswith(("\\k<", "(?P=")):
            name = token[3:-1] if token[0] == "\\" else token[4:-1]
            if name not in self._groups:
                raise InvalidPatternError(f"{token} refers to no group before it")
            return f"(?P={self._groups[name]})"
        if token == ".":
            return LINE_ENDS.inverted().written()
        return _escaped(token) if token[0] == "\\" else token

    def _group(self, token: str) -> str:
        name = token.partition("<")[2][:-1]
        if not name or name in self._groups:
            raise InvalidPatternError(f"the group {name} is there twice")
        self._groups[name] = f"g{len(self._groups)}"
        return f"(?P<{self._groups[name]}>"

    def _class(self, opening: str) -> str:
        """Return the class that begins after ``opening``; "-" in it may be itself."""
        self._can_repeat = True
        items: list[CharacterClass] = []
        while True:
            if self._at >= len(self._pattern):
                raise InvalidPatternError("a class that is not closed")
            token = self._next(_IN_CLASS)
            if token == "]":
                break
            items.append(_DASH if token == "-" else _in_class(token))
        found = _joined(items)
        if opening == "[" and any(first in _HALVES for first, _ in found.ranges):
            raise UnsupportedPatternError("it looks for halves of characters")
        return (found.inverted() if opening == "[^" else found).written()


def _escaped(token: str) -> str:
    """Return an escape that stands outside of a class."""
    if len(token) == 1:
        raise InvalidPatternError("a backslash at its end")
    if token[1:].isdecimal() and token != "\\0":
        return f"(?:{token})"  # so that no digit behind it belongs to it
    found = _set_of(token)
    if found is not None:
        return found.written()
    character = _character(token)
    if ord(character) in _HALVES:
        raise UnsupportedPatternError("it looks for halves of characters")
    return f"\\{character}" if character in _SPECIAL else character  # as re.escape does


_DASH = CharacterClass(((45, 45),))
"""The "-" that stands as such, which may mean a range."""


def _joined(items: list[CharacterClass]) -> CharacterClass:
    """Return the class of characters, classes and ranges as they stand in ``[...]``."""
    found = CharacterClass(())
    index = 0
    while index < len(items):
        item = items[index]
        if index + 2 < len(items) and items[index + 1] is _DASH:
            first, last = item.single, items[index + 2].single
            if first is not None and last is not None:
                if first > last:
                    raise InvalidPatternError("a range that ends before it begins")
                item = CharacterClass(((first, last),))
                index += 2
        found = found.joined(item)
        index += 1
    return found


def _in_class(token: str) -> CharacterClass:
    is_escape = token[0] == "\\" and len(token) > 1
    found = _set_of(token) if is_escape else None
    if found is not None:
        return found
    point = ord(_character(token) if is_escape else token)
    return CharacterClass(((point, point),))


def _set_of(token: str) -> CharacterClass | None:
    """Return the characters that an escape such as ``\\d`` or ``\\p{L}`` stands for."""
    if token[1] in "pP" and len(token) > 3:
        found = property_class(token[3:-1])
        if found is None:
            raise UnsupportedPatternError(f"{token} is not supported")
        return found.inverted() if token[1] == "P" else found
    found = _SETS.get(token.lower())
    if found is None or len(token) != 2:
        return None
    return found.inverted() if token[1].isupper() else found


def _character(token: str) -> str:
    """Return the one character that an escape stands for: itself, where it has no meaning."""
    if token.startswith("\\u") and len(token) > 2:
        digits = token[2:].strip("{}").replace("\\u", "")
        if len(digits) == 8 and "{" not in token:  # two halves of one character
            high, low = int(digits[:4], 16), int(digits[4:], 16)
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        point = int(digits, 16)
        if point > _MOST_POINTS:
            raise UnsupportedPatternError(f"{token} is no character")
        return chr(point)
    if token.startswith("\\x") and len(token) == 4:
        return chr(int(token[2:], 16))
    if token.startswith("\\c") and len(token) == 3:
        return chr(ord(token[2]) % 32)
    if token == "\\0":
        return "\0"
    if token == "\\b":
        return "\b"
    if token[1:].isdecimal():
        raise UnsupportedPatternError(f"{token} inside [...]")
    return _CONTROLS.get(token[1], token[1])


_SETS = {"\\d": DIGITS, "\\w": WORDS, "\\s": SPACES}
