"""Where a new key or item goes, and what it looks like there."""

from __future__ import annotations

from sessionctl.core.keypath import render_key
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.text.lines import line_end
from sessionctl.core.toml.edit.inline_entries import insert_entry
from sessionctl.core.toml.edit.node_statements import (
    dotted_text,
    header_text,
    last_of_section,
    statements_of,
)
from sessionctl.core.toml.parse.comments import lead_start, statement_start, tail_end
from sessionctl.core.toml.parse.statement import KEY
from sessionctl.core.toml.parse.tree import ROOT, ArrayNode, Leaf, TableNode, is_inside_value
from sessionctl.core.toml.write.neighbour_style import (
    equals_column,
    indent_at,
    newline_at,
    style_near,
    table_keys,
)
from sessionctl.core.toml.write.section_writer import (
    NO_COMMENTS,
    Comments,
    SectionWriter,
    key_lines,
)
from sessionctl.core.toml.write.splice import CannotPlaceError, Splice, put_lines
from sessionctl.core.toml.write.table_form import HEADERS
from sessionctl.core.toml.write.value_writer import render_pair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.write.value_writer import ValueStyle
    from sessionctl.core.values import Value


class Spot(NamedTuple):
    """Next to which key of its table a new key goes; without one, behind the last."""

    near: str | None = None
    is_before: bool = False


LAST = Spot()

# Fewer keys than these may be in order by chance.
_MIN_SORTED = 4


def place_key(
    document: DocumentText,
    parent: TableNode,
    key: str,
    value: Value,
    form: str,
    spot: Spot = LAST,
    comments: Comments = NO_COMMENTS,
) -> list[Splice]:
    """Return the splices that add ``key`` to the table ``parent`` in the spelling ``form``.

    Raises:
      CannotPlaceError: the spelling is not possible here.
    """
    if is_inside_value(parent):
        if comments != NO_COMMENTS:
            raise CannotPlaceError("an inline table has no comments")
        return [insert_entry(document, parent, key, value, spot.near, before=spot.is_before)]
    if form == HEADERS:
        return [_place_sections(document, parent, key, value, spot, comments)]
    lines = key_lines(render_key(key), value, form)
    # Only [a.b] is written, and a gets a key: a header [a] above it, where readers look for what a
    # has, rather than a dotted line at the top of the file.
    if parent.section is None and not parent.statements:
        return [_place_super_table(document, parent, {key: value}, comments)]
    return [_place_lines(document, parent, lines, spot, comments)]


def place_items(
    document: DocumentText, array: ArrayNode, index: int, values: list[Value]
) -> list[Splice]:
    """Return the splices that put tables before item ``index`` of ``[[array]]``, or last."""
    header = header_text(document, array.items[0])
    if index < len(array.items):
        first = statements_of(document, array.items[index])[0]
        offset, follows = lead_start(document, first), True
    else:
        first = _last_statement(document, array.items[-1])
        offset, follows = _behind(document, first), False
    sections = SectionWriter(document, first)
    # The layout is that of the items there are, whatever their number.
    keys = document.statements[statements_of(document, array.items[0])[0]].keys
    lines = sections.render(header, keys, values)
    blank = sections.blank_lines(keys)
    return [put_lines(document.text, offset, lines, blank=blank, follows=follows)]


def _last_statement(document: DocumentText, table: TableNode) -> int:
    return last_of_section(document, statements_of(document, table)[-1])


def _behind(document: DocumentText, index: int) -> int:
    """Return where new sections go behind the section that ends with a statement."""
    # Comments that close the file stay above what is added; elsewhere only those directly below
    # the last key, such as a key that was commented out.
    if index == len(document.statements) - 1:
        return len(document.text)
    end = tail_end(document, index)
    return end if end > document.statements[index].end else _indented_end(document, index)


def _indented_end(document: DocumentText, index: int) -> int:
    """Return where the comments end that stand between two sections and are of the one above.

    Without a blank line on either side the indent decides: that of a pane, above the header of
    the next window, is not about the window.
    """
    text, end = document.text, document.statements[index].end
    limit = statement_start(document, index + 1)
    above = indent_at(text, document.statements[index].key_start)
    below = indent_at(text, document.statements[index + 1].key_start)
    while end < limit and len(above) > len(below):
        line = text[end : line_end(text, end)]
        if not line.startswith(above) or not line.lstrip(" \t").startswith("#"):
            break
        end += len(line)
    return end


# -- key lines -----------------------------------------------------------------------------


def _place_lines(
    document: DocumentText,
    parent: TableNode,
    lines: list[tuple[str, Value]],
    spot: Spot,
    comments: Comments,
) -> Splice:
    text, statements = document.text, document.statements
    keys = table_keys(document, parent)
    if spot.near is None:
        spot = _sorted_spot(document, parent, lines[0][0])
    offset, at = _line_spot(document, parent, keys, spot)
    blank = 0
    if keys:
        near = keys[at]
        indent = indent_at(text, statements[near].key_start)
        prefix = "" if parent.section is not None else dotted_text(document, parent, near) + "."
        style = style_near(document, near, (*keys[max(0, at - 12) : at], near))
        style = style._replace(indent=indent, equals_column=equals_column(document, keys, at))
    else:
        prefix = ""
        style = _first_key_style(document, parent)
        # The first key of the document stands apart from the comment or header it is put above.
        blank = 1 if parent.spelling == ROOT else 0
    style = style._replace(newline=newline_at(text, offset))
    block = comments.lead + lines_text(prefix, lines, style, comments.trail)
    return put_lines(text, offset, block, blank=blank, follows=bool(blank))


