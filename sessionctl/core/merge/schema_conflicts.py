"""Schema conflicts: where edits that are valid alone are invalid together."""

from __future__ import annotations

from sessionctl.core.conflict.conflict import Conflict, ConflictKind
from sessionctl.core.conflict.markers import MarkerStyle, conflict_block
from sessionctl.core.merge.line_merge import whole_conflict
from sessionctl.core.merge.result import MergeResult
from sessionctl.core.problem import Span, errors_of
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.tree import Leaf
from sessionctl.errors import KeyNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.problem import Problem
    from sessionctl.core.schema.model import Schema


def mark_invalid(
    versions: Sequence[str], merged: MergeResult, schema: Schema, style: MarkerStyle
) -> MergeResult:
    """Return ``merged`` with a conflict at each statement that broke the schema.

    ``versions`` are base, ours and theirs; when one of them is invalid itself the merge
    is not to blame, and nothing is marked.
    """
    newline = "\r\n" if "\r\n" in merged.text else "\n"
    style = style._replace(newline=newline)
    problems = _errors(merged.text, schema)
    # Only what the merge itself broke: a file that was invalid before would else be in conflict at
    # every merge.
    if not problems or any(_errors(text, schema) for text in versions):
        return merged
    documents = [DocumentText.parse(text) for text in versions]
    result = DocumentText.parse(merged.text)
    if not all(_is_statement(result, problem.key_path) for problem in problems):
        return _mark_all(versions, merged, problems[0], style)
    marked: dict[Span, Problem] = {}
    for problem in problems:
        marked.setdefault(_lines_of(result, problem.span), problem)
    parts: list[str] = []
    conflicts: list[Conflict] = []
    position = length = 0
    for span in sorted(marked):
        problem = marked[span]
        texts = [_statement_at(document, problem.key_path) for document in documents]
        parts.append(result.text[position : span.start])
        length += span.start - position
        block = conflict_block(texts[0] or "", texts[1] or "", texts[2] or "", style)
        place = Span(length, length + len(block))
        hint = f"together the two edits are invalid: {problem.message}"
        base, ours, theirs = texts
        conflicts.append(
            Conflict(ConflictKind.INVALID, problem.key_path, base, ours, theirs, place, hint)
        )
        parts.append(block)
        position, length = span.end, place.end
    parts.append(result.text[position:])
    return merged._replace(text="".join(parts), conflicts=tuple(conflicts))


def _is_statement(document: DocumentText, path: KeyPath) -> bool:
    """Return whether what is at ``path`` stands in one key statement."""
    try:
        node = document.node(path)
    except KeyNotFoundError:
        return False
    return isinstance(node, Leaf)


def _mark_all(
    versions: Sequence[str], merged: MergeResult, problem: Problem, style: MarkerStyle
) -> MergeResult:
    """Return one conflict over all that differs: of a table no statement is to blame."""
    base, ours, theirs = versions
    found = whole_conflict(base, ours, theirs, style)
    hint = f"together the two edits are invalid: {problem.message}"
    conflicts = tuple(
        conflict._replace(kind=ConflictKind.INVALID, path=problem.key_path, hint=hint)
        for conflict in found.conflicts
    )
    return merged._replace(text=found.text, conflicts=conflicts)


def _errors(text: str, schema: Schema) -> list[Problem]:
    from sessionctl.core.schema.verdict import validate

    return errors_of(validate(text, schema))


def _lines_of(document: DocumentText, span: Span) -> Span:
    """Return the lines of the statement that ``span`` lies in."""
    for statement in document.statements:
        if span.start < statement.end:
            first = min(statement.key_start, statement.value_start)
            return Span(document.text.rfind("\n", 0, first) + 1, statement.end)
    return Span(len(document.text), len(document.text))


def _statement_at(document: DocumentText, path: KeyPath) -> str | None:
    """Return the lines of the statement at ``path``, or None when there is none."""
    try:
        span = document.span(path)
    except KeyNotFoundError:
        return None
    lines = _lines_of(document, span)
    return document.text[lines.start : lines.end]
