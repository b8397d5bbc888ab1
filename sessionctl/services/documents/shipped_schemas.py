"""Explaining: the shipped schemas with their descriptions."""

from __future__ import annotations

import json

from sessionctl.core.schema.model import Schema
from sessionctl.errors import UsageError
from sessionctl.resources import schema_names, schema_text

_SESSION = "session"
_NEWEST = "session.v1"
_EXPORT = ".draft-07"


def described_session() -> Schema:
    """Return the schema of session files, with its descriptions."""
    return Schema(json.loads(schema_text(_NEWEST)), _SESSION)


def shipped_schemas() -> dict[str, str]:
    """Return the names of the shipped schemas with their titles."""
    return {name: str(json.loads(schema_text(name))["title"]) for name in schema_names()}


def shipped_schema(name: str, *, draft_07: bool = False) -> str:
    """Return the JSON text of a shipped schema; "session" is the newest of the sessions.

    Raises:
      UsageError: none is shipped of this name, or none in draft-07.
    """
    wanted = _NEWEST if name == _SESSION else name
    if draft_07 and not wanted.endswith(_EXPORT):
        wanted += _EXPORT
    names = schema_names()
    if wanted not in names:
        what = f"{name} in draft-07" if draft_07 and name in (*names, _SESSION) else name
        raise UsageError(
            f"schema: no schema {what} is shipped", hints=["see them: sessionctl schema list"]
        )
    return schema_text(wanted)
