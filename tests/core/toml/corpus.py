"""Documents to edit: those of toml-test and tricky ones, and an oracle of what moved.

The oracle shares nothing with the edits but the parser: it looks at lines.
"""

from __future__ import annotations

import tomllib

from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.statement import ARRAY_TABLE, KEY
from tests.world import find_shared

SESSION = """\
#:schema ./session.schema.json

# who and where
schema_version = 1
name = "api"                      # the short name
root = '~/src/api'

# the editor window
[[windows]]
name = "editor"
layout = "main-vertical"          # a tmux layout name

  # code
  [[windows.panes]]
  name = "code"
  run = ["nvim", "src/main.py"]   # argv

  [[windows.panes]]
  name = "tests"
  run = [
    # the runner
    "watchexec",  # from cargo
    "pytest",
  ]

# ---- logs ----

[[windows]]
name = "logs"

# production
[connections.prod]
driver   = "postgres"
port     = 5432
password = { secret = "prod.password" }

[preferences]
theme = "dark"
# font = "mono"

# the end
"""

OUT_OF_ORDER = """\
# a
[a]
x = 1
# b
[b]
x = 2
# a.c
[a.c]
x = 3
# free

[b.c]
[a.d]
"""

SPLIT_ARRAYS = """\
[[a]]
x = 1 # one
[a.b]
y = 1

[z]
k = 0

# second
[[a]]
x = 2

  [[a.c]]
  v = 1

  [[a.c]]
  v = 2

[z.y]

[a.e]
w = 1
"""

INLINE = """\
a = { b = 1, c.d = 2, c.e = [ 1, 2 ], f = {} }
g = {h={i=1},j.k.l=2} # x
m = []
"""

ARRAYS = """\
one = [1, 2, 3]
padded = [ 1, 2 ]
tight=[1,2]
lines = [
  1,
  # two
  2, # deux

  # three
  3 # no comma
  # end
]
wrapped = [ 1, 2,
            3, 4, ]
firsts = [ 'a' # A
         , 'b' # B
         , 'c'
         ]
nested = [[1, 2], [], ['x']]
empty = [ ]
hollow = [
  # nothing yet
]
bracket = [1,
]
odd = [ 1 # one
  # about the comma
  , 2,
  3
  ,
]
"""

STRINGS = """\
a = \"\"\"
x\\
  y
# not a comment
\"\"\" # is one
b = '''l1
l2'''
c = 'C:\\x'
d = "q\\"q"
# e
e = \"\"\"one\"\"\"
"""

QUOTED_KEYS = """\
"" = 1
"a b" = 2
'c"d' = 3
["x.y"."é"]
"z\\tz" = 4
[["x.y".w]]
"" = {"" = 5}
"""

VALUES = """\
i = 0x1F
f = 1e3
n = nan
b = true
d = 1979-05-27 07:32:00Z
t = 07:32:00.5
day = 2020-01-01
"""

TRICKY = {
    "session": SESSION,
    "session in CRLF with a mark": "\ufeff" + SESSION.replace("\n", "\r\n"),
    "empty": "",
    "comment only": "# nothing here\n",
    "no final newline": "# c\na = 1\n[b]\nc = 2",
    "blank end": "a = 1\n\n\n",
    "tabs": "[a]\n\tb = 1\n\tc\t=\t2\n\n\t# sub\n\t[a.d]\n\t\te = 3\n",
    "dotted": "a.b.c = 1\na.b.d = 2 # two\n\n# e\na.e = 3\nf = 4\n\"g.h\".'i j' = 5\n",
    "dotted below a header": "[s]\n# one\nx.y = 1\nx.z = 2\n# q\nq = 3\n\n[t]\nu = 1\n",
    "dotted, then a header": "[fruit]\napple.color = 'red'\napple.taste.sweet = true\n\n"
    "[fruit.apple.texture] # sub\nsmooth = true\n",
    "header after its children": "# deep\n[a.b.c]\nx = 1\n\n# a\n[a]\ny = 2\nb.d = 3\n\n[z]\n",
    "super table only": "[a.b.c]\n[a.b.d]\ne = 1\n",
    "out of order": OUT_OF_ORDER,
    "arrays split by tables": SPLIT_ARRAYS,
    "array of an implicit table": "[[p.q]]\nx = 1\n[[p.q]]\nx = 2\n[p.q.r]\ns = 3\n",
    "inline": INLINE,
    "inline in arrays": "a = [\n  { name = 'x', n = 1 }, # first\n  { name = 'y', n = 2 },\n]\n"
    "b = [{c = [{d = 1}]}, {c = []}]\n",
    "arrays": ARRAYS,
    "strings": STRINGS,
    "aligned": "[a]\nshort     = 1\nlonger    = 'x'\nmuch_long = []\n\nalone = 1\n",
    "tight": "a=1\nb='x'\n[c]\nd=[1,2]\ne={f=1}\n",
    "quoted keys": QUOTED_KEYS,
    "values": VALUES,
    "gapless": "# a\n[a]\nx = 1\n# b\n[b]\ny = 1\n# c\n[c]\n# c.d\n[c.d]\nz = 1\n",
    "wide": "a = 1\n\n\n\n# b\n[b]\nx = 1\n\n\n\n# c\n[c]\ny = 1\n",
}


def toml_test_list(version: str = "1.0.0") -> list[str]:
    """Return the names of the files of toml-test for a version, or none without the data."""
    path = find_shared("toml-test", "tests", f"files-toml-{version}")
    return path.read_text().split() if path else []


