"""Inline restoration: tables that were opened for a merge are written inline again."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sessionctl.core.keypath import render_key
from sessionctl.core.toml.parse.tree import DOTTED, TableNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.merge.structure.skeleton import Skeleton
    from sessionctl.core.toml.parse.document_text import DocumentText


class InlinedTable(NamedTuple):
    """A table that one side made an inline one: its keys, and the blank inside its braces."""

    keys: tuple[str, ...]
    edge: str


def inlined_tables(versions: Sequence[Skeleton]) -> list[InlinedTable]:
    """Return the tables that ours or theirs made inline, and the other versions did not."""
    # Only what a side made inline: where base was inline too, the side that opened it has chosen
    # (a_header_table_made_an_inline_table_takes_the_edit_of_the_other_side).
    base, *sides = versions
    found = []
    for side, other in zip(sides, reversed(sides), strict=True):
        text = side.document.text
        for ident, unit in side.units.items():
            if unit.statement is None or not text.startswith("{", unit.statement.value_start):
                continue
            keys = tuple(part for part in ident if isinstance(part, str))
            if len(keys) == len(ident) and base.has_table(ident) and other.has_table(ident):
                edge = text[unit.statement.value_start + 1]
                found.append(InlinedTable(keys, " " if edge in " \t" else ""))
    return found


def restore_inline(document: DocumentText, table: InlinedTable) -> str | None:
    """Return the text with the dotted keys of ``table`` put into one inline table.

    None where they are not dotted keys on lines that follow each other, or where a
    comment has no place in one line.
    """
    node = document.node(table.keys) if table.keys in document else None
    if not isinstance(node, TableNode) or node.spelling != DOTTED:
        return None
    text = document.text
    statements = [document.statements[index] for index in node.statements]
    first, last = statements[0], statements[-1]
    follows = all(text[a.end : b.key_start].strip(" \t") == "" for a, b in pairwise(statements))
    beside = [text[one.value_end : one.end] for one in statements]
    # TOML 1.0 has no line ends inside an inline table; what needs several lines stays open, and so
    # does what has a comment between, which would have to leave its key.
    if not follows or any("\n" in text[one.value_start : one.value_end] for one in statements):
        return None
    if any("#" in comment for comment in beside[1:]):
        return None
    depth = _depth(node)
    entries = ", ".join(
        f"{'.'.join(map(render_key, one.keys[depth:]))} = {text[one.value_start : one.value_end]}"
        for one in statements
    )
    key = ".".join(map(render_key, first.keys[:depth]))
    inline = f"{key} = {{{table.edge}{entries}{table.edge}}}{beside[0]}"
    return text[: first.key_start] + inline + text[last.end :]


def _depth(table: TableNode) -> int:
    """Return how many keys of a dotted key name ``table``."""
    depth = 0
    node: object = table
    while isinstance(node, TableNode) and node.spelling == DOTTED:
        depth += 1
        node = node.parent
    return depth
