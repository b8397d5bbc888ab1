"""jsonschema held to TOML's types, as the oracle of our own check."""

from __future__ import annotations

import sys

import jsonschema
import referencing
import referencing.exceptions
import referencing.jsonschema
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

from sessionctl.core.schema.check.bounded_check import weight
from sessionctl.core.schema.check.bounded_search import bounded_search
from sessionctl.core.schema.check.budget import Budget, StepLimitError
from sessionctl.core.schema.check.formats import MOMENT_FORMATS, has_format
from sessionctl.core.schema.check.moment import Moment
from sessionctl.core.schema.check.quick_check import Acceptance, is_type
from sessionctl.core.schema.check.violation import Violation
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from typing import Any

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    Errors = Iterator[ValidationError]

_DRAFTS = (
    jsonschema.Draft202012Validator,
    jsonschema.Draft201909Validator,
    jsonschema.Draft7Validator,
    jsonschema.Draft6Validator,
    jsonschema.Draft4Validator,
)
# What one keyword costs here, in steps.
_ENGINE_STEPS = 4
_COMPARED = frozenset({"const", "enum", "uniqueItems"})
_NOTHING: dict[str, Any] = {"not": {}}
_MAPS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
_LISTS = frozenset({"allOf", "anyOf", "items", "oneOf", "prefixItems"})
_SINGLE = frozenset({
    "additionalItems", "contains", "else", "if", "items", "not", "propertyNames", "then",
})  # fmt: skip


def violations(
    schema: Mapping[str, Any], value: Any, budget: Budget | None = None
) -> Iterator[Violation]:
    """Yield what ``value`` (made of strings, ``Moment``, numbers, ...) does not meet.

    Raises:
      SessionctlError: the schema refers to what is not there, or to itself without end.
      StepLimitError: ``budget``, which a foreign schema has, does not allow for it.
    """
    validator = _validator(schema, budget or Budget(sys.maxsize))
    try:
        for error in validator.iter_errors(value):
            yield _violation(error)
    except StepLimitError as error:
        error.locate(validator.schema)
        raise
    except referencing.exceptions.Unresolvable as error:
        raise SessionctlError(f"refers to {error.ref}, which is not in it") from error
    except RecursionError as error:
        raise SessionctlError("refers to itself without end, or is nested too deep") from error


def draft_of(schema: Mapping[str, Any]) -> type[Validator] | None:
    """Return jsonschema's class for the draft that ``schema`` names; 2020-12 by default."""
    address = schema.get("$schema")
    if address is None:
        return _DRAFTS[0]
    if not isinstance(address, str):
        return None
    for draft in _DRAFTS:
        known = draft.META_SCHEMA.get("$id", draft.META_SCHEMA.get("id"))
        if str(known).rstrip("#") == address.rstrip("#"):
            return draft
    return None


def _validator(schema: Mapping[str, Any], budget: Budget) -> Validator:
    draft = draft_of(schema) or _DRAFTS[0]
    checks = {**draft.VALIDATORS, **_KEYWORDS, **_searching(budget)}
    if "unevaluatedProperties" in draft.VALIDATORS:
        checks["unevaluatedProperties"] = _unevaluated(draft.VALIDATORS["unevaluatedProperties"])
    keywords = {name: _charged(name, checks[name], budget) for name in draft.VALIDATORS}
    kind = jsonschema.validators.extend(draft, keywords)  # type: ignore[no-untyped-call]
    root = _spelled_out(schema)
    resource = referencing.jsonschema.specification_with(
        str(draft.META_SCHEMA.get("$id", draft.META_SCHEMA.get("id")))
    ).create_resource(root)
    registry = REGISTRY.with_resource(resource.id() or "", resource).crawl()
    fields = [(one.name, one.alias) for one in kind.__attrs_attrs__ if one.init]

    # Each step into a subschema is one, also those that gather what was evaluated. It stays
    # with these keywords: jsonschema's own method changes to its classes at a "$schema" inside.
    def charged_evolve(validator: Validator, **changes: Any) -> Validator:
        budget.charge(_ENGINE_STEPS)
        for name, alias in fields:
            if alias not in changes:
                changes[alias] = getattr(validator, name)
        evolved: Validator = kind(**changes)
        return evolved

    kind.evolve = charged_evolve
    validator: Validator = kind(root, registry=registry)
    return validator


