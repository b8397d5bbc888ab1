"""JSON Patch: what it does to a value is what the diff tells."""

from __future__ import annotations

import copy
from itertools import permutations, product

import pytest
from hypothesis import given

from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.json_patch import json_patch, json_pointer
from sessionctl.core.keypath import KeyPath
from sessionctl.core.render.masked_diff import Mask
from sessionctl.core.values import same_value
from tests.strategies import documents, edit_pairs
from tests.world import IN_CI


def carry_out(value, operations):
    """Apply a JSON Patch as RFC 6902 says, with no code of ours."""
    value = copy.deepcopy(value)

    def find(pointer):
        parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        inner = value
        for part in parts[:-1]:
            inner = inner[int(part)] if isinstance(inner, list) else inner[part]
        return inner, int(parts[-1]) if isinstance(inner, list) else parts[-1]

    def add(pointer, new):
        inner, key = find(pointer)
        if isinstance(inner, list):
            assert 0 <= key <= len(inner)
            inner.insert(key, new)
        else:
            assert key not in inner
            inner[key] = new

    for operation in operations:
        match operation:
            case {"op": "add", "path": path, "value": new}:
                add(path, copy.deepcopy(new))
            case {"op": "remove", "path": path}:
                inner, key = find(path)
                del inner[key]
            case {"op": "replace", "path": path, "value": new}:
                inner, key = find(path)
                assert inner[key] is not None
                inner[key] = copy.deepcopy(new)
            case {"op": "move", "from": origin, "path": path}:
                inner, key = find(origin)
                add(path, inner.pop(key))
            case _:
                raise AssertionError(operation)
    return value


@given(edit_pairs(most=6))
def test_the_json_patch_of_a_diff_makes_after_of_before(pair):
    found = diff(*pair)
    assert same_value(carry_out(found.before.value, json_patch(found)), found.after.value)


@given(documents(), documents())
def test_the_json_patch_of_two_strangers_makes_one_of_the_other(before, after):
    found = diff(before, after)
    assert same_value(carry_out(found.before.value, json_patch(found)), found.after.value)


def test_the_json_patch_between_any_two_short_arrays_makes_one_of_the_other():
    items = (1, 2, 3, 4) if IN_CI else (1, 2, 3)
    sizes = range(len(items) + 1)
    arrays = [{"v": list(v)} for size in sizes for v in permutations(items, size)]
    for before, after in product(arrays, repeat=2):
        found = diff(f"v = {before['v']}", f"v = {after['v']}")
        assert carry_out(before, json_patch(found)) == after


@pytest.mark.parametrize(
    ("before", "after", "operations"),
    [
        ("a = 1", "a = 1 # x", []),
        ("a = 1", "a = 2", [{"op": "replace", "path": "/a", "value": 2}]),
        ("a.b = 1", "a = {}", [{"op": "remove", "path": "/a/b"}]),
        ("a = [1, 2]", "a = [2, 1]", [{"op": "move", "from": "/a/0", "path": "/a/1"}]),
        ("a = [1]", "a = [2, 3]", [{"op": "replace", "path": "/a", "value": [2, 3]}]),
        (
            "[o]\na = 1\nb = 2",
            "[n]\na = 1\nb = 2",
            [{"op": "move", "from": "/o", "path": "/n"}],
        ),
        (
            "v = [1, 2, 3]",
            "v = [2, 4, 3, 3]",
            [
                {"op": "remove", "path": "/v/0"},
                {"op": "add", "path": "/v/1", "value": 4},
                {"op": "add", "path": "/v/2", "value": 3},
            ],
        ),
    ],
)
def test_operations_are_those_of_the_rfc(before, after, operations):
    assert json_patch(diff(before, after)) == operations


def test_a_pointer_escapes_slash_and_tilde():
    assert json_pointer(KeyPath(["a/b", 0, "~1"])) == "/a~1b/0/~01"


def test_secrets_can_be_masked():
    found = diff('port = 1\n[c]\npassword = "x"', 'port = 2\n[c]\npassword = "y"')
    values = [operation["value"] for operation in json_patch(found, Mask().value)]
    assert values == ["***", 2]


def test_keys_are_removed_in_the_order_of_the_changes():
    names = [f"key{number}" for number in (5, 3, 9, 1, 7, 0, 2)]
    found = json_patch(diff("".join(f"{name} = 1\n" for name in names), ""))
    assert found == [{"op": "remove", "path": f"/{name}"} for name in names]
