"""Problem excerpt: the lines of a file around its problems, with the secrets in them masked."""

from __future__ import annotations

from sessionctl.core.filename import is_sidecar_name
from sessionctl.core.problem import Span
from sessionctl.core.scan.finding import is_secret_rule
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.redaction import SafeSource, broken_spans
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.secret_fields import secret_spans
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
