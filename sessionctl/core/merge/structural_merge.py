"""The merge by structure: documents cut into units, merged unit by unit, proved in the end."""

from __future__ import annotations

from sessionctl.core.merge.context import can_be_taken, is_right
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.structure.assembly import Assembly
from sessionctl.core.merge.structure.doubts import Doubts
from sessionctl.core.merge.structure.identities import Identities
from sessionctl.core.merge.structure.inline_expansion import expand_inline
from sessionctl.core.merge.structure.inline_restoration import (
    InlinedTable,
    inlined_tables,
    restore_inline,
)
from sessionctl.core.merge.structure.skeleton import Skeleton, cut_where_different
from sessionctl.core.merge.value.guide import Guide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.context import MergeContext
    from sessionctl.core.merge.structure.skeleton import Ident
    from sessionctl.core.toml.parse.document_text import DocumentText

_MAX_EXPANSIONS = 8


def merge_structure(documents: list[DocumentText], context: MergeContext) -> MergeResult | None:
    """Merge by structure; None when the result does not prove right."""
    skeletons, identities, same = skeletons_of(documents, context)
    inlined = inlined_tables(skeletons)
    # A round opens one level: a = { b = { c = 1 } } is a.b = { c = 1 } first, then a.b.c = 1.
    for _ in range(_MAX_EXPANSIONS):
        texts = [
            expand_inline(
                skeleton,
                tuple(other for other in skeletons if other is not skeleton),
                skeletons[0],
            )
            for skeleton in skeletons
        ]
        if not any(texts):
            break
        documents = [
            document if text is None else context.parse(text, document)
            for document, text in zip(documents, texts, strict=True)
        ]
        del skeletons, identities, same
        skeletons, identities, same = skeletons_of(documents, context)
    doubts = Doubts(context.contested, context.unsure, context.mixed)
    assembly = Assembly(skeletons, identities, same, context.style, Guide(context.schema), doubts)
    output, is_grouped = assembly.output, assembly.groups.is_grouped
    del assembly, skeletons, identities, same  # half of the memory of a merge
    result = MergeResult(output.text, tuple(output.conflicts), "structure")
    del output
    if result.conflicts:
        # What a result with conflicts becomes is not known yet, but each side can be taken and has
        # all of its changes then: blocks that lie apart could change owners, and a key that comes
        # behind the table of another conflict would be in that table
        # (keys_put_below_a_header_that_the_other_side_deletes_are_a_conflict_beside_another).
        is_whole = is_grouped and can_be_taken(documents, result, context)
        return result if is_whole else None
    # What one side moved and the other deleted is nowhere in the text as a conflict: not this way.
    if context.contested or not is_right(documents, result.text, context):
        return None
    return result._replace(text=_restored(result.text, inlined, documents, context))


def _restored(
    text: str, inlined: Sequence[InlinedTable], documents: list[DocumentText], context: MergeContext
) -> str:
    """Return the text with the tables inline that a side wrote so, where that is proved."""
    for table in inlined:
        closed = restore_inline(context.parse(text), table)
        if closed is not None and is_right(documents, closed, context):
            text = closed
    return text


def skeletons_of(
    documents: list[DocumentText], context: MergeContext
) -> tuple[list[Skeleton], Identities, set[Ident]]:
    """Return the documents as units, who is who in them, and the blocks that are the same."""
    base, ours, theirs = documents
    identities = Identities(base, ours, theirs, context.schema)
    skeletons = [
        Skeleton(document, idents, values)
        for document, idents, values in zip(
            documents, identities.of, identities.tables, strict=True
        )
    ]
    return skeletons, identities, cut_where_different(skeletons)
