"""Variables and options that a live session writes into its document: only what differs."""

from __future__ import annotations

import copy

from sessionctl.core.session.session import SecretRef
from sessionctl.core.workspace.mapping.value_maps import put, put_env, put_options
from tests.together import together

SECRET = SecretRef("s")
REFERENCE = {"secret": "s"}


# What the document has, what it asks for, what is live, what both agreed on before; the result.
@together(
    "has, asked, live, before, written",
    [
        (None, {}, {}, None, None),
        ({}, {}, {}, None, {}),
        (None, {}, {"A": "1"}, None, {"A": "1"}),
        ({"A": "1"}, {"A": "1"}, {"A": "1"}, None, {"A": "1"}),
        ({"A": "1"}, {"A": "1"}, {"A": "2", "B": None}, None, {"A": "2", "B": False}),
        ({"A": "1"}, {"A": "1"}, {}, None, {"A": "1"}),
        # with what both agreed on, what went is removed, and what stayed live is no change
        ({"A": "1"}, {"A": "1"}, {}, {"A": "1"}, {}),
        ({"A": "1"}, {"A": "1"}, {}, {"B": "1"}, {"A": "1"}),
        (None, {}, {}, {"B": "1"}, None),
        ({"A": "2"}, {"A": "2"}, {"A": "1"}, {"A": "1"}, {"A": "2"}),
        ({"A": "2"}, {"A": "2"}, {"A": "3"}, {"A": "1"}, {"A": "3"}),
        ({}, {}, {"A": "1"}, {"A": "1"}, {}),
        ({}, {}, {"A": "1", "B": "1"}, {"A": "1"}, {"B": "1"}),
        # a reference to a secret is never live, and its value is not written
        ({"A": REFERENCE}, {"A": SECRET}, {"A": "hunter2"}, None, {"A": REFERENCE}),
        ({"A": "1"}, {"A": "1"}, {"A": "hunter2"}, {"A": SECRET}, {"A": "1"}),
        ({"A": "1"}, {"A": SECRET}, {"A": "2"}, {"A": "1"}, {"A": "1"}),
        # what is no table
        ("x", {}, {"A": "1"}, None, {"A": "1"}),
        ("x", {}, {}, None, {}),
    ],
)
def test_variables_that_differ_are_written(has, asked, live, before, written):
    old = {} if has is None else {"env": has}
    table = copy.deepcopy(old)
    put_env(table, asked, live, before)
    assert table == ({} if written is None else {"env": written})
    assert old == ({} if has is None else {"env": has})


def test_variables_are_only_removed_where_they_may_be():
    for may_remove, left in ((True, {}), (False, {"A": "1"})):
        table = {"env": {"A": "1"}}
        put_env(table, {"A": "1"}, {}, {"A": "1"}, may_remove=may_remove)
        assert table == {"env": left}


@together(
    "has, asked, live, before, written",
    [
        ({"m": True}, {"m": True}, {"m": "on"}, None, {"m": True}),
        ({"m": True}, {"m": True}, {"m": "off"}, None, {"m": "off"}),
        ({"n": 1}, {"n": 1}, {"n": "2", "l": ("a", "b")}, None, {"n": "2", "l": ["a", "b"]}),
        ({"n": 1}, {"n": 1}, {"n": "2"}, {"n": 2}, {"n": 1}),
        ({"n": 1}, {"n": 1}, {}, {"n": 1}, {}),
        ({"n": "1"}, {"n": "1"}, {"n": 2, "l": 3}, {"n": 1}, {"n": "2", "l": 3}),
        ({"n": "x"}, {"n": "x"}, {"n": True}, None, {"n": True}),
    ],
)
def test_options_that_differ_are_written(has, asked, live, before, written):
    table = {"options": has}
    put_options(table, asked, live, before)
    assert table == {"options": written}


def test_a_value_is_set_or_removed():
    table = {"a": 1}
    put(table, "a", None)
    put(table, "b", None)
    put(table, "c", 0)
    assert table == {"c": 0}
