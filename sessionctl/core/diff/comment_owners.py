"""The comments of a document: which key or element each belongs to, and where it lies."""

from __future__ import annotations

from sessionctl.core.diff.change import ABOVE, APART, BESIDE, END, Comment
from sessionctl.core.keypath import KeyPath
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.inline_value import read_array, read_table
from sessionctl.core.toml.parse.parser import ARRAY_TABLE, KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessionctl.core.toml.document import Document
    from sessionctl.core.toml.parse.statement import Statement


class LocatedComment(NamedTuple):
    """A comment and the places of its lines, each from ``#`` to the end of its text."""

    comment: Comment
    spans: tuple[Span, ...]


def comments_of(document: Document) -> list[Comment]:
    """Return every comment of ``document`` with its owner, paths in keys and indexes.

    The lines right above a statement are one comment and belong to it; a block with a
    blank line below stands apart, and so does a directive (``#:schema``, ``#!``).
    Comments in an array belong to the element on their line, else to the next one.
    """
    return [found.comment for found in locate_comments(document)]


def share_comments(one: Document, other: Document) -> bool:
    """Return whether the comments of two documents are the same, with the same owners.

    A quick test, for documents that differ in a few values: their statements are the same ones,
    and no comment is in one that differs, nor right above it. False says nothing.
    """
    if len(one.statements) != len(other.statements):
        return False
    here = there = 0
    for statement, counterpart in zip(one.statements, other.statements, strict=True):
        if statement.kind != counterpart.kind or statement.keys != counterpart.keys:
            return False
        text = one.text[here : statement.end]
        changed = other.text[there : counterpart.end]
        if text != changed and ("#" in text or "#" in changed):
            return False
        here, there = statement.end, counterpart.end
    return one.text[here:] == other.text[there:]


def locate_comments(document: Document) -> list[LocatedComment]:
    """Return the comments of ``comments_of`` with their places."""
    text = document.text
    found: list[LocatedComment] = []
    position = 1 if text.startswith("\ufeff") else 0
    sign = text.find("#")
    for statement, path in owners(document):
        if sign < position:
            sign = text.find("#", position)
        if sign < 0:
            return found
        if sign >= statement.end:  # as for most: no comment begins here
            position = statement.end
            continue
        first = min(statement.key_start, statement.value_start)
        start = text.rfind("\n", position, first) + 1 or position
        found += _blocks(text, Span(position, start), path)
        if statement.kind == KEY:
            found += _inside(text, Span(statement.value_start, statement.value_end), path)
        if text.find("#", statement.value_end, statement.end) >= 0:
            beside = _lines(text, Span(statement.value_end, statement.end))
            found += _located(text, path, BESIDE, beside)
        position = statement.end
    for block in _blocks(text, Span(position, len(text)), KeyPath()):
        found.append(LocatedComment(block.comment._replace(position=END), block.spans))
    return found


def is_loose(comment: Comment) -> bool:
    """Return whether a comment stands for itself; it has an owner only to be placed."""
    return comment.position == APART or (comment.position == END and not comment.path)


def owners(document: Document) -> Iterator[tuple[Statement, KeyPath]]:
    """Yield every statement with the path of what it makes, in keys and indexes."""
    counts: dict[KeyPath, int] = {}
    table = KeyPath()
    for statement in document.statements:
        if statement.kind == KEY:
            yield statement, KeyPath((*table, *statement.keys))
            continue
        table = KeyPath()
        for key in statement.keys[:-1]:
            table /= key
            if table in counts:
                table /= counts[table]
        table /= statement.keys[-1]
        if statement.kind == ARRAY_TABLE:
            counts[table] = counts.get(table, -1) + 1
            table /= counts[table]
        yield statement, table


def _blocks(text: str, gap: Span, path: KeyPath) -> list[LocatedComment]:
    """Return the comments between two statements; ``path`` is that of the second one."""
    if text.find("#", *gap) < 0:
        return []
    found: list[LocatedComment] = []
    block: list[Span] = []
    lines = _lines(text, gap)
    if text[gap.end - 1] == "\n":
        lines.pop()  # what stands before the statement on its own line
    for line in lines:
        is_directive = text.startswith(("#:", "#!"), line.start)
        if block and (line.start == line.end or is_directive):
            found += _located(text, path, APART, block)
            block = []
        if is_directive:
            found += _located(text, path, APART, [line])
        elif line.start < line.end:
            block.append(line)
    return found + _located(text, path, ABOVE, block)


def _inside(text: str, span: Span, path: KeyPath) -> Iterator[LocatedComment]:
    """Yield the comments inside the array or inline table at ``span``."""
    if text[span.start] not in "[{" or text.find("#", *span) < 0:
        return
    if text[span.start] == "{":
        for entry in read_table(text, span).entries:
            yield from _inside(text, entry.value, KeyPath((*path, *entry.keys)))
        return
    position = span.start + 1
    last: KeyPath | None = None
    for index, item in enumerate(read_array(text, span).items):
        element = path / index
        yield from _gap(text, Span(position, item.start), last, (element, ABOVE))
        yield from _inside(text, item, element)
        position, last = item.end, element
    yield from _gap(text, Span(position, span.end - 1), last, (path, END))


def _gap(
    text: str, gap: Span, last: KeyPath | None, following: tuple[KeyPath, str]
) -> Iterator[LocatedComment]:
    """Yield the comments between two elements: beside the last one, then for the next."""
    lines = _lines(text, gap)
    if last is not None:
        yield from _located(text, last, BESIDE, [lines.pop(0)])
    yield from _located(text, *following, lines)


def _lines(text: str, span: Span) -> list[Span]:
    """Return the comment in each line of a stretch without values; an empty span for none."""
    found: list[Span] = []
    start = span.start
    while start <= span.end:
        end = text.find("\n", start, span.end)
        end = span.end if end < 0 else end
        mark = text.find("#", start, end)
        if mark < 0:
            found.append(Span(end, end))
        else:
            found.append(Span(mark, mark + len(text[mark:end].rstrip(" \t\r"))))
        start = end + 1
    return found


def _located(text: str, path: KeyPath, position: str, lines: list[Span]) -> list[LocatedComment]:
    spans = tuple(line for line in lines if line.start < line.end)
    if not spans:
        return []
    return [
        LocatedComment(Comment(path, position, "\n".join(text[slice(*s)] for s in spans)), spans)
    ]
