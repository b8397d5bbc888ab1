"""Each keyword at its worst: the work that is done stays in proportion to the steps it is charged.

Work is counted in calls of functions, the same on any machine; what loops without being charged
goes beyond what the budget stands for at once.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from functools import cache

import pytest

from sessionctl.core.schema.check import budget as limits
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.reference.dialect import DRAFTS
from sessionctl.core.schema.verdict import validate
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError
from tests.hostile_schemas import DRAFT_07, DRAFT_2019, doubled, doubling

CALLS_PER_STEP = 12
"""A keyword that is met takes a handful of calls, the words for a mistake some more."""
SIZE = 2000

TABLES = "".join(f"[[x]]\na = {n}\nb = [{n}]\n" for n in range(SIZE))
KEYS = "".join(f"k{n} = {n}\n" for n in range(SIZE))
TEXTS = "".join(f'k{n} = "{"a" * 30}{n}"\n' for n in range(SIZE))
FLOATS = "".join(f"k{n} = {n}.1234567891\n" for n in range(SIZE))
ARRAY = f"x = [{', '.join(str(n) for n in range(SIZE))}, 0]\n"
TWICE = f"{TABLES}[[x]]\na = 1\nb = [1]\n"
ABSENT = [f"z{n}" for n in range(100)]
LONG = f'v = "{"ab" * 20_000}!"\n'
GROUPS = f"{'(a|' * 3000}b{')' * 3000}"
LONG_FORMS = [f'v = "{text}"\n' for text in ("a." * 20_000, GROUPS, "(a{1,99}){1,99}" * 500)]


def x(operand):
    return {"properties": {"x": operand}}


def each(operand):
    return {"additionalProperties": operand}


@cache
def wide(count=100):
    return [{"required": [f"z{n}"], "minProperties": n + 3} for n in range(count)]


CASES = {
    "$ref": [({"properties": {"x": {"items": {"$ref": "#/$defs/a0"}}},
              "$defs": {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(60)}
              | {"a60": {"type": "string"}}}, TABLES)],
    "$dynamicRef": [({"$dynamicAnchor": "n", "anyOf": [{"$dynamicRef": "#n"}] * 9}, KEYS)],
    "$recursiveRef": [({"$schema": DRAFT_2019, "$recursiveAnchor": True,
                        "anyOf": [{"$recursiveRef": "#"}] * 9}, KEYS)],
    "additionalItems": [
        ({"$schema": DRAFT_07, **x({"items": [{}], "additionalItems": False})}, TABLES),
    ],
    "additionalProperties": [
        ({"additionalProperties": False, "properties": {f"kx{n}": {} for n in range(SIZE)}}, KEYS),
        (each({"allOf": wide()}), KEYS),
    ],
    "allOf": [(x({"items": {"allOf": wide()}}), TABLES), (doubling("allOf"), KEYS)],
    "anyOf": [(x({"items": {"anyOf": wide()}}), TABLES),
              (doubling("anyOf", last={"type": "string"}), KEYS)],
    "const": [(x({"const": [{"a": n, "b": [n]} for n in range(SIZE + 1)]}), TABLES),
              (x({"items": {"allOf": [{"const": {"a": -n}} for n in range(100)]}}), TABLES)],
    "contains": [
        (x({"contains": {"anyOf": wide()}, "minContains": 3}), TABLES),
        (x({"allOf": [{"contains": {"required": [f"z{n}"]}} for n in range(300)]}), TABLES),
        (x({"anyOf": [{"contains": {"required": [f"z{n}"]}} for n in range(300)]}), TABLES),
        (doubled(lambda ref: {"contains": {"allOf": [ref, ref]}}), ARRAY),
    ],
    "dependencies": [({"$schema": DRAFT_07, "dependencies": {
        f"k{n}": ABSENT[:100] for n in range(SIZE)}}, KEYS)],
    "dependentRequired": [({"dependentRequired": {
        f"k{n}": ABSENT[:100] for n in range(SIZE)}}, KEYS)],
    "dependentSchemas": [
        ({"dependentSchemas": {f"k{n}": {"required": ABSENT[:50]}
                               for n in range(SIZE)}}, KEYS),
        (doubled(lambda ref: {"dependentSchemas": {"k1": ref, "k2": ref}}), KEYS),
    ],
    "enum": [(each({"enum": [f"{'a' * 30}{n}x" for n in range(SIZE)]}), TEXTS),
             (x({"items": {"enum": [{"a": -n, "b": [n]} for n in range(SIZE)]}}), TABLES)],
    "exclusiveMaximum": [(each({"allOf": [{"exclusiveMaximum": -n} for n in range(100)]}), KEYS)],
    "exclusiveMinimum": [
        (each({"allOf": [{"exclusiveMinimum": 9**99 + n} for n in range(100)]}), KEYS),
    ],
    "format": [
        (each({"format": name}), text)
        for name in ("regex", "email", "uri", "hostname", "ipv6", "duration", "date-time",
                     "json-pointer", "uuid", "time")
        for text in (LONG, TEXTS, *LONG_FORMS)
    ],
    "if": [(x({"items": {"if": {"anyOf": wide()}, "else": {"anyOf": wide()}}}), TABLES),
           (doubled(lambda ref: {"if": ref, "then": ref, "else": ref}), KEYS)],
    "items": [(x({"items": False}), TABLES), (x({"items": {"items": {"anyOf": wide()}}}), TABLES)],
    "maxContains": [(x({"contains": {"anyOf": [*wide(), {}]}, "maxContains": 1}), TABLES)],
    "maxItems": [(x({"allOf": [{"maxItems": n} for n in range(SIZE)]}), TABLES)],
    "maxLength": [(each({"allOf": [{"maxLength": n} for n in range(30)]}), TEXTS)],
    "maxProperties": [({"allOf": [{"maxProperties": n} for n in range(SIZE)]}, KEYS)],
    "maximum": [(each({"allOf": [{"maximum": -n - 1} for n in range(100)]}), KEYS)],
    "minContains": [
        (x({"contains": {"type": "object"}, "minContains": SIZE + 1}), TABLES),
        (x({"contains": {"properties": {"a": {"enum": [-n for n in range(SIZE)]}}},
            "minContains": SIZE}), TABLES),
        (x({"contains": {"properties": {"b": {"contains": {"anyOf": wide()}, "minContains": 2}}},
            "minContains": SIZE}), TABLES),
        (x({"not": {"contains": {"not": {"anyOf": wide()}}, "minContains": SIZE // 2}}), TABLES),
    ],
    "minItems": [(x({"allOf": [{"minItems": 9**9 + n} for n in range(SIZE)]}), TABLES)],
    "minLength": [(each({"allOf": [{"minLength": 999 + n} for n in range(100)]}), TEXTS)],
    "minProperties": [({"allOf": [{"minProperties": 9**9 + n} for n in range(SIZE)]}, KEYS)],
    "minimum": [(each({"allOf": [{"minimum": 9**9 + n} for n in range(100)]}), KEYS)],
    "multipleOf": [(each({"allOf": [{"multipleOf": 1e-7 * n} for n in range(3, 30)]}), FLOATS),
                   (each({"multipleOf": 10**4000}), KEYS)],
    "not": [(x({"items": {"not": {"allOf": [{"type": "object"}] * 100}}}), TABLES),
            (x({"items": {"not": {"anyOf": [*wide(), {}]}}}), TABLES)],
    "oneOf": [(x({"items": {"oneOf": wide()}}), TABLES), (doubling("oneOf"), KEYS),
              (x({"items": {"oneOf": [{"properties": {"a": {"const": -n}}} for n in range(100)]}}),
               TABLES)],
    "pattern": [(each({"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}), TEXTS),
                (each({"pattern": "^(a+)+$"}), LONG)],
    "patternProperties": [
        ({"patternProperties": {f"^k{n}x": {} for n in range(200)}}, KEYS),
        ({"properties": {f"k{n}": {"type": "integer"} for n in range(SIZE)},
          "patternProperties": {f"k.*{n}": {"minimum": 0} for n in range(50)},
          "additionalProperties": False}, KEYS),
        ({"patternProperties": {"^k": {"anyOf": wide()}}}, KEYS),
    ],
    "prefixItems": [(x({"prefixItems": [{"anyOf": wide(20)}] * SIZE}), TABLES)],
    "properties": [({"properties": {f"k{n}": {"anyOf": wide(20)} for n in range(SIZE)}}, KEYS)],
    "propertyNames": [({"propertyNames": {"enum": [f"kk{n}" for n in range(SIZE)]}}, KEYS),
                      ({"propertyNames": {"pattern": "^(k+[0-9]*)*!$"}}, KEYS),
                      ({"propertyNames": {"anyOf": [{"minLength": 99 + n} for n in range(9)]}},
                       KEYS)],
    "required": [({"required": [f"k{n}q" for n in range(SIZE)]}, KEYS),
                 (x({"items": {"required": [f"r{n}" for n in range(SIZE)]}}), TABLES)],
    "type": [(each({"type": ["string", "array", "object", "boolean", "null"]}), KEYS)],
    "unevaluatedItems": [
        (x({"anyOf": [{"prefixItems": [{}] * (n + 1)} for n in range(200)],
            "unevaluatedItems": False}), TABLES),
        (x({"contains": {"anyOf": wide()}, "minContains": 0,
            "unevaluatedItems": {"anyOf": wide()}}), TABLES),
        (x(doubled(lambda ref: {"anyOf": [ref, ref], "unevaluatedItems": ref})["$defs"]["l0"])
         | {"$defs": doubled(lambda ref: {"anyOf": [ref, ref], "unevaluatedItems": ref})["$defs"]},
         ARRAY),
    ],
    "unevaluatedProperties": [
        ({"anyOf": [{"properties": {f"k{n}": {} for n in range(m)}} for m in range(50)],
          "unevaluatedProperties": False}, KEYS),
        ({"anyOf": [{"patternProperties": {f"^k.*{n}$": {}}} for n in range(50)],
          "unevaluatedProperties": {"type": "string"}}, KEYS),
        (doubled(lambda ref: {"anyOf": [ref, ref], "unevaluatedProperties": ref}), KEYS),
    ],
    "uniqueItems": [
        (x({"uniqueItems": True}), TWICE),
        (x({"uniqueItems": True}), ARRAY),
        (x({"uniqueItems": True}), f"x = [{', '.join(f'{n}, {n}.0' for n in range(SIZE))}]\n"),
        (x({"uniqueItems": True}), f"x = [{', '.join(['1', '1.0'] * 2)}, {'2, ' * SIZE}2]\n"),
        (x({"allOf": [{"uniqueItems": True}] * 200}), TWICE),
    ],
}  # fmt: skip
# These are looked at every time, the others take long.
TELLING = {"$ref", "anyOf", "contains", "items", "oneOf", "pattern", "uniqueItems"}
RUNS = [
    pytest.param(
        schema,
        text,
        id=f"{keyword}-{number}",
        marks=() if keyword in TELLING and not number else pytest.mark.slow,
    )
    for keyword, runs in CASES.items()
    for number, (schema, text) in enumerate(runs)
    for marks in [() if keyword in TELLING and not number else pytest.mark.slow]
]
# These say something, and check nothing by themselves, or stand beside another keyword.
SILENT = {
    "$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$recursiveAnchor", "$schema",
    "$vocabulary", "contentEncoding", "contentMediaType", "contentSchema", "default",
    "definitions", "deprecated", "description", "else", "examples", "id", "readOnly", "then",
    "title", "writeOnly",
}  # fmt: skip


parsed = cache(Document.parse)


@contextmanager
def counted_calls(most):
    """Count calls, and end what makes more than ``most()``."""
    calls = [0]

    def count(_frame, event, _argument):
        if event in ("call", "c_call"):
            calls[0] += 1
            if calls[0] % 10_000 == 0 and calls[0] > most():
                sys.setprofile(None)
                pytest.fail(f"{calls[0]:,} calls, more than the budget of steps stands for")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize(("schema", "text"), RUNS)
def test_the_work_of_a_keyword_is_charged(schema, text, monkeypatch):
    monkeypatch.setattr(limits, "STEPS", 30_000)
    monkeypatch.setattr(limits, "STEPS_EACH", 1)
    document = parsed(text)
    foreign = load_schema(json.loads(json.dumps(schema)), "h.json")
    # A document is looked at twice: does it fit, and if not, what is wrong.
    with counted_calls(lambda: 2 * CALLS_PER_STEP * foreign.budget.limit):
        try:
            validate(document, foreign)
        except SessionctlError as error:
            assert error.message.startswith("h.json: ")


def test_no_keyword_is_left_out():
    known = {keyword for dialect in DRAFTS for keyword in dialect.keywords}
    assert known - SILENT - set(CASES) == set()
