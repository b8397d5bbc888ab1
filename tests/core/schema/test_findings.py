"""Everything that is found in a value, by keyword: whole answers at the edges of each.

``golden/findings.txt`` has them: a part for each schema, and in it the values in which something
is found, with what: the path, what is pointed at, the rule, the message and the hint. The
verdicts alone are those of stock jsonschema, draft by draft.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.words.report import findings
from tests.core.schema.check.test_application import NEWEST, VALIDATORS
from tests.golden import parts_of
from tests.together import together
from tests.world import IN_CI

GOLDEN = parts_of(Path(__file__).parent / "golden" / "findings.txt")

STRING, NUMBER = {"type": "string"}, {"type": "integer"}
SCHEMAS = {
    "type": {"type": "string"},
    "types": {"type": ["integer", "null", "boolean"]},
    "a number": {"type": "number"},
    "nothing": {"properties": {"a": False}},
    "const": {"const": {"a": [1]}},
    "enum": {"enum": ["one", "two", 3, True]},
    "minimum": {"minimum": 2},
    "maximum": {"maximum": 2.5},
    "exclusiveMinimum": {"exclusiveMinimum": 2},
    "exclusiveMaximum": {"exclusiveMaximum": 2},
    "multipleOf": {"multipleOf": 0.5},
    "multipleOf an integer": {"multipleOf": 3},
    "minLength": {"minLength": 2},
    "maxLength": {"maxLength": 1},
    "pattern": {"pattern": "^a+$"},
    "format": {"format": "date"},
    "minItems": {"minItems": 2},
    "maxItems": {"maxItems": 1},
    "uniqueItems": {"uniqueItems": True},
    "uniqueItems that need not be": {"uniqueItems": False},
    "items": {"items": NUMBER},
    "prefixItems": {"prefixItems": [NUMBER, STRING], "items": {"type": "boolean"}},
    "contains": {"contains": NUMBER},
    "contains some": {"contains": NUMBER, "minContains": 2, "maxContains": 2},
    "contains none": {"contains": NUMBER, "minContains": 0},
    "minProperties": {"minProperties": 2},
    "maxProperties": {"maxProperties": 1},
    "required": {"required": ["a", "b"]},
    "properties": {"properties": {"a": NUMBER}},
    "additionalProperties": {"properties": {"alpha": True}, "additionalProperties": False},
    "additionalProperties of a kind": {
        "properties": {"a": True}, "patternProperties": {"^x": STRING},
        "additionalProperties": NUMBER,
    },
    "propertyNames": {"propertyNames": {"maxLength": 1}},
    "dependentRequired": {"dependentRequired": {"a": ["b", "c"]}},
    "dependentSchemas": {
        "dependentSchemas": {"a": {"required": ["b"], "properties": {"c": False}}}
    },
    "if": {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}},
    "not": {"not": {"type": "string"}},
    "allOf": {"allOf": [{"minimum": 1}, {"multipleOf": 2}]},
    "anyOf": {"anyOf": [NUMBER, {"type": "array", "items": NUMBER}]},
    "oneOf": {"oneOf": [{"minimum": 1}, {"maximum": 2}]},
    "$ref": {"$ref": "#/$defs/n", "$defs": {"n": NUMBER}},
    "unevaluatedProperties": {
        "allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False,
    },
    "unevaluatedItems": {"prefixItems": [True], "unevaluatedItems": NUMBER},
    "two things": {"properties": {"a": {"type": "string", "minLength": 2}}, "required": ["b"]},
    "propertyNames too short": {"propertyNames": {"minLength": 2}},
    "propertyNames of a form": {"propertyNames": {"pattern": "^[a-b]+$"}},
    "propertyNames of a format": {"propertyNames": {"format": "date"}},
    "propertyNames of some": {"propertyNames": {"enum": ["a", "alpha"]}},
    "propertyNames that are another": {"propertyNames": {"const": "ab"}},
    "propertyNames but one": {"propertyNames": {"not": {"const": "a"}}},
    "propertyNames of either": {"propertyNames": {"anyOf": [{"maxLength": 1}, {"pattern": "^x"}]}},
    "propertyNames of just one": {
        "propertyNames": {"oneOf": [{"maxLength": 1}, {"pattern": "^x"}]}
    },
    "errorMessage": {"type": "string", "errorMessage": "say it in words"},
    "errorMessage by keyword": {
        "type": "string", "minLength": 2, "pattern": "^t",
        "errorMessage": {"minLength": "a word at least", "_": "some other words"},
    },
    "patternErrorMessage": {"pattern": "^t", "patternErrorMessage": "begin with a t"},
    "dependencies of a branch": {"anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}]},
    "alternatives of one kind": {"anyOf": [{"minLength": 3}, {"maxLength": 0}, {"const": "b"}]},
    "minLength of one": {"minLength": 1},
    "minItems of one": {"minItems": 1},
    "minProperties of one": {"minProperties": 1},
}  # fmt: skip
VALUES = [
    "", "a", "aa", "b", "two", "2026-02-30", 0, 1, 2, 3, 2.5, 1.0, -1, True, [], [1], [1, 1],
    [1, "x"], [1, "x", True], [1, "x", 2], [True, 1, 1.0], {}, {"a": 1}, {"a": "x"}, {"b": 1},
    {"a": 1, "b": 2}, {"a": [1]}, {"a": 1, "c": 1}, {"ab": 1, "x1": 2}, {"alpa": 1},
]  # fmt: skip


def found(schema, value):
    """Return what is found, one line each, most of it as a person reads it."""
    loaded = load_schema(schema)
    loaded.begin(1000)
    lines = []
    for one in findings(loaded, value):
        at = "" if one.at == "value" else f" ({one.at})"
        hint = f" -- {one.hint}" if one.hint else ""
        lines.append(f"{one.path or '.'}{at}: {one.rule}: {one.message}{hint}")
    assert loaded.accepts(value) is not lines or not lines
    assert loaded.accepts(value) is (not lines)
    return lines


def described(schema):
    """Return what is found in each value; values in which the same is found share its lines."""
    by_lines = {}
    for value in VALUES:
        by_lines.setdefault(tuple(found(schema, value)), []).append(json.dumps(value))
    by_lines.pop((), None)
    return "".join(
        "".join(f"{text}\n" for text in [" ".join(values), *(f"    {line}" for line in lines)])
        for lines, values in by_lines.items()
    )


@together("title", SCHEMAS)
def test_what_is_found_is_said_with_its_place(title):
    assert described({"$schema": NEWEST, **SCHEMAS[title]}) == GOLDEN[title]


# The drafts that are much used every day, and the oldest; the others in CI.
_DAILY = [draft for draft in VALIDATORS if IN_CI or ("2019-09" not in draft and "06" not in draft)]


@together("draft", _DAILY)
def test_the_verdicts_are_those_of_stock_jsonschema_in_every_draft(draft):
    for title, keywords in SCHEMAS.items():
        schema = {"$schema": draft, **keywords}
        if "format" in title:
            continue  # which stock jsonschema does not check unless it is asked to
        try:
            VALIDATORS[draft].check_schema(schema)
        except jsonschema.SchemaError:
            continue
        stock, ours = VALIDATORS[draft](schema), load_schema(schema)
        for value in VALUES:
            if "1.0" in json.dumps(value):
                continue  # which is no integer in TOML
            ours.begin(1000)
            assert ours.accepts(value) is stock.is_valid(value), (title, value)
            assert bool(findings(ours, value)) is not ours.accepts(value), (title, value)
