"""The line merge: what git's merge-file does, as a pure function."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.text.alignment import merge_chunks
from sessionctl.core.text.lines import split_lines


class LineMerge(NamedTuple):
    """The merged lines and the conflicts in them."""

    text: str
    conflicts: tuple[Conflict, ...]


def merge_lines(base: str, ours: str, theirs: str, style: MarkerStyle) -> LineMerge:
    """Merge three texts line by line; conflicts are written with diff3 markers."""
    versions = [split_lines(text) for text in (base, ours, theirs)]
    parts: list[str] = []
    conflicts: list[Conflict] = []
    length = 0
    for chunk in merge_chunks(*versions):
        texts = ["".join(lines[part]) for lines, part in zip(versions, chunk[1:], strict=True)]
        if chunk.changed == "conflict":
            part = conflict_block(texts[0], texts[1], texts[2], style)
            if parts and not parts[-1].endswith("\n"):
                part = style.newline + part
            span = Span(length, length + len(part))
            conflicts.append(_opaque(texts, span))
        else:
            part = texts[2] if chunk.changed == "theirs" else texts[1]
        parts.append(part)
        length += len(part)
    return LineMerge("".join(parts), tuple(conflicts))


def whole_conflict(base: str, ours: str, theirs: str, style: MarkerStyle) -> LineMerge:
    """Return one conflict over all lines that are not the same in the three texts."""
    versions = [split_lines(text) for text in (base, ours, theirs)]
    # What is alike at both ends stays out of the markers: for a person the conflict begins where
    # the texts begin to differ.
    limit = min(map(len, versions))
    head = 0
    while head < limit and versions[0][head] == versions[1][head] == versions[2][head]:
        head += 1
    tail = 0
    while (
        tail < limit - head
        and versions[0][-1 - tail] == versions[1][-1 - tail] == versions[2][-1 - tail]
    ):
        tail += 1
    texts = ["".join(lines[head : len(lines) - tail]) for lines in versions]
    before = "".join(versions[1][:head])
    after = "".join(versions[1][len(versions[1]) - tail :])
    block = conflict_block(texts[0], texts[1], texts[2], style)
    span = Span(len(before), len(before) + len(block))
    return LineMerge(before + block + after, (_opaque(texts, span),))


def _opaque(texts: list[str], span: Span) -> Conflict:
    base, ours, theirs = texts
    return Conflict(ConflictKind.OPAQUE, KeyPath(), base, ours, theirs, span)
