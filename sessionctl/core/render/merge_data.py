"""A merge as plain data for JSON: conflicts with their secrets masked, changes by key path."""

from __future__ import annotations

import re

from sessionctl.core.render.masked_text import mask_fragment
from sessionctl.core.render.merge_text import side_words
from sessionctl.core.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.merge import MergeResult

_WORD_END = re.compile(r"(?<=[a-z])(?=[A-Z])")


def conflicts_data(result: MergeResult, name: str) -> list[dict[str, object]]:
    """Return the conflicts that are left in a text called ``name``."""
    source = Source(result.text, name)
    return [_conflict_data(conflict, source) for conflict in result.conflicts]


def decisions_data(result: MergeResult) -> list[dict[str, object]]:
    """Return what a policy or the schema settled: where, how, and by which rule."""
    return [decision._asdict() for decision in result.decisions]


def changes_data(result: MergeResult) -> list[dict[str, object]]:
    """Return what the merge brought to ours: kinds and key paths, no values."""
    return [
        {"kind": _WORD_END.sub("-", type(change).__name__).lower(), "path": change.path}
        for change in result.changes
    ]


def _conflict_data(conflict: Conflict, source: Source) -> dict[str, object]:
    last = max(conflict.span.start, conflict.span.end - 1)
    sides = {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
    return {
        "kind": conflict.kind.value,
        "path": conflict.path,
        "line": source.place(conflict.span.start)[0],
        "end_line": source.place(last)[0],
        **{side: mask_fragment(text, conflict.path, source.name) for side, text in sides.items()},
        "happened": dict(zip(("ours", "theirs"), side_words(conflict), strict=True)),
        "hint": conflict.hint or None,
        "offers": list(conflict.offers),
    }
