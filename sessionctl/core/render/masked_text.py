"""Masked text: the text of a document for showing, with the secrets in it made unreadable."""

from __future__ import annotations

from sessionctl.core.filename import is_session_name, is_sidecar_name
from sessionctl.core.keypath import KeyPath
from sessionctl.core.scan.masked_values import hidden_places
from sessionctl.core.scan.rules.key_names import is_secret_path
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.mask import MASK
from sessionctl.core.text.splicing import spliced
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError


def mask_secrets(document: Document, name: str) -> str:
    """Return the document's text with each secret replaced; the rest byte for byte."""
    hidden = hidden_places(document, in_session=is_session_name(name))
    return spliced(document.text, hidden)


def mask_text(text: str, name: str) -> str:
    """Return ``text`` with its secrets unreadable, in comments too.

    Of a sidecar digests of its age files are left. In a text that is not TOML, as with
    conflict markers in it, all that looks like a secret is hidden.
    """
    if is_sidecar_name(name):
        from sessionctl.core.secrets.digest import show_sidecar

        return show_sidecar(text)
    try:
        document = Document.parse(text)
    except ParseError:
        from sessionctl.core.scan.redaction import redact

        return redact(text)
    return mask_secrets(document, name)


def mask_fragment(text: str | None, path: KeyPath, name: str) -> str | None:
    """Return a piece of a document, standing at ``path``, with its secrets masked.

    The piece may be statements, one value, or lines that are not TOML by themselves.
    """
    if text is None:
        return None
    if is_secret_path(path, in_session=is_session_name(name)):
        return MASK
    try:
        return mask_secrets(Document.parse(text), name)
    except ParseError:
        pass
    if "\n" not in text.rstrip("\n"):
        return without_secrets(text)
    lines = (mask_fragment(line, path, name) or "" for line in text.split("\n"))
    return "\n".join(lines)
