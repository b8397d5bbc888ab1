"""What other keywords of a schema have looked at, for those about all the rest."""

from __future__ import annotations

from sessionctl.core.schema.reference.registry import REFERENCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sessionctl.core.schema.check.application import Application


def unevaluated_keys(
    schema: Mapping[str, Any], value: Mapping[str, Any], run: Application
) -> list[str]:
    """Return the keys that ``unevaluatedProperties`` of ``schema`` is about."""
    doubts = run.doubts
    known = _keys(schema, value, run, is_outer=True)
    return [] if run.doubts > doubts else [key for key in value if key not in known]


def unevaluated_items(schema: Mapping[str, Any], value: list[Any], run: Application) -> list[int]:
    """Return the indexes of the items that ``unevaluatedItems`` of ``schema`` is about."""
    doubts = run.doubts
    known = _indexes(schema, value, run, is_outer=True)
    return [] if run.doubts > doubts else [i for i in range(len(value)) if i not in known]


def _keys(
    schema: Mapping[str, Any], value: Mapping[str, Any], run: Application, *, is_outer: bool = False
) -> set[str]:
    """Return the keys that keywords of ``schema`` have looked at.

    With ``is_outer``, all but ``unevaluatedProperties`` of ``schema`` itself.
    """
    run.budget.charge(1 + len(value))
    found: set[str] = set()
    keywords = run.keywords(schema)
    if "properties" in keywords:
        found.update(key for key in value if key in schema["properties"])
    if "patternProperties" in keywords:
        by_pattern = run.keys_by_pattern(schema["patternProperties"], value)
        found.update(key for keys in by_pattern.values() for key in keys)
    if "additionalProperties" in keywords:
        found.update(run.additional_keys(schema, value))
    if not is_outer and "unevaluatedProperties" in keywords:
        found.update(value)
    for inner in _in_place(schema, value, run):
        found |= _keys(inner, value, run)
    return found


def _indexes(
    schema: Mapping[str, Any], value: list[Any], run: Application, *, is_outer: bool = False
) -> set[int]:
    run.budget.charge(1 + len(value))
    found: set[int] = set()
    keywords = run.keywords(schema)
    if "prefixItems" in keywords:
        found.update(range(len(schema["prefixItems"])))
    if "items" in keywords:
        is_list = isinstance(schema["items"], list)
        found.update(range(len(schema["items"]) if is_list else len(value)))
        if is_list and "additionalItems" in keywords:
            found.update(range(len(value)))
    if "contains" in keywords and "prefixItems" in run.registry.home(schema).dialect.keywords:
        found.update(i for i, item in enumerate(value) if run.holds(schema["contains"], item))
    if not is_outer and "unevaluatedItems" in keywords:
        found.update(range(len(value)))
    for inner in _in_place(schema, value, run):
        found |= _indexes(inner, value, run)
    return found


def _in_place(
    schema: Mapping[str, Any], value: Any, run: Application
) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas that ``schema`` applies to the same value, and that hold."""
    for inner in _applied(schema, value, run):
        if isinstance(inner, dict) and run.holds(inner, value):
            has_entered = run.enter(inner)
            yield inner
            if has_entered:
                run.leave()


def _applied(schema: Mapping[str, Any], value: Any, run: Application) -> Iterator[object]:
    for keyword in run.keywords(schema):
        operand = schema[keyword]
        if keyword in REFERENCES:
            yield run.follow(keyword, schema)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            yield from operand
        elif keyword == "if":
            yield operand
            yield schema.get("then" if run.holds(operand, value) else "else")
        elif keyword in ("dependentSchemas", "dependencies") and isinstance(value, dict):
            yield from (inner for key, inner in operand.items() if key in value)
