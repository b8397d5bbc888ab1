"""Edits inside one value: the elements of an array, the entries of an inline table."""

from __future__ import annotations

import re

from sessionctl.core.keypath import render_key
from sessionctl.core.problem import Span
from sessionctl.core.toml.comments import (
    blank_after,
    blank_before,
    comment_block_start,
    line_end,
    line_start,
)
from sessionctl.core.toml.edit_splice import Splice
from sessionctl.core.toml.inline import read_key
from sessionctl.core.toml.style import indent_at, observe, style_near
from sessionctl.core.toml.tree import INLINE, Leaf, ListNode, TableNode
from sessionctl.core.toml.write import render_entry, render_line, render_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.document import Document
    from sessionctl.core.toml.inline import Entry, InlineArray, InlineTable
    from sessionctl.core.toml.write import Style
    from sessionctl.core.values import Value

_REST = re.compile(r"[ \t]*(?:#[^\n]*?)?(?=\r?\n)")


def replace_value(document: Document, node: Leaf | ListNode | TableNode, value: Value) -> Splice:
    """Return the splice that writes ``value`` where the value of ``node`` stands."""
    span = node.span if isinstance(node, Leaf) else _value_of(node).span
    text = document.text
    statement = node.statements[0] if isinstance(node, TableNode) else node.statement
    assert statement is not None
    style = style_near(document, statement)._replace(indent=indent_at(text, span.start))
    style = observe(text, span, style)
    column = span.start - line_start(text, span.start)
    inside = node.entry is not None or isinstance(node.key, int)
    new = render_line(value, style) if inside else render_value(value, style, column)
    return Splice(span.start, span.end, new)


def _value_of(node: ListNode | TableNode) -> InlineArray | InlineTable:
    assert node.value is not None
    return node.value


# -- arrays ------------------------------------------------------------------------------


def insert_item(document: Document, node: ListNode, index: int, value: Value) -> list[Splice]:
    """Return the splices that make ``value`` the item ``index`` of an array."""
    text, array = document.text, node.value
    style = _array_style(document, node)
    if not array.items:
        return [_first_item(text, array.span, value, style)]
    if index == len(array.items):
        return _append_item(text, node, value, style)
    item = array.items[index]
    if _starts_line(text, item.start):
        limit = array.items[index - 1].end if index else array.span.start
        start = comment_block_start(text, line_start(text, item.start), limit)
        indent = indent_at(text, item.start)
        new = render_line(value, style)
        return [Splice(start, start, f"{indent}{new},{style.newline}")]
    return [Splice(item.start, item.start, render_line(value, style) + style.comma)]


def remove_item(document: Document, node: ListNode, index: int) -> list[Splice]:
    """Return the splices that take item ``index`` out, with the comments that are its own."""
    text, (span, items, commas) = document.text, node.value
    item = items[index]
    end = commas[index] + 1 if index < len(commas) else item.end
    if len(items) == 1 and not _has_lines(text[span.start + 1 : item.start] + text[end : span.end]):
        return [Splice(span.start, span.end, "[]")]
    if index > 0 and _starts_line(text, commas[index - 1]):
        return _cut_comma_line(text, node, index)
    splices: list[Splice] = []
    if index == len(commas) and index > 0:
        comma = commas[index - 1]
        if not _has_lines(text[comma : item.start]):
            return [Splice(comma, item.end, "")]
        splices.append(Splice(comma, comma + 1, ""))
    if _has_lines(text[item.end : end]):  # the comma starts the next line
        return [Splice(item.start, item.end, ""), Splice(end - 1, end, "")]
    if _starts_line(text, item.start):
        rest = _REST.match(text, end)
        if rest is not None and rest.end() < span.end:
            return [*splices, _cut_item_lines(text, node, index, rest.end())]
    if index + 1 < len(items) and not _has_lines(text[end : items[index + 1].start]):
        return [*splices, Splice(item.start, items[index + 1].start, "")]
    return [*splices, _cut_in_line(text, span, item, end)]


