"""The comments of a patched document: which ones it must have, and the text with them."""

from __future__ import annotations

from sessionctl.core.diff.change import (
    ABOVE,
    APART,
    BESIDE,
    END,
    Added,
    Comment,
    CommentChanged,
    Modified,
)
from sessionctl.core.diff.comment_owners import (
    LocatedComment,
    comments_of,
    is_loose,
    locate_comments,
    owners,
)
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.text.lines import line_end, line_start
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.core.diff.change import Diff
    from sessionctl.core.diff.table_patches import TablePatches
    from sessionctl.core.toml.parse.statement import Statement


def write_comments(
    before: Document, result: Document, patches: TablePatches, diff: Diff
) -> Document:
    """Return ``result`` with the comments it must have.

    These are the ones of ``before`` whose owner is still there, changed as the diff
    says, and the ones that came with new values. What has no place is left out.
    """
    missing = _wanted(before, patches, diff)
    extra = locate_comments(result)
    for is_same in (_is_equal, _is_same, _is_loose_here):
        _drop_pairs(missing, extra, is_same)
    if not missing and not extra:
        return result
    text = _Rewriting(result).text(missing, extra)
    # A comment is never worth a wrong value: if the text does not hold, it stays without.
    try:
        written = Document.parse(text, result.name)
    except ParseError:
        return result
    return written if same_value(written.value, result.value) else result


def _drop_pairs(
    missing: list[Comment], extra: list[LocatedComment], is_same: Callable[[Comment, Comment], bool]
) -> None:
    """Take out of both lists what is the same."""
    for found in list(extra):
        index = next((i for i, c in enumerate(missing) if is_same(c, found.comment)), None)
        if index is not None:
            del missing[index]
            extra.remove(found)


def _is_equal(one: Comment, other: Comment) -> bool:
    return one == other


def _is_loose_here(one: Comment, other: Comment) -> bool:
    """Return whether a comment came to stand apart in the result, or no longer does."""
    is_beside = BESIDE in (one.position, other.position)
    return one.text == other.text and not is_beside and (is_loose(one) or is_loose(other))


def _is_same(one: Comment, other: Comment) -> bool:
    if one.text != other.text:
        return False
    return one.path == other.path or (is_loose(one) and is_loose(other))


def _wanted(before: Document, patches: TablePatches, diff: Diff) -> list[Comment]:
    """Return the comments of the result, with owners in it."""
    wanted: list[Comment] = []
    for comment in comments_of(before):
        place = patches.place(comment.path)
        if is_loose(comment):
            wanted.append(comment if place is None else comment._replace(path=place))
        elif place is not None and not (
            comment.position == END and patches.is_replaced(comment.path)
        ):
            wanted.append(comment._replace(path=place))
    for change in diff.changes:
        match change:
            case CommentChanged():
                _change(wanted, change, before, patches)
            case Added():
                wanted += _from(change.comments, patches.added_place(change))
            case Modified():
                wanted += _from(change.comments, patches.place(change.path))
    return wanted


def _from(comments: tuple[Comment, ...], place: KeyPath | None) -> list[Comment]:
    if place is None:
        return []
    return [comment._replace(path=KeyPath((*place, *comment.path))) for comment in comments]


def _change(
    wanted: list[Comment], change: CommentChanged, before: Document, patches: TablePatches
) -> None:
    place = patches.place(change.path) if change.path in before else None
    new = Comment(change.place if place is None else place, change.position, change.after)
    old = new._replace(text=change.before)
    index = next((i for i, comment in enumerate(wanted) if _is_same(comment, old)), len(wanted))
    wanted[index : index + 1] = [new] if change.after else []


