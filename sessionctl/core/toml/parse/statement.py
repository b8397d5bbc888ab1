"""Statement: one key or one header of a document, and where it lies."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.values import Value

KEY, TABLE, ARRAY_TABLE = 0, 1, 2


class Statement:
    """One statement of a document: a key and its value, or a table header.

    All places are offsets in the text. ``key_start:key_end`` is the (dotted) key,
    ``value_start:value_end`` the value; for a header the latter is the header with its
    brackets. ``end`` is behind the line end (or the end of the text).
    """

    __slots__ = ("_end", "_key_end", "_value_end", "_value_start", "key_start", "keys", "kind")

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
        # Small numbers are there once for all: a large document has thousands of statements.
        self._key_end = key_end - key_start
        self._value_start = value_start - key_start
        self._value_end = value_end - key_start
        self._end = end - key_start

    @property
    def key_end(self) -> int:
        """The offset behind the key."""
        return self.key_start + self._key_end

    @property
    def value_start(self) -> int:
        """The offset of the value; of a header, that of its first bracket."""
        return self.key_start + self._value_start

    @property
    def value_end(self) -> int:
        """The offset behind the value; of a header, behind its last bracket."""
        return self.key_start + self._value_end

    @property
    def end(self) -> int:
        """The offset behind the line end, or that of the end of the text."""
        return self.key_start + self._end

    def offsets(self) -> tuple[int, int, int, int, int]:
        """Return where the key starts, and how far behind that the other places are."""
        return self.key_start, self._key_end, self._value_start, self._value_end, self._end

    def __repr__(self) -> str:
        kind = ("key", "table", "array table")[self.kind]
        return f"<{kind} {'.'.join(self.keys)} {self.key_start}:{self.end}>"


class ParseMemory:
    """What was read of other versions of a text: versions share it, in time and in memory.

    ``lines`` are statements by their first line, ``names`` the keys of plain ones by their text,
    ``strings`` their values.
    """

    __slots__ = ("lines", "names", "strings")

    def __init__(self) -> None:
        self.lines: dict[str, StatementMemory] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        self.strings: dict[str, str] = {}


class StatementMemory:
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
