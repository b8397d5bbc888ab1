"""A whole session as the text of a new file, laid out as a person would write it."""

from __future__ import annotations

import re

from sessionctl.core.keypath import render_key
from sessionctl.core.schema.session_schema import SESSION
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.write.value_writer import LINE_WIDTH, ValueStyle, render_pair
from sessionctl.core.values import is_array_of_tables, same_value
from sessionctl.errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sessionctl.core.values import Table, Value

_STYLE = ValueStyle(long_quote='"""')
_STEP = "  "
_MAX_ENTRIES = 3
# What a basic string has to escape, and a literal one has not.
_ESCAPED = re.compile(r'["\\]')
# Tables that are a value of their own, in one line wherever they stand.
_INLINE = ({"secret"}, {"bytes"}, {"x", "y", "width", "height"})
# Tables of tables: each of those has a header, however short it is.
_OF_TABLES = ("apps", "connections")
_OF_TABLES_KEYS = [(key,) for key in _OF_TABLES]


def render_session(value: Table, comments: Iterable[str] = ()) -> str:
    """Return the text of a session file that holds ``value``.

    Keys stand in the order of the schema, panes further in than their window, short
    tables in one line. ``comments`` are lines for the head of the file, without their
    ``#``.

    Raises:
      GuardError: what was written does not read as ``value``; a bug of ours.
    """
    lines = [f"# {_comment(line)}".rstrip() for line in comments]
    if lines:
        lines.append("")
    _SectionWriter(lines).table(value, (), SESSION, depth=0)
    text = "\n".join(lines) + "\n"
    if not same_value(Document.parse(text).value, value):
        raise GuardError("the text of the new session does not hold what it should")
    return text


class _SectionWriter:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def table(self, value: Table, keys: tuple[str, ...], rules: Any, *, depth: int) -> None:
        """Write the pairs of a table, then what has headers of its own below it."""
        style = _STYLE._replace(indent=_STEP * depth)
        properties = _properties(rules)
        order = [*(key for key in properties if key in value), *value]
        below: list[str] = []
        for key in dict.fromkeys(order):
            is_own = key in _OF_TABLES or keys[-1:] in _OF_TABLES_KEYS
            has_header = _has_header(value[key]) or (is_own and _is_table(value[key]))
            line = "" if has_header else _pair(key, value[key], style)
            if line:
                self.lines.append(line)
            else:
                below.append(key)
        for key in below:
            inner = (*keys, key)
            # The windows stand at the margin, all that is in them further in.
            further = depth + (len(keys) > 0 and keys[0] == "windows")
            self._below(value[key], inner, properties.get(key), further)

    def _below(self, value: Value, keys: tuple[str, ...], rules: Any, depth: int) -> None:
        header = ".".join(map(render_key, keys))
        indent = _STEP * depth
        if isinstance(value, list):
            for item in value:
                assert isinstance(item, dict)
                self._head(f"{indent}[[{header}]]")
                self.table(item, keys, _resolved(rules).get("items"), depth=depth)
            return
        assert isinstance(value, dict)
        if not value or keys[-1] not in _OF_TABLES or not all(map(_is_table, value.values())):
            self._head(f"{indent}[{header}]")
        self.table(value, keys, rules, depth=depth)

    def _head(self, line: str) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.lines.append(line)


def _pair(key: str, value: Value, style: ValueStyle) -> str:
    """Return the line of a pair; "" for a table that is too long for one."""
    if isinstance(value, dict) and value.keys() not in _INLINE:
        line = render_pair(render_key(key), value, style)
        is_short = len(line) <= LINE_WIDTH and len(value) <= _MAX_ENTRIES
        return line if is_short and value else ""
    if isinstance(value, str) and _ESCAPED.search(value):
        style = style._replace(quote="'", long_quote="'''")
    return render_pair(render_key(key), value, style)


def _has_header(value: Value) -> bool:
    """Return whether a value always has a header: a table of tables, or a list of tables."""
    if isinstance(value, dict):
        return value.keys() not in _INLINE and any(_is_deep(item) for item in value.values())
    return is_array_of_tables(value) and not all(_is_inline(item) for item in value)  # type: ignore[union-attr]


def _is_deep(value: Value) -> bool:
    return is_array_of_tables(value) or (isinstance(value, dict) and not _is_inline(value))


def _is_table(value: Value) -> bool:
    return isinstance(value, dict)


def _is_inline(value: Value) -> bool:
    return isinstance(value, dict) and value.keys() in _INLINE


def _properties(rules: Any) -> dict[str, Any]:
    found = _resolved(rules).get("properties")
    return found if isinstance(found, dict) else {}


def _resolved(rules: Any) -> dict[str, Any]:
    if not isinstance(rules, dict):
        return {}
    name = str(rules.get("$ref", "")).removeprefix("#/$defs/")
    found = SESSION["$defs"].get(name, {}) if name else {}  # type: ignore[attr-defined]
    return {**found, **rules}


def _comment(line: str) -> str:
    return "".join(c if c == "\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
