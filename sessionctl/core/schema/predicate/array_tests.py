"""The tests of the items of an array."""

from __future__ import annotations

from sessionctl.core.schema.predicate.value_kind import always

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sessionctl.core.schema.predicate.predicates import MakeTest, Predicates
    from sessionctl.core.schema.predicate.value_kind import Test


def _items(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    if isinstance(schema["items"], list):
        return _first_ones(made, schema["items"])
    return _others(made, schema["items"], made.run.first_free(schema))


def _additional_items(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    first = schema.get("items")
    if not isinstance(first, list):
        return always
    return _others(made, schema["additionalItems"], len(first))


def _prefix_items(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    return _first_ones(made, schema["prefixItems"])


def _first_ones(made: Predicates, schemas: list[Any]) -> Test:
    charge, tests = made.charge, tuple(map(made.of, schemas))
    cost = 1 + len(tests)

    def test(value: list[Any]) -> bool:
        charge(cost)
        return all(one(item) for one, item in zip(tests, value, strict=False))

    return test


def _others(made: Predicates, schema: object, start: int) -> Test:
    charge, inner = made.charge, made.of(schema)

    def test(value: list[Any]) -> bool:
        charge(1 + len(value))
        return all(map(inner, value[start:] if start else value))

    return test


def _contains(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    charge, inner = made.charge, made.of(schema["contains"])
    least, most = made.run.counts(schema)

    def test(value: list[Any]) -> bool:
        charge(1 + len(value))
        count = sum(map(inner, value))
        return count >= least and (most is None or count <= most)

    return test


def _unique_items(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    if not schema["uniqueItems"]:
        return always
    charge, run = made.charge, made.run

    def test(value: list[Any]) -> bool:
        if all(type(item) is str for item in value):
            charge(1 + len(value))
            return len(set(value)) == len(value)
        return run.meets("uniqueItems", schema, value)

    return test


ARRAY_TESTS: dict[str, MakeTest] = {
    "additionalItems": _additional_items,
    "contains": _contains,
    "items": _items,
    "prefixItems": _prefix_items,
    "uniqueItems": _unique_items,
}
