"""Spelling: numbers and dates that say the same in other characters, as 1000 and 1_000 do."""

from __future__ import annotations

import re

from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.parse.parser import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText

    Words = tuple[str, ...]

# A string, a comment, or a bare word; keys of inline tables are words that both texts have.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*'
    r"|([A-Za-z0-9_+.:-]+(?: [0-9][0-9:.Zz+-]*)?)",
    re.DOTALL,
)


def respelled_keys(before: DocumentText, after: DocumentText) -> list[KeyPath]:
    """Return the keys whose numbers or dates are spelled otherwise in ``after``.

    The values of the two documents are the same; where a key stands may not be.
    """
    known = _spellings(before)
    return [
        KeyPath(keys)
        for keys, words in _spellings(after).items()
        if known.get(keys, words) != words
    ]


def _spellings(document: DocumentText) -> dict[Words, list[Words]]:
    """Return for each key the words of its values; items of an array of tables share one."""
    found: dict[Words, list[Words]] = {}
    section: Words = ()
    for statement in document.statements:
        if statement.kind != KEY:
            section = statement.keys
            continue
        text = document.text[statement.value_start : statement.value_end]
        words = tuple(match[1] for match in _TOKEN.finditer(text) if match[1])
        found.setdefault(section + statement.keys, []).append(words)
    return found
