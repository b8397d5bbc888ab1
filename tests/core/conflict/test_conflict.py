"""Conflicts: their kinds seen from the other side, and what they are without more."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span


@pytest.mark.parametrize("kind", ConflictKind)
def test_a_kind_swapped_twice_is_the_kind(kind):
    assert kind.swapped().swapped() is kind


def test_a_deletion_of_ours_is_one_of_theirs_when_the_sides_are_swapped():
    assert ConflictKind.DELETED_BY_US.swapped() is ConflictKind.DELETED_BY_THEM
    assert ConflictKind.BOTH_MODIFIED.swapped() is ConflictKind.BOTH_MODIFIED


def test_a_conflict_has_no_place_and_no_hint_until_they_are_given():
    conflict = Conflict(ConflictKind.BOTH_ADDED, KeyPath(["a"]), None, "a = 1\n", "a = 2\n")
    assert conflict.span == Span(0, 0)
    assert conflict.hint == ""
