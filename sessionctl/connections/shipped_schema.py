"""Shipped schema: the part of the schema of session files that is an adapter's of ours."""

from __future__ import annotations

import json

from sessionctl.resources import schema_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table


def shipped_schema(kind: str) -> Table:
    """Return the schema of a connection with ``driver = kind``.

    Its references lead into the schema of session files.
    """
    schema: Table = json.loads(schema_text("session.v1"))["$defs"][kind]
    return schema
