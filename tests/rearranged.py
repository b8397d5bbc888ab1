"""Generated files that people rearrange: tables renamed, split, moved, made inline, renumbered.

A file is a list of sections with entries, each with a number of its own, so that an edit
finds its place wherever the other side put it. Where two lists of edits give the same
value in either order, that value is what a merge of the two sides should be.
"""

from __future__ import annotations

import copy
import functools
import tomllib
from dataclasses import dataclass, field
from itertools import count, pairwise

WORDS = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi",
)  # fmt: skip
TABLES = ("tool", "lint", "build", "group", "dev", "test", "deps", "cache", "docs", "paths")


@dataclass
class Entry:
    """One key with the source text of its value."""

    number: int
    key: str
    text: str
    comment: str = ""


@dataclass
class Section:
    """One header with its entries; the first section of a file has none."""

    number: int
    path: tuple[str, ...]
    entries: list[Entry] = field(default_factory=list)
    is_item: bool = False
    is_inline: bool = False
    """Written as ``key = { ... }`` at the end of the section above its parent."""

    def copy(self):
        """Return a copy, with entries of its own."""
        entries = [Entry(one.number, one.key, one.text, one.comment) for one in self.entries]
        return Section(self.number, self.path, entries, self.is_item, self.is_inline)

    @property
    def lines(self):
        return "".join(f"{e.comment}{e.key} = {e.text}\n" for e in self.entries)


def render(sections):
    """Return the text of a file."""
    parts = []
    for section in sections:
        if section.is_inline:
            inner = ", ".join(f"{e.key} = {e.text}" for e in section.entries)
            parts.append(f"{section.path[-1]} = {{ {inner} }}\n")
            continue
        name = ".".join(section.path)
        header = f"[[{name}]]\n" if section.is_item else f"[{name}]\n" if name else ""
        parts.append(("\n" if parts else "") + header + section.lines)
    return "".join(parts)


def value_of(sections):
    """Return the value of a file, which is not to be changed; None where it is no TOML."""
    return _loaded(render(sections))


@functools.lru_cache(64)  # an edit is tried, then made, then looked at again
def _loaded(text):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


class Writer:
    """Writes files and edits of them; ``rng`` decides."""

    def __init__(self, rng):
        self.rng = rng
        self.numbers = count(1)

    def value(self):
        """Return the text of a value that hardly any other is equal to."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.3:
            return str(rng.randrange(10**6))
        if kind < 0.5:
            return f'"{rng.randrange(9)}.{rng.randrange(99)}.{rng.randrange(99)}"'
        if kind < 0.65:
            return "[" + ", ".join(f'"{w}"' for w in rng.sample(WORDS, rng.randint(1, 4))) + "]"
        if kind < 0.75:
            return '"""\\\n' + "".join(f"  ${w}\\\n" for w in rng.sample(WORDS, 6)) + '  """'
        return f'"{rng.choice(WORDS)} {rng.choice(WORDS)} {rng.randrange(999)}"'

    def entries(self, low, high):
        keys = self.rng.sample(WORDS, self.rng.randint(low, high))
        return [Entry(next(self.numbers), key, self.value()) for key in keys]

    def file(self):
        """Return the sections of a new file."""
        rng = self.rng
        found = [Section(next(self.numbers), (), self.entries(0, 3))]
        paths = {}
        while len(paths) < rng.randint(2, 4):
            paths[tuple(rng.sample(TABLES, rng.choice((1, 2, 2, 3))))] = None
        found += [Section(next(self.numbers), path, self.entries(2, 6)) for path in paths]
        if rng.random() < 0.4:
            found += [
                Section(next(self.numbers), ("services", f"s{n:02}"), self.entries(3, 4))
                for n in range(1, rng.randint(4, 6))
            ]
        if rng.random() < 0.4:
            for word in rng.sample(WORDS, rng.randint(2, 4)):
                name = Entry(next(self.numbers), "name", f'"{word}"')
                found.append(
                    Section(next(self.numbers), ("jobs",), [name, *self.entries(1, 3)], True)
                )
        return found if value_of(found) is not None else self.file()

    def edit(self, sections):
        """Return an edit that fits ``sections``: a function from sections to other ones or None."""
        while True:
            edit = self.rng.choice(EDITS)(self, sections)
            if edit is None:
                continue
            after = applied(edit, sections)
            if after is not None and value_of(after) != value_of(sections):
                return edit


def applied(edit, sections):
    """Return ``sections`` after ``edit``; None where it has no place or leaves no TOML."""
    after = [section.copy() for section in sections]
    try:
        after = edit(after)
    except LookupError:
        return None
    return after if after is not None and value_of(after) is not None else None


def _section(sections, number):
    return next((s for s in sections if s.number == number), None) or _missing()


def _entry(sections, number):
    for section in sections:
        for entry in section.entries:
            if entry.number == number:
                return section, entry
    return _missing()


def _missing():
    raise LookupError("the other side took it out")


def _tables(sections):
    return [s for s in sections if s.path and not s.is_item and not s.is_inline]


def _pick_table(writer, sections, least=0):
    found = [s for s in _tables(sections) if len(s.entries) >= least]
    return writer.rng.choice(found) if found else None


# -- edits: each returns a function that makes it in any version of the file ---------------


def _change(writer, sections):
    entries = [e for s in sections for e in s.entries if e.key != "name"]
    if not entries:
        return None
    entry = writer.rng.choice(entries)
    number, text = entry.number, writer.value()
    # A moved key that becomes another kind of thing is not known again.
    while text[0] != entry.text[0] and not (text[0] + entry.text[0]).isdigit():
        text = writer.value()

    def edit(after):
        _entry(after, number)[1].text = text
        return after

    return edit


def _change_line(writer, sections):
    folded = [e for s in sections for e in s.entries if e.text.startswith('"""')]
    if not folded:
        return None
    entry = writer.rng.choice(folded)
    old = writer.rng.choice(entry.text.split("\n")[1:-1])
    new = f"  ${writer.rng.choice(WORDS)}{writer.rng.randrange(9)}\\"
    number = entry.number

    def edit(after):
        found = _entry(after, number)[1]
        if f"\n{old}\n" not in found.text:
            _missing()
        found.text = found.text.replace(f"\n{old}\n", f"\n{new}\n", 1)
        return after

    return edit


