"""A diff in a few words: one change is named whole, of several the first three."""

from __future__ import annotations

from sessionctl.core.diff.comparison import diff
from sessionctl.core.render.change_summary import change_summary
from tests.together import together

THREE = "a = 1\nb = 1\nc = 1\n"
WINDOWS = '[[windows]]\nname = "one"\n[[windows]]\nname = "two"\n'
SWAPPED = '[[windows]]\nname = "two"\n[[windows]]\nname = "one"\n'
CASES = [
    ("a=1\n", "a = 1\n", "layout"),
    ("a = 1\n", "a = 1  # x\n", "comments"),
    ("", "a = 'x'  # why\n", 'a added: "x"'),
    ("a = 1\nb = 1\n", "a = 1  # x\n", "b removed"),
    ("a = 1\n", "a = true\n", "a: 1 -> true"),
    (WINDOWS, SWAPPED, "windows[name=one] moved"),
    ("[old]\np = 1\nq = 2\n", "[new]\np = 1\nq = 2\n", "old renamed to new"),
    ("", "a = 1\nb = 1\n", "a, b"),
    ("", THREE, "a, b, c"),
    ("", f"{THREE}d = 1\n", "a, b, c and 1 more"),
    (THREE, "d = 1\ne = 1\n", "a, b, c and 2 more"),
]


@together("before, after, words", CASES)
def test_a_change_is_summed_up_in_one_line(before, after, words):
    assert change_summary(diff(before, after)) == words
