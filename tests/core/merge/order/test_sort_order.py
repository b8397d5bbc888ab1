"""What both sides add to a sorted place stays sorted; elsewhere ours stands first."""

from __future__ import annotations

import pytest

from sessionctl.core.merge import merge
from sessionctl.core.merge.order.sort_order import sort_key_of, subject
from tests.together import together


def array(*elements):
    return f"a = [{', '.join(map(repr, elements))}]\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("xad", "xacd", "xabd", "xabcd"),  # between two neighbours in order
        ("xab", "xabd", "xabc", "xabcd"),  # at the end, behind two in order
        ("dea", "cdea", "bdea", "bcdea"),  # at the start, before two in order
        ("xda", "xdca", "xdba", "xdcba"),  # neighbours out of order: ours first
        ("x", "xc", "xb", "xcb"),  # one neighbour proves nothing
        ("", "cd", "ab", "cdab"),
    ],
)
def test_strings_added_at_one_place(base, ours, theirs, expected):
    assert merge(array(*base), array(*ours), array(*theirs)).text == array(*expected)


def test_numbers_are_not_sorted():
    assert merge("a = [9, 1, 4]\n", "a = [9, 1, 3, 4]\n", "a = [9, 1, 2, 4]\n").text == (
        "a = [9, 1, 3, 2, 4]\n"
    )


SORTED = "[t]\na = 1\nc = 1\nz = 1\n"


def with_key(line, base=SORTED):
    return base.replace("z =", f"{line}\nz =")


@together(
    ("base", "ours", "theirs", "between"),
    [
        (SORTED, "y = 2", "x = 3", "x = 3\ny = 2\n"),
        (SORTED, "y = 2\ny2 = 2", "x = 3\nx2 = 3", "x = 3\nx2 = 3\ny = 2\ny2 = 2\n"),
        (SORTED, "d.e = 2", "d.b = 3", "d.b = 3\nd.e = 2\n"),
        (SORTED, "# why\ny = 2", "x = 3", "# why\ny = 2\nx = 3\n"),
        (SORTED, "\ny = 2", "x = 3", "\ny = 2\nx = 3\n"),
        (SORTED, "# free\n\ny = 2", "x = 3", "# free\n\ny = 2\nx = 3\n"),
        (SORTED, "b = 2", "x = 3", "b = 2\nx = 3\n"),  # ours is not sorted any more
        ("[t]\nc = 1\na = 1\nz = 1\n", "y = 2", "x = 3", "y = 2\nx = 3\n"),
        ("[t]\na = 1\nz = 1\n", "y = 2", "x = 3", "y = 2\nx = 3\n"),  # by chance
        ("[t]\na = 1\nB = 1\nz = 1\n", "Y = 2", "x = 3", "x = 3\nY = 2\n"),
        ("[t]\na = 1\nB = 1\nz = 1\n", "y = 2", "X.a = 3", "X.a = 3\ny = 2\n"),
        ("[t]\na-b = 1\na_c = 1\nz = 1\n", "a_e = 2", "a-d = 3", "a-d = 3\na_e = 2\n"),
        ("[t]\na_b = 1\na-c = 1\nz = 1\n", "'a e' = 2", "a_d = 3", "'a e' = 2\na_d = 3\n"),
    ],
)
def test_keys_added_at_one_place(base, ours, theirs, between):
    result = merge(base, with_key(ours, base), with_key(theirs, base))
    assert result.is_clean
    assert result.text == base.replace("z =", f"{between}z =")


def test_the_order_is_the_one_in_which_all_versions_are_sorted():
    names = [["a", "B", "c"], ["a", "B", "c", "D"], ["a", "B"]]
    key = sort_key_of(names)
    assert key is not None
    assert key("B") < key("c")
    assert sort_key_of([["b", "a"], ["b", "a"], []]) is None
    assert sort_key_of([["a", "b"], ["a", "b"], ["c"]]) is not None
    assert sort_key_of([["a", "b"], ["a"], ["b"]]) is None
    assert sort_key_of([["a"], ["a", "b"], ["a", "c"]]) is None


def test_a_subject_is_what_a_requirement_is_about():
    assert subject("Foo_Bar[x] >= 2") == "foo-bar"
    assert subject(">= 2") == ""
    assert subject(2) == ""
