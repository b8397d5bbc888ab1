"""Broken text: the tables and values of a text that is not TOML at the moment, as far as they go.

A conflict, a lost quote or half a line must hide no secret that the whole text shows: what
can be read is read, and the reading begins anew at each line that looks like a statement.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import Part
    from sessionctl.core.values import Value

    Path = tuple[Part, ...]

_TOKEN = r"""(?P<space>[ \t\r]+) | (?P<end>\n) | (?P<comment>\#[^\n]*)
  | (?P<string>{long}"(?:[^"\\\n]|\\[^\n])*+"? | '[^'\n]*+'?)
  | (?P<sign>[\[\]{{}},=]) | (?P<word>[^\s\[\]{{}},="'\#]+)"""
_LONG = (
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:"{3,5}|\Z) |'
    r" '{3}(?:[^']|'(?!''))*+(?:'{3,5}|\Z) | "
)
_WITH_LONG = late(_TOKEN.format(long=_LONG), re.VERBOSE)
_WITHOUT = late(_TOKEN.format(long=""), re.VERBOSE)
_STATEMENT = late(r"""[ \t]*(?:[^\s\[\]{},="'#]+|"[^"\n]*"|'[^'\n]*')[ \t]*=(?![=])""")
_HEADER = late(
    r"""[ \t]*\[{0,2}[ \t]*(?P<keys>[^\[\]{}=,\n]{1,200}?)[ \t]{0,8}\]{1,2}
      [ \t]*(?:\#[^\n]*)?\r?$""",
    re.MULTILINE | re.VERBOSE,
)
_OPEN_HEADER = late(r"""[ \t]*\[{1,2}[ \t]*(?P<keys>[\w."'-]+)[ \t]{0,8}\]?[ \t]{0,8}\r?$""", re.M)
_MARKER = late(r"(?:<{7,}|\|{7,}|={7,}|>{7,})[^\n]*")
_KEY = late(r"""\"([^"\n]*)\"|'([^'\n]*)'|([^\s."']+)""")
_REST = late(r"[^\n#]*")
_ESCAPE = late(r"\\(?:([^uU])|[uU]([0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{4})?))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_DEEPEST = 64
_MOST_COPIED = 32


class TextTable(NamedTuple):
    """A table as far as it was read: where it stands, its values, and where each of them is."""

    path: KeyPath
    value: dict[str, Value]
    places: dict[Path, Span]


def read_tables(text: str, *, has_long_strings: bool) -> Iterator[TextTable]:
    """Yield the tables of a text that is not TOML.

    A key that stands twice, as on both sides of a conflict, begins a table again. Without
    ``has_long_strings`` three quotes are two strings: one that is never closed hides nothing.
    """
    yield from _TableReader(text, has_long_strings=has_long_strings).tables()


class _TableReader:
    def __init__(self, text: str, *, has_long_strings: bool) -> None:
        self._text = text
        self._token = _WITH_LONG if has_long_strings else _WITHOUT
        self._table = TextTable(KeyPath(), {}, {})
        self._done: list[TextTable] = []
        # The open arrays and inline tables, each with its path; the key a table waits with.
        self._stack: list[tuple[dict[str, Value] | list[Value], Path]] = []
        self._keys: list[str] = []
        # In a conflict: the table that our side goes on with, where theirs has another header.
        self._ours: KeyPath | None = None
        self._is_theirs = False

    def tables(self) -> Iterator[TextTable]:
        position = 0
        while position < len(self._text):
            if position == 0 or self._text[position - 1] == "\n":
                position = self._line(position)
            position = self._step(position)
            if self._done:
                yield from self._done
                self._done = []
        yield from self._read()

    def _read(self) -> list[TextTable]:
        """Return the table that was read, under the header of either side of a conflict."""
        if self._ours is None:
            return [self._table]
        return [self._table, self._table._replace(path=self._ours)]

    def _line(self, position: int) -> int:
        """Look at the beginning of a line, where a reading may start over."""
        text = self._text
        marker = _MARKER.match(text, position)
        if marker is not None:
            self._is_theirs = marker[0].startswith("=")
            return marker.end()
        if _STATEMENT.match(text, position):
            self._stack = []
        else:
            header = _OPEN_HEADER.match(text, position)
            if header is None and not (self._stack and "," in text[position : position + 200]):
                header = _HEADER.match(text, position)
            if header is not None and not (self._stack and header["keys"][0] in "\"'"):
                self._begin(KeyPath(_keys(header["keys"])), {})
                return header.end()
        if not self._stack:
            self._keys = []
        return position

    def _begin(self, path: KeyPath, value: dict[str, Value]) -> None:
        self._done += self._read()
        if path != self._table.path:
            self._ours = self._table.path if self._is_theirs else None
        self._table = TextTable(path, value, {})
        self._stack = []
        self._keys = []

    def _step(self, position: int) -> int:
        if position >= len(self._text):
            return position
        token = self._token.match(self._text, position)
        if token is None:
            return position + 1
        kind = token.lastgroup
        if kind == "end" and self._stack and isinstance(self._stack[-1][0], dict):
            self._stack.pop()  # an inline table ends with its line
        elif kind == "sign":
            return self._sign(token[0], token.end())
        elif kind in ("string", "word"):
            self._value_or_key(token)
        return token.end()

    def _sign(self, sign: str, position: int) -> int:
        if sign == "=" and self._keys and not self._is_list():
            return self._assigned(position)
        if sign in "[{":
            if self._is_list():
                self._put([] if sign == "[" else {}, Span(position - 1, position))
        elif sign in "]}" and self._stack:
            wanted = list if sign == "]" else dict
            while self._stack and not isinstance(self._stack[-1][0], wanted):
                self._stack.pop()
            if self._stack:
                self._stack.pop()
        if sign in ",}]":
            self._keys = []
        return position

    def _assigned(self, position: int) -> int:
        """Read what stands behind an equals sign: the value, or the beginning of a table."""
        while self._text[position : position + 1] in (" ", "\t", "="):
            position += 1
        token = self._token.match(self._text, position)
        if token is None or token.lastgroup in ("end", "comment"):
            return position
        if token[0] in ("[", "{"):
            self._put([] if token[0] == "[" else {}, Span(*token.span()))
            return token.end()
        if token.lastgroup == "string":
            self._put(_unquoted(token[0]), Span(*token.span()))
            return token.end()
        end = token.end()
        if not self._stack:  # quotes are missing: all of the line
            rest = _REST.match(self._text, position)
            assert rest is not None
            end = max(end, position + len(rest[0].rstrip()))
        self._put(_plain(self._text[position:end]), Span(position, end))
        return end

    def _value_or_key(self, token: re.Match[str]) -> None:
        if self._is_list():
            is_string = token.lastgroup == "string"
            value = _unquoted(token[0]) if is_string else _plain(token[0])
            self._put(value, Span(*token.span()))
        else:
            self._keys += _keys(token[0])

    def _is_list(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1][0], list)

    def _put(self, value: Value, place: Span) -> None:
        holder: dict[str, Value] | list[Value] = self._table.value
        path: Path = ()
        if self._stack:
            holder, path = self._stack[-1]
        if isinstance(holder, list):
            path = (*path, len(holder))
            holder.append(value)
        else:
            if not self._stack and self._is_there():
                self._begin_again()
                holder = self._table.value
            path, holder = self._inner(holder, path)
            key = self._keys[-1]
            path = (*path, key)
            holder[key] = value
            self._keys = []
        self._table.places[path] = place
        if isinstance(value, dict | list) and len(self._stack) < _DEEPEST:
            self._stack.append((value, path))

    def _is_there(self) -> bool:
        """Return whether the key that waits has a value already, or stands below one."""
        value: Value = self._table.value
        for key in self._keys:
            if not isinstance(value, dict):
                return True
            if key not in value:
                return False
            value = value[key]
        return True

    def _begin_again(self) -> None:
        """Begin the table again for a key that it has: both of its values are looked at."""
        keys = self._keys
        holder = _copy(self._table.value)
        self._begin(self._table.path, holder)
        self._keys = keys
        for key in keys[:-1]:
            inner = holder.get(key)
            if not isinstance(inner, dict):
                break
            holder[key] = copied = _copy(inner)
            holder = copied

    def _inner(self, holder: dict[str, Value], path: Path) -> tuple[Path, dict[str, Value]]:
        for key in self._keys[:-1]:
            path = (*path, key)
            inner = holder.get(key)
            if not isinstance(inner, dict):
                inner = {}
                holder[key] = inner
            holder = inner
        return path, holder


def _copy(table: dict[str, Value]) -> dict[str, Value]:
    """Return a copy, or an empty table for a large one: keys that stand often take no longer."""
    return dict(table) if len(table) <= _MOST_COPIED else {}


def _keys(text: str) -> list[str]:
    return [match[1] or match[2] or match[3] or "" for match in _KEY.finditer(text)][:16]


def _unquoted(token: str) -> str:
    for quotes in ('"""', "'''"):
        if token.startswith(quotes):
            inside = token[3:].removesuffix(quotes)
            inside = inside.removeprefix("\r\n").removeprefix("\n")
            return inside if quotes[0] == "'" else _ESCAPE.sub(_meant, inside)
    inside = token[1:].removesuffix(token[0])
    return inside if token[0] == "'" or "\\" not in inside else _ESCAPE.sub(_meant, inside)


def _meant(escape: re.Match[str]) -> str:
    if escape[2]:
        code = int(escape[2], 16)
        return chr(code) if code < 0x110000 else ""
    return _ESCAPES.get(escape[1], escape[1])


def _plain(word: str) -> Value:
    if word in ("true", "false"):
        return word == "true"
    return int(word) if word.isascii() and word.isdigit() and len(word) < 16 else word
