"""The proof of a merge: what it accepts, and every kind of fault it must see."""

from __future__ import annotations

import math
import tomllib
from itertools import product

import pytest

from sessionctl.core.merge.proof import is_proved, keeps_changes
from sessionctl.core.merge.value.guide import ANYWHERE, Guide
from sessionctl.core.merge.value.lost_comments import lost_comments
from sessionctl.core.schema.model import Schema
from sessionctl.core.values import MISSING
from tests.together import together

RIGHT = [
    # one side changed
    ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}),
    ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}),
    ({"a": 1}, {}, {"a": 1, "b": 1}, {"b": 1}),
    ({}, {"a": {"b": 1}}, {"a": {"c": 1}}, {"a": {"b": 1, "c": 1}}),
    ([math.nan], [math.nan, 1], [0, math.nan], [0, math.nan, 1]),
    # a dotted table emptied by both
    ({"a": {"x": 1, "y": 1}}, {"a": {"x": 1}}, {"a": {"y": 1}}, {}),
    ({"a": {"x": 1, "y": 1}}, {"a": {"x": 1}}, {"a": {"y": 1}}, {"a": {}}),
    # arrays
    ([1, 2], [1, 2, 3], [0, 1, 2], [0, 1, 2, 3]),
    ([1, 2, 3], [1, 3], [1, 2], [1]),
    ([1], [1, 2], [1, 2, 3], [1, 2, 3]),
    ([], [1, 2], [2, 1], [1, 2]),
    ([1, 1, 2], [1, 2], [1, 1, 2, 2], [1, 2, 2]),
    ([1], [1, 1], [0, 1, 1], [0, 1, 1]),
    ([1], [1, 1], [1, 1, 1], [1, 1, 1, 1]),
    ([1, 2, 3], [3, 1, 2], [1, 2, 3, 4], [3, 4, 1, 2]),
    ([[1, 2], 5], [[1, 2, 3], 5], [[0, 1, 2], 5], [[0, 1, 2, 3], 5]),
    # items
    (
        [{"name": "a", "x": 1}, {"name": "b"}],
        [{"name": "b"}, {"name": "a", "x": 2}],
        [{"name": "a", "x": 1, "y": 1}, {"name": "b"}],
        [{"name": "b"}, {"name": "a", "x": 2, "y": 1}],
    ),
    (
        [{"name": "a", "x": 1}],
        [{"name": "z", "x": 1}],
        [{"name": "a", "x": 1, "y": 1}],
        [{"name": "z", "x": 1, "y": 1}],
    ),
    (
        [{"name": "a", "x": 1}, {"name": "b"}],
        [{"name": "a", "x": 2}],
        [{"name": "a", "x": 1, "y": 1}],
        [{"name": "a", "x": 2, "y": 1}],
    ),
    # strings
    ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
    ("one two three ", "1 two three ", "one two 3 ", "1 two 3 "),
    # put into a table
    ("1", {"v": "1", "x": 1}, "2", {"v": "2", "x": 1}),
    ("1", "2", {"v": "1"}, {"v": "2"}),
    ("1", {"v": "1", "x": 1}, {"v": "2"}, {"v": "2", "x": 1}),
    ("1", {"v": 1, "x": 1}, {"v": 1, "y": 1}, {"v": 1, "x": 1, "y": 1}),
]  # fmt: skip

