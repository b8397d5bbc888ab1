"""Predicates answer as the check keyword by keyword does, and as stock jsonschema."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl import validate
from sessionctl.core.schema.check.budget import STEPS
from sessionctl.core.schema.check.formats import has_format
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.predicate.compilation import compiled
from sessionctl.core.schema.words.report import findings
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError
from tests.hostile_schemas import HOSTILE, NAMES

DRAFTS = {
    "http://json-schema.org/draft-04/schema#": jsonschema.Draft4Validator,
    "http://json-schema.org/draft-06/schema#": jsonschema.Draft6Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
}
# The oldest and the newest that are much used every day, the others in CI.
_DAILY = ("draft-07", "2020-12")
EACH_DRAFT = [
    pytest.param(draft, marks=() if any(name in draft for name in _DAILY) else pytest.mark.slow)
    for draft in DRAFTS
]
KEYS = ("a", "b", "ab", "c")
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
SCALARS = (True, False, 0, 1, 2, -3, 0.5, 1.0, -0.0, 1e300, 2**70, "", "a", "ab", "b1", "é\n")
MOMENTS = (
    date(2026, 1, 2), time(3, 4, 5), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    datetime(2026, 1, 2),  # noqa: DTZ001 - TOML has such
    datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
)  # fmt: skip
DEFINED = {
    "i": {"type": "integer"},
    "o": {"properties": {"a": {"type": "string"}}, "additionalProperties": False},
    "r": {"additionalProperties": {"$ref": "#/definitions/r"}, "maxProperties": 2},
    "l": {"type": ["array", "integer"], "items": {"$ref": "#/definitions/l"}},
    "never": {"not": {}},
}

json_scalars = st.one_of(st.sampled_from(SCALARS), st.integers(), st.floats(allow_nan=False))
toml_scalars = st.one_of(
    json_scalars, st.sampled_from([*MOMENTS, float("nan"), float("inf"), float("-inf")])
)


def trees(scalars):
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
        ),
        max_leaves=10,
    )


counts = st.integers(0, 3)
numbers = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, 1.0, 2.5]))
names = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)
patterns = st.sampled_from(["^a", "b$", "", "^[^b]*$", r"^\w+$", "(a|b)+", "(?=a)", "^(a+)+$"])
FORMATS = ("date", "date-time", "time", "ipv4", "uuid", "email", "partial-time")
# To the stock validator a format only describes, unless it is told how to check it.
OUR_FORMATS = jsonschema.FormatChecker(formats=())
for _name in FORMATS:
    OUR_FORMATS.checkers[_name] = (
        lambda value, name=_name: not isinstance(value, str) or has_format(name, value),
        (),
    )
formats = st.sampled_from(FORMATS)


def leaves():
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(
                st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, unique=True)
            ),
            "enum": st.lists(trees(json_scalars), min_size=1, max_size=4),
            "const": trees(json_scalars),
            "minimum": numbers,
            "maximum": numbers,
            "multipleOf": st.sampled_from([1, 2, 0.5, 0.1]),
            "minLength": counts,
            "maxLength": counts,
            "pattern": patterns,
            "format": formats,
            "minItems": counts,
            "maxItems": counts,
            "uniqueItems": st.booleans(),
            "minProperties": counts,
            "maxProperties": counts,
            "required": names,
        },
    )


def keywords(inner):
    some = st.lists(inner, min_size=1, max_size=3)
    by_key = st.dictionaries(st.sampled_from(KEYS), inner, min_size=1, max_size=3)
    inner_or_any = st.one_of(st.booleans(), inner)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES),
            "properties": by_key,
            "patternProperties": st.dictionaries(patterns, inner, max_size=2),
            "additionalProperties": inner_or_any,
            "propertyNames": inner,
            "dependencies": st.dictionaries(
                st.sampled_from(KEYS), st.one_of(inner, names), max_size=2
            ),
            "dependentSchemas": by_key,
            "dependentRequired": st.dictionaries(st.sampled_from(KEYS), names, max_size=2),
            "required": names,
            "items": st.one_of(inner, some),
            "additionalItems": inner_or_any,
            "prefixItems": some,
            "contains": inner,
            "minContains": counts,
            "maxContains": counts,
            "unevaluatedItems": inner_or_any,
            "unevaluatedProperties": inner_or_any,
            "allOf": some,
            "anyOf": some,
            "oneOf": some,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "$ref": st.sampled_from([f"#/definitions/{name}" for name in DEFINED] + ["#"]),
        },
    )


schemas = st.recursive(leaves(), keywords, max_leaves=10)


def loaded(schema, draft):
    """Return a schema that is usable under a draft, None for one that is not."""
    whole = {"$schema": draft, "definitions": DEFINED, "properties": {"a": {}}, "allOf": [schema]}
    try:
        return load_schema(whole)
    except SessionctlError:
        return None


@pytest.mark.parametrize("draft", EACH_DRAFT)
@given(schema=schemas, values=st.lists(trees(toml_scalars), min_size=1, max_size=4))
def test_predicates_answer_as_the_check_keyword_by_keyword(draft, schema, values):
    whole = loaded(schema, draft)
    if whole is None:
        return
    predicates = compiled(whole.application())  # one for all: what it made is used again
    for value in [*values, *values]:
        run = whole.application()
        whole.begin(10_000)
        try:
            expected = run.holds(whole.data, value) and not run.doubts
        except RecursionError:
            expected = None  # a schema that asks itself: another keyword may know the answer
        whole.begin(10_000)
        said = predicates.accepts(value)
        assert expected is None or said == expected


@pytest.mark.parametrize("draft", EACH_DRAFT)
@given(schema=schemas, value=trees(st.one_of(st.sampled_from(SCALARS), st.integers())))
def test_what_predicates_accept_is_valid_for_stock_jsonschema(draft, schema, value):
    whole = loaded(schema, draft)
    if whole is None:
        return
    try:
        DRAFTS[draft].check_schema(whole.data)
        expected = DRAFTS[draft](whole.data, format_checker=OUR_FORMATS).is_valid(value)
    except (jsonschema.SchemaError, RecursionError):
        return
    whole.begin(10_000)
    if _has_whole_float(value):  # 1.0 is an integer in JSON, and none in TOML
        return
    assert whole.accepts(value) == expected
    whole.begin(10_000)
    try:
        is_fine = not findings(whole, value)
    except SessionctlError:  # it refers to itself without end, where that is looked into
        is_fine = False
    assert whole.accepts(value) == is_fine


def _has_whole_float(value):
    if isinstance(value, dict):
        return any(map(_has_whole_float, value.values()))
    if isinstance(value, list):
        return any(map(_has_whole_float, value))
    return isinstance(value, float) and value.is_integer()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_schema_never_costs_a_predicate_more_than_the_budget(name, monkeypatch):
    data, text = HOSTILE[name]()
    monkeypatch.setattr("sessionctl.core.schema.check.budget.STEPS", STEPS // 10)
    try:
        schema = load_schema(data)
    except SessionctlError:
        return
    taken = []

    class Counted(type(schema.budget)):
        def charge(self, steps=1):
            super().charge(steps)
            taken.append(steps)

    schema.budget = Counted()
    schema.budget.renew(len(text))
    with contextlib.suppress(SessionctlError):
        value = Document.parse(text).value
        assert schema.accepts(value) in (True, False)
    assert sum(taken) <= schema.budget.limit


def test_what_is_accepted_once_is_looked_up_no_second_time(monkeypatch):
    schema = load_schema({"properties": {"a": {"type": "integer"}}, "required": ["a"]})
    assert validate("a = 1\n", schema) == ()

    def no_holds(*_arguments):
        raise AssertionError("checked keyword by keyword")

    monkeypatch.setattr("sessionctl.core.schema.check.application.Application.holds", no_holds)
    assert validate("a = 2\n", schema) == ()


def test_one_point_nought_is_no_integer_and_a_date_needs_its_format():
    schema = load_schema(
        {"properties": {"n": {"type": "integer"}, "d": {"type": "string", "format": "date"}}}
    )
    assert validate("n = 1\nd = 2026-01-02\n", schema) == ()
    assert [problem.rule for problem in validate("n = 1.0\n", schema)] == ["type"]
    assert validate("d = 03:04:05\n", schema)
