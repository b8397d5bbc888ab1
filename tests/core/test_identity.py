"""Identity: which item of an array is which in another version of it."""

from __future__ import annotations

import datetime
import math

import pytest

from sessionctl.core.identity import freeze, identity_field, likeness, match_items, match_three
from sessionctl.core.toml.document import Document
from tests.together import together


def named(*names):
    return [{"name": name} for name in names]


# -- freeze ----------------------------------------------------------------------------

ONE_OF_EACH = [
    1, 1.0, True, "1", [1], [True], {"a": 1}, {"a": 1.0}, {}, [], math.nan, math.inf, 0, False,
    datetime.date(1979, 5, 27), datetime.time(7, 32),
    datetime.datetime(1979, 5, 27, tzinfo=datetime.UTC),
    datetime.datetime(1979, 5, 27),  # noqa: DTZ001 - TOML has local times
    datetime.datetime(1979, 5, 27, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
    ["float", "nan"], "nan", [[], 1], [[1]],
]  # fmt: skip


def test_values_that_differ_in_anything_are_frozen_to_different_things():
    assert len({freeze(value) for value in ONE_OF_EACH}) == len(ONE_OF_EACH)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (math.nan, -math.nan),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
        ([{"a": math.nan}], [{"a": math.nan}]),
        (0.0, 0.00),
    ],
)
def test_equal_values_are_frozen_to_equal_things(one, other):
    assert freeze(one) == freeze(other)
    assert hash(freeze(one)) == hash(freeze(other))


@together("text", ["07:32:00", "1979-05-27T07:32:00", "1979-05-27T07:32:00Z"])
def test_moments_that_python_cannot_tell_apart_are_not_one(text):
    one, other, same = (
        Document.parse(f"x = {text.replace(':00', f':00.{digits}')}\n").value["x"]
        for digits in ("1234567", "1234568", "1234567")
    )
    assert freeze(one) != freeze(other)
    assert freeze(one) == freeze(same)


# -- identity_field --------------------------------------------------------------------


def test_the_field_asked_for_comes_first():
    items = [{"name": "a", "driver": "x"}, {"name": "b", "driver": "y"}]
    assert identity_field([items, items], "driver") == "driver"


def test_a_field_asked_for_that_is_not_unique_is_no_identity():
    items = [{"name": "a", "driver": "x"}, {"name": "b", "driver": "x"}]
    assert identity_field([items, items], "driver") == "name"


def test_id_comes_before_name_and_name_before_path():
    items = [{"path": "/", "name": "a", "id": 1}]
    assert identity_field([items, items]) == "id"
    assert identity_field([[{"path": "/", "name": "a"}]] * 2) == "name"


def test_the_field_by_which_most_items_are_found_again_is_the_last_resort():
    before = [{"pattern": "a", "text": "x"}, {"pattern": "b", "text": "y"}]
    after = [{"pattern": "a", "text": "z"}, {"pattern": "b", "text": "y"}]
    assert identity_field([before, after]) == "pattern"


def test_a_field_by_which_no_item_is_found_again_is_no_identity():
    assert identity_field([[{"port": 1}], [{"port": 2}]]) is None


@pytest.mark.parametrize(
    "items",
    [
        named("a", "a"),
        [{"name": "a"}, {}],
        [{"name": True}],
        [{"name": 1.5}],
        [{"name": "a"}, "b"],
        [{"name": "a"}, [1]],
    ],
)
def test_items_without_a_unique_name_have_no_identity(items):
    assert identity_field([items, items]) is None


def test_every_version_must_have_the_identity():
    assert identity_field([named("a", "b"), named("a", "a")]) is None
    assert identity_field([named("a"), [{"title": "a"}]]) is None


# -- match_items -----------------------------------------------------------------------


def test_items_are_paired_by_name_wherever_they_stand():
    assert match_items(named("a", "b", "c"), named("c", "a", "b")) == [(2, 0), (0, 1), (1, 2)]


def test_a_removed_item_stands_behind_its_predecessor():
    pairs = match_items(named("a", "b", "c", "d"), named("d", "a"))
    assert pairs == [(3, 0), (0, 1), (1, None), (2, None)]


def test_items_removed_from_the_top_stand_first():
    assert match_items(named("a", "b", "c"), named("c")) == [(0, None), (1, None), (2, 0)]


