"""Secrets in cookies: ``Cookie: sid=SECRET; theme=dark``."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.finding import TEXT, SecretPart
from sessionctl.core.scan.rules.plausibility import is_placeholder, is_strong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = late(
    r"""(?i)(?<![\w-])(?:set-)?cookies?["']?[ \t]*[:=]?=?[ \t]*["']?(?=[^\s"'=;:]{1,64}=[^=])"""
)
_PAIR = late(r"""([^\s=;,"']{1,64})=([^\s;"'`]+)""")
_END = late(r"""["'\r\n`]""")
_MARKS_LOGIN = late(
    r"(?i)sess|(?<![a-z])s?id\Z|(?<![a-z])sid|token|auth|jwt|csrf|xsrf|login|remember|identity|secret|key|user"
)
_SETTINGS = frozenset(
    """accept age consent currency country dark domain expires httponly lang language layout locale
    max-age mode path priority region samesite secure theme timezone tz version""".split()
)
_SHORTEST = 6


def cookie_parts(text: str) -> Iterator[SecretPart]:
    """Yield the values of cookies in ``text`` that let their holder in."""
    for header in _HEADER.finditer(text):
        yield from pair_parts(text, header.end())


def pair_parts(text: str, start: int = 0) -> Iterator[SecretPart]:
    """Yield the secret values of the ``name=value; name=value`` that begins at ``start``."""
    end = _END.search(text, start)
    for match in _PAIR.finditer(text, start, end.start() if end else len(text)):
        name, value = match.groups()
        if name.lower() in _SETTINGS or name.startswith("_g") or is_placeholder(value):
            continue
        if is_strong(value) or (_MARKS_LOGIN.search(name) and _is_long(value)):
            yield SecretPart(TEXT, "a cookie", *match.span(2))


def _is_long(value: str) -> bool:
    return len(value) >= _SHORTEST and not value.startswith(("$", "/", "<"))
