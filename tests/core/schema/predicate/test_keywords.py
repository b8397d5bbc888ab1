"""Each keyword that has a predicate of its own: values at its edges, and the steps they cost."""

from __future__ import annotations

import pytest

from sessionctl.core.schema.check.application import Application
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.predicate.compilation import _MAKERS, compiled
from sessionctl.core.schema.predicate.predicates import Predicates
from tests.hostile_schemas import DRAFT_07
from tests.together import together

INTEGER = {"type": "integer"}
A = {"required": ["a"]}
# Of each keyword what it says, values that hold to it, and values that do not, each with its steps.
KEYWORDS = {
    "$ref": ({"$ref": "#/$defs/n", "$defs": {"n": INTEGER}}, [(1, 1)], [("x", 1), (True, 1)]),
    "type": ({"type": ["string", "array"]}, [("", 0), ([1], 0)], [(1, 0), ({}, 0), (True, 0)]),
    "const": ({"const": 1}, [(1, 0)], [(2, 0), (True, 0), ("1", 0)]),
    "enum": (
        {"enum": ["a", 1, False]}, [("a", 0), (1, 0), (False, 0)], [("b", 0), (0, 0), (True, 0)],
    ),
    "minimum": ({"minimum": 2}, [(2, 0), (2.5, 0), ("x", 0), (True, 0)], [(1, 0), (1.5, 0)]),
    "maximum": ({"maximum": 2}, [(2, 0), (1.5, 0), ([], 0), (True, 0)], [(3, 0), (2.5, 0)]),
    "exclusiveMinimum": (
        {"exclusiveMinimum": 2}, [(3, 0), (2.5, 0), (True, 0)], [(2, 0), (1, 0)],
    ),
    "exclusiveMaximum": (
        {"exclusiveMaximum": 0}, [(-1, 0), (-0.5, 0), (True, 0)], [(0, 0), (1, 0)],
    ),
    "minLength": ({"minLength": 2}, [("ab", 0), ([], 0)], [("a", 0), ("", 0)]),
    "maxLength": ({"maxLength": 1}, [("a", 0), ("", 0), ([1, 2], 0)], [("ab", 0)]),
    "minItems": ({"minItems": 1}, [([1], 0), ("", 0), ({}, 0)], [([], 0)]),
    "maxItems": ({"maxItems": 1}, [([1], 0), ([], 0), ("ab", 0)], [([1, 2], 0)]),
    "minProperties": ({"minProperties": 1}, [({"a": 1}, 0), ([], 0)], [({}, 0)]),
    "maxProperties": ({"maxProperties": 1}, [({"a": 1}, 0), ({}, 0)], [({"a": 1, "b": 1}, 0)]),
    "pattern": ({"pattern": "b$"}, [("ab", 1), (1, 0)], [("ba", 1), ("", 1)]),
    "format": ({"format": "date"}, [("2026-01-02", 0), (1, 0)], [("2026-02-30", 0), ("", 0)]),
    "items": ({"items": INTEGER}, [([], 1), ([1, 2], 3), ("x", 0)], [([1, "x"], 3)]),
    "prefixItems": (
        {"prefixItems": [INTEGER, True], "items": A},
        [([], 4), ([1], 5), ([1, 2], 6), ([1, 2, {"a": 1}], 9)], [(["x"], 3), ([1, 2, {}], 9)],
    ),
    "additionalItems": (
        {"$schema": DRAFT_07, "items": [True], "additionalItems": INTEGER},
        [([], 3), (["x"], 4), (["x", 1], 5)], [(["x", "y"], 5)],
    ),
    "contains": (
        {"contains": INTEGER, "minContains": 2, "maxContains": 3},
        [([1, 1], 3), ([1, "x", 1, 1], 5), ("x", 0)], [([1], 2), ([1, 1, 1, 1], 5), ([], 1)],
    ),
    "uniqueItems": (
        {"uniqueItems": True}, [([], 1), (["a", "b"], 3), ("aa", 0)], [(["a", "b", "a"], 4)],
    ),
    "properties": (
        {"properties": {"a": INTEGER, "b": A}},
        [({}, 1), ({"a": 1, "c": "x"}, 3), ({"b": {"a": 1}}, 4), ([], 0)], [({"a": "x"}, 2)],
    ),
    "additionalProperties": (
        {"properties": {"a": INTEGER}, "additionalProperties": A},
        [({"a": 1}, 2), ({"b": {"a": 1}}, 4), ({"b": 1}, 2)], [({"b": {}}, 4), ({"a": {}}, 2)],
    ),
    "patternProperties": (
        {"patternProperties": {"^x": INTEGER, "y$": A}, "properties": {"xz": {"minimum": 2}},
         "additionalProperties": {"type": "string"}},
        [({}, 1), ({"x": 1}, 6), ({"xz": 2}, 6), ({"y": {"a": 1}}, 8), ({"z": "s"}, 6),
         ({"xy": 1}, 6)],
        [({"x": "s"}, 6), ({"xz": 1}, 6), ({"y": {}}, 8), ({"z": 1}, 6), ({"xy": {"a": 1}}, 6)],
    ),
    "propertyNames": (
        {"propertyNames": {"maxLength": 1}}, [({}, 1), ({"a": 1, "b": 1}, 3)], [({"ab": 1}, 2)],
    ),
    "required": (
        {"required": ["a", "b"]}, [({"a": 1, "b": 1}, 3), ({"a": 1, "b": 1, "c": 1}, 3), ([], 0)],
        [({"a": 1}, 3), ({}, 3)],
    ),
    "dependentRequired": (
        {"dependentRequired": {"a": ["a", "b"], "c": []}},
        [({}, 5), ({"b": 1}, 5), ({"a": 1, "b": 1}, 5), ({"c": 1}, 5)], [({"a": 1, "c": 1}, 5)],
    ),
    "dependentSchemas": (
        {"dependentSchemas": {"a": A, "b": {"required": ["c"]}}},
        [({}, 3), ({"a": 1}, 5), ({"b": 1, "c": 1}, 5)], [({"b": 1}, 5), ({"a": 1, "b": 1}, 7)],
    ),
    "dependencies": (
        {"$schema": DRAFT_07, "dependencies": {"a": ["b"], "b": {"required": ["c"]}}},
        [({}, 4), ({"b": 1, "c": 1}, 6)], [({"a": 1}, 4), ({"b": 1}, 6), ({"a": 1, "b": 1}, 6)],
    ),
    "allOf": (
        {"allOf": [A, {"required": ["b"]}]}, [({"a": 1, "b": 1}, 7), ("x", 3)],
        [({"a": 1}, 7), ({"b": 1}, 5)],
    ),
    "anyOf": (
        {"anyOf": [A, {"required": ["b"]}]}, [({"a": 1}, 5), ({"b": 1}, 7), ("x", 3)], [({}, 7)],
    ),
    "oneOf": (
        {"oneOf": [A, {"required": ["b"]}]}, [({"a": 1}, 7), ({"b": 1}, 7)],
        [({"a": 1, "b": 1}, 7), ({}, 7), ("x", 3)],
    ),
    "not": ({"not": A}, [({}, 3)], [({"a": 1}, 3), ("x", 1)]),
    "if": (
        {"if": A, "then": {"required": ["b"]}, "else": {"required": ["c"]}},
        [({"a": 1, "b": 1}, 5), ({"c": 1}, 5), ("x", 1)], [({"a": 1, "c": 1}, 5), ({"b": 1}, 5)],
    ),
}  # fmt: skip


