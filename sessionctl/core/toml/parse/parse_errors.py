"""The errors of a text that is not TOML, each with its place and what to do about it.

What only an error needs is imported late: every command that reads a file loads this module.
"""

from __future__ import annotations

from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.mask import INERT, MASK, SEALED
from sessionctl.errors import ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableSequence
    from typing import NoReturn

    from sessionctl.core.toml.parse.statement import Statement

MAX_DEPTH = 128
"""Nesting of tables and arrays that is still read; what people write has about six."""

_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")

_FOR_READING = "this is text that git diff shows for reading, its secrets are masked"
_MAKE_PATCHES = "restore the file, and make patches with: git diff --no-textconv"


class ParseErrors:
    """The errors of a parse; each method raises ParseError or returns when all is well."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.statements: MutableSequence[Statement] = []

    def fail(
        self, position: int, message: str, *, hint: str = "", length: int = 1, rule: str = "syntax"
    ) -> NoReturn:
        from sessionctl.core.text.source import Source, visible

        position = min(position, len(self.text))
        if self.text[position : position + 1] == INERT and _is_for_reading(self.text):
            message, hint, rule = _FOR_READING, _MAKE_PATCHES, "masked-text"
        end = min(position + length, len(self.text))
        line, column = Source(self.text).place(position)
        problem = Problem(rule, visible(message), Span(position, end), hint=visible(hint))
        raise ParseError(problem, line=line, column=column, name=self.name, text=self.text)

    def too_deep(self, position: int) -> NoReturn:
        self.fail(position, f"nested deeper than {MAX_DEPTH} levels", rule="limit")

    def duplicate(
        self,
        start: int,
        end: int,
        keys: tuple[str, ...],
        what: str = "key",
        *,
        first: Span | None = None,
        is_header: bool = False,
    ) -> NoReturn:
        shown = ".".join(keys)[:80]
        place = self._shown_place(first or self._first_place(keys, is_header=is_header))
        self.fail(
            start,
            f'the {what} "{shown}" is defined twice',
            hint=f"the first one is at {place}" if place else "",
            length=end - start,
            rule="duplicate",
        )

    def _first_place(self, keys: tuple[str, ...], *, is_header: bool) -> Span | None:
        from sessionctl.core.toml.parse.first_place import first_place

        return first_place(self.statements, keys, is_header=is_header)

    def _shown_place(self, span: Span | None) -> str:
        """Return a place as it is typed: ``file:line:col``; "" for none."""
        if span is None:
            return ""
        from sessionctl.core.text.source import Source

        line, column = Source(self.text).place(span.start)
        return f"{self.name}:{line}:{column}" if self.name else f"{line}:{column}"

    def not_a_table(
        self,
        found: object,
        keys: tuple[str, ...],
        start: int,
        end: int,
        *,
        first: Span | None = None,
        is_header: bool = False,
    ) -> NoReturn:
        what = "an inline table" if isinstance(found, dict) else "an array"
        if not isinstance(found, dict | list):
            what = "a value"
        place = self._shown_place(first or self._first_place(keys, is_header=is_header))
        at = f"it is at {place}: " if place else ""
        self.fail(
            start,
            f'"{".".join(keys)[:80]}" adds to {what} that is complete where it was written',
            hint=f"{at}write the new key there, or change that table to [table] form",
            length=end - start,
            rule="duplicate",
        )

    def not_an_item(self, keys: tuple[str, ...], start: int, end: int) -> NoReturn:
        shown = ".".join(keys)[:80]
        place = self._shown_place(self._first_place(keys, is_header=True))
        self.fail(
            start,
            f'"{shown}" is an array of tables, not a single table',
            hint=f"it begins at {place}: write [[{shown}]] for one more item",
            length=end - start,
            rule="duplicate",
        )

    def refuse_markers(self, position: int) -> None:
        line_start = self.text.rfind("\n", 0, position) + 1
        if position == line_start and self.text.startswith(_MARKERS, position):
            self.fail(
                position,
                "a conflict marker was left in the file",
                hint=self._resolving(position),
                length=7,
                rule="conflict-marker",
            )

    def _resolving(self, position: int) -> str:
        name = self.name
        is_file = name.endswith(".toml") and ":" not in name  # not stdin, nor a version in git
        middle = self.text.find("\n=======", position)
        # For the command a single marker is no conflict.
        is_whole = self.text.startswith("<", position) and -1 < middle < self.text.find(
            "\n>>>>>>>", middle
        )
        if not (is_file and is_whole):
            return "resolve the conflict, then remove the marker lines"
        from sessionctl.core.text.shellwords import path_word

        return f"resolve the conflict: sessionctl resolve {path_word(name)}"

    def refuse_controls(self, start: int, end: int) -> None:
        for offset in range(start, end):
            code = ord(self.text[offset])
            if (code < 0x20 and code != 9) or code == 0x7F:
                self.bad_control(offset)

    def bad_control(self, position: int) -> NoReturn:
        code = ord(self.text[position])
        self.fail(
            position,
            f"the control character U+{code:04X} is not allowed here",
            hint=f'in a string in double quotes it is written "\\u{code:04X}"',
        )

    def bad_comment(self, position: int) -> NoReturn:
        while self.text[position] == "\t" or self.text[position] >= " ":
            if self.text[position] == "\x7f":
                break
            position += 1
        self.bad_control(position)

    def bad_key(self, position: int, *, is_dotted: bool) -> NoReturn:
        character = self.text[position : position + 1]
        if character in ("", "\n", "\r"):
            self.fail(position, "expected a key, found the end of the line", length=0)
        self.refuse_controls(position, position + 1)
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
                f'expected "=" after the key{_named(key)}',
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
        from sessionctl.core.text.source import Source

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

    def bad_escape(self, position: int, raw: str) -> NoReturn:
        """Refuse the escape at ``position``, which stands in the string with ``raw`` inside."""
        from sessionctl.core.toml.parse.windows_path import hint_for

        letter = self.text[position + 1 : position + 2]
        path = hint_for(raw)
        if letter in ("e", "x") and not path:
            hint = "use \\u001B" if letter == "e" else "use \\u00 and two digits"
            self.fail(position, f"the escape \\{letter} is TOML 1.1", hint=hint, length=2)
        otherwise = "write \\\\ for a backslash, or use a string in single quotes"
        message = f'"\\{letter}" is not an escape'
        if letter in ("u", "U"):
            message = f"\\{letter} needs {4 if letter == 'u' else 8} hexadecimal digits"
        self.fail(position, message, hint=path or otherwise, length=2)

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


def _is_for_reading(text: str) -> bool:
    return MASK in text or SEALED in text


def _named(key: str) -> str:
    """Return a key for a message; one with digits may be the beginning of a password."""
    return "" if any(map(str.isdigit, key)) else f" {key[:40]}"