def _add(writer, sections):
    section = writer.rng.choice(sections)
    behind = writer.rng.choice([None, *(e.number for e in section.entries)])
    new = Entry(next(writer.numbers), f"new-{writer.rng.choice(WORDS)}", writer.value())
    number = section.number

    def edit(after):
        if behind is None:
            _section(after, number).entries.insert(0, copy.copy(new))
        else:
            there, entry = _entry(after, behind)
            there.entries.insert(there.entries.index(entry) + 1, copy.copy(new))
        return after

    return edit


def _delete(writer, sections):
    entries = [e for s in sections for e in s.entries if e.key != "name"]
    if not entries:
        return None
    number = writer.rng.choice(entries).number

    def edit(after):
        section, entry = _entry(after, number)
        section.entries.remove(entry)
        return after

    return edit


def _comment(writer, sections):
    entries = [e for s in sections for e in s.entries if not s.is_inline]
    if not entries:
        return None
    number, text = writer.rng.choice(entries).number, f"# why {writer.rng.choice(WORDS)}\n"

    def edit(after):
        section, entry = _entry(after, number)
        if section.is_inline:
            _missing()
        entry.comment += text
        return after

    return edit


def _rename_key(writer, sections):
    # In an item of an array it is a deletion and an addition, as the docs say.
    entries = [e for s in sections for e in s.entries if not s.is_item]
    if not entries:
        return None
    entry = writer.rng.choice(entries)
    number, key = entry.number, f"{entry.key}-{writer.rng.choice(WORDS)}"

    def edit(after):
        _entry(after, number)[1].key = key
        return after

    return edit


def _rename_table(writer, sections):
    table = _pick_table(writer, sections, least=2)
    if table is None:
        return None
    old = table.path
    rng = writer.rng
    new = rng.choice(
        [(*old[:-1], "group", old[-1]), (*old[:-1], f"new-{old[-1]}"), (f"x-{old[0]}", *old[1:])]
    )

    number = table.number

    def edit(after):
        if _section(after, number).path != old:
            _missing()
        for section in after:
            if section.path[: len(old)] == old:
                section.path = new + section.path[len(old) :]
        return after

    return edit


def _rename_items(writer, sections):
    if not any(s.is_item for s in sections):
        return None
    new = (writer.rng.choice(["tasks", "new-jobs"]),)

    def edit(after):
        items = [s for s in after if s.is_item]
        if not items or items[0].path == new:
            _missing()
        for section in items:
            section.path = new
        return after

    return edit


