"""Generated TOML: documents as people lay them out, and the edits people make to them.

``write_document(rng)`` and ``edit_document(rng, text)`` need nothing but a random
generator, so a fuzzer may call them with ``random.Random(seed)``; ``documents()`` and
``edited()`` are the Hypothesis strategies made of them.
"""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import dataclass, field

from hypothesis import strategies as st

from sessionctl.core.problem import Span
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.inline_value import read_array
from sessionctl.core.toml.parse.parser import ARRAY_TABLE, KEY
from sessionctl.core.toml.parse.statement import Statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

KEYS = ("a", "b", "c", "key", "host", "port", "x-y", "1", '"a b"', "'x.y'", '"\\u00e9"', '""')
TABLES = ("t", "u", "windows", "panes", "deps", "prod", '"a b"')
NAMES = ('"one"', '"two"', '"three"', "'four'", '"five"', '"a b"', "1", "2")
IDENTITIES = ("name", "id", "key", "path")
SCALARS = (
    "0", "1", "+2", "0x1F", "1_000", "-7",
    "0.0", "1.0", "-0.0", "6.02e23", "inf", "nan",
    "true", "false",
    '""', '"one"', '"two words"', "'it is \"literal\"'", '"tab\\t \\u001b \\u202e"',
    '"é 漢 \U0001f600"',
    '"# no comment"', "'[x]'", '"1"', '"~/src/api"',
    "1979-05-27T07:32:00Z", "1979-05-27 00:32:00.5-07:00", "1979-05-27T07:32:00", "1979-05-27",
    "07:32:00",
)  # fmt: skip
LINES = ("set -e", "npm test", "  indented # no comment", "x = 1", "[t]", "echo done", "")
COMMENTS = ("# one", "#two", "# the port, see below", "## heading ##", "# x = 1", "# é \u202e", "#")


# -- documents -------------------------------------------------------------------------


@dataclass
class _Section:
    """A header (none for the first section) and the lines below it."""

    header: str = ""
    lines: list[str] = field(default_factory=list)
    children: list[_Section] = field(default_factory=list)
    """Sections that must follow this one, before the next item of its array."""


@dataclass(frozen=True)
class _Layout:
    """The habits of one document's author."""

    equals: str
    indent: str
    comments: float
    blanks: float


