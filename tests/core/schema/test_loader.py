"""Which schemas can be used: stock jsonschema is the oracle, and the words are compared whole."""

from __future__ import annotations

import pytest

from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.words.absent_schema import way_to_add
from sessionctl.errors import SessionctlError
from tests.core.schema.check.test_application import NEWEST, VALIDATORS
from tests.hostile_schemas import DRAFT_07
from tests.together import together

# Of annotations the form does not matter.
KEYWORDS = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "propertyNames",
    "required",
    "then",
    "type",
    "uniqueItems",
    "definitions",
    "$id",
]
NEW = [
    "dependentRequired",
    "dependentSchemas",
    "items",
    "maxContains",
    "minContains",
    "prefixItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$defs",
    "$anchor",
]
OLD = ["additionalItems", "dependencies"]
VALUES = [
    1, 0, -1, 1.5, 2.0, True, "x", "string", [], {}, ["a"], ["a", "a"], ["string"], [{}], [1],
    {"a": 1}, {"a": {}}, {"a": ["b"]}, {"a": ["b", "b"]}, {"a": True}, None,
]  # fmt: skip


@together("draft, keywords", [(NEWEST, KEYWORDS + NEW), (DRAFT_07, KEYWORDS + OLD)])
def test_a_keyword_has_the_form_that_its_draft_says(draft, keywords):
    stock = VALIDATORS[draft](VALIDATORS[draft].META_SCHEMA)
    for keyword in keywords:
        for value in VALUES:
            schema = {"$schema": draft, keyword: value}
            if stock.is_valid(schema):
                load_schema(schema)
            else:
                with pytest.raises(SessionctlError, match="not a JSON Schema: #/"):
                    load_schema(schema)


FORM = "s.json: not a JSON Schema: #/"
NEVER = "which is not in it; schemas are never fetched"
DRAFT_4 = 'add its draft: "$schema": "http://json-schema.org/draft-04/schema#"'
DRAFT_7 = 'add its draft: "$schema": "http://json-schema.org/draft-07/schema#"'
COPY = 'put that schema under "$defs" of s.json, with "$id": "https://x.org/y.json"'


def nested(depth):
    schema = {}
    for _ in range(depth):
        schema = {"items": schema}
    return schema


@together(
    "schema, message, hints",
    [
        (3, "s.json: not a JSON Schema: expected an object at the top", ()),
        ({"$schema": "x"}, 's.json: "$schema" names no draft that is known',
         ('drafts 4, 6, 7, 2019-09 and 2020-12 are; such as "$schema": "' + NEWEST + '"',)),
        ({"type": "text"},
         FORM + 'type: expected one of "array", "boolean", "integer", "null", "number", "object" or'
         ' "string", got "text"', ()),
        ({"properties": {"a": {"minimum": "x"}}},
         FORM + 'properties/a/minimum: expected a number, got "x"', ()),
        ({"allOf": [{"required": ["a", "a"]}]},
         FORM + "allOf/0/required: the items [0] and [1] are the same", ()),
        ({"minLength": -1}, FORM + "minLength: expected a number of at least 0, got -1", ()),
        ({"multipleOf": 0}, FORM + "multipleOf: expected a number above 0, got 0", ()),
        ({"anyOf": []}, FORM + "anyOf: has no items", ()),
        ({"exclusiveMinimum": True, "minimum": 1},
         FORM + "exclusiveMinimum: expected a number, got true", (DRAFT_4,)),
        ({"dependentRequired": {"a": "b"}},
         FORM + 'dependentRequired/a: expected an array, got "b"', (DRAFT_7,)),
        ({"$schema": NEWEST, "exclusiveMinimum": True},
         FORM + "exclusiveMinimum: expected a number, got true", ()),
        ({"$ref": "#/x"}, f"s.json: #/$ref: refers to /x, {NEVER}", ()),
        ({"properties": {"a": {"$ref": "other.json#/x"}}},
         f"s.json: #/properties/a/$ref: refers to other.json, {NEVER}", ()),
        ({"id": "http://x/y", "$ref": "#/x"}, f"s.json: #/$ref: refers to /x, {NEVER}", (DRAFT_4,)),
        ({"$ref": "https://x.org/y.json"},
         f"s.json: #/$ref: refers to https://x.org/y.json, {NEVER}", (COPY,)),
        ({"allOf": [{"$ref": "https://x.org/y.json"}, {"$ref": "https://x.org/z.json"}]},
         f"s.json: #/allOf/0/$ref: refers to https://x.org/y.json, {NEVER}", (COPY,)),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "https://x.org/y.json"}}},
         f"s.json: #/$defs/a/$ref: refers to https://x.org/y.json, {NEVER}", (COPY,)),
        ({"$id": "http://[", "$ref": "a"}, "s.json: its references cannot be followed", ()),
        (nested(100),
         "s.json: not a JSON Schema that can be used: nested deeper than 100 levels",
         ("give its parts names under $defs, and refer to them",)),
        ({"allOf": [{"enum": [{"a": nested(99)}]}]},
         "s.json: not a JSON Schema that can be used: nested deeper than 100 levels",
         ("give its parts names under $defs, and refer to them",)),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_schema_that_cannot_be_used_says_why(schema, message, hints):
    with pytest.raises(SessionctlError) as caught:
        load_schema(schema, "s.json")
    assert (caught.value.message, tuple(caught.value.hints)) == (message, hints)


@together(
    "schema",
    [
        nested(99),
        {"enum": [nested(96)]},
        # Something is left to check beside what is not at hand.
        {"$ref": "https://x.org/y.json", "type": "object"},
        {"allOf": [{"$ref": "https://x.org/y.json"}, {"type": "object"}]},
        {"properties": {"a": {"$ref": "https://x.org/y.json"}}},
        {"pattern": "("},
    ],
    ids=lambda schema: str(schema)[:60],
)
def test_a_schema_that_says_something_is_used(schema):
    assert load_schema(schema, "s.json").name == "s.json"


@together(
    "address, name, reads_files, words",
    [
        ("https://x.org/a/y.json", "s.json", True, "save that schema as x.org/a/y.json"),
        ("https://x.org/a/y.json", "d/e/s.json", True, "save that schema as d/e/x.org/a/y.json"),
        ("https://x.org/y.json", "/s.json", True, "save that schema as /x.org/y.json"),
        ("https://x.org/y.json", "s.json", False,
         'put that schema under "$defs" of s.json, with "$id": "https://x.org/y.json"'),
        ("https://x.org/y?a=1", "d/s.json", True,
         'put that schema under "$defs" of d/s.json, with "$id": "https://x.org/y?a=1"'),
        ("urn:x", "s.json", True, ""),
    ],
)  # fmt: skip
def test_the_hint_says_how_a_schema_of_the_network_is_added(address, name, reads_files, words):
    assert way_to_add(address, name, reads_files=reads_files) == words
