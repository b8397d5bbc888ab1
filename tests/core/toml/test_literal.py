"""Values as they are typed: what is plainly no TOML is a string without asking the parser."""

from __future__ import annotations

import pytest

from sessionctl.core.toml import literal
from sessionctl.core.toml.literal import broken_kind, read_literal
from sessionctl.core.toml.parse.parser import parse
from sessionctl.errors import ParseError, UsageError
from tests.together import together

PIECES = (
    "", " ", "true", "false", "inf", "nan", "+inf", "-nan", "True", "truex", "t", "i", "n", "f",
    "sepia", "'a'", '"a"', '"""a"""', "[1]", "[", "{}", "{ a = 1 }", "{", "0", "1", "-1", "+1",
    "1e3", "0x1f", "1979-05-27", "07:32:00", "1.0", ".5", "_1", "#", "# a", "a # b", "true # b",
    "\u00a0true", "\u00fc", "=", ",", "]", "}", "\n", "true\n", "a\nb = 1", "true\nb = 1", "(",
    "~/src", "/usr", "a.b", "-", "+", "--", "\x00", "\ufeff", "\ufeff1", "*",
)  # fmt: skip


def as_parsed(text):
    """Return what the parser reads from ``text`` as a value, else the text."""
    typed = text.strip()
    try:
        value, statements = parse(f"v = {typed}")
    except ParseError:
        return text
    return value["v"] if [one.value_end for one in statements] == [len(typed) + 4] else text


@together("text", [*PIECES, *(f"{one}{other}" for one in PIECES for other in PIECES)])
def test_a_typed_text_is_the_value_that_the_parser_reads_or_itself(text):
    assert repr(read_literal(text)) == repr(as_parsed(text))


def test_a_plain_word_is_no_question_for_the_parser(monkeypatch):
    monkeypatch.setattr(literal, "parse", None)
    assert read_literal("sepia") == "sepia"
    assert read_literal("~/src/api") == "~/src/api"


@together(
    ("kind", "texts"),
    [
        ("array", ["[1, 2", " ["]),
        ("table", ["{a = 1"]),
        ("string", ['"a', "'a", '"a" b']),
        (
            "number",
            [
                "012",
                "1__0",
                "1_",
                "-01",
                "1.",
                "1.e5",
                "1e",
                "0xg",
                "0o9",
                "0b2",
                "2024-1-02",
                " 012 ",
            ],
        ),
        ("number", [" 012 ", "2024-13-01", "2024-01-02T", "2024-01-02 25:00:00Z"]),
        ("", ["[1]", "{ }", "'a'", "a'", "1e5", "12", "0x1F", "0y1", "2024-01-02", "10.0.0.1"]),
        ("", ["1.2.0", "7z", "1 2", "", "word", "-", "true", "~/x"]),
    ],
)
def test_what_begins_as_a_value_and_is_none_is_named(kind, texts):
    assert {text: broken_kind(text) for text in texts} == dict.fromkeys(texts, kind)


def refused(text, kind=None):
    with pytest.raises(UsageError) as caught:
        read_literal(text, kind)
    return caught.value.message, *caught.value.hints


def test_a_value_of_another_kind_is_refused_with_an_example():
    moment = "such as 2026-01-02T03:04:05Z, 2026-01-02 or 03:04:05"
    for kind, text, message, hint in (
        ("integer", "a", "the value is not an integer, got a string", "such as 8080"),
        ("integer", "1.0", "the value is not an integer, got a float", "such as 8080"),
        ("float", "true", "the value is not a float, got a boolean", "such as 0.5"),
        ("boolean", "1", "the value is not a boolean, got an integer", "true or false"),
        ("datetime", "[]", "the value is not a datetime, got an array", moment),
        ("array", "{}", "the value is not an array, got a table", """such as '["nvim", "src"]'"""),
        (
            "table",
            "07:32:00",
            "the value is not a table, got a local time",
            """such as '{ secret = "prod.password" }'""",
        ),
    ):
        assert refused(text, kind) == (message, hint)
    assert read_literal("1", "string") == "1"
    assert repr(read_literal("7", "float")) == "7.0"
    assert refused("1" + "0" * 309, "float") == ("the value is larger than a float can be",)


def test_an_integer_of_too_many_digits_is_no_string_unless_it_is_asked_for():
    sizes = [size for size in (3000, 3001, 4000, 4001) if type(read_or_none("7" * size)) is int]
    assert sizes == [3000, 3001, 4000]
    for text in ("7" * 4001, "-" + "7" * 4001, f" {'1_000_' * 900}0 ", "0x" + "f" * 4001):
        told = ("the integer has more than 4000 digits", "with --string it is a string")
        assert refused(text) == refused(text, "integer") == told
        assert read_literal(text, "string") == text
    assert read_literal("x" * 5000) == "x" * 5000


def read_or_none(text):
    try:
        return read_literal(text)
    except UsageError:
        return None