def lines_text(
    prefix: str, lines: list[tuple[str, Value]], style: ValueStyle, trail: str = ""
) -> str:
    """Return key lines with their line ends; ``trail`` stands behind the first."""
    texts = [render_pair(prefix + key, value, style) for key, value in lines]
    texts[0] += trail
    return "".join(each + style.newline for each in texts)


def _first_key_style(document: DocumentText, parent: TableNode) -> ValueStyle:
    assert parent.section is not None
    header = document.tree.sections[parent.section].header
    if header is None:
        return style_near(document, 0)
    layout = SectionWriter(document, header).layout(document.statements[header].keys)
    return layout.style._replace(indent=layout.key_indent)


def _line_spot(
    document: DocumentText, parent: TableNode, keys: Sequence[int], spot: Spot
) -> tuple[int, int]:
    """Return the offset of new key lines in a table, and which of ``keys`` they stand by."""
    statements = document.statements
    if spot.near in parent.children:
        beside = statements_of(document, parent.children[spot.near])
        index = beside[0] if spot.is_before else beside[-1]
        # Not next to a header: below it the key would belong to that table.
        if index in keys:
            offset = lead_start(document, index) if spot.is_before else statements[index].end
            return offset, keys.index(index)
    if keys:
        return statements[keys[-1]].end, len(keys) - 1
    assert parent.section is not None
    header = document.tree.sections[parent.section].header
    # Right below the header: comments further down are keys that were commented out, or are
    # about the next table.
    if header is not None:
        return statements[header].end, 0
    return (lead_start(document, 0) if statements else len(document.text)), 0


def _sorted_spot(document: DocumentText, parent: TableNode, key: str) -> Spot:
    """Return the place of a new key in a map that is sorted, as dependencies often are.

    A map is a table of texts and inline tables: what has numbers or lists in it, such as a server
    with a host and a port, is in order by chance.
    """
    names = list(parent.children)
    if len(names) < _MIN_SORTED or parent.spelling == ROOT:
        return LAST
    for child in parent.children.values():
        if not isinstance(child, Leaf) or document.text[child.span.start] not in "\"'{":
            return LAST
    sortable = [name.casefold() for name in names]
    if sortable != sorted(sortable):
        return LAST
    behind = next((name for name in names if name.casefold() > key.casefold()), None)
    return LAST if behind is None else Spot(behind, is_before=True)


# -- sections ------------------------------------------------------------------------------


def _place_sections(
    document: DocumentText,
    parent: TableNode,
    key: str,
    value: Value,
    spot: Spot,
    comments: Comments,
) -> Splice:
    header = f"{header_text(document, parent)}.{render_key(key)}".removeprefix(".")
    keys = (*keys_of(parent), key)
    offset, index, follows = _section_spot(document, parent, spot)
    sections = SectionWriter(document, index)
    block = sections.render(header, keys, value, comments)
    blank = sections.blank_lines(keys)
    return put_lines(document.text, offset, block, blank=blank, follows=follows)


def keys_of(table: TableNode) -> tuple[str, ...]:
    """Return the keys that lead to ``table``, as a header has them."""
    keys: list[str] = []
    node: TableNode | ArrayNode | None = table
    while node is not None and node.parent is not None:
        if isinstance(node.key, str):
            keys.append(node.key)
        assert isinstance(node.parent, TableNode | ArrayNode)
        node = node.parent
    return tuple(reversed(keys))


def _section_spot(document: DocumentText, parent: TableNode, spot: Spot) -> tuple[int, int, bool]:
    if spot.near in parent.children:
        beside = statements_of(document, parent.children[spot.near])
        # Not next to a plain key: the header would take over all keys below it.
        if document.statements[beside[0]].kind != KEY:
            if spot.is_before:
                return lead_start(document, beside[0]), beside[0], True
            last = last_of_section(document, beside[-1])
            return _behind(document, last), last, False
    if parent.spelling == ROOT:
        return len(document.text), len(document.statements), False
    last = _last_statement(document, parent)
    return _behind(document, last), last, False


def _place_super_table(
    document: DocumentText, parent: TableNode, value: Value, comments: Comments
) -> Splice:
    """Write the header of a table of which so far only sub-tables are written."""
    first = statements_of(document, parent)[0]
    sections = SectionWriter(document, first)
    keys = keys_of(parent)
    block = sections.render(header_text(document, parent), keys, value, comments)
    blank = sections.blank_lines(document.statements[first].keys)
    offset = lead_start(document, first)
    return put_lines(document.text, offset, block, blank=blank, follows=True)
