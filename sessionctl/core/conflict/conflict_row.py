"""Conflict row: one conflict as a table shows it: its sides, the choice, the verdict on that."""

from __future__ import annotations

import re
from typing import NamedTuple

from sessionctl.core.text.lines import split_lines
from sessionctl.core.text.plural import counted

OPEN = "open"
TAKEN = "taken"
INVALID = "invalid"
"""How a conflict stands: nothing chosen yet, a choice that is fine, or one that breaks the file."""

_MOST = 4_000
_KEY = re.compile(r"\s*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*'|\s*\.\s*)+\s*=\s*")


class ConflictRow(NamedTuple):
    """One conflict: the keys it is about, its sides, and what becomes of it.

    All texts are as they may be shown: secrets are masked already. ``base`` is None where it
    is not known; ``result`` is None while nothing is chosen, and then ``choice`` is "": else it
    is the word for it, such as "theirs" or "edited". ``problems`` are why the result cannot
    stand, ``remarks`` what the schema has against the sides, by their names, ``deeds`` what ours
    and theirs did. ``place`` is where the conflict is, such as "line 12".
    """

    key: str
    base: str | None
    ours: str
    theirs: str
    result: str | None = None
    choice: str = ""
    problems: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    deeds: tuple[str, str] = ("", "")
    place: str = ""

    @property
    def state(self) -> str:
        """One of the words of this module."""
        if self.problems:
            return INVALID
        return OPEN if self.result is None else TAKEN


class SideLabels(NamedTuple):
    """What the three sides are called, beside their names: a branch, a commit, "your work"."""

    base: str = ""
    ours: str = ""
    theirs: str = ""


def deed_of(base: str | None, side: str) -> str:
    """Return what a side did to ``base``: added, deleted, changed or kept it; "" if not known."""
    if base is None:
        return ""
    if base == side:
        return "left it as it was"
    if not base.strip():
        return "added it"
    return "changed it" if side.strip() else "deleted it"


def cells_of(row: ConflictRow) -> tuple[str, str, str, str]:
    """Return base, ours, theirs and result, each in one line.

    Their keys are left out where each side is one value of one key.
    """
    texts = (row.base, row.ours, row.theirs, row.result)
    is_long = any("\n" in text.strip() for text in texts if text)
    base, ours, theirs, result = (cell_text(text, keeps_key=is_long) for text in texts)
    return base, ours, theirs, "open" if row.result is None else result


def cell_text(text: str | None, *, keeps_key: bool = False) -> str:
    """Return a side in one line: the value of one key, or the first line and how many follow.

    Only the beginning of a long text is looked at.
    """
    if text is None:
        return "?"
    lines = [line.strip() for line in split_lines(text[:_MOST]) if line.strip()]
    if not lines:
        return "(nothing)"
    first, rest = lines[0], len(lines) - 1 + text[_MOST:].rstrip().count("\n")
    if rest:
        return f"{first}  (+{counted(rest, 'line')})"
    if keeps_key:
        return first
    key = _KEY.match(first)
    return first[key.end() :] if key is not None and key.end() < len(first) else first


def next_open(rows: list[bool], start: int, step: int) -> int | None:
    """Return the next index after ``start`` that is true, going on at the other end; or None."""
    count = len(rows)
    for distance in range(1, count + 1):
        index = (start + step * distance) % count
        if rows[index]:
            return index
    return None
