"""One change in full: what it is, both sides of it, what stands with it, and how much is left."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import Static

from sessionctl.core.diff.change_rows import change_rows
from sessionctl.core.diff.comparison import diff
from sessionctl.tui.diff.change_view import ChangeView
from tests.together import together
from tests.tui.screens import run

LONG = "x" * 9_000
MANY = "".join(f"k{number} = {number}\n" for number in range(400))


@pytest.fixture
def shown():
    """Return a function that gives the lines of each change between two texts."""

    class Screens(App):
        def compose(self):
            yield ChangeView()

    async def texts(rows):
        async with Screens().run_test() as pilot:
            view, found = pilot.app.query_one(ChangeView), []
            for row in rows:
                view.show_row(row)
                found.append(str(view.query_one(Static).content).split("\n"))
            view.show_row(None)
            assert str(view.query_one(Static).content) == ""
            return found

    return lambda before, after: run(texts(change_rows(diff(before, after))))


@together(
    "before, after, lines",
    [
        ("a = 1\n", "a = 2\n", ["a", "~ modified", "old", "  1", "new", "  2"]),
        ('a = "x y"\n', 'a = "x z"\n', ["a", "~ modified", "old", '  "x y"', "new", '  "x z"']),
        ('a = "x"\n', "a = 2\n", ["a", "~ modified", "old", '  "x"', "new", "  2"]),
        ("", "# why\na = true # so\n", [
            "a", "+ added", "# with the comment # why", "# with the comment # so", "new", "  true",
        ]),
        ("a = 1\n", "", ["a", "- removed", "old", "  1"]),
        ("", 'a = {b = 1, c.d = [2, 3], e = {secret = "s"}, f = {}, g = []}\n', [
            "a", "+ added", "new",
            "  b = 1", "  c.d = [2, 3]", '  e = { secret = "s" }', "  f = {}", "  g = []",
        ]),
        ("", "a = [{b = 1}, {b = 2, c = 3}]\n", [
            "a", "+ added", "new", "  [0].b = 1", "  [1].b = 2", "  [1].c = 3",
        ]),
        ("a = {b = 1}\n", "a = 2\n", ["a", "~ modified", "old", "  b = 1", "new", "  2"]),
        ('a = "1\\n2\\n"\n', 'a = "1\\n3\\n"\n', ["a", "~ modified", "  1", "- 2", "+ 3"]),
        ("a = 1 # x y\n", "a = 1 # x z\n", [
            "a", "# comment", "comment beside", "old", "  # x y", "new", "  # x z",
        ]),
        ("# x\n# y\na = 1\n", "# x\n# z\na = 1\n", [
            "a", "# comment", "comment above", "  # x", "- # y", "+ # z",
        ]),
        ("a = 1\n", "# x\n# y\na = 1\n", [
            "a", "# comment", "comment above", "new", "  # x", "  # y",
        ]),
    ],
)  # fmt: skip
def test_a_change_shows_both_sides_and_what_stands_with_it(shown, before, after, lines):
    assert shown(before, after) == [lines]


def test_a_table_says_how_many_changes_are_in_it(shown):
    found = shown("[t]\na = 1\n", "[t]\na = 2\nb = 3\n")
    assert found[0] == ["t", "2 changes in it"]
    assert [lines[0] for lines in found[1:]] == ["t.a", "t.b"]


def test_of_much_the_beginning_is_shown_and_how_much_is_left(shown):
    (lines,) = shown("", f"[t]\n{MANY}")
    assert lines[2:4] == ["new", "  k0 = 0"]
    assert lines[-2:] == ["  k297 = 297", "... 102 lines more"]
    (lines,) = shown("", f'a = "{LONG}"\n')
    assert lines[2:] == ["new", f'  "{"x" * 3_999}', "  ... 5,002 characters more"]