class _Writer:
    """Writes one document; ``sections`` may be put in any order."""

    def __init__(self, rng: Random, size: int) -> None:
        self.rng = rng
        self.budget = rng.randint(0, size)
        self.layout = _Layout(
            equals=rng.choice((" = ", " = ", "=", "  =  ", "\t= ")),
            indent=rng.choice(("", "", "  ", "\t")),
            comments=rng.choice((0.0, 0.2, 0.4)),
            blanks=rng.choice((0.0, 0.3)),
        )

    def chance(self, likelihood: float) -> bool:
        return self.rng.random() < likelihood

    def document(self) -> str:
        root = _Section()
        sections: list[_Section] = []
        self.fill(root, (), sections, depth=0)
        self.rng.shuffle(sections)
        lines = [] if not self.chance(0.2) else [self.comment(), ""]
        for section in [root, *sections]:
            self.lay_out(section, lines)
        if self.chance(0.2):
            lines += ["", self.comment()]
        text = "".join(f"{line}\n" for line in lines)
        return self.finish(text)

    def finish(self, text: str) -> str:
        if self.chance(0.1):
            text = text.removesuffix("\n")
        if self.chance(0.1):
            text = text.replace("\n", "\r\n")
        return "\ufeff" + text if self.chance(0.03) else text

    def lay_out(self, section: _Section, lines: list[str]) -> None:
        if section.header:
            if self.chance(0.7):
                lines.append("")
            if self.chance(self.layout.comments):
                lines += self.block()
            lines.append(section.header + self.beside())
        for line in section.lines:
            if self.chance(self.layout.blanks / 2):
                lines += [self.comment(), ""]
            elif self.chance(self.layout.blanks):
                lines.append("")
            if self.chance(self.layout.comments):
                lines += self.block()
            lines.append(self.layout.indent * bool(section.header) + line)
        for child in section.children:
            self.lay_out(child, lines)

    def fill(
        self, section: _Section, path: tuple[str, ...], loose: list[_Section], depth: int
    ) -> None:
        """Write keys and tables below ``path``; tables with a header go to ``loose``."""
        taken = {line.split()[0].partition("=")[0] for line in section.lines}
        statements: list[str] = []
        for _ in range(self.rng.randint(0, 4)):
            statements += self.statements(taken, depth)
        self.rng.shuffle(statements)
        section.lines += statements
        for _ in range(self.rng.choice((0, 1, 2, 3) if depth == 0 else (0, 0, 1))):
            key = self.rng.choice(TABLES)
            if key not in taken and self.budget > 0 and depth < 3:
                taken.add(key)
                self.budget -= 1
                self.tables((*path, key), loose, depth)

    def statements(self, taken: set[str], depth: int) -> list[str]:
        """Return the lines of one key: several when it is a table of dotted keys."""
        key = self.rng.choice(KEYS)
        if key in taken or _bare(key) in map(_bare, taken):
            return []
        taken.add(key)
        if not self.chance(0.15):
            return [f"{key}{self.layout.equals}{self.value(depth=0)}{self.beside()}"]
        dot = self.rng.choice((".", ".", " . "))
        inner = self.rng.sample(KEYS[:6], self.rng.randint(1, 3))
        return [
            f"{key}{dot}{name}{self.layout.equals}{self.value(depth=1)}{self.beside()}"
            for name in inner
        ]

    def tables(self, path: tuple[str, ...], loose: list[_Section], depth: int) -> None:
        name = self.rng.choice((".", ".", ".", " . ")).join(path)
        if self.chance(0.4):
            self.array_of_tables(name, path, loose, depth)
            return
        if self.chance(0.15):  # no header of its own
            self.tables((*path, self.rng.choice(TABLES)), loose, depth + 1)
            return
        section = _Section(f"[{name}]")
        loose.append(section)
        self.fill(section, path, loose, depth + 1)

    def array_of_tables(
        self, name: str, path: tuple[str, ...], loose: list[_Section], depth: int
    ) -> None:
        identity = self.rng.choice((*IDENTITIES, "", ""))
        names = list(NAMES)
        self.rng.shuffle(names)
        for index in range(self.rng.randint(1, 4)):
            section = _Section(f"[[{name}]]")
            loose.append(section)
            if identity and not self.chance(0.1):
                section.lines.append(f"{identity}{self.layout.equals}{names[index]}")
            self.fill(section, path, section.children, depth + 1)

    def value(self, depth: int) -> str:
        kind = self.rng.random()
        if depth < 3 and kind < 0.15:
            return self.array(depth)
        if depth < 3 and kind < 0.25:
            return self.inline_table(depth)
        if depth == 0 and kind < 0.35:
            return self.long_string()
        return self.rng.choice(SCALARS)

    def array(self, depth: int) -> str:
        pool: tuple[str, ...] = self.rng.choice((SCALARS, NAMES, ("1", "2", "3", "4")))
        if self.chance(0.2):
            items = [self.inline_table(depth + 1) for _ in range(self.rng.randint(1, 3))]
        elif self.chance(0.15):
            items = [self.value(depth + 1) for _ in range(self.rng.randint(0, 3))]
        else:
            items = [self.rng.choice(pool) for _ in range(self.rng.randint(0, 4))]
        if not self.chance(0.3):
            comma = self.rng.choice((", ", ", ", ",", " , "))
            edge = self.rng.choice(("", "", " "))
            trailing = "," if items and self.chance(0.1) else ""
            return f"[{edge}{comma.join(items)}{trailing}{edge}]"
        lines = ["["]
        for index, item in enumerate(items):
            if self.chance(self.layout.comments / 2):
                lines.append(f"  {self.comment()}")
            comma = "," if index < len(items) - 1 or self.chance(0.7) else ""
            lines.append(f"  {item}{comma}{self.beside()}")
        return "\n".join([*lines, "]"])

    def inline_table(self, depth: int) -> str:
        keys = self.rng.sample(KEYS[:8], self.rng.randint(0, 3))
        entries = []
        if self.chance(0.4):
            entries.append(f"{self.rng.choice(IDENTITIES[1:])} = {self.rng.choice(NAMES)}")
            keys = [key for key in keys if key != "key"]
        for key in keys:
            dotted = f"{key}.{self.rng.choice(KEYS[:3])}" if self.chance(0.15) else key
            entries.append(f"{dotted}{self.rng.choice((' = ', '='))}{self.value(depth + 1)}")
        inner = self.rng.choice((", ", ",")).join(entries)
        # A line end may stand inside an inner array only, which TOML 1.0 allows.
        return f"{{ {inner} }}" if inner and self.chance(0.8) else f"{{{inner}}}"

    def long_string(self) -> str:
        lines = [self.rng.choice(LINES) for _ in range(self.rng.randint(1, 4))]
        quotes = self.rng.choice(('"""', "'''"))
        if quotes == '"""' and self.chance(0.3):
            return '"""\\\n  ' + " \\\n  ".join(line or "-" for line in lines) + '\\\n  """'
        first = self.rng.choice(("\n", "\n", ""))
        return f"{quotes}{first}" + "\n".join(lines) + self.rng.choice(("\n", "")) + quotes

    def comment(self) -> str:
        return self.rng.choice(COMMENTS)

    def block(self) -> list[str]:
        return [self.comment() for _ in range(self.rng.randint(1, 2))]

    def beside(self) -> str:
        if self.chance(self.layout.comments):
            return self.rng.choice((" ", "  ", "")) + self.comment()
        return " " if self.chance(0.02) else ""


