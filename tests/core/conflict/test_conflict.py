"""Conflicts: what they are without more."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span


def test_a_conflict_has_no_place_and_no_hint_until_they_are_given():
    conflict = Conflict(ConflictKind.BOTH_ADDED, KeyPath(["a"]), None, "a = 1\n", "a = 2\n")
    assert conflict.span == Span(0, 0)
    assert conflict.hint == ""
