"""The sides of a conflict drawn whole, with the roles of their colours."""

from __future__ import annotations

from pathlib import Path

from sessionctl.core.render.conflict_text import ShownSide, render_sides
from tests.core.render.marked_lines import marked
from tests.golden import parts_of
from tests.together import together

GOLDEN = parts_of(Path(__file__).parent / "golden" / "sides.txt")
LINES = [f"k{n} = {n}\n" for n in range(13)]
LONG = "run = 'run {} all of these words that are the same on both sides and never end, or so'\n"


def edited(count):
    """Return ``count`` lines, and the same with one edited."""
    text = "".join(LINES[:count])
    return text, text.replace("k5 = 5", "k5 = 6")


@together(
    "title, base, ours, theirs, width",
    [
        ("a word", "a = 'one two'\n", "a = 'one six'\n", "a = 'five two'\n", 0),
        ("more and less lines", "a = 1\nb = 2\n", "a = 1\nb = 2\nc = 3\n", "b = 2\n", 0),
        ("three lines", "a = 1\nb = 2\nc = 3\n", "a = 1\nb = 3\nc = 3\n", "a = 1\n", 0),
        ("four lines", "a = 1\nb = 2\nc = 3\nd = 4\n", "a = 1\nb = 3\nc = 3\nd = 4\n",
         "a = 1\nx = 1\ny = 1\nc = 3\nd = 4\n", 0),
        ("twelve lines", *edited(12), "", 0),
        ("thirteen lines", *edited(13), "", 0),
        ("41 lines", "", "".join(f"k{n} = {n}\n" for n in range(41)), "", 0),
        ("a long line", LONG.format("a"), LONG.format("b"), "run = 1\n", 0),
        ("a long line in 50 cells", LONG.format("a"), LONG.format("b"), "run = 1\n", 50),
        ("59 cells", "a = 1\n", "b = 1\n", "a = 2\r\n", 59),
        ("60 cells", "a = 1\n", "b = 1\n", "a = 2\r\n", 60),
        ("a blank line in front of all", "\na = 1\n", "\r\na = 2\n", "", 0),
        ("two blank lines in front of all", "\n\na = 1\n", "\n\n\na = 2\n", "", 0),
    ],
)  # fmt: skip
def test_sides_are_drawn(title, base, ours, theirs, width):
    sides = [
        ShownSide("base", "", base),
        ShownSide("ours", "main", ours),
        ShownSide("theirs", "", theirs, ("expected a string",) if theirs else ()),
    ]
    assert marked(render_sides(sides, width)) == GOLDEN[title]
