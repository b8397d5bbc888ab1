"""Skeleton: the text of a document cut into units, at statements and free comments."""

from __future__ import annotations

from sessionctl.core.text.lines import split_lines
from sessionctl.core.toml.parse.parser import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.statement import Statement
    from sessionctl.core.toml.parse.tree import Node, TableNode
    from sessionctl.core.values import Table, Value

    # Keys, and for an item of an array of tables a number the three versions share.
    Ident = tuple[str | int | None, ...]

COMMENT = None
"""Stands in the identity of a free comment, before its text; no key is None."""


class Unit:
    """A key statement, a header, or a block of comments that stands free.

    ``lead`` is the text above it that belongs to it: blank lines, then comment lines.
    ``body`` is its own lines. Lead and body of all units, in order, are the document.
    """

    __slots__ = ("body", "ident", "lead", "section", "start", "statement")

    def __init__(
        self, ident: Ident, lead: str, body: str, start: int, statement: Statement | None
    ) -> None:
        self.ident = ident
        self.lead = lead
        self.body = body
        self.start = start
        self.statement = statement
        self.section: Ident = ()

    @property
    def comments(self) -> list[str]:
        """The comment lines above the statement, stripped."""
        return [line.strip() for line in self.lead.split("\n") if line.strip()]


class UnitBlock:
    """A header and the units below it; the first block of a document has no header.

    It is ``document.text[start:end]``; ``first:last`` are its key statements. ``keys``
    are those of the header, ``value`` is the table it opens. ``header`` and ``units``
    are there once the block is cut.
    """

    __slots__ = (
        "document", "end", "first", "header", "ident", "is_cut", "keys", "last", "start", "units",
        "value",
    )  # fmt: skip

    def __init__(self, document: DocumentText, ident: Ident, start: int, value: Table) -> None:
        self.document = document
        self.ident = ident
        self.start = start
        self.end = start
        self.first = self.last = 0
        self.keys: tuple[str, ...] = ()
        self.value = value
        self.header: Unit | None = None
        self.units: list[Unit] = []
        self.is_cut = False

    @property
    def text(self) -> str:
        """The text of the block."""
        return self.document.text[self.start : self.end]


