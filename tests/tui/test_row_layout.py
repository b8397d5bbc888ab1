"""How the rows of a list are laid out: which columns there is room for, and what is cut where."""

from __future__ import annotations

from sessionctl.core.render.drawing import Charset
from sessionctl.tui.widgets.row_table import TableColumn, TableRow, _end_of, _laid_out, _shrink
from tests.together import together

COLUMNS = (
    TableColumn("name"), TableColumn("git", 30), TableColumn("none", 10),
    TableColumn("file", 40, keeps_end=True),
)  # fmt: skip
ROWS = (
    TableRow("1", (("api", "key"), ("new", "added"), ("", ""), ("~/work/api.session.toml", "dim"))),
    TableRow("2", (("\u4e2d\u6587-long", "key"), ("", ""), ("", ""), ("b", "dim"))),
    TableRow("3", (("a\x1b[31m", ""), ("clean", "odd"), ("", ""), ("", ""))),
)


WIDE = "\u4e2d\u6587-long"


@together(
    "width, lines",
    [
        (46, ["name       git    file", "api        new    ~/work/api.session.toml",
              f"{WIDE}         b", "a\u241b[31m     clean  "]),
        (36, ["name       git    file", "api        new    \u2026/api.session.toml",
              f"{WIDE}         b", "a\u241b[31m     clean  "]),
        (35, ["name       git", "api        new", f"{WIDE}  ", "a\u241b[31m     clean"]),
        (26, ["name       git", "api        new", f"{WIDE}  ", "a\u241b[31m     clean"]),
        (25, ["name", "api", WIDE, "a\u241b[31m"]),
        (7, ["name", "api", "\u4e2d\u6587-l\u2026", "a\u241b[31m"]),
        (2, ["name", "a\u2026", "\u2026", "a\u2026"]),
    ],
)  # fmt: skip
def test_columns_follow_the_width(width, lines):
    head, rows = _laid_out(COLUMNS, ROWS, width, Charset(is_ascii=False))
    assert [str(line) for line in (head, *rows)] == lines


def test_without_rows_every_title_stands_and_roles_have_their_styles():
    head, rows = _laid_out(COLUMNS, (), 46, Charset(is_ascii=True))
    assert (str(head), rows) == ("name  git  none  file", [])
    _, [row] = _laid_out(COLUMNS, ROWS[:1], 46, Charset(is_ascii=True))
    assert [(str(row)[one.start : one.end], one.style) for one in row.spans] == [
        ("api", "bold"), ("new", "green"), ("~/work/api.session.toml", "dim"),
    ]  # fmt: skip


def test_columns_that_still_say_something_give_way_first():
    for sizes, width, expected in (
        ([10, 10, 30], 50, [10, 10, 30]), ([10, 10, 30], 40, [10, 10, 20]),
        ([10, 10, 30], 30, [10, 10, 10]), ([10, 10, 30], 29, [9, 10, 10]),
        ([10, 10, 30], 10, [6, 6, 6]), ([20, 3, 12], 30, [15, 3, 12]),
    ):  # fmt: skip
        shrunk = list(sizes)
        _shrink(shrunk, [False, False, True], width)
        assert shrunk == expected


def test_of_a_path_the_end_is_kept():
    for text, width, expected in (
        ("abcdef", 6, "abcdef"), ("abcdef", 4, "~def"), ("\u4e2d\u6587\u5b57", 5, "~\u6587\u5b57"),
        ("\u4e2d\u6587\u5b57", 4, "~\u5b57"),
    ):  # fmt: skip
        assert _end_of(text, width, Charset(is_ascii=True)) == expected
