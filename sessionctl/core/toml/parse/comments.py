"""Which comment belongs to what: the block above a statement, the rest of its line.

A block of comment lines directly above a statement belongs to it; a blank line between
them sets it free. A comment behind a value belongs to the value.
"""

from __future__ import annotations

from sessionctl.core.text.lines import line_end, line_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText


def statement_start(document: DocumentText, index: int) -> int:
    """Return where the line starts on which statement ``index`` starts."""
    statement = document.statements[index]
    return line_start(document.text, min(statement.key_start, statement.value_start))


def lead_start(document: DocumentText, statement_index: int) -> int:
    """Return where the comment block attached above a statement starts.

    The line start of the statement when there is none. A directive (``#:schema ...``, or
    ``#!`` in the first line) speaks for the whole file and belongs to no statement.
    """
    start = statement_start(document, statement_index)
    limit = document.statements[statement_index - 1].end if statement_index else 0
    return comment_block_start(document.text, start, limit)


def comment_block_start(text: str, start: int, limit: int = 0) -> int:
    """Return where the comment lines directly above the line at ``start`` begin."""
    while start > limit:
        above = line_start(text, start - 1)
        line = text[above:start].lstrip(" \t")
        if above < limit or not line.startswith("#") or line.startswith("#:"):
            break
        if above <= 1 and line.startswith("#!"):
            break
        start = above
    return start


def tail_end(document: DocumentText, statement_index: int) -> int:
    """Return where the comment lines directly below a statement end.

    Its own end when there are none, or when they belong to the next statement.
    """
    statements = document.statements
    text = document.text
    end = statements[statement_index].end
    if statement_index + 1 < len(statements):
        limit = lead_start(document, statement_index + 1)
    else:
        limit = len(text)
    while end < limit:
        below = line_end(text, end)
        if not text[end:below].lstrip(" \t").startswith("#"):
            break
        end = below
    return end


def trailing_comment(document: DocumentText, statement_index: int) -> str:
    """Return the comment behind a statement's value, with the space before it, or ""."""
    statement = document.statements[statement_index]
    rest = document.text[statement.value_end : statement.end].rstrip("\r\n")
    return rest if "#" in rest else ""


def blank_before(text: str, offset: int) -> int:
    """Return where the blank lines directly above the line start ``offset`` begin."""
    first = 1 if text.startswith("\ufeff") else 0
    while offset > first:
        above = line_start(text, offset - 1)
        if text[above:offset].strip(" \t\r\n"):
            break
        offset = above
    return offset


def blank_after(text: str, offset: int) -> int:
    """Return where the blank lines that start at the line start ``offset`` end."""
    while offset < len(text):
        below = line_end(text, offset)
        if text[offset:below].strip(" \t\r\n"):
            break
        offset = below
    return offset
