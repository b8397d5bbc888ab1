"""Schema: a JSON Schema with the annotations that sessionctl reads from it."""

from __future__ import annotations

from _collections import deque  # type: ignore[import-not-found]

from sessionctl.core.keypath import ItemKey
from sessionctl.core.schema.check.quick_check import UnsureError, accepts, own_search, point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from sessionctl.core.keypath import Part
    from sessionctl.core.schema.check.application import Application
    from sessionctl.core.schema.check.budget import Budget
    from sessionctl.core.schema.predicate.predicates import Predicates
    from sessionctl.core.schema.reference.registry import SchemaRegistry

    _Found = tuple[Mapping[str, Any], ...]

_IN_PLACE = ("allOf", "anyOf", "oneOf")
_BRANCHES = ("if", "then", "else")
_WITHOUT_END = 1 << 62
_FEW = 20
"""For so many values it costs less to look them through than to compile a schema of our own."""
_LARGE = 400_000
"""So for a document of this many characters and more it costs more."""
_MOST_PATHS = 20_000
"""So many are known by heart at once."""


class Schema:
    """A JSON Schema; the annotations are looked up by the paths of a document.

    In those paths the indexes of arrays may be left out: ``windows.panes.start``. Where
    a value may be one of several kinds, the annotations of all of them count.
    """

    __slots__ = (
        "_asked",
        "_cache",
        "_concealed",
        "_has_item_keys",
        "_item_keys",
        "_predicates",
        "_registry",
        "_steps",
        "budget",
        "data",
        "name",
        "sources",
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        name: str = "schema",
        budget: Budget | None = None,
        registry: SchemaRegistry | None = None,
    ) -> None:
        """Take ``data`` as a valid schema; ``load_schema`` is for those that may not be.

        ``budget`` is how many steps one document may take, None for a schema of our own;
        ``registry`` what was found in ``data`` when it was looked through. ``sources`` are the
        texts that it and all it refers to were read from, none where that is not known.
        """
        self.data = data
        self.budget = budget
        self._registry = registry
        self.name = name
        self.sources: tuple[str, ...] = ()
        self._cache: dict[tuple[Part, ...], tuple[Mapping[str, Any], ...]] = {}
        self._steps: dict[tuple[object, ...], tuple[_Found, _Found]] = {}
        self._asked = 0
        self._predicates: Predicates | None = None
        self._has_item_keys: bool | None = None
        self._item_keys: dict[tuple[str, ...], str | None] = {}
        self._concealed: dict[tuple[str, ...], bool] = {}

    @classmethod
    def session(cls) -> Schema:
        """Return the schema of session files, without its descriptions."""
        from sessionctl.core.schema.session_schema import SESSION

        schema = cls(SESSION, "session")
        schema.sources = ("session",)  # it is part of this program
        return schema

    def __repr__(self) -> str:
        return f"<Schema {self.name}>"

    def accepts(self, value: object) -> bool:
        """Return whether ``value`` is certainly valid; False may also mean "not sure".

        The report on a value has all steps of the budget for itself.
        """
        if self.budget is None and self._asked < _FEW:
            self._asked += 1
            return accepts(self.data, value)
        predicates = self._predicates
        if predicates is None or self.registry.is_dynamic:  # that remembers what it met
            from sessionctl.core.schema.predicate.compilation import compiled

            predicates = self._predicates = compiled(self.application())
        is_valid = predicates.accepts(value)
        if self.budget is not None:
            self.budget.restart()
        return is_valid

    @property
    def registry(self) -> SchemaRegistry:
        """All schemas within this one, looked through when first asked for."""
        if self._registry is None:
            from sessionctl.core.schema.reference.registry import SchemaRegistry

            self._registry = SchemaRegistry(self.data)
        return self._registry

    def application(self) -> Application:
        """Return the application of this schema to one document, within its budget."""
        from sessionctl.core.schema.check.application import Application
        from sessionctl.core.schema.check.budget import Budget
        from sessionctl.core.schema.check.keyword_rules import CHECKS

        return Application(self.registry, self.budget or Budget(_WITHOUT_END), CHECKS)

    def charge(self, steps: int) -> None:
        """Take steps of the budget; raises ``StepLimitError`` when none are left."""
        if self.budget is not None:
            self.budget.charge(steps)

    def affords(self, steps: int) -> bool:
        """Return whether what can be left out may take so many steps."""
        return self.budget is None or self.budget.affords(steps)

    def begin(self, size: int) -> None:
        """Allow for the steps of a document of ``size`` characters."""
        if self.budget is not None:
            self.budget.renew(size)
        elif size >= _LARGE:
            self._asked = _FEW

    @property
    def newest_version(self) -> int | None:
        """The ``schema_version`` that this schema describes, None when it has none."""
        for schema in self.at(["schema_version"]):
            version = schema.get("const")
            if isinstance(version, int):
                return version
        return None

    def at(self, path: Iterable[Part]) -> tuple[Mapping[str, Any], ...]:
        """Return every subschema that may describe the value at ``path``, outer ones first."""
        parts = tuple(path)
        found = self._cache.get(parts)
        if found is None:
            if not parts:
                found = tuple(self._expand([self.data]))
            else:
                found = self._below(self.at(parts[:-1]), parts[-1])
            if len(self._cache) >= _MOST_PATHS:  # of a process that runs for months
                self._cache.clear()
                self._steps.clear()
                self._item_keys.clear()
            self._cache[parts] = found
        return found

    def _below(self, outer: _Found, part: Part) -> _Found:
        """Return what describes ``part`` of what ``outer`` describes, found once for all alike."""
        step = (part, *map(id, outer))
        known = self._steps.get(step)
        if known is None:  # with the outer ones, so that no other object gets their number
            known = self._steps[step] = (outer, tuple(self._expand(self._step(outer, part))))
        return known[1]

    def annotation(self, path: Iterable[Part], keyword: str) -> Any:
        """Return the value of ``keyword`` for what is at ``path``, the outermost one, or None."""
        for schema in self.at(path):
            if keyword in schema:
                return schema[keyword]
        return None

    @property
    def has_item_keys(self) -> bool:
        """Whether it names a field that identifies the items of some array, as far as known."""
        if self._registry is None:
            return True
        if self._has_item_keys is None:
            self._has_item_keys = any("x-item-key" in node for node in self._registry.nodes)
        return self._has_item_keys

    def item_key(self, path: Iterable[Part]) -> str | None:
        """Return the field that identifies the items of the array at ``path``, or None."""
        keys = tuple(part for part in path if isinstance(part, str))
        if keys not in self._item_keys:
            found = self.annotation(keys, "x-item-key")
            self._item_keys[keys] = found if isinstance(found, str) else None
        return self._item_keys[keys]

    def merge_rule(self, path: Iterable[Part]) -> str | None:
        """Return how the value at ``path`` merges: atomic, list, set, text, max or newest."""
        found = self.annotation(path, "x-merge")
        return found if isinstance(found, str) else None

    def is_secret(self, path: Iterable[Part]) -> bool:
        """Return whether what is at ``path``, or around it, must not be shown.

        Around it, ``writeOnly`` speaks only of what the schema does not describe any further.
        """
        parts = tuple(part for part in path if isinstance(part, str))
        if self._is_concealed(parts):
            return True
        described = len(parts)
        while described > 1 and not self.at(parts[:described]):
            described -= 1
        return any(schema.get("writeOnly") is True for schema in self.at(parts[:described]))

    def _is_concealed(self, parts: tuple[str, ...]) -> bool:
        """Return whether what is at ``parts``, or around it, is marked as a secret."""
        if not parts:
            return False
        found = self._concealed.get(parts)
        if found is None:
            found = self._is_concealed(parts[:-1]) or any(
                schema.get("x-secret") in (True,) or schema.get("format") == "password"
                for schema in self.at(parts)
            )
            self._concealed[parts] = found
        return found

    def is_volatile(self, path: Iterable[Part]) -> bool:
        """Return whether what is at ``path`` changes all the time and is not committed."""
        return self._is_marked(path, (("x-volatile", True),))

    def keys_at(self, path: Iterable[Part]) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """Return the keys that the table at ``path``, or its items, may have by name."""
        keys: dict[str, tuple[Mapping[str, Any], ...]] = {}
        parts = tuple(path)
        for schema in self.through_arrays(parts):
            for key in _table(schema, "properties"):
                if key not in keys:
                    keys[key] = self.at((*parts, key))
        return keys

    def heads(self, path: Iterable[Part]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Return the subschemas that describe the value at ``path``, each with its table's.

        Unlike ``at``, only what is written at the key itself. The path is not empty.
        """
        parts = tuple(path)
        found: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
        for owner in self.through_arrays(parts[:-1]):
            part = parts[-1]
            inner = self._property(owner, part) if isinstance(part, str) else [owner.get("items")]
            found += [(owner, head) for head in inner if isinstance(head, dict)]
        return found

    def through_arrays(self, path: Iterable[Part]) -> list[Mapping[str, Any]]:
        """Return the subschemas for what is at ``path`` and, where that is an array, its items."""
        return self._through_arrays(self.at(path))

    def parts_of(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        """Return ``schema`` and all it is made of at the same place, itself first."""
        return tuple(self._expand([schema]))

    def alternatives_of(self, schema: object) -> list[Mapping[str, Any]]:
        """Return ``schema`` without its reference, or what it is any of."""
        if not isinstance(schema, dict):
            return []
        found = self.resolve(schema)
        for keyword in ("anyOf", "oneOf"):
            branches = found.get(keyword)
            if isinstance(branches, list):
                return [self.resolve(branch) for branch in branches if isinstance(branch, dict)]
        return [found]

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return where the reference of ``schema`` leads; ``schema`` itself if it has none."""
        for _ in range(100):
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                return schema
            try:
                target = self._target(schema, reference)
            except LookupError:
                return schema
            if isinstance(target, bool):
                return {} if target else {"not": {}}
            schema = target
        return schema

    def _target(self, schema: Mapping[str, Any], reference: str) -> Mapping[str, Any] | bool:
        if self._registry is not None:
            return self._registry.target(schema, reference)
        try:
            return point(self.data, reference)
        except UnsureError:
            return self.registry.target(schema, reference)

    def _is_marked(self, path: Iterable[Part], marks: tuple[tuple[str, object], ...]) -> bool:
        parts = tuple(part for part in path if isinstance(part, str))
        return any(
            schema.get(keyword) == mark
            for depth in range(1, len(parts) + 1)
            for schema in self.at(parts[:depth])
            for keyword, mark in marks
        )

    def _expand(self, schemas: Iterable[object]) -> Iterator[Mapping[str, Any]]:
        """Yield the schemas and what they are made of at the same place, each once."""
        waiting = deque(schemas)
        seen: set[int] = set()
        while waiting:
            schema = waiting.popleft()
            self.charge(1)
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            yield schema
            if "$ref" in schema:
                waiting.append(self.resolve(schema))
            for keyword in _IN_PLACE:
                waiting.extend(_items(schema, keyword))
            waiting += [schema[keyword] for keyword in _BRANCHES if keyword in schema]

    def _through_arrays(self, schemas: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        found = list(schemas)
        known = set(map(id, found))
        for schema in found:  # grows while it is walked: arrays of arrays
            items = [*_first_items(schema), _rest(schema)]
            new = [item for item in self._expand(items) if id(item) not in known]
            known.update(map(id, new))
            found += new
        return found

    def _step(self, schemas: tuple[Mapping[str, Any], ...], part: Part) -> Iterator[object]:
        if isinstance(part, str):
            for schema in self._through_arrays(schemas):
                yield from self._property(schema, part)
            return
        for schema in schemas:
            prefix = _first_items(schema)
            if isinstance(part, ItemKey) or not 0 <= part < len(prefix):
                yield _rest(schema)
            else:
                yield prefix[part]

    def _property(self, schema: Mapping[str, Any], key: str) -> Iterator[object]:
        """Yield the subschemas for the value of ``key`` in a table that ``schema`` describes."""
        known = _table(schema, "properties")
        if key in known:
            yield known[key]
        is_known = key in known
        for pattern, subschema in _table(schema, "patternProperties").items():
            if self._fits(pattern, key):
                is_known = True
                yield subschema
        if not is_known:
            yield schema.get("additionalProperties")

    def _fits(self, pattern: str, key: str) -> object:
        """Return whether ``key`` has what ``pattern`` looks for, as far as that can be told."""
        try:
            if self.budget is None:
                return own_search(pattern)(key)
            from sessionctl.core.schema.check.bounded_search import bounded_search

            return bounded_search(pattern, self.budget)(key)
        except ValueError as error:
            from sessionctl.core.schema.check.pattern import UnsupportedPatternError

            if isinstance(error, UnsupportedPatternError):
                return False
            raise


# A keyword that a draft does not know may hold anything.


def _table(schema: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    found = schema.get(keyword)
    return found if isinstance(found, dict) else {}


def _items(schema: Mapping[str, Any], keyword: str) -> list[Any]:
    found = schema.get(keyword)
    return found if isinstance(found, list) else []


def _first_items(schema: Mapping[str, Any]) -> list[Any]:
    """Return the schemas of the first items, one by one; older drafts have them in ``items``."""
    return _items(schema, "prefixItems") or _items(schema, "items")


def _rest(schema: Mapping[str, Any]) -> object:
    return schema.get("additionalItems" if _items(schema, "items") else "items")
