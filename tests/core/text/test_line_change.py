"""The lines that one edit changed."""

from __future__ import annotations

import pytest

from sessionctl.core.text.line_change import LineChange, changed_lines, split_change


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc\n", "a\nx\nc\n", LineChange(2, ("b\n",), ("x\n",))),
        ("a\nc\n", "a\nb\nc\n", LineChange(2, (), ("b\n",))),
        ("a\nb\n", "a\n", LineChange(2, ("b\n",), ())),
        ("a", "a\n", LineChange(1, ("a",), ("a\n",))),
        ("a\na\n", "a\n", LineChange(2, ("a\n",), ())),
        ("", "a", LineChange(1, (), ("a",))),
    ],
)
def test_the_lines_between_the_first_and_the_last_change_are_found(before, after, expected):
    assert changed_lines(before, after) == expected


def test_equal_texts_have_no_changed_lines():
    assert changed_lines("a", "a") is None


def test_the_runs_of_a_change_leave_out_what_stays():
    change = changed_lines("a\nb\nc\nd\ne\n", "a\nx\nc\nd\n")
    assert split_change(change) == [
        LineChange(2, ("b\n",), ("x\n",)),
        LineChange(5, ("e\n",), ()),
    ]
