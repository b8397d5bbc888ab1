"""Another name for a key, wherever the key is written."""

from __future__ import annotations

from sessionctl.core.keypath import render_key
from sessionctl.core.problem import Span
from sessionctl.core.toml.edit.inline_entries import rename_entries
from sessionctl.core.toml.edit.node_statements import opened, section_at, statements_of
from sessionctl.core.toml.parse.inline_value import read_key
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.parse.tree import ArrayNode, depth_of, is_inside_value
from sessionctl.core.toml.write.neighbour_style import equals_column
from sessionctl.core.toml.write.splice import Splice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.toml.parse.document_text import DocumentText


def renaming(document: DocumentText, path: KeyPath, key: str) -> list[Splice]:
    """Return the splices that call the last key of ``path`` ``key``, in every statement."""
    node = opened(document, path)
    new = render_key(key)
    assert node.parent is not None
    if is_inside_value(node.parent):
        assert not isinstance(node, ArrayNode)
        return rename_entries(document, node, new)
    depth = depth_of(node)
    splices: list[Splice] = []
    for index in statements_of(document, node):
        statement = document.statements[index]
        part = depth - 1
        if statement.kind == KEY:
            part -= depth_of(section_at(document, index).table)
        if part < 0:
            continue  # below a header that has the key
        span = read_key(document.text, Span(statement.key_start, statement.key_end))[1][part]
        splices.append(Splice(span.start, span.end, new))
        if statement.kind == KEY:
            splices += _aligned(document, index, len(new) - (span.end - span.start))
    return splices


def _aligned(document: DocumentText, index: int, growth: int) -> list[Splice]:
    """Keep an aligned equals sign in its column, as far as there is space before it."""
    keys = section_at(document, index).keys
    column = equals_column(document, keys, keys.index(index))
    statement = document.statements[index]
    width = statement.key_end - statement.key_start
    equals = document.text.index("=", statement.key_end)
    # One that was out of its column before stays where it is.
    if not growth or equals - statement.key_start != column:
        return []
    return [Splice(statement.key_end, equals, " " * max(1, column - width - growth))]
