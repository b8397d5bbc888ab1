"""Edits inside an array written as a value: its elements, their commas and comments.

A comment belongs to the element alone on its line, or to the element right below.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import late
from sessionctl.core.text.lines import line_end, line_start
from sessionctl.core.toml.parse.comments import blank_after, blank_before, comment_block_start
from sessionctl.core.toml.write.neighbour_style import indent_at, observe, style_near
from sessionctl.core.toml.write.splice import CannotPlaceError, Splice
from sessionctl.core.toml.write.value_writer import join_items, render_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import ListNode
    from sessionctl.core.toml.write.value_writer import ValueStyle
    from sessionctl.core.values import Value

_REST = late(r"[ \t]*(?:#[^\n]*?)?(?=\r?\n)")


class ArrayElement(NamedTuple):
    """An element as text, with the comment lines above it and the comment behind it."""

    text: str
    lead: str = ""
    trail: str = ""


def insert_item(document: DocumentText, node: ListNode, index: int, value: Value) -> list[Splice]:
    """Return the splices that make ``value`` the item ``index`` of an array."""
    style = array_style(document, node)
    return put_item(document, node, index, ArrayElement(render_line(value, style)))


def put_item(
    document: DocumentText, node: ListNode, index: int, item: ArrayElement
) -> list[Splice]:
    """Return the splices that make ``item`` the item ``index`` of an array.

    Raises:
      CannotPlaceError: it has comments, and would not have a line of its own.
    """
    text, (span, items, commas) = document.text, node.value
    style = array_style(document, node)
    # The first item shares its line with the bracket, so only the others begin with a comma.
    if index > 0 and _leads_with_comma(text, node):
        return [_put_comma_line(text, node, index, item, style)]
    # Put beside an item, one would get the comment above that.
    if index < len(items) and (
        _has_own_line(text, node, index) or _has_comment_above(text, node, index)
    ):
        start = _lead_start(text, node, index)
        return [Splice(start, start, _line(item, indent_at(text, items[index].start), ",", style))]
    # Empty, but with lines: a comment that says why it is empty must not be written over.
    if not items and _has_lines(text[span.start : span.end]):
        return [_first_item(text, span, item, style)]
    if items and index == len(items) and _has_own_line(text, node, index - 1):
        return _append_line(text, node, item, style)
    if item.lead or item.trail:
        raise CannotPlaceError("there is no line for the comments of the element")
    if not items:
        pad = style.array_pad
        return [Splice(span.start, span.end, f"[{pad}{item.text}{pad}]")]
    if index < len(items):
        start = items[index].start
        return [Splice(start, start, item.text + style.comma)]
    # [1, 2,] has a comma behind the last item and keeps one there.
    if len(commas) == len(items):
        end = commas[-1] + 1
        return [Splice(end, end, f"{style.comma[1:]}{item.text},")]
    end = items[-1].end
    return [Splice(end, end, style.comma + item.text)]


def rewrite_items(
    document: DocumentText, node: ListNode, values: list[Value], origins: dict[int, int]
) -> Splice:
    """Return the splice that writes an array anew, in its layout.

    ``origins`` tells which values are items of it already; these keep their text.
    """
    text, (span, items, _) = document.text, node.value
    style = array_style(document, node)
    texts = [
        text[slice(*items[origins[j]])] if j in origins else render_line(value, style)
        for j, value in enumerate(values)
    ]
    # What stood in one line stays in one, however long it gets; join_items would break it.
    if items and not style.array_lines:
        pad = style.array_pad
        return Splice(span.start, span.end, f"[{pad}{style.comma.join(texts)}{pad}]")
    return Splice(span.start, span.end, join_items(texts, style))


def item_text(document: DocumentText, node: ListNode, index: int) -> ArrayElement:
    """Return an item as it is written, with the comments that are its own.

    Raises:
      CannotPlaceError: it has comments, but no line of its own.
    """
    text, (_, items, commas) = document.text, node.value
    span = items[index]
    item = ArrayElement(text[span.start : span.end])
    if _has_own_line(text, node, index):
        start, end, first = _lead_start(text, node, index), _end(node, index), span.start
    elif index > 0 and _leads_with_comma(text, node):
        first, end = commas[index - 1], span.end
        start = comment_block_start(text, line_start(text, first), items[index - 1].end)
    elif _touches_comment(text, node, index):
        raise CannotPlaceError("the comments of the element are not on lines of its own")
    else:
        return item
    rest = _REST.match(text, end)
    assert rest is not None
    return item._replace(lead=text[start : line_start(text, first)], trail=rest[0])


def remove_item(document: DocumentText, node: ListNode, index: int) -> list[Splice]:
    """Return the splices that take item ``index`` out, with the comments that are its own."""
    text, (span, items, commas) = document.text, node.value
    item, end = items[index], _end(node, index)
    # The padding and the trailing comma go with the only item: [ 1, ] becomes [].
    if len(items) == 1 and not _has_lines(text[span.start + 1 : item.start] + text[end : span.end]):
        return [Splice(span.start, span.end, "[]")]
    if index > 0 and _starts_line(text, commas[index - 1]):
        return _cut_comma_line(text, node, index)
    splices: list[Splice] = []
    # Behind the new last item stands a comma only if one stood behind the old: [1, 2] becomes [1],
    # [1, 2,] becomes [1,]. A comma on a line above goes alone: a comment may stand behind it.
    if index == len(items) - 1 and index > 0:
        comma = commas[index - 1]
        if not _has_lines(text[comma : item.start]):
            keeps_comma = end > item.end
            return [Splice(comma + keeps_comma, end, "")]
        if end == item.end:
            splices.append(_cut(text, span, comma, comma + 1))
    if _has_own_line(text, node, index):
        return [*splices, _cut_item_lines(text, node, index)]
    # The next item stands in the same line: everything up to it goes, [1, 2, 3] becomes [1, 3].
    if index + 1 < len(items) and text.count("\n", item.end, items[index + 1].start) <= (
        _has_lines(text[item.end : end])
    ):
        return [Splice(item.start, items[index + 1].start, "")]
    # The comma is on a line of its own, and a comment may stand between: each is cut alone.
    if _has_lines(text[item.end : end]):
        return [*splices, _cut_in_line(text, span, item, item.end), _cut(text, span, end - 1, end)]
    return [*splices, _cut_in_line(text, span, item, end)]


# -- where elements stand ------------------------------------------------------------------


def _end(node: ListNode, index: int) -> int:
    """Return the offset behind an item and its comma."""
    _, items, commas = node.value
    return commas[index] + 1 if index < len(commas) else items[index].end


def _has_lines(filler: str) -> bool:
    return "\n" in filler


def _starts_line(text: str, offset: int) -> bool:
    return not text[line_start(text, offset) : offset].strip(" \t")


def _has_own_line(text: str, node: ListNode, index: int) -> bool:
    """Return whether an item and its comma are alone on their lines, but for a comment."""
    item, end = node.value.items[index], _end(node, index)
    rest = _REST.match(text, end)
    is_last = rest is not None and rest.end() < node.value.span.end
    return is_last and _starts_line(text, item.start) and not _has_lines(text[item.end : end])


def _has_comment_above(text: str, node: ListNode, index: int) -> bool:
    start = node.value.items[index].start
    above = _lead_start(text, node, index)
    # In the line of the bracket, or of the item before, no line begins.
    is_line = above > node.value.span.start and "\n" in text[_item_above(node, index) : above]
    return is_line and _starts_line(text, start) and above < line_start(text, start)


def _item_above(node: ListNode, index: int) -> int:
    return _end(node, index - 1) if index else node.value.span.start


def _touches_comment(text: str, node: ListNode, index: int) -> bool:
    """Return whether a comment is behind an item or its comma, or in the line above it."""
    span, items, _ = node.value
    item, end = items[index], _end(node, index)
    start = items[index - 1].end if index else span.start
    above = "".join(text[start : item.start].split("\n")[1:][-2:])
    until = items[index + 1].start if index + 1 < len(items) else span.end
    return "#" in above + text[item.end : end] + text[end:until].partition("\n")[0]


def _leads_with_comma(text: str, node: ListNode) -> bool:
    """Return whether the lines of an array start with the comma, all of them."""
    span, items, commas = node.value
    pairs = list(zip(commas, items[1:], strict=False))
    return (
        bool(pairs)
        and len(commas) < len(items)
        and all(_starts_line(text, comma) for comma in commas)
        and not any(_has_lines(text[comma : item.start]) for comma, item in pairs)
        and _has_lines(text[items[-1].end : span.end])
    )


def _lead_start(text: str, node: ListNode, index: int) -> int:
    """Return where the comment lines directly above an item begin."""
    items = node.value.items
    limit = items[index - 1].end if index else node.value.span.start
    return comment_block_start(text, line_start(text, items[index].start), limit)


def array_style(document: DocumentText, node: ListNode) -> ValueStyle:
    """Return the style of an array's items: its own, then that of what is around."""
    assert node.statement is not None
    span = node.value.span
    style = style_near(document, node.statement)
    style = style._replace(indent=indent_at(document.text, span.start))
    for item in node.value.items:
        style = observe(document.text, item, style)
    # The array itself decides over its items, these over what is around. An element never breaks
    # its line: a string of several lines would take the layout apart.
    return observe(document.text, span, style)._replace(long_quote="")