def _bare(key: str) -> str:
    return key.strip("\"'")


def write_document(rng: Random, size: int = 6) -> str:
    """Return a valid document with at most about ``size`` tables, laid out at random."""
    text = _Writer(rng, size).document()
    tomllib.loads(text.removeprefix("\ufeff"))  # else the writer has a fault
    return text


def is_toml(text: str) -> bool:
    """Return whether tomllib reads ``text`` (it wants no byte order mark)."""
    try:
        tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return False
    return True


# -- edits -----------------------------------------------------------------------------


def edit_document(rng: Random, text: str, most: int = 4) -> str:
    """Return ``text`` after up to ``most`` edits as a person makes them; always valid.

    Values, keys, comments, array elements, lines of strings, whole tables and layout are
    changed, added, removed and moved. The result may equal ``text``.
    """
    for _ in range(rng.randint(0, most)):
        changed = rng.choice(_EDITS)(rng, text, Document.parse(text))
        if is_toml(changed):  # an edit that makes a key twice, say, is not made
            text = changed
    return text


def reformat_document(rng: Random, text: str, most: int = 4) -> str:
    """Return ``text`` with its layout changed; values and comments stay."""
    for _ in range(rng.randint(0, most)):
        changed = rng.choice((_indent, _space_equals, _blank_line))(rng, text, Document.parse(text))
        if is_toml(changed):
            text = changed
    return text


def _pick(rng: Random, document: Document, *kinds: int) -> Statement | None:
    found = [statement for statement in document.statements if statement.kind in kinds]
    return rng.choice(found) if found else None


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _line_start(text: str, offset: int) -> int:
    start = text.rfind("\n", 0, offset) + 1
    return 1 if start == 0 and text.startswith("\ufeff") else start


def _value(rng: Random, text: str) -> str:
    value = _Writer(rng, 0).value(depth=0)
    return value.replace("\n", _newline(text))


