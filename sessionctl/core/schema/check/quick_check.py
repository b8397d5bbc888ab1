"""The quick check: whether a value is certainly valid under a schema of our own.

It knows the keywords of draft 2020-12 that schemas of files use. What it does not know
for certain - other drafts, rare keywords, equality of tables - makes it "not sure"
(``UnsureError``), and is left to ``Application``.
"""

from __future__ import annotations

from sessionctl.core.memory import remembered
from sessionctl.core.regex.lazy_pattern import known_for_schema
from sessionctl.core.values import moment_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Schema = Mapping[str, Any] | bool
    Check = Callable[[Any, Any, Mapping[str, Any], "Acceptance"], bool]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ANNOTATIONS = frozenset({
    "$comment", "$defs", "$schema", "default", "definitions", "deprecated", "description",
    "examples", "readOnly", "title", "writeOnly",
})  # fmt: skip

_MOST_PATTERNS = 1000


class UnsureError(Exception):
    """The quick check does not know."""


def accepts(schema: Schema, value: object, application: Acceptance | None = None) -> bool:
    """Return whether ``value`` is certainly valid under ``schema``.

    False means "invalid, or not sure". Integers and floats are different types, as in
    TOML; a TOML date is accepted where a string of a date format is asked for.
    ``application`` is how ``schema`` is applied, for one who knows more about ``value``.
    """
    if isinstance(schema, bool):
        return schema
    if schema.get("$schema", DRAFT) != DRAFT:
        return False
    try:
        return (application or Acceptance(schema)).holds(schema, value)
    except (UnsureError, RecursionError):
        return False
    except ValueError as error:
        from sessionctl.core.schema.check.pattern import UnsupportedPatternError

        if not isinstance(error, UnsupportedPatternError):
            raise
        return False


@remembered(_MOST_PATTERNS)
def own_search(pattern: str) -> Callable[[str], object]:
    """Return the search of ``pattern``, as ``searcher`` does; at once for those of sessions."""
    made = known_for_schema(pattern)
    if made is not None:
        return made.search
    from sessionctl.core.schema.check.pattern import searcher

    return searcher(pattern)


class Acceptance:
    """One schema being applied to one document."""

    __slots__ = ("_resolved", "root")

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self._resolved: dict[str, Schema] = {}

    def holds(self, schema: Schema, value: object) -> bool:
        """Return whether ``value`` meets every keyword of ``schema``."""
        if isinstance(schema, bool):
            return schema
        is_text = type(value) is str
        for keyword, operand in schema.items():
            check = CHECKS.get(keyword)
            # As ``meets`` has it, which would be called for each keyword of each value.
            if check is None:
                if keyword in _ANNOTATIONS or keyword.startswith("x-"):
                    continue
                raise UnsureError(keyword)
            if keyword in OF_TEXT and not is_text:
                if not self.meets(keyword, schema, value):
                    return False
            elif not check(operand, value, schema, self):
                return False
        return True

    def meets(self, keyword: str, schema: Mapping[str, Any], value: object) -> bool:
        """Return whether ``value`` meets one keyword of ``schema``.

        Raises:
          UnsureError: the keyword is unknown, or what it says of such a value.
        """
        check = CHECKS.get(keyword)
        if check is None:
            if keyword in _ANNOTATIONS or keyword.startswith("x-"):
                return True
            raise UnsureError(keyword)
        if keyword in OF_TEXT and hasattr(value, "isoformat"):
            value = value.isoformat()
        return check(schema[keyword], value, schema, self)

    def search(self, pattern: str) -> Callable[[str], object]:
        """Return the search for a pattern of the schema; raises ``UnsupportedPatternError``."""
        return own_search(pattern)

    def shown(self, value: object) -> object:
        """Return ``value`` as a report needs it."""
        from sessionctl.core.schema.check.moment import plain

        return plain(value)

    def keywords(self, schema: Mapping[str, Any]) -> Iterable[str]:
        """Return the keywords of ``schema`` that a value may fail to meet."""
        return schema

    def enter(self, _schema: Mapping[str, Any]) -> bool:
        """Return whether ``schema``, which is about to be applied, is to be left afterwards."""
        return False

    def leave(self) -> None:
        """Note that what was entered has been applied."""

    def keys_by_pattern(
        self, patterns: Iterable[str], value: Mapping[str, object]
    ) -> dict[str, list[str]]:
        """Return the keys of ``value`` that each of ``patterns`` is about."""
        searches = {pattern: self.search(pattern) for pattern in patterns}
        return {
            pattern: [key for key in value if search(key)] for pattern, search in searches.items()
        }

    def additional_keys(self, schema: Mapping[str, Any], value: Mapping[str, object]) -> list[str]:
        """Return the keys of ``value`` that ``additionalProperties`` of ``schema`` is about."""
        known = schema.get("properties", {})
        searches = [self.search(pattern) for pattern in schema.get("patternProperties", {})]
        return [key for key in value if key not in known and not any(s(key) for s in searches)]

    def first_free(self, schema: Mapping[str, Any]) -> int:
        """Return the index of the first item that ``items`` is about."""
        return len(schema.get("prefixItems", ()))

    def follow(self, keyword: str, schema: Mapping[str, Any]) -> Schema:
        """Return the schema that ``keyword`` of ``schema``, a reference, leads to."""
        return self.resolve(schema[keyword], schema)

    def resolve(self, reference: str, _schema: Mapping[str, Any]) -> Schema:
        """Return the schema that a reference of a schema of the document leads to."""
        found = self._resolved.get(reference)
        if found is None:
            found = self._resolved[reference] = point(self.root, reference)
        return found


