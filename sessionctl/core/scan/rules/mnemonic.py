"""Mnemonics: twelve to twenty-four words in a row that open a wallet (BIP-39)."""

from __future__ import annotations

from base64 import b64decode
from itertools import groupby
from zlib import crc32

from sessionctl.core.memory import remembered
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import SHAPE, SecretPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTS = (24, 21, 18, 15, 12)
_BITS = 8192
# A filter of the 2,048 words: bit CRC-32(word) % 8192 is set for each. One other word in five
# passes it, of twelve in a row hardly ever all.
_FILTER = (
    "gEJAheAABCgKiAEEoWAgQwgggFoCEI2IABQDIsAJgDGBHkhGAiCBTAgJAOhQAAQgkAAMAAEATABQkAIWoCEFIGAI"
    "AaCBJDEIJAcQoQCCAAgAoggAsBCAAIAAB0IKCHCQZvAY4aIBA0BYBCkCRQMGQFAAARAQAQ1ABQJUIGUAEUESYNAl"
    "AAR8ASGgMIBUhYMEZIlCAAkIIgAhABRAAABxCDOCCEAtlgIAUIoMiTJCxg4YEgAAgMQKkgQIAAgCIyOECPBgiUgE"
    "oQwMEABISUAQGMMBgCIEAQACsggAZEAA0gwCkQQAoBigZBABAAIBQSBiAGC4ABBgVhCBqkACUAEAEAQYKOAABCUE"
    "AxICiQFAFBCjgBQUBAKBCBIChIQwFwQCAAAQQjLYBBcA4CgAQNEAFEQAUUEAABhgAIATCCCQwiAARIgAaABQQDkk"
    "AABAEEQEUAAAgCAnGKEDANZPCQIA8CSBEQMcAAgRgEgQARRCxAhCQCDECEI0WAZSCggEEJEYAACIAQAAAAAwCwwg"
    "SoUQAwg5BsIFxMAJMJEJAhQAAACNAA9FgCAwCAoLAAA4EBBAgSIABAlICBAAsKBAZQAAyCDEhzg6JBBRTHqSEAUI"
    "GAJIIAQCQgQAABACoAIVBIFAYAREAYKBScBQIAAgETAYBkcC0IAAFAUCBAAGBaBGQBDAARBqgCDEmCQIZ0EAAGC7"
    "rEAAAQ8AFhoGAIDgUcFgAAAMcSIIQLKIGEAEgBQKSCkAOYwMAAEggRwAZCgEAIJAADkLAEyBEECBAgiARJgAUAOA"
    "0AAahBMACASBCiChCCgQhAABEQCQDEoBSSJCRkQFFAgmgVBAkgwJMEEBiQhIKQAY0EYTKqIDAlQQIoAyQgABFAxQ"
    "AJAAAgACAAQgAMgWREAyFE3ABQjbQpiFYAFwQQCIKAJQAEQIggISQBAgoKBgVBEUQVpBCACEGBBTQIJQs0AQWpAH"
    "AAAIpBQAJSIIQoAMAQAAAhAKABBEP4ACCwkZBiAJADKYEgQCMCEACENAgQBACZARqU4gEBIIAA0EJQAAUCBiEFCR"
    "CAGqAIAMLhkQYICEKCCmAIQBAQcCJAogoBIKBAAAghAGIUAgRcAjAAB7EgIwFREEQALwmIkQCAViNowAQlIQCAmA"
    "JFAIggCABOEAwCIMgEggpiAC0IDYCOSAAIKA0nAASBBAABBgLBAAAEJIoBNAhoBAQJByYooAAFj4IBARCGTAMCFm"
    "CCiEAJWSBCTAEFsWKANCBQCBOQIgEAJIQMDAADAKAUMh0ACAQBgGDKVERJKAQACJCsIDB8AgtFAIAFQFUCCWUhAk"
    "SFMp8cBmGQAoAhUQFJpAkKim0AAKEAJFjIAABCWoSAgMQA=="
)
_WORDS = late(r"[A-Za-z]+")
_BETWEEN = late(r"[\s,;0-9.)\"']{1,12}")
# Words of any language behind the name of such a list: "Wiederherstellungswörter: abstand ...".
_LISTED = late(
    r"(?i)(?:recover|wiederherstell|r[eé]cup[eé]r|recuper|mnemo|seed|backup)[^\n:]{0,24}:"
    r"\s?(?P<secret>(?:[^\W\d_]{3,12}[ ,]{1,2}){11,23}[^\W\d_]{3,12})"
)
_WHAT = "a recovery phrase"


def mnemonic_parts(text: str) -> Iterator[SecretPart]:
    """Yield the rows of words in ``text`` that are a recovery phrase."""
    for match in _LISTED.finditer(text):
        yield SecretPart(SHAPE, _WHAT, *match.span("secret"))
    words = list(_WORDS.finditer(text))
    row: list[tuple[int, int]] = []
    for match in words:
        is_near = bool(row) and _BETWEEN.fullmatch(text, row[-1][1], match.start()) is not None
        is_word = _is_word(match[0])
        if row and not (is_near and is_word):
            yield from _of_row(row)
            row = []
        if is_word:
            row.append(match.span())
    yield from _of_row(row)


def _of_row(row: list[tuple[int, int]]) -> Iterator[SecretPart]:
    if len(row) >= _COUNTS[-1] and not _repeats(row):
        yield SecretPart(SHAPE, _WHAT, row[0][0], row[-1][1])


def _repeats(row: list[tuple[int, int]]) -> bool:
    return max(len(list(group)) for _, group in groupby(end - start for start, end in row)) > 10


def _is_word(word: str) -> bool:
    if not 3 <= len(word) <= 8 or not word.islower():
        return False
    place = crc32(word.encode()) % _BITS
    return bool(_filter()[place >> 3] & (1 << (place & 7)))


@remembered()
def _filter() -> bytes:
    return b64decode("".join(_FILTER))
