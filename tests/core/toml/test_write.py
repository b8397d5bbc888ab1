"""Values as text, in the style asked for."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.toml.write.value_writer import (
    DEFAULT_STYLE,
    ValueStyle,
    join_items,
    render_line,
    render_pair,
    render_value,
)
from sessionctl.core.values import same_value
from tests.core.toml.test_edit import VALUES
from tests.together import together

EAST = timezone(timedelta(hours=5, minutes=30))


@together(
    ("value", "text"),
    [
        ("", '""'),
        ('a"b\\\t\x7f', '"a\\"b\\\\\\t\\u007F"'),
        (True, "true"),
        (False, "false"),
        (-17, "-17"),
        (1e16, "1e+16"),
        (0.1, "0.1"),
        (-0.0, "-0.0"),
        (float("inf"), "inf"),
        (-float("inf"), "-inf"),
        (float("nan"), "nan"),
        (date(2024, 1, 2), "2024-01-02"),
        (time(1, 2, 3), "01:02:03"),
        (time(1, 2, 3, 4000), "01:02:03.004"),
        (datetime(987, 1, 2), "0987-01-02T00:00:00"),  # noqa: DTZ001
        (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00Z"),
        (datetime(2024, 1, 2, 3, 4, 5, 600000, EAST), "2024-01-02T03:04:05.6+05:30"),
        ([], "[]"),
        ([1, [2], {"a": 3}], "[1, [2], { a = 3 }]"),
        ({}, "{}"),
        ({"a": 1, "b c": {"": [1]}}, '{ a = 1, "b c" = { "" = [1] } }'),
    ],
)
def test_a_value_is_written(value, text):
    assert render_value(value) == text
    assert same_value(tomllib.loads(f"x = {text}")["x"], value)


STYLES = st.builds(
    ValueStyle,
    newline=st.sampled_from(["\n", "\r\n"]),
    quote=st.sampled_from(['"', "'"]),
    long_quote=st.sampled_from(["", '"""', "'''"]),
    opens_line=st.booleans(),
    before_equals=st.sampled_from(["", " ", "\t"]),
    after_equals=st.sampled_from(["", " "]),
    equals_column=st.sampled_from([0, 12]),
    table_equals=st.sampled_from(["", "=", " = "]),
    indent=st.sampled_from(["", "  ", "\t"]),
    array_lines=st.booleans(),
    array_step=st.sampled_from(["  ", "\t", ""]),
    last_comma=st.booleans(),
    array_pad=st.sampled_from(["", " "]),
    table_pad=st.sampled_from(["", " "]),
    comma=st.sampled_from([",", ", "]),
)


@given(VALUES, STYLES)
def test_what_is_written_is_read_as_the_value(value, style):
    assert same_value(tomllib.loads(render_pair("x", value, style))["x"], value)
    line = render_line(value, style)
    assert "\n" not in line
    assert same_value(tomllib.loads(f"x = {line}")["x"], value)


@given(st.text(alphabet="ab\"'\\\n\r\t \x00", max_size=12), STYLES)
def test_any_text_survives_in_any_quotes(text, style):
    assert tomllib.loads(f"x = {render_value(text, style)}")["x"] == text


@together(
    ("text", "style", "written"),
    [
        ("it", ValueStyle(quote="'"), "'it'"),
        ("it's", ValueStyle(quote="'"), '"it\'s"'),
        ("a\nb", ValueStyle(quote="'"), '"a\\nb"'),
        ("a\nb", ValueStyle(long_quote='"""'), '"""\na\nb"""'),
        ("a\nb", ValueStyle(long_quote="'''", opens_line=False), "'''a\nb'''"),
        ("\na", ValueStyle(long_quote="'''", opens_line=False), "'''\n\na'''"),
        ("a\nb'", ValueStyle(long_quote="'''", opens_line=False), '"""a\nb\'"""'),
        ('a\n"""b"', ValueStyle(long_quote='"""'), '"""\na\n""\\"b\\""""'),
        ("a\nb", ValueStyle(long_quote='"""', newline="\r\n"), '"""\r\na\r\nb"""'),
        ("a\r\nb", ValueStyle(long_quote='"""'), '"""\na\\r\nb"""'),
    ],
)
def test_strings_take_the_quotes_of_the_style(text, style, written):
    assert render_value(text, style) == written


def test_an_array_in_lines_is_indented_as_the_style_says():
    style = ValueStyle(array_lines=True, array_step="    ", indent="  ", last_comma=False)
    assert render_value([1, [2, 3]], style) == "[\n      1,\n      [2, 3]\n  ]"


def test_a_long_array_gets_lines_a_long_item_does_not():
    texts = ["x" * 40] * 3
    assert render_value(texts).count("\n") == 4
    assert render_value(texts[:2]).count("\n") == 0
    assert render_value(texts[:2], DEFAULT_STYLE, 20).count("\n") == 3
    assert render_value(["x" * 200]).count("\n") == 0


def test_a_line_of_an_array_may_be_a_hundred_characters_long():
    for column, is_broken in ((0, [False, True]), (1, [True, True])):
        lines = [render_value(["x" * 47, "y" * size], DEFAULT_STYLE, column) for size in (45, 46)]
        assert ["\n" in line for line in lines] == is_broken
    assert len(render_value(["x" * 47, "y" * 45])) == 100
    sizes = [size for size in (95, 96, 97) if "\n" not in join_items(["1", "2" * size])]
    assert sizes == [95]
    lead = "k" * 10
    for size, is_broken in ((32, False), (33, True)):
        line = render_pair(lead, ["x" * 47, "y" * size])
        assert (len(line) > 100 or "\n" in line) is is_broken


def test_a_key_that_reaches_the_column_of_equals_signs_has_one_space():
    style = ValueStyle(equals_column=4)
    pairs = [render_pair("k" * size, 1, style) for size in (1, 3, 4, 5)]
    assert pairs == ["k   = 1", "kkk = 1", "kkkk = 1", "kkkkk = 1"]
