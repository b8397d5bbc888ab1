"""The error for a text that cannot be read."""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.source import Source
from sessionctl.errors import ParseError


def unreadable(text: str, span: Span, message: str) -> ParseError:
    """Return the error for a text that cannot be read, with its place."""
    line, column = Source(text).place(span.start)
    return ParseError(Problem("syntax", message, span), line=line, column=column)
