"""What one machine changes, written where it came from: whole documents."""

from __future__ import annotations

import tomllib

from sessionctl.core.session.override_layers import ItemOrigin, with_changes
from sessionctl.core.session.session import resolve_overrides
from tests.together import together

ON_A = '[[overrides]]\nwhen = { host = "a" }\n'
ON_B = '[[overrides]]\nwhen = { host = "b" }\n'


def put(text, after, origins=None, host="a"):
    """Return the document ``text`` changed so that on ``host`` it is ``after``."""
    value = tomllib.loads(text)
    wanted = tomllib.loads(after)
    if origins is None:
        origins = [ItemOrigin(n) for n in range(len(wanted.get("windows", [])))]
    found = with_changes(value, wanted, origins, host, "linux")
    assert value == tomllib.loads(text)
    return found


@together(
    "text, after, expected",
    [
        # Into the session itself, or the last override that says it.
        ("root = 'x'\n", "root = 'y'\n", "root = 'y'\n"),
        ("root = 'x'\n" + ON_A + "group = 'g'\n", "root = 'y'\ngroup = 'g'\n",
         "root = 'y'\n" + ON_A + "group = 'g'\n"),
        ("root = 'x'\n" + ON_A + "root = 'y'\n", "root = 'z'\n",
         "root = 'x'\n" + ON_A + "root = 'z'\n"),
        ("root = 'x'\n" + ON_A + "root = 'y'\n" + ON_A + "root = 'z'\n", "root = 'w'\n",
         "root = 'x'\n" + ON_A + "root = 'y'\n" + ON_A + "root = 'w'\n"),
        ("root = 'x'\n" + ON_A + "root = 'y'\n" + ON_B + "root = 'z'\n", "root = 'w'\n",
         "root = 'x'\n" + ON_A + "root = 'w'\n" + ON_B + "root = 'z'\n"),
        # What is new is the session's.
        ("root = 'x'\n" + ON_A + "group = 'g'\n", "root = 'x'\ngroup = 'g'\nname = 'n'\n",
         "root = 'x'\nname = 'n'\n" + ON_A + "group = 'g'\n"),
        # What goes, from wherever it was said once.
        ("root = 'x'\n" + ON_A + "group = 'g'\n", "root = 'x'\n", "root = 'x'\n" + ON_A),
        ("root = 'x'\n" + ON_A + "group = 'g'\n", "group = 'g'\n", ON_A + "group = 'g'\n"),
        # Over a value of the session an override cannot say that there is none: it stays.
        ("root = 'x'\n" + ON_A + "root = 'y'\n", "", "root = 'x'\n" + ON_A + "root = 'y'\n"),
        # Variables and options by their names; one that is gone is removed.
        ("env = { A = '1', B = '2' }\n" + ON_A + "env = { B = '3', C = '4' }\n",
         "env = { A = '5', B = '6', C = '7', D = '8' }\n",
         "env = { A = '5', B = '2', D = '8' }\n" + ON_A + "env = { B = '6', C = '7' }\n"),
        ("env = { A = '1', B = '2' }\n" + ON_A + "env = { B = '3', C = '4' }\n",
         "env = { }\n", "env = { B = '2' }\n" + ON_A + "env = { B = false }\n"),
        ("env = { A = '1' }\n" + ON_A + "env = { A = { secret = 's' } }\n",
         "env = { A = '2' }\n", "env = { A = '1' }\n" + ON_A + "env = { A = '2' }\n"),
        # A window and its panes by their names.
        ("[[windows]]\nname = 'w'\ncwd = 'a'\n" + ON_A + "windows = [{ name = 'w', cwd = 'b' }]\n",
         "[[windows]]\nname = 'w'\ncwd = 'c'\nlayout = 'tiled'\n",
         "[[windows]]\nname = 'w'\ncwd = 'a'\nlayout = 'tiled'\n" + ON_A
         + "windows = [{ name = 'w', cwd = 'c' }]\n"),
        ("[[windows]]\nname = 'w'\ncwd = 'a'\n" + ON_A + "windows = [{ name = 'w', cwd = 'b' }]\n",
         "[[windows]]\nname = 'w'\n",
         "[[windows]]\nname = 'w'\ncwd = 'a'\n" + ON_A + "windows = [{ name = 'w', cwd = '.' }]\n"),
        ("windows = [{ name = 'w', panes = [{ name = 'p', shell = false }] }]\n" + ON_A
         + "windows = [{ name = 'w', panes = [{ name = 'p', shell = ['x'] }, { name = 'q' }] }]\n",
         "windows = [{ name = 'w', panes = [{ name = 'p' }, { name = 'q', run = ['y'] }] }]\n",
         "windows = [{ name = 'w', panes = [{ name = 'p', shell = false }] }]\n" + ON_A
         + "windows = [{ name = 'w', panes = [{ name = 'p', shell = true },"
         " { name = 'q', run = ['y'] }] }]\n"),
        # Panes without names are one list: the override has all of it.
        ("windows = [{ name = 'w', panes = [{ run = 'x' }] }]\n" + ON_A
         + "windows = [{ name = 'w', panes = [{ run = 'y' }] }]\n",
         "windows = [{ name = 'w', panes = [{ run = 'z' }, { run = 'v' }] }]\n",
         "windows = [{ name = 'w', panes = [{ run = 'x' }] }]\n" + ON_A
         + "windows = [{ name = 'w', panes = [{ run = 'z' }, { run = 'v' }] }]\n"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_a_change_is_written_where_the_value_came_from(text, after, expected):
    found = put(text, after)
    assert found == tomllib.loads(expected)
    keys = list(tomllib.loads(text))
    assert [key for key in found if key in keys] == [key for key in keys if key in found]


TWO = """
[[windows]]
name = "a"
cwd = "1"
[[windows]]
name = "b"
""" + ON_A + """
[[overrides.windows]]
name = "a"
cwd = "2"
[[overrides.windows]]
name = "c"
""" + ON_B + """
[[overrides.windows]]
name = "a"
cwd = "3"
panes = [{ name = "p" }]
[[overrides.windows]]
name = "b"
layout = "tiled"
"""  # fmt: skip


@together(
    "names, origins, base, on_a, on_b",
    [
        ("a b c", [0, 1, 2], "a1 b", "a2 c", "a3 b"),
        ("x b c", [0, 1, 2], "x1 b", "x2 c", "x3 b"),  # renamed, in every override
        ("b c", [1, 2], "b", "c", "b"),  # gone from all
        ("a b", [0, 1], "a1 b", "a2", "a3 b"),
        ("a b y", [0, 1, 2], "a1 b", "a2 y", "a3 b"),
        ("b a c", [1, 0, 2], "b a1", "a2 c", "a3 b"),
        ("n a b c", [None, 0, 1, 2], "n a1 b", "a2 c", "a3 b"),
        ("c b a", None, "b a1", "a2 c", "a3 b"),  # with no word of what they were: by their names
        ("c q", None, "q", "c", None),
        ("a b c", [0, 0, 2], "a1 b", "a2 c", "a3 b"),  # which cannot be
        ("a b c", [0, 1, 9], "a1 b", "a2 c", "a3 b"),
    ],
)  # fmt: skip
def test_windows_are_renamed_and_removed_in_every_override(names, origins, base, on_a, on_b):
    value = tomllib.loads(TWO)
    here = {item["name"]: item for item in resolve_overrides(value, "a", "linux")["windows"]}
    known = ["a", "b", "c"]
    windows = []
    for n, name in enumerate(names.split()):
        place = origins[n] if origins and origins[n] in (0, 1, 2) else None
        old = known[place] if place is not None and name not in known else name
        windows.append({**here.get(old, {}), "name": name})
    given = [] if origins is None else [ItemOrigin(place) for place in origins]
    found = with_changes(value, {"windows": windows}, given, "a", "linux")
    # What only an override has stands behind what the session has.
    there = resolve_overrides(found, "a", "linux")["windows"]
    assert sorted(there, key=str) == sorted(windows, key=str)

    def shown(table):
        items = table.get("windows")
        return items and " ".join(item["name"] + item.get("cwd", "") for item in items)

    first, second = found["overrides"]
    assert (shown(found), shown(first), shown(second)) == (base, on_a, on_b)
