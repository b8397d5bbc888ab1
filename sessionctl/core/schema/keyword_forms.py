"""The form of a schema: what each keyword has to be, as the drafts of JSON Schema say."""

from __future__ import annotations

from sessionctl.core.schema.check.quick_check import is_type
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.reference.dialect import DRAFTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.schema.reference.dialect import Dialect

    Faults = Iterator[Violation]
    Form = Callable[[Any, "Path", Dialect], Faults]
    Path = tuple[str | int, ...]

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_DRAFT_04 = DRAFTS[-1]


def faults(schema: Mapping[str, Any], dialect: Dialect) -> Faults:
    """Yield what is wrong with the keywords of ``schema`` itself; paths are within it."""
    if dialect.has_lone_references and isinstance(schema.get("$ref"), str):
        return
    for keyword, operand in schema.items():
        form = _FORMS.get(keyword)
        if form is not None and _is_known(keyword, dialect):
            yield from form(operand, (keyword,), dialect)


def _is_known(keyword: str, dialect: Dialect) -> bool:
    if keyword in ("$id", "id"):
        return keyword == dialect.identifier
    if keyword == "$defs":
        return not dialect.has_lone_references  # older drafts do not know it
    is_later = any(keyword in draft.keywords for draft in DRAFTS)
    is_bound = keyword in ("exclusiveMaximum", "exclusiveMinimum")
    return not is_later or is_bound or keyword in dialect.keywords


def _is(*names: str) -> Form:
    def check(operand: Any, path: Path, _dialect: Dialect) -> Faults:
        if not any(is_type(operand, name) for name in names):
            wanted = names[0] if len(names) == 1 else list(names)
            yield Violation("type", wanted, {}, operand, path)

    return check


_a_schema = _is("object", "boolean")


def _map_of(form: Form) -> Form:
    def check(operand: Any, path: Path, dialect: Dialect) -> Faults:
        yield from _is("object")(operand, path, dialect)
        if isinstance(operand, dict):
            for key, item in operand.items():
                yield from form(item, (*path, key), dialect)

    return check


def _list_of(form: Form, *, at_least: int = 0, is_unique: bool = False) -> Form:
    def check(operand: Any, path: Path, dialect: Dialect) -> Faults:
        yield from _is("array")(operand, path, dialect)
        if isinstance(operand, list):
            if len(operand) < at_least:
                yield Violation("minItems", at_least, {}, operand, path)
            for index, item in enumerate(operand):
                yield from form(item, (*path, index), dialect)
            if is_unique and len(set(map(str, operand))) < len(operand):
                yield Violation("uniqueItems", operand=True, schema={}, value=operand, path=path)

    return check


_names = _list_of(_is("string"), is_unique=True)


def _count(operand: Any, path: Path, dialect: Dialect) -> Faults:
    if isinstance(operand, float) and operand.is_integer():
        operand = int(operand)
    yield from _is("integer")(operand, path, dialect)
    if is_type(operand, "integer") and operand < 0:
        yield Violation("minimum", 0, {}, operand, path)


def _step(operand: Any, path: Path, dialect: Dialect) -> Faults:
    yield from _is("number")(operand, path, dialect)
    if is_type(operand, "number") and not operand > 0:
        yield Violation("exclusiveMinimum", 0, {}, operand, path)


def _open_bound(operand: Any, path: Path, dialect: Dialect) -> Faults:
    return _is("boolean" if dialect is _DRAFT_04 else "number")(operand, path, dialect)


def _kind(operand: Any, path: Path, dialect: Dialect) -> Faults:
    if isinstance(operand, list):
        yield from _list_of(_kind_name, at_least=1, is_unique=True)(operand, path, dialect)
    else:
        yield from _kind_name(operand, path, dialect)


def _kind_name(operand: Any, path: Path, _dialect: Dialect) -> Faults:
    if operand not in _TYPES:
        yield Violation("enum", _TYPES, {}, operand, path)


def _items(operand: Any, path: Path, dialect: Dialect) -> Faults:
    if isinstance(operand, list) and "prefixItems" not in dialect.keywords:
        return _list_of(_a_schema)(operand, path, dialect)
    return _a_schema(operand, path, dialect)


def _dependency(operand: Any, path: Path, dialect: Dialect) -> Faults:
    if isinstance(operand, list):
        return _names(operand, path, dialect)
    return _is("object", "boolean", "array")(operand, path, dialect)


_schemas = _list_of(_a_schema, at_least=1)
_FORMS: dict[str, Form] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _schemas),
    **dict.fromkeys(
        ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"),
        _map_of(_a_schema),
    ),
    **dict.fromkeys(
        (
            "additionalItems", "additionalProperties", "contains", "else", "if", "not",
            "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
        ),
        _a_schema,
    ),
    **dict.fromkeys(
        (
            "maxContains", "maxItems", "maxLength", "maxProperties", "minContains", "minItems",
            "minLength", "minProperties",
        ),
        _count,
    ),
    **dict.fromkeys(
        (
            "$anchor",
            "$dynamicAnchor",
            "$dynamicRef",
            "$id",
            "$recursiveRef",
            "$ref",
            "$schema",
            "format",
            "id",
            "pattern",
        ),
        _is("string"),
    ),
    **dict.fromkeys(("maximum", "minimum"), _is("number")),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), _open_bound),
    "dependencies": _map_of(_dependency),
    "dependentRequired": _map_of(_names),
    "enum": _is("array"),
    "items": _items,
    "multipleOf": _step,
    "required": _names,
    "type": _kind,
    "uniqueItems": _is("boolean"),
}  # fmt: skip
