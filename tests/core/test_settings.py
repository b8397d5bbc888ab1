"""Which source decides about a setting."""

from __future__ import annotations

from sessionctl.core.settings import Origin, Setting, definitions, leaves, resolve

SCHEMA = {
    "properties": {
        "a": {
            "x-scope": "user",
            "properties": {"one": {"type": "integer", "default": 1}, "two": {"type": "array"}},
        },
        "b-c": {"type": "boolean", "default": False},
    }
}
KNOWN = definitions(SCHEMA)


def test_the_settings_are_the_leaves_of_the_schema():
    assert [(one.key, one.variable, one.for_projects) for one in KNOWN] == [
        ("a.one", "SESSIONCTL_A_ONE", False),
        ("a.two", "SESSIONCTL_A_TWO", False),
        ("b-c", "SESSIONCTL_B_C", True),
    ]


def test_a_later_layer_wins():
    user = [Setting("a.one", 2, Origin.USER, "f:1"), Setting("b-c", True, Origin.USER, "f:2")]
    given = [Setting("a.one", 3, Origin.ENVIRONMENT, "A")]
    settings = resolve(KNOWN, [user, given])
    assert settings["a.one"] == given[0]
    assert settings["b-c"] == user[1]
    assert settings.integer("a.one") == 3
    assert settings.boolean("b-c") is True
    assert ("a.one" in settings, "a.two" in settings) == (True, False)


def test_a_setting_that_nobody_sets_has_its_default():
    settings = resolve(KNOWN, [])
    assert settings.all == (Setting("a.one", 1), Setting("b-c", False))
    assert settings["a.one"].origin is Origin.DEFAULT


def test_the_settings_in_a_table_are_found_and_nothing_else():
    table = {"a": {"one": 5, "two": [1], "x": 1}, "b-c": {"y": 1}, "z": 1}
    assert list(leaves(table, KNOWN)) == [
        ("a.one", ("a", "one"), 5), ("a.two", ("a", "two"), [1]), ("b-c", ("b-c",), {"y": 1}),
    ]  # fmt: skip
