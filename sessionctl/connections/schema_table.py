"""Schema table: what the shipped schema says of the connections of one driver."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table

SHARED_KEYS = frozenset(
    {"driver", "start", "retry", "autoconnect", "timeout_s", "last_connected", "connect_count"}
)
"""The keys that connections of every driver have."""


def schema_table(kind: str) -> Table:
    """Return the schema of the own keys of a driver of ours, with its descriptions.

    The shipped schema is the one source of truth; an adapter of ours repeats nothing of it.
    """
    import json

    from sessionctl.resources import schema_text

    table: Table = json.loads(schema_text("session.v1"))["$defs"][kind]
    properties = table["properties"]
    assert isinstance(properties, dict)
    own = {key: value for key, value in properties.items() if key not in SHARED_KEYS}
    required = table.get("required")
    wanted = [key for key in required if key in own] if isinstance(required, list) else []
    return {**table, "properties": own, "required": list(wanted)}