def _charged(name: str, check: Callable[..., Errors], budget: Budget) -> Callable[..., Errors]:
    """Return ``check`` with its steps, and those of its messages, charged to ``budget``."""

    def charged(validator: Validator, operand: Any, value: Any, schema: Any) -> Errors:
        try:
            if name in _COMPARED:
                size = weight(operand) + weight(value)
            else:
                size = len(operand) if isinstance(operand, dict | list) else 0
                size += len(value) if isinstance(value, dict | list) else 0
            budget.charge(_ENGINE_STEPS + size)
            errors: Errors | None = check(validator, operand, value, schema)
            for error in errors or ():  # some give nothing at all
                # jsonschema writes all of the value into its message.
                budget.charge(weight(value) // 2)
                yield error
        except StepLimitError as error:
            if error.part is None:
                error.part = schema
            raise

    return charged


def _spelled_out(schema: Any) -> Any:
    """Return ``schema`` with each subschema ``false`` written as one that nothing fits.

    jsonschema gives no path of what a bare ``false`` refuses.
    """
    if schema is False:
        return _NOTHING
    if not isinstance(schema, dict):
        return schema
    result = dict(schema)
    for keyword, operand in schema.items():
        if keyword in _MAPS and isinstance(operand, dict):
            result[keyword] = {key: _spelled_out(inner) for key, inner in operand.items()}
        elif keyword in _LISTS and isinstance(operand, list):
            result[keyword] = [_spelled_out(inner) for inner in operand]
        elif keyword in _SINGLE or (keyword == "additionalProperties" and operand is not False):
            result[keyword] = _spelled_out(operand)
    return result


def _violation(error: ValidationError) -> Violation:
    schema_path = list(error.relative_schema_path)
    branch = schema_path[0] if schema_path and isinstance(schema_path[0], int) else -1
    is_false = error.schema is _NOTHING
    return Violation(
        keyword="None" if is_false else str(error.validator),
        operand=None if is_false else error.validator_value,
        schema=error.schema if isinstance(error.schema, dict) and not is_false else {},
        value=error.instance,
        path=tuple(error.absolute_path),
        detail=error.message if error.validator in _DETAILED else "",
        branch=branch,
        context=tuple(map(_violation, error.context or ())),
        is_key=isinstance(error.instance, str) and _is_about_a_key(schema_path),
    )


def _is_about_a_key(schema_path: list[str | int]) -> bool:
    return any(
        part == "propertyNames"
        and schema_path[index - 1 : index] not in (["properties"], ["$defs"])
        for index, part in enumerate(schema_path)
    )


# -- keywords whose meaning or whose detail is ours -------------------------------------


def _type(_validator: Validator, operand: Any, value: Any, schema: Any) -> Errors:
    names = [operand] if isinstance(operand, str) else operand
    if isinstance(value, Moment):
        is_fine = "string" in names and schema.get("format") in MOMENT_FORMATS[value.kind]
    else:
        is_fine = any(is_type(value, name) for name in names)
    if not is_fine:
        yield jsonschema.ValidationError("type")


def _required(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, dict):
        for key in operand:
            if key not in value:
                yield jsonschema.ValidationError(key)


def _dependent_required(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, dict):
        for key, needed in operand.items():
            for missing in needed:
                if key in value and missing not in value:
                    yield jsonschema.ValidationError(missing)


def _unevaluated(inner: Callable[..., Errors]) -> Callable[..., Errors]:
    def check(validator: Validator, operand: Any, value: Any, schema: Any) -> Errors:
        errors = list(inner(validator, operand, value, schema))
        # jsonschema names the keys in its message only; it quotes them with repr().
        messages = "".join(error.message for error in errors)
        keys = [key for key in value if repr(key) in messages] if isinstance(value, dict) else []
        yield from map(jsonschema.ValidationError, keys or ([""] if errors else []))

    return check


class _Searching(Acceptance):
    """A check that searches as jsonschema is made to."""

    def __init__(self, search: Callable[[str], Any]) -> None:
        super().__init__({})
        self.search = search  # type: ignore[method-assign]


def _searching(budget: Budget) -> dict[str, Callable[..., Errors]]:
    """Return the keywords that search for patterns."""

    def search(pattern: str) -> Callable[[str], object]:
        return bounded_search(pattern, budget)

    def additional(validator: Validator, operand: Any, value: Any, schema: Any) -> Errors:
        if not isinstance(value, dict):
            return
        for key in _Searching(search).additional_keys(schema, value):
            if operand is False:
                yield jsonschema.ValidationError(key)
            else:
                yield from validator.descend(value[key], operand, path=key)  # type: ignore[attr-defined]

    def check_pattern(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
        if isinstance(value, str) and not search(operand)(value):
            yield jsonschema.ValidationError("pattern")

    def properties(validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
        if isinstance(value, dict):
            for pattern, inner in operand.items():
                fits = search(pattern)
                for key in filter(fits, value):
                    yield from validator.descend(  # type: ignore[attr-defined]
                        value[key], inner, path=key, schema_path=pattern
                    )

    return {
        "additionalProperties": additional,
        "pattern": check_pattern,
        "patternProperties": properties,
    }


def _unique_items(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    if operand and isinstance(value, list) and len(set(map(_frozen, value))) < len(value):
        yield jsonschema.ValidationError("uniqueItems")


def _enum(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    wanted = _frozen(value)
    if all(_frozen(item) != wanted for item in operand):
        yield jsonschema.ValidationError("enum")


def _const(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    if _frozen(operand) != _frozen(value):
        yield jsonschema.ValidationError("const")


def _frozen(value: Any) -> Hashable:
    """Return a hashable that is equal for what JSON Schema calls equal: 1 and 1.0, not true."""
    if isinstance(value, dict):
        return frozenset((key, _frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return (list, *map(_frozen, value))
    return (bool, value) if isinstance(value, bool) else value


def _multiple_of(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    try:
        from fractions import Fraction

        is_multiple = Fraction(str(value)) % Fraction(str(operand)) == 0
    except ValueError:  # nan and inf
        is_multiple = False
    if not is_multiple:
        yield jsonschema.ValidationError("multipleOf")


def _format(_validator: Validator, operand: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, str) and not isinstance(value, Moment) and not has_format(operand, value):
        yield jsonschema.ValidationError("format")


_KEYWORDS = {
    "const": _const,
    "dependentRequired": _dependent_required,
    "enum": _enum,
    "format": _format,
    "multipleOf": _multiple_of,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique_items,
}
_DETAILED = {"additionalProperties", "dependentRequired", "required", "unevaluatedProperties"}
