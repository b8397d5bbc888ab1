"""A merge in words: a conflict has its place, its kind and its key, and shows no value."""

from __future__ import annotations

import pytest

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.keypath import KeyPath
from sessionctl.core.merge import Labels, merge
from sessionctl.core.render.merge_text import conflict_lines, conflict_reason, conflict_title

BASE = "a = 1\nb = 1\nc = 1\n"
OURS = "a = 2\nb = 1\nc = 2\n"
THEIRS = "a = 3\nb = 1\nc = 3\nd = 1\n"


def test_a_conflict_is_told_with_its_place_its_kind_and_its_key():
    result = merge(BASE, OURS, THEIRS)
    assert conflict_lines(result, "f\x1b.toml", Labels()) == [
        "f\u241b.toml:1:1: conflict[both-modified]: a: both sides changed it",
        "f\u241b.toml:9:1: conflict[both-modified]: c: both sides changed it",
    ]


@pytest.mark.parametrize("kind", ConflictKind)
def test_every_kind_of_conflict_is_explained(kind):
    conflict = Conflict(kind, KeyPath(["password"]), "hunter1", "hunter2", "hunter3")
    words = conflict_reason(conflict, Labels("main", "base", "topic"))
    assert words
    assert "hunter" not in words
    assert words.endswith("changed in topic") == (kind is ConflictKind.DELETED_BY_US)
    assert words.endswith("changed in main") == (kind is ConflictKind.DELETED_BY_THEM)


def test_an_invalid_result_is_explained_by_its_hint():
    conflict = Conflict(ConflictKind.INVALID, KeyPath(), None, None, None, hint="port twice")
    assert conflict_reason(conflict, Labels()) == "port twice"


def test_of_many_keys_the_first_are_named():
    paths = [KeyPath([key]) for key in "abcde"]
    assert conflict_title(paths[:1], (3, 8)) == "a"
    assert conflict_title(paths[:3], (3, 8)) == "a, b, c"
    assert conflict_title(paths, (3, 8)) == "a, b, c and 2 more"


def test_without_keys_a_conflict_goes_by_its_lines():
    assert conflict_title([], (3, 8)) == "lines 3 to 8"