def point(root: Mapping[str, Any], reference: str) -> Schema:
    """Return the schema at a JSON pointer such as ``#/$defs/pane``.

    Raises:
      UnsureError: the reference is not a pointer into ``root``, or leads nowhere.
    """
    if reference != "#" and not reference.startswith("#/"):
        raise UnsureError(reference)
    if "%" in reference:
        raise UnsureError(reference)
    target: Any = root
    for part in reference.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(target, dict) or key not in target:
            raise UnsureError(reference)
        target = target[key]
    if not isinstance(target, dict | bool):
        raise UnsureError(reference)
    return target


def is_type(value: object, name: str) -> bool:
    """Return whether ``value`` has the JSON Schema type ``name``, as TOML distinguishes types."""
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, str):
        return name == "string"
    if isinstance(value, int):
        return name in ("integer", "number")
    if isinstance(value, float):
        return name == "number"
    if isinstance(value, dict):
        return name == "object"
    if value is None:  # in JSON, where a schema itself is the document
        return name == "null"
    return name == "array" and isinstance(value, list)


TYPES: dict[type, frozenset[str]] = {
    bool: frozenset({"boolean"}),
    dict: frozenset({"object"}),
    float: frozenset({"number"}),
    int: frozenset({"integer", "number"}),
    list: frozenset({"array"}),
    str: frozenset({"string"}),
}
"""The types of JSON Schema that values of TOML have, but for dates and times."""


