"""What new text takes over from its neighbours: quotes, spaces, layout, line ends."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.text.lines import line_start
from sessionctl.core.toml.parse.comments import statement_start
from sessionctl.core.toml.parse.inline_value import read_array, read_table
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.write.value_writer import ValueStyle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.statement import Statement
    from sessionctl.core.toml.parse.tree import TableNode

# So many statements around a place are its neighbours: a file may change its style on the way,
# and to look through a large one for every edit would take longer than the edit.
_NEIGHBOURS = 12


def newline_at(text: str, offset: int) -> str:
    """Return the line end in use around ``offset``: that of the line before, else the first."""
    end = text.rfind("\n", 0, offset)
    if end < 0:
        end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def indent_at(text: str, offset: int) -> str:
    """Return the white space that the line of ``offset`` starts with."""
    start = line_start(text, offset)
    end = start
    while text[end : end + 1] in (" ", "\t") and end < len(text):
        end += 1
    return text[start:end]


def style_near(document: DocumentText, index: int, own: Iterable[int] = ()) -> ValueStyle:
    """Return the style of values around statement ``index``; the nearest decide.

    ``own`` are statements that count as nearer than any other: those of the table the
    value goes into, the nearest last.
    """
    text = document.text
    statements = document.statements
    first, last = max(0, index - _NEIGHBOURS), min(len(statements), index + _NEIGHBOURS)
    # The farthest first: each statement overrides what the ones before it showed.
    around = sorted(range(first, last), key=lambda i: -abs(i - index))
    position = statements[index].key_start if index < len(statements) else len(text)
    style = ValueStyle(newline=newline_at(text, position))
    for near in (*around, *own):
        if statements[near].kind == KEY:
            style = observe_statement(text, statements[near], style)
    return style


def observe_statement(text: str, statement: Statement, style: ValueStyle) -> ValueStyle:
    """Return ``style`` as far as the statement does not show another."""
    equals = text.index("=", statement.key_end)
    before = text[statement.key_end : equals]
    style = style._replace(
        # More than one space is a column, which equals_column looks after, and no habit.
        before_equals=before if len(before) < 2 else " ",
        after_equals=text[equals + 1 : statement.value_start],
    )
    return observe(text, Span(statement.value_start, statement.value_end), style)


def observe(text: str, span: Span, style: ValueStyle) -> ValueStyle:
    """Return ``style`` as far as the value at ``span`` does not show another."""
    opening = text[span.start]
    if opening in "\"'":
        return _observe_string(text[span.start : span.end], style)
    if opening == "[":
        return _observe_array(text, span, style)
    if opening == "{":
        return _observe_table(text, span, style)
    return style


def _observe_string(raw: str, style: ValueStyle) -> ValueStyle:
    quote = raw[0]
    if raw.startswith(quote * 3) and len(raw) > 5:
        return style._replace(long_quote=quote * 3, opens_line=raw[3] in "\r\n")
    # A string that could not be written in the other quotes shows no choice.
    forced = "\\" in raw or ('"' if quote == "'" else "'") in raw
    return style if forced else style._replace(quote=quote)


def _observe_array(text: str, span: Span, style: ValueStyle) -> ValueStyle:
    array = read_array(text, span)
    if not array.items:
        return style
    first, last = array.items[0], array.items[-1]
    inner = observe(text, last, style)
    style = style._replace(quote=inner.quote)
    # The lines of an element are not taken over: [[1, 2], [3]] may have a line for each element,
    # and these none.
    if text[last.start] in "[{":
        style = style._replace(
            table_equals=inner.table_equals,
            table_pad=inner.table_pad,
            array_pad=inner.array_pad,
        )
    before = text[span.start + 1 : first.start]
    if "\n" not in before:
        style = style._replace(array_lines=False, array_pad=before if before.isspace() else "")
        if len(array.items) > 1:
            gap = text[array.commas[0] + 1 : array.items[1].start]
            if not gap.strip(" \t"):
                style = style._replace(comma="," + gap)
        return style
    own, inside = indent_at(text, span.start), indent_at(text, first.start)
    if inside.startswith(own) and len(inside) > len(own):
        style = style._replace(array_step=inside[len(own) :])
    return style._replace(array_lines=True, last_comma=len(array.commas) == len(array.items))


def _observe_table(text: str, span: Span, style: ValueStyle) -> ValueStyle:
    table = read_table(text, span)
    if not table.entries:
        return style
    entry = table.entries[-1]
    pad = text[span.start + 1 : table.entries[0].key.start]
    style = style._replace(table_pad=pad)
    # Only their quotes: the layout inside an entry is that of a narrow place.
    for each in table.entries:
        style = style._replace(quote=observe(text, each.value, style).quote)
    return style._replace(table_equals=text[entry.key.end : entry.value.start])


def equals_column(document: DocumentText, keys: Sequence[int], at: int) -> int:
    """Return the column of aligned equals signs around ``keys[at]``, or 0.

    ``keys`` are key statements in the order of the text; those in lines without a blank
    line between them stand together.
    """
    placed: list[tuple[int, int]] = []  # where the key ends, where the sign stands
    for index in _group(document, keys, at):
        statement = document.statements[index]
        equals = document.text.index("=", statement.key_end)
        placed.append((statement.key_end - statement.key_start, equals - statement.key_start))
    # One space is none: keys of one length have their signs in one column by chance.
    column = max((sign for end, sign in placed if sign - end > 1), default=0)
    # Keys too long for the column may reach over it.
    return column if all(sign == column or end >= column for end, sign in placed) else 0


def _group(document: DocumentText, keys: Sequence[int], at: int) -> list[int]:
    text, statements = document.text, document.statements
    first = last = at

    def together(one: int, other: int) -> bool:
        between = text[statements[keys[one]].end : statement_start(document, keys[other])]
        return all(line.lstrip(" \t").startswith("#") for line in between.splitlines())

    while first > 0 and together(first - 1, first):
        first -= 1
    while last + 1 < len(keys) and together(last, last + 1):
        last += 1
    return list(keys[first : last + 1])


def table_keys(document: DocumentText, table: TableNode) -> Sequence[int]:
    """Return the key statements in the lines of ``table``'s own section, or its dotted ones."""
    if table.section is not None:
        return document.tree.sections[table.section].keys
    return table.statements
