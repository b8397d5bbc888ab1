"""The search that tries each place once finds what ``re`` finds, whatever a pattern is made of."""

from __future__ import annotations

import itertools
import re

import pytest

from sessionctl.core.schema.check.bounded_search import bounded_search
from sessionctl.core.schema.check.budget import Budget, StepLimitError
from sessionctl.core.schema.check.place_search import PatternSizeError, PlaceSearch
from tests.together import together

TEXTS = [
    *("".join(letters) for size in range(5) for letters in itertools.product("ab\n", repeat=size)),
    "aaaaaa", "ababab", "a b", "_a", "a_", "é1", "A", "\x00", "\U0010ffff", "ab\nab\n", "b" * 9,
]  # fmt: skip
PATTERNS = [
    r"",
    r"a",
    r"^a",
    r"a$",
    r"\Aa",
    r"a\Z",
    r"^$",
    r"^a*$",
    r"^a+$",
    r"^a?$",
    r"a??b",
    r"^a*?b$",
    r"a{2}",
    r"^a{2}$",
    r"^a{2,}$",
    r"^a{0,2}$",
    r"^a{1,3}b$",
    r"^(?:ab){2}$",
    r"^(?:ab){1,2}$",
    r"^(ab|ba)*$",
    r"^(a|ab)(b|)$",
    r"a|b|ab",
    r"^(?:a|b|)$",
    r"(?:)",
    r"[ab]",
    r"[^ab]",
    r"[a-b]{3}",
    r"[^\n]",
    r".",
    r"^.$",
    r"^.+$",
    r".b",
    r"\s",
    r"\S",
    r"\ba",
    r"a\b",
    r"\Ba",
    r"\bb\b",
    r"^(?=a)",
    r"^(?=ab)a",
    r"^(?!a)",
    r"^(?!ab).",
    r"(?<=a)b",
    r"(?<!a)b",
    r"(?<=ab)a",
    r"(?<=^a)b",
    r"(?<=a$)\n",
    r"(?<=a\Z)b",
    r"(?<=a\b)b",
    r"(?<=\ba)b",
    r"a(?=b$)",
    r"(?!)",
    r"(?:a(?=b)|b(?!a))+$",
    r"^(?:a*)*$",
    r"^(?:a*b?){2}$",
    r"^((a{1,2}){1,2})$",
    r"^(?:(?:a|b){2}|\n)+$",
    r"\x00",
    r"[^\x00-\x7f]",
    r"",
][1:-1]


@together("pattern", PATTERNS)
def test_it_finds_what_re_finds(pattern):
    search, stock = PlaceSearch(pattern), re.compile(pattern)
    for text in TEXTS:
        assert search(text, Budget()) is bool(stock.search(text)), repr(text)


@together(
    "pattern, reason",
    [
        (r"(a)\1", "groupref is not supported in it"),
        ("(?i:a)", "subpattern is not supported in it"),
        ("(?i)a", "its flags are not supported"),
        ("(?<=a|bc)d", None),  # re itself refuses it
        ("a{5001}", "it is longer than 5,000 steps"),
        ("(a{99}){99}", "it is longer than 5,000 steps"),
        ("a{0,2501}", "it is longer than 5,000 steps"),
    ],
)
def test_what_cannot_be_searched_for_so_says_why(pattern, reason):
    if reason is None:
        with pytest.raises(re.error):
            re.compile(pattern)
        return
    with pytest.raises(PatternSizeError, match=f"^{re.escape(reason)}$"):
        PlaceSearch(pattern)


@together("more, shown", [(50, r"^((a*)*)\1" + "b" * 50), (51, r"^((a*)*)\1" + "b" * 50 + "...")])
def test_a_search_without_end_is_refused_with_as_much_of_the_pattern_as_a_line_holds(more, shown):
    with pytest.raises(StepLimitError) as caught:
        bounded_search(r"^((a*)*)\1" + "b" * more, Budget())("a" * 50)
    assert caught.value.message == (
        f'the pattern "{shown}" may search without end, and cannot be searched for step by step: '
        "groupref is not supported in it"
    )


def test_the_longest_pattern_is_searched_for():
    assert PlaceSearch("a{4999}")("a" * 4999, Budget(10_000_000))


def test_each_step_is_paid_for_until_none_is_left():
    search = PlaceSearch("^(a|b|ab)*c$")
    with pytest.raises(StepLimitError) as caught:
        search("ab" * 500, Budget(2000))
    assert caught.value.message == (
        "the check was stopped after 2,000 steps, the limit for one document"
    )
    assert caught.value.hints == (
        "make this part of the schema simpler, or check with another one: --schema FILE",
    )
    assert not search("ab" * 500, Budget(20_000))