WRONG = [
    # something is lost
    ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 1}),
    ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 1}),
    ({"a": 1}, {"a": 1, "b": 1}, {"a": 1, "c": 1}, {"a": 1, "b": 1}),
    ({}, {"a": {"b": 1}}, {"a": {"c": 1}}, {"a": {"b": 1}}),
    ({}, {"a": {"b": 1}}, {"a": {"c": 1}}, {}),
    ({}, {"a": {"b": 1}}, {"a": {"c": 1}}, {"a": 1}),
    # something is left, or invented
    ({"a": 1}, {}, {"a": 1, "b": 1}, {"a": 1, "b": 1}),
    ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2, "z": 1}),
    ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2.0}),
    ({"a": 1}, {"a": 1, "b": 1}, {"a": 1, "c": 1}, {"a": 1, "b": 1, "c": 1, "d": 1}),
    ({"a": True}, {"a": 1}, {"a": True, "b": 1}, {"a": True, "b": 1}),
    # a clash proves nothing
    ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}),
    ({"a": 1}, {}, {"a": 3}, {"a": 3}),
    ({"a": 1}, {}, {"a": 3}, {}),
    ({"a": {"b": 1}}, {}, {"a": {"b": 2}}, {"a": {"b": 2}}),
    ("a", "b", "c", "b"),
    # arrays
    ([1, 2], [1, 2, 3], [0, 1, 2], [1, 2, 3]),
    ([1, 2], [1, 2, 3], [0, 1, 2], [0, 1, 2, 3, 3]),
    ([1, 2, 3], [1, 3], [1, 2], [1, 2]),
    ([1, 2], [1, 2, 3], [0, 1, 2], [0, 2, 1, 3]),
    ([1, 2, 3], [3, 1, 2], [1, 2, 3, 4], [1, 2, 3, 4]),
    ([1], [1, 2], [1, 2, 3], [1, 2, 2, 2, 3]),
    ([1, 2], [1], [1, 2, 3], {"a": 1}),
    ([[1, 2], 5], [[1, 2, 3], 5], [[0, 1, 2], 5], [[0, 1, 2], 5]),
    ([1], [1, 2], [1, 3], [1, 2, 3, "x"]),
    # items
    ([{"x": 0.5}], [{"x": 1.5}], [{"x": 2.5}], [{"x": 1.5}, {"x": 2.5}]),
    (
        [{"name": "a", "x": 1}],
        [{"name": "a", "x": 2}],
        [{"name": "a", "x": 1, "y": 1}],
        [{"name": "a", "x": 2}],
    ),
    (
        [{"name": "a", "x": 1}],
        [{"name": "a", "x": 2}],
        [{"name": "a", "x": 1, "y": 1}],
        [{"name": "a", "x": 2, "y": 1}, {"name": "b"}],
    ),
    (
        [{"name": "a"}, {"name": "b", "x": 1}],
        [{"name": "a"}],
        [{"name": "a"}, {"name": "b", "x": 2}],
        [{"name": "a"}],
    ),
    (
        [{"name": "a", "x": 1}],
        [{"name": "z", "x": 1}],
        [{"name": "a", "x": 2}],
        [{"name": "a", "x": 9}, {"name": "z", "x": 2}],
    ),
    # strings
    ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nc"),
    ("a\nb\nc", "A\nb\nc", "X\nb\nc", "A\nb\nc"),
    ("one two", "1 two", "3 two", "1 two"),
    ("one two three ", "1 two three ", "one two 3 ", "1 two three "),
    (1, "a\nb", "a\nc", "a\nb\nc"),
    # put into a table
    ("1", {"v": "1", "x": 1}, "2", {"v": "1", "x": 1}),
    ("1", {"v": "1", "w": "1"}, "2", {"v": "2", "w": "1"}),
    ("1", {"v": "1"}, MISSING, {"v": "1"}),
    ("1", MISSING, {"v": "1"}, {"v": "1"}),
]


@together(("base", "ours", "theirs", "result"), RIGHT)
def test_a_result_with_the_changes_of_both_sides_is_proved(base, ours, theirs, result):
    assert is_proved(base, ours, theirs, result)


@together(("base", "ours", "theirs", "result"), WRONG)
def test_a_result_with_a_fault_is_not_proved(base, ours, theirs, result):
    assert not is_proved(base, ours, theirs, result)


@together(("base", "ours", "theirs", "result"), WRONG)
def test_a_fault_deep_in_a_document_is_seen(base, ours, theirs, result):
    versions = ({} if v is MISSING else {"v": v} for v in (base, ours, theirs, result))
    base, ours, theirs, result = ({"t": {**v, "other": i}} for i, v in enumerate(versions))
    result["t"]["other"] = ours["t"]["other"] = theirs["t"]["other"] = 1
    assert not is_proved(base, ours, theirs, result)


SIDES = ([], [1], [2], [1, 2], [2, 1])
RESULTS = (*SIDES, [1, 1], [2, 2], [1, 2, 1])
AS_SETS = Guide(Schema({"x-merge": "set"}))


