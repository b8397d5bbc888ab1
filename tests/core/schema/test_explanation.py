"""What a schema says about a key, with all there is to say: whole answers."""

from __future__ import annotations

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.schema.explanation import Child, Explanation, Variant, explain
from sessionctl.core.schema.model import Schema
from sessionctl.errors import KeyNotFoundError
from tests.together import together

SCHEMA = Schema(
    {
        "type": "object",
        "description": "All of it. And more.",
        "required": ["name"],
        "properties": {
            "name": {
                "type": "string", "description": "The name. Of the thing.", "minLength": 1,
                "maxLength": 9, "default": "x", "examples": ["a", "b"],
            },
            "size": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
            "at least": {"type": "number", "minimum": 2},
            "most": {"type": "integer", "maximum": 5},
            "above": {"exclusiveMinimum": 0},
            "below": {"exclusiveMaximum": 1},
            "full": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            "few": {"type": "array", "maxItems": 3, "items": {"type": "integer"}},
            "long": {"type": "string", "minLength": 2},
            "kind": {"enum": ["a", 1], "x-expected": "a kind", "x-merge": "atomic"},
            "fixed": {"const": True},
            "url": {"type": "string", "format": "uri", "x-volatile": True, "x-merge": "newest"},
            "when": {"type": "string", "format": "date"},
            "odd": {"type": "string", "format": "iri"},
            "password": {"type": "string", "format": "password", "writeOnly": True},
            "either": {
                "oneOf": [{"type": "string"}, {"title": "a list", "type": "array"},
                          {"$ref": "#/$defs/flag"}],
            },
            "items": {
                "type": "array", "x-item-key": "id", "x-merge": "list",
                "items": {"$ref": "#/$defs/item"},
            },
            "free": {"type": "object", "additionalProperties": {"$ref": "#/$defs/flag"}},
            "shape": {
                "type": "object",
                "oneOf": [
                    {"title": "circle", "required": ["r"],
                     "properties": {"r": {"type": "number"}, "of": {"const": "circle"}}},
                    {"title": "square", "properties": {"r": {"type": "string"}, "a b": {}}},
                ],
            },
        },
        "$defs": {
            "flag": {"type": "boolean", "description": "On or off"},
            "item": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "n": {"$ref": "#/$defs/flag"}}},
        },
    }
)  # fmt: skip


def variant(**how):
    """Return a variant with what is given, all else as of a key without a word."""
    plain = Variant("", "", "", required=False, default=None, allowed=(), examples=(), notes=())
    return plain._replace(**how)


@together(
    "key, expected",
    [
        ("name", variant(
            type="a string", description="The name. Of the thing.", required=True, default="x",
            examples=("a", "b"), notes=("from 1 to 9 characters",))),
        ("size", variant(type="an integer or nothing", notes=("from 1 to 5",))),
        ('"at least"', variant(type="a number", notes=("at least 2",))),
        ("most", variant(type="an integer", notes=("at most 5",))),
        ("above", variant(notes=("above 0",))),
        ("below", variant(notes=("below 1",))),
        ("full", variant(type="an array of strings", notes=("must not be empty",))),
        ("few", variant(type="an array of integers", notes=("at most 3 items",))),
        ("long", variant(type="a string", notes=("at least 2 characters",))),
        ("kind", variant(
            allowed=("a", 1), notes=("must be a kind", "merges as a whole"))),
        ("fixed", variant(type="a boolean", allowed=(True,))),
        ("url", variant(type="a string", notes=(
            "must be a URI such as https://example.org/a",
            "is volatile: kept outside the committed file", "merges to the later time"))),
        ("when", variant(type="a string")),
        ("odd", variant(type="a string", notes=('its format "iri" is not checked',))),
        ("password", variant(
            type="a string", notes=("is secret: the file holds only a reference",))),
        ("either", variant(type="a string, a list or true or false", description="On or off")),
        ("items", variant(type="an array of tables", notes=(
            "items are known by their id", "merges item by item, in order"))),
        ("items[3].id", variant(type="a string", required=True)),
        ("items.n", variant(type="true or false", description="On or off")),
        ("free.any", variant(type="true or false", description="On or off")),
        ("shape.of", variant(type="a string", allowed=("circle",))),
    ],
)  # fmt: skip
def test_a_key_is_explained(key, expected):
    path = KeyPath.parse(key)
    found = explain(SCHEMA, path)
    assert (found.path, found.variants) == (path, (expected,))


def test_a_key_of_two_kinds_of_tables_has_two_meanings():
    assert explain(SCHEMA, KeyPath(["shape", "r"])).variants == (
        variant(owner="circle", type="a number", required=True),
        variant(owner="square", type="a string"),
    )


@together(
    "key, children",
    [
        ("items", [("id", "a string", "", True), ("n", "true or false", "On or off", False)]),
        ("items[0]", [("id", "a string", "", True), ("n", "true or false", "On or off", False)]),
        ("free", [("NAME", "true or false", "On or off", False)]),
        ("shape", [("r", "a number", "", False), ("of", "a string", "", False),
                   ('"a b"', "", "", False)]),
        ("name", []),
    ],
)  # fmt: skip
def test_the_keys_of_a_table_are_listed(key, children):
    found = explain(SCHEMA, KeyPath.parse(key)).children
    assert found == tuple(Child(*child) for child in children)


def test_the_whole_has_its_own_words():
    found = explain(SCHEMA, KeyPath())
    assert found == Explanation(
        KeyPath(),
        (variant(type="a table", description="All of it. And more."),),
        found.children,
    )
    assert found.children[0] == Child("name", "a string", "The name.", required=True)
    assert len(found.children) == 19


@together(
    "key, message, hint",
    [
        ("nam", "nam: a session has no key nam", "did you mean name?"),
        ("items.idd", 'items.idd: "items" has no key idd', "did you mean items.id?"),
        ("items[0].x.y", 'items[0].x.y: "items[0]" has no key x', "known keys: id, n"),
        ("name.x", 'name.x: "name" has no key x', 'what is in "name" is of your own choice'),
    ],
)
def test_a_key_that_the_schema_does_not_know_has_near_ones(key, message, hint):
    with pytest.raises(KeyNotFoundError) as caught:
        explain(SCHEMA, KeyPath.parse(key))
    assert caught.value.message == message
    assert tuple(caught.value.hints) == (hint,)
