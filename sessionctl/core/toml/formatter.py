"""The formatter: tidy the layout of a TOML text, its values and comments untouched.

Never sorts or moves anything. What is normalised: trailing white space, the spaces
around ``=``, blank lines, indentation that mixes tabs and spaces, line ends, the end of
the file.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import DOTALL, ready
from sessionctl.core.toml.parse.document_text import DocumentText
from sessionctl.core.toml.parse.parser import KEY
from sessionctl.core.values import same_value
from sessionctl.errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.toml.parse.statement import Statement

_MULTILINE = ('"""', "'''")
_TOKEN = ready(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|\#[^\n]*+",
    DOTALL,
)
_INDENT = ready(r"[ \t]*")


class LayoutEdit(NamedTuple):
    """One change of the layout: ``text[start:end]`` becomes ``new``, for ``reason``."""

    start: int
    end: int
    new: str
    reason: str


class FormattedText(NamedTuple):
    """A tidy text, and the edits that led from the given text to it, in their order."""

    text: str
    edits: tuple[LayoutEdit, ...]


class _LayoutLine(NamedTuple):
    """A line: where it starts, where its line end begins, and where the next one starts.

    ``head`` and ``tail`` say whether its first or its last character lies within a
    multi-line string; ``statement`` is what begins on it.
    """

    start: int
    stop: int
    end: int
    head: bool
    tail: bool
    statement: Statement | None


def format_text(text: str, name: str = "") -> FormattedText:
    """Return ``text`` with a tidy layout; formatting the result changes nothing more.

    Raises:
      ParseError: the text is not TOML 1.0.
      GuardError: the result would differ in a value or a comment.
    """
    before = DocumentText.parse(text, name)
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    strings = [(a, b) for a, b in tokens if text.startswith(_MULTILINE, a) and "\n" in text[a:b]]
    lines = _lines(text, strings, before.statements)
    newline = _newline(text, lines)
    blank = _blank_lines(text, lines, newline)
    gone = {edit.start for edit in blank if text[edit.start : edit.end].endswith("\n")}
    edits = [
        *blank,
        *_line_ends(text, [line for line in lines if line.start not in gone], newline),
        *_trailing_space(text, lines),
        *_indentation(text, lines),
        *_equals(text, lines, tokens),
    ]
    edits.sort()
    result = _apply(text, edits)
    _guard(before, result)
    return FormattedText(result, tuple(edits))


def comments_of(text: str) -> list[str]:
    """Return the comments of a valid text in their order, without trailing white space."""
    return [m[0].rstrip() for m in _TOKEN.finditer(text) if m[0].startswith("#")]


def _guard(before: DocumentText, result: str) -> None:
    where = f"{before.name}: " if before.name else ""
    after = DocumentText.parse(result, before.name)
    if not same_value(before.value, after.value) or comments_of(before.text) != comments_of(result):
        raise GuardError(f"{where}formatting would change a value or a comment")
    if [s.keys for s in before.statements] != [s.keys for s in after.statements]:
        raise GuardError(f"{where}formatting would change the order")


def _apply(text: str, edits: Sequence[LayoutEdit]) -> str:
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += [text[position : edit.start], edit.new]
        position = edit.end
    return "".join([*pieces, text[position:]])


def _lines(
    text: str, strings: Sequence[tuple[int, int]], statements: Sequence[Statement]
) -> list[_LayoutLine]:
    lines: list[_LayoutLine] = []
    position = 1 if text.startswith("\ufeff") else 0
    pending = list(reversed(strings))
    coming = list(reversed(statements))
    while position < len(text):
        newline = text.find("\n", position)
        end = len(text) if newline < 0 else newline + 1
        stop = end if newline < 0 else newline - (text[newline - 1 : newline] == "\r")
        while pending and pending[-1][1] <= position:
            pending.pop()
        head = bool(pending) and pending[-1][0] < position
        tail = any(first < stop < last for first, last in pending[-2:])
        statement = None
        if coming and coming[-1].key_start < end:
            statement = coming.pop()
        lines.append(_LayoutLine(position, stop, end, head, tail, statement))
        position = end
    return lines


def _newline(text: str, lines: Sequence[_LayoutLine]) -> str:
    ends = [text[line.stop : line.end] for line in lines]
    return "\r\n" if ends.count("\r\n") > ends.count("\n") else "\n"


def _line_ends(text: str, lines: Sequence[_LayoutLine], wanted: str) -> list[LayoutEdit]:
    ends = [text[line.stop : line.end] for line in lines]
    edits = [
        LayoutEdit(line.stop, line.end, wanted, "a line end unlike the others")
        for line, end in zip(lines, ends, strict=True)
        if end and end != wanted
    ]
    if ends and not ends[-1] and text[lines[-1].start :].strip():
        edits.append(LayoutEdit(len(text), len(text), wanted, "no line end at the end of the file"))
    return edits


def _trailing_space(text: str, lines: Sequence[_LayoutLine]) -> list[LayoutEdit]:
    edits: list[LayoutEdit] = []
    for line in lines:
        body = text[line.start : line.stop]
        kept = line.start + len(body.rstrip(" \t"))
        # A line of nothing but space is a blank line's matter.
        if kept < line.stop and kept > line.start and not line.tail:
            edits.append(LayoutEdit(kept, line.stop, "", "white space at the end of the line"))
    return edits