# -- putting in ----------------------------------------------------------------------------


def _line(item: ArrayElement, indent: str, comma: str, style: ValueStyle) -> str:
    return f"{item.lead}{indent}{item.text}{comma}{item.trail}{style.newline}"


def _first_item(text: str, span: Span, item: ArrayElement, style: ValueStyle) -> Splice:
    start = line_start(text, span.end - 1)
    above = text[:start].rstrip("\r\n").rpartition("\n")[2]
    is_comment = above.lstrip(" \t").startswith("#")
    indent = above[: len(above) - len(above.lstrip(" \t"))] if is_comment else ""
    comma = "," if style.last_comma else ""
    line = _line(item, indent or style.indent + style.array_step, comma, style)
    # Parted from a comment that is about the array, not about its first element.
    return Splice(start, start, style.newline + line if is_comment else line)


def _append_line(text: str, node: ListNode, item: ArrayElement, style: ValueStyle) -> list[Splice]:
    _, items, commas = node.value
    end = _end(node, len(items) - 1)
    after = line_end(text, end)
    indent = indent_at(text, items[-1].start)
    # The old last item needs a comma now, before its comment; the new one ends as that one did.
    if len(commas) == len(items):
        return [Splice(after, after, _line(item, indent, ",", style))]
    return [Splice(end, end, ","), Splice(after, after, _line(item, indent, "", style))]


