"""The text of one value as it stands in the file, with the comments that belong to it."""

from __future__ import annotations

from sessionctl.core.toml.parse.comments import lead_start
from sessionctl.core.toml.parse.tree import ArrayNode, Leaf, ListNode, TableNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessionctl.core.keypath import Part
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Node


def value_text(document: DocumentText, path: str | Iterable[Part]) -> str:
    """Return the text of the value at ``path`` as it stands in the file.

    A scalar, an array and an inline table give their own text; a table and an array of
    tables all the statements that make them, with their headers and the comments that
    belong to them.

    Raises:
      KeyNotFoundError: nothing sits at the path.
    """
    path = document.resolve(path)
    if not path:
        return document.text
    node = document.node(path)
    if isinstance(node, Leaf | ListNode) or (isinstance(node, TableNode) and node.value):
        if isinstance(node, TableNode) and node.spelling == "dotted":
            # In an inline table such a table has no text of its own.
            from sessionctl.core.toml.write.value_writer import render_value

            return render_value(document.get(path))
        start, end = document.span(path)
        return document.text[start:end]
    return _statements(document, sorted(set(_indexes(document, node))))


def _indexes(document: DocumentText, node: Node) -> list[int]:
    if isinstance(node, Leaf | ListNode):
        assert node.statement is not None
        return [node.statement]
    if isinstance(node, ArrayNode):
        return [index for item in node.items for index in _indexes(document, item)]
    indexes = [index for child in node.children.values() for index in _indexes(document, child)]
    if node.section is not None:
        header = document.tree.sections[node.section].header
        assert header is not None
        indexes.append(header)
    return indexes


def _statements(document: DocumentText, indexes: Sequence[int]) -> str:
    pieces: list[str] = []
    last = None
    for index in indexes:
        end = document.statements[index].end
        if last is not None and index == last + 1:
            start = document.statements[last].end
        else:
            start = lead_start(document, index)
            if pieces:
                pieces.append("\r\n" if pieces[-1].endswith("\r\n") else "\n")
        pieces.append(document.text[start:end])
        last = index
    return "".join(pieces)
