"""A merge for people: its conflicts by place and title, what was settled, what followed."""

from __future__ import annotations

from typing import assert_never

from sessionctl.core.conflict.conflict import ConflictKind
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import Source, visible
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.core.conflict.markers import Labels
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.merge import MergeResult

_SHOWN_PATHS = 3
_MOST_KEYS = 3
_SUMMARIZED = 5

# What the reason of a conflict says already.
_PLAIN = ("", "added", "changed", "deleted", "unchanged", "value changed")

_DELETED = (ConflictKind.DELETED_BY_US, ConflictKind.DELETED_BY_THEM)


def conflict_lines(result: MergeResult, name: str, labels: Labels) -> list[str]:
    """Return one line for each conflict: ``name:line:col: conflict[kind]: key: reason``."""
    source = Source(result.text, name)
    lines = []
    for conflict in result.conflicts:
        line, column = source.place(conflict.span.start)
        key = f"{conflict.path}: " if conflict.path else ""
        reason = f"{_reason(conflict, labels)}{_what_happened(conflict, labels)}"
        what = f"conflict[{conflict.kind.value}]: {key}{reason}"
        lines.append(visible(f"{name}:{line}:{column}: {what}"))
    return lines


def conflict_summary(result: MergeResult, name: str) -> str:
    """Return the one line that says where the conflicts are: the first place, and all keys."""
    source = Source(result.text, name)
    line, column = source.place(result.conflicts[0].span.start)
    titles = dict.fromkeys(
        str(one.path) if one.path else f"line {source.place(one.span.start)[0]}"
        for one in result.conflicts
    )
    shown = ", ".join([*titles][:_SUMMARIZED])
    more = f" and {len(titles) - _SUMMARIZED} more" if len(titles) > _SUMMARIZED else ""
    what = f"{counted(len(result.conflicts), 'conflict')}: {shown}{more}"
    return visible(f"{name}:{line}:{column}: {what}")


def _reason(conflict: Conflict, labels: Labels) -> str:
    """Return the reason of a conflict, which may be that a side moved what is in it."""
    moved = ["moved to" in one or "renamed to" in one for one in conflict.moves]
    if all(moved):
        return "both sides moved it, to two places"
    reason = conflict_reason(conflict, labels)
    if any(moved) and conflict.kind in _DELETED:
        return reason.replace(", changed in", ", moved in")
    return reason


def _what_happened(conflict: Conflict, labels: Labels) -> str:
    """Return what each side did, where that says more than the reason."""
    words = side_words(conflict)
    if not any(one not in _PLAIN for one in words):
        return ""
    sides = zip((labels.ours, labels.theirs), words, strict=True)
    return f" ({'; '.join(f'{label}: {word}' for label, word in sides if word)})"


def side_words(conflict: Conflict) -> tuple[str, str]:
    """Return what ours and what theirs did; no value is quoted, because it may be a secret."""
    sides = ((conflict.ours, conflict.moves[0]), (conflict.theirs, conflict.moves[1]))
    ours, theirs = (_said(moved, change_words(conflict.base, text)) for text, moved in sides)
    return ours, theirs


def _said(moved: str, change: str) -> str:
    if not moved or change in ("", "unchanged", "added"):
        return moved or change
    if moved.startswith("deleted") or change == "deleted":
        return moved
    return f"{moved}, {change}"


def change_words(base: str | None, side: str | None) -> str:
    """Return what became of ``base``, the source text of a key or a table, on one side."""
    if not side:
        return "deleted" if base else ""
    if not base:
        return "added"
    if base == side:
        return "unchanged"
    try:
        before, after = (DocumentText.parse(text) for text in (base, side))
    except ParseError:
        return "changed"
    if same_value(before.value, after.value):
        return "spelled differently" if _bare(before) != _bare(after) else "comment changed"
    if len(before.statements) == len(after.statements) == 1:
        return "value changed"
    return _inside(before, after)


