"""The kinds of values that predicates are made for, and the keywords that are about each."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Test = Callable[[Any], bool]

KINDS: frozenset[type] = frozenset({bool, dict, float, int, list, str})
_NUMBERS: frozenset[type] = frozenset({float, int})
_TABLES: frozenset[type] = frozenset({dict})
_ARRAYS: frozenset[type] = frozenset({list})
_STRINGS: frozenset[type] = frozenset({str})
OF_KIND: dict[str, frozenset[type]] = {
    **dict.fromkeys(("format", "maxLength", "minLength", "pattern"), _STRINGS),
    **dict.fromkeys(
        ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"), _NUMBERS
    ),
    **dict.fromkeys(
        (
            "additionalItems", "contains", "items", "maxItems", "minItems", "prefixItems",
            "unevaluatedItems", "uniqueItems",
        ),
        _ARRAYS,
    ),
    **dict.fromkeys(
        (
            "additionalProperties", "dependencies", "dependentRequired", "dependentSchemas",
            "maxProperties", "minProperties", "patternProperties", "properties", "propertyNames",
            "required", "unevaluatedProperties",
        ),
        _TABLES,
    ),
}  # fmt: skip
"""The kinds that a keyword is about; one that is not here is about all."""


def always(_value: Any) -> bool:
    """Hold for any value."""
    return True


def never(_value: Any) -> bool:
    """Hold for no value."""
    return False
