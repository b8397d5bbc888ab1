"""Boxes and tables in terminal cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.render.drawing import (
    Charset,
    draw_table,
    draw_window,
    fit,
    pane_widths,
    text_width,
    wrap,
)
from sessionctl.core.text.source import visible
from sessionctl.core.workspace.layout import NAMES, LayoutPane, LayoutSplit, arrange
from tests.together import together

UNICODE, ASCII = Charset(is_ascii=False), Charset(is_ascii=True)


def plain(lines):
    return ["".join(text for text, _ in line) for line in lines]


def draw(layout, contents, width=30, title=("1 x", ""), charset=UNICODE):
    contents = [[(text, "") for text in content] for content in contents]
    return plain(draw_window(title, layout, contents, width, charset))


def test_a_pane_is_a_box_with_its_title_in_the_border():
    assert draw(LayoutPane(0), [["a", "bb"]], title=("1 editor", "tiled")) == [
        "┌─ 1 editor ───────── tiled ─┐",
        "│ a                          │",
        "│ bb                         │",
        "└────────────────────────────┘",
    ]


def test_a_box_can_be_drawn_in_ascii():
    assert draw(arrange("even-horizontal", 2), [["a"], ["…b"]], charset=ASCII, width=24) == [
        "+- 1 x ----+-----------+",
        "| a        | \\u2026b   |",
        "+----------+-----------+",
    ]


def test_borders_are_joined_where_they_meet():
    layout = arrange("main-vertical", 3)
    assert draw(layout, [["a"], ["b"], ["c"]]) == [
        "┌─ 1 x ──────────┬───────────┐",
        "│ a              │ b         │",
        "│                ├───────────┤",
        "│                │ c         │",
        "└────────────────┴───────────┘",
    ]
    assert draw(arrange("tiled", 4), [["a"], ["b"], ["c"], ["d"]]) == [
        "┌─ 1 x ───────┬──────────────┐",
        "│ a           │ b            │",
        "├─────────────┼──────────────┤",
        "│ c           │ d            │",
        "└─────────────┴──────────────┘",
    ]
    deep = LayoutSplit(
        is_row=False,
        parts=(
            (1, arrange("even-horizontal", 2)),
            (1, LayoutSplit(True, ((1, LayoutPane(2)), (1, LayoutPane(3))))),
        ),
    )
    assert draw(deep, [["a"], ["b"], ["c"], ["d"]])[2] == "├─────────────┼──────────────┤"


def test_a_neighbour_makes_a_pane_higher():
    assert draw(arrange("even-horizontal", 2), [["a"], ["1", "2", "3"]]) == [
        "┌─ 1 x ───────┬──────────────┐",
        "│ a           │ 1            │",
        "│             │ 2            │",
        "│             │ 3            │",
        "└─────────────┴──────────────┘",
    ]


def test_a_pane_without_content_keeps_one_line():
    assert draw(arrange("even-vertical", 2), [[], []]) == [
        "┌─ 1 x ──────────────────────┐",
        "│                            │",
        "├────────────────────────────┤",
        "│                            │",
        "└────────────────────────────┘",
    ]


def test_wide_characters_take_two_cells():
    lines = draw(arrange("even-horizontal", 2), [["日本語"], ["x"]], title=("1 窓", ""))
    assert lines == [
        "┌─ 1 窓 ──────┬──────────────┐",
        "│ 日本語      │ x            │",
        "└─────────────┴──────────────┘",
    ]
    assert {text_width(line) for line in lines} == {30}


def test_a_long_title_leaves_no_room_for_the_layout():
    assert draw(LayoutPane(0), [["a"]], title=("a title that is long", "main-vertical"))[0] == (
        "┌─ a title that is long ─────┐"
    )
    assert draw(LayoutPane(0), [["a"]], title=("a" * 40, ""), width=20)[0] == "┌─ aaaaaaaaaaaaa… ─┐"


def test_pieces_have_roles():
    lines = draw_window(("t", ""), LayoutPane(0), [[("a", "key")]], 10, UNICODE)
    assert lines == [
        [("┌─", "dim"), (" t ", "heading"), ("────┐", "dim")],
        [("│", "dim"), (" ", ""), ("a", "key"), ("      ", ""), ("│", "dim")],
        [("└────────┘", "dim")],
    ]


@together(
    ("text", "width", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("a\x1b[31m", 10, "a␛[31m"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_a_text_is_cut_to_the_cells_there_are(text, width, expected):
    assert fit(text, width, UNICODE) == expected


def test_a_text_is_spelled_in_ascii_where_nothing_else_can_be_shown():
    assert fit("ö→日", 40, ASCII) == "\\xf6\\u2192\\u65e5"
    assert fit("abcd", 3, ASCII) == "ab~"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two", ["one two"]),
        ("one two three", ["one two", "three"]),
        ("onetwothree four", ["onetwot…", "four"]),
        ("a  b", ["a  b"]),
        ("one two three four five six", ["one two", "three", "four fi…"]),
        ("", [""]),
    ],
)
def test_a_long_text_is_broken_at_spaces(text, expected):
    assert wrap(text, 8, UNICODE, most=3) == expected


@given(st.sampled_from(NAMES), st.integers(1, 9), st.integers(40, 120), st.text(max_size=60))
def test_every_line_of_a_box_has_the_width_asked_for(name, count, width, text):
    contents = [[(text, ""), ("x", "dim")]] * count
    layout = arrange(name, count)
    lines = plain(draw_window((text, text), layout, contents, width, UNICODE))
    assert {text_width(line) for line in lines} == {width}
    assert lines == [visible(line) for line in lines]
    assert min(pane_widths(layout, width).values()) <= width - 4


@pytest.mark.parametrize(("count", "expected"), [(1, {0: 26}), (2, {0: 11, 1: 12})])
def test_the_room_for_text_is_known_before_drawing(count, expected):
    assert pane_widths(arrange("even-horizontal", count), 30) == expected
    assert pane_widths(arrange("even-vertical", 2), 30) == {0: 26, 1: 26}


# -- tables ------------------------------------------------------------------------------


def test_a_table_is_aligned_and_drops_empty_columns():
    rows = [("日本", "", "1"), ("b", "", "")]
    assert plain(draw_table(("name", "none", "x"), rows, 80, UNICODE)) == [
        "  name  x",
        "  日本  1",
        "  b",
    ]


def test_a_table_has_no_indent_where_none_is_wanted():
    lines = draw_table(("name", "x"), [("a", "1")], 80, UNICODE, indent=0)
    assert lines == [
        [("name", "dim"), ("  ", ""), ("x", "dim")],
        [("a", "key"), ("     ", ""), ("1", "")],
    ]


def test_the_widest_columns_of_a_table_give_way():
    rows = [("a" * 20, "b" * 30, "c")]
    lines = plain(draw_table(("one", "two", "three"), rows, 40, UNICODE))
    assert lines == [
        "  one             two              three",
        "  aaaaaaaaaaaaa…  bbbbbbbbbbbbbb…  c",
    ]
    assert max(map(text_width, lines)) <= 40


def test_a_table_that_cannot_fit_keeps_readable_columns():
    rows = [("a" * 20, "b" * 20, "c" * 20)]
    lines = plain(draw_table(("one", "two", "three"), rows, 10, UNICODE))
    assert lines[1] == "  aaaaaaa…  bbbbbbb…  ccccccc…"