def holds_changes(base, ours, theirs, result, *, is_set):
    """Return whether each element is there that a side added, or that no side took out: once.

    In a list what both added may be there twice.
    """
    for element in (1, 2):
        was, mine, other = (element in items for items in (base, ours, theirs))
        count = int((mine and other) or (not was and (mine or other)))
        most = 2 if mine and other and not was and not is_set else count
        if not count <= result.count(element) <= most:
            return False
    return True


def keeps_order(base, ours, theirs, result):
    """Return whether two elements stand as both sides have them, or as the one that turned them.

    Not where one of them is there twice.
    """
    if any(len(items) != 2 or len(set(items)) < 2 for items in (ours, theirs, result)):
        return True
    if ours == theirs:
        return result == ours
    return len(base) < 2 or result == (ours if theirs == base else theirs)


@together("place", [ANYWHERE, AS_SETS], ids=["list", "set"])
def test_of_small_arrays_just_the_right_ones_are_proved(place):
    for base, ours, theirs, result in product(SIDES, SIDES, SIDES, RESULTS):
        if ours in (base, theirs) or theirs == base:
            expected = result == (ours if theirs == base else theirs)
        else:
            is_set = place is AS_SETS
            expected = holds_changes(base, ours, theirs, result, is_set=is_set)
            expected = expected and (is_set or keeps_order(base, ours, theirs, result))
        versions = (base, ours, theirs, result)
        assert is_proved(*versions, place) is expected, versions


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result", "lost"),
    [
        ("", "# a\n", "# b\n", "# a\n# b\n", []),
        pytest.param(
            "",
            "# a\n",
            "# b\n",
            "# a\n",
            ["# b"],
        ),
        ("# a\n", "", "# a\n", "", []),
        ("# a\n", "# a\n", "# a\n", "", ["# a"]),
        ("# a\n# a\n", "# a\n", "# a\n", "", []),
        ("# a\n# a\n", "# a\n# a\n", "# a\n", "", ["# a"]),
        ("x = 1\n", "x = 1\n", "x = 2\n", "x = 2\n", []),
    ],
)
def test_comments_that_should_have_survived_are_told(base, ours, theirs, result, lost):
    assert lost_comments(base, ours, theirs, result) == lost


@together(
    "base, side, other, result, is_kept",
    [
        ("k = 1", "k = 2", "k = 3", "k = 2", True),
        ("k = 1", "k = 2", "k = 3", "k = 3", False),
        ("k = 1", "k = 2", "k = 3", "", False),
        ("k = 1", "k = 1", "k = 3", "k = 4", True),  # what it did not change is not asked
        ("k = 1\nj = 1", "k = 2", "k = 3\nj = 1", "k = 2", True),
        ("k = 1\nj = 1", "k = 2", "k = 3\nj = 1", "k = 2\nj = 1", False),
        ("", "t = { x = 1 }", "", "t = { x = 1, y = 2 }", True),
        ("", "t = { x = 1 }", "t = 5", "t = { x = 2 }", False),
        ("t = 1", "t = { x = 1 }", "t = 2", "t = { x = 1 }", True),
        ("a = [1]", "a = [1, 2]", "a = [0, 1]", "a = [0, 1, 2]", True),
        ("a = [1]", "a = [1, 2]", "a = [0, 1]", "a = [0, 1]", False),
        ("w = [{ x = 1, y = 1 }]", "w = [{ x = 2, y = 1 }]", "w = [{ x = 3, y = 4 }]",
         "w = [{ x = 2, y = 4 }]", True),
        ("w = [{ x = 1, y = 1 }]", "w = [{ x = 2, y = 1 }]", "w = [{ x = 3, y = 4 }]",
         "w = [{ x = 3, y = 4 }]", False),
        ("s = '1.0'", "s = '1.1'", "s = { version = '1.0', x = 1 }",
         "s = { version = '1.1', x = 1 }", True),
    ],
)  # fmt: skip
def test_a_side_that_is_taken_keeps_its_changes(base, side, other, result, is_kept):
    values = [tomllib.loads(text) for text in (base, side, other, result)]
    assert keeps_changes(*values) is is_kept
