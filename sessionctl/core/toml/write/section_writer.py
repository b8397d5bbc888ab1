"""New ``[table]`` and ``[[table]]`` sections as text, laid out as their neighbours are."""

from __future__ import annotations

from sessionctl.core.keypath import render_key
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.toml.parse.comments import blank_before, lead_start, statement_start
from sessionctl.core.toml.write.neighbour_style import equals_column, indent_at, style_near
from sessionctl.core.toml.write.table_form import DOTS, HEADERS, TableForms
from sessionctl.core.toml.write.value_writer import render_pair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.toml.parse.document_text import DocumentText
    from sessionctl.core.toml.parse.tree import Section
    from sessionctl.core.toml.write.value_writer import ValueStyle
    from sessionctl.core.values import Table, Value

# How alike a section there is to a new one: the same key ([[a]] again), the same parent, the
# parent itself, or neither.
_OTHER, _PARENT, _SIBLING, _SAME = range(4)


class Comments(NamedTuple):
    """Comments that move along: the lines above, and what stands behind the first line."""

    lead: str = ""
    trail: str = ""


NO_COMMENTS = Comments()


class Layout(NamedTuple):
    """The look of a section: white space and the number of blank lines above its header."""

    header_indent: str
    key_indent: str
    blank: int
    is_aligned: bool
    style: ValueStyle


class SectionWriter:
    """Writes new sections into a document, near statement ``index``."""

    __slots__ = ("_document", "_forms", "_index")

    def __init__(self, document: DocumentText, index: int) -> None:
        self._document = document
        self._index = index
        self._forms = TableForms(document)

    def render(
        self,
        header: str,
        keys: tuple[str, ...],
        value: Value,
        comments: Comments = NO_COMMENTS,
    ) -> str:
        """Return the sections for ``value``: a table, or a list of tables.

        ``header`` is the key as text, ``keys`` its parts. Blank lines stand between the
        sections only.
        """
        if isinstance(value, list):
            texts = [
                self.render_item(header, keys, item, NO_COMMENTS if number else comments)
                for number, item in enumerate(value)
            ]
            return self._separated(keys, texts)
        assert isinstance(value, dict)
        return self._table(f"[{header}]", header, keys, value, comments)

    def render_item(
        self,
        header: str,
        keys: tuple[str, ...],
        value: Value,
        comments: Comments = NO_COMMENTS,
    ) -> str:
        """Return the sections for one element of an array of tables."""
        assert isinstance(value, dict)
        return self._table(f"[[{header}]]", header, keys, value, comments)

    def blank_lines(self, keys: tuple[str, ...]) -> int:
        """Return how many blank lines stand above headers like ``keys``."""
        return self.layout(keys).blank

    def layout(self, keys: tuple[str, ...]) -> Layout:
        """Return the layout of the sections most like ``keys``."""
        document = self._document
        # Of sections that are equally alike the last decides: new ones mostly go below it.
        ranked = sorted(
            ((_rank(document, section, keys), section) for section in document.tree.sections),
            key=lambda pair: (pair[0], pair[1].header or -1),
            reverse=True,
        )
        header_indent = ""
        for rank, section in ranked:
            # Sub-tables may be indented by their depth: an unrelated section shows no indent.
            if section.header is not None and rank != _OTHER:
                header_indent = indent_at(document.text, self._start(section.header))
                break
        key_indent = header_indent
        style = style_near(document, self._index)
        is_aligned = False
        for rank, section in ranked:
            if section.keys:
                if section.header is not None:
                    key_indent = header_indent + self._step(section)
                # The keys of a parent are of another kind: their alignment shows nothing.
                if rank >= _SIBLING:
                    style = style_near(document, self._index, section.keys[::-1])
                    is_aligned = equals_column(document, section.keys, 0) > 0
                break
        return Layout(header_indent, key_indent, self._blank(ranked), is_aligned, style)

    def _start(self, index: int) -> int:
        return statement_start(self._document, index)

    def _step(self, section: Section) -> str:
        """Return how much further in the keys of a section stand than its header."""
        text = self._document.text
        assert section.header is not None
        header = indent_at(text, self._start(section.header))
        return indent_at(text, self._start(section.keys[0])).removeprefix(header)

    def _blank(self, ranked: list[tuple[int, Section]]) -> int:
        text = self._document.text
        for _, section in ranked:
            if section.header is not None:
                start = lead_start(self._document, section.header)
                above = blank_before(text, start)
                # A header that starts the file shows nothing: above it there can be no blank line
                # (the 1 is a byte order mark).
                if above > 1:
                    return text.count("\n", above, start)
        return 1

    def _table(
        self, line: str, header: str, keys: tuple[str, ...], table: Table, comments: Comments
    ) -> str:
        layout = self.layout(keys)
        pairs, below = self._sorted(keys, table)
        texts = []
        # The header of a table that has only sub-tables is left out: [a.b] makes a too. An item
        # needs its [[a]], which makes it, and a comment needs a line to stand on.
        if pairs or not below or line.startswith("[[") or comments != NO_COMMENTS:
            width = max((len(key) for key, _ in pairs), default=0) + 1
            style = layout.style._replace(
                indent=layout.key_indent, equals_column=width if layout.is_aligned else 0
            )
            lines = [f"{layout.header_indent}{line}{comments.trail}"]
            lines += [render_pair(key, value, style) for key, value in pairs]
            texts.append(comments.lead + "".join(each + style.newline for each in lines))
        for key, value in below:
            texts.append(self.render(f"{header}.{render_key(key)}", (*keys, key), value))
        return self._separated((*keys, ""), texts)

    def _sorted(
        self, keys: tuple[str, ...], table: Table
    ) -> tuple[list[tuple[str, Value]], list[tuple[str, Value]]]:
        """Return the lines of a section, and what gets headers of its own below it."""
        pairs: list[tuple[str, Value]] = []
        below: list[tuple[str, Value]] = []
        for key, value in table.items():
            form = self._forms.choose_below(key, value, len(keys) + 1)
            if form == HEADERS:
                below.append((key, value))
            else:
                pairs += key_lines(render_key(key), value, form)
        return pairs, below

    def _separated(self, keys: tuple[str, ...], texts: list[str]) -> str:
        layout = self.layout(keys)
        return (layout.style.newline * layout.blank).join(texts)


def key_lines(key: str, value: Value, form: str) -> list[tuple[str, Value]]:
    """Return the keys (as text) and values of the lines that spell ``value`` as ``key``."""
    if form != DOTS or not isinstance(value, dict) or not value:
        return [(key, value)]
    lines: list[tuple[str, Value]] = []
    for part, item in value.items():
        lines += key_lines(f"{key}.{render_key(part)}", item, form)
    return lines


def _rank(document: DocumentText, section: Section, keys: tuple[str, ...]) -> int:
    if section.header is None:
        return _PARENT if len(keys) == 1 else _OTHER
    own = document.statements[section.header].keys
    if own == keys:
        return _SAME
    if own[:-1] == keys[:-1]:
        return _SIBLING
    return _PARENT if own == keys[:-1] else _OTHER
