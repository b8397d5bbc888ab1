"""Every violation of a schema, found by the same checks that accept a value."""

from __future__ import annotations

from sessionctl.core.schema.check.quick_check import Acceptance
from sessionctl.core.schema.check.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.keypath import Part

    Path = tuple[str | int, ...]


class _SchemaPlace:
    """Where a keyword is applied: its schema, the value and the value's path."""

    __slots__ = ("keyword", "operand", "path", "run", "schema", "value")

    def __init__(
        self, run: Acceptance, schema: Mapping[str, Any], keyword: str, value: Any, path: Path
    ) -> None:
        self.keyword = keyword
        self.run = run
        self.schema = schema
        self.operand = schema[keyword]
        self.value = value
        self.path = path


def blame(root: Mapping[str, Any], value: object, run: Acceptance | None = None) -> list[Violation]:
    """Return every violation of ``root`` by ``value``.

    Raises:
      UnsureError: the schema uses what the quick check does not know.
      StepLimitError: ``run``, for a foreign schema, does not allow for it.
    """
    return list(_blame(run or Acceptance(root), root, value, ()))


def _blame(run: Acceptance, schema: object, value: Any, path: Path) -> Iterator[Violation]:
    if isinstance(schema, bool):
        if not schema:
            yield Violation("None", None, {}, run.shown(value), path)
        return
    assert isinstance(schema, dict)
    has_entered = run.enter(schema)
    for keyword in run.keywords(schema):
        if not run.meets(keyword, schema, value):
            place = _SchemaPlace(run, schema, keyword, value, path)
            inside = _INSIDE.get(keyword)
            if inside is not None:
                yield from inside(place)
            else:
                details = _DETAILS.get(keyword, _no_details)(place)
                for detail in details:
                    yield Violation(
                        keyword, schema[keyword], schema, run.shown(value), path, detail
                    )
    if has_entered:
        run.leave()


def _reference(place: _SchemaPlace) -> Iterator[Violation]:
    target = place.run.follow(place.keyword, place.schema)
    return _blame(place.run, target, place.value, place.path)


def _properties(place: _SchemaPlace) -> Iterator[Violation]:
    for key in place.value:
        if key in place.operand:
            yield from _child(place, place.operand[key], key)


def _pattern_properties(place: _SchemaPlace) -> Iterator[Violation]:
    for pattern, keys in place.run.keys_by_pattern(place.operand, place.value).items():
        for key in keys:
            yield from _child(place, place.operand[pattern], key)


def _additional(place: _SchemaPlace) -> Iterator[Violation]:
    value = place.run.shown(place.value) if place.operand is False else None
    for key in place.run.additional_keys(place.schema, place.value):
        if place.operand is False:
            keyword = "additionalProperties"
            yield Violation(keyword, place.operand, place.schema, value, place.path, key)
        else:
            yield from _child(place, place.operand, key)


def _unevaluated(place: _SchemaPlace) -> Iterator[Violation]:
    from sessionctl.core.schema.check.application import Application
    from sessionctl.core.schema.check.evaluated import unevaluated_keys

    assert isinstance(place.run, Application)
    value = place.run.shown(place.value)
    for key in unevaluated_keys(place.schema, place.value, place.run):
        if not place.run.holds(place.operand, place.value[key]):
            keyword = "unevaluatedProperties"
            yield Violation(keyword, place.operand, place.schema, value, place.path, key)


def _property_names(place: _SchemaPlace) -> Iterator[Violation]:
    for key in place.value:
        for violation in _blame(place.run, place.operand, key, place.path):
            yield violation._replace(is_key=True)


def _items(place: _SchemaPlace) -> Iterator[Violation]:
    if isinstance(place.operand, list):
        yield from _prefix_items(place)
        return
    for index in range(place.run.first_free(place.schema), len(place.value)):
        yield from _child(place, place.operand, index)


def _prefix_items(place: _SchemaPlace) -> Iterator[Violation]:
    for index, schema in enumerate(place.operand[: len(place.value)]):
        yield from _child(place, schema, index)


