"""The way of a merge: by lines where that is proved right, else by structure."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.markers import MarkerStyle
from sessionctl.core.merge.line_merge import LineMerge, merge_lines, whole_conflict
from sessionctl.core.merge.proof import is_proved
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.structure.assembly import Assembly
from sessionctl.core.merge.structure.identities import Identities
from sessionctl.core.merge.structure.inline_expansion import expand_inline
from sessionctl.core.merge.structure.inline_restoration import (
    InlinedTable,
    inlined_tables,
    restore_inline,
)
from sessionctl.core.merge.structure.release import follow_releases
from sessionctl.core.merge.structure.skeleton import Skeleton, cut_where_different
from sessionctl.core.merge.value.guide import Guide
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.statement import StatementMemory
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.structure.skeleton import Ident
    from sessionctl.core.schema.model import Schema

_MAX_EXPANSIONS = 8


class MergeContext(NamedTuple):
    """What every step of one merge needs: how to write, what was parsed, the schema."""

    style: MarkerStyle
    memory: dict[str, StatementMemory]
    schema: Schema | None = None

    def parse(self, text: str) -> DocumentText:
        """Return the document of ``text``; statements seen before are not read again."""
        return DocumentText.parse(text, memory=self.memory)


def merge_texts(base: str, ours: str, theirs: str, context: MergeContext) -> MergeResult:
    """Return the merge of three texts that all differ from each other."""
    # A text of one line without an end says nothing about line ends: markers then follow base.
    newline = "\r\n" if _is_crlf(ours if "\n" in ours else base) else "\n"
    context = context._replace(style=context.style._replace(newline=newline))
    try:
        documents = [context.parse(text) for text in (base, ours, theirs)]
    except ParseError:
        text, conflicts = merge_lines(base, ours, theirs, context.style)
        return MergeResult(text, conflicts, "text")
    # Lines first: people lay files out with care, and in real merges whose lines merge cleanly git
    # was right nearly always, while items without an identity are easily doubled by structure.
    lines = merge_lines(base, ours, theirs, context.style)
    if not lines.conflicts and _is_right(documents, lines.text, context):
        return MergeResult(lines.text, (), "lines")
    common = _common_newline(base, ours, theirs)
    # With one line end in all three the structure never compares "a\r\n" with "a\n", so that a side
    # which only changed the line ends changed no key (line_ends_changed_by_one_side_are_the_...).
    in_lf = context
    if common:
        in_lf = context._replace(style=context.style._replace(newline="\n"))
        if any("\r" in text for text in (base, ours, theirs)):
            documents = [context.parse(text.replace("\r\n", "\n")) for text in (base, ours, theirs)]
    documents, followed = follow_releases(documents)
    merged = _merge_structure(documents, in_lf)
    if merged is None:
        # What cannot be put into the text of ours may go into that of theirs.
        merged = _merge_structure([documents[0], documents[2], documents[1]], in_lf)
        merged = merged if merged is not None and merged.is_clean else None
    if merged is None:
        return _unproved(lines, (base, ours, theirs), context)
    merged = merged._replace(followed=followed)
    return _with_crlf(merged) if common == "\r\n" else merged


def _unproved(
    lines: LineMerge, versions: tuple[str, str, str], context: MergeContext
) -> MergeResult:
    """Return the lines that conflict, or all that differ where a side would be no TOML."""
    result = MergeResult(lines.text, lines.conflicts, "structure")
    # Markers around single lines may cut a string or a table in two; then no choice of sides would
    # make TOML of it, and one block over all that differs is the honest answer.
    sides = [result.resolved(side, context.memory) for side in ("ours", "theirs")]
    if lines.conflicts and all(side.is_clean for side in sides):
        return result
    found = whole_conflict(*versions, context.style)
    return MergeResult(found.text, found.conflicts, "structure")


def _is_right(documents: list[DocumentText], text: str, context: MergeContext) -> bool:
    try:
        result = context.parse(text)
    except ParseError:
        return False
    base, ours, theirs = (document.value for document in documents)
    return is_proved(base, ours, theirs, result.value, Guide(context.schema))


def _merge_structure(documents: list[DocumentText], context: MergeContext) -> MergeResult | None:
    """Merge by structure; None when the result does not prove right."""
    skeletons, identities, same = skeletons_of(documents, context)
    inlined = inlined_tables(skeletons)
    # A round opens one level: a = { b = { c = 1 } } is a.b = { c = 1 } first, then a.b.c = 1.
    for _ in range(_MAX_EXPANSIONS):
        texts = [
            expand_inline(skeleton, tuple(other for other in skeletons if other is not skeleton))
            for skeleton in skeletons
        ]
        if not any(texts):
            break
        documents = [
            document if text is None else context.parse(text)
            for document, text in zip(documents, texts, strict=True)
        ]
        skeletons, identities, same = skeletons_of(documents, context)
    assembly = Assembly(skeletons, identities, same, context.style, Guide(context.schema))
    result = MergeResult(assembly.text, tuple(assembly.conflicts), "structure")
    if result.conflicts:
        resolved = [result.resolved(side, context.memory) for side in ("ours", "theirs")]
        # A result with conflicts is not proved; blocks that lie apart could change owners.
        is_whole = assembly.groups.is_grouped and not any(one.conflicts for one in resolved)
        return result if is_whole else None
    if not _is_right(documents, result.text, context):
        return None
    return result._replace(text=_restored(result.text, inlined, documents, context))


def _restored(
    text: str, inlined: Sequence[InlinedTable], documents: list[DocumentText], context: MergeContext
) -> str:
    """Return the text with the tables inline that a side wrote so, where that is proved."""
    for table in inlined:
        closed = restore_inline(context.parse(text), table)
        if closed is not None and _is_right(documents, closed, context):
            text = closed
    return text


def skeletons_of(
    documents: list[DocumentText], context: MergeContext
) -> tuple[list[Skeleton], Identities, set[Ident]]:
    """Return the documents as units, who is who in them, and the blocks that are the same."""
    base, ours, theirs = documents
    identities = Identities(base, ours, theirs, context.schema)
    skeletons = [
        Skeleton(document, idents)
        for document, idents in zip(documents, identities.of, strict=True)
    ]
    return skeletons, identities, cut_where_different(skeletons)


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
