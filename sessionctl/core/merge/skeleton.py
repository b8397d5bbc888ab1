"""A document as units: its text cut, without rest, at statements and free comments."""

from __future__ import annotations

from sessionctl.core.lines import split_lines
from sessionctl.core.toml.parser import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.document import Document
    from sessionctl.core.toml.parser import Statement
    from sessionctl.core.toml.tree import Node, TableNode
    from sessionctl.core.values import Table, Value

    # Keys, and for an item of an array of tables a number the three versions share.
    Ident = tuple[str | int, ...]


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


class Block:
    """A header and the units below it; the first block of a document has no header.

    ``keys`` are those of the header, ``value`` is the table it opens.
    """

    __slots__ = ("header", "ident", "keys", "units", "value")

    def __init__(
        self, ident: Ident, header: Unit | None, keys: tuple[str, ...], value: Table
    ) -> None:
        self.ident = ident
        self.header = header
        self.keys = keys
        self.value = value
        self.units: list[Unit] = []

    @property
    def text(self) -> str:
        """The text of the block."""
        units = self.units if self.header is None else [self.header, *self.units]
        return "".join(unit.lead + unit.body for unit in units)


class Skeleton:
    """The blocks of a document and what finds them by identity.

    ``tail`` is the blank rest after the last unit; ``start`` a byte order mark.
    """

    __slots__ = ("blocks", "by_ident", "document", "start", "tables", "tail", "units")

    def __init__(self, document: Document, idents: dict[int, Ident]) -> None:
        self.document = document
        self.blocks: list[Block] = []
        self.by_ident: dict[Ident, Block] = {}
        self.units: dict[Ident, Unit] = {}
        self.start = "\ufeff" if document.text.startswith("\ufeff") else ""
        self.tail = ""
        self._cut(document, idents)
        self.tables = self._tables()
        """The identity of every key and table that the document has."""

    def _cut(self, document: Document, idents: dict[int, Ident]) -> None:
        text = document.text
        position = len(self.start)
        block = self._open(Block((), None, (), document.value))
        sections = iter(document.tree.sections[1:])
        for statement in document.statements:
            start = text.rfind("\n", 0, min(statement.key_start, statement.value_start)) + 1
            start = max(start, len(self.start))
            lead = self._free_comments(block, text[position:start], position)
            body = text[start : statement.end]
            position = statement.end
            if statement.kind == KEY:
                unit = Unit(block.ident + statement.keys, lead, body, start, statement)
                unit.section = block.ident
                block.units.append(unit)
                self.units[unit.ident] = unit
            else:
                section = next(sections)
                ident = idents[id(section.table)]
                header = Unit(ident, lead, body, start, statement)
                value = value_of(document, section.table)
                block = self._open(Block(ident, header, statement.keys, value))
        self.tail = self._free_comments(block, text[position:], position, is_end=True)

    def _open(self, block: Block) -> Block:
        self.blocks.append(block)
        self.by_ident[block.ident] = block
        return block

    def _tables(self) -> set[Ident]:
        found: set[Ident] = set()
        for block in self.blocks:
            ident = block.ident
            while ident not in found:
                found.add(ident)
                ident = ident[:-1]
            for unit in block.units:
                ident = unit.ident
                if unit.statement is not None:
                    while ident not in found:
                        found.add(ident)
                        ident = ident[:-1]
        return found

    def _free_comments(self, block: Block, gap: str, start: int, *, is_end: bool = False) -> str:
        """Move the free comments of ``gap`` into ``block`` and return what is left of it."""
        if "#" not in gap:
            return gap
        lead: list[str] = []
        comments: list[str] = []
        position = start
        for line in split_lines(gap):
            if line.strip():
                comments.append(line)
                continue
            if comments:
                self._free_comment(block, "".join(lead), "".join(comments), position)
                lead, comments = [], []
            lead.append(line)
            position += len(line)
        if is_end and comments:
            self._free_comment(block, "".join(lead), "".join(comments), position)
            return ""
        return "".join(lead + comments)

    def _free_comment(self, block: Block, lead: str, body: str, start: int) -> None:
        name = "\n".join(line.strip() for line in body.strip().split("\n"))
        number = 0
        ident: Ident = (*block.ident, "#", name, number)
        while ident in self.units:
            number += 1
            ident = (*block.ident, "#", name, number)
        unit = Unit(ident, lead, body, start, None)
        unit.section = block.ident
        block.units.append(unit)
        self.units[ident] = unit


def value_of(document: Document, table: TableNode) -> Table:
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
