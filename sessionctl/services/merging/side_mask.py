"""Side mask: the sides of a conflict for showing, secrets in values and comments masked."""

from __future__ import annotations

from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.redaction import redact_broken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.resolved_text import ResolvedConflict
    from sessionctl.core.problem import Span
    from sessionctl.core.schema.model import Schema
    from sessionctl.core.toml.document import Document


class SideMask:
    """Masks texts in the documents they stand in; what it found in each is kept."""

    def __init__(self, schema: Schema | None) -> None:
        """Take as secret what ``schema`` says, and what keys are named like secrets."""
        self._schema = schema
        self._known: dict[int, tuple[Document, list[tuple[Span, str]]]] = {}

    def masked(self, text: str, seen: ResolvedConflict | None) -> str:
        """Return ``text``, which stands in ``seen``, with its secrets masked.

        Where there is no document to tell, all that looks like a secret is.
        """
        if seen is None:
            return redact_broken(text)
        document, span = seen
        parts: list[str] = []
        position = span.start
        for (start, end), shown in self._secrets(document):
            if start < span.end and end > position:
                parts += [document.text[position : max(start, position)], shown]
                position = min(end, span.end)
        parts.append(document.text[position : span.end])
        return "".join(parts)

    def _secrets(self, document: Document) -> list[tuple[Span, str]]:
        """Return where the secrets of a document are, in order, and what to show instead."""
        key = id(document)
        if key not in self._known:
            schema = self._schema
            is_field = None if schema is None else schema.is_secret
            found = hidden_places(document, in_session=schema is not None, is_field=is_field)
            self._known[key] = document, found
        return self._known[key][1]
