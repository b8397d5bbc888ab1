"""The tests of what applies several schemas, or those of a reference, to one value."""

from __future__ import annotations

from sessionctl.core.schema.check.quick_check import UnsureError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.schema.predicate.predicates import MakeTest, Predicates
    from sessionctl.core.schema.predicate.value_kind import Test


def _reference(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    charge, run = made.charge, made.run
    target = run.follow("$ref", schema)
    if run.registry.absent_address(target):
        raise UnsureError(schema["$ref"])
    inner = made.of(target)

    def test(value: Any) -> bool:
        charge(1)
        return inner(value)

    return test


def _of_several(keyword: str, decide: Callable[[Iterator[bool]], bool]) -> MakeTest:
    """Return what makes the test of ``keyword``: ``decide`` is given what each schema says."""

    def make(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
        charge, tests = made.charge, tuple(map(made.of, schema[keyword]))
        cost = 1 + len(tests)

        def test(value: Any) -> bool:
            charge(cost)
            return decide(one(value) for one in tests)

        return test

    return make


def _not(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    charge, inner = made.charge, made.of(schema["not"])

    def test(value: Any) -> bool:
        charge(1)
        return not inner(value)

    return test


def _if(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    charge, condition = made.charge, made.of(schema["if"])
    then = made.of(schema.get("then", True))
    otherwise = made.of(schema.get("else", True))

    def test(value: Any) -> bool:
        charge(1)
        return then(value) if condition(value) else otherwise(value)

    return test


UNION_TESTS: dict[str, MakeTest] = {
    "$ref": _reference,
    "allOf": _of_several("allOf", all),
    "anyOf": _of_several("anyOf", any),
    "if": _if,
    "not": _not,
    "oneOf": _of_several("oneOf", lambda said: sum(said) == 1),
}
