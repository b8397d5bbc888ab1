"""Escaped paths: Windows paths in which a backslash became a tab, a line end or the like."""

from __future__ import annotations

from itertools import islice

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.toml.parse.windows_path import NAMES, escape_by_chance, hint_for
from sessionctl.core.values import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Value

_START = late(r'"([A-Za-z]:|%[A-Za-z]|~\\|\.{1,2}\\)')
_ESCAPED = late(r"[\b\t\n\f\r]|[^\x00-\x7f]")
_MOST = 50
_SIGNS = (":\\", "%\\", "~\\", '".\\', '"..\\')


def escaped_paths(document: Document) -> list[Problem]:
    """Return a warning for each string that looks like a path and holds an escape."""
    if not any(sign in document.text for sign in _SIGNS):
        return []
    # Where a value lies takes long to find out: only for those that may be such a path.
    starts = {match[1][0] for match in _START.finditer(document.text)}
    if not starts:
        return []
    may_be = (
        path
        for path, text in _texts(document.value, KeyPath())
        if text[:1] in starts and _ESCAPED.search(text)
    )
    found = (_problem(document, path) for path in islice(may_be, _MOST))
    return [problem for problem in found if problem is not None]


def _problem(document: Document, path: KeyPath) -> Problem | None:
    span = document.span(path)
    raw = document.text[span.start : span.end]
    quotes = '"""' if raw.startswith('"""') else '"'
    if not raw.startswith('"'):
        return None
    inside = raw[len(quotes) : -len(quotes)]
    match = escape_by_chance(inside)
    if match is None:
        return None
    start = span.start + len(quotes) + match.start()
    what = NAMES.get(match[1], "one character")
    message = f'"\\{match[1]}" is {what} in this path'
    where = Span(start, start + len(match[0]))
    return Problem("escape", message, where, path, hint_for(inside), "warning")


def _texts(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
        return
    for part, item in children(value):
        yield from _texts(item, path / part)
