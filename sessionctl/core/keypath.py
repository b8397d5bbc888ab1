"""KeyPath: where a value sits in a document."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import VERBOSE, late
from sessionctl.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

BARE_KEY = late(r"[A-Za-z0-9_-]+")

_BASIC_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_NEEDS_ESCAPE = late('[\x00-\x1f"\\\\\x7f]')
_TOKEN = late(
    r"""\s*(?:
        (?P<dot>\.)
      | \[\s*(?P<index>-?[0-9]{1,18})\s*\]
      | \[\s*(?P<field>[A-Za-z0-9_-]+)\s*=\s*(?P<value>"(?:[^"\\]|\\.)*"|[^\]"]*?)\s*\]
      | "(?P<basic>(?:[^"\\]|\\.)*)"
      | '(?P<literal>[^']*)'
      | (?P<bare>[A-Za-z0-9_-]+)
    )\s*""",
    VERBOSE,
)
_ESCAPE = late(r"(?s)\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_NOT_PLAIN = late(r'[\]"\\\x00-\x1f\x7f]')
_UNESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class ItemKey(tuple[str, str]):
    """Names an item of an array of tables by one of its fields: ``[name=editor]``."""

    __slots__ = ()

    def __new__(cls, field: str, value: str) -> ItemKey:
        """Return the item whose ``field`` reads ``value`` (in its text form)."""
        return tuple.__new__(cls, (field, value))

    @property
    def field(self) -> str:
        """The identifying field."""
        return self[0]

    @property
    def value(self) -> str:
        """The field's value as text."""
        return self[1]

    def __repr__(self) -> str:
        return f"ItemKey({self[0]!r}, {self[1]!r})"


Part = str | int | ItemKey


class KeyPath(tuple[Part, ...]):
    """A path of keys, array indexes and item keys; the empty path is the document.

    ``str()`` gives the form people read and type, ``windows[name=editor].panes[0].cwd``;
    keys which are not bare keys are quoted as TOML basic strings.
    """

    __slots__ = ()

    def __new__(cls, parts: Iterable[Part] = ()) -> KeyPath:
        """Return the path of ``parts``."""
        return tuple.__new__(cls, parts)

    def __str__(self) -> str:
        text = ""
        for part in self:
            if isinstance(part, ItemKey):
                text += f"[{part.field}={_item_value(part.value)}]"
            elif isinstance(part, int):
                text += f"[{part}]"
            else:
                text += ("." if text else "") + render_key(part)
        return text

    def __repr__(self) -> str:
        return f"KeyPath({str(self)!r})"

    def __truediv__(self, part: Part) -> KeyPath:
        return KeyPath((*self, part))

    @property
    def parent(self) -> KeyPath:
        """The path without its last part; the empty path is its own parent."""
        return KeyPath(self[:-1])

    @classmethod
    def parse(cls, text: str) -> KeyPath:
        """Read a path as people write it: ``windows[0].panes[name=code]."a b"``.

        Raises:
          UsageError: the text is not a key path; the message carries the column.
        """
        parts: list[Part] = []
        position = 0
        expects_key = True
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or (match["dot"] and (expects_key or match.end() == len(text))):
                raise _malformed(text, position)
            if match["dot"]:
                expects_key = True
            elif match["index"] is not None or match["field"] is not None:
                if expects_key:
                    raise _malformed(text, position)
                parts.append(_bracket(match))
            else:
                if not expects_key:
                    raise _malformed(text, position)
                parts.append(_key(match))
                expects_key = False
            position = match.end()
        return cls(parts)


def as_path(path: str | Iterable[Part]) -> KeyPath:
    """Return ``path`` as a KeyPath; text is parsed.

    Raises:
      UsageError: the text is not a key path.
    """
    if isinstance(path, str):
        return KeyPath.parse(path)
    return path if isinstance(path, KeyPath) else KeyPath(path)


def render_key(key: str) -> str:
    """Return ``key`` as TOML writes it: bare where it can be, else quoted."""
    if BARE_KEY.fullmatch(key):
        return key
    return f'"{escape_basic(key)}"'


def escape_basic(text: str) -> str:
    """Return ``text`` with everything escaped that a basic string cannot hold."""

    def escape(match: re.Match[str]) -> str:
        character = match[0]
        return _BASIC_ESCAPES.get(character) or f"\\u{ord(character):04X}"

    return _NEEDS_ESCAPE.sub(escape, text)


def _item_value(value: str) -> str:
    plain = value and value == value.strip() and not _NOT_PLAIN.search(value)
    return value if plain else f'"{escape_basic(value)}"'


def _bracket(match: re.Match[str]) -> Part:
    if match["index"] is not None:
        return int(match["index"])
    value = match["value"]
    if value.startswith('"'):
        value = _unescape(value[1:-1])
    return ItemKey(match["field"], value)


def _key(match: re.Match[str]) -> str:
    if match["bare"] is not None:
        return match["bare"]
    if match["literal"] is not None:
        return match["literal"]
    return _unescape(match["basic"])


def _unescape(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        if not digits:
            return _UNESCAPED.get(match[3], match[3])
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise UsageError(f"key path: {match[0]} is not a Unicode scalar value")
        return chr(code)

    return _ESCAPE.sub(plain, text)


def _malformed(text: str, position: int) -> UsageError:
    hint = 'quote keys with other characters: preferences."my key"'
    array, word = text[:position], text[position + 1 :].partition("]")[0]
    is_item = text[position:].startswith(f"[{word}]") and array and array[-1] != "."
    if is_item and BARE_KEY.fullmatch(word) and not word.isdigit():
        hint = f"did you mean {array}[name={word}]{text[position + len(word) + 2 :]}?"
    return UsageError(
        f"key path {text!r}, column {position + 1}: expected a key such as windows[0].name",
        hints=[hint],
    )