class _Rewriting:
    """Puts comments into the text of a document and takes them out."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._newline = "\r\n" if "\r\n" in document.text else "\n"
        self._statements: dict[KeyPath, Statement] = {
            path: statement for statement, path in owners(document)
        }
        self._splices: list[tuple[int, int, str]] = []
        self._going: set[int] = set()

    def text(self, missing: list[Comment], extra: list[LocatedComment]) -> str:
        """Return the text with the comments ``missing`` in it and without ``extra``."""
        self._going = {span.start for found in extra for span in found.spans}
        # A block that stands apart stands above the one that does not.
        for comment in sorted(missing, key=lambda comment: comment.position != APART):
            # In its place a changed comment keeps the white space before it: a = 1 # aligned
            old = next((e for e in extra if self._can_replace(e, comment)), None)
            if old is not None:
                extra.remove(old)
                self._splices.append((*old.spans[0], comment.text))
            else:
                self._put(comment)
        for found in extra:
            for span in found.spans:
                self._take_out(span)
        text = self._text
        # Backwards; what stands at one offset keeps its order.
        for _, (start, end, new) in sorted(
            enumerate(self._splices), key=lambda x: (x[1][0], x[0]), reverse=True
        ):
            text = text[:start] + new + text[end:]
        return text

    def _can_replace(self, old: LocatedComment, new: Comment) -> bool:
        return (
            (old.comment.path, old.comment.position) == (new.path, new.position)
            and len(old.spans) == 1
            and "\n" not in new.text
        )

    def _take_out(self, span: Span) -> None:
        text = self._text
        start, end = line_start(text, span.start), line_end(text, span.end)
        # Alone on its line it takes the line along.
        if not text[start : span.start].strip():
            self._splices.append((start, end, ""))
            return
        begin = start + len(text[start : span.start].rstrip(" \t"))
        self._splices.append((begin, span.end, ""))

    def _put(self, comment: Comment) -> None:
        statement = self._statements.get(comment.path)
        if comment.position == END and not comment.path:
            self._put_last(comment.text)
        elif statement is not None and comment.position != END:
            if comment.position == BESIDE and self._is_free(statement):
                self._splices.append((statement.value_end, statement.value_end, f" {comment.text}"))
            else:
                self._put_above(statement, comment)
        elif not self._put_inside(comment):
            self._put_near(comment)

    def _is_free(self, statement: Statement) -> bool:
        """Return whether no comment stands, or stays, at the end of the statement's line."""
        mark = self._text.find("#", statement.value_end, statement.end)
        return mark < 0 or mark in self._going

    def _put_near(self, comment: Comment) -> None:
        """Put a comment whose owner has no line above the statement the owner is part of."""
        path = comment.path
        for size in range(len(path), 0, -1):
            part = KeyPath(path[:size])
            for owner, statement in self._statements.items():
                if owner[:size] == part:
                    self._put_above(statement, comment)
                    return
        self._put_last(comment.text)

    def _put_above(self, statement: Statement, comment: Comment) -> None:
        """Put a comment into lines of its own above a statement."""
        offset = min(statement.key_start, statement.value_start)
        start = line_start(self._text, offset)
        indent = self._text[start:offset]
        lines = comment.text.split("\n")
        if comment.position == APART:
            start = self._above_block(start)
            lines.append("")
        new = "".join(f"{indent if line else ''}{line}{self._newline}" for line in lines)
        self._splices.append((start, start, new))

    def _above_block(self, start: int) -> int:
        """Return where the comment lines right above the line at ``start`` begin."""
        while start > 0:
            above = line_start(self._text, start - 1)
            if not self._text[above:start].lstrip(" \t").startswith("#"):
                break
            start = above
        return start

    def _put_last(self, block: str) -> None:
        text, newline = self._text, self._newline
        lead = "" if not text or text.endswith("\n") else newline
        gap = newline if text.strip() else ""
        new = block.replace("\n", newline)
        self._splices.append((len(text), len(text), f"{lead}{gap}{new}{newline}"))

    def _put_inside(self, comment: Comment) -> bool:
        """Put a comment beside or above an element, if the array has lines for it."""
        text = self._text
        is_element = comment.position == END or isinstance(comment.path[-1], int)
        if not is_element or comment.path not in self._document:
            return False
        span = self._document.span(comment.path)
        if comment.position == BESIDE:
            rest = text[span.end : line_end(text, span.end)]
            comma = len(rest) - len(rest.lstrip(" \t"))
            end = span.end + (comma + 1 if rest.startswith(",", comma) else 0)
            # Something follows on the line: behind a # it would be part of the comment.
            if text[end : line_end(text, end)].strip():
                return False
            self._splices.append((end, end, f" {comment.text}"))
            return True
        offset = span.start if comment.position == ABOVE else span.end - 1
        start = line_start(text, offset)
        # The array is written on one line, which has no place for a comment.
        if text[start:offset].strip():
            return False
        indent = text[start:offset] + ("  " if comment.position == END else "")
        lines = comment.text.split("\n")
        new = "".join(f"{indent}{line}{self._newline}" for line in lines)
        self._splices.append((start, start, new))
        return True
