"""The tests of what a value is: its type, its size, one of some values."""

from __future__ import annotations

from sessionctl.core.schema.check.formats import has_format
from sessionctl.core.schema.check.keyword_rules import CHECKS
from sessionctl.core.schema.check.quick_check import TYPES
from sessionctl.core.schema.predicate.value_kind import always, never
from sessionctl.core.schema.reference.equality import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from sessionctl.core.schema.predicate.predicates import MakeTest, Predicates
    from sessionctl.core.schema.predicate.value_kind import Test


def _type(_made: Predicates, schema: Mapping[str, Any], kind: type) -> Test:
    names = schema["type"]
    if isinstance(names, str):
        names = (names,)
    return never if TYPES[kind].isdisjoint(names) else always


def _enum(made: Predicates, schema: Mapping[str, Any], kind: type) -> Test:
    return _choice(made, "enum", schema, kind)


def _const(made: Predicates, schema: Mapping[str, Any], kind: type) -> Test:
    return _choice(made, "const", schema, kind)


def _choice(made: Predicates, keyword: str, schema: Mapping[str, Any], kind: type) -> Test:
    run = made.run
    if kind in (dict, list):  # the cost of comparing is that of the value
        return lambda value: run.meets(keyword, schema, value)
    choices: frozenset[Hashable]
    if keyword == "enum":
        choices = run.registry.choices(schema["enum"])
    else:
        choices = frozenset((frozen(schema["const"]),))
    if kind is bool:
        return lambda value: (bool, value) in choices
    return choices.__contains__


def _bound(keyword: str) -> MakeTest:
    check = CHECKS[keyword]

    def make(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
        operand, run = schema[keyword], made.run
        return lambda value: check(operand, value, schema, run)

    return make


def _at_least(keyword: str) -> MakeTest:
    def make(_made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
        least = schema[keyword]
        return lambda value: len(value) >= least

    return make


def _at_most(keyword: str) -> MakeTest:
    def make(_made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
        most = schema[keyword]
        return lambda value: len(value) <= most

    return make


def _pattern(made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    search = made.search(schema["pattern"])
    return lambda value: bool(search(value))


def _format(_made: Predicates, schema: Mapping[str, Any], _kind: type) -> Test:
    name = schema["format"]
    return lambda value: has_format(name, value)


SCALAR_TESTS: dict[str, MakeTest] = {
    **{
        keyword: _bound(keyword)
        for keyword in ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum")
    },
    **{keyword: _at_least(keyword) for keyword in ("minItems", "minLength", "minProperties")},
    **{keyword: _at_most(keyword) for keyword in ("maxItems", "maxLength", "maxProperties")},
    "const": _const,
    "enum": _enum,
    "format": _format,
    "pattern": _pattern,
    "type": _type,
}
