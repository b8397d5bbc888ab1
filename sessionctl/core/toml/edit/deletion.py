"""Taking a key or item out, with its comments and nothing else."""

from __future__ import annotations

from sessionctl.core.toml.edit.array_elements import remove_item
from sessionctl.core.toml.edit.inline_entries import remove_entries
from sessionctl.core.toml.edit.node_statements import (
    dotted_text,
    extents,
    header_text,
    opened,
    statements_of,
)
from sessionctl.core.toml.parse.comments import lead_start, statement_start
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.parse.tree import ROOT, ArrayNode, ListNode, TableNode, is_inside_value
from sessionctl.core.toml.write.neighbour_style import indent_at, newline_at, style_near
from sessionctl.core.toml.write.splice import Splice, cut_lines
from sessionctl.core.toml.write.value_writer import render_pair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.parse.document_text import DocumentText


def removal(document: DocumentText, path: KeyPath) -> list[Splice]:
    """Return the splices that take out what is at ``path``; a table left empty stays."""
    node = opened(document, path)
    parent = node.parent
    if isinstance(parent, ListNode):
        assert isinstance(node.key, int)
        return remove_item(document, parent, node.key)
    assert parent is not None
    if is_inside_value(parent):
        assert not isinstance(node, ArrayNode)
        return remove_entries(document, node)
    indexes = statements_of(document, node)
    splices = [cut_lines(document.text, start, end) for start, end, _ in extents(document, indexes)]
    # A table that only its keys name would go with the last of them. It stays, as in the dict that
    # `del` left empty: a.b = 1 becomes a = {}, and [a.b.c] becomes [a.b].
    if isinstance(parent, TableNode) and parent.spelling != ROOT and parent.section is None:
        if statements_of(document, parent) == indexes:
            start, end, first = extents(document, indexes)[0]
            splices[0] = replace_lines(document, start, end, _kept(document, parent, first))
    return splices


def replace_lines(document: DocumentText, start: int, end: int, lines: str) -> Splice:
    """Return the splice that puts other lines in the place of whole lines."""
    text = document.text
    # A text without a final newline stays without.
    if end == len(text) and not text.endswith("\n"):
        lines = lines.rstrip("\r\n")
    return Splice(start, end, lines)


def _kept(document: DocumentText, parent: TableNode, first: int) -> str:
    """Return the line that keeps ``parent`` as an empty table, in the spelling it had."""
    text = document.text
    start = statement_start(document, first)
    indent, newline = indent_at(text, start), newline_at(text, start)
    if document.statements[first].kind != KEY:
        return f"{indent}[{header_text(document, parent)}]{newline}"
    style = style_near(document, first, [first])._replace(indent=indent)
    return render_pair(dotted_text(document, parent, first), {}, style) + newline


def lead_of(document: DocumentText, index: int) -> str:
    """Return the comment lines that belong to statement ``index`` from above."""
    return document.text[lead_start(document, index) : statement_start(document, index)]
