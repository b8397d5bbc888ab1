"""The difference between two documents as data: ``diff``, ``Diff`` and the kinds of change."""

from __future__ import annotations

from sessionctl.core.diff.change import (
    Added,
    Change,
    Comment,
    CommentChanged,
    Diff,
    Modified,
    Moved,
    Removed,
    Renamed,
)
from sessionctl.core.diff.comparison import diff

__all__ = [
    "Added",
    "Change",
    "Comment",
    "CommentChanged",
    "Diff",
    "Modified",
    "Moved",
    "Removed",
    "Renamed",
    "diff",
]
