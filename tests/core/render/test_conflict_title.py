"""A conflict goes by its keys; one of comments alone by its lines."""

from __future__ import annotations

from sessionctl.core.keypath import KeyPath
from sessionctl.core.render.conflict_title import conflict_title


def test_of_many_keys_the_first_are_named():
    paths = [KeyPath([key]) for key in "abcde"]
    assert conflict_title(paths[:1], (3, 8)) == "a"
    assert conflict_title(paths[:3], (3, 8)) == "a, b, c"
    assert conflict_title(paths, (3, 8)) == "a, b, c and 2 more"


def test_without_keys_a_conflict_goes_by_its_lines():
    assert conflict_title([], (3, 8)) == "lines 3 to 8"
