"""Lines folded for a narrow terminal: nothing is lost, nothing is too wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.render.folding import fold
from sessionctl.core.text.source import cell_width

pieces = st.lists(
    st.tuples(st.text("ab \u7a93\u00e9", max_size=30), st.sampled_from(["", "added", "key"]))
)


def plain(lines):
    return ["".join(text for text, _ in line) for line in lines]


@given(pieces, st.integers(1, 60), st.integers(0, 12))
def test_nothing_is_lost_and_nothing_is_too_wide(line, width, indent):
    lines = fold(line, width, indent)
    letters = [(letter, role) for text, role in line for letter in text]
    shown = [(letter, role) for text, role in lines[0] for letter in text]
    for other in lines[1:]:
        first = other[1:] if indent else other
        shown += [(letter, role) for text, role in first for letter in text]
    assert shown == letters
    for text in plain(lines):
        assert sum(map(cell_width, text)) <= max(width, indent + 20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a short one", ["a short one"]),
        ("run = 'one two three four'", ["run = 'one two three ", "    four'"]),
        ("x" * 30, ["x" * 24, "    " + "x" * 6]),
        ("", [""]),
    ],
)
def test_a_line_is_broken_behind_a_space_where_there_is_one(text, expected):
    assert plain(fold([(text, "")], 24, 4)) == expected