def _cut_comma_line(text: str, node: ListNode, index: int) -> list[Splice]:
    """Take out an item in a layout that starts its lines with the comma."""
    comma, item = node.value.commas[index - 1], node.value.items[index]
    rest = _REST.match(text, item.end)
    if rest is None or _has_lines(text[comma : item.start]):
        return [Splice(comma, comma + 1, ""), Splice(item.start, item.end, "")]
    start = line_start(text, comma)
    start = comment_block_start(text, start, node.value.items[index - 1].end)
    return [Splice(start, line_end(text, rest.end()), "")]


def _has_lines(filler: str) -> bool:
    return "\n" in filler


def _starts_line(text: str, offset: int) -> bool:
    return not text[line_start(text, offset) : offset].strip(" \t")


def _array_style(document: Document, node: ListNode) -> Style:
    assert node.statement is not None
    span = node.value.span
    style = style_near(document, node.statement)
    style = style._replace(indent=indent_at(document.text, span.start))
    for item in node.value.items:
        style = observe(document.text, item, style)
    return observe(document.text, span, style)._replace(long_quote="")


def _first_item(text: str, span: Span, value: Value, style: Style) -> Splice:
    if not _has_lines(text[span.start : span.end]):
        return Splice(span.start, span.end, render_line([value], style))
    start = line_start(text, span.end - 1)
    above = text[:start].rstrip("\r\n").rpartition("\n")[2]
    is_comment = above.lstrip(" \t").startswith("#")
    indent = above[: len(above) - len(above.lstrip(" \t"))] if is_comment else ""
    indent = indent or style.indent + style.array_step
    comma = "," if style.last_comma else ""
    return Splice(start, start, f"{indent}{render_line(value, style)}{comma}{style.newline}")


def _append_item(text: str, node: ListNode, value: Value, style: Style) -> list[Splice]:
    span, items, commas = node.value
    last = items[-1]
    has_comma = len(commas) == len(items)
    end = commas[-1] + 1 if has_comma else last.end
    new = render_line(value, style)
    own_line = _starts_line(text, last.start) and _has_lines(text[end : span.end])
    if not own_line or _has_lines(text[last.end : end]):
        if has_comma:
            return [Splice(end, end, f"{style.comma[1:]}{new},")]
        return [Splice(end, end, style.comma + new)]
    after = line_end(text, end)
    line = f"{indent_at(text, last.start)}{new}{',' if has_comma else ''}{style.newline}"
    splices = [] if has_comma else [Splice(end, end, ",")]
    return [*splices, Splice(after, after, line)]


def _cut_item_lines(text: str, node: ListNode, index: int, end: int) -> Splice:
    items = node.value.items
    limit = items[index - 1].end if index else node.value.span.start
    start = comment_block_start(text, line_start(text, items[index].start), limit)
    end = line_end(text, end)
    if blank_before(text, start) < start:
        end = blank_after(text, end)
    return Splice(start, end, "")


def _cut_in_line(text: str, span: Span, item: Span, end: int) -> Splice:
    """Take out an item that shares its line, with a comment which is about it alone."""
    start = item.start
    before = text[max(line_start(text, start), span.start + 1) : start]
    rest = _REST.match(text, end)
    if rest is not None and rest.end() < span.end:
        if not before.strip(" \t"):
            end = rest.end()
        while text[start - 1] in " \t":
            start -= 1
    return Splice(start, end, "")


# -- inline tables -----------------------------------------------------------------------


