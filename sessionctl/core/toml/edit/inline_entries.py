"""Edits inside an inline table: its entries and the dotted tables in it."""

from __future__ import annotations

from sessionctl.core.keypath import render_key
from sessionctl.core.text.lines import line_start
from sessionctl.core.toml.parse.inline_value import read_key
from sessionctl.core.toml.parse.tree import INLINE, Leaf, ListNode, TableNode
from sessionctl.core.toml.write.neighbour_style import indent_at, observe, style_near
from sessionctl.core.toml.write.splice import Splice
from sessionctl.core.toml.write.value_writer import render_entry, render_line, render_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.inline_value import InlineArray, InlineEntry, InlineTable
    from sessionctl.core.values import Value


def replace_value(
    document: DocumentText, node: Leaf | ListNode | TableNode, value: Value
) -> Splice:
    """Return the splice that writes ``value`` where the value of ``node`` stands."""
    span = node.span if isinstance(node, Leaf) else _value_of(node).span
    text = document.text
    statement = node.statements[0] if isinstance(node, TableNode) else node.statement
    assert statement is not None
    style = style_near(document, statement)._replace(indent=indent_at(text, span.start))
    style = observe(text, span, style)
    column = span.start - line_start(text, span.start)
    # An inline table is one line in TOML 1.0; only the value of a whole statement may break.
    inside = node.entry is not None or isinstance(node.key, int)
    new = render_line(value, style) if inside else render_value(value, style, column)
    return Splice(span.start, span.end, new)


def _value_of(node: ListNode | TableNode) -> InlineArray | InlineTable:
    assert node.value is not None
    return node.value


def insert_entry(
    document: DocumentText,
    table: TableNode,
    key: str,
    value: Value,
    near: str | None,
    *,
    before: bool,
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
    # Inside a dotted table the new entry is dotted too, in the spelling of the one it stands by.
    prefix = _key_text(text, own[-1], len(path)) + "." if path else ""
    new = render_entry(prefix + render_key(key), value, style)
    if beside and before:
        return Splice(beside[0].key.start, beside[0].key.start, new + style.comma)
    end = (beside or own)[-1].value.end
    return Splice(end, end, style.comma + new)


def remove_entries(document: DocumentText, node: Leaf | ListNode | TableNode) -> list[Splice]:
    """Return the splices that take a key out of the inline table it stands in.

    A dotted table that it leaves empty stays, as ``key = {}``.
    """
    parent = node.parent
    assert isinstance(parent, TableNode)
    assert parent.value is not None
    text, table = document.text, parent.value
    going = _entries_of(node)
    # The dotted table would go with its last entry; it stays: { a.b = 1 } becomes { a = {} }.
    if len(parent.children) == 1 and parent.spelling != INLINE:
        kept = _key_text(text, going[0], len(_path_inside(parent)))
        style = observe(text, table.span, style_near(document, parent.statements[0]))
        return _without(table, going, render_entry(kept, {}, style))
    return _without(table, going)


def replace_entries(document: DocumentText, node: TableNode, value: Value) -> list[Splice]:
    """Return the splices that write a dotted table inside an inline one as one entry."""
    assert node.value is not None
    going = _entries_of(node)
    style = observe(document.text, node.value.span, style_near(document, node.statements[0]))
    key = _key_text(document.text, going[0], len(_path_inside(node)))
    return _without(node.value, going, render_entry(key, value, style))


def rename_entries(
    document: DocumentText, node: Leaf | ListNode | TableNode, key: str
) -> list[Splice]:
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


def _entries_of(node: Leaf | ListNode | TableNode) -> list[InlineEntry]:
    parent = node.parent
    assert isinstance(parent, TableNode)
    assert parent.value is not None
    assert isinstance(node.key, str)
    path = (*_path_inside(parent), node.key)
    return [entry for entry in parent.value.entries if entry.keys[: len(path)] == path]


def _key_text(text: str, entry: InlineEntry, count: int) -> str:
    spans = read_key(text, entry.key)[1]
    return text[entry.key.start : spans[count - 1].end]


def _without(table: InlineTable, going: list[InlineEntry], kept: str = "") -> list[Splice]:
    entries = table.entries
    splices: list[Splice] = []
    if kept:
        splices.append(Splice(going[0].key.start, going[0].value.end, kept))
        going = going[1:]
    elif len(going) == len(entries):
        return [Splice(table.span.start, table.span.end, "{}")]
    # TOML 1.0 has no comma behind the last entry: entries at the end go with the comma before them,
    # all others with the comma behind.
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
