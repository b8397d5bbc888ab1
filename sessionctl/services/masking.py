"""Masking: the text of a document for showing, with the secrets in it made unreadable."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath, escape_basic
from sessionctl.core.secretnames import MASK, is_secret_path, literal_secrets, mask_userinfo
from sessionctl.core.toml.document import Document
from sessionctl.errors import ParseError

_SESSION = ".session.toml"


def is_session_name(name: str) -> bool:
    """Tell whether a file of this name is a session; ``x.session.toml##os.Linux`` is one."""
    return name.partition("##")[0].endswith(_SESSION)


def mask_secrets(document: Document, name: str) -> str:
    """Return the document's text with each secret replaced; the rest byte for byte."""
    secrets = literal_secrets(document.value, in_session=is_session_name(name))
    text = document.text
    places = sorted(((document.span(path), shown) for path, shown in secrets.items()), reverse=True)
    for span, shown in places:
        text = f'{text[: span.start]}"{escape_basic(shown)}"{text[span.end :]}'
    return text


def mask_text(text: str, name: str) -> str:
    """Return ``text`` with its secrets unreadable, in comments too.

    In a text that is not TOML, as with conflict markers in it, all that looks like a
    secret is hidden.
    """
    try:
        document = Document.parse(text)
    except ParseError:
        from sessionctl.core.schema.secrets import redact

        return redact(text)
    return _mask_comments(mask_secrets(document, name))


def _mask_comments(text: str) -> str:
    """Mask what stands in the comments of ``text``, which is TOML."""
    if "#" not in text:
        return text
    parts: list[str] = []
    position = 0
    for statement in Document.parse(text).statements:
        start = min(statement.key_start, statement.value_start)
        value = text[start : statement.value_end]
        has_lines = "\n" in value and value.endswith("]")
        parts += [_masked_lines(text[position:start])]
        parts += [_masked_lines(value, only="#") if has_lines else value]
        position = statement.value_end
    return "".join([*parts, _masked_lines(text[position:])])


def _masked_lines(text: str, only: str = "") -> str:
    """Return lines of comments masked; those that begin with ``only``, the others as they are."""
    from sessionctl.core.diff.masked import Mask

    if "#" not in text:
        return text
    mask = Mask().comment

    def masked(line: str) -> str:
        body, end, rest = line.partition("\r")
        is_meant = body.lstrip(" \t\ufeff").startswith(only)
        return f"{mask(body)}{end}{rest}" if is_meant else line

    return "\n".join(map(masked, text.split("\n")))


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
        return mask_userinfo(text)
    lines = (mask_fragment(line, path, name) or "" for line in text.split("\n"))
    return "\n".join(lines)
