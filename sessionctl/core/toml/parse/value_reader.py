"""The reader of keys and values: text at a place to plain data and the place behind it."""

from __future__ import annotations

from sessionctl.core.problem import Span
from sessionctl.core.toml.parse import lexer
from sessionctl.core.toml.parse.parse_errors import MAX_DEPTH, ParseErrors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from sessionctl.core.values import Table, Value


class ValueReader(ParseErrors):
    """Reads what stands at a place; knows nothing of sections."""

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
                self.bad_key(position, is_dotted=bool(parts))
            after = self.skip_spaces(end)
            if text[after : after + 1] != ".":
                if len(parts) > MAX_DEPTH:
                    self.too_deep(position)
                return tuple(parts), end
            position = self.skip_spaces(after + 1)

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
            if not lexer.TIME_WITHOUT_SECONDS.fullmatch(word):
                word = word.partition(" ")[0]
        return self.word(word, position), position + len(word)

    def word(self, word: str, position: int) -> Value:
        """Read a number, boolean, date or time."""
        try:
            return lexer.read_word(word)
        except lexer.NotAScalarError as error:
            self.fail(position, str(error), length=len(word))

    def array(self, position: int, depth: int) -> tuple[list[Value], int]:
        """Read an array and return it and the offset behind it."""
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
        """Read an inline table and return it and the offset behind it."""
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
            inner = depth - 1 + len(keys)
            if inner > MAX_DEPTH:
                self.too_deep(key_start)
            value, position = self.value(self.skip_spaces(position + 1), inner)
            self.put_inside(table, closed, keys, value, Span(key_start, key_end), opening)
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
                    hint="remove the comma",
                )

    def put_inside(
        self,
        table: Table,
        closed: set[int],
        keys: tuple[str, ...],
        value: Value,
        key: Span,
        opening: int,
    ) -> None:
        """Put an entry into an inline table; ``closed`` are the ids of complete tables in it."""
        for part in keys[:-1]:
            found = table.setdefault(part, {})
            if type(found) is not dict or id(found) in closed:
                first = self.entry_before(opening, keys, key.start)
                self.not_a_table(found, keys, key.start, key.end, first=first)
            table = found
        if keys[-1] in table:
            first = self.entry_before(opening, keys, key.start)
            self.duplicate(key.start, key.end, keys, first=first)
        table[keys[-1]] = value
        if isinstance(value, dict):
            closed.add(id(value))

    def entry_before(self, opening: int, keys: tuple[str, ...], stop: int) -> Span | None:
        """Return the key of an inline table that defined ``keys``, a part or more of it first."""
        position = self.skip_spaces(opening + 1)
        while position < stop:
            found, end = self.keys(position)
            shorter = min(len(found), len(keys))
            if found[:shorter] == keys[:shorter]:
                return Span(position, end)
            _, after = self.value(self.skip_spaces(self.skip_spaces(end) + 1), 0)
            position = self.skip_spaces(self.skip_spaces(after) + 1)
        return None

    def string(self, position: int) -> tuple[str, int]:
        """Read a string of any kind and return it and the offset behind it."""
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
        """Read a string in three quotes; line ends in it become LF."""
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
        """Return the text a basic string stands for."""

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
            self.bad_escape(start + match.start(), raw)

        value = lexer.ESCAPE.sub(replace, raw)
        if is_multiline and "\r" in raw:
            # Once more without the line ends of Windows: those that escapes write stay.
            value = lexer.ESCAPE.sub(replace, raw.replace("\r\n", "\n"))
        return value

    def skip_spaces(self, position: int) -> int:
        """Return the offset behind spaces and tabs."""
        match = lexer.SPACES.match(self.text, position)
        assert match is not None
        return match.end()

    def skip_filler(self, position: int) -> int:
        """Return the offset behind spaces, line ends and comments."""
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
        """Return the offset behind the line end; only a comment may come before it."""
        match = lexer.REST_OF_LINE.match(self.text, position)
        if match is not None:
            return match.end()
        position = self.skip_spaces(position)
        if self.text[position] == "#":
            self.bad_comment(position)
        if self.text[position] == "\r":
            self.fail(position, "a carriage return must come before a line feed, or be escaped")
        self.fail(position, f"expected the end of the line {where}")
