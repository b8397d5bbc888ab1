"""The loader: JSON that a user or a host application calls a schema, checked before its use."""

from __future__ import annotations

from sessionctl.core.schema.check.budget import LOAD_STEPS, Budget, StepLimitError, pointer_to
from sessionctl.core.schema.keyword_forms import faults
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.reference.dialect import DRAFTS, dialect_at
from sessionctl.core.schema.reference.registry import (
    REFERENCES,
    SchemaRegistry,
    UnresolvedError,
)
from sessionctl.core.schema.words.absent_schema import NEVER_FETCHED, way_to_add
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sessionctl.core.schema.reference.registry import Node, SchemaFile


_DEEPEST = 100


def load_schema(
    data: object,
    name: str = "schema",
    find: Callable[[str, str], SchemaFile] | None = None,
) -> Schema:
    """Return the schema that ``data`` (parsed JSON) holds.

    ``find`` returns the schemas of other files that it refers to, as ``SchemaRegistry`` has it.

    Raises:
      SessionctlError: it is not a JSON Schema of a known draft, or it refers to what
        is not in it: schemas are never fetched.
    """
    if isinstance(data, bool):
        data = {} if data else {"not": {}}
    if not isinstance(data, dict):
        raise SessionctlError(f"{name}: not a JSON Schema: expected an object at the top")
    budget = Budget(LOAD_STEPS)
    try:
        registry = _registry(data, name, budget, find)
    except StepLimitError as error:
        raise error.placed(name, data) from None
    return Schema(data, name, budget, registry)


def _registry(
    data: dict[str, Any],
    name: str,
    budget: Budget,
    find: Callable[[str, str], SchemaFile] | None,
) -> SchemaRegistry:
    """Return all schemas within ``data``, once each of them is found to be usable.

    Raises:
      SessionctlError: one is not; the message names the place as a JSON pointer.
    """
    if "$schema" in data and dialect_at(data["$schema"]) is None:
        raise SessionctlError(
            f'{name}: "$schema" names no draft that is known',
            hints=['drafts 4, 6, 7, 2019-09 and 2020-12 are; such as "$schema": '
                   '"https://json-schema.org/draft/2020-12/schema"'],
        )  # fmt: skip
    _check_depth(data, name)
    try:
        registry = SchemaRegistry(data, budget.charge, find)
    except ValueError:  # an "$id" that is no address
        raise SessionctlError(f"{name}: its references cannot be followed") from None
    try:
        _check_form(registry, 0, name)
        known = len(registry.nodes)
        registry.check_references()
        for file in registry.files:
            _check_depth(file.data, file.name)
        _check_form(registry, known, name)
        _refuse_hollow(registry)
    except UnresolvedError as error:
        raise _unresolved(error, registry, name) from error
    except (RecursionError, ValueError):
        raise SessionctlError(f"{name}: its references cannot be followed") from None
    return registry


def _refuse_hollow(registry: SchemaRegistry) -> None:
    """Raise ``UnresolvedError`` where all that a schema says is in others that are not at hand.

    It would call everything valid.
    """
    found = _lone_absence(registry, registry.root, set())
    if found is not None:
        schema, keyword = found
        absent = registry.absent_address(registry.target(schema, schema[keyword]))
        error = UnresolvedError(absent, is_absent=True)
        error.origin, error.keyword = schema, keyword
        raise error


def _lone_absence(
    registry: SchemaRegistry, schema: object, seen: set[int]
) -> tuple[Node, str] | None:
    """Return the reference to a schema not at hand that is all that ``schema`` says, or None."""
    if not isinstance(schema, dict) or id(schema) in seen:
        return None
    seen.add(id(schema))
    first = None
    for keyword in registry.constraints(schema):
        found = None
        if keyword == "allOf":
            parts = [_lone_absence(registry, part, seen) for part in schema[keyword]]
            found = parts[0] if all(parts) else None
        elif keyword in REFERENCES:
            target = registry.target(schema, schema[keyword])
            is_absent = bool(registry.absent_address(target))
            found = (schema, keyword) if is_absent else _lone_absence(registry, target, seen)
        if found is None:
            return None
        first = first or found
    return first


def _unresolved(error: UnresolvedError, registry: SchemaRegistry, name: str) -> SessionctlError:
    """Return what a reference that leads nowhere is for the user, with its place."""
    place = name
    if error.origin is not None:
        file = registry.file_of(registry.home(error.origin))
        place = f"{file.name or name}: {pointer_to(error.origin, file.data)}/{error.keyword}"
    missing = f"refers to {error.address}, which is not in it; {NEVER_FETCHED}"
    hint = way_to_add(error.address, name, reads_files=registry.reads_files)
    if "$schema" not in registry.root and isinstance(registry.root.get("id"), str):
        hint = f'add its draft: "$schema": "{DRAFTS[-1].address}#"'
    return SessionctlError(f"{place}: {error.reason or missing}", hints=[hint] if hint else [])


def _check_form(registry: SchemaRegistry, start: int, name: str) -> None:
    """Raise ``SessionctlError`` for the first of the schemas that has no right form."""
    for node in registry.nodes[start:]:
        home = registry.home(node)
        fault = next(faults(node, home.dialect), None)
        if fault is None:
            continue
        from sessionctl.core.keypath import KeyPath
        from sessionctl.core.schema.words.keywords import describe
        from sessionctl.core.schema.words.schema_finding import ViolationCase

        file = registry.file_of(home)
        finding = describe(ViolationCase(fault, KeyPath(fault.path), Schema({}), is_hidden=False))
        pointer = "/".join([pointer_to(node, file.data), *map(str, fault.path)])
        raise SessionctlError(
            f"{file.name or name}: not a JSON Schema: {pointer}: {finding.message}",
            hints=list(filter(None, [finding.hint or _older_draft(registry.root, node)])),
        )


def _older_draft(root: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """Return a hint where ``node`` is right under a draft that its schema could name."""
    if "$schema" in root:
        return ""
    older = (draft for draft in DRAFTS[1:] if next(faults(node, draft), None) is None)
    draft = next((one for one in older if one.has_lone_references), None)
    return f'add its draft: "$schema": "{draft.address}#"' if draft is not None else ""


def _check_depth(data: object, name: str) -> None:
    if _depth(data) > _DEEPEST:
        raise SessionctlError(
            f"{name}: not a JSON Schema that can be used: nested deeper than {_DEEPEST} levels",
            hints=["give its parts names under $defs, and refer to them"],
        )


def _depth(data: object) -> int:
    """Return how many levels of objects and arrays are within each other."""
    depth = 0
    level: list[object] = [data]
    while level:
        inner: list[object] = []
        for here in level:
            if isinstance(here, dict):
                inner += here.values()
            elif isinstance(here, list):
                inner += here
        level = [item for item in inner if isinstance(item, dict | list)]
        depth += 1
    return depth
