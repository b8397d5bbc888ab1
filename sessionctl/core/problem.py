"""Problem: one finding about a document, with its place; a value, never an exception."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath


class Span(NamedTuple):
    """A stretch of text: offsets in code points, ``end`` exclusive."""

    start: int
    end: int


class Problem(NamedTuple):
    """One thing that is wrong at one place.

    ``rule`` is a stable word ("syntax", "type", "unknown-key"); ``message`` never
    holds the value of a secret field; ``severity`` is "error" or "warning".
    """

    rule: str
    message: str
    span: Span
    key_path: KeyPath = KeyPath()
    hint: str = ""
    severity: str = "error"
