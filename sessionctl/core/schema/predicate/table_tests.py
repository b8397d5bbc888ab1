"""The tests of the keys of a table, and of what each has."""

from __future__ import annotations

from sessionctl.core.schema.predicate.value_kind import always

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.core.schema.predicate.predicates import MakeTest, Predicates
    from sessionctl.core.schema.predicate.value_kind import Test


def _table(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    """Return the test of what the keys of a table have: each is looked up once."""
    properties = schema.get("properties", {})
    rest = made.of(schema["additionalProperties"]) if "additionalProperties" in schema else always
    known: dict[str, Test] = {}

    def named(key: str) -> Test | None:
        if key not in properties:
            return None
        test = known[key] = made.of(properties[key])
        return test

    patterns = schema.get("patternProperties")
    if patterns:
        return _with_patterns(made, patterns, lambda key: known.get(key) or named(key), rest)
    charge = made.charge

    def test(value: dict[str, Any]) -> bool:
        charge(1 + len(value))
        for key, item in value.items():
            inner = known.get(key) or named(key) or rest
            if not inner(item):
                return False
        return True

    return test


def _with_patterns(
    made: Predicates,
    patterns: Mapping[str, Any],
    named: Callable[[str], Test | None],
    rest: Test,
) -> Test:
    searches = [(made.search(pattern), made.of(inner)) for pattern, inner in patterns.items()]
    charge, each = made.charge, 1 + len(searches)

    def test(value: dict[str, Any]) -> bool:
        charge(1 + len(value) * each)
        for key, item in value.items():
            own = named(key)
            tests = [inner for search, inner in searches if search(key)]
            if own is not None:
                tests.append(own)
            if not all(one(item) for one in tests or (rest,)):
                return False
        return True

    return test


def _required(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    names = frozenset(schema["required"])
    charge, cost = made.charge, 1 + len(names)

    def test(value: dict[str, Any]) -> bool:
        charge(cost)
        return names <= value.keys()

    return test


def _property_names(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    charge, inner = made.charge, made.of(schema["propertyNames"])

    def test(value: dict[str, Any]) -> bool:
        charge(1 + len(value))
        return all(map(inner, value))

    return test


def _dependencies(keyword: str) -> MakeTest:
    def make(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
        charge = made.charge
        needed = [
            (name, frozenset(what), always)
            if isinstance(what, list)
            else (name, frozenset[str](), made.of(what))
            for name, what in schema[keyword].items()
        ]
        cost = 1 + sum(1 + len(keys) for _, keys, _ in needed)

        def test(value: dict[str, Any]) -> bool:
            charge(cost)
            return all(
                keys <= value.keys() and inner(value)
                for name, keys, inner in needed
                if name in value
            )

        return test

    return make


TABLE_TESTS: dict[str, MakeTest] = {
    **dict.fromkeys(("additionalProperties", "patternProperties", "properties"), _table),
    **{
        keyword: _dependencies(keyword)
        for keyword in ("dependencies", "dependentRequired", "dependentSchemas")
    },
    "propertyNames": _property_names,
    "required": _required,
}