def _indentation(text: str, lines: Sequence[_LayoutLine]) -> list[LayoutEdit]:
    """Return edits that make all indents of tabs or all of spaces, where both occur."""
    indents: list[tuple[int, str]] = []
    for line in lines:
        match = _INDENT.match(text, line.start, line.stop)
        assert match is not None
        if match[0] and match.end() < line.stop and not line.head:
            indents.append((line.start, match[0]))
    tabs = sum(indent.startswith("\t") for _, indent in indents)
    if not any("\t" in indent for _, indent in indents) or not any(
        " " in indent for _, indent in indents
    ):
        return []
    unit = min((len(i) for _, i in indents if "\t" not in i and len(i) > 1), default=4)
    edits: list[LayoutEdit] = []
    for start, indent in indents:
        width = len(indent.expandtabs(unit))
        new = "\t" * max(1, width // unit) if tabs > len(indents) - tabs else " " * width
        if new != indent:
            edits.append(
                LayoutEdit(
                    start, start + len(indent), new, "an indent of other characters than most"
                )
            )
    return edits


def _equals(
    text: str, lines: Sequence[_LayoutLine], tokens: Sequence[tuple[int, int]]
) -> list[LayoutEdit]:
    """Return edits that put one space on each side of ``=``.

    In a block of lines that has its ``=`` in one column, on purpose as not all keys are
    equally long, the column is kept. So is that of a comment behind the value.
    """
    comments = {text.rfind("\n", 0, a) + 1: a for a, _ in tokens if text[a] == "#"}
    edits: list[LayoutEdit] = []
    for block in _blocks(lines):
        pads = _pads(text, block)
        for line, pad in zip(block, pads, strict=True):
            statement = line.statement
            assert statement is not None
            start, end = statement.key_end, statement.value_start
            new = f"{pad}= "
            if text[start:end] == new:
                continue
            edits.append(LayoutEdit(start, end, new, 'spaces around "="'))
            comment = comments.get(line.start, -1)
            if statement.value_end < comment < line.stop:
                edits += _comment_column(statement.value_end, comment, end - start - len(new))
    return edits


def _comment_column(value_end: int, comment: int, shift: int) -> list[LayoutEdit]:
    gap = comment - value_end
    wanted = max(2, gap + shift) if gap > 1 else gap
    if wanted == gap:
        return []
    return [LayoutEdit(value_end, comment, " " * wanted, "the column of a comment")]


def _blocks(lines: Sequence[_LayoutLine]) -> list[list[_LayoutLine]]:
    """Return the runs of key lines that stand directly one below the other."""
    blocks: list[list[_LayoutLine]] = []
    last = -2
    for number, line in enumerate(lines):
        if line.statement is None or line.statement.kind != KEY:
            continue
        if number != last + 1:
            blocks.append([])
        blocks[-1].append(line)
        last = number
    return blocks


def _pads(text: str, block: Sequence[_LayoutLine]) -> list[str]:
    keys: list[int] = []
    columns: set[int] = set()
    between = ""
    indents: set[str] = set()
    for line in block:
        statement = line.statement
        assert statement is not None
        equals = text.index("=", statement.key_end)
        keys.append(statement.key_end - statement.key_start)
        columns.add(equals - statement.key_start)
        between += text[statement.key_end : equals]
        indents.add(text[line.start : statement.key_start])
    if len(columns) > 1 or len(set(keys)) == 1 or len(indents) > 1 or "\t" in between:
        return [" "] * len(block)
    return [" " * (max(keys) + 1 - key) for key in keys]


def _blank_lines(text: str, lines: Sequence[_LayoutLine], newline: str) -> list[LayoutEdit]:
    """Return edits for one blank line before a header, at most one elsewhere, none at the ends."""
    edits: list[LayoutEdit] = []
    blanks: list[_LayoutLine] = []
    before_header = _header_blocks(text, lines)
    for number, line in enumerate(lines):
        if not line.head and not line.tail and not text[line.start : line.stop].strip(" \t"):
            blanks.append(line)
            continue
        is_first = number == len(blanks)
        allowed = 0 if is_first else 1
        if blanks:
            edits += _keep_blank(blanks, allowed)
        elif number in before_header and not is_first:
            reason = "no blank line before the table"
            edits.append(LayoutEdit(line.start, line.start, newline, reason))
        blanks = []
    edits += _keep_blank(blanks, 0)
    return edits


def _keep_blank(blanks: Sequence[_LayoutLine], allowed: int) -> list[LayoutEdit]:
    edits = [
        LayoutEdit(line.start, line.stop, "", "white space on a blank line")
        for line in blanks[:allowed]
        if line.stop > line.start
    ]
    reason = "more blank lines than one" if allowed else "blank lines at an end of the file"
    edits += [LayoutEdit(line.start, line.end, "", reason) for line in blanks[allowed:]]
    return edits


def _header_blocks(text: str, lines: Sequence[_LayoutLine]) -> set[int]:
    """Return the lines at which a header begins, with the comment that belongs to it."""
    starts: set[int] = set()
    for number, line in enumerate(lines):
        if line.statement is None or line.statement.kind == KEY:
            continue
        first = number
        while first > 0 and _is_comment(text, lines[first - 1]):
            first -= 1
        starts.add(first)
    return starts


def _is_comment(text: str, line: _LayoutLine) -> bool:
    body = text[line.start : line.stop].lstrip(" \t")
    # A directive (#:schema ...) speaks for the file, not for the table below it.
    return not line.head and body.startswith("#") and not body.startswith("#:")
