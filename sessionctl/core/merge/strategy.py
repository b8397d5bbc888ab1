"""Strategy: by lines where that is proved right, else by structure."""

from __future__ import annotations

from sessionctl.core.merge.context import can_be_taken, is_right
from sessionctl.core.merge.line_merge import merge_lines, whole_conflict
from sessionctl.core.merge.moves.differences import find_differences
from sessionctl.core.merge.result import MergeResult
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.merge.context import MergeContext
    from sessionctl.core.merge.moves.following import Following
    from sessionctl.core.merge.result import FollowedMove, FollowedRelease
    from sessionctl.core.toml.parse.document_text import DocumentText


def merge_texts(base: str, ours: str, theirs: str, context: MergeContext) -> MergeResult:
    """Return the merge of three texts that all differ from each other."""
    # A text of one line without an end says nothing about line ends: markers then follow base.
    newline = "\r\n" if _is_crlf(ours if "\n" in ours else base) else "\n"
    context = context._replace(style=context.style._replace(newline=newline))
    # Lines first: people lay files out with care, and in real merges whose lines merge cleanly git
    # was right nearly always, while items without an identity are easily doubled by structure.
    # Before anything is parsed, too: the lines take ten times the room of a text, for a moment.
    lines = merge_lines(base, ours, theirs, context.style)
    try:
        documents = [context.parse(base)]
        documents += [context.parse(text, documents[0]) for text in (ours, theirs)]
    except ParseError:
        return MergeResult(lines.text, lines.conflicts, "text")
    moved = _with_moves(documents, context)
    # Lines do not know that one side moved what the other deleted: the move would win in silence.
    if not lines.conflicts and not (moved and moved.contested):
        versions = moved.documents if moved else documents
        if is_right(versions, lines.text, context):
            return MergeResult(lines.text, (), "lines", followed=moved.changes if moved else ())
    del lines  # as large as a text, and hardly ever needed again
    common = _common_newline(base, ours, theirs)
    # With one line end in all three the structure never compares "a\r\n" with "a\n", so that a side
    # which only changed the line ends changed no key (line_ends_changed_by_one_side_are_the_...).
    in_lf = context
    if common:
        in_lf = context._replace(style=context.style._replace(newline="\n"))
        if any("\r" in text for text in (base, ours, theirs)):
            documents = [context.parse(text.replace("\r\n", "\n")) for text in (base, ours, theirs)]
            moved = _with_moves(documents, context)
    # Most merges end above: what works on structure is loaded only when it is needed.
    from sessionctl.core.merge.structural_merge import merge_structure
    from sessionctl.core.merge.structure.release import follow_releases

    before = documents
    documents, releases = follow_releases(moved.documents if moved else documents)
    followed: tuple[FollowedRelease | FollowedMove, ...] = tuple(releases)
    if moved:
        followed = (*moved.changes, *followed)
        in_lf = in_lf._replace(contested=moved.contested, unsure=moved.unsure, mixed=moved.mixed)
    merged = merge_structure(documents, in_lf)
    if merged is None:
        # What cannot be put into the text of ours may go into that of theirs.
        merged = merge_structure([documents[0], documents[2], documents[1]], in_lf)
        merged = merged if merged is not None and merged.is_clean else None
    if merged is not None and merged.conflicts:
        from sessionctl.core.merge.moves.side_moves import with_side_moves

        found = with_side_moves(merged.conflicts, before, moved)
        merged = merged._replace(conflicts=found)
    if merged is None:
        return _unproved((base, ours, theirs), context)
    merged = merged._replace(followed=followed)
    return _with_crlf(merged) if common == "\r\n" else merged


def _with_moves(documents: list[DocumentText], context: MergeContext) -> Following | None:
    """Return the documents with what one side moved at its new place in all; None for no moves."""
    base, *sides = (document.value for document in documents)
    differences = [find_differences(base, side) for side in sides]
    if not any(found.may_hold_moves for found in differences):
        return None
    from sessionctl.core.merge.moves.following import follow_moves

    return follow_moves(documents, differences, context)


def _unproved(versions: tuple[str, str, str], context: MergeContext) -> MergeResult:
    """Return the lines that conflict, or all that differ where no side could be taken."""
    lines = merge_lines(*versions, context.style)
    result = MergeResult(lines.text, lines.conflicts, "structure")
    # Markers around single lines may cut a string or a table in two; then no choice of sides would
    # make TOML of it, or its lines would come below a header of the other side: then one block over
    # all that differs is the honest answer.
    documents = [context.parse(text) for text in versions]
    if lines.conflicts and can_be_taken(documents, result, context):
        return result
    found = whole_conflict(*versions, context.style)
    return MergeResult(found.text, found.conflicts, "structure")


def _is_crlf(text: str) -> bool:
    return text.count("\r\n") * 2 > text.count("\n")


def _common_newline(base: str, ours: str, theirs: str) -> str:
    """Return the line end of the result when all can be merged in LF, "" when not.

    A text that mixes both line ends is left as it is.
    """
    kinds = []
    for text in (base, ours, theirs):
        crlf, total = text.count("\r\n"), text.count("\n")
        if 0 < crlf < total:
            return ""
        if total:
            kinds.append("\r\n" if crlf else "\n")
        else:  # a text of one line says nothing
            kinds.append(kinds[0] if kinds else "")
    kinds[0] = kinds[0] or next(filter(None, kinds), "\n")
    return (kinds[2] if kinds[1] in ("", kinds[0]) else kinds[1]) or kinds[0]


def _with_crlf(merged: MergeResult) -> MergeResult:
    def shifted(offset: int) -> int:
        return offset + merged.text.count("\n", 0, offset)

    def crlf(text: str | None) -> str | None:
        return None if text is None else text.replace("\n", "\r\n")

    conflicts = tuple(
        conflict._replace(
            base=crlf(conflict.base),
            ours=crlf(conflict.ours),
            theirs=crlf(conflict.theirs),
            span=conflict.span._replace(
                start=shifted(conflict.span.start), end=shifted(conflict.span.end)
            ),
        )
        for conflict in merged.conflicts
    )
    return merged._replace(text=merged.text.replace("\n", "\r\n"), conflicts=conflicts)
