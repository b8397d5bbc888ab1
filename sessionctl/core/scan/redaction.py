"""Redaction: texts and excerpts without the secrets in them, whether they parse or not."""

from __future__ import annotations

import re
from bisect import bisect_right

from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.scan.rules.key_names import PASSWORD, TOKEN, secret_kind
from sessionctl.core.scan.rules.shapes import is_quotable, shape_parts
from sessionctl.core.scan.text_scan import candidates
from sessionctl.core.text.mask import MASK
from sessionctl.core.text.source import Source
from sessionctl.core.text.splicing import spliced

# Wider than ``rules.key_names``: that decides what a secret is, this what a message quotes,
# and to hide a value too many costs little.
_WORDS = (
    r"passw|passphrase|passwd|pwd|secret|token|credential|bearer|authoriz|cookie"
    r"|(?:api|auth|private|access|signing|encryption)[_-]?key"
)
_NAME = re.compile(_WORDS, re.IGNORECASE)
# A secret as it is typed where nothing can be parsed: NAME = VALUE, also in a comment or
# inside a shell line.
_TYPED = re.compile(
    rf"""(?:{_WORDS})[\w-]{{0,40}}["']?[ \t]*[=:][ \t]*(?P<value>
        \"\"\"[\s\S]*?(?:\"\"\"|\Z) | '''[\s\S]*?(?:'''|\Z)
      | "(?:[^"\\\n]|\\.)*"? | '[^'\n]*'?
      | \[[^\]]*\]? | \{{[^}}\n]*\}}?
      | [^\s#][^\n#]*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN = r"(?:true|false|[+-]?[0-9][0-9_]*+(?:\.[0-9_]++)?)"
_PLAIN_VALUE = late(rf"(?:{_PLAIN}|\[(?:\s*+{_PLAIN}\s*+,?)*+\s*+\])(?=[\s,}}\]#]|\Z)")
_NAME_LENGTH = 60
_REFERENCE = re.compile(r"""\{\s*secret\s*=\s*(?:"[^"\n]*"|'[^'\n]*')\s*\}""")
_REFERENCE_KEY = re.compile(r"""secret["']?[ \t]*=""")


def is_secret_name(key: str) -> bool:
    """Return whether a key of this name usually holds a secret."""
    return _NAME.search(key) is not None


def redact(text: str) -> str:
    """Return ``text`` without the passwords of addresses and of ``NAME=VALUE`` in it."""
    return spliced(text, ((span, MASK) for span in typed_spans(text)))


def redact_broken(text: str) -> str:
    """Return a text that should be TOML and is not, without what may be a secret in it."""
    return spliced(text, ((span, MASK) for span in broken_spans(text)))


def broken_spans(text: str) -> list[tuple[int, int]]:
    """Return the stretches to hide of a text that should be TOML and is not."""
    from sessionctl.core.scan.broken_scan import all_in_broken
    from sessionctl.core.scan.judgement import Judgement

    found = all_in_broken(text, Judgement(in_session=True, is_wide=True))
    # A value that was never closed goes on to the next line; the line end is no part of it.
    spans = [
        (span.start, span.start + len(text[span.start : span.end].rstrip()))
        for span in (finding.span for finding in found)
    ]
    return _merged([*typed_spans(text), *spans])


class SafeSource:
    """A document's text for excerpts, with every secret value shown as ``***``.

    Places are those of the original text.
    """

    def __init__(self, source: Source, hidden: list[Span], area: Span | None = None) -> None:
        """Hide ``hidden`` in ``source``, and what looks like a secret in any other place.

        What is outside of ``area``, if there is one, is hidden as a whole.
        """
        self._source = source
        area = area or Span(0, len(source.text))
        typed = typed_spans(source.text[area.start : area.end])
        self._spans = _merged(
            [
                (0, area.start),
                (area.end, len(source.text)),
                *((span.start, span.end) for span in hidden),
                *((area.start + start, area.start + end) for start, end in typed),
            ]
        )
        parts: list[str] = []
        self._shifts = [0]
        position = shift = 0
        for start, end in self._spans:
            stand_in = MASK + "\n" * source.text.count("\n", start, end)
            parts += (source.text[position:start], stand_in)
            position = end
            shift += len(stand_in) - (end - start)
            self._shifts.append(shift)
        parts.append(source.text[position:])
        self._masked = Source("".join(parts), source.name)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of ``offset`` in the original text."""
        return self._source.place(offset)

    def excerpt(self, span: Span, width: int = 0) -> list[str]:
        """Return the lines that show ``span``, as ``Source.excerpt`` does."""
        start = self._moved(span.start)
        return self._masked.excerpt(Span(start, max(start, self._moved(span.end))), width)

    def _moved(self, offset: int) -> int:
        index = bisect_right(self._spans, (offset, len(self._source.text) + 1))
        if index and offset < self._spans[index - 1][1]:
            return self._spans[index - 1][0] + self._shifts[index - 1]
        return offset + self._shifts[index]


def typed_spans(text: str) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` that look like secrets, whether it parses or not."""
    found: list[tuple[int, int]] = []
    position = 0
    while (match := _TYPED.search(text, position)) is not None:
        start, position = match.span("value")
        before = text[max(0, match.start() - 20) : match.start()].rstrip(" \t\"'")
        is_name = before.endswith("{") and _REFERENCE_KEY.match(match[0])
        harmless = _harmless(text, match)
        if harmless:  # what stands behind it on the line may be another one
            position = start + len(harmless)
        elif not is_name and not _REFERENCE.match(text, start):
            found.append((start, position))
    found += [(part.start, part.end) for part in candidates(text, is_strict=True)]
    found += [(part.start, part.end) for part in shape_parts(text)]
    return _merged(found)


def _harmless(text: str, match: re.Match[str]) -> str:
    """Return the beginning of a typed value that is no secret under its name, or "".

    ``max_tokens = 500`` and ``show_token = true`` are none, ``api_key = 54321`` is.
    """
    behind = match.start()
    while behind and match.start() - behind < _NAME_LENGTH and _is_of_name(text[behind - 1]):
        behind -= 1
    name = re.match(r"[\w-]*", text[behind : match.end()])
    kind = secret_kind(name[0]) if name else ""
    value = match["value"]
    plain = _PLAIN_VALUE.match(value)
    if plain is not None and (kind not in (PASSWORD, TOKEN) or plain[0] in ("true", "false")):
        return plain[0]
    inside = value[1:-1]
    is_string = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
    if not is_string or kind in (PASSWORD, TOKEN):
        return ""
    is_shown = _PLAIN_VALUE.fullmatch(inside) if kind else is_quotable(inside)
    return value if is_shown else ""


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character in "_-"


def _merged(spans: list[tuple[int, int]] | list[Span | tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((int(start), int(end)) for start, end in spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged
