"""Key meaning: what the schema of sessions says about a key, short enough for one line."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.errors import KeyNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath

_LONGEST_KIND = 60


class KeyMeaning(NamedTuple):
    """What the schema says about a key: its type with limits, and a sentence; "" for none."""

    kind: str = ""
    description: str = ""


def meaning_of(path: KeyPath) -> KeyMeaning:
    """Return what the schema says about the key at ``path``; nothing where it is not sure."""
    from sessionctl.core.schema.explanation import explain
    from sessionctl.core.schema.words import phrases
    from sessionctl.services.documents.schema_source import described_session

    try:
        variants = explain(described_session(), path).variants
    except KeyNotFoundError:
        return KeyMeaning()
    first = variants[0]
    if len({variant.type for variant in variants}) > 1:
        return KeyMeaning()
    allowed = phrases.one_of(first.allowed) if first.allowed else ""
    kind = allowed if 0 < len(allowed) <= _LONGEST_KIND else first.type
    parts = [kind] if kind else []
    parts += [note for note in first.notes if note.startswith(("from ", "at ", "above", "below"))]
    return KeyMeaning(", ".join(parts), first.description)
