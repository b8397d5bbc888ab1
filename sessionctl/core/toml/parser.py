"""The parser: TOML 1.0 text to plain values and the list of its statements."""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.core.source import Source, visible
from sessionctl.core.toml import lexer
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import NoReturn

    from sessionctl.core.values import Table, Value

KEY, TABLE, ARRAY_TABLE = 0, 1, 2

MAX_DEPTH = 128
"""Nesting of tables and arrays that is still read; what people write has about six."""

MAX_LENGTH = 64 * 1024 * 1024
"""Length of a text, in code points, that is still read."""

_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


class Statement:
    """One statement of a document: a key and its value, or a table header.

    All places are offsets in the text. ``key_start:key_end`` is the (dotted) key,
    ``value_start:value_end`` the value; for a header the latter is the header with its
    brackets. ``end`` is behind the line end (or the end of the text).
    """

    __slots__ = ("end", "key_end", "key_start", "keys", "kind", "value_end", "value_start")

    def __init__(
        self,
        kind: int,
        keys: tuple[str, ...],
        key_start: int,
        key_end: int,
        value_start: int,
        value_end: int,
        end: int,
    ) -> None:
        self.kind = kind
        self.keys = keys
        self.key_start = key_start
        self.key_end = key_end
        self.value_start = value_start
        self.value_end = value_end
        self.end = end

    def __repr__(self) -> str:
        kind = ("key", "table", "array table")[self.kind]
        return f"<{kind} {'.'.join(self.keys)} {self.key_start}:{self.end}>"


class Known:
    """A statement read before: its text, key and value, and where these lie in the text."""

    __slots__ = ("key_end", "keys", "text", "value", "value_end", "value_start")

    def __init__(self, text: str, statement: Statement, value: Value) -> None:
        start = statement.key_start
        self.text = text
        self.keys = statement.keys
        self.value = value
        self.key_end = statement.key_end - start
        self.value_start = statement.value_start - start
        self.value_end = statement.value_end - start


def parse(
    text: str, name: str = "", memory: dict[str, Known] | None = None
) -> tuple[Table, list[Statement]]:
    """Return the value of ``text`` and its statements, in the order of the text.

    The value equals that of ``tomllib.loads`` (a byte order mark is accepted too).
    ``memory`` speeds up the parsing of several versions of one text: statements are
    remembered in it, and versions then share their arrays and inline tables.

    Raises:
      ParseError: the text is not TOML 1.0, is nested deeper than ``MAX_DEPTH`` or is
        longer than ``MAX_LENGTH``.
    """
    return _Parser(text, name, memory).run()


