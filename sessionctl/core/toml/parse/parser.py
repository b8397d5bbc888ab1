"""The parser: TOML 1.0 text to plain values and the list of its statements."""

from __future__ import annotations

from _collections import deque  # type: ignore[import-not-found]

from sessionctl.core.toml.parse import lexer
from sessionctl.core.toml.parse.parse_errors import MAX_DEPTH
from sessionctl.core.toml.parse.statement import ARRAY_TABLE, KEY, TABLE, Statement, StatementMemory
from sessionctl.core.toml.parse.value_reader import ValueReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from sessionctl.core.toml.parse.statement import ParseMemory
    from sessionctl.core.values import Table, Value

__all__ = [
    "ARRAY_TABLE",
    "KEY",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "TABLE",
    "parse",
    "parse_value",
]

MAX_LENGTH = 64 * 1024 * 1024
"""Length of a text, in code points, that is still read."""


def parse(
    text: str, name: str = "", memory: ParseMemory | None = None
) -> tuple[Table, list[Statement]]:
    """Return the value of ``text`` and its statements, in the order of the text.

    The value equals that of ``tomllib.loads`` (a byte order mark is accepted too).
    ``memory`` speeds up the parsing of several versions of one text: statements are
    remembered in it, and versions then share their strings, arrays and inline tables.

    Raises:
      ParseError: the text is not TOML 1.0, is nested deeper than ``MAX_DEPTH`` or is
        longer than ``MAX_LENGTH``.
    """
    parser = _Parser(text, name, memory)
    statements: list[Statement] = []
    parser.statements = statements
    return parser.run(), statements


def parse_value(text: str, memory: ParseMemory | None = None) -> Table:
    """Return the value of ``text``, as ``parse`` does; its statements are not kept.

    Raises:
      ParseError: it is not TOML 1.0.
    """
    parser = _Parser(text, "", memory)
    parser.statements = deque(maxlen=1)  # all that is asked of them is the last one
    return parser.run()


