"""Edits of different places: merged, they are what one edit made of the text of the other.

The expectation is made by replacing text, with no code of ours: byte for byte.
"""

from __future__ import annotations

from random import Random

from sessionctl.core.conflict.markers import MarkerStyle
from sessionctl.core.merge import merge
from sessionctl.core.merge.context import MergeContext
from sessionctl.core.merge.structural_merge import merge_structure
from sessionctl.core.toml.parse.statement import ParseMemory

BASE = """\
# the service
name = "api"    # short
version = "1.0.0"
tags = ["a", "b", "d"]
matrix = [
  "linux",  # first
  "macos",
]
text = '''
one
two
three
'''

[server]
host = "h"
port = 80
limits = { cpu = 1, memory = 2 }

# the database
[server.db]
url = "u"
pool.size = 5
pool.wait = 6

[[windows]]
name = "editor"
layout = "tiled"

  [[windows.panes]]
  name = "code"
  run = ["vim", "x"]

  # tests
  [[windows.panes]]
  name = "tests"
  run = "make"

[[windows]]
name = "logs"

[dependencies]
beta = "1"
gamma = { version = "1.0", features = ["x"] }

[last]
x = 1
y = 2
"""
# What is replaced, and what stands there then. No two of them touch.
EDITS = {
    "a value": ('"api"', '"web"'),
    "a comment beside": ("# short", "# long"),
    "a comment above": ("# the service", "# the service\n# of all"),
    "a key that goes": ('version = "1.0.0"\n', ""),
    "an element between": ('"b", "d"', '"b", "c", "d"'),
    "an element in front": ('["a"', '["A", "a"'),
    "a comment in an array": ("# first", "# the first"),
    "an element on its own line": ('  "macos",\n', '  "macos",\n  "windows",\n'),
    "a line of a text": ("two\n", "zwei\n"),
    "a value in a table": ("port = 80", "port = 81"),
    "a key that is new": ('host = "h"\n', 'host = "h"\ntls = true\n'),
    "a value in an inline table": ("cpu = 1", "cpu = 4"),
    "an entry of an inline table": ("memory = 2", "memory = 2, disk = 3"),
    "another spelling": ('url = "u"', "url = 'u'"),
    "a dotted key": ("pool.size = 5", "pool.size = 7"),
    "a dotted key that goes": ("pool.wait = 6\n", ""),
    "a comment above a table": ("# the database", "# the other database"),
    "a value of an item": ('"tiled"', '"even-vertical"'),
    "an argument": ('["vim", "x"]', '["vim", "-R", "x"]'),
    "an item that is new": ("  # tests\n", '  [[windows.panes]]\n  name = "new"\n\n  # tests\n'),
    "a key of an item": ('  run = "make"', '  cwd = "src"\n  run = "make"'),
    "an item that goes": ('[[windows]]\nname = "logs"\n\n', ""),
    "a dependency": ('beta = "1"', 'beta = "2"'),
    "a dependency in front": ("[dependencies]\n", '[dependencies]\nalpha = "1"\n'),
    "a feature": ('["x"]', '["x", "y"]'),
    "a table that is new": ("[last]\n", "[new]\nz = 1\n\n[last]\n"),
    "a value of the last table": ("x = 1", "x = 3"),
    "a key at the end": ("y = 2\n", "y = 2\nz = 3\n"),
}


# What the other side makes of the same place: a conflict.
OTHERWISE = {
    "a value": '"srv"',
    "a key that goes": 'version = "2.0.0"\n',
    "a line of a text": "deux\n",
    "a value in a table": "port = 82",
    "a value in an inline table": "cpu = 8",
    "a dotted key": "pool.size = 8",
    "a value of an item": '"main-vertical"',
    "a dependency": 'beta = "3"',
    "a value of the last table": "x = 4",
}
# In the same statement: a conflict covers it whole.
BESIDE = {
    "a value": "a comment beside",
    "a value in an inline table": "an entry of an inline table",
}


