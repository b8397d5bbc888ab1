"""Problem excerpt: the lines of a file around its problems, with the secrets in them masked."""

from __future__ import annotations

from sessionctl.core.filename import is_sidecar_name
from sessionctl.core.problem import Span
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


def safe_source(
    source: Source, problems: Sequence[Problem], schema: Schema | None, *, in_session: bool
) -> SafeSource:
    """Return the text of a file for excerpts, without its secrets.

    A secret is what a problem says so of, what the scan and ``schema`` find, and in a
    sidecar that is not TOML every line that may hold a value.
    """
    hidden = [problem.span for problem in problems if is_secret_rule(problem.rule)]
    hidden += [found for problem in problems for found in _doubtful(source.text, problem.span)]
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


def _doubtful(text: str, span: Span) -> Iterator[Span]:
    """Yield the string at ``span``, where a problem is, unless it is made of plain words."""
    raw = text[span.start : span.end]
    inside = raw.strip("\"'")
    if inside != raw and "\n" not in inside and not is_quotable(inside):
        start = span.start + raw.index(inside)
        yield Span(start, start + len(inside))