def _put_comma_line(
    text: str, node: ListNode, index: int, item: ArrayElement, style: ValueStyle
) -> Splice:
    _, items, commas = node.value
    last = min(index, len(items) - 1)
    comma = commas[last - 1]
    lead = f"{indent_at(text, comma)},{text[comma + 1 : items[last].start]}"
    line = f"{item.lead}{lead}{item.text}{item.trail}{style.newline}"
    if index == len(items):
        after = line_end(text, items[-1].end)
        return Splice(after, after, line)
    start = comment_block_start(text, line_start(text, comma), items[index - 1].end)
    return Splice(start, start, line)


# -- taking out ----------------------------------------------------------------------------


def _cut_comma_line(text: str, node: ListNode, index: int) -> list[Splice]:
    """Take out an item in a layout that starts its lines with the comma."""
    span, items, commas = node.value
    comma, item = commas[index - 1], items[index]
    rest = _REST.match(text, item.end)
    # The bracket is on this line, or the item on the next: the lines stay, only the two are cut.
    if rest is None or _has_lines(text[comma : item.start]):
        is_alone = index >= len(commas) and _has_own_line(text, node, index)
        cut = _cut_item_lines(text, node, index) if is_alone else _cut(text, span, *item)
        return [_cut(text, span, comma, comma + 1), cut]
    start = comment_block_start(text, line_start(text, comma), items[index - 1].end)
    return [_cut_lines(text, node, index, Span(start, line_end(text, rest.end())))]


def _cut_item_lines(text: str, node: ListNode, index: int) -> Splice:
    lines = Span(_lead_start(text, node, index), line_end(text, _end(node, index)))
    return _cut_lines(text, node, index, lines)


def _cut_lines(text: str, node: ListNode, index: int, lines: Span) -> Splice:
    """Take out the lines of an item, and blank lines that part nothing any more."""
    span, items, _ = node.value
    start, end = lines
    above, below = blank_before(text, start), blank_after(text, end)
    is_first = index == 0 < len(items) - 1 and line_start(text, start - 1) <= span.start
    is_last = index == len(items) - 1 > 0 and line_end(text, below) >= span.end
    if is_last and below == end:
        start = above
    # On both sides they would become one gap twice as wide; those below go.
    elif above < start or is_first:
        end = below
    return Splice(start, end, "")


def _cut(text: str, span: Span, start: int, end: int) -> Splice:
    """Return the splice that takes ``start`` to ``end`` out, and the line if it is empty then."""
    first, behind = line_start(text, start), line_end(text, end)
    if behind > span.end or text[end:behind].strip(" \t\r\n"):
        return Splice(start, end, "")
    if first > span.start and not text[first:start].strip(" \t"):
        return Splice(first, behind, "")
    while text[start - 1] in " \t":
        start -= 1
    return Splice(start, end, "")


def _cut_in_line(text: str, span: Span, item: Span, end: int) -> Splice:
    """Take out an item that shares its line, with a comment which is about it alone."""
    start = item.start
    before = text[max(line_start(text, start), span.start + 1) : start]
    rest = _REST.match(text, end)
    if rest is not None and rest.end() < span.end:
        # `2, # two` alone on its line: the comment goes. In `1, 2, # two` it may be about both.
        if not before.strip(" \t"):
            end = rest.end()
        else:
            start -= len(before) - len(before.rstrip(" \t"))
    return _cut(text, span, start, end)
