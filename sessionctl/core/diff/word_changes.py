"""Word changes: inside a line by words, between two texts by lines."""

from __future__ import annotations

from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.text.alignment import hunks
from sessionctl.core.text.lines import split_lines
from sessionctl.core.text.source import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Piece: TypeAlias = tuple[str, str]
    Line: TypeAlias = list[Piece]

_WORD = late(r"\w+|\s+|[^\w\s]")
# With less than this in common, two texts are shown whole.
_ALIKE = 0.3
_CONTEXT = 2
_MARGIN = 30


def word_pieces(before: str, after: str, margin: int = _MARGIN) -> tuple[Line, Line]:
    """Return both texts as pieces, the changed words with the role "removed" or "added".

    Of a stretch without a change so much is shown at each end, what is longer is cut.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    found = hunks(old, new)
    same = len(before) - sum(len("".join(old[hunk.a : hunk.b])) for hunk in found)
    if same < _ALIKE * max(len(before), len(after)):
        return [(visible(before), "removed")], [(visible(after), "added")]
    left: Line = []
    right: Line = []
    a = c = 0
    for hunk in found:
        shared = "".join(old[a : hunk.a])
        left += _shared(shared, margin, is_first=a == 0)
        right += _shared(shared, margin, is_first=c == 0)
        left += _changed(old[hunk.a : hunk.b], "removed")
        right += _changed(new[hunk.c : hunk.d], "added")
        a, c = hunk.b, hunk.d
    rest = _shared("".join(old[a:]), margin, is_first=a == 0, is_last=True)
    return left + rest, right + rest


def line_pieces(before: str, after: str) -> list[Line]:
    """Return the lines that changed between two texts, with their signs and some context."""
    old, new = split_lines(before), split_lines(after)
    lines: list[Line] = []
    a = 0
    for hunk in hunks(old, new):
        lines += _context(old[a : hunk.a], is_first=a == 0)
        removed, added = old[hunk.a : hunk.b], new[hunk.c : hunk.d]
        if len(removed) == len(added):
            pairs = [word_pieces(_bare(x), _bare(y)) for x, y in zip(removed, added, strict=True)]
        else:
            pairs = []
        for index, line in enumerate(removed):
            pieces = pairs[index][0] if pairs else [(visible(_bare(line)), "removed")]
            lines.append([("- ", "removed"), *pieces, *_line_end(line)])
        for index, line in enumerate(added):
            pieces = pairs[index][1] if pairs else [(visible(_bare(line)), "added")]
            lines.append([("+ ", "added"), *pieces, *_line_end(line)])
        a = hunk.b
    return lines + list(_context(old[a:], is_first=False, is_last=True))


def _shared(text: str, margin: int, *, is_first: bool, is_last: bool = False) -> Line:
    if len(text) > 2 * margin + 3:
        head = "" if is_first else text[:margin]
        tail = "" if is_last else text[-margin:]
        text = f"{head}...{tail}"
    return [(visible(text), "")] if text else []


def _changed(words: list[str], role: str) -> Line:
    return [(visible("".join(words)), role)] if words else []


def _context(lines: list[str], *, is_first: bool, is_last: bool = False) -> Iterator[Line]:
    head = [] if is_first else lines[:_CONTEXT]
    rest = lines[len(head) :]
    tail = [] if is_last else rest[max(0, len(rest) - _CONTEXT) :]
    for line in head:
        yield [(f"  {visible(_bare(line))}", "")]
    if len(rest) > len(tail):
        yield [("  ...", "dim")]
    for line in tail:
        yield [(f"  {visible(_bare(line))}", "")]


def _bare(line: str) -> str:
    return line.removesuffix("\n")


def _line_end(line: str) -> Line:
    return [] if line.endswith("\n") else [("  (no line end)", "dim")]
