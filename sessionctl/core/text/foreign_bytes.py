"""Foreign bytes: what is not UTF-8 in a text, and the other encoding that all of it may have."""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FIRST_LEAD = 0xC2
_CONTINUATIONS = range(0x80, 0xC0)
_CONTROLS = frozenset(range(0x80, 0xA0))


class ForeignByte(NamedTuple):
    """A byte that is not UTF-8, and its line and column, from 1."""

    line: int
    column: int
    byte: int


def foreign_bytes(data: bytes) -> Iterator[ForeignByte]:
    """Yield the bytes that are not UTF-8, in order; a byte order mark has no column."""
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    for number, line in enumerate(text.split("\n"), 1):
        if line.isascii():
            continue
        for column, character in enumerate(line, 1):
            if _is_foreign(character):
                yield ForeignByte(number, column, ord(character) & 0xFF)


def other_encoding(data: bytes) -> str:
    """Return the encoding that all of ``data``, which is not UTF-8, may be of; "" for none.

    A text with one letter of UTF-8 is UTF-8 with foreign bytes in it: read as anything else,
    that letter would be two wrong ones.
    """
    if data.startswith(_BYTE_ORDER_MARKS):
        return "UTF-16" if _is_text(data, "utf-16") else ""
    letters = set(data.decode("utf-8", "surrogateescape"))
    if "\0" in letters or not all(one.isascii() or _is_foreign(one) for one in letters):
        return ""
    if data[-1] >= _FIRST_LEAD:
        return ""  # cut within a letter
    if _CONTROLS.isdisjoint(data):
        return "LATIN1"
    from itertools import pairwise

    is_broken = any(
        byte in _CONTINUATIONS and before >= _FIRST_LEAD for before, byte in pairwise(data)
    )
    return "WINDOWS-1252" if not is_broken and _is_text(data, "cp1252") else ""


def _is_foreign(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"


def _is_text(data: bytes, encoding: str) -> bool:
    try:
        return "\0" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False
