"""Any draft, against stock jsonschema as the oracle."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.words.report import findings
from sessionctl.errors import SessionctlError
from tests.hostile_schemas import DRAFT_2019
from tests.together import together

VALIDATORS = {
    "http://json-schema.org/draft-04/schema#": jsonschema.Draft4Validator,
    "http://json-schema.org/draft-06/schema#": jsonschema.Draft6Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
}
NEWEST = "https://json-schema.org/draft/2020-12/schema"
DEFINED = {
    "i": {"type": "integer"},
    "o": {"type": "object", "properties": {"a": {"type": "string"}}},
    "r": {"properties": {"a": {"$ref": "#/definitions/r"}}, "maxProperties": 2},
    "named": {"$anchor": "named", "minimum": 1},
}

values = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "ab", "b1", 0.5])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["a", "b", "ab", "c"]), inner, max_size=4),
    ),
    max_leaves=8,
)
leaves = st.sampled_from([
    {"type": "string"}, {"type": "integer"}, {"type": "object"}, {"type": ["array", "boolean"]},
    {"enum": ["a", 1, [1], {"a": 1}]}, {"minimum": 1}, {"required": ["a"]}, {"maxLength": 1},
    {"pattern": "^a"}, {"minItems": 1}, {"$ref": "#/definitions/i"}, {"$ref": "#/definitions/o"},
    {"$ref": "#/definitions/r"}, {"uniqueItems": True}, {"multipleOf": 2},
])  # fmt: skip


def keywords(inner):
    by_key = st.dictionaries(st.sampled_from(["a", "b", "ab"]), inner, min_size=1, max_size=2)
    some = st.lists(inner, min_size=1, max_size=3)
    names = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=2, unique=True)
    return st.fixed_dictionaries(
        {},
        optional={
            "properties": by_key,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner, max_size=2),
            "additionalProperties": st.one_of(st.booleans(), inner),
            "propertyNames": inner,
            "dependencies": st.dictionaries(
                st.sampled_from(["a", "b"]), st.one_of(inner, names), max_size=2
            ),
            "dependentSchemas": by_key,
            "dependentRequired": st.dictionaries(st.sampled_from(["a", "b"]), names, max_size=2),
            "required": names,
            "items": inner,
            "additionalItems": st.one_of(st.booleans(), inner),
            "prefixItems": some,
            "contains": inner,
            "minContains": st.integers(0, 2),
            "maxContains": st.integers(0, 2),
            "unevaluatedItems": st.one_of(st.booleans(), inner),
            "unevaluatedProperties": st.one_of(st.booleans(), inner),
            "const": st.sampled_from(["a", 1, [1], {"a": 1}, True]),
            "enum": st.just(["a", 2, True, [], {"b": 1}]),
            "allOf": some,
            "anyOf": some,
            "oneOf": some,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


schemas = st.recursive(leaves, keywords, max_leaves=8)


def verdict_of(schema, value):
    """Return our verdict; None: the schema is none under its draft."""
    try:
        loaded = load_schema(schema)
    except SessionctlError:
        return None
    loaded.begin(100_000)
    found = findings(loaded, value)
    assert loaded.accepts(value) is not found or not found
    assert bool(found) is not loaded.accepts(value)
    return not found


@pytest.mark.parametrize("draft", VALIDATORS)
@given(schema=schemas, value=values)
def test_the_verdict_is_that_of_stock_jsonschema(draft, schema, value):
    whole = {"$schema": draft, "definitions": DEFINED, "allOf": [schema]}
    try:
        VALIDATORS[draft].check_schema(whole)
    except jsonschema.SchemaError:
        return
    assert verdict_of(whole, value) == VALIDATORS[draft](whole).is_valid(value)


@given(schema=schemas, value=values)
def test_items_one_by_one_are_those_of_stock_jsonschema(schema, value):
    for draft in list(VALIDATORS)[:4]:
        whole = {
            "$schema": draft,
            "definitions": DEFINED,
            "items": [schema, {"type": "string"}],
            "additionalItems": schema,
        }
        try:
            VALIDATORS[draft].check_schema(whole)
        except jsonschema.SchemaError:
            continue
        assert verdict_of(whole, value) == VALIDATORS[draft](whole).is_valid(value)


DYNAMIC = {
    "$id": "https://x.example/strict",
    "$dynamicAnchor": "node",
    "$ref": "tree",
    "unevaluatedProperties": False,
    "$defs": {
        "tree": {
            "$id": "tree",
            "$dynamicAnchor": "node",
            "properties": {"a": {"type": "array", "items": {"$dynamicRef": "#node"}}, "b": True},
        }
    },
}
RECURSIVE = {
    "$schema": "https://json-schema.org/draft/2019-09/schema",
    "$id": "https://x.example/strict",
    "$recursiveAnchor": True,
    "$ref": "tree",
    "unevaluatedProperties": False,
    "$defs": {
        "tree": {
            "$id": "tree",
            "$recursiveAnchor": True,
            "properties": {"a": {"type": "array", "items": {"$recursiveRef": "#"}}, "b": True},
        }
    },
}


@given(values)
def test_references_that_others_extend_lead_where_jsonschema_says(value):
    for schema in (DYNAMIC, RECURSIVE):
        draft = schema.get("$schema", NEWEST)
        assert verdict_of(schema, value) == VALIDATORS[draft](schema).is_valid(value)


@pytest.mark.parametrize("schema", [DYNAMIC, RECURSIVE])
def test_an_extension_holds_at_every_level(schema):
    assert verdict_of(schema, {"a": [{"a": [{"b": 1}]}]})
    assert not verdict_of(schema, {"a": [{"a": [{"c": 1}]}]})
    for draft in VALIDATORS:
        assert verdict_of({"properties": {"a": {"$ref": draft}}}, {"a": {"type": "string"}})
        assert not verdict_of({"properties": {"a": {"$ref": draft}}}, {"a": {"type": "text"}})


INTEGER = {"type": "integer"}
CLOSED = {"properties": {"a": {"$recursiveRef": "#"}}, "additionalProperties": False}
TREES = ({"a": {}}, {"a": {"b": 1}}, {"a": 1}, {"a": {"a": {"c": 1}}}, {"b": {}})


@together(
    "draft, schema, values",
    [
        (NEWEST, {"$dynamicRef": "#/$defs/n", "$defs": {"n": INTEGER}}, (1, "x")),
        (NEWEST, {"$dynamicRef": "#/$defs/n", "$defs": {"n": False}}, (1, "x")),
        (NEWEST, {"$dynamicRef": "#n", "$defs": {"n": {"$anchor": "n", **INTEGER}}}, (1, "x")),
        (NEWEST, {"$dynamicRef": "#n", "$defs": {"n": {"$dynamicAnchor": "n", **INTEGER}}},
         (1, "x")),
        (NEWEST, {"$dynamicRef": "#n", "$defs": {"n": {"$dynamicAnchor": "m", "$anchor": "n",
                                                       **INTEGER}}}, (1, "x")),
        (DRAFT_2019, CLOSED, TREES),
        (DRAFT_2019, {"$recursiveAnchor": True, **CLOSED}, TREES),
        (DRAFT_2019, {"$recursiveAnchor": False, **CLOSED}, TREES),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_a_reference_that_may_be_dynamic_and_is_not_is_a_plain_one(draft, schema, values):
    data = {"$schema": draft, **schema}
    stock, ours = VALIDATORS[draft](data), load_schema(data)
    for value in values:
        ours.begin(1000)
        assert ours.accepts(value) is stock.is_valid(value), value
        assert bool(findings(ours, value)) is not stock.is_valid(value), value
