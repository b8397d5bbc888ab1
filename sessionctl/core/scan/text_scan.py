"""Secrets in one text: a string, a comment, a line of a file that is not TOML."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.scan.finding import SecretFinding, SecretPart, apart, without
from sessionctl.core.scan.rules.key_names import (
    ALL_WORDS,
    SpokenWords,
    speaks_of_secrets,
    spoken_words,
)
from sessionctl.core.scan.rules.signs import (
    has_token,
    is_mnemonic_like,
    looks_like_config,
    looks_like_line,
    may_be_encoded,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.scan.known_values import KnownValues

SHORTEST_TOKEN = 16
_SHORTEST = 4
# What is shorter and may be encoded looks like a token, too.
_LONGEST_TOKENLIKE = 40
_MOST_DULL, _LONGEST_DULL = 2000, 100
_DULL: set[str] = set()


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


def names_a_program(text: str) -> bool:
    """Return whether a program that takes secrets may be called in ``text``; a quick test."""
    if " " not in text:
        return False
    from sessionctl.core.scan.rules.commands import programs

    return programs.names_a_program(text)


def _is_granted(text: str) -> bool:
    from sessionctl.core.scan.rules.commands import programs

    return programs.is_granted(text)


def is_dull(text: str) -> bool:
    """Return whether no rule had anything to look at in ``text`` before; the quickest test.

    The files of one person have most words in common. What may be a secret is not remembered.
    """
    return text in _DULL


def is_worth_a_look(text: str, spoken: SpokenWords = ALL_WORDS) -> bool:
    """Return whether any rule has something to look at in ``text``; a quick test."""
    if _has_a_sign(text, spoken):
        return True
    if len(text) <= _LONGEST_DULL:
        if len(_DULL) >= _MOST_DULL:
            _DULL.clear()
        _DULL.add(text)
    return False


def _has_a_sign(text: str, spoken: SpokenWords) -> bool:
    if len(text) < _SHORTEST:
        return False
    is_long = len(text) >= SHORTEST_TOKEN
    if "://" in text or (is_long and has_token(text)):
        return True
    if spoken_words(text, spoken.words, is_one_enough=True):
        return True
    if names_a_program(text) or looks_like_line(text) or looks_like_config(text):
        return True
    return is_long and (
        is_mnemonic_like(text)
        or (("%" in text or len(text) >= _LONGEST_TOKENLIKE) and may_be_encoded(text))
    )


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
    if is_spoken_of or names_a_program(text) or _is_granted(text):
        from sessionctl.core.scan.rules.commands.arguments import command_parts

        yield from command_parts(text, is_strict=is_strict)
    if is_spoken_of:
        from sessionctl.core.scan.rules.assignments import assignment_parts
        from sessionctl.core.scan.rules.prose import prose_parts

        yield from assignment_parts(text, is_strict=is_strict, is_wide=is_wide)
        yield from prose_parts(text)
    if looks_like_line(text) or is_spoken_of:
        from sessionctl.core.scan.rules.connection_lines import line_parts

        yield from line_parts(text)
    if (is_spoken_of and " " in text) or looks_like_config(text):
        from sessionctl.core.scan.rules.config_lines import config_parts

        yield from config_parts(text)
    if len(text) >= SHORTEST_TOKEN:
        if has_token(text):
            from sessionctl.core.scan.rules.tokens import token_parts

            yield from token_parts(text)
        if is_mnemonic_like(text):
            from sessionctl.core.scan.rules.mnemonic import mnemonic_parts

            yield from mnemonic_parts(text)
        if may_be_encoded(text):
            from sessionctl.core.scan.rules.encoded import encoded_parts

            yield from encoded_parts(text, _inner)


def _inner(text: str) -> bool:
    """Return whether a text that was encoded holds a secret."""
    return bool(text_parts(text, is_strict=True))


def _is_meant(text: str, part: SecretPart) -> bool:
    from sessionctl.core.scan.rules.plausibility import is_placeholder

    return not is_placeholder(text[part.start : part.end])
