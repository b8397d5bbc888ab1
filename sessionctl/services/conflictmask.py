"""The sides of a conflict for showing, with the secrets in values and comments masked."""

from __future__ import annotations

from sessionctl.core.diff.masked import Mask
from sessionctl.core.keypath import KeyPath, escape_basic
from sessionctl.core.schema.secrets import redact
from sessionctl.core.secretnames import MASK, is_reference, literal_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.problem import Span
    from sessionctl.core.schema import Schema
    from sessionctl.core.settled import Seen
    from sessionctl.core.toml.document import Document
    from sessionctl.core.values import Value


class SideMask:
    """Masks texts in the documents they stand in; what it found in each is kept."""

    def __init__(self, schema: Schema | None) -> None:
        """Take as secret what ``schema`` says, and what keys are named like secrets."""
        self._schema = schema
        self._known: dict[int, tuple[Document, list[tuple[Span, str]]]] = {}

    def masked(self, text: str, seen: Seen | None) -> str:
        """Return ``text``, which stands in ``seen``, with its secrets masked.

        Where there is no document to tell, all that looks like a secret is.
        """
        if seen is None:
            return redact(text)
        document, span = seen
        parts: list[str] = []
        position = span.start
        for (start, end), shown in self._secrets(document):
            if start < span.end and end > position:
                parts += [document.text[position : max(start, position)], shown]
                position = min(end, span.end)
        parts.append(document.text[position : span.end])
        return "\n".join(map(_masked_comment, "".join(parts).split("\n")))

    def _secrets(self, document: Document) -> list[tuple[Span, str]]:
        """Return where the secrets of a document are, in order, and what to show instead."""
        key = id(document)
        if key not in self._known:
            shown = literal_secrets(document.value, in_session=self._schema is not None)
            if self._schema is not None:
                shown |= dict.fromkeys(_by_schema(document.value, KeyPath(), self._schema), MASK)
            found = [(document.span(path), f'"{escape_basic(s)}"') for path, s in shown.items()]
            self._known[key] = document, sorted(found)
        return self._known[key][1]


def _by_schema(value: Value, path: KeyPath, schema: Schema) -> Iterator[KeyPath]:
    if is_reference(value):
        return
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _by_schema(item, path / name, schema)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _by_schema(item, path / index, schema)
    elif schema.is_secret(path):
        yield path


def _masked_comment(line: str) -> str:
    before, sign, comment = line.partition("#")
    return f"{before}{sign}{Mask().comment(comment)}" if sign else line