def _splice(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _put_line(text: str, offset: int, line: str) -> str:
    """Return ``text`` with ``line`` put in at ``offset``, the start of a line or the end."""
    newline = _newline(text)
    if offset == len(text) and text and not text.endswith("\n"):
        return f"{text}{newline}{line}"
    return _splice(text, offset, offset, f"{line}{newline}")


def _set_value(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY)
    if statement is None:
        return text
    return _splice(text, statement.value_start, statement.value_end, _value(rng, text))


def _remove_key(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY)
    if statement is None:
        return text
    return _splice(text, _line_start(text, statement.key_start), statement.end, "")


def _add_key(rng: Random, text: str, document: Document) -> str:
    line = f"{rng.choice(KEYS)} = {_value(rng, text)}"
    if rng.random() < 0.3:
        line = f"{rng.choice(COMMENTS)}{_newline(text)}{line}"
    after = _pick(rng, document, KEY, 1, ARRAY_TABLE)
    start = 1 if text.startswith("\ufeff") else 0
    return _put_line(text, after.end if after else start, line)


def _rename_key(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY)
    if statement is None:
        return text
    return _splice(text, statement.key_start, statement.key_end, rng.choice(KEYS))


def _move_key(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY)
    target = _pick(rng, document, KEY)
    if statement is None or target is None or target.end <= statement.end:
        return text
    start = _line_start(text, statement.key_start)
    line = text[start : statement.end].rstrip("\r\n")
    return _splice(_put_line(text, target.end, line), start, statement.end, "")


def _sections(text: str, document: Document) -> list[Span]:
    """Return where the sections with a header lie, the comments above each included."""
    headers = [statement for statement in document.statements if statement.kind != KEY]
    starts = []
    for header in headers:
        start = _line_start(text, header.value_start)
        while text[_line_start(text, start - 1) : start].lstrip().startswith("#"):
            start = _line_start(text, start - 1)
        starts.append(start)
    return [Span(*pair) for pair in itertools.pairwise([*starts, len(text)])]


def _remove_section(rng: Random, text: str, document: Document) -> str:
    sections = _sections(text, document)
    return _splice(text, *rng.choice(sections), "") if sections else text


def _move_section(rng: Random, text: str, document: Document) -> str:
    sections = _sections(text, document)
    if len(sections) < 2 or not text.endswith("\n"):
        return text
    moved, target = rng.choice(sections), rng.choice(sections)
    if target.start > moved.start:
        block = text[moved.start : moved.end]
        return _splice(_splice(text, target.end, target.end, block), *moved, "")
    return _splice(_splice(text, *moved, ""), target.start, target.start, text[slice(*moved)])


def _copy_item(rng: Random, text: str, document: Document) -> str:
    """Add an item to an array of tables: a copy of one, under another name."""
    header = _pick(rng, document, ARRAY_TABLE)
    if header is None:
        return _add_section(rng, text, document)
    name = rng.choice((*IDENTITIES, *KEYS[:3]))
    lines = [text[header.value_start : header.value_end], f"{name} = {rng.choice(NAMES)}"]
    lines += [f"b = {rng.choice(SCALARS)}"] * rng.randint(0, 1)
    place = rng.choice([*(span.start for span in _sections(text, document)), len(text)])
    return _put_line(text, place, _newline(text).join(lines))


def _add_section(rng: Random, text: str, document: Document) -> str:
    header = rng.choice(("[{}]", "[[{}]]")).format(rng.choice(TABLES))
    lines = [header, f"{rng.choice(KEYS)} = {rng.choice(SCALARS)}"]
    if rng.random() < 0.4:
        lines.insert(0, rng.choice(COMMENTS))
    if rng.random() < 0.6:
        lines.insert(0, "")
    place = rng.choice([*(span.start for span in _sections(text, document)), len(text)])
    return _put_line(text, place, _newline(text).join(lines))


def _edit_array(rng: Random, text: str, document: Document) -> str:
    arrays = [
        statement
        for statement in document.statements
        if statement.kind == KEY and text[statement.value_start] == "["
    ]
    if not arrays:
        return _set_value(rng, text, document)
    statement = rng.choice(arrays)
    array = read_array(text, Span(statement.value_start, statement.value_end))
    new = rng.choice((*SCALARS, *NAMES))
    if not array.items:
        return _splice(text, *array.span, f"[{new}]")
    index = rng.randrange(len(array.items))
    item = array.items[index]
    what = rng.choice(("replace", "insert", "remove", "swap"))
    if what == "replace":
        return _splice(text, *item, new)
    if what == "insert":
        return _splice(text, item.start, item.start, f"{new}, ")
    if what == "remove":
        end = array.commas[index] + 1 if index < len(array.commas) else item.end
        return _splice(text, item.start, end, "")
    other = array.items[rng.randrange(len(array.items))]
    if other.start <= item.start:
        return text
    swapped = _splice(text, *other, text[slice(*item)])
    return _splice(swapped, *item, text[slice(*other)])


def _edit_string(rng: Random, text: str, document: Document) -> str:
    """Change a line of a multi-line string."""
    strings = [
        statement
        for statement in document.statements
        if statement.kind == KEY
        and text.startswith(('"""', "'''"), statement.value_start)
        and "\n" in text[statement.value_start : statement.value_end - 4]
    ]
    if not strings:
        return _set_value(rng, text, document)
    statement = rng.choice(strings)
    starts = [
        offset + 1
        for offset in range(statement.value_start, statement.value_end - 3)
        if text[offset] == "\n"
    ]
    start = rng.choice(starts)
    return _splice(text, start, start, f"{rng.choice(LINES)}{_newline(text)}")


def _comment_lines(text: str, document: Document) -> list[Span]:
    """Return the lines that hold nothing but a comment, outside of values."""
    inside = [
        Span(statement.value_start, statement.value_end)
        for statement in document.statements
        if statement.kind == KEY
    ]
    found: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True) if "\r" not in text else _lines(text):
        end = start + len(line)
        if line.lstrip().startswith("#") and not any(s < end and start < e for s, e in inside):
            found.append(Span(start, end))
        start = end
    return found


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")]


