"""Whatever a keyword looks at is paid for: each item, key or alternative costs a step at least."""

from __future__ import annotations

from sessionctl.core.schema.check.application import _cost
from sessionctl.core.schema.check.budget import Budget
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.words.report import findings
from tests.hostile_schemas import DRAFT_07
from tests.together import together


def keys(count):
    return {f"k{n}": n for n in range(count)}


def items(count):
    return list(range(count))


def tables(count):
    return [{"a": n} for n in range(count)]


def texts(count):
    return [f"a{n}" for n in range(count)]


INTEGER = {"type": "integer"}
# Of a value with so many parts, or a schema of so many, each is looked at.
CASES = {
    "items": (lambda n: {"items": INTEGER}, items),
    "items one by one": (
        lambda n: {"$schema": DRAFT_07, "items": [INTEGER] * n, "additionalItems": False}, items,
    ),
    "additionalItems": (
        lambda n: {"$schema": DRAFT_07, "items": [True], "additionalItems": INTEGER}, items,
    ),
    "prefixItems": (lambda n: {"prefixItems": [INTEGER] * n}, items),
    "contains": (lambda n: {"contains": {"type": "string"}}, items),
    "contains, at most": (lambda n: {"contains": INTEGER, "maxContains": 1}, items),
    "uniqueItems": (lambda n: {"uniqueItems": True}, texts),
    "uniqueItems of tables": (lambda n: {"uniqueItems": True}, tables),
    "unevaluatedItems": (lambda n: {"unevaluatedItems": INTEGER}, items),
    "properties": (lambda n: {"properties": {f"k{i}": INTEGER for i in range(n)}}, keys),
    "additionalProperties": (lambda n: {"additionalProperties": INTEGER}, keys),
    "patternProperties": (lambda n: {"patternProperties": {"^k": INTEGER}}, keys),
    "many patternProperties": (
        lambda n: {"patternProperties": {f"^k{i}$": INTEGER for i in range(n)}}, lambda n: keys(2),
    ),
    "propertyNames": (lambda n: {"propertyNames": {"minLength": 1}}, keys),
    "unevaluatedProperties": (lambda n: {"unevaluatedProperties": INTEGER}, keys),
    "required": (lambda n: {"required": [f"k{i}" for i in range(n)]}, keys),
    "dependentRequired": (
        lambda n: {"dependentRequired": {"k0": [f"k{i}" for i in range(n)]}}, keys,
    ),
    "dependentSchemas": (
        lambda n: {"dependentSchemas": {f"k{i}": {"minProperties": 1} for i in range(n)}}, keys,
    ),
    "dependencies": (
        lambda n: {"$schema": DRAFT_07, "dependencies": {f"k{i}": ["k0"] for i in range(n)}}, keys,
    ),
    "enum": (lambda n: {"enum": [items(n)]}, items),
    "const": (lambda n: {"const": keys(n)}, keys),
    "allOf": (lambda n: {"allOf": [{"minimum": -i} for i in range(n)]}, lambda n: 1),
    "anyOf": (lambda n: {"anyOf": [{"minimum": 2 + i} for i in range(n)]}, lambda n: 1),
    "oneOf": (lambda n: {"oneOf": [{"minimum": 2 + i} for i in range(n)]}, lambda n: 1),
    "not": (lambda n: {"items": {"not": {"not": INTEGER}}}, items),
    "if": (lambda n: {"items": {"if": INTEGER, "then": True, "else": False}}, items),
    "$ref": (lambda n: {"items": {"$ref": "#/$defs/a"}, "$defs": {"a": INTEGER}}, items),
    "within tables": (lambda n: {"items": {"properties": {"a": INTEGER}}}, tables),
    "types": (lambda n: {"items": {"type": ["object", "string"]}}, tables),
}  # fmt: skip


def paid(make_schema, make_value, size, monkeypatch):
    """Return the steps that the verdict on a value costs, and those of the report on it."""
    charged = []
    charge = Budget.charge

    def counted(budget, steps=1):
        assert steps >= 0
        charged.append(steps)
        charge(budget, steps)

    schema, value = load_schema(make_schema(size)), make_value(size)
    with monkeypatch.context() as patch:
        patch.setattr(Budget, "charge", counted)
        schema.begin(10_000)
        schema.accepts(value)
        verdict, charged[:] = sum(charged), []
        findings(schema, value)
        return verdict, sum(charged)


@together("title", CASES)
def test_each_part_costs_a_step(title, monkeypatch):
    less, more = (paid(*CASES[title], size, monkeypatch) for size in (8, 20))
    for before, after in zip(less, more, strict=True):
        assert before >= 8
        assert 12 <= after - before <= 12 * 40


@together(
    "keyword, operand, value, cost",
    [
        ("type", "string", "x", 1),
        ("type", ["string", "array"], 1, 3),
        ("minimum", 1, 2, 1),
        ("required", ["a", "b"], {"a": 1, "b": 1, "c": 1}, 6),
        ("properties", {"a": {}, "b": {}}, {"a": 1}, 2),
        ("items", {}, [1, 2], 3),
        ("patternProperties", {"^a": {}, "b$": {}}, {"a": 1, "b": 1, "c": 1}, 7),
        ("patternProperties", {"^a": {}, "b$": {}}, 5, 1),
        ("multipleOf", 2, 4, 1),
        ("multipleOf", 2**63, 4, 2),
        ("multipleOf", 2**200, 4, 4),
        ("multipleOf", 0.5, 4, 9),
        ("multipleOf", 2, 4.0, 9),
        # where values are compared whole, each within them counts, and long texts more
        ("const", 1, 5, 2),
        ("const", 1, {"a": [1, 2], "b": {}}, 6),
        ("enum", [1, 2], "x" * 63, 2),
        ("enum", [1, 2], "x" * 64, 3),
        ("uniqueItems", True, ["x" * 128, 1], 6),
    ],
)
def test_a_keyword_costs_what_it_looks_at(keyword, operand, value, cost):
    assert _cost(keyword, operand, value) == cost