def _type(operand: Any, value: Any, schema: Mapping[str, Any], _run: Acceptance) -> bool:
    known = TYPES.get(type(value))
    if known is not None:
        return operand in known if isinstance(operand, str) else not known.isdisjoint(operand)
    names = [operand] if isinstance(operand, str) else operand
    if hasattr(value, "isoformat"):
        from sessionctl.core.schema.check.formats import MOMENT_FORMATS

        return "string" in names and schema.get("format") in MOMENT_FORMATS[moment_kind(value)]
    return any(is_type(value, name) for name in names)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict | list) and type(one) is type(other):
        raise UnsureError("equality of containers")
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _enum(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
    return any(_equal(item, value) for item in operand)


def _const(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
    return _equal(operand, value)


def _reference(operand: Any, value: Any, schema: Mapping[str, Any], run: Acceptance) -> bool:
    return run.holds(run.resolve(operand, schema), value)


def _identifier(_operand: Any, _value: Any, schema: Mapping[str, Any], run: Acceptance) -> bool:
    if schema is not run.root:
        raise UnsureError("$id")
    return True


def _properties(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    if not isinstance(value, dict):
        return True
    for key, item in value.items():
        if key in operand and not run.holds(operand[key], item):
            return False
    return True


def _pattern_properties(
    operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance
) -> bool:
    if not isinstance(value, dict):
        return True
    for pattern, schema in operand.items():
        search = run.search(pattern)
        if not all(run.holds(schema, value[key]) for key in value if search(key)):
            return False
    return True


def _additional(operand: Any, value: Any, schema: Mapping[str, Any], run: Acceptance) -> bool:
    if not isinstance(value, dict):
        return True
    return all(run.holds(operand, value[key]) for key in run.additional_keys(schema, value))


def _property_names(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    return not isinstance(value, dict) or all(run.holds(operand, key) for key in value)


def _required(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
    return not isinstance(value, dict) or value.keys() >= {*operand}


def _items(operand: Any, value: Any, schema: Mapping[str, Any], run: Acceptance) -> bool:
    if not isinstance(value, list):
        return True
    rest = value[len(schema.get("prefixItems", ())) :]
    return all(run.holds(operand, item) for item in rest)


def _prefix_items(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    if not isinstance(value, list):
        return True
    return all(map(run.holds, operand, value))


def _unique_items(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
    if not operand or not isinstance(value, list):
        return True
    if not all(isinstance(item, str) for item in value):
        raise UnsureError("uniqueItems")
    return len(set(value)) == len(value)


def _all_of(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    return all(run.holds(schema, value) for schema in operand)


def _any_of(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    return any(run.holds(schema, value) for schema in operand)


def _one_of(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    return sum(run.holds(schema, value) for schema in operand) == 1


def _pattern(operand: Any, value: Any, _schema: Mapping[str, Any], run: Acceptance) -> bool:
    return not isinstance(value, str) or bool(run.search(operand)(value))


def _format(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
    if not isinstance(value, str):
        return True
    from sessionctl.core.schema.check.formats import has_format

    return has_format(operand, value)


def _size(kind: type, *, at_least: bool) -> Check:
    def check(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
        if not isinstance(value, kind):
            return True
        size = len(value)  # type: ignore[arg-type]
        return bool(size >= operand if at_least else size <= operand)

    return check


def _bound(compare: Callable[[Any, Any], bool]) -> Check:
    def check(operand: Any, value: Any, _schema: Mapping[str, Any], _run: Acceptance) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        if value != value:
            raise UnsureError("nan")
        return compare(value, operand)

    return check


CHECKS: dict[str, Check] = {
    "$id": _identifier,
    "$ref": _reference,
    "additionalProperties": _additional,
    "allOf": _all_of,
    "anyOf": _any_of,
    "const": _const,
    "enum": _enum,
    "exclusiveMaximum": _bound(lambda value, operand: bool(value < operand)),
    "exclusiveMinimum": _bound(lambda value, operand: bool(value > operand)),
    "format": _format,
    "items": _items,
    "maxItems": _size(list, at_least=False),
    "maxLength": _size(str, at_least=False),
    "maxProperties": _size(dict, at_least=False),
    "maximum": _bound(lambda value, operand: bool(value <= operand)),
    "minItems": _size(list, at_least=True),
    "minLength": _size(str, at_least=True),
    "minProperties": _size(dict, at_least=True),
    "minimum": _bound(lambda value, operand: bool(value >= operand)),
    "oneOf": _one_of,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "prefixItems": _prefix_items,
    "properties": _properties,
    "propertyNames": _property_names,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique_items,
}
# What is said of the text of a date or time, as of that of a string.
OF_TEXT = frozenset({"const", "enum", "maxLength", "minLength", "pattern"})
