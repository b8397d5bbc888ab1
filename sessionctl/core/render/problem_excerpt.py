"""Problem excerpt: the lines of a file around its problems, with the secrets in them masked."""

from __future__ import annotations

from sessionctl.core.filename import is_sidecar_name
from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import MULTILINE, late
from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.redaction import SafeSource, broken_spans
from sessionctl.core.scan.rules.shapes import is_quotable
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.secret_fields import secret_spans
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sessionctl.core.problem import Problem
    from sessionctl.core.text.source import Source


_LARGE = 1 << 16
_AROUND = 50
_UNREADABLE = ("syntax", "duplicate", "conflict-marker")
_HEADER = late(r"^\[{1,2}[\w.\"' -]+\]{1,2}[ \t]*(?:#[^\n]*)?\r?$", MULTILINE)


def safe_source(
    source: Source, problems: Sequence[Problem], schema: Schema | None, *, in_session: bool
) -> SafeSource:
    """Return the text of a file for excerpts, without its secrets.

    A secret is what a problem says so of, what the scan and ``schema`` find, and in a
    sidecar that is not TOML every line that may hold a value.
    """
    hidden = [problem.span for problem in problems if is_secret_rule(problem.rule)]
    hidden += [found for problem in problems for found in _doubtful(source.text, problem.span)]
    area = _area(source, problems)
    if area is not None:
        found = broken_spans(source.text[area.start : area.end])
        hidden += [Span(area.start + start, area.start + end) for start, end in found]
        return SafeSource(source, hidden, area)
    try:
        document = Document.parse(source.text)
    except ParseError:
        if is_sidecar_name(source.name):
            from sessionctl.core.secrets.digest import doubtful_lines

            hidden += doubtful_lines(source.text)
        hidden += [Span(start, end) for start, end in broken_spans(source.text)]
        return SafeSource(source, hidden)
    hidden += [span for span, _ in hidden_places(document, in_session=in_session)]
    hidden += secret_spans(document.value, KeyPlaces(document), schema or Schema({}))
    return SafeSource(source, hidden)


def _area(source: Source, problems: Sequence[Problem]) -> Span | None:
    """Return the part of a large broken text that is looked at, instead of all of it.

    Only the line of the mistake is shown, and up to there the text was read. So a part is enough
    that begins with a header some lines above: what it begins with is no middle of a string or an
    array if the text above can be read, and nothing there bears on what follows. None where that
    is not so, or the text is small.
    """
    text = source.text
    if len(text) < _LARGE or len(problems) != 1 or problems[0].rule not in _UNREADABLE:
        return None
    if is_sidecar_name(source.name):
        return None
    number, _ = source.place(problems[0].span.start)
    last, _ = source.place(problems[0].span.end)
    above, below = source.line_start(number - _AROUND), source.line_start(last + _AROUND)
    start = max((found.start() for found in _HEADER.finditer(text, 0, above)), default=0)
    following = _HEADER.search(text, below)
    try:
        Document.parse(text[:start])
    except ParseError:
        return None
    return Span(start, len(text) if following is None else following.start())


def _doubtful(text: str, span: Span) -> Iterator[Span]:
    """Yield the string at ``span``, where a problem is, unless it is made of plain words."""
    raw = text[span.start : span.end]
    inside = raw.strip("\"'")
    if inside != raw and "\n" not in inside and not is_quotable(inside):
        start = span.start + raw.index(inside)
        yield Span(start, start + len(inside))
