"""Dialect: one draft of JSON Schema, its keywords and where schemas are within a schema."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_DRAFT_04 = frozenset({
    "$ref", "additionalItems", "additionalProperties", "allOf", "anyOf", "dependencies", "enum",
    "format", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern",
    "patternProperties", "properties", "required", "type", "uniqueItems",
})  # fmt: skip
_DRAFT_06 = _DRAFT_04 | {
    "const", "contains", "exclusiveMaximum", "exclusiveMinimum", "propertyNames",
}  # fmt: skip
_DRAFT_07 = _DRAFT_06 | {"if"}
_DRAFT_2019 = (_DRAFT_07 - {"dependencies"}) | {
    "$recursiveRef", "dependentRequired", "dependentSchemas", "unevaluatedItems",
    "unevaluatedProperties",
}  # fmt: skip
_DRAFT_2020 = (_DRAFT_2019 - {"$recursiveRef", "additionalItems"}) | {"$dynamicRef", "prefixItems"}

# Definitions are looked for in each draft by both names: people mix them.
_MAPS = (
    "properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas",
)  # fmt: skip
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = (
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "not",
    "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip


class Dialect(NamedTuple):
    """One draft; ``keywords`` are those that a value may fail to meet.

    ``has_lone_references``: beside ``$ref``, nothing else of a schema counts.
    """

    name: str
    address: str
    keywords: frozenset[str]
    identifier: str = "$id"
    has_lone_references: bool = False

    def constraints(self, schema: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the keywords of ``schema`` that a value has to meet, in its own order."""
        if self.has_lone_references and isinstance(schema.get("$ref"), str):
            return ("$ref",)
        return tuple(keyword for keyword in schema if keyword in self.keywords)


DRAFTS = (
    Dialect("2020-12", "https://json-schema.org/draft/2020-12/schema", _DRAFT_2020),
    Dialect("2019-09", "https://json-schema.org/draft/2019-09/schema", _DRAFT_2019),
    Dialect(
        "draft-07", "http://json-schema.org/draft-07/schema", _DRAFT_07, has_lone_references=True
    ),
    Dialect(
        "draft-06", "http://json-schema.org/draft-06/schema", _DRAFT_06, has_lone_references=True
    ),
    Dialect(
        "draft-04",
        "http://json-schema.org/draft-04/schema",
        _DRAFT_04,
        "id",
        has_lone_references=True,
    ),
)
NEWEST = DRAFTS[0]


def dialect_at(address: object) -> Dialect | None:
    """Return the draft of this address, as ``$schema`` has it; None: no known one."""
    if not isinstance(address, str):
        return None
    bare = address.rstrip("#").partition("://")[2]
    return next((draft for draft in DRAFTS if draft.address.partition("://")[2] == bare), None)


def inner_schemas(schema: Mapping[str, Any]) -> Iterator[object]:
    """Yield what stands where ``schema`` may hold further ones, in the order of the keywords."""
    for keyword, operand in schema.items():
        if keyword in _MAPS and isinstance(operand, dict):
            yield from operand.values()
        elif (keyword in _LISTS or keyword == "items") and isinstance(operand, list):
            yield from operand
        elif keyword in _SINGLE or keyword == "items":
            yield operand
