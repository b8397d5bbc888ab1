"""Change summary: what changed in a document, in a few words for one line."""

from __future__ import annotations

from sessionctl.core.diff.change import (
    Added,
    CommentChanged,
    Modified,
    Moved,
    Removed,
    Renamed,
)
from sessionctl.core.render.value_line import short_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.diff.change import Change, Diff

_NAMED = 3


def change_summary(shown: Diff) -> str:
    """Return what changed; ``shown`` has its secrets masked."""
    changes = [change for change in shown.changes if not isinstance(change, CommentChanged)]
    if not changes:
        return "comments" if shown.changes else "layout"
    if len(changes) == 1:
        return _one(changes[0])
    return some_names(str(change.path) for change in changes)


def some_names(found: Iterable[str]) -> str:
    """Return the first of the names, each once, and how many more there are."""
    names = list(dict.fromkeys(found))
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown


def _one(change: Change) -> str:
    path = str(change.path)
    match change:
        case Added():
            return f"{path} added: {short_value(change.after)}"
        case Removed():
            return f"{path} removed"
        case Modified():
            return f"{path}: {short_value(change.before)} -> {short_value(change.after)}"
        case Moved():
            return f"{path} moved"
        case _:
            assert isinstance(change, Renamed)
            return f"{path} renamed to {change.key}"
