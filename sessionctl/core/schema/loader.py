"""The loader: JSON that a user or a host application calls a schema, checked before its use."""

from __future__ import annotations

from sessionctl.core.schema.check.budget import LOAD_STEPS, Budget, StepLimitError
from sessionctl.core.schema.model import Schema
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


_DEEPEST = 100


def load_schema(data: object, name: str = "schema") -> Schema:
    """Return the schema that ``data`` (parsed JSON) holds.

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
        _check(data, name, budget)
    except StepLimitError as error:
        raise error.placed(name, data) from None
    return Schema(data, name, budget)


def _check(data: Mapping[str, Any], name: str, budget: Budget) -> None:
    """Return if ``data`` is a JSON Schema that can be applied.

    Raises:
      SessionctlError: it is not; the message names the place as a JSON pointer.
    """
    from sessionctl.core.schema.check.jsonschema_engine import draft_of, unusable
    from sessionctl.core.schema.words.report import findings

    draft = draft_of(data)
    if draft is None:
        raise SessionctlError(
            f'{name}: "$schema" names no draft that is known',
            hints=['drafts 4, 6, 7, 2019-09 and 2020-12 are; such as "$schema": '
                   '"https://json-schema.org/draft/2020-12/schema"'],
        )  # fmt: skip
    depth = _depth(data)
    if depth > _DEEPEST:
        raise SessionctlError(
            f"{name}: not a JSON Schema that can be used: nested deeper than {_DEEPEST} levels",
            hints=["give its parts names under $defs, and refer to them"],
        )
    found = findings(Schema(draft.META_SCHEMA, name, budget), data)
    if found:
        pointer = "/".join(["#", *map(str, found[0].path)])
        raise SessionctlError(
            f"{name}: not a JSON Schema: {pointer}: {found[0].message}",
            hints=[found[0].hint] if found[0].hint else [],
        )
    reason = unusable(data, budget)
    if reason:
        raise SessionctlError(f"{name}: {reason}")


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
