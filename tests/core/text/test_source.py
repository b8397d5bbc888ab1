"""Lines, columns and excerpts of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.problem import Problem, Span
from sessionctl.core.text.source import Source, cell_width, visible, visible_lines
from tests.together import together


@together(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("ab\nc", 0, (1, 1)),
        ("ab\nc", 2, (1, 3)),
        ("ab\nc", 3, (2, 1)),
        ("ab\nc", 4, (2, 2)),
        ("ab\r\nc", 4, (2, 1)),
        ("ab\n", 3, (2, 1)),
        ("\ufeffab\nc", 0, (1, 1)),
        ("\ufeffab\nc", 1, (1, 1)),
        ("\ufeffab\nc", 2, (1, 2)),
        ("\ufeffab\nc", 4, (2, 1)),
    ],
)
def test_a_place_is_a_line_and_a_column(text, offset, place):
    assert Source(text).place(offset) == place


@given(st.text(alphabet="ab\u00e9\n\r"), st.data())
def test_a_place_leads_back_to_the_offset(text, data):
    offset = data.draw(st.integers(0, len(text)))
    source = Source(text)
    line, column = source.place(offset)
    assert text[:offset].count("\n") == line - 1
    assert offset - (text.rfind("\n", 0, offset) + 1) == column - 1
    assert source.line(line) == text.split("\n")[line - 1].rstrip("\r")


def test_a_line_is_without_its_end_and_the_mark():
    source = Source("\ufeffa\r\nb", "x.toml")
    assert (source.line(1), source.line(2), source.name) == ("a", "b", "x.toml")


@together(
    ("text", "span", "lines"),
    [
        ("a = 1", Span(4, 5), ["  |", "1 | a = 1", "  |     ^"]),
        ("a = 123\n", Span(4, 7), ["  |", "1 | a = 123", "  |     ^^^"]),
        ("x\n" * 9 + "a = ?", Span(22, 23), ["   |", "10 | a = ?", "   |     ^"]),
        ("a =\n", Span(3, 3), ["  |", "1 | a =", "  |    ^"]),
        ("a = [\n1\n", Span(4, 8), ["  |", "1 | a = [", "  |     ^"]),
        ("\ta\t= 1", Span(5, 6), ["  |", "1 | \ta\t= 1", "  | \t \t  ^"]),
        ("漢 = é?", Span(5, 6), ["  |", "1 | 漢 = é?", "  |       ^"]),
        ("a = 漢\u0301b", Span(4, 7), ["  |", "1 | a = 漢\u0301b", "  |     ^^^"]),
        ("a\x1b[2J = 1", Span(1, 2), ["  |", "1 | a\u241b[2J = 1", "  |  ^"]),
        ("a\u202e = 1", Span(1, 2), ["  |", "1 | a\\u202e = 1", "  |  ^^^^^^"]),
    ],
)
def test_an_excerpt_points_at_the_place(text, span, lines):
    assert Source(text).excerpt(span) == lines


def test_a_long_line_is_cut_around_the_place():
    text = "a = " + "x" * 300 + "?" + "y" * 300
    _, line, marks = Source(text).excerpt(Span(304, 305))
    assert len(line) < 200
    assert line.startswith("1 | ...x")
    assert line.endswith("y...")
    assert line[marks.index("^")] == "?"


DIGITS = "0123456789" * 3


@together(
    ("text", "span", "width", "line", "carets"),
    [
        (DIGITS, Span(0, 1), 34, f"1 | {DIGITS}", "^"),
        (DIGITS, Span(0, 1), 33, "1 | 01234567890123456789012...", "^"),
        (DIGITS, Span(15, 16), 33, "1 | ...45678901234567890123456...", "              ^"),
        (DIGITS, Span(29, 30), 33, "1 | ...78901234567890123456789", "                         ^"),
        (
            DIGITS,
            Span(10, 30),
            33,
            "1 | ...45678901234567890123456...",
            "         ^^^^^^^^^^^^^^^^^",
        ),
        (DIGITS, Span(5, 6), 10, "1 | 01234567890123...", "     ^"),
        ("漢" * 20, Span(10, 11), 33, "1 | ...漢漢漢漢漢漢漢漢漢漢漢...", "             ^^"),
        ("x" * 166, Span(0, 1), 0, "1 | " + "x" * 166, "^"),
        ("x" * 167, Span(0, 1), 0, "1 | " + "x" * 160 + "...", "^"),
        ("x" * 200_000, Span(150_000, 150_001), 33, "1 | ..." + "x" * 22 + "...", " " * 14 + "^"),
    ],
)
def test_a_cut_line_shows_as_much_on_either_side(text, span, width, line, carets):
    assert Source(text).excerpt(span, width) == ["  |", line, f"  | {carets}"]


def test_a_line_begins_behind_the_end_of_the_one_before():
    source = Source("ab\nc\n")
    assert [source.line_start(number) for number in (-1, 0, 1, 2, 3, 4)] == [0, 0, 0, 3, 5, 5]


@together("width", [30, 79, 80, 120])
@together("fill", ["x", "漢", "\t", "e\u0301", "\u202e"])
@together("before", [0, 5, 60, 300])
@together("marked", [1, 20, 400])
@together("after", [0, 90])
def test_no_line_of_an_excerpt_is_wider_than_asked(width, fill, before, marked, after):
    text = fill * before + "?" * marked + fill * after
    start = len(fill) * before
    _, line, carets = Source(text).excerpt(Span(start, start + marked), width)
    assert all(cells(one) <= width for one in (line, carets))
    place = cells(carets[: carets.index("^")])
    assert place == cells(line[: line.index("?")])
    assert set(carets.strip(" \t|")) == {"^"}
    assert "?" * carets.count("^") in line


def cells(text):
    """Return the column at which a terminal is after ``text``."""
    column = 0
    for character in text:
        column += 8 - column % 8 if character == "\t" else cell_width(character)
    return column


def test_what_would_steer_a_terminal_is_shown():
    assert (
        visible("a\tb\x00\x1b\x7f\x9b\u2028\ufeff") == "a\tb\u2400\u241b\u2421\\u009b\\u2028\\ufeff"
    )


def test_each_kind_of_control_has_a_stand_in_of_its_own():
    assert visible("\x01\n\x1f \x7f\x80\uffff\U000e0001") == "␁␊␟ ␡\\u0080\uffff\\U000e0001"
    assert visible_lines("a\tb\n\x0b\r\x1b") == "a\tb\n␋␍␛"


def test_characters_take_no_one_or_two_cells():
    assert [cell_width(c) for c in "a\u0301漢é"] == [1, 0, 2, 1]
    assert cell_width("\u0400") == 1


def test_a_problem_is_an_error_at_the_document_when_nothing_else_is_said():
    problem = Problem("syntax", "wrong", Span(0, 1))
    assert (problem.severity, problem.hint, problem.key_path) == ("error", "", ())
