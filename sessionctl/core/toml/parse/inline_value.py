"""The inside of an array or an inline table: where its elements or entries lie.

Works on text the parser has accepted; nothing here looks for errors.
"""

from __future__ import annotations

from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.problem import Span
from sessionctl.core.regex.lazy_pattern import DOTALL, late
from sessionctl.core.toml.parse import lexer

_TOKEN = late(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\]++|\\.)*+"'
    r"|'[^']*+'"
    r"|\#[^\n]*+"
    r"|[\[\]{},=]"
    r"|[^\s\[\]{},=\"'#]++",
    DOTALL,
)


class InlineEntry(NamedTuple):
    """One entry of an inline table: its (dotted) key and where key and value lie."""

    keys: tuple[str, ...]
    key: Span
    value: Span


class InlineArray(NamedTuple):
    """An array: the places of its elements and of the commas behind them.

    ``commas`` is as long as ``items`` when the last element has a trailing comma, else
    one shorter. ``span`` includes the brackets.
    """

    span: Span
    items: tuple[Span, ...]
    commas: tuple[int, ...]


class InlineTable(NamedTuple):
    """An inline table: its entries and the places of the commas between them."""

    span: Span
    entries: tuple[InlineEntry, ...]
    commas: tuple[int, ...]


def read_array(text: str, span: Span) -> InlineArray:
    """Return the elements of the array at ``span``."""
    items: list[Span] = []
    commas: list[int] = []
    start = end = -1
    for token, position, depth in _tokens(text, span):
        if depth == 0:
            continue
        if token == "," and depth == 1:
            items.append(Span(start, end))
            commas.append(position)
            start = -1
        elif token[0] != "#":
            if start < 0:
                start = position
            end = position + len(token)
    if start >= 0:
        items.append(Span(start, end))
    return InlineArray(span, tuple(items), tuple(commas))


def read_table(text: str, span: Span) -> InlineTable:
    """Return the entries of the inline table at ``span``."""
    entries: list[InlineEntry] = []
    commas: list[int] = []
    parts: list[Span] = []
    key: Span | None = None
    for token, position, depth in _tokens(text, span):
        if depth == 0:
            continue
        if token == "=" and depth == 1 and key is None:
            key = Span(parts[0].start, parts[-1].end)
            parts = []
        elif token == "," and depth == 1:
            entries.append(_entry(text, key, parts))
            commas.append(position)
            key, parts = None, []
        else:
            parts.append(Span(position, position + len(token)))
    if key is not None:
        entries.append(_entry(text, key, parts))
    return InlineTable(span, tuple(entries), tuple(commas))


def comments_in(text: str, span: Span) -> list[str]:
    """Return the comments inside the value at ``span``, stripped."""
    return [match[0].rstrip() for match in _TOKEN.finditer(text, *span) if match[0][0] == "#"]


def comment_spans(text: str, span: Span) -> list[Span]:
    """Return where the comments inside the value at ``span`` are, without their line ends."""
    found = (match for match in _TOKEN.finditer(text, *span) if match[0][0] == "#")
    return [Span(match.start(), match.start() + len(match[0].rstrip("\r"))) for match in found]


def read_key(text: str, span: Span) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """Return the parts of the dotted key at ``span`` and where each lies."""
    from sessionctl.core.toml.parse.parser import parse

    spans: list[Span] = []
    position = span.start
    while position < span.end:
        match = lexer.KEY_PART.match(text, position)
        if match is None:  # a basic string with escapes
            match = _TOKEN.match(text, position)
            assert match is not None
        spans.append(Span(position, match.end()))
        position = match.end()
        while position < span.end and text[position] in " \t.":
            position += 1
    statements = parse(f"{text[span.start : span.end]} = 0")[1]
    return statements[0].keys, tuple(spans)


def _entry(text: str, key: Span | None, parts: list[Span]) -> InlineEntry:
    assert key is not None
    keys, _ = read_key(text, key)
    return InlineEntry(keys, key, Span(parts[0].start, parts[-1].end))


def _tokens(text: str, span: Span) -> list[tuple[str, int, int]]:
    """Return the tokens of a bracketed value with their offset and depth.

    The brackets of the value itself have depth 0, what stands directly inside depth 1;
    the brackets of inner values have the depth of where they stand.
    """
    found: list[tuple[str, int, int]] = []
    depth = 0
    for match in _TOKEN.finditer(text, span.start, span.end):
        token = match[0]
        if token in ("]", "}"):
            depth -= 1
        found.append((token, match.start(), depth))
        if token in ("[", "{"):
            depth += 1
    return found
