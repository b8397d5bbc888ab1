"""Undescribed fields: keys of connections that the schema does not know; they hold anything."""

from __future__ import annotations

from sessionctl.core.memory import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.model import Schema

_CONNECTIONS = "connections"


def is_undescribed(path: KeyPath) -> bool:
    """Return whether ``path`` is below a connection, where the session schema has no such key.

    A login that was given a wrong name has no rule that hides it: ``connections.db.nourl``.
    """
    keys = [part for part in path if isinstance(part, str)]
    if _CONNECTIONS not in keys[:-2] or keys[0] not in (_CONNECTIONS, "overrides"):
        return False
    return not _session_schema().at(path)


@remembered()
def _session_schema() -> Schema:
    """Return one schema for all questions: it knows what it found at a path before."""
    from sessionctl.core.schema.model import Schema

    return Schema.session()
