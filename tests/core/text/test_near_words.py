"""What a word that names nothing was probably meant to be, and what there is."""

from __future__ import annotations

from sessionctl.core.text.near_words import near_hints, nearest
from tests.together import together

MANY = [f"a{number:03}" for number in range(400)]


@together(
    "word, words, count, found",
    [
        ("prt", ["port", "host", "root"], 1, ["port"]),
        ("prt", ["part", "host", "port", "root"], 2, ["port", "part"]),
        ("PORT", ["post", "port"], 2, ["port"]),
        ("port", ["port"], 1, []),
        ("port", ["zzzz"], 1, []),
        ("port", [1, None, "post"], 3, ["post"]),
        ("port", ["post", "post"], 3, ["post"]),
        ("a0012", MANY, 1, ["a012"]),
        ("b001", MANY, 1, []),
        ("b001", MANY[:300], 1, ["a001"]),
        ("a399x", MANY, 1, ["a299"]),
        ("x" * 90, ["x" * 60, "y"], 1, ["x" * 60]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_nearest_words_come_first(word, words, count, found):
    assert nearest(word, iter(words), count=count) == found


@together(
    "word, words, hints",
    [
        ("prt", ["port"], ["did you mean port?"]),
        ("zz", [], []),
        ("zz", ["a", "b", "a"], ["there are: a, b"]),
        ("zz", list("abcdefgh"), ["there are: a, b, c, d, e, f, g, h"]),
        ("zz", list("abcdefghij"), ["there are: a, b, c, d, e, f, g, h and 2 more"]),
    ],
    ids=str,
)
def test_a_hint_names_what_was_meant_or_what_there_is(word, words, hints):
    assert near_hints(word, iter(words)) == hints


def test_one_word_and_one_hint_is_enough_unless_more_are_asked_for():
    words = ["part", "port", "pert"]
    assert (nearest("prt", words), near_hints("prt", words)) == (["port"], ["did you mean port?"])


def test_a_hint_names_several_and_lists_as_it_is_asked():
    assert near_hints("prt", ["part", "port"], count=2) == ["did you mean port or part?"]
    assert near_hints("zz", ["a"], listed="") == []
    assert near_hints("zz", ["a"], listed="keys") == ["keys: a"]