class _Parser:
    """State of one parse; ``defined``, ``frozen`` and ``lists`` hold ids of containers.

    A container is ``defined`` once a header or the dotted keys of a finished section
    made it, ``frozen`` when it was written as an inline value; ``lists`` are arrays of
    tables. The rules are those of tomllib's flags.
    """

    def __init__(self, text: str, name: str, memory: dict[str, Known] | None) -> None:
        self.text = text
        self.name = name
        self.memory = memory
        self.root: Table = {}
        self.table: Table = self.root
        self.depth = 0
        self.statements: list[Statement] = []
        self.defined: set[int] = set()
        self.pending: list[int] = []
        self.frozen: set[int] = set()
        self.lists: set[int] = set()

    def run(self) -> tuple[Table, list[Statement]]:
        text = self.text
        if len(text) > MAX_LENGTH:
            self.fail(
                0, f"the text is longer than {MAX_LENGTH} characters", rule="limit", length=0
            )
        match_statement = lexer.STATEMENT.match
        append = self.statements.append
        position = 1 if text.startswith("\ufeff") else 0
        length = len(text)
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
                table = self.table
                if key in table:
                    self.duplicate(key_start, key_end, (key,))
                value: Value
                if group <= lexer.GROUP_LITERAL:
                    value = match[group]
                    start -= 1
                    stop += 1
                elif group == lexer.GROUP_INTEGER:
                    value = self.word(match[group], start)
                else:
                    value = match[group] == "true"
                table[key] = value
                append(Statement(KEY, (key,), key_start, key_end, start, stop, end))
            else:
                keys = tuple(match[group].split("."))
                if group == lexer.GROUP_TABLE:
                    self.open_table(keys, start, stop)
                    append(Statement(TABLE, keys, start, stop, start - 1, stop + 1, end))
                else:
                    self.open_item(keys, start, stop)
                    append(Statement(ARRAY_TABLE, keys, start, stop, start - 2, stop + 2, end))
            position = end
        return self.root, self.statements

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
        self.refuse_markers(position)
        if self.memory is None:
            self.key_statement(position)
        else:
            line = text[position : text.find("\n", position) + 1]
            known = self.memory.get(line)
            if known is not None and text.startswith(known.text, position):
                self.recall(known, position)
            else:
                value = self.key_statement(position)
                statement = self.statements[-1]
                whole = text[position : statement.end]
                if whole.endswith("\n"):
                    self.memory[line] = Known(whole, statement, value)
        return self.statements[-1].end

    def key_statement(self, key_start: int) -> Value:
        """Read a key and its value and return the value."""
        quick = lexer.BARE_KEY_EQUALS.match(self.text, key_start)
        if quick is not None:
            keys: tuple[str, ...] = (quick[1],)
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

    def recall(self, known: Known, start: int) -> None:
        """Add a statement whose text was read before."""
        key_end = start + known.key_end
        table = self.nest(known.keys, start, key_end)
        self.put(table, known.keys, known.value, start, key_end)
        value_start, value_end = start + known.value_start, start + known.value_end
        end = start + len(known.text)
        self.statements.append(
            Statement(KEY, known.keys, start, key_end, value_start, value_end, end)
        )

    def put(
        self, table: Table, keys: tuple[str, ...], value: Value, start: int, end: int
    ) -> None:
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
            self.fail(
                close,
                f'expected "{"]" * width}" at the end of the table header',
                hint='quote a key with other characters: ["my key"]',
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

    def keys(self, position: int) -> tuple[tuple[str, ...], int]:
        """Read a (dotted) key and return its parts and the offset behind it."""
        text = self.text
        parts: list[str] = []
        while True:
            match = lexer.KEY_PART.match(text, position)
            if match is not None:
                assert match.lastindex is not None
                parts.append(match[match.lastindex])
                end = match.end()
            elif text[position : position + 1] in ('"', "'"):
                if text.startswith(('"""', "'''"), position):
                    self.fail(position, "a key cannot be a multi-line string", length=3)
                part, end = self.string(position)
                parts.append(part)
            else:
                self.bad_key(position, bool(parts))
            after = self.skip_spaces(end)
            if text[after : after + 1] != ".":
                if len(parts) > MAX_DEPTH:
                    self.too_deep(position)
                return tuple(parts), end
            position = self.skip_spaces(after + 1)

    # -- tables ----------------------------------------------------------------------

    def open_table(self, keys: tuple[str, ...], start: int, end: int) -> None:
        self.defined.update(self.pending)
        self.pending.clear()
        parent = self.walk(keys[:-1], keys, start, end)
        found = parent.get(keys[-1])
        if found is None:
            found = parent[keys[-1]] = {}
        elif type(found) is not dict:
            self.not_a_table(found, keys, start, end)
        elif id(found) in self.defined or id(found) in self.frozen:
            self.duplicate(start, end, keys, what="table")
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
                self.duplicate(start, end, keys, what="table")
            self.not_a_table(items, keys, start, end)
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
                self.not_a_table(found, keys, start, end)
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

    # -- values ----------------------------------------------------------------------

    def value(self, position: int, depth: int) -> tuple[Value, int]:
        """Read the value at ``position`` and return it and the offset behind it."""
        text = self.text
        first = text[position : position + 1]
        if first in ('"', "'") and first:
            return self.string(position)
        if first == "[":
            return self.array(position, depth + 1)
        if first == "{":
            return self.inline_table(position, depth + 1)
        match = lexer.WORD_VALUE.match(text, position)
        if match is None:
            self.no_value(position)
        word = match[1]
        if " " in word and not lexer.DATE_TIME.fullmatch(word):
            word = word.partition(" ")[0]
        return self.word(word, position), position + len(word)

    def word(self, word: str, position: int) -> Value:
        try:
            return lexer.read_word(word)
        except lexer.NotAScalarError as error:
            self.fail(position, str(error), length=len(word))

    def array(self, position: int, depth: int) -> tuple[list[Value], int]:
        if depth > MAX_DEPTH:
            self.too_deep(position)
        text = self.text
        opening = position
        items: list[Value] = []
        position += 1
        while True:
            position = self.skip_filler(position)
            match = lexer.ELEMENT.match(text, position)
            if match is not None:
                group = match.lastindex
                assert group is not None
                item = match[group]
                items.append(item if group < 3 else self.word(item, position))
                position = match.end()
            elif text[position : position + 1] == "]":
                return items, position + 1
            else:
                if position == len(text):
                    self.unclosed(opening, position, "array", "]")
                value, position = self.value(position, depth)
                items.append(value)
            position = self.skip_filler(position)
            mark = text[position : position + 1]
            if mark == ",":
                position += 1
            elif mark == "]":
                return items, position + 1
            elif not mark:
                self.unclosed(opening, position, "array", "]")
            else:
                self.fail(position, 'expected "," or "]" in the array')

    def inline_table(self, position: int, depth: int) -> tuple[Table, int]:
        if depth > MAX_DEPTH:
            self.too_deep(position)
        text = self.text
        opening = position
        table: Table = {}
        closed: set[int] = set()
        position = self.skip_spaces(position + 1)
        if text[position : position + 1] == "}":
            return table, position + 1
        while True:
            self.refuse_newline(opening, position)
            key_start = position
            keys, key_end = self.keys(position)
            position = self.skip_spaces(key_end)
            if text[position : position + 1] != "=":
                self.expected_equals(position, key_start, key_end)
            if depth + len(keys) > MAX_DEPTH:
                self.too_deep(key_start)
            value, position = self.value(self.skip_spaces(position + 1), depth + len(keys) - 1)
            inner = table
            for key in keys[:-1]:
                found = inner.setdefault(key, {})
                if type(found) is not dict or id(found) in closed:
                    self.not_a_table(found, keys, key_start, key_end)
                inner = found
            if keys[-1] in inner:
                self.duplicate(key_start, key_end, keys)
            inner[keys[-1]] = value
            if isinstance(value, dict):
                closed.add(id(value))
            position = self.skip_spaces(position)
            mark = text[position : position + 1]
            if mark == "}":
                return table, position + 1
            self.refuse_newline(opening, position)
            if mark != ",":
                self.fail(position, 'expected "," or "}" in the inline table')
            position = self.skip_spaces(position + 1)
            if text[position : position + 1] == "}":
                self.fail(
                    position - 1,
                    "a comma after the last entry of an inline table is TOML 1.1",
                    hint="take the comma out",
                )

    def string(self, position: int) -> tuple[str, int]:
        text = self.text
        quote = text[position]
        if text.startswith(quote * 3, position):
            return self.multiline_string(position, quote)
        if quote == "'":
            end = text.find("'", position + 1)
            line_end = text.find("\n", position)
            if end < 0 or 0 <= line_end < end:
                self.unclosed_string(position, quote)
            self.refuse_controls(position + 1, end)
            return text[position + 1 : end], end + 1
        body = lexer.BASIC_BODY.match(text, position + 1)
        assert body is not None
        end = body.end()
        if text[end : end + 1] != '"':
            self.unclosed_string(position, quote, end)
        raw = body[0]
        return (self.unescape(raw, position + 1) if "\\" in raw else raw), end + 1

    def multiline_string(self, position: int, quote: str) -> tuple[str, int]:
        text = self.text
        start = position + 3
        if text.startswith("\n", start):
            start += 1
        elif text.startswith("\r\n", start):
            start += 2
        is_basic = quote == '"'
        pattern = lexer.MULTILINE_BASIC_BODY if is_basic else lexer.MULTILINE_LITERAL_BODY
        body = pattern.match(text, start)
        assert body is not None
        closing = lexer.QUOTES_AT_END[quote].match(text, body.end())
        if closing is None:
            self.unclosed_string(position, quote * 3, body.end())
        raw = text[start : closing.end() - 3]
        if is_basic and "\\" in raw:
            value = self.unescape(raw, start, is_multiline=True)
        else:
            value = raw.replace("\r\n", "\n")
        return value, closing.end()

    def unescape(self, raw: str, start: int, *, is_multiline: bool = False) -> str:
        def replace(match: re.Match[str]) -> str:
            simple, short, long, newline = match.groups()
            if simple:
                return lexer.ESCAPED[simple]
            if short or long:
                code = int(short or long, 16)
                if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                    self.fail(
                        start + match.start(),
                        "the escape is not a Unicode scalar value",
                        length=len(match[0]),
                    )
                return chr(code)
            if newline and is_multiline:
                return ""
            self.bad_escape(start + match.start())

        value = lexer.ESCAPE.sub(replace, raw)
        return value.replace("\r\n", "\n") if is_multiline and "\r" in raw else value

    # -- small steps -----------------------------------------------------------------

    def skip_spaces(self, position: int) -> int:
        match = lexer.SPACES.match(self.text, position)
        assert match is not None
        return match.end()

    def skip_filler(self, position: int) -> int:
        match = lexer.FILLER.match(self.text, position)
        assert match is not None
        end = match.end()
        if self.text[end : end + 1] == "#":
            after = lexer.REST_OF_LINE.match(self.text, end)
            if after is None:
                self.bad_comment(end)
            return after.end()
        return end

    def end_of_line(self, position: int, where: str) -> int:
        match = lexer.REST_OF_LINE.match(self.text, position)
        if match is not None:
            return match.end()
        position = self.skip_spaces(position)
        if self.text[position] == "#":
            self.bad_comment(position)
        if self.text[position] == "\r":
            self.fail(position, "a carriage return stands before a line feed, or is escaped")
        self.fail(position, f"expected the end of the line {where}")

    # -- errors ----------------------------------------------------------------------

    def fail(
        self, position: int, message: str, *, hint: str = "", length: int = 1, rule: str = "syntax"
    ) -> NoReturn:
        position = min(position, len(self.text))
        end = min(position + length, len(self.text))
        line, column = Source(self.text).place(position)
        problem = Problem(rule, visible(message), Span(position, end), hint=visible(hint))
        raise ParseError(problem, line=line, column=column, name=self.name)

    def too_deep(self, position: int) -> NoReturn:
        self.fail(position, f"nested deeper than {MAX_DEPTH} levels", rule="limit")

    def duplicate(
        self, start: int, end: int, keys: tuple[str, ...], what: str = "key"
    ) -> NoReturn:
        shown = ".".join(keys)[:80]
        first = self.first_place(keys, what)
        self.fail(
            start,
            f'the {what} "{shown}" is defined twice',
            hint=f"it was defined on line {first} before" if first else "",
            length=end - start,
            rule="duplicate",
        )

    def first_place(self, keys: tuple[str, ...], what: str) -> int:
        """Return the line that defined ``keys`` first, or 0 when that is not told easily."""
        source = Source(self.text)
        for statement in reversed(self.statements):
            if statement.keys == keys:
                return source.place(statement.key_start)[0]
            if what == "key" and statement.kind != KEY:
                return 0
        return 0

    def not_a_table(
        self, found: object, keys: tuple[str, ...], start: int, end: int
    ) -> NoReturn:
        what = {dict: "an inline table", list: "an array"}.get(type(found), "a value")
        self.fail(
            start,
            f'"{".".join(keys)[:80]}" adds to {what} that is complete where it was written',
            hint="write the new key there, or change that table to [table] form",
            length=end - start,
            rule="duplicate",
        )

    def refuse_markers(self, position: int) -> None:
        line_start = self.text.rfind("\n", 0, position) + 1
        if position == line_start and self.text.startswith(_MARKERS, position):
            self.fail(
                position,
                "a conflict marker was left in the file",
                hint="resolve the conflict, then take the marker lines out",
                length=7,
                rule="conflict-marker",
            )

    def refuse_controls(self, start: int, end: int) -> None:
        for offset in range(start, end):
            code = ord(self.text[offset])
            if (code < 0x20 and code != 9) or code == 0x7F:
                self.bad_control(offset)

    def bad_control(self, position: int) -> NoReturn:
        code = ord(self.text[position])
        self.fail(
            position,
            f"the control character U+{code:04X} cannot stand here",
            hint=f'in a string in double quotes it is written "\\u{code:04X}"',
        )

    def bad_comment(self, position: int) -> NoReturn:
        while self.text[position] == "\t" or self.text[position] >= " ":
            if self.text[position] == "\x7f":
                break
            position += 1
        self.bad_control(position)

    def bad_key(self, position: int, is_dotted: bool) -> NoReturn:
        self.refuse_controls(position, min(position + 1, self.text.find("\n", position)))
        character = self.text[position : position + 1]
        if character in ("", "\n", "\r"):
            self.fail(position, "expected a key, found the end of the line", length=0)
        if character == "=":
            self.fail(position, "expected a key before the equals sign")
        where = " after the dot" if is_dotted else ""
        self.fail(
            position,
            f'expected a key{where}, found "{character}"',
            hint="keys are letters, digits, - and _; quote any other",
        )

    def expected_equals(self, position: int, key_start: int, key_end: int) -> NoReturn:
        if position < len(self.text) and self.text[position] not in "\n\r":
            self.refuse_controls(position, position + 1)
            key = self.text[key_start:key_end]
            self.fail(
                position,
                f'expected "=" after the key {key[:40]}',
                hint="quote a key with other characters",
            )
        self.fail(
            key_start, 'expected "=" and a value after the key', length=max(1, key_end - key_start)
        )

    def no_value(self, position: int) -> NoReturn:
        character = self.text[position : position + 1]
        if character in ("", "\n", "\r", "#"):
            self.fail(position, "expected a value, found the end of the line")
        self.refuse_controls(position, position + 1)
        self.fail(position, f'expected a value, found "{character}"', hint="a string needs quotes")

    def unclosed(self, opening: int, position: int, what: str, close: str) -> NoReturn:
        line, column = Source(self.text).place(position)
        self.fail(
            opening,
            f'the {what} is never closed: "{close}" is missing',
            hint=f"the text ends at {line}:{column}",
        )

    def unclosed_string(self, position: int, quote: str, end: int | None = None) -> NoReturn:
        if end is not None and end < len(self.text) and self.text[end] not in "\n\\":
            if self.text[end] != "\r" or self.text[end + 1 : end + 2] != "\n":
                self.refuse_controls(end, end + 1)
        self.fail(
            position,
            f"the string is never closed: {quote} is missing",
            hint="" if len(quote) == 3 else "a string of several lines is written in three quotes",
            length=len(quote),
        )

    def bad_escape(self, position: int) -> NoReturn:
        letter = self.text[position + 1 : position + 2]
        if letter in ("e", "x"):
            self.fail(position, f"the escape \\{letter} is TOML 1.1", hint="use \\u0000", length=2)
        if letter in ("u", "U"):
            count = 4 if letter == "u" else 8
            self.fail(position, f"\\{letter} needs {count} hexadecimal digits", length=2)
        self.fail(
            position,
            f'"\\{letter}" is not an escape',
            hint="write \\\\ for a backslash, or use a string in single quotes",
            length=2,
        )

    def refuse_newline(self, opening: int, position: int) -> None:
        character = self.text[position : position + 1]
        if character in ("\n", "\r", "#") and character:
            self.fail(
                position,
                "a line end or comment inside an inline table is TOML 1.1",
                hint="write the inline table on one line, or use a [table]",
            )
        if not character:
            self.unclosed(opening, position, "inline table", "}")