def checked_alone(*_arguments):
    raise AssertionError("left to the check keyword by keyword")


@together("keyword", KEYWORDS)
def test_a_keyword_is_checked_by_its_predicate_at_its_price(keyword, monkeypatch):
    schema, good, bad = KEYWORDS[keyword]
    for place in ((Predicates, "_rule"), (Application, "holds"), (Application, "meets")):
        monkeypatch.setattr(*place, checked_alone)
    run = load_schema(schema).application()
    predicates = compiled(run)
    for _ in range(2):  # what a predicate needs is made when a value first meets it
        for is_valid, values in ((True, good), (False, bad)):
            for value, _steps in values:
                assert predicates.accepts(value) is is_valid, value
    for value, steps in [*good, *bad]:
        before = run.budget._left
        predicates.accepts(value)
        assert before - run.budget._left == steps, value


@together(
    "schema, good, bad",
    [
        ({"minLength": 2, "maxLength": 3}, ["ab", "abc", 1], ["a", "abcd"]),
        ({"minLength": 2, "maxLength": 3, "pattern": "b"}, ["ab", "bbb"], ["b", "abcd", "aa"]),
        ({"minimum": 1, "maximum": 5, "exclusiveMaximum": 5, "enum": [1, 3, 5, 7]},
         [1, 3], [5, 7, 0, 2]),
        ({"type": "string", "minLength": 1, "not": False}, ["a"], ["", 1]),
        ({"type": "string", "minLength": 1, "allOf": [False]}, [], ["", "a", 1]),
        ({"minItems": 1, "maxItems": 2, "uniqueItems": True, "items": INTEGER},
         [[1], [1, 2]], [[], [1, 2, 3], ["a"], [1, "a"]]),
        ({"type": ["string", "integer"]}, ["a", 1], [True, [], {}]),
        ({}, ["a", 1, [], {}, 1.5, False], []),
    ],
)  # fmt: skip
def test_a_value_meets_all_keywords_of_its_kind(schema, good, bad, monkeypatch):
    monkeypatch.setattr(Predicates, "_rule", checked_alone)
    monkeypatch.setattr(Application, "holds", checked_alone)
    predicates = compiled(load_schema(schema).application())
    for value in good * 2:
        assert predicates.accepts(value), value
    for value in bad * 2:
        assert not predicates.accepts(value), value


def test_each_predicate_is_looked_at():
    assert set(KEYWORDS) == set(_MAKERS)


@pytest.mark.parametrize("values", [[({"a": 1}, {"a": 2})], [([1], [2])]])
def test_tables_arrays_and_mixed_items_are_left_to_the_check_of_the_keyword(values):
    for one, other in values:
        for schema in ({"const": one}, {"enum": [one]}):
            predicates = compiled(load_schema(schema).application())
            assert [predicates.accepts(value) for value in (one, other)] == [True, False]
    predicates = compiled(load_schema({"uniqueItems": True}).application())
    assert [predicates.accepts(value) for value in ([1, "1"], ["a", 1, 1])] == [True, False]
    assert compiled(load_schema({"uniqueItems": False}).application()).accepts(["a", "a"])