def edited(names, otherwise=()):
    text = BASE
    for name in names:
        old, new = EDITS[name]
        assert text.count(old) == 1, name
        text = text.replace(old, OTHERWISE[name] if name in otherwise else new)
    return text


def by_structure(*texts):
    """Return the merge of three texts as it is when their lines prove nothing."""
    context = MergeContext(MarkerStyle(), ParseMemory())
    return merge_structure([context.parse(text) for text in texts], context)


def splits():
    """Yield the edits, shared out to two sides at random; some are made by neither."""
    for seed in range(12):
        random = Random(seed)
        names = random.sample(list(EDITS), len(EDITS) - seed)
        cut = random.randint(1, len(names) - 1)
        yield names[:cut], names[cut:]


def test_edits_of_different_places_are_all_made_and_nothing_else():
    alone = [([name], [other for other in EDITS if other != name]) for name in EDITS]
    for ours, theirs in [*splits(), *alone]:
        sides = edited(ours), edited(theirs)
        expected = edited([*ours, *theirs])
        assert merge(BASE, *sides).text == expected
        assert by_structure(BASE, *sides).text == expected
        assert by_structure(BASE, *sides[::-1]).text == expected


def test_an_edit_that_both_sides_made_is_one():
    for ours, theirs in splits():
        both = edited([*ours, *theirs])
        assert by_structure(BASE, both, edited(theirs)).text == both
        assert by_structure(BASE, edited(ours), both).text == both


def test_a_conflict_takes_nothing_with_it():
    for ours, theirs in splits():
        clash = Random(len(ours)).sample(list(OTHERWISE), 1 + len(ours) % 3)
        taken = {*clash, *(BESIDE.get(name) for name in clash)}
        mine = [*(name for name in ours if name not in taken), *clash]
        others = [name for name in theirs if name not in taken]
        result = merge(BASE, edited(mine), edited([*others, *clash], clash))
        everything = [*mine, *others]
        assert len(result.conflicts) == len(clash)
        assert result.resolved("ours").text == edited(everything)
        assert result.resolved("theirs").text == edited(everything, clash)


# What one side calls otherwise, and the edits that touch the same words, or that are not sure.
NAMES = {
    "a table below another": ([("[server.db]", "[database]")], ["a comment above a table"]),
    "a table with one below": (
        [("[server]", "[web]"), ("[server.db]", "[web.db]")], ["a comment above a table"],
    ),
    "a table of versions": (
        [("[dependencies]", "[build.needs]")], ["a dependency in front"],
    ),
    "an item": ([('name = "editor"', 'name = "code-window"')], []),
    "the last table": ([("[last]", "[final]")], ["a table that is new"]),
}  # fmt: skip


def renamed(text, name):
    for old, new in NAMES[name][0]:
        text = text.replace(old, new)
    return text


def test_edits_follow_what_the_other_side_renamed():
    for name, (_, left_out) in NAMES.items():
        edits = [edit for edit in EDITS if edit not in (*left_out, "another spelling")]
        few = [[edit] for edit in edits if name == "a table below another"]
        for made in [edits, edits[::2], edits[1::2], *few]:
            sides = renamed(BASE, name), edited(made)
            expected = renamed(edited(made), name)
            assert merge(BASE, *sides).text == expected
            assert merge(BASE, *sides[::-1]).text == expected


DOTTED = "server.host = 'h'  # the host\nserver.port = 1\n"
WITH_HEADER = "[server]\nhost = 'h'  # the host\nport = 1\n"


def test_an_edit_is_made_in_the_spelling_that_the_other_side_gave_a_table():
    new = "server.'a b' = true  # new\n"
    for base, ours, theirs, expected in (
        (DOTTED, WITH_HEADER, DOTTED.replace("'h'", "'i'"), WITH_HEADER.replace("'h'", "'i'")),
        (DOTTED, WITH_HEADER, DOTTED + new, WITH_HEADER + '"a b" = true  # new\n'),
        (WITH_HEADER, DOTTED, WITH_HEADER.replace("'h'", "'i'"), DOTTED.replace("'h'", "'i'")),
    ):
        assert merge(base, ours, theirs).text == expected
