"""Lookalike: letters that only look like others are escaped where somebody is to decide.

A word that mixes Latin letters with those of another script, or that is made only of letters
which look like Latin ones, is shown with their numbers. Other words stay as they are.
"""

from __future__ import annotations

import re

from sessionctl.core.text.source import visible

_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
# Cyrillic, Greek, Armenian, Cherokee and others, as far as a common font draws them like Latin.
_LOOKS_LATIN = frozenset(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u04bb\u04cf"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1"
    "\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7\u03f2\u0578\u057d\u0585\u0566\u0570\u0131\u0237"
    "\u0251\u0261\u1d00\u1d04\u1d0f\u1d1c\u1d20\u1d21\u1d22\u2c9f\u2ca3\u2ca5\u0501\u050c\u051c"
)


def unmistakable(text: str) -> str:
    """Return ``text`` with its letters that could be taken for others escaped."""
    if text.isascii():
        return text
    return visible(_WORD.sub(_shown, text))


def _shown(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii():
        return word
    foreign = [letter for letter in word if not (letter.isascii() or _LATIN.match(letter))]
    suspicious = [letter for letter in word if letter in _LOOKS_LATIN or _is_variant(letter)]
    is_mixed = len(foreign) < sum(map(str.isalpha, word)) and bool(foreign)
    if not is_mixed and len(suspicious) < len(foreign):
        return word
    escaped = set(foreign if is_mixed else suspicious).union(suspicious)
    return "".join(_number(letter) if letter in escaped else letter for letter in word)


def _is_variant(letter: str) -> bool:
    """Whether Unicode takes ``letter`` for another form of ASCII: full width, mathematical."""
    import unicodedata

    return not letter.isascii() and unicodedata.normalize("NFKC", letter).isascii()


def _number(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
