"""An array written again with a line for each item, so that each can take its comments along."""

from __future__ import annotations

from sessionctl.core.toml.parse.inline_value import comments_in
from sessionctl.core.toml.write.neighbour_style import indent_at
from sessionctl.core.toml.write.splice import Splice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.inline_value import InlineArray
    from sessionctl.core.toml.write.value_writer import ValueStyle


def in_lines(text: str, array: InlineArray, style: ValueStyle) -> Splice:
    """Return the splice that gives each item of ``array``, which has some, a line of its own.

    Items keep their text, and every comment is kept: one behind an item belongs to it, one in a
    line above to the item below, as everywhere.
    """
    span, items, commas = array
    indent = _indent(text, array, style)
    opening, leads = _split(text[span.start + 1 : items[0].start])
    lines = [f"[{opening}"]
    for index, item in enumerate(items):
        has_comma = index < len(commas)
        follows = index + 1 < len(items)
        end = items[index + 1].start if follows else span.end - 1
        trail, between = _split(text[item.end : commas[index]]) if has_comma else ("", [])
        behind, below = _split(text[commas[index] + 1 if has_comma else item.end : end])
        # `# two` above `, 2` is about the 2; above a comma alone it is about what is before it.
        if follows and not (behind or below):
            below = between
        else:
            leads += [line for line in between if "#" in line]
        # A line has room for one comment.
        if trail and behind:
            leads.append(trail)
        comma = "," if has_comma else ""
        lines += _indented(leads, indent)
        lines.append(f"{indent}{text[slice(*item)]}{comma}{behind or trail}")
        leads = below
    lines += [*_indented(leads, indent), f"{style.indent}]"]
    return Splice(span.start, span.end, style.newline.join(lines))


def has_all_comments(before: str, array: InlineArray, after: str, other: InlineArray) -> bool:
    """Return whether an array in ``after`` has every comment of the one in ``before``."""
    return sorted(comments_in(before, array.span)) == sorted(comments_in(after, other.span))


def _indent(text: str, array: InlineArray, style: ValueStyle) -> str:
    for start, _ in array.items:
        indent = indent_at(text, start)
        if text.endswith(f"\n{indent}", 0, start):
            return indent
    return style.indent + style.array_step


def _indented(lines: list[str], indent: str) -> list[str]:
    """Return comments and blank lines, the comments behind ``indent``."""
    return [indent + line.lstrip(" \t") if "#" in line else line for line in lines]


def _split(gap: str) -> tuple[str, list[str]]:
    """Return the comment that ends the line a gap begins in, and the whole lines below it."""
    first, *rest = gap.replace("\r\n", "\n").split("\n")
    return (first if "#" in first else ""), rest[:-1]