def _add_comment(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY, 1, ARRAY_TABLE)
    comment = rng.choice(COMMENTS)
    if statement is None:
        return _put_line(text, len(text), comment)
    if rng.random() < 0.5:
        return _put_line(text, _line_start(text, statement.value_start), comment)
    if "#" in text[statement.value_end : statement.end]:
        return text
    return _splice(text, statement.value_end, statement.value_end, f"  {comment}")


def _change_comment(rng: Random, text: str, document: Document) -> str:
    comments = _comment_lines(text, document)
    if not comments:
        return _add_comment(rng, text, document)
    start, end = rng.choice(comments)
    return _splice(text, start, end, f"{rng.choice(COMMENTS)}{_newline(text)}")


def _remove_comment(rng: Random, text: str, document: Document) -> str:
    comments = _comment_lines(text, document)
    beside = [
        Span(statement.value_end, statement.end)
        for statement in document.statements
        if "#" in text[statement.value_end : statement.end]
    ]
    if beside and rng.random() < 0.5:
        return _splice(text, *rng.choice(beside), _newline(text))
    return _splice(text, *rng.choice(comments), "") if comments else text


def _indent(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY, 1, ARRAY_TABLE)
    if statement is None:
        return text
    start = _line_start(text, statement.value_start)
    place = min(statement.key_start, statement.value_start)
    if "\n" in text[start:place]:
        return text
    return _splice(text, start, place, rng.choice(("", "  ", "\t")))


def _space_equals(rng: Random, text: str, document: Document) -> str:
    statement = _pick(rng, document, KEY)
    if statement is None:
        return text
    equals = rng.choice(("=", " = ", "  =\t"))
    return _splice(text, statement.key_end, statement.value_start, equals)


def _blank_line(rng: Random, text: str, document: Document) -> str:
    """Put in or take out a blank line, where this tears no comment from its key."""
    statement = _pick(rng, document, KEY, 1, ARRAY_TABLE)
    if statement is None:
        return text
    start = _line_start(text, min(statement.key_start, statement.value_start))
    above = text[:start].rpartition("\n")[0].rpartition("\n")[2].strip()
    if above.startswith("#"):
        return text
    return _put_line(text, start, "")


_EDITS: tuple[Callable[[Random, str, Document], str], ...] = (
    _set_value, _set_value, _set_value, _remove_key, _remove_key, _add_key, _add_key, _add_key,
    _rename_key, _move_key, _remove_section, _move_section, _copy_item, _copy_item, _add_section,
    _edit_array, _edit_array, _edit_string, _add_comment, _add_comment, _change_comment,
    _remove_comment, _indent, _space_equals, _blank_line,
)  # fmt: skip


# -- strategies ------------------------------------------------------------------------


@st.composite
def documents(draw: st.DrawFn, size: int = 6) -> str:
    """Generate the text of a valid document: comments, odd layout, all spellings of tables."""
    return write_document(draw(st.randoms(use_true_random=False)), size)


@st.composite
def edited(draw: st.DrawFn, text: str, most: int = 4) -> str:
    """Generate a version of ``text`` that a person has edited; draw it: ``data.draw(...)``."""
    return edit_document(draw(st.randoms(use_true_random=False)), text, most)


@st.composite
def reformatted(draw: st.DrawFn, text: str, most: int = 4) -> str:
    """Generate a version of ``text`` that differs in layout only."""
    return reformat_document(draw(st.randoms(use_true_random=False)), text, most)


@st.composite
def edit_pairs(draw: st.DrawFn, size: int = 6, most: int = 4) -> tuple[str, str]:
    """Generate a document and an edited version of it."""
    rng = draw(st.randoms(use_true_random=False))
    before = write_document(rng, size)
    return before, edit_document(rng, before, most)


@st.composite
def edit_triples(draw: st.DrawFn, size: int = 5, most: int = 3) -> tuple[str, str, str]:
    """Generate base, ours and theirs: a document and two edited versions of it."""
    rng = draw(st.randoms(use_true_random=False))
    base = write_document(rng, size)
    return base, edit_document(rng, base, most), edit_document(rng, base, most)