class _Parser(ValueReader):
    """State of one parse; ``defined``, ``frozen`` and ``lists`` hold ids of containers.

    A container is ``defined`` once a header or the dotted keys of a finished section
    made it, ``frozen`` when it was written as an inline value; ``lists`` are arrays of
    tables. The rules are those of tomllib's flags.
    """

    def __init__(self, text: str, name: str, memory: ParseMemory | None) -> None:
        super().__init__(text, name)
        self.memory = memory
        self.names: dict[str, tuple[str, ...]] = {} if memory is None else memory.names
        self.root: Table = {}
        self.table: Table = self.root
        self.depth = 0
        self.defined: set[int] = set()
        self.pending: list[int] = []
        self.frozen: set[int] = set()
        self.lists: set[int] = set()
        if len(text) > MAX_LENGTH:
            self.fail(0, f"the text is longer than {MAX_LENGTH} characters", rule="limit", length=0)

    def run(self) -> Table:
        text = self.text
        match_statement = lexer.STATEMENT.match
        append = self.statements.append
        position = 1 if text.startswith("\ufeff") else 0
        length = len(text)
        memory = self.memory
        names = self.names
        share = None if memory is None else memory.strings.setdefault
        while position < length:
            match = match_statement(text, position)
            if match is None:
                position = self.careful(position)
                continue
            group = match.lastindex
            assert group is not None
            start, stop = match.span(group)
            end = match.end()
            if group < lexer.GROUP_TABLE:
                key_start, key_end = match.span(1)
                key = match[1]
                keys = names.get(key)
                if keys is None:
                    keys = names[key] = (key,)
                table = self.table
                if key in table:
                    self.duplicate(key_start, key_end, (key,))
                value: Value
                if group <= lexer.GROUP_LITERAL:
                    value = match[group]
                    if share is not None:
                        value = share(value, value)
                    start -= 1
                    stop += 1
                elif group == lexer.GROUP_INTEGER:
                    value = self.word(match[group], start)
                else:
                    value = match[group] == "true"
                table[keys[0]] = value
                append(Statement(KEY, keys, key_start, key_end, start, stop, end))
            else:
                self.plain_header(match, group)
            position = end
        return self.root

    def plain_header(self, match: re.Match[str], group: int) -> None:
        """Add a header that the quick expression covers."""
        name = match[group]
        keys = self.names.get(name)
        if keys is None:
            keys = self.names[name] = tuple(name.split("."))
        start, stop = match.span(group)
        if group == lexer.GROUP_TABLE:
            self.open_table(keys, start, stop)
            header = Statement(TABLE, keys, start, stop, start - 1, stop + 1, match.end())
        else:
            self.open_item(keys, start, stop)
            header = Statement(ARRAY_TABLE, keys, start, stop, start - 2, stop + 2, match.end())
        self.statements.append(header)

    # -- statements the quick expression does not cover ------------------------------

    def careful(self, position: int) -> int:
        """Read the statement after ``position`` and return the offset behind it."""
        text = self.text
        match = lexer.BLANK_LINES.match(text, position)
        assert match is not None
        position = match.end()
        if position == len(text):
            return position
        if text[position] == "#":
            rest = lexer.REST_OF_LINE.match(text, position)
            return rest.end() if rest else self.bad_comment(position)
        if text[position] == "[":
            return self.header(position)
        if text[position] in "<|=>":
            self.refuse_markers(position)
        if self.memory is None:
            self.key_statement(position)
        else:
            line = text[position : text.find("\n", position) + 1]
            known = self.memory.lines.get(line)
            if known is not None and text.startswith(known.text, position):
                self.recall(known, position)
            else:
                value = self.key_statement(position)
                statement = self.statements[-1]
                whole = text[position : statement.end]
                if whole.endswith("\n"):
                    whole = line if whole == line else whole
                    self.memory.lines[line] = StatementMemory(whole, statement, value)
        return self.statements[-1].end

    def key_statement(self, key_start: int) -> Value:
        """Read a key and its value and return the value."""
        quick = lexer.BARE_KEY_EQUALS.match(self.text, key_start)
        if quick is not None:
            key = quick[1]
            known = self.names.get(key)
            keys = self.names[key] = (key,) if known is None else known
            key_end, value_start = quick.end(1), quick.end()
            table = self.table
        else:
            keys, key_end = self.keys(key_start)
            position = self.skip_spaces(key_end)
            if self.text[position : position + 1] != "=":
                self.expected_equals(position, key_start, key_end)
            value_start = self.skip_spaces(position + 1)
            table = self.nest(keys, key_start, key_end)
        value, value_end = self.value(value_start, self.depth + len(keys))
        self.put(table, keys, value, key_start, key_end)
        end = self.end_of_line(value_end, "after the value")
        statement = Statement(KEY, keys, key_start, key_end, value_start, value_end, end)
        self.statements.append(statement)
        return value

    def recall(self, known: StatementMemory, start: int) -> None:
        """Add a statement whose text was read before."""
        key_end = start + known.key_end
        table = self.nest(known.keys, start, key_end)
        self.put(table, known.keys, known.value, start, key_end)
        value_start, value_end = start + known.value_start, start + known.value_end
        end = start + len(known.text)
        self.statements.append(
            Statement(KEY, known.keys, start, key_end, value_start, value_end, end)
        )

    def put(self, table: Table, keys: tuple[str, ...], value: Value, start: int, end: int) -> None:
        if keys[-1] in table:
            self.duplicate(start, end, keys)
        if isinstance(value, dict | list):
            self.frozen.add(id(value))
        table[keys[-1]] = value

    def header(self, position: int) -> int:
        text = self.text
        is_item = text.startswith("[[", position)
        width = 2 if is_item else 1
        key_start = self.skip_spaces(position + width)
        keys, key_end = self.keys(key_start)
        close = self.skip_spaces(key_end)
        if not text.startswith("]" * width, close):
            is_cut = not text[close : close + 1].strip("\r\n#]")
            self.fail(
                close,
                f'expected "{"]" * width}" at the end of the table header',
                hint="" if is_cut else 'quote a key with other characters: ["my key"]',
            )
        if is_item:
            self.open_item(keys, key_start, key_end)
        else:
            self.open_table(keys, key_start, key_end)
        end = self.end_of_line(close + width, "after the table header")
        kind = ARRAY_TABLE if is_item else TABLE
        self.statements.append(
            Statement(kind, keys, key_start, key_end, position, close + width, end)
        )
        return end

    # -- tables ----------------------------------------------------------------------

    def open_table(self, keys: tuple[str, ...], start: int, end: int) -> None:
        self.defined.update(self.pending)
        self.pending.clear()
        parent = self.walk(keys[:-1], keys, start, end)
        found = parent.get(keys[-1])
        if found is None:
            found = parent[keys[-1]] = {}
        elif id(found) in self.lists:
            self.not_an_item(keys, start, end)
        elif type(found) is not dict:
            self.not_a_table(found, keys, start, end, is_header=True)
        elif id(found) in self.defined or id(found) in self.frozen:
            self.duplicate(start, end, keys, what="table", is_header=True)
        self.defined.add(id(found))
        self.table = found
        self.depth = len(keys)

    def open_item(self, keys: tuple[str, ...], start: int, end: int) -> None:
        self.defined.update(self.pending)
        self.pending.clear()
        parent = self.walk(keys[:-1], keys, start, end)
        items = parent.get(keys[-1])
        if items is None:
            items = parent[keys[-1]] = []
            self.lists.add(id(items))
        elif id(items) not in self.lists:
            if type(items) is dict:
                self.duplicate(start, end, keys, what="table", is_header=True)
            self.not_a_table(items, keys, start, end, is_header=True)
        self.table = {}
        assert isinstance(items, list)
        items.append(self.table)
        self.defined.add(id(self.table))
        self.depth = len(keys) + 1

    def walk(self, through: tuple[str, ...], keys: tuple[str, ...], start: int, end: int) -> Table:
        table = self.root
        if len(keys) > MAX_DEPTH:
            self.too_deep(start)
        for key in through:
            found = table.get(key)
            if found is None:
                found = table[key] = {}
            elif id(found) in self.lists:
                assert isinstance(found, list)
                found = found[-1]
            elif type(found) is not dict or id(found) in self.frozen:
                self.not_a_table(found, keys, start, end, is_header=True)
            assert isinstance(found, dict)
            table = found
        return table

    def nest(self, keys: tuple[str, ...], start: int, end: int) -> Table:
        """Return the table that the last part of a dotted key goes into."""
        table = self.table
        if len(keys) > 1 and self.depth + len(keys) > MAX_DEPTH:
            self.too_deep(start)
        for key in keys[:-1]:
            found = table.get(key)
            if found is None:
                found = table[key] = {}
            elif type(found) is not dict or id(found) in self.frozen:
                self.not_a_table(found, keys, start, end)
            elif id(found) in self.defined:
                self.duplicate(start, end, keys, what="table")
            self.pending.append(id(found))
            assert isinstance(found, dict)
            table = found
        return table