class Skeleton:
    """The blocks of a document and what finds them by identity.

    ``tail`` is the blank rest after the last unit; ``start`` a byte order mark.
    """

    __slots__ = (
        "arrays", "blocks", "by_ident", "document", "start", "tables", "tail", "units",
    )  # fmt: skip

    def __init__(self, document: DocumentText, idents: dict[int, Ident]) -> None:
        self.document = document
        self.blocks: list[UnitBlock] = []
        self.by_ident: dict[Ident, UnitBlock] = {}
        self.units: dict[Ident, Unit] = {}
        self.tables: set[Ident] = set()
        """The identity of every table, and of every key of a block that was cut."""
        self.arrays: set[Ident] = set()
        """The identity of every array of tables with headers."""
        self.start = "\ufeff" if document.text.startswith("\ufeff") else ""
        self.tail = ""
        self._find_blocks(document, idents)

    def _find_blocks(self, document: DocumentText, idents: dict[int, Ident]) -> None:
        text = document.text
        block = UnitBlock(document, (), len(self.start), document.value)
        position = len(self.start)
        sections = iter(document.headers.sections[1:])
        for index, statement in enumerate(document.statements):
            if statement.kind != KEY:
                start = _line_start(text, statement.value_start, position)
                block.end = start - len(_attached(text[position:start]))
                block.last = index
                self._add(block)
                table = next(sections).table
                value = value_of(document, table)
                block = UnitBlock(document, idents[id(table)], block.end, value)
                block.keys = statement.keys
                block.first = index + 1
            position = statement.end
        self.tail = _blank_tail(text[position:])
        block.end = len(text) - len(self.tail)
        block.last = len(document.statements)
        self._add(block)

    def _add(self, block: UnitBlock) -> None:
        self.blocks.append(block)
        self.by_ident[block.ident] = block
        self._add_table(block.ident)

    def _add_table(self, ident: Ident) -> None:
        while ident not in self.tables:
            self.tables.add(ident)
            if ident and isinstance(ident[-1], int):
                self.arrays.add(ident[:-1])
            ident = ident[:-1]

    def has_table(self, ident: Ident) -> bool:
        """Return whether there is a table at ``ident``, in any spelling but an inline one."""
        return ident in self.tables and ident not in self.units and ident not in self.arrays

    def cut(self, block: UnitBlock) -> None:
        """Cut a block into its units; nothing is done when it was cut before."""
        if block.is_cut:
            return
        block.is_cut = True
        document, text = block.document, block.document.text
        position = block.start
        if block.first:
            statement = document.statements[block.first - 1]
            start = _line_start(text, statement.value_start, position)
            body = text[start : statement.end]
            block.header = Unit(block.ident, text[position:start], body, start, statement)
            position = statement.end
        for statement in document.statements[block.first : block.last]:
            start = _line_start(text, statement.key_start, position)
            lead = _attached(text[position:start])
            self._free_comments(block, position, start - len(lead))
            body = text[start : statement.end]
            position = statement.end
            unit = Unit(block.ident + statement.keys, lead, body, start, statement)
            unit.section = block.ident
            block.units.append(unit)
            self.units[unit.ident] = unit
            self._add_table(unit.ident)
        self._free_comments(block, position, block.end)

    def _free_comments(self, block: UnitBlock, start: int, end: int) -> None:
        """Add the comments between two places to ``block``, each with the lines above it."""
        lead = body = ""
        for line in split_lines(self.document.text[start:end]):
            if line.strip():
                body += line
                continue
            if body:
                self._free_comment(block, lead, body, start)
                start += len(lead) + len(body)
                lead = body = ""
            lead += line
        if body:
            self._free_comment(block, lead, body, start)

    def _free_comment(self, block: UnitBlock, lead: str, body: str, start: int) -> None:
        name = "\n".join(line.strip() for line in body.strip().split("\n"))
        # Comments are known by what they say, so that one which moved is still the same; a number
        # tells apart those that say the same.
        number = 0
        ident: Ident = (*block.ident, COMMENT, name, number)
        while ident in self.units:
            number += 1
            ident = (*block.ident, COMMENT, name, number)
        unit = Unit(ident, lead, body, start + len(lead), None)
        unit.section = block.ident
        block.units.append(unit)
        self.units[ident] = unit


def cut_where_different(versions: Sequence[Skeleton]) -> set[Ident]:
    """Cut the blocks that are not the same text in all versions; return the others."""
    first, *others = versions
    # Most blocks of a large file are alike in all versions: copied whole, they cost one comparison
    # and their statements are never looked at.
    same = {
        block.ident
        for block in first.blocks
        if all(
            block.ident in other.by_ident and other.by_ident[block.ident].text == block.text
            for other in others
        )
    }
    for version in versions:
        for block in version.blocks:
            if block.ident not in same:
                version.cut(block)
    return same


def _line_start(text: str, offset: int, lowest: int) -> int:
    return max(lowest, text.rfind("\n", lowest, offset) + 1)


def _attached(gap: str) -> str:
    """Return the end of ``gap`` that belongs to what follows: blank lines, then comments."""
    # A comment with a blank line below it stands free: it is about what follows in general, stays
    # when the next key goes, and may have been the header of the file.
    if "#" not in gap:
        return gap
    lines = split_lines(gap)
    count = len(lines)
    while count and lines[count - 1].strip():
        count -= 1
    while count and not lines[count - 1].strip():
        count -= 1
    return "".join(lines[count:])


def _blank_tail(gap: str) -> str:
    """Return the blank lines at the end of ``gap``."""
    lines = split_lines(gap)
    count = len(lines)
    while count and not lines[count - 1].strip():
        count -= 1
    return "".join(lines[count:])


def value_of(document: DocumentText, table: TableNode) -> Table:
    """Return the value of a table of the document's tree."""
    path: list[str | int] = []
    node: Node | None = table
    while node is not None and node.parent is not None:
        path.append(node.key)
        node = node.parent
    value: Value = document.value
    for key in reversed(path):
        value = value[key]  # type: ignore[index]
    assert isinstance(value, dict)
    return value
