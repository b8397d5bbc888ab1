"""Patterns of schemas that are none, or that Python cannot search for: why, in words."""

from __future__ import annotations

import pytest

from sessionctl.core.schema.check.pattern import (
    InvalidPatternError,
    UnsupportedPatternError,
    compiled,
)
from tests.together import together


@together(
    "pattern, kind, message",
    [
        ("*", InvalidPatternError, "nothing to repeat"),
        ("a++", InvalidPatternError, "nothing to repeat"),
        ("a{2}{3}", InvalidPatternError, "nothing to repeat"),
        ("(+)", InvalidPatternError, "nothing to repeat"),
        ("a|*", InvalidPatternError, "nothing to repeat"),
        ("a?+", InvalidPatternError, "nothing to repeat"),
        ("(a|{2})", InvalidPatternError, "nothing to repeat"),
        (r"\k<a>(?<a>x)", InvalidPatternError, r"\k<a> refers to no group before it"),
        ("(?P=a)", InvalidPatternError, "(?P=a) refers to no group before it"),
        ("(?<a>x)(?<a>y)", InvalidPatternError, "the group a is there twice"),
        ("[a", InvalidPatternError, "a class that is not closed"),
        ("[^", InvalidPatternError, "a class that is not closed"),
        ("[b-a]", InvalidPatternError, "a range that ends before it begins"),
        ("a\\", InvalidPatternError, "a backslash at its end"),
        (r"\ud800", UnsupportedPatternError, "it looks for halves of characters"),
        (r"\u{110000}", UnsupportedPatternError, r"\u{110000} is no character"),
        (r"[\u{110000}]", UnsupportedPatternError, r"\u{110000} is no character"),
        (r"[\udfff]", UnsupportedPatternError, "it looks for halves of characters"),
        ("x" * 20_001, UnsupportedPatternError, "it is longer than 20,000 characters"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern, kind, message):
    with pytest.raises(kind) as caught:
        compiled(pattern)
    assert str(caught.value) == message


@together(
    "pattern, found, missed",
    [
        (r"(?<a>x)\k<a>", "xx", "xy"),
        ("(?P<a>x)(?P=a)", "xx", "xy"),
        (r"(x)\1(?:0)", "xx0", "x10"),
        ("(?i)^A$", "a", "b"),
        ("^(?i)A$", "a", "b"),
        ("^{$", "{", "x{"),
        ("^}$", "}", "x"),
        ("^[a-]$", "-", "b"),
        ("^[b-b]$", "b", "a"),
        (r"^[\d-z]$", "-", "y"),
        ("^[^a-c]$", "d", "b"),
        ("a{1,2}?b", "aab", "b"),
        ("(?:a|b)+$", "ab", "c"),
        ("a.c", "abc", "a\u2028c"),
        (r"^\.$", ".", "a"),
        (r"^\0$", "\0", "0"),
        (r"^(a)\1$", "aa", "a1"),
        ("x" * 20_000, "x" * 20_000, "x"),
    ],
)
def test_a_pattern_means_what_it_does_elsewhere(pattern, found, missed):
    search = compiled(pattern).search
    assert (bool(search(found)), bool(search(missed))) == (True, False)
