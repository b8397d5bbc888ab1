"""Skeleton: the text of a document cut into units, at statements and free comments."""

from __future__ import annotations

from sessionctl.core.text.lines import split_lines
from sessionctl.core.toml.parse.packed_statements import header_indexes
from sessionctl.core.toml.parse.statement import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.statement import Statement
    from sessionctl.core.values import Table

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

    It is ``document.text[start:end]``; ``first:last`` are its statements, the one at ``first``
    that of the header. ``value`` is the table it opens. ``header`` and ``units`` are there once
    the block is cut.
    """

    # A large document has thousands of blocks, nearly all of them alike in all versions: what is
    # not needed before a block is cut is not made before.
    __slots__ = (
        "document", "end", "first", "header", "ident", "is_cut", "last", "start", "units", "value",
    )  # fmt: skip

    def __init__(
        self, document: DocumentText, ident: Ident, start: int, first: int, value: Table
    ) -> None:
        self.document = document
        self.ident = ident
        self.start = self.end = start
        self.first = self.last = first
        self.value = value
        self.header: Unit | None = None
        self.units: Sequence[Unit] = ()
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

    def __init__(
        self, document: DocumentText, idents: Sequence[Ident], values: Sequence[Table]
    ) -> None:
        """Find the blocks of ``document``: ``idents`` and ``values`` are those of its sections."""
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
        self._find_blocks(document, idents, values)

    def _find_blocks(
        self, document: DocumentText, idents: Sequence[Ident], values: Sequence[Table]
    ) -> None:
        text, statements = document.text, document.statements
        block = UnitBlock(document, (), len(self.start), 0, document.value)
        for section, index in enumerate(header_indexes(statements), 1):
            position = statements[index - 1].end if index else len(self.start)
            start = _line_start(text, statements[index].value_start, position)
            block.end = start - len(_attached(text[position:start]))
            block.last = index
            self._add(block)
            block = UnitBlock(document, idents[section], block.end, index, values[section])
        position = statements[-1].end if statements else len(self.start)
        self.tail = _blank_tail(text[position:])
        block.end = len(text) - len(self.tail)
        block.last = len(statements)
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
        units: list[Unit] = []
        for statement in document.statements[block.first : block.last]:
            if statement.kind != KEY:
                start = _line_start(text, statement.value_start, position)
                body = text[start : statement.end]
                block.header = Unit(block.ident, text[position:start], body, start, statement)
                position = statement.end
                continue
            start = _line_start(text, statement.key_start, position)
            lead = _attached(text[position:start])
            units += self._free_comments(block, position, start - len(lead))
            body = text[start : statement.end]
            position = statement.end
            unit = Unit(block.ident + statement.keys, lead, body, start, statement)
            unit.section = block.ident
            units.append(unit)
            self.units[unit.ident] = unit
            self._add_table(unit.ident)
        block.units = [*units, *self._free_comments(block, position, block.end)]

    def _free_comments(self, block: UnitBlock, start: int, end: int) -> list[Unit]:
        """Return the comments between two places of ``block``, each with the lines above it."""
        found: list[Unit] = []
        lead = body = ""
        for line in split_lines(self.document.text[start:end]):
            if line.strip():
                body += line
                continue
            if body:
                found.append(self._free_comment(block, lead, body, start))
                start += len(lead) + len(body)
                lead = body = ""
            lead += line
        if body:
            found.append(self._free_comment(block, lead, body, start))
        return found

    def _free_comment(self, block: UnitBlock, lead: str, body: str, start: int) -> Unit:
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
        self.units[ident] = unit
        return unit


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
