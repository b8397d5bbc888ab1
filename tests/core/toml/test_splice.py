"""Whole lines that go or come: which blank lines stay, what parts them from what is around."""

from __future__ import annotations

import pytest

from sessionctl.core.toml.parse.comments import blank_after, blank_before, comment_block_start
from sessionctl.core.toml.write.neighbour_style import indent_at, newline_at
from sessionctl.core.toml.write.splice import (
    CannotPlaceError,
    Splice,
    cut_lines,
    put_lines,
    spliced,
)
from tests.together import together


def parted(marked, *signs):
    """Return ``marked`` without ``signs``, and where each of them stood."""
    places = []
    for sign in signs:
        places.append(marked.index(sign))
        marked = marked.replace(sign, "", 1)
    return marked, *places


@together(
    "marked, after",
    [
        ("a\n«b\n»c\n", "a\nc\n"),
        ("a\n\n«b\n»c\n", "a\n\nc\n"),
        ("a\n«b\n»\nc\n", "a\n\nc\n"),
        ("a\n\n«b\n»\nc\n", "a\n\nc\n"),
        ("a\n\n«b\n»\n\nc\n", "a\n\n\nc\n"),
        ("a\n\n\n«b\n»\nc\n", "a\n\n\nc\n"),
        ("a\n \t\n«b\n»c\n", "a\n \t\nc\n"),
        ("a\n \t\n«b\n»\nc\n", "a\n \t\nc\n"),
        ("a\n\n«b\n»\n", "a\n\n"),
        ("a\n\n«b\n»", "a\n"),
        ("a\n«b\n»", "a\n"),
        ("a\n\n«b»", "a"),
        ("a\r\n\r\n«b»", "a"),
        ("a\n \n«b»", "a"),
        ("«b\n»\n\nc\n", "c\n"),
        ("\n«b\n»\n\nc\n", "\nc\n"),
        ("«b\n»", ""),
        ("«b»", ""),
        ("\ufeff«b\n»\nc\n", "\ufeffc\n"),
        ("\ufeff«b»", "\ufeff"),
        ("\ufeff\n«b»", "\ufeff"),
    ],
    ids=repr,
)
def test_of_blank_lines_around_what_goes_the_longer_run_stays(marked, after):
    for letter in "ax":  # any letter is as good
        text, start, end = parted(marked.replace("a", letter), "«", "»")
        assert spliced(text, [cut_lines(text, start, end)]) == after.replace("a", letter)


@together(
    "marked, blank, follows, after",
    [
        ("^", 1, False, "X\n"),
        ("a\n^", 0, False, "a\nX\n"),
        ("a\n^", 1, False, "a\n\nX\n"),
        ("a\n^", 2, False, "a\n\n\nX\n"),
        ("a\n^", 2, True, "a\nX\n"),
        ("a\n\n^", 1, False, "a\n\nX\n"),
        ("a\n\n^", 2, False, "a\n\n\nX\n"),
        ("a\n\n\n^", 1, False, "a\n\n\nX\n"),
        ("a\n \n^", 1, False, "a\n \nX\n"),
        ("a^", 0, False, "a\nX"),
        ("a^", 1, False, "a\n\nX"),
        ("a\r\nb^", 1, False, "a\r\nb\r\n\r\nX"),
        ("# a\n^", 0, False, "# a\n\nX\n"),
        ("# a\n^", 0, True, "# a\n\nX\n"),
        ("# a\n^", 1, True, "# a\n\nX\n"),
        ("# a\n^", 2, False, "# a\n\n\nX\n"),
        ("# a\n\n^", 0, False, "# a\n\nX\n"),
        (" \t# a\n^", 0, False, " \t# a\n\nX\n"),
        ("\ufeff# a\n^", 0, False, "\ufeff# a\n\nX\n"),
        ("# a^", 0, False, "# a\n\nX"),
        ("a # b\n^", 0, False, "a # b\nX\n"),
        ("a\n^b\n", 0, False, "a\nX\nb\n"),
        ("a\n^b\n", 1, False, "a\n\nX\n\nb\n"),
        ("a\n^b\n", 1, True, "a\nX\n\nb\n"),
        ("a\n^\nb\n", 1, False, "a\n\nX\n\nb\n"),
        ("a\n^\nb\n", 1, True, "a\nX\n\nb\n"),
        ("a\n\n^b\n", 2, True, "a\n\nX\n\n\nb\n"),
        ("^b\n", 1, True, "X\n\nb\n"),
        ("^\nb\n", 1, True, "X\n\nb\n"),
        ("\ufeff^b\n", 1, False, "\ufeffX\n\nb\n"),
        ("\n^b\n", 1, False, "\nX\n\nb\n"),
        ("a\r\n^b\r\n", 1, False, "a\r\n\r\nX\n\r\nb\r\n"),
    ],
    ids=repr,
)
def test_new_lines_are_parted_from_what_is_around(marked, blank, follows, after):
    for letter, new in ("aX", "xx"):  # any letter is as good
        text, offset = parted(marked.replace("a", letter), "^")
        lines = put_lines(text, offset, f"{new}\n", blank=blank, follows=follows)
        assert spliced(text, [lines]) == after.replace("a", letter).replace("X", new)


