"""Raw text: text of the system as TOML holds it, bytes that are not UTF-8 included.

In Python such a byte is a lone surrogate, as ``os.fsdecode`` makes it; in a session file the
whole text is then ``{ bytes = 'caf\\xe9' }``.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Value

KEY = "bytes"

_RAW = re.compile(r"[\udc80-\udcff]")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|\\)")


def to_value(text: str) -> Value:
    """Return ``text`` as a TOML value: a string, or a table for what a string cannot hold."""
    if text.isascii() or not _RAW.search(text):
        return text
    escaped = text.replace("\\", "\\\\")
    return {KEY: _RAW.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", escaped)}


def from_value(value: object) -> str | None:
    """Return the text that ``to_value`` made a value of; None for any other value."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value.keys() == {KEY} and isinstance(value[KEY], str):
        raw = _ESCAPE.sub(_unescaped, value[KEY])
        # Bytes that are UTF-8 together are the character they make.
        return raw.encode(errors="surrogateescape").decode(errors="surrogateescape")
    return None


def is_raw(value: object) -> bool:
    """Return whether ``value`` is the table form."""
    return isinstance(value, dict) and value.keys() == {KEY}


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return "\\"
    code = int(match[1], 16)
    return chr(code) if code < 0x80 else chr(0xDC00 + code)
