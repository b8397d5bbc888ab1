"""Comments of the file that go on in the session."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"[ \t]*#(?![:!])[ \t]?(.*)")
_SLASHES = re.compile(r"[ \t]*//[ \t]?(.*)")
_OUTLINE = re.compile(r"\s*(?:- |[\w-]+:(?:\s|$)|\w+\s*=|\[)")


def comments_above(text: str, offset: int) -> tuple[str, ...]:
    """Return the comment directly above the line of ``offset``, without its signs.

    Lines that are keys or items, as where a part is commented out, end it.
    """
    lines = text[:offset].split("\n")[:-1]
    found: list[str] = []
    for line in reversed(lines):
        match = _COMMENT.fullmatch(line)
        if match is None or _OUTLINE.match(match[1]):
            break
        found.append(match[1].rstrip())
    return tuple(reversed(found))


def leading_comments(text: str, sign: str = "#") -> tuple[str, ...]:
    """Return the comment that a file begins with, without its signs, "#" or "//"."""
    comment = _COMMENT if sign == "#" else _SLASHES
    found: list[str] = []
    for line in text.removeprefix("\ufeff").split("\n"):
        match = comment.fullmatch(line)
        if match is not None and not _OUTLINE.match(match[1]):
            found.append(match[1].rstrip())
        elif line.strip() in ("", "---") and not found:
            continue
        else:
            break
    while found and not found[-1]:
        found.pop()
    return tuple(found)
