"""The rules of keywords: what a value has to meet, beyond what ``quick_check`` knows."""

from __future__ import annotations

from sessionctl.core.schema.check import quick_check
from sessionctl.core.schema.check.evaluated import unevaluated_items, unevaluated_keys
from sessionctl.core.schema.check.pattern import UnsupportedPatternError
from sessionctl.core.schema.reference.equality import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.core.schema.check.application import Application


def _enum(operand: Any, value: Any, _schema: Mapping[str, Any], run: Application) -> bool:
    return frozen(value) in run.registry.choices(operand)


def _const(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Application) -> bool:
    return frozen(value) == frozen(operand)


def _unique(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Application) -> bool:
    if not operand or not isinstance(value, list):
        return True
    return len(set(map(frozen, value))) == len(value)


def _multiple_of(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Application) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    if isinstance(value, int) and isinstance(operand, int):
        return value % operand == 0
    from fractions import Fraction

    try:
        return Fraction(str(value)) % Fraction(str(operand)) == 0
    except ValueError:  # nan and inf
        return False


def _bound(keyword: str, open_keyword: str, *, is_upper: bool) -> Callable[..., bool]:
    """Return the check of ``minimum`` or ``maximum``; in draft-04 a boolean beside it opens it."""

    def check(operand: Any, value: Any, schema: Mapping[str, Any], _run: Application) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        if value == operand:
            return keyword != open_keyword and schema.get(open_keyword) is not True
        return not (value > operand if is_upper else value < operand)

    return check


def _not(operand: Any, value: Any, _schema: Mapping[str, Any], run: Application) -> bool:
    doubts = run.doubts
    return not run.holds(operand, value) or run.doubts > doubts


def _one_of(operand: Any, value: Any, _schema: Mapping[str, Any], run: Application) -> bool:
    doubts = run.doubts
    count = sum(run.holds(schema, value) for schema in operand)
    return count == 1 or (count > 1 and run.doubts > doubts)


def _if(operand: Any, value: Any, schema: Mapping[str, Any], run: Application) -> bool:
    then, otherwise = schema.get("then", True), schema.get("else", True)
    doubts = run.doubts
    holds = run.holds(operand, value)
    if run.doubts > doubts:
        return run.holds(then, value) or run.holds(otherwise, value)
    return run.holds(then if holds else otherwise, value)


def _contains(operand: Any, value: Any, schema: Mapping[str, Any], run: Application) -> bool:
    if not isinstance(value, list):
        return True
    least, most = run.counts(schema)
    doubts = run.doubts
    count = sum(run.holds(operand, item) for item in value)
    return count >= least and (most is None or count <= most or run.doubts > doubts)


def _dependencies(operand: Any, value: Any, _schema: Mapping[str, Any], run: Application) -> bool:
    if not isinstance(value, dict):
        return True
    return all(
        all(key in value for key in needed)
        if isinstance(needed, list)
        else run.holds(needed, value)
        for name, needed in operand.items()
        if name in value
    )


def _items(operand: Any, value: Any, schema: Mapping[str, Any], run: Application) -> bool:
    if not isinstance(value, list):
        return True
    if isinstance(operand, list):
        return all(map(run.holds, operand, value))
    return all(run.holds(operand, item) for item in value[run.first_free(schema) :])


def _additional_items(
    operand: Any, value: Any, schema: Mapping[str, Any], run: Application
) -> bool:
    first = schema.get("items")
    if not isinstance(value, list) or not isinstance(first, list):
        return True
    return all(run.holds(operand, item) for item in value[len(first) :])


def _pattern(operand: Any, value: Any, _schema: Mapping[str, Any], run: Application) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return bool(run.search(operand)(value))
    except UnsupportedPatternError:
        return True


def _pattern_properties(
    operand: Any, value: Any, _schema: Mapping[str, Any], run: Application
) -> bool:
    return not isinstance(value, dict) or all(
        run.holds(operand[pattern], value[key])
        for pattern, keys in run.keys_by_pattern(operand, value).items()
        for key in keys
    )


def _unevaluated_items(
    operand: Any, value: Any, schema: Mapping[str, Any], run: Application
) -> bool:
    return not isinstance(value, list) or all(
        run.holds(operand, value[index]) for index in unevaluated_items(schema, value, run)
    )


def _unevaluated_properties(
    operand: Any, value: Any, schema: Mapping[str, Any], run: Application
) -> bool:
    return not isinstance(value, dict) or all(
        run.holds(operand, value[key]) for key in unevaluated_keys(schema, value, run)
    )


def _reference(keyword: str) -> Callable[..., bool]:
    def check(_operand: Any, value: Any, schema: Mapping[str, Any], run: Application) -> bool:
        return run.holds(run.follow(keyword, schema), value)

    return check


CHECKS: dict[str, Callable[..., bool]] = {
    **quick_check.CHECKS,
    "$dynamicRef": _reference("$dynamicRef"),
    "$recursiveRef": _reference("$recursiveRef"),
    "additionalItems": _additional_items,
    "const": _const,
    "contains": _contains,
    "dependencies": _dependencies,
    "dependentRequired": _dependencies,
    "dependentSchemas": _dependencies,
    "enum": _enum,
    "exclusiveMaximum": _bound("exclusiveMaximum", "exclusiveMaximum", is_upper=True),
    "exclusiveMinimum": _bound("exclusiveMinimum", "exclusiveMinimum", is_upper=False),
    "if": _if,
    "items": _items,
    "maximum": _bound("maximum", "exclusiveMaximum", is_upper=True),
    "minimum": _bound("minimum", "exclusiveMinimum", is_upper=False),
    "multipleOf": _multiple_of,
    "not": _not,
    "oneOf": _one_of,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
    "uniqueItems": _unique,
}
