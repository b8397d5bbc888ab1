"""Conflict: where both sides of a merge changed one thing in two ways."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.keypath import KeyPath
from sessionctl.core.light_enum import Enum
from sessionctl.core.problem import Span


class ConflictKind(Enum):
    """Why two changes conflict; the words are git's where git has them."""

    BOTH_MODIFIED = "both-modified"
    BOTH_ADDED = "both-added"
    DELETED_BY_US = "deleted-by-us"
    DELETED_BY_THEM = "deleted-by-them"
    TYPE_CHANGED = "type-changed"
    INVALID = "invalid"
    OPAQUE = "opaque"
    """The sides were merged line by line: an input is not TOML, or the structure
    of the result could not be proved."""


class Conflict(NamedTuple):
    """One conflict, with the source text of each side (None where the side has nothing).

    ``span`` is the place of the conflict in the merged text, its markers included.
    ``offers`` are the policies that would resolve it: "max" or "union", which drop nothing,
    else "usual", which may; ``hint`` says so in words.
    """

    kind: ConflictKind
    path: KeyPath
    base: str | None
    ours: str | None
    theirs: str | None
    span: Span = Span(0, 0)
    hint: str = ""
    offers: tuple[str, ...] = ()
    moves: tuple[str, str] = ("", "")
    """What ours and theirs did beside a change: "moved to ...", "renamed to ...", ..."""
