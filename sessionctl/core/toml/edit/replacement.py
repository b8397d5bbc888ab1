"""Another value where one stands: the key keeps its place and its comments."""

from __future__ import annotations

from sessionctl.core.toml.edit.deletion import replace_lines
from sessionctl.core.toml.edit.inline_entries import replace_entries, replace_value
from sessionctl.core.toml.edit.insertion import keys_of, lines_text
from sessionctl.core.toml.edit.node_statements import (
    extents,
    header_text,
    key_text,
    section_at,
    statements_of,
)
from sessionctl.core.toml.parse.comments import statement_start, trailing_comment
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.parse.tree import (
    INLINE,
    ITEM,
    ArrayNode,
    Leaf,
    ListNode,
    TableNode,
    depth_of,
    is_inside_value,
)
from sessionctl.core.toml.write.neighbour_style import indent_at, newline_at, style_near
from sessionctl.core.toml.write.section_writer import Comments, SectionWriter, key_lines
from sessionctl.core.toml.write.splice import CannotPlaceError, Splice, cut_lines
from sessionctl.core.toml.write.table_form import HEADERS, VALUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Node
    from sessionctl.core.values import Value


def in_place(document: DocumentText, node: Node, value: Value, form: str) -> list[Splice]:
    """Return the splices that write ``value`` where ``node`` is written first.

    Raises:
      CannotPlaceError: that spelling cannot stand there.
    """
    if isinstance(node, TableNode) and node.value is not None and node.spelling != INLINE:
        return replace_entries(document, node, value)
    if isinstance(node, Leaf | ListNode) or (isinstance(node, TableNode) and is_inside_value(node)):
        is_inside = node.entry is not None or isinstance(node.key, int)
        if is_inside or form == VALUE:
            return [replace_value(document, node, value)]
    first = statements_of(document, node)[0]
    if document.statements[first].kind != KEY:
        # Below the header of another table the key would belong to that; the other way round the
        # header would take over the keys below it.
        if form != HEADERS:
            raise CannotPlaceError("a key line cannot replace a header")
        assert isinstance(node, TableNode | ArrayNode)
        lines = _sections(document, node, first, value)
    elif form == HEADERS:
        raise CannotPlaceError("a header cannot replace a key line")
    else:
        lines = _key_lines(document, node, first, value, form)
    return _instead(document, node, lines)


def _instead(document: DocumentText, node: Node, lines: str) -> list[Splice]:
    found = extents(document, statements_of(document, node))
    _, end, first = found[0]
    start = statement_start(document, first)
    # A table may be written in several places, as a.x and a.y with b between: the first is kept.
    rest = [cut_lines(document.text, start, end) for start, end, _ in found[1:]]
    return [replace_lines(document, start, end, lines), *rest]


def _sections(document: DocumentText, node: TableNode | ArrayNode, first: int, value: Value) -> str:
    comments = Comments("", trailing_comment(document, first))
    table = node.items[0] if isinstance(node, ArrayNode) else node
    header = header_text(document, table)
    keys = keys_of(table)
    sections = SectionWriter(document, first)
    if isinstance(node, TableNode) and node.spelling == ITEM:
        return sections.render_item(header, keys, value, comments)
    return sections.render(header, keys, value, comments)


def _key_lines(document: DocumentText, node: Node, first: int, value: Value, form: str) -> str:
    text = document.text
    count = depth_of(node) - depth_of(section_at(document, first).table)
    start = statement_start(document, first)
    style = style_near(document, first, [first])._replace(
        indent=indent_at(text, start), newline=newline_at(text, start)
    )
    lines = key_lines(key_text(document, first, count), value, form)
    return lines_text("", lines, style, trailing_comment(document, first))