def _bare(document: DocumentText) -> str:
    """Return the statements without what stands above, beside and between them."""
    return "".join(document.text[s.key_start : s.value_end] for s in document.statements)


def _inside(before: DocumentText, after: DocumentText) -> str:
    """Return the keys of a table that changed, so that nobody has to compare two of them."""
    from sessionctl.core.diff.change import (
        Added,
        CommentChanged,
        Modified,
        Moved,
        Removed,
        Renamed,
    )
    from sessionctl.core.diff.comparison import diff

    verbs = {
        Added: "added",
        Removed: "deleted",
        Modified: "changed",
        Moved: "moved",
        Renamed: "renamed",
    }
    changes = diff(before.text, after.text).changes
    words = [
        f"{verbs[type(one)]} {one.path}" for one in changes if not isinstance(one, CommentChanged)
    ]
    more = len(words) - _MOST_KEYS
    words = words[:_MOST_KEYS]
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def conflict_reason(conflict: Conflict, labels: Labels) -> str:
    """Return why the sides clash; no value is quoted, because it may be a secret."""
    match conflict.kind:
        case ConflictKind.BOTH_MODIFIED:
            return "both sides changed it"
        case ConflictKind.BOTH_ADDED:
            return "both sides added it, not alike"
        case ConflictKind.DELETED_BY_US:
            return f"deleted in {labels.ours}, changed in {labels.theirs}"
        case ConflictKind.DELETED_BY_THEM:
            return f"deleted in {labels.theirs}, changed in {labels.ours}"
        case ConflictKind.TYPE_CHANGED:
            return "both sides changed it, to different types"
        case ConflictKind.INVALID:
            return conflict.hint or "valid on both sides, but not together"
        case ConflictKind.OPAQUE:
            return "both sides changed these lines"
        case never:
            assert_never(never)


def conflict_title(paths: Sequence[KeyPath], lines: tuple[int, int]) -> str:
    """Return the first of the keys that a conflict is about; without any, its lines."""
    if not paths:
        return f"lines {lines[0]} to {lines[1]}"
    more = len(paths) - _SHOWN_PATHS
    return ", ".join(map(str, paths[:_SHOWN_PATHS])) + (f" and {more} more" if more > 0 else "")


def decision_lines(result: MergeResult, name: str) -> list[str]:
    """Return one line for each conflict that a policy settled: ``name:line:col: settled[...]``.

    What the schema settles is left out: it was no conflict to begin with.
    """
    if not result.decisions:
        return []
    from sessionctl.core.merge.policy.policy_guide import ANNOTATION
    from sessionctl.core.toml.document import Document

    shown = [one for one in result.decisions if one.rule != ANNOTATION]
    is_toml = result.is_clean and result.method != "text"
    document = Document.parse(result.text) if shown and is_toml else None
    lines = []
    for path, way, rule in shown:
        where = name
        if document is not None and path and path in document:
            line, column = document.source.place(document.key_span(path).start)
            where = f"{name}:{line}:{column}"
        words = [f"{where}: resolved[{way}]:", str(path) or "lines that are not TOML"]
        words += [f"({rule})"] if rule != way else []
        lines.append(visible(" ".join(words)))
    return lines


def followed_lines(result: MergeResult, name: str) -> list[str]:
    """Return one line for each change that follows the other side: ``name:line:col: key: what``."""
    if not result.followed:
        return []
    from sessionctl.core.toml.document import Document

    document = Document.parse(result.text) if result.is_clean else None
    lines = []
    for one in result.followed:
        where = name
        if document is not None and one.path in document:
            line, column = document.source.place(document.span(one.path).start)
            where = f"{name}:{line}:{column}"
        if one.reason == "move":
            what = f"the other side moved it here from {one.before}; the change there follows"
        else:
            what = f'"{one.before}" follows the release of the other side to "{one.after}"'
        lines.append(visible(f"{where}: {one.path}: {what}"))
    return lines
