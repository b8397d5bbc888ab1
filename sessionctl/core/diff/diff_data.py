"""A diff as plain data, for ``--json``."""

from __future__ import annotations

from sessionctl.core.diff.change import Added, CommentChanged, Modified, Moved, Removed, Renamed
from sessionctl.errors import KeyNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.diff.change import Change, Diff
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.text.source import Source
    from sessionctl.core.toml.document import Document

_KINDS = {
    Added: "added",
    Removed: "removed",
    Modified: "modified",
    Moved: "moved",
    Renamed: "renamed",
    CommentChanged: "comment-changed",
}


def diff_data(diff: Diff) -> dict[str, object]:
    """Return a diff as data: whether values and texts are the same, and the changes.

    Every change has its kind, its path, and where it is in both files, as far as it is
    there. Give it a masked diff: all values are shown.
    """
    before, after = diff.before.source, diff.after.source
    return {
        "same_value": diff.is_same_value,
        "same_text": not diff.has_text_changes,
        "changes": [_change_data(change, diff, before, after) for change in diff.changes],
    }


def _change_data(change: Change, diff: Diff, before: Source, after: Source) -> dict[str, object]:
    data: dict[str, object] = {"kind": _KINDS[type(change)], "path": change.path}
    match change:
        case Added():
            data["after"] = change.after
            data["comments"] = change.comments
        case Removed():
            data["before"] = change.before
        case Modified():
            data["before"], data["after"] = change.before, change.after
            data["comments"] = change.comments
        case CommentChanged():
            data["before"], data["after"] = change.before, change.after
            data["position"] = change.position
        case Moved():
            data["from"], data["to"] = change.before, change.after
        case _:
            data["to"] = change.key
    if not isinstance(change, Added):
        data["before_at"] = _place(diff.before, before, change.path)
    if not isinstance(change, Removed):
        data["after_at"] = _place(diff.after, after, change.place)
    return data


def _place(document: Document, source: Source, path: KeyPath) -> dict[str, int] | None:
    """Return the line and column of a key, or None where the document has no such key."""
    try:
        line, column = source.place(document.key_span(path).start)
    except KeyNotFoundError:
        return None  # the neighbour of a comment may be on the other side only
    return {"line": line, "column": column}
