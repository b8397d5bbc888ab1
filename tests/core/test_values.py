"""Equality of TOML values, types included, and their names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.keypath import KeyPath
from sessionctl.core.values import (
    MISSING,
    changed_copy,
    children,
    described,
    holds_only_tables,
    is_armored,
    is_array_of_tables,
    same_value,
    table_in,
    tables_in,
    text_in,
    type_name,
    value_at,
)
from tests.together import together

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
SAME_INSTANT = NOON.astimezone(timezone(timedelta(hours=1)))
LOCAL = datetime(2024, 1, 1, 12)  # noqa: DTZ001


@together(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0.0, False),
        ("1", 1),
        ([1], [1.0]),
        ([1], [1, 2]),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"b": 1}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1.0}]}),
        (float("nan"), 1.0),
        (NOON, SAME_INSTANT),
        (NOON, LOCAL),
        (LOCAL, date(2024, 1, 1)),
        (time(1), time(2)),
        ([], {}),
        (MISSING, None),
    ],
)
def test_values_that_differ(one, other):
    assert not same_value(one, other)
    assert not same_value(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (float("nan"), -float("nan")),
        ({"a": 1, "b": [float("nan")]}, {"b": [float("nan")], "a": 1}),
        (NOON, NOON.replace(tzinfo=timezone(timedelta(0)))),
        (time(1), time(1)),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (MISSING, MISSING),
    ],
)
def test_values_that_are_the_same(one, other):
    assert same_value(one, other)
    assert same_value(other, one)


JSON = st.recursive(
    st.integers() | st.floats() | st.booleans() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(JSON)
def test_a_value_is_the_same_as_its_copy(value):
    from copy import deepcopy

    assert same_value(value, deepcopy(value))


def test_what_is_missing_is_false_and_says_so():
    assert not MISSING
    assert repr(MISSING) == "MISSING"


@together(
    ("value", "name"),
    [
        ("", "a string"),
        (True, "a boolean"),
        (1, "an integer"),
        (1.0, "a float"),
        ([], "an array"),
        ({}, "a table"),
        (NOON, "a date-time"),
        (LOCAL, "a local date-time"),
        (date(2024, 1, 1), "a local date"),
        (time(1), "a local time"),
        (MISSING, "a _Missing"),
    ],
)
def test_types_are_named_as_toml_names_them(value, name):
    assert described(value) == name
    assert name.endswith(type_name(value))


def test_what_headers_can_spell():
    assert is_array_of_tables([{}, {"a": 1}])
    assert not is_array_of_tables([])
    assert not is_array_of_tables([{}, 1])
    assert not is_array_of_tables({})


def test_a_value_is_found_at_its_path():
    assert value_at({"a": [{"b": 1}]}, KeyPath(["a", 0, "b"])) == 1
    assert value_at({"a": 1}, KeyPath()) == {"a": 1}


def test_what_a_table_has_of_another_type_is_passed_over():
    table = {"text": "a", "number": 1, "table": {"b": 1}, "tables": [{"c": 1}, 2]}
    assert [text_in(table, key) for key in ("text", "number", "none")] == ["a", "", ""]
    assert [table_in(table, key) for key in ("table", "tables", "none")] == [{"b": 1}, {}, {}]
    assert [tables_in(table, key) for key in ("tables", "table", "none")] == [[{"c": 1}], [], []]


def test_a_table_that_holds_only_tables_says_nothing_of_its_own():
    only = [{"a": {}}, {"a": {"b": 1}, "c": [{}]}, [{}], [{"a": 1}, {}]]
    more = [{}, [], {"a": 1}, {"a": {}, "b": 1}, {"a": []}, {"a": [{}, 1]}, [{}, 1], 1, "a"]
    assert [holds_only_tables(value) for value in only] == [True] * len(only)
    assert [holds_only_tables(value) for value in more] == [False] * len(more)


def test_a_changed_copy_shares_all_that_is_not_on_the_way():
    root = {"a": [{"b": 1}, {"c": [2]}], "d": {"e": 3}}
    found = changed_copy(root, ("a", 1, "c"), lambda table: table.update(c=4))
    assert found == {"a": [{"b": 1}, {"c": 4}], "d": {"e": 3}}
    assert root == {"a": [{"b": 1}, {"c": [2]}], "d": {"e": 3}}
    assert found["d"] is root["d"]
    assert found["a"][0] is root["a"][0]
    assert changed_copy({"a": 1}, ("a",), lambda table: table.pop("a")) == {}


def test_the_entries_of_a_value_have_keys_or_indexes():
    assert children({"a": 1, "b": [2]}) == [("a", 1), ("b", [2])]
    assert children(["x", {}]) == [(0, "x"), (1, {})]
    assert children("x") == []


def test_an_armor_is_known_by_its_beginning():
    assert is_armored("x\n-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert not is_armored("-----BEGIN-----")