def test_splices_are_made_in_the_order_of_the_text_and_never_over_each_other():
    splices = [Splice(3, 4, "D"), Splice(0, 1, ""), Splice(1, 1, "bb"), Splice(4, 4, "e")]
    assert spliced("abcd", splices) == "bbbcDe"
    with pytest.raises(CannotPlaceError, match=r"^two splices overlap$"):
        spliced("abcd", [Splice(0, 2, ""), Splice(1, 3, "")])


@together(
    "marked, newline",
    [
        ("^", "\n"),
        ("^a", "\n"),
        ("^\n", "\n"),
        ("\n^", "\n"),
        ("^a\r\nb\n", "\r\n"),
        ("a^\r\nb\n", "\r\n"),
        ("a\r\n^b\n", "\r\n"),
        ("a\r\nb\n^", "\n"),
        ("a\nb\r\nc^", "\r\n"),
        ("\r\n^", "\r\n"),
    ],
    ids=repr,
)
def test_a_new_line_ends_as_the_one_before_it_or_as_the_first(marked, newline):
    text, offset = parted(marked, "^")
    assert newline_at(text, offset) == newline


@together(
    "marked, indent",
    [("^", ""), ("a\n \t b^", " \t "), ("  ^", "  "), ("\t^a = 1\n  b", "\t"), ("a\n^\n  b", "")],
    ids=repr,
)
def test_the_indent_of_a_line_is_its_white_space(marked, indent):
    text, offset = parted(marked, "^")
    assert indent_at(text, offset) == indent


@together(
    "marked",
    [
        "[]a\n",
        "[# a\n]b\n",
        "[# a\n \t# b\n]c\n",
        "# a\n\n[# b\n]c\n",
        "a\n[# b\n]c\n",
        "a # b\n[]c\n",
        "x # b\n[]c\n",
        "#:schema x\n[]a\n",
        "#:schema x\n[# a\n]b\n",
        "  #: x\n[]a\n",
        "#! x\n[]a\n",
        "\ufeff#! x\n[]a\n",
        "a\n[#! x\n]b\n",
        "#! x\n[# a\n]b\n",
        "[# a\r\n]b\r\n",
    ],
    ids=repr,
)
def test_comments_directly_above_belong_to_what_is_below_but_for_directives(marked):
    text, first, start = parted(marked, "[", "]")
    assert comment_block_start(text, start) == first


def test_comments_above_are_looked_for_as_far_as_the_statement_before():
    text = "# a\n# b\n# c\nd\n"
    assert [comment_block_start(text, 12, limit) for limit in (0, 4, 5, 8, 12)] == [0, 4, 8, 8, 12]


@together(
    "marked",
    [
        "x\n[][]x\n",
        "a\n[][]b\n",
        "a\n[\n][\n]b\n",
        "[ \t\n\r\n][\n \n]",
        "\ufeff[\n][]b",
        "[][\n]",
        "[][ ]",
    ],
    ids=repr,
)
def test_blank_lines_are_those_directly_above_and_below(marked):
    text, above, start = parted(marked, "[", "]")
    text, end, below = parted(text, "[", "]")
    assert (blank_before(text, start), blank_after(text, end)) == (above, below)