def _split(writer, sections):
    """Put a header in above some keys of a table."""
    table = _pick_table(writer, sections, least=4)
    if table is None:
        return None
    below = writer.rng.randint(1, len(table.entries) - 2)
    number, numbers = table.number, [e.number for e in table.entries[below:]]
    new = next(writer.numbers)
    name = f"sub-{writer.rng.choice(WORDS)}"

    def edit(after):
        section = _section(after, number)
        at = next((i for i, e in enumerate(section.entries) if e.number in numbers), None)
        there = {e.number for e in section.entries}
        elsewhere = {e.number for s in after for e in s.entries} - there
        if at is None or section.is_inline or elsewhere & {*numbers}:
            _missing()
        moved = section.entries[at:]
        del section.entries[at:]
        after.insert(after.index(section) + 1, Section(new, (*section.path, name), moved))
        return after

    return edit


def _move_keys(writer, sections):
    """Move the last keys of a table to the end of another one."""
    source, target = _pick_table(writer, sections, least=3), _pick_table(writer, sections)
    if source is None or source is target:
        return None
    numbers = [e.number for e in source.entries[-2:]]
    to = target.number

    def edit(after):
        there = _section(after, to)
        for number in numbers:
            section, entry = _entry(after, number)
            section.entries.remove(entry)
            there.entries.append(entry)
        return after

    return edit


def _delete_table(writer, sections):
    table = _pick_table(writer, sections)
    if table is None:
        return None
    number = table.number

    def edit(after):
        after.remove(_section(after, number))
        return after

    return edit


def _add_table(writer, sections):
    table = _pick_table(writer, sections)
    path = (*table.path[:-1], f"more-{writer.rng.choice(WORDS)}") if table else ("more",)
    new = Section(next(writer.numbers), path, writer.entries(2, 4))
    behind = writer.rng.choice(sections).number

    def edit(after):
        at = after.index(_section(after, behind)) + 1
        while at < len(after) and after[at].is_inline:
            at += 1
        after.insert(at, new.copy())
        return after

    return edit


def _make_inline(writer, sections):
    """Write a table as ``key = { ... }`` in the table that stands above it."""
    pairs = [
        (one.number, two.number)
        for one, two in pairwise(sections)
        if two in _tables(sections)
        and two.path[:-1] == one.path
        and not one.is_item
        and not one.is_inline
        and not any("\n" in e.text for e in two.entries)
    ]
    if not pairs:
        return None
    above, number = writer.rng.choice(pairs)

    def edit(after):
        section = _section(after, number)
        place = after.index(section)
        if after[place - 1].number != above or any(e.comment for e in section.entries):
            _missing()
        if any("\n" in e.text for e in section.entries):
            _missing()
        section.is_inline = True
        return after

    return edit


def _shift(writer, sections):
    """Put a numbered table in, or take one out, and renumber those behind it."""
    numbered = _numbered(sections)
    if len(numbered) < 3:
        return None
    rng = writer.rng
    chosen = rng.choice(numbered).number
    new = None
    if rng.random() < 0.6:
        new = Section(next(writer.numbers), ("services", "new"), writer.entries(3, 4))

    def edit(after):
        at = after.index(_section(after, chosen))
        if new is None:
            del after[at]
        else:
            after.insert(at, new.copy())
        for number, section in enumerate(_numbered(after), start=1):
            section.path = ("services", f"s{number:02}")
        return after

    return edit


def _numbered(sections):
    if any(s.path[:1] == ("services",) and len(s.path) > 2 for s in sections):
        return []
    return [s for s in sections if s.path[:1] == ("services",)]


EDITS = (
    _change, _change, _change, _change_line, _add, _add, _delete, _comment, _rename_key,
    _rename_table, _rename_table, _rename_items, _split, _move_keys, _delete_table, _add_table,
    _make_inline, _shift, _shift,
)  # fmt: skip


@dataclass
class Rearranged:
    """Base, ours and theirs, and the one value that both lists of edits give, if there is one."""

    base: str
    ours: str
    theirs: str
    wanted: object = None

    @property
    def texts(self):
        return self.base, self.ours, self.theirs


def rearranged(rng, most=2):
    """Generate a file and two rearranged versions of it, each with up to ``most`` edits."""
    writer = Writer(rng)
    base = writer.file()
    sides, lists = [], []
    for _ in range(2):
        side, edits = base, []
        for _ in range(rng.randint(1, most)):
            edit = writer.edit(side)
            side = applied(edit, side)
            edits.append(edit)
        sides.append(side)
        lists.append(edits)
    ours, theirs = sides
    both = [_all_applied(ours, lists[1]), _all_applied(theirs, lists[0])]
    values = [None if one is None else value_of(one) for one in both]
    wanted = values[0] if None not in values and values[0] == values[1] else None
    return Rearranged(render(base), render(ours), render(theirs), wanted)


def _all_applied(sections, edits):
    for edit in edits:
        sections = applied(edit, sections) if sections is not None else None
    return sections
