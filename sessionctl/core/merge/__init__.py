"""Three-way merge of TOML: by lines where that is proved right, else by structure."""

from __future__ import annotations

from sessionctl.core.conflict import Conflict
from sessionctl.core.merge.assemble import Assembly
from sessionctl.core.merge.identify import Identities
from sessionctl.core.merge.markers import DEFAULT_MARKER_SIZE, Labels, Style
from sessionctl.core.merge.respell import respell
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.merge.skeleton import Skeleton, cut_where_different
from sessionctl.core.merge.textmerge import merge_lines, whole_conflict
from sessionctl.core.merge.verify import is_proved
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parser import Known
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.merge.skeleton import Ident

__all__ = ["DEFAULT_MARKER_SIZE", "Conflict", "Labels", "MergeResult", "merge"]

_MAX_RESPELLINGS = 8


def merge(
    base: str,
    ours: str,
    theirs: str,
    *,
    labels: Labels = Labels(),  # noqa: B008 - an immutable value
    marker_size: int = DEFAULT_MARKER_SIZE,
    prefer: str | None = None,
) -> MergeResult:
    """Return ours with every change of theirs; clashes stand between markers.

    A change on one side wins, equal changes are one change, a deletion against an edit
    is a conflict. A clean result is TOML, holds every change of both sides, and keeps
    the comments of both. Inputs that are not TOML are merged by lines. ``prefer`` ("ours"
    or "theirs") settles what clashes by that side.
    """
    memory: dict[str, Known] = {}
    result = _merge(base, ours, theirs, Style(labels, marker_size), memory)
    result = result._replace(before=ours)
    return result.settled(prefer, memory) if prefer else result


def _merge(
    base: str, ours: str, theirs: str, style: Style, memory: dict[str, Known]
) -> MergeResult:
    if base == ours or ours == theirs:
        return MergeResult(theirs)
    if base == theirs:
        return MergeResult(ours)
    style = style._replace(newline="\r\n" if _is_crlf(ours if "\n" in ours else base) else "\n")
    try:
        documents = [Document.parse(text, memory=memory) for text in (base, ours, theirs)]
    except ParseError:
        text, conflicts = merge_lines(base, ours, theirs, style)
        return MergeResult(text, conflicts, "text")
    lines = merge_lines(base, ours, theirs, style)
    if not lines.conflicts and _is_right(documents, lines.text, memory):
        return MergeResult(lines.text, (), "lines")
    newline = _newline(base, ours, theirs)
    if newline:
        style = style._replace(newline="\n")
        if any("\r" in text for text in (base, ours, theirs)):
            documents = [
                Document.parse(text.replace("\r\n", "\n"), memory=memory)
                for text in (base, ours, theirs)
            ]
    merged = _merge_structure(documents, style, memory)
    if merged is None:
        # What cannot be put into the text of ours may go into that of theirs.
        merged = _merge_structure([documents[0], documents[2], documents[1]], style, memory)
        merged = merged if merged is not None and merged.is_clean else None
    if merged is None:
        text, conflicts = lines if lines.conflicts else whole_conflict(base, ours, theirs, style)
        return MergeResult(text, conflicts, "structure")
    if newline == "\r\n":
        merged = _with_crlf(merged)
    return merged


def _is_right(documents: list[Document], text: str, memory: dict[str, Known]) -> bool:
    try:
        result = Document.parse(text, memory=memory)
    except ParseError:
        return False
    base, ours, theirs = (document.value for document in documents)
    return is_proved(base, ours, theirs, result.value)


def _merge_structure(
    documents: list[Document], style: Style, memory: dict[str, Known]
) -> MergeResult | None:
    """Merge by structure; None when the result does not prove right."""
    skeletons, identities, same = _skeletons(documents)
    for _ in range(_MAX_RESPELLINGS):
        texts = [
            respell(skeleton, tuple(other for other in skeletons if other is not skeleton))
            for skeleton in skeletons
        ]
        if not any(texts):
            break
        documents = [
            document if text is None else Document.parse(text, memory=memory)
            for document, text in zip(documents, texts, strict=True)
        ]
        skeletons, identities, same = _skeletons(documents)
    assembly = Assembly(skeletons, identities, same, style)
    result = MergeResult(assembly.text, tuple(assembly.conflicts), "structure")
    if result.conflicts:
        is_whole = not any(result.settled(side, memory).conflicts for side in ("ours", "theirs"))
        return result if is_whole else None
    return result if _is_right(documents, result.text, memory) else None


def _skeletons(documents: list[Document]) -> tuple[list[Skeleton], Identities, set[Ident]]:
    base, ours, theirs = documents
    identities = Identities(base, ours, theirs, {})
    skeletons = [
        Skeleton(document, idents)
        for document, idents in zip(documents, identities.of, strict=True)
    ]
    return skeletons, identities, cut_where_different(skeletons)


def _is_crlf(text: str) -> bool:
    return text.count("\r\n") * 2 > text.count("\n")


def _newline(base: str, ours: str, theirs: str) -> str:
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
