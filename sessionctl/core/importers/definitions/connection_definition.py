"""Connection definition: a connection as another program's file describes it."""

from __future__ import annotations

import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Table

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f]+")
_NOT_IN_SECRETS = re.compile(r"[^A-Za-z0-9_-]+")


class ConnectionDefinition(NamedTuple):
    """A connection that was found: its name, its table, and the line it stands at.

    ``secrets`` are the names of the secrets that its table refers to and nobody stored yet;
    ``notes`` are sentences on what was left out.
    """

    name: str
    table: Table
    line: int
    secrets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class SkippedDefinition(NamedTuple):
    """Something in a file that is no connection for a session, and why."""

    what: str
    line: int
    why: str


class DefinitionReading(NamedTuple):
    """What a file has."""

    found: tuple[ConnectionDefinition, ...] = ()
    skipped: tuple[SkippedDefinition, ...] = ()


def clean_name(name: str) -> str:
    """Return the name of a connection without control characters."""
    return _NOT_IN_NAMES.sub(" ", name).strip() or "connection"


def secret_name(name: str, key: str) -> str:
    """Return the name that a secret of a connection gets."""
    return f"{_NOT_IN_SECRETS.sub('-', name).strip('-') or 'connection'}.{key}"
