"""Inline expansion: inline values are opened where another version has headers."""

from __future__ import annotations

from sessionctl.core.merge.structure.unit_merge import comment_beside
from sessionctl.core.problem import Span
from sessionctl.core.toml.parse.inline_value import comments_in, read_array, read_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from sessionctl.core.merge.structure.skeleton import Ident, Skeleton, Unit, UnitBlock


def expand_inline(skeleton: Skeleton, others: tuple[Skeleton, ...], base: Skeleton) -> str | None:
    """Return the text with inline tables and arrays opened that others spell with headers.

    ``a = { b = 1 }`` becomes ``a.b = 1``; ``a = [{ b = 1 }]`` becomes ``[[a]]`` with
    ``b = 1``. None when there is nothing to open.
    """
    text = skeleton.document.text
    parts: list[str] = []
    position = 0
    for block in skeleton.blocks:
        behind: list[str] = []
        for unit in block.units:
            statement = unit.statement
            if statement is None or text[statement.value_start] not in "{[":
                continue
            if not any(
                unit.ident in other.tables and unit.ident not in other.units for other in others
            ):
                continue
            headers = _new_headers(unit.ident, base, others)
            beside = {comment_beside(header) for header in headers}
            opened = _open_table(text, unit, beside) or _open_array(text, block, unit, others)
            if opened is None:
                continue
            lines, items = opened
            parts += [text[position : unit.start], lines]
            behind.append(items)
            position = statement.end
        # Headers may only stand behind the last key of a section, or the keys below would become
        # keys of the new items.
        if any(behind):
            last = block.units[-1]
            end = last.statement.end if last.statement else last.start + len(last.body)
            if end > position:
                parts.append(text[position:end])
                position = end
            if not parts[-1].endswith("\n") and parts[-1]:
                parts.append("\n")
            parts += behind
    if not parts:
        return None
    return "".join([*parts, text[position:]])


def _open_table(text: str, unit: Unit, beside: Collection[str]) -> tuple[str, str] | None:
    statement = unit.statement
    assert statement is not None
    if text[statement.value_start] != "{":
        return None
    entries = read_table(text, Span(statement.value_start, statement.value_end)).entries
    # An empty inline table has no dotted key to become; it is merged as the value it is.
    if not entries:
        return None
    prefix = text[unit.start : statement.key_end]
    suffix = text[statement.value_end : statement.end]
    if not suffix.endswith("\n"):
        suffix += "\n"
    lines = []
    # The comment beside the table goes to its first key: one copy, on the line it stood on. None
    # where a new header has it
    # (a_comment_beside_a_table_is_written_once_where_the_other_side_gives_it_a_header).
    if suffix.strip() and suffix.strip() in beside:
        suffix = "\n"
    for entry in entries:
        key = text[entry.key.start : entry.key.end]
        value = text[entry.value.start : entry.value.end]
        lines.append(f"{prefix}.{key} = {value}{suffix}")
        suffix = "\n"
    return "".join(lines), ""


def _open_array(
    text: str, block: UnitBlock, unit: Unit, others: tuple[Skeleton, ...]
) -> tuple[str, str] | None:
    statement = unit.statement
    assert statement is not None
    if text[statement.value_start] != "[" or not any(_has_items(o, unit.ident) for o in others):
        return None
    span = Span(statement.value_start, statement.value_end)
    items = read_array(text, span).items
    if not items or any(text[item.start] != "{" for item in items):
        return None
    key = text[statement.key_start : statement.key_end]
    if block.header is not None:
        header = block.header.statement
        assert header is not None
        key = f"{text[header.key_start : header.key_end]}.{key}"
    lines: list[str] = []
    position = span.start
    for item in items:
        # A comment above an item, or behind the one before it, goes above its header.
        comments = comments_in(text, Span(position, item.start))
        lines += ["\n", *(f"{comment}\n" for comment in comments), f"[[{key}]]\n"]
        lines += [
            text[entry.key.start : entry.value.end] + "\n"
            for entry in read_table(text, item).entries
        ]
        position = item.end
    rest = comments_in(text, Span(position, statement.end))
    return "", "".join([*lines, *(f"{comment}\n" for comment in rest)])


def _new_headers(ident: Ident, base: Skeleton, others: tuple[Skeleton, ...]) -> list[Unit]:
    """Return the headers of a table in ``others``, if base has none: those stay."""
    if ident in base.by_ident:
        return []
    blocks = [other.by_ident.get(ident) for other in others]
    return [block.header for block in blocks if block and block.header]


def _has_items(skeleton: Skeleton, ident: Ident) -> bool:
    size = len(ident)
    return any(
        len(other) > size and other[:size] == ident and isinstance(other[size], int)
        for other in skeleton.by_ident
    )
