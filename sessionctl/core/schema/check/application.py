"""Application: any schema of any draft being applied to a document, within a budget.

``quick_check`` has the keywords that every draft has and that schemas of sessions use; here are
the others, and the references that go beyond a pointer into the document.
"""

from __future__ import annotations

from sessionctl.core.schema.check.bounded_check import BoundedAcceptance, weight
from sessionctl.core.schema.check.budget import StepLimitError
from sessionctl.core.schema.check.pattern import UnsupportedPatternError
from sessionctl.core.schema.check.quick_check import OF_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from sessionctl.core.schema.check.budget import Budget
    from sessionctl.core.schema.check.quick_check import Schema
    from sessionctl.core.schema.reference.registry import Resource, SchemaRegistry

_PATTERN_STEPS = 4
"""What a character of a pattern that is compiled costs."""


class Application(BoundedAcceptance):
    """A schema with all it refers to being applied to one document.

    ``doubts`` counts what was met and a value is not held to: the patterns that cannot be searched
    for, ``unsearchable`` says of each why, and the schemas that are not at hand, ``unreachable``.
    """

    __slots__ = (
        "_rules",
        "_scope",
        "_searches",
        "doubts",
        "registry",
        "unreachable",
        "unsearchable",
    )

    def __init__(
        self, registry: SchemaRegistry, budget: Budget, rules: Mapping[str, Callable[..., bool]]
    ) -> None:
        """Apply ``registry``; ``rules`` are the checks of all keywords of all drafts."""
        super().__init__(registry.root, budget)
        self._rules = rules
        self.registry = registry
        self.doubts = 0
        self._scope: list[Resource] = []
        self._searches: dict[str, Callable[[str], object]] = {}
        self.unsearchable: dict[str, str] = {}
        self.unreachable: set[str] = set()

    def holds(self, schema: Schema, value: object) -> bool:
        """Return whether ``value`` meets every keyword of ``schema``."""
        if isinstance(schema, bool):
            return schema
        has_entered = self.enter(schema)
        holds = all(self.meets(keyword, schema, value) for keyword in self.keywords(schema))
        if has_entered:
            self.leave()
        return holds

    def keywords(self, schema: Mapping[str, Any]) -> Iterable[str]:
        """Return the keywords of ``schema`` that a value may fail to meet."""
        return self.registry.constraints(schema)

    def enter(self, schema: Mapping[str, Any]) -> bool:
        """Note that ``schema`` is applied from now on, where that matters to references in it."""
        if not self.registry.is_dynamic:
            return False
        home = self.registry.home(schema)
        if self._scope and self._scope[-1] is home:
            return False
        self._scope.append(home)
        return True

    def leave(self) -> None:
        """Note that what was entered last has been applied."""
        self._scope.pop()

    def meets(self, keyword: str, schema: Mapping[str, Any], value: object) -> bool:
        """Return whether ``value`` meets one keyword of ``schema``."""
        operand = schema[keyword]
        try:
            self.budget.charge(_cost(keyword, operand, value))
            check = self._rules[keyword]
            if keyword in OF_TEXT and hasattr(value, "isoformat"):
                value = value.isoformat()
            return check(operand, value, schema, self)
        except StepLimitError as error:
            if error.part is None:
                error.part = schema
            raise

    def search(self, pattern: str) -> Callable[[str], object]:
        """Return the search for a pattern of the schema.

        Raises:
          UnsupportedPatternError: it cannot be searched for; that counts as a doubt.
        """
        if pattern not in self._searches and pattern not in self.unsearchable:
            self.budget.charge(_PATTERN_STEPS * len(pattern))
            try:
                self._searches[pattern] = super().search(pattern)
            except UnsupportedPatternError as error:
                self.unsearchable[pattern] = str(error)
        if pattern in self.unsearchable:
            self.doubts += 1
            raise UnsupportedPatternError(self.unsearchable[pattern])
        return self._searches[pattern]

    def keys_by_pattern(
        self, patterns: Iterable[str], value: Mapping[str, object]
    ) -> dict[str, list[str]]:
        """Return the keys of ``value`` that each of ``patterns`` is about, as far as known."""
        found: dict[str, list[str]] = {}
        for pattern in patterns:
            try:
                search = self.search(pattern)
            except UnsupportedPatternError:
                continue
            found[pattern] = [key for key in value if search(key)]
        return found

    def additional_keys(self, schema: Mapping[str, Any], value: Mapping[str, object]) -> list[str]:
        """Return the keys of ``value`` that ``additionalProperties`` of ``schema`` is about.

        None at all where a pattern cannot be searched for: it may be about any key.
        """
        doubts = self.doubts
        by_pattern = self.keys_by_pattern(schema.get("patternProperties", {}), value)
        if self.doubts > doubts:
            return []
        known = {*schema.get("properties", {})}
        known.update(key for keys in by_pattern.values() for key in keys)
        return [key for key in value if key not in known]

    def counts(self, schema: Mapping[str, Any]) -> tuple[int, int | None]:
        """Return how many items ``contains`` of ``schema`` asks for, at least and at most."""
        if "unevaluatedItems" not in self.registry.home(schema).dialect.keywords:
            return 1, None
        return schema.get("minContains", 1), schema.get("maxContains")

    def first_free(self, schema: Mapping[str, Any]) -> int:
        """Return the index of the first item that ``items`` is about."""
        knows = "prefixItems" in self.registry.home(schema).dialect.keywords
        return super().first_free(schema) if knows else 0

    def follow(self, keyword: str, schema: Mapping[str, Any]) -> Schema:
        """Return the schema that ``keyword`` of ``schema``, a reference, leads to."""
        target = self.resolve(schema[keyword], schema)
        if keyword == "$ref" or isinstance(target, bool):
            return target
        if keyword == "$dynamicRef":  # to what the outermost of those around calls so
            name = schema[keyword].partition("#")[2]
            if target.get("$dynamicAnchor") != name:
                return target
            around = (home.dynamic[name] for home in self._scope if name in home.dynamic)
            return next(around, target)
        if target.get("$recursiveAnchor") is not True:
            return target
        roots = (home.root for home in self._scope)
        return next((root for root in roots if root.get("$recursiveAnchor") is True), target)

    def resolve(self, reference: str, schema: Mapping[str, Any]) -> Schema:
        """Return the schema that a reference of ``schema`` leads to.

        One that is not at hand allows everything; that counts as a doubt.
        """
        target = self.registry.target(schema, reference)
        absent = self.registry.absent_address(target)
        if absent:
            self.doubts += 1
            self.unreachable.add(absent)
        return target


_FRACTION_STEPS = 8
_COMPARED = frozenset({"const", "enum", "uniqueItems"})


def _cost(keyword: str, operand: Any, value: object) -> int:
    if keyword in _COMPARED:
        return 1 + weight(value)
    cost = 1
    if keyword == "multipleOf":
        is_whole = isinstance(operand, int) and isinstance(value, int)
        cost += operand.bit_length() // 64 if is_whole else _FRACTION_STEPS
    if isinstance(operand, list):
        cost += len(operand)
    if isinstance(value, dict | list):
        cost += len(value) * (len(operand) if keyword == "patternProperties" else 1)
    return cost
