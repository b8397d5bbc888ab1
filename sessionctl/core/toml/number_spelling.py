"""Number spelling: a number is written as it was typed: ``0o755`` of a mode, ``1_000_000``."""

from __future__ import annotations

from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath


def with_spelling(document: Document, path: KeyPath, typed: str) -> Document:
    """Return ``document`` with the number at ``path`` as it was ``typed``.

    Where the text means a number of another kind, as an integer that was asked for as a float,
    the document stays as it is.
    """
    value = document.get(path)
    start, end = document.span(path)
    text = f"{document.text[:start]}{typed.strip()}{document.text[end:]}"
    spelled = Document.parse(text, document.name)
    return spelled if same_value(spelled.get(path), value) else document
