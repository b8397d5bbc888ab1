"""Plain values as TOML text, in the style asked for."""

from __future__ import annotations

from sessionctl.core.keypath import escape_basic, render_key
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.values import moment_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from sessionctl.core.values import Table, Value

LINE_WIDTH = 100

_NOT_LITERAL = late("['\x00-\x08\x0a-\x1f\x7f]")
_NOT_MULTILINE_LITERAL = late("'''|'\\Z|[\x00-\x08\x0b-\x1f\x7f]")
_MULTILINE_ESCAPES = late('[\x00-\x08\x0b-\x1f\\\\\x7f]|"""|"\\Z')


class ValueStyle(NamedTuple):
    """How values look: what new text takes over from its neighbours.

    ``quote`` is the quote of one-line strings; ``long_quote`` that of strings with line
    breaks, empty for escapes in one line, and ``opens_line`` shows whether their text
    starts on a line of its own. ``before_equals`` and ``after_equals`` are the space
    around the sign, ``equals_column`` is where it stands in aligned lines, counted from
    the start of the key (0: not aligned); ``table_equals`` is the sign with its space in
    inline tables (empty: as in lines). ``indent`` is that of the line.
    ``array_lines`` puts the elements of an array on lines of their own, each
    ``array_step`` further in than the array and the last with a comma if ``last_comma``;
    ``array_pad`` and ``table_pad`` stand inside the brackets of one line, ``comma``
    between elements.
    """

    newline: str = "\n"
    quote: str = '"'
    long_quote: str = ""
    opens_line: bool = True
    before_equals: str = " "
    after_equals: str = " "
    equals_column: int = 0
    table_equals: str = ""
    indent: str = ""
    array_lines: bool = False
    array_step: str = "  "
    last_comma: bool = True
    array_pad: str = ""
    table_pad: str = " "
    comma: str = ", "


DEFAULT_STYLE = ValueStyle()


def render_value(value: Value, style: ValueStyle = DEFAULT_STYLE, column: int = 0) -> str:
    """Return ``value`` as the text of a TOML value; a table becomes an inline table.

    ``column`` is where the text will start, for the choice of lines of a new array.
    """
    if isinstance(value, str):
        return render_string(value, style)
    if isinstance(value, bool):
        return "true" if value else "false"
    # Python's repr is TOML here: the shortest digits that read back the same, inf and nan.
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return join_items([render_line(item, style) for item in value], style, column)
    if isinstance(value, dict):
        return _render_inline_table(value, style)
    return moment_text(value)


def render_string(text: str, style: ValueStyle = DEFAULT_STYLE) -> str:
    """Return ``text`` in the quotes of ``style``, or in basic ones when those cannot hold it."""
    if "\n" in text and style.long_quote:
        # A parser drops a line end right behind the quotes: a text that starts with one needs two.
        opening = style.newline if style.opens_line or text.startswith("\n") else ""
        quote, body = style.long_quote, text
        if quote == '"""' or _NOT_MULTILINE_LITERAL.search(text):
            quote, body = '"""', _MULTILINE_ESCAPES.sub(_escape_multiline, text)
        return f"{quote}{opening}{body.replace(chr(10), style.newline)}{quote}"
    if style.quote == "'" and not _NOT_LITERAL.search(text):
        return f"'{text}'"
    return f'"{escape_basic(text)}"'


def render_pair(key: str, value: Value, style: ValueStyle = DEFAULT_STYLE) -> str:
    """Return a whole ``key = value`` line without its line end; ``key`` is TOML text."""
    space = style.before_equals
    if len(key) < style.equals_column:
        space = " " * (style.equals_column - len(key))
    lead = f"{style.indent}{key}{space}={style.after_equals}"
    return lead + render_value(value, style, len(lead))


def _escape_multiline(match: re.Match[str]) -> str:
    found = match[0]
    if found == '"""':
        return '""\\"'
    return escape_basic(found)


def join_items(items: list[str], style: ValueStyle = DEFAULT_STYLE, column: int = 0) -> str:
    """Return an array of elements that are text already, in one line or in many.

    ``column`` is where the text will start, for an array that gets too long for a line.
    """
    if not items:
        return "[]"
    line = f"[{style.array_pad}{style.comma.join(items)}{style.array_pad}]"
    # A single element gains nothing from a line of its own.
    is_long = column + len(line) > LINE_WIDTH and len(items) > 1
    if not (style.array_lines or is_long):
        return line
    indent = style.newline + style.indent + style.array_step
    end = "," if style.last_comma else ""
    return f"[{indent}{f',{indent}'.join(items)}{end}{style.newline}{style.indent}]"


def _render_inline_table(table: Table, style: ValueStyle) -> str:
    # TOML 1.0 has no line breaks in an inline table.
    pairs = [render_entry(render_key(key), value, style) for key, value in table.items()]
    return f"{{{style.table_pad}{style.comma.join(pairs)}{style.table_pad}}}" if pairs else "{}"


def render_entry(key: str, value: Value, style: ValueStyle = DEFAULT_STYLE) -> str:
    """Return ``key = value`` as an entry of an inline table; ``key`` is TOML text."""
    equals = style.table_equals or f"{style.before_equals}={style.after_equals}"
    return f"{key}{equals}{render_line(value, style)}"


def render_line(value: Value, style: ValueStyle = DEFAULT_STYLE) -> str:
    """Return ``value`` as text on one line, however long."""
    # No line break may come in, not even inside a string: this text stands in an inline table or
    # beside other elements.
    flat = style._replace(long_quote="")
    if not isinstance(value, list):
        return render_value(value, flat)
    items = [render_line(item, flat) for item in value]
    return f"[{flat.array_pad}{flat.comma.join(items)}{flat.array_pad}]" if items else "[]"
