"""What must not be shown: which fields hold secrets, and texts with those taken out."""

from __future__ import annotations

import re
from bisect import bisect_right

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.scan.rules.key_names import MASK, is_reference
from sessionctl.core.scan.text_scan import candidates
from sessionctl.core.text.source import Source
from sessionctl.core.text.splicing import spliced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.keypath import Part
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.key_places import KeyPlaces
    from sessionctl.core.values import Value

# Wider than ``secretnames``: that decides what a secret is, this what a message quotes,
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
_REFERENCE = re.compile(r"""\{\s*secret\s*=\s*(?:"[^"\n]*"|'[^'\n]*')\s*\}""")
_REFERENCE_KEY = re.compile(r"""secret["']?[ \t]*=""")


def is_secret_name(key: str) -> bool:
    """Tell whether a key of this name usually holds a secret."""
    return _NAME.search(key) is not None


def is_secret(path: KeyPath, schema: Schema) -> bool:
    """Tell whether what is at ``path`` must not be shown: by the schema or by its name.

    What the schema marks with ``x-secret: false``, as the name in a reference
    ``{ secret = "NAME" }``, may be shown.
    """
    if schema.annotation(path, "x-secret") is False:
        return False
    if any(isinstance(part, str) and is_secret_name(part) for part in path):
        return True
    return schema.is_secret(path)


def redact(text: str) -> str:
    """Return ``text`` without the passwords of addresses and of ``NAME=VALUE`` in it."""
    return spliced(text, ((span, MASK) for span in _typed_spans(text)))


class SafeSource:
    """A document's text for excerpts, with every secret value shown as ``***``.

    Places are those of the original text.
    """

    def __init__(self, source: Source, hidden: list[Span]) -> None:
        """Hide ``hidden`` in ``source``, and what looks like a secret in any other place."""
        self._source = source
        self._spans = _merged([*hidden, *_typed_spans(source.text)])
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

    def excerpt(self, span: Span) -> list[str]:
        """Return the lines that show ``span``, as ``Source.excerpt`` does."""
        start = self._moved(span.start)
        return self._masked.excerpt(Span(start, max(start, self._moved(span.end))))

    def _moved(self, offset: int) -> int:
        index = bisect_right(self._spans, (offset, len(self._source.text) + 1))
        if index and offset < self._spans[index - 1][1]:
            return self._spans[index - 1][0] + self._shifts[index - 1]
        return offset + self._shifts[index]


def secret_spans(value: Value, places: KeyPlaces, schema: Schema) -> list[Span]:
    """Return where the secret values of a document lie; references are not among them."""
    return [places.value(path) for path in _secret_paths(value, KeyPath(), schema)]


def _secret_paths(value: Value, path: KeyPath, schema: Schema) -> Iterator[KeyPath]:
    entries: list[tuple[Part, Value]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for part, item in entries:
        inner = path / part
        if isinstance(part, str) and is_secret_name(part) and is_reference(item):
            continue
        if isinstance(part, str) and not isinstance(item, dict) and is_secret(inner, schema):
            if not isinstance(item, list) or item:
                yield inner
        else:
            yield from _secret_paths(item, inner, schema)


def _typed_spans(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in _TYPED.finditer(text):
        start, end = match.span("value")
        before = text[max(0, match.start() - 20) : match.start()].rstrip(" \t\"'")
        is_name = before.endswith("{") and _REFERENCE_KEY.match(match[0])
        if not is_name and not _REFERENCE.match(text, start):
            found.append((start, end))
    found += [(part.start, part.end) for part in candidates(text, is_strict=True)]
    return _merged(found)


def _merged(spans: list[tuple[int, int]] | list[Span | tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((int(start), int(end)) for start, end in spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged
