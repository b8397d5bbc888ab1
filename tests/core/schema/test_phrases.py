"""Types, values and numbers as people read them, and the hint about quotes for a command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Problem, Span
from sessionctl.core.schema.check.moment import Moment
from sessionctl.core.schema.words import phrases
from sessionctl.core.schema.words.quote_hint import hint_to_type
from tests.together import together

LONG = "word " * 13


@together(
    "value, kind, shown",
    [
        ("a", "a string", '"a"'),
        (LONG, "a string", f'"{LONG[:60]}..."'),
        (LONG[:60], "a string", f'"{LONG[:60]}"'),
        # What is not made of plain words may be a secret.
        ("a\x1b", "a string", '"***"'),
        ("http://u:hunter2@h", "a string", '"***"'),
        (True, "a boolean", "true"),
        (False, "a boolean", "false"),
        (1, "an integer", "1"),
        (10**60, "an integer", f"{10**59}..."),
        (1.5, "a float", "1.5"),
        ({"a": 1}, "a table", "a table"),
        ([1], "an array", "an array"),
        (None, "a value", "nothing"),
        (Moment.of(date(2026, 1, 2)), "a date", "the date 2026-01-02"),
        (Moment.of(time(3, 4, 5)), "a time", "the time 03:04:05"),
        (Moment.of(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)), "a date-time",
         "the date-time 2026-01-02T03:04:05Z"),
    ],
)  # fmt: skip
def test_a_value_is_shown_or_only_its_kind(value, kind, shown):
    assert phrases.kind(value) == kind
    assert phrases.got(value, is_hidden=True) == kind
    assert phrases.got(value, is_hidden=False) == shown


@together(
    "value, text",
    [
        ({}, "{}"),
        ({"a b": [1, "x"], "c": {"d": None}}, '{ "a b" = [1, "x"], c = { d = nothing } }'),
        ([], "[]"), ('q"', '"q\\""'), (True, "true"), (1.0, "1.0"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_toml(value, text):
    assert phrases.literal(value) == text


@together(
    "words, text",
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_alternatives_are_said_as_people_do(words, text):
    assert phrases.either(words) == text


def test_types_and_choices_are_listed_once_and_not_endlessly():
    assert phrases.type_words(["string", "string"]) == "a string"
    assert phrases.type_words(["integer", "number"]) == "a number"
    assert phrases.type_words(["null", "object", "array"]) == "nothing, a table or an array"
    assert phrases.type_words(["odd"]) == "odd"
    assert phrases.one_of([1]) == "1"
    assert phrases.one_of([], ["a form"]) == "a form"
    assert phrases.one_of([1], ["a form"]) == "1 or a form"
    assert phrases.one_of([1, 2], ["a form"]) == "one of 1, 2 or a form"
    numbers = ", ".join(map(str, range(12)))
    assert phrases.one_of(range(12)) == f"one of {numbers[:-4]} or 11"
    assert phrases.one_of(range(14)) == f"one of {numbers} or 2 more"
    assert phrases.known_keys([]) == ""
    assert phrases.known_keys(["a", "b c"]) == 'known keys: a, "b c"'
    assert phrases.known_keys("abcdefghijkl") == f"known keys: {', '.join('abcdefghijkl')}"
    assert phrases.known_keys("abcdefghijklm") == (
        f"known keys: {', '.join('abcdefghijkl')} and 1 more"
    )


PATH = KeyPath(["a", "b c"])


@together(
    "hint, text, typed",
    [
        ('put it in quotes: "1"', "1",
         """as a string: sessionctl set --string -- 'my file' 'a."b c"' 1"""),
        ("write it without quotes: 80", "'80'",
         """without quotes: sessionctl set -- 'my file' 'a."b c"' 80"""),
        ("put it in quotes", "1", "put it in quotes"),
        ("did you mean x?", "1", "did you mean x?"),
        ('put it in quotes: "1"', None, 'put it in quotes: "1"'),
        ("write it without quotes: 80", None, "write it without quotes: 80"),
    ],
)  # fmt: skip
def test_about_the_quotes_of_what_was_typed_the_hint_is_a_line_to_type(hint, text, typed):
    problem = Problem("type", "m", Span(0, 1), PATH, hint)
    values = {} if text is None else {PATH: text}
    assert hint_to_type(problem, "my file", values) == typed
