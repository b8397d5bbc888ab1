"""The statements that a node is made of, the text they take, and how they spell its name."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.comments import lead_start
from sessionctl.core.toml.parse.inline_value import read_key
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.parse.tree import (
    ArrayNode,
    Leaf,
    ListNode,
    TableNode,
    depth_of,
    expand,
    section_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Node, Section


def opened(document: DocumentText, path: KeyPath) -> Node:
    """Return the node at ``path``; an inline table or array with what is inside."""
    node = document.node(path)
    return expand(document.text, node) if isinstance(node, Leaf) else node


def statements_of(document: DocumentText, node: Node) -> list[int]:
    """Return the statements that ``node`` is made of or stands in, in order."""
    if isinstance(node, Leaf):
        return [node.statement]
    if isinstance(node, ListNode):
        assert node.statement is not None
        return [node.statement]
    if isinstance(node, ArrayNode):
        return sorted(index for item in node.items for index in statements_of(document, item))
    if node.value is not None:
        return [node.statements[0]]
    found = [index for child in node.children.values() for index in statements_of(document, child)]
    if node.section is not None:
        header = document.tree.sections[node.section].header
        found += [] if header is None else [header]
    return sorted(found)


def section_at(document: DocumentText, index: int) -> Section:
    """Return the section that statement ``index`` is in; a header is in its own."""
    return section_of(document.tree.sections, index)


def last_of_section(document: DocumentText, index: int) -> int:
    """Return the last statement of the section that statement ``index`` is in."""
    statements = document.statements
    while index + 1 < len(statements) and statements[index + 1].kind == KEY:
        index += 1
    return index


def key_text(document: DocumentText, index: int, count: int) -> str:
    """Return the first ``count`` parts of the key of statement ``index`` as written."""
    statement = document.statements[index]
    span = Span(statement.key_start, statement.key_end)
    if count == len(statement.keys):
        return document.text[span.start : span.end]
    _, parts = read_key(document.text, span)
    return document.text[span.start : parts[count - 1].end]


def header_text(document: DocumentText, table: TableNode) -> str:
    """Return the key of ``table`` as headers write it, "" for the document itself."""
    depth = depth_of(table)
    if depth == 0:
        return ""
    first = statements_of(document, table)[0]
    if document.statements[first].kind != KEY:
        return key_text(document, first, depth)
    owner = section_at(document, first).table
    own = key_text(document, first, depth - depth_of(owner))
    return f"{header_text(document, owner)}.{own}".removeprefix(".")


def dotted_text(document: DocumentText, table: TableNode, index: int) -> str:
    """Return the key of ``table`` as key statement ``index`` below it writes it."""
    owner = section_at(document, index).table
    return key_text(document, index, depth_of(table) - depth_of(owner))


def extents(document: DocumentText, indexes: list[int]) -> list[tuple[int, int, int]]:
    """Return the stretches of text that statements take with the comments that are theirs.

    Each is a start, an end and the first statement. What stands between the statements
    of a section that goes as a whole is in it too.
    """
    found: list[tuple[int, int, int]] = []
    wanted = set(indexes)
    for index in indexes:
        start = lead_start(document, index)
        if found and index - 1 in wanted and _belongs_together(document, index, wanted):
            start, _, first = found.pop()
        else:
            first = index
        found.append((start, document.statements[index].end, first))
    return found


def _belongs_together(document: DocumentText, index: int, wanted: set[int]) -> bool:
    between = document.text[document.statements[index - 1].end : lead_start(document, index)]
    # What stands free between two keys, such as a comment with blank lines around it, goes only
    # with a section that goes whole; between a.x and a.y it is about the table they are in.
    if not between.strip(" \t\r\n"):
        return True
    header = section_at(document, index).header
    return header is not None and header in wanted