def insert_entry(
    document: Document, table: TableNode, key: str, value: Value, near: str | None, *, before: bool
) -> Splice:
    """Return the splice that adds an entry to an inline table, or a dotted one inside it.

    The entry stands behind the last one of its table, or next to the entry ``near``.
    """
    assert table.value is not None
    text, entries = document.text, table.value.entries
    style = observe(text, table.value.span, style_near(document, table.statements[0]))
    if not entries:
        new = render_value({key: value}, style)
        return Splice(table.value.span.start, table.value.span.end, new)
    path = _path_inside(table)
    own = [e for e in entries if e.keys[: len(path)] == path]
    beside = [] if near is None else [e for e in own if e.keys[len(path)] == near]
    prefix = _key_text(text, own[-1], len(path)) + "." if path else ""
    new = render_entry(prefix + render_key(key), value, style)
    if beside and before:
        return Splice(beside[0].key.start, beside[0].key.start, new + style.comma)
    end = (beside or own)[-1].value.end
    return Splice(end, end, style.comma + new)


def remove_entries(document: Document, node: Leaf | ListNode | TableNode) -> list[Splice]:
    """Return the splices that take a key out of the inline table it stands in.

    A dotted table that it leaves empty stays, as ``key = {}``.
    """
    parent = node.parent
    assert isinstance(parent, TableNode)
    assert parent.value is not None
    text, table = document.text, parent.value
    going = _entries_of(node)
    if len(parent.children) == 1 and parent.spelling != INLINE:
        kept = _key_text(text, going[0], len(_path_inside(parent)))
        style = observe(text, table.span, style_near(document, parent.statements[0]))
        return _without(table, going, render_entry(kept, {}, style))
    return _without(table, going)


def replace_entries(document: Document, node: TableNode, value: Value) -> list[Splice]:
    """Return the splices that write a dotted table inside an inline one as one entry."""
    assert node.value is not None
    going = _entries_of(node)
    style = observe(document.text, node.value.span, style_near(document, node.statements[0]))
    key = _key_text(document.text, going[0], len(_path_inside(node)))
    return _without(node.value, going, render_entry(key, value, style))


def rename_entries(document: Document, node: Leaf | ListNode | TableNode, key: str) -> list[Splice]:
    """Return the splices that give a key of an inline table the name ``key`` (as text)."""
    assert isinstance(node.parent, TableNode)
    count = len(_path_inside(node.parent)) + 1
    splices = []
    for entry in _entries_of(node):
        part = read_key(document.text, entry.key)[1][count - 1]
        splices.append(Splice(part.start, part.end, key))
    return splices


def _path_inside(table: TableNode) -> tuple[str, ...]:
    """Return the keys that lead to a dotted table from the inline table it is in."""
    keys: list[str] = []
    while table.spelling != INLINE:
        assert isinstance(table.key, str)
        assert isinstance(table.parent, TableNode)
        keys.append(table.key)
        table = table.parent
    return tuple(reversed(keys))


def _entries_of(node: Leaf | ListNode | TableNode) -> list[Entry]:
    parent = node.parent
    assert isinstance(parent, TableNode)
    assert parent.value is not None
    assert isinstance(node.key, str)
    path = (*_path_inside(parent), node.key)
    return [entry for entry in parent.value.entries if entry.keys[: len(path)] == path]


def _key_text(text: str, entry: Entry, count: int) -> str:
    spans = read_key(text, entry.key)[1]
    return text[entry.key.start : spans[count - 1].end]


def _without(table: InlineTable, going: list[Entry], kept: str = "") -> list[Splice]:
    entries = table.entries
    splices: list[Splice] = []
    if kept:
        splices.append(Splice(going[0].key.start, going[0].value.end, kept))
        going = going[1:]
    elif len(going) == len(entries):
        return [Splice(table.span.start, table.span.end, "{}")]
    gone = set(going)
    last = len(entries)
    while entries[last - 1] in gone:
        last -= 1
    if last < len(entries):
        splices.append(Splice(entries[last - 1].value.end, entries[-1].value.end, ""))
    for number in range(last - 1):
        if entries[number] in gone:
            start, end = entries[number].key.start, entries[number + 1].key.start
            splices.append(Splice(start, end, ""))
    return splices
