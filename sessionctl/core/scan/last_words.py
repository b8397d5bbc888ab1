"""Last words: what a program said before it failed, fit to be shown: short, plain, no secrets."""

from __future__ import annotations

import re

from sessionctl.core.scan.redaction import redact
from sessionctl.core.text.mask import MASK

_SHOWN_CHARACTERS = 300
_READ_BYTES = 1 << 16
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_KEYS = re.compile(
    r"AGE-(?:SECRET-KEY|PLUGIN)-[0-9A-Z-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*", re.IGNORECASE
)
_LEAST_SECRET = 4


def last_words(said: bytes, secret: bytes = b"", *, most: int = 3) -> list[str]:
    """Return the ``most`` last lines of what was said, with no word of ``secret`` in them."""
    text = said[-_READ_BYTES:].decode(errors="replace")
    text = _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r", "\n")))
    text = _KEYS.sub(MASK, redact(text))
    words = {word for word in secret.decode(errors="replace").split() if len(word) >= _LEAST_SECRET}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, MASK)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [_cut(line) for line in lines if line][-most:]


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[: _SHOWN_CHARACTERS - 3]}..."
