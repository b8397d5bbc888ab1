"""Secrets in one text: a string, a comment, a line of a file that is not TOML."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.scan.finding import SecretFinding, SecretPart, apart, without
from sessionctl.core.scan.rules.key_names import speaks_of_secrets
from sessionctl.core.scan.rules.programs import names_a_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.scan.known_values import KnownValues

SHORTEST_TOKEN = 16
_SHORTEST = 4


def text_parts(
    text: str, *, known: KnownValues | None = None, is_strict: bool = False
) -> list[SecretPart]:
    """Return the parts of ``text`` that are secrets, in order, none overlapping another."""
    found = [part for part in candidates(text, is_strict=is_strict) if _is_meant(text, part)]
    if known:
        found = [*known.parts(text), *found]
    return apart(found)


def find_in_text(text: str, *, known: KnownValues | None = None) -> list[SecretFinding]:
    """Return the secrets in a text that is not TOML, in order.

    A line with a waiver, or below one, is not looked at; see ``Waivers``.
    """
    from sessionctl.core.scan.waivers import Waivers

    waivers = Waivers.of_lines(text)
    found = [
        SecretFinding(part.rule, part.what, Span(part.start, part.end))
        for part in text_parts(text, known=known)
    ]
    return [*(f for f in found if not waivers.cover(f.span)), *waivers.findings()]


def without_secrets(text: str) -> str:
    """Return ``text`` with the secrets in it masked, references to variables too."""
    parts = masked_parts(text)
    return without(text, parts) if parts else text


def masked_parts(text: str) -> list[SecretPart]:
    """Return what ``without_secrets`` masks in ``text``, in order."""
    if len(text) < _SHORTEST:
        return []
    return apart(list(candidates(text, is_strict=True, is_wide=True)))


def candidates(text: str, *, is_strict: bool, is_wide: bool = False) -> Iterator[SecretPart]:
    """Yield what may be a secret in ``text``, with what merely stands for one, unordered.

    ``is_strict`` takes ``NAME=VALUE`` for a secret by the name alone, ``is_wide`` also
    ``name: value`` to the end of the line, which is right for hiding only.
    """
    # Each rule is only loaded where it has something to look at: most texts hold nothing.
    if "://" in text:
        from sessionctl.core.scan.rules.addresses import address_parts

        yield from address_parts(text)
    is_spoken_of = speaks_of_secrets(text)
    if is_spoken_of or names_a_program(text):
        from sessionctl.core.scan.rules.arguments import command_parts

        yield from command_parts(text, is_strict=is_strict)
    if is_spoken_of:
        from sessionctl.core.scan.rules.assignments import assignment_parts

        yield from assignment_parts(text, is_strict=is_strict, is_wide=is_wide)
    if len(text) >= SHORTEST_TOKEN:
        from sessionctl.core.scan.rules.tokens import token_parts

        yield from token_parts(text)


def _is_meant(text: str, part: SecretPart) -> bool:
    from sessionctl.core.scan.rules.plausibility import is_placeholder

    return not is_placeholder(text[part.start : part.end])