def test_an_item_renamed_and_otherwise_the_same_is_one_item():
    before = [{"name": "a", "cwd": "."}, {"name": "b", "cwd": "/"}]
    after = [{"name": "z", "cwd": "."}, {"name": "b", "cwd": "/"}]
    assert match_items(before, after) == [(0, 0), (1, 1)]


def test_items_that_hold_only_a_name_are_not_taken_for_renamed():
    assert match_items(named("a", "b"), named("a", "c")) == [(0, 0), (1, None), (None, 1)]


def test_a_rename_that_could_be_of_two_items_is_none():
    before = [{"name": "a", "cwd": "."}, {"name": "b", "cwd": "."}]
    after = [{"name": "x", "cwd": "."}]
    assert (None, 0) in match_items(before, after)


def test_items_without_identity_are_paired_by_content():
    before = [{"x": 1.5, "y": 1}, {"x": 2.5, "y": 2}, {"x": 3.5, "y": 3}]
    after = [{"x": 2.5, "y": 2}, {"x": 3.5, "y": 9}]
    assert match_items(before, after) == [(0, None), (1, 0), (2, 1)]


def test_an_item_without_identity_that_moved_is_the_same_item():
    before = [{"x": [1]}, {"x": [2]}, {"x": [3]}]
    assert match_items(before, [before[2], before[0], before[1]]) == [(2, 0), (0, 1), (1, 2)]


def test_items_that_share_too_little_are_two_items():
    before, after = [{"x": 1.5, "y": [1], "z": 0.5}], [{"x": 2.5, "y": [2], "z": 0.5}]
    assert match_items(before, after, in_order=False) == [(0, None), (None, 0)]


def test_in_order_items_replaced_by_as_many_are_paired():
    before, after = [{"x": 1.5}, {"x": 2.5}], [{"x": 3.5}, {"x": 4.5}]
    assert match_items(before, after, in_order=True) == [(0, 0), (1, 1)]
    assert match_items(before, after[:1], in_order=True) == [(0, None), (1, None), (None, 0)]


def test_an_item_is_paired_once_though_two_are_like_it():
    before = [{"x": 1.5, "y": 1.5}]
    after = [{"x": 1.5, "y": 2.5}, {"x": 1.5, "y": 3.5}]
    assert match_items(before, after) == [(0, 0), (None, 1)]


def test_the_second_of_two_items_may_be_the_one_that_is_alike():
    before = [{"x": 1.5, "y": 1.5}, {"x": 2.5, "y": 2.5}]
    assert match_items(before, [{"x": 2.5, "y": 9.5}]) == [(0, None), (1, 0)]


def test_plain_values_pair_only_when_they_are_the_same():
    assert match_items([1, "a", 2], [1, True, 2]) == [(0, 0), (1, None), (None, 1), (2, 2)]


@pytest.mark.parametrize("versions", [([], []), ([], named("a")), (named("a"), [])])
def test_empty_arrays_are_matched_too(versions):
    assert len(match_items(*versions)) == max(map(len, versions))


# -- match_three -----------------------------------------------------------------------


def test_an_item_both_sides_added_under_one_name_is_one_item():
    trios, is_guess = match_three(named("a"), named("a", "b"), named("b", "a"))
    assert (trios, is_guess) == ([(0, 0, 1), (None, 1, 0)], False)


def test_items_both_sides_added_without_identity_are_one_when_they_are_the_same():
    base, new = [{"x": 1.5}], {"x": 2.5}
    trios, is_guess = match_three(base, [*base, new], [*base, new, {"x": 3.5}])
    assert is_guess
    assert trios == [(0, 0, 0), (None, 1, 1), (None, None, 2)]


def test_an_item_gone_on_one_side_has_none_there():
    trios, _ = match_three(named("a", "b"), named("b"), named("a", "b", "c"))
    assert trios == [(0, None, 0), (1, 0, 1), (None, None, 2)]


# -- likeness --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, 1.0),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, 0.5),
        ({"a": 1}, {"b": 1}, 0.0),
        ({"a": 1}, {"a": 1.0}, 0.0),
        ([1], [1], 1.0),
        (1, 2, 0.0),
        ({"a": 1}, [1], 0.0),
    ],
)
def test_likeness_is_the_share_of_equal_fields(one, other, expected):
    assert likeness(one, other) == expected
