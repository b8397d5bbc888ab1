"""Every violation of a schema that has only keywords which ``quick_check`` knows."""

from __future__ import annotations

from sessionctl.core.schema.check.quick_check import Acceptance, additional_keys
from sessionctl.core.schema.check.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.keypath import Part

    Path = tuple[str | int, ...]


class _SchemaPlace:
    """Where a keyword is applied: its schema, the value and the value's path."""

    __slots__ = ("operand", "path", "run", "schema", "value")

    def __init__(
        self, run: Acceptance, schema: Mapping[str, Any], operand: Any, value: Any, path: Path
    ) -> None:
        self.run = run
        self.schema = schema
        self.operand = operand
        self.value = value
        self.path = path


def blame(root: Mapping[str, Any], value: object, run: Acceptance | None = None) -> list[Violation]:
    """Return every violation of ``root`` by ``value``.

    Raises:
      UnsureError: the schema uses what ``accept`` leaves to jsonschema.
      StepLimitError: ``run``, for a foreign schema, does not allow for it.
    """
    return list(_blame(run or Acceptance(root), root, value, ()))


def _blame(run: Acceptance, schema: object, value: Any, path: Path) -> Iterator[Violation]:
    if isinstance(schema, bool):
        if not schema:
            yield Violation("None", None, {}, run.shown(value), path)
        return
    assert isinstance(schema, dict)
    for keyword, operand in schema.items():
        if not run.meets(keyword, schema, value):
            place = _SchemaPlace(run, schema, operand, value, path)
            inside = _INSIDE.get(keyword)
            if inside is not None:
                yield from inside(place)
            else:
                details = _DETAILS.get(keyword, _no_details)(place)
                for detail in details:
                    yield Violation(keyword, operand, schema, run.shown(value), path, detail)


def _reference(place: _SchemaPlace) -> Iterator[Violation]:
    return _blame(place.run, place.run.resolve(place.operand), place.value, place.path)


def _properties(place: _SchemaPlace) -> Iterator[Violation]:
    for key in place.value:
        if key in place.operand:
            yield from _child(place, place.operand[key], key)


def _pattern_properties(place: _SchemaPlace) -> Iterator[Violation]:
    for pattern, schema in place.operand.items():
        search = place.run.search(pattern)
        for key in place.value:
            if search(key):
                yield from _child(place, schema, key)


def _additional(place: _SchemaPlace) -> Iterator[Violation]:
    value = place.run.shown(place.value) if place.operand is False else None
    for key in additional_keys(place.schema, place.value, place.run.search):
        if place.operand is False:
            keyword = "additionalProperties"
            yield Violation(keyword, place.operand, place.schema, value, place.path, key)
        else:
            yield from _child(place, place.operand, key)


def _property_names(place: _SchemaPlace) -> Iterator[Violation]:
    for key in place.value:
        for violation in _blame(place.run, place.operand, key, place.path):
            yield violation._replace(is_key=True)


def _items(place: _SchemaPlace) -> Iterator[Violation]:
    for index in range(len(place.schema.get("prefixItems", ())), len(place.value)):
        yield from _child(place, place.operand, index)


def _prefix_items(place: _SchemaPlace) -> Iterator[Violation]:
    for index, schema in enumerate(place.operand[: len(place.value)]):
        yield from _child(place, schema, index)


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


def _missing(place: _SchemaPlace) -> Iterable[str]:
    return [key for key in place.operand if key not in place.value]


def _no_details(_place: _SchemaPlace) -> Iterable[str]:
    return ("",)


_INSIDE: dict[str, Callable[[_SchemaPlace], Iterator[Violation]]] = {
    "$ref": _reference,
    "additionalProperties": _additional,
    "allOf": _all_of,
    "anyOf": _union("anyOf"),
    "items": _items,
    "oneOf": _union("oneOf"),
    "patternProperties": _pattern_properties,
    "prefixItems": _prefix_items,
    "properties": _properties,
    "propertyNames": _property_names,
}
_DETAILS: dict[str, Callable[[_SchemaPlace], Iterable[str]]] = {"required": _missing}