def _additional_items(place: _SchemaPlace) -> Iterator[Violation]:
    for index in range(len(place.schema["items"]), len(place.value)):
        yield from _child(place, place.operand, index)


def _if(place: _SchemaPlace) -> Iterator[Violation]:
    then, otherwise = place.schema.get("then", True), place.schema.get("else", True)
    branch = then if place.run.holds(place.operand, place.value) else otherwise
    return _blame(place.run, branch, place.value, place.path)


def _dependencies(place: _SchemaPlace) -> Iterator[Violation]:
    keys = {name: needed for name, needed in place.operand.items() if isinstance(needed, list)}
    for name, needed in place.operand.items():
        if name not in place.value:
            continue
        if not isinstance(needed, list):
            for violation in _blame(place.run, needed, place.value, place.path):
                is_here = violation.path == place.path
                yield violation._replace(needed_by=name) if is_here else violation
            continue
        for key in needed:
            if key not in place.value:
                value = place.run.shown(place.value)
                yield Violation("dependentRequired", keys, place.schema, value, place.path, key)


def _bound(keyword: str, open_keyword: str) -> Callable[[_SchemaPlace], Iterator[Violation]]:
    def blame_bound(place: _SchemaPlace) -> Iterator[Violation]:
        # draft-04 has "exclusiveMinimum": true beside "minimum"
        found = open_keyword if place.schema.get(open_keyword) is True else keyword
        yield Violation(found, place.operand, place.schema, place.value, place.path)

    return blame_bound


def _all_of(place: _SchemaPlace) -> Iterator[Violation]:
    for schema in place.operand:
        yield from _blame(place.run, schema, place.value, place.path)


def _union(keyword: str) -> Callable[[_SchemaPlace], Iterator[Violation]]:
    def blame_union(place: _SchemaPlace) -> Iterator[Violation]:
        context: list[Violation] = []
        for branch, schema in enumerate(place.operand):
            found = list(_blame(place.run, schema, place.value, place.path))
            if not found:  # a second alternative fits: nothing within them is to blame
                context = []
                break
            context += [violation._replace(branch=branch) for violation in found]
        yield Violation(
            keyword,
            place.operand,
            place.schema,
            place.run.shown(place.value),
            place.path,
            context=tuple(context),
        )

    return blame_union


def _child(place: _SchemaPlace, schema: object, part: Part) -> Iterator[Violation]:
    assert isinstance(part, str | int)
    return _blame(place.run, schema, place.value[part], (*place.path, part))


def _count(place: _SchemaPlace) -> Iterable[str]:
    return [str(sum(place.run.holds(place.operand, item) for item in place.value))]


def _missing(place: _SchemaPlace) -> Iterable[str]:
    return [key for key in place.operand if key not in place.value]


def _no_details(_place: _SchemaPlace) -> Iterable[str]:
    return ("",)


_INSIDE: dict[str, Callable[[_SchemaPlace], Iterator[Violation]]] = {
    "$dynamicRef": _reference,
    "$recursiveRef": _reference,
    "$ref": _reference,
    "additionalItems": _additional_items,
    "additionalProperties": _additional,
    "allOf": _all_of,
    "anyOf": _union("anyOf"),
    "dependencies": _dependencies,
    "dependentRequired": _dependencies,
    "dependentSchemas": _dependencies,
    "if": _if,
    "items": _items,
    "maximum": _bound("maximum", "exclusiveMaximum"),
    "minimum": _bound("minimum", "exclusiveMinimum"),
    "oneOf": _union("oneOf"),
    "patternProperties": _pattern_properties,
    "prefixItems": _prefix_items,
    "properties": _properties,
    "propertyNames": _property_names,
    "unevaluatedProperties": _unevaluated,
}
_DETAILS: dict[str, Callable[[_SchemaPlace], Iterable[str]]] = {
    "contains": _count,
    "required": _missing,
}
