"""Shapes: what looks like a password by its characters alone, and what surely is a plain word."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import VERBOSE, late
from sessionctl.core.scan.finding import SHAPE, SecretPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNS = "!$%^"
"""One of these stands in every such password."""
# Letters, a digit and a sign that is no part of a variable, an escape or a revision.
_PASSWORD = late(
    r"""(?<![\w$%^!@.])(?=[^\s"'`]*[A-Za-z]{2})(?=[^\s"'`]*[0-9])[A-Za-z0-9]
      [^\s"'`,;:()\[\]{}<>=/\\|]{0,60}?(?:!|\$(?![A-Z_{(])|%(?![0-9A-Fa-f]{2}|[sd])|\^(?![0-9]))
      [^\s"'`,;:()\[\]{}<>=/\\|]{0,60}""",
    VERBOSE,
)
_LETTERS = r"[^\W\d_]{1,24}"
_PLAIN = late(
    rf"(?:{_LETTERS}|[0-9]{{1,8}})?"
    rf"(?:[\s_.,:/+*-]{{1,3}}(?:{_LETTERS}|[0-9]{{1,8}}))*+[\s_.,:/+*-]{{0,3}}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}[0-9:.Zz+-]{0,20}"
)
_SHORT = late(r"[A-Za-z0-9._:/%-]{0,5}")
_SHORTEST = 6


def shape_parts(text: str) -> Iterator[SecretPart]:
    """Yield the words of ``text`` that have the shape of a password."""
    if any(sign in text for sign in SIGNS):
        for match in _PASSWORD.finditer(text):
            word = match[0]
            is_mixed = any(map(str.isdigit, word)) and sum(map(str.isalpha, word)) > 1
            if len(word) >= _SHORTEST and is_mixed:
                yield SecretPart(SHAPE, "a password", *match.span())


def is_quotable(text: str) -> bool:
    """Return whether a message may quote ``text``: plain words, numbers, or five characters.

    Anything else may be a secret that was typed at the wrong place.
    """
    return _SHORT.fullmatch(text) is not None or _PLAIN.fullmatch(text) is not None
