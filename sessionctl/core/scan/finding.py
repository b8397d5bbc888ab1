"""What a scan finds: a part of a text that is a secret, and a place in a document."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.mask import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FIELD = "secret-field"
KEY = "secret-key"
ADDRESS = "secret-url"
TEXT = "secret-text"
ARGUMENT = "secret-argument"
SHAPE = "secret-token"
KNOWN = "secret-known"
ENTROPY = "secret-entropy"
IDENTITY = "secret-identity"
UNENCRYPTED = "secret-unencrypted"
WAIVER = "waiver-without-reason"

RULES = (FIELD, KEY, ADDRESS, TEXT, ARGUMENT, SHAPE, KNOWN, UNENCRYPTED, IDENTITY, ENTROPY)

PRIVATE_KEY = "a private key"

_MESSAGES = {
    ADDRESS: "is in plain text in this address",
    ARGUMENT: "is in plain text in this command",
}


class SecretPart(NamedTuple):
    """A part of a text that is a secret: ``text[start:end]``; ``what`` says of what kind."""

    rule: str
    what: str
    start: int
    end: int


class SecretFinding(NamedTuple):
    """A secret in a document; nothing in here holds any of its characters.

    ``span`` is where the secret lies, ``key_path`` the value it is (a part of), empty in
    a comment. ``is_whole`` says that the value is the secret and nothing else,
    ``is_inside`` that ``span`` is the secret part of a string and not all of it.
    ``severity`` is "error", or "warning" for a mere hint.
    """

    rule: str
    what: str
    span: Span
    key_path: KeyPath = KeyPath()
    is_whole: bool = False
    is_inside: bool = False
    is_comment: bool = False
    severity: str = "error"

    @property
    def message(self) -> str:
        """What is wrong, in words."""
        if self.rule == ENTROPY:
            return f"{self.what}: is it a secret?"
        if self.rule == WAIVER:
            return self.what
        if self.is_comment:
            return f"{self.what} is in plain text in this comment"
        return f"{self.what} {_MESSAGES.get(self.rule, 'is in plain text here')}"

    def problem(self, hint: str = "") -> Problem:
        """Return the finding as a problem of the document."""
        return Problem(self.rule, self.message, self.span, self.key_path, hint, self.severity)


def is_secret_rule(rule: str) -> bool:
    """Return whether ``rule`` is one that finds secrets, so that a commit must stop at it."""
    return rule in RULES and rule != ENTROPY


def apart(parts: list[SecretPart]) -> list[SecretPart]:
    """Return the parts in order; of those that overlap only the first one, made as wide.

    In an address it is certain where its parts end, so it is not made wider. A value that is
    known for sure gives its name to both.
    """
    merged: list[SecretPart] = []
    for part in sorted(parts, key=lambda part: part.start):
        if merged and part.start < merged[-1].end:
            if merged[-1].rule != ADDRESS:
                surer = part if part.rule == KNOWN else merged[-1]
                end = max(part.end, merged[-1].end)
                merged[-1] = SecretPart(surer.rule, surer.what, merged[-1].start, end)
        elif part.end > part.start:
            merged.append(part)
    return merged


def without(text: str, parts: Iterable[SecretPart]) -> str:
    """Return ``text`` with ``parts`` of it, which are in order, masked."""
    shown: list[str] = []
    position = 0
    for part in parts:
        shown += (text[position : part.start], MASK)
        position = part.end
    return "".join([*shown, text[position:]])