def valid_texts() -> dict[str, str]:
    """Return the valid documents of toml-test by name."""
    found = {}
    for name in toml_test_list():
        if name.startswith("valid/") and name.endswith(".toml"):
            path = find_shared("toml-test", "tests", name)
            found[name] = path.read_bytes().decode()
    return found


def plain_value(text: str):
    """Return what tomllib reads from ``text``."""
    return tomllib.loads(text.removeprefix("\ufeff"))


class Lines:
    """The lines of a document, with what each belongs to.

    ``paths`` are the paths of the statements, indexes included. ``owner[n]`` is the
    statement that line ``n`` is part of, or the one right below a comment line, else
    None; ``kind[n]`` is "statement", "comment" or "blank".
    """

    def __init__(self, text: str) -> None:
        self.document = Document.parse(text)
        self.lines = text.removeprefix("\ufeff").split("\n")
        self.lines = [line.rstrip("\r") for line in self.lines]
        self.paths = _paths(self.document)
        self.owner: list[int | None] = [None] * len(self.lines)
        self.kind = [
            "comment" if line.lstrip(" \t").startswith("#") else "blank" for line in self.lines
        ]
        for index, statement in enumerate(self.document.statements):
            first = text.count("\n", 0, min(statement.key_start, statement.value_start))
            last = text.count("\n", 0, statement.value_end)
            for line in range(first, last + 1):
                self.owner[line] = index
                self.kind[line] = "statement"
        for line in range(len(self.lines) - 2, -1, -1):
            is_directive = self.lines[line].lstrip(" \t").startswith("#:")
            if self.kind[line] == "comment" and not is_directive:
                self.owner[line] = self.owner[line + 1] if self._holds(line + 1) else None

    def _holds(self, line: int) -> bool:
        if self.kind[line] == "statement":
            # Not in the middle of a statement: the comment would be part of it.
            return True
        return self.kind[line] == "comment"

    def touched(self, path: tuple) -> set[int]:
        """Return the statements that are at, in or around ``path``."""
        found = set()
        for index, own in enumerate(self.paths):
            is_key = self.document.statements[index].kind == KEY
            if own[: len(path)] == path or (is_key and path[: len(own)] == own):
                found.add(index)
        return found


def _paths(document: Document) -> list[tuple]:
    last: dict[tuple, int] = {}

    def resolved(keys) -> tuple:
        path: tuple = ()
        for key in keys:
            path = (*path, key)
            if path in last:
                path = (*path, last[path])
        return path

    found = []
    section: tuple = ()
    for statement in document.statements:
        if statement.kind == KEY:
            found.append((*section, *statement.keys))
            continue
        if statement.kind == ARRAY_TABLE:
            array = (*resolved(statement.keys[:-1]), statement.keys[-1])
            last[array] = last.get(array, -1) + 1
        section = resolved(statement.keys)
        found.append(section)
    return found


def complaints(before: str, after: str, path: tuple, *, deletes: bool) -> list[str]:
    """Return what an edit at ``path`` moved, tore or lost outside of what it touched."""
    old, new = Lines(before), Lines(after)
    touched = old.touched(path)
    found = []
    must_stay = [n for n in range(len(old.lines)) if _must_stay(old, n, touched)]
    have = iter(new.lines)
    if touched and not deletes and len(old.paths[min(touched)]) <= len(path):
        # The comment of what was changed may move with it.
        lead = [n for n, owner in enumerate(old.owner) if owner == min(touched)]
        lead = [old.lines[n] for n in lead if old.kind[n] == "comment"]
        found += [f"lost: {line!r}" for line in lead if line not in new.lines]
    found += [f"moved or lost: {old.lines[n]!r}" for n in must_stay if old.lines[n] not in have]
    for n in must_stay:
        line = old.lines[n]
        if old.kind[n] != "comment" or before.count(line) != 1 or after.count(line) != 1:
            continue
        owner, place = old.owner[n], new.lines.index(line)
        if owner is None:
            if new.owner[place] is not None:
                found.append(f"torn: {line!r} was free")
        elif owner not in touched and _head(new, new.owner[place]) != _head(old, owner):
            found.append(f"torn: {line!r} has another owner")
    if before.startswith("\ufeff") != after.startswith("\ufeff"):
        found.append("byte order mark")
    if len(before) > 1 and before.endswith("\n") != after.endswith("\n") and len(after) > 1:
        found.append("final newline")
    if "\r\n" in before and "\n" not in before.replace("\r\n", ""):
        if "\n" in after.replace("\r\n", ""):
            found.append("line ends")
    return found


def _head(lines: Lines, index: int | None) -> str:
    if index is None:
        return "none"
    first = lines.owner.index(index)
    while lines.kind[first] != "statement":
        first += 1
    return lines.lines[first]


def _must_stay(old: Lines, line: int, touched: set[int]) -> bool:
    kind, owner = old.kind[line], old.owner[line]
    if kind == "blank":
        return False
    if kind == "statement":
        return owner not in touched
    if owner is not None:
        return owner not in touched
    # A free comment goes with a table when it stands between two of its statements.
    around = [n for n in range(line, len(old.lines)) if old.kind[n] == "statement"][:1]
    above = [n for n in range(line) if old.kind[n] == "statement"][-1:]
    return not (around and above and {old.owner[around[0]], old.owner[above[0]]} <= touched)
