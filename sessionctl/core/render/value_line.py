"""A value in one line, for tables and messages."""

from __future__ import annotations

from sessionctl.core.keypath import escape_basic, render_key
from sessionctl.core.values import moment_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized


def short_value(value: object) -> str:
    """Return ``value`` in one line as TOML spells it; large tables are only counted."""
    if isinstance(value, str):
        return f'"{escape_basic(value)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inner = ", ".join(f"{render_key(k)} = {short_value(v)}" for k, v in value.items())
        if not inner:
            return "{}"
        return "{ " + inner + " }" if len(inner) <= 60 else f"a table of {_counted(value, 'key')}"
    if isinstance(value, list):
        inner = ", ".join(map(short_value, value))
        return f"[{inner}]" if len(inner) <= 60 else f"an array of {_counted(value, 'item')}"
    if hasattr(value, "isoformat"):
        return moment_text(value)
    return str(value)


def _counted(value: Sized, noun: str) -> str:
    from sessionctl.core.text.plural import counted  # most values are short

    return counted(len(value), noun)
