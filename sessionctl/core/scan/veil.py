"""Veil: the last door before a text is shown; nothing of the shape of a secret passes it."""

from __future__ import annotations

from sessionctl.core.scan.finding import apart, without
from sessionctl.core.scan.rules.shapes import SIGNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.scan.finding import SecretPart

_LONGEST_WORD = 20


def veiled(text: str) -> str:
    """Return ``text`` without passwords in addresses, tokens, keys and words like passwords."""
    parts = veiled_parts(text)
    return without(text, parts) if parts else text


def holds_token(text: str) -> bool:
    """Return whether there may be a token or a key in ``text``, or in a line of it."""
    from sessionctl.core.scan.rules.signs import KEY_BEGINNINGS
    from sessionctl.core.scan.rules.tokens import token_parts

    # What a key of several lines looks like at its end may speak against it, a line alone not.
    return any(mark in text for mark in KEY_BEGINNINGS) or next(token_parts(text), None) is not None


def veiled_parts(text: str) -> list[SecretPart]:
    """Return what ``veiled`` masks in ``text``, in order."""
    parts: list[SecretPart] = []
    if "://" in text and "@" in text:
        from sessionctl.core.scan.rules.addresses import address_parts
        from sessionctl.core.scan.rules.plausibility import is_placeholder

        found = address_parts(text)
        parts += [part for part in found if not is_placeholder(text[part.start : part.end])]
    if any(sign in text for sign in SIGNS):
        from sessionctl.core.scan.rules.shapes import shape_parts

        parts += shape_parts(text)
    if "-----BEGIN" in text or any(len(word) >= _LONGEST_WORD for word in text.split()):
        from sessionctl.core.scan.rules.tokens import token_parts

        parts += token_parts(text)
    return apart(parts)
