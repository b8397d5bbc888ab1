"""What a table holds, and how alike two things are, by which something moved is known again."""

from __future__ import annotations

from collections import Counter

from sessionctl.core.merge.moves.content import (
    find_at,
    is_edited_text,
    is_table,
    is_within,
    leaves_of,
    moved_path,
    nodes_of,
    share_a_word,
    starts_with,
    weight,
)
from sessionctl.core.merge.moves.differences import Differences, find_differences
from sessionctl.core.merge.moves.likeness import best_pairs, likeness
from tests.together import together


def test_the_leaves_of_a_table_have_their_paths():
    found = leaves_of({"a": 1, "b": {"c": "x", "d": {}}, "e": [1]})
    assert {path: n for (path, _), n in found.items()} == {("a",): 1, ("b", "c"): 1, ("e",): 1}
    assert leaves_of({"c": "x"}, ("b",)).keys() <= found.keys()


def test_the_items_of_an_array_of_tables_count_whatever_their_order():
    one, other = ([{"a": n} for n in numbers] for numbers in ((1, 2, 2), (2, 1, 2)))
    assert leaves_of({"x": one}) == leaves_of({"x": other})
    assert leaves_of({"x": one}) != leaves_of({"x": one[:2]})
    assert leaves_of({"x": [1, 2]}) != leaves_of({"x": [2, 1]})
    assert leaves_of({"x": 1}) != leaves_of({"x": True})
    assert len(leaves_of({"x": [1, 2]})) == 1
    assert sorted(Counter(len(path) for path, _ in leaves_of({"x": one})).items()) == [(3, 2)]


def test_every_table_and_value_is_a_node():
    assert list(nodes_of({"a": {"b": 1}, "c": [2]}, ())) == [
        ((), {"a": {"b": 1}, "c": [2]}), (("a",), {"b": 1}), (("a", "b"), 1), (("c",), [2]),
    ]  # fmt: skip
    assert list(nodes_of(1, ("x",))) == [(("x",), 1)]


@together(
    "one, other, is_edited",
    [
        ("one two three four five si", "one two three four five sx", True),  # 5 of 6 words
        ("one two three four five si", "one two three four xxxx xx", False),  # 4 of 6
        ("one two three four 5555555", "one two three xxxx 5555555", True),  # 4 of 5
        ("aaaa bbbb cccc dddd eeee", "aaaa bbbb cccc eeee dddd", True),  # whatever their order
        ("aaa bbb ccc ddd eee fff", "aaa bbb ccc ddd eee ffg", False),  # 23 letters are too few
        ("aaa bbb ccc ddd eee ffff", "aaa bbb ccc ddd eee fffg", True),
        ("aaa bbb ccc ddd eee ffff", "aaa bbb ccc", False),
        (1, "aaa bbb ccc ddd eee ffff", False),
        ("aaa bbb ccc ddd eee ffff", 1, False),
    ],
)
def test_most_words_make_two_long_texts_versions_of_one(one, other, is_edited):
    assert is_edited_text(one, other) is is_edited


def test_a_long_text_weighs_as_much_as_two_values():
    assert [weight(leaf) for leaf in ("x" * 24, "x" * 23, 10**30, True)] == [2, 1, 1, 1]


@together(
    "one, other, share",
    [
        (("dev-dependencies",), ("group", "dev"), True), (("dev",), ("Dev",), True),
        (("developer",), ("dev",), False), (("a_b",), ("b",), True), ((), ("b",), False),
    ],
)  # fmt: skip
def test_names_share_a_word(one, other, share):
    assert share_a_word(one, other) is share_a_word(other, one) is share


def test_paths_are_looked_up_in_tables_and_moves():
    table = {"a": {"b": {"c": 1}}, "d": [{"e": 1}]}
    assert find_at(table, ("a", "b", "c")) == 1
    assert find_at(table, ()) is table
    assert find_at(table, ("a", "x", "c")) is None
    assert find_at(table, ("d", "e")) is None
    assert [is_table(one) for one in ({}, [{}], [], [1], None, 1)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert starts_with(("a", "b"), ("a",))
    assert starts_with(("a",), ("a",))
    assert not starts_with(("a",), ("a", "b"))
    assert is_within(("a", "b", "c"), {("a", "b")})
    assert is_within(("a", "b"), {("a", "b")})
    assert not is_within(("a",), {("a", "b")})
    assert not is_within(("a",), {()})
    moves = {("a",): ("x",), ("a", "b"): ("y", "z")}
    assert moved_path(("a", "b", "c"), moves) == ("y", "z", "c")
    assert moved_path(("a", "c"), moves) == ("x", "c")
    assert moved_path(("a", "b"), moves) == ("y", "z")
    assert moved_path(("b",), moves) == ("b",)


@together(
    "base, side, gone, new, renumbered",
    [
        ({"a": 1}, {"a": 1}, [], [], []),
        ({"a": 1}, {"a": 2}, [], [], []),
        ({"a": 1}, {}, [("a",)], [], []),
        ({}, {"a": 1}, [], [("a",)], []),
        ({"a": 1, "b": 2}, {"a": 1, "c": 2}, [("b",)], [("c",)], []),
        ({"t": {"a": 1}}, {"t": {"b": 1}}, [("t", "a")], [("t", "b")], []),
        ({"t": {"a": 1}}, {"t": 1}, [], [], []),
        # Two tables changed below one, or one changed and one went: a name may have changed hands.
        ({"p": {"1": {"a": 1}, "2": {"a": 2}}}, {"p": {"1": {"a": 2}, "2": {"a": 3}}}, [], [],
         [("p",)]),
        ({"1": {"a": 1}, "2": {"a": 2}}, {"1": {"a": 2}}, [("2",)], [], [()]),
        ({"1": {"a": 1}}, {"1": {"a": 2}}, [], [], []),
        ({"1": {"a": 1}, "x": 1}, {"1": {"a": 2}, "x": 2}, [], [], []),
    ],
)  # fmt: skip
def test_what_a_side_took_out_and_added(base, side, gone, new, renumbered):
    found = find_differences(base, side)
    assert ([path for path, _ in found.gone], [path for path, _ in found.new]) == (gone, new)
    assert found.renumbered == renumbered
    assert found.may_hold_moves is bool((gone and new) or renumbered)
    assert isinstance(found, Differences)


def likeness_of(old, new, source=("a",), target=("b",)):
    return likeness(source, target, leaves_of(old), leaves_of(new))


@together(
    "old, new, names, expected",
    [
        ({"x": 1, "y": 2}, {"x": 1, "y": 2}, ("a", "b"), 1),
        ({"x": 1, "y": 2}, {"x": 1, "y": 3}, ("a", "b"), 0),  # one equal value may be chance
        ({"x": 1, "y": 2}, {"x": 1, "y": 3}, ("a-x", "b-x"), 0.5),  # not with a word in common
        ({"x": 1, "y": 2}, {"x": 1, "z": 3}, ("a-x", "b-x"), 0),  # and other keys
        ({"x": 1, "y": 2, "z": 3}, {"x": 1, "y": 2, "z": 4}, ("a", "b"), 2 / 3),
        ({"x": 1, "y": 2, "z": 3, "w": 4}, {"x": 1, "y": 2, "z": 4, "w": 5}, ("a", "b"), 0.5),
        ({"x": 1, "y": 2, "z": 3, "w": 4, "v": 5}, {"x": 1, "y": 2, "z": 4, "w": 5, "v": 6},
         ("a", "b"), 0),
        ({"x": 1}, {"x": 1, "y": 2, "z": 3}, ("a-x", "b-x"), 0.5),  # three times as large
        ({"x": 1}, {"x": 1, "y": 2, "z": 3, "w": 4}, ("a-x", "b-x"), 0),  # four times
        ({"x": 1}, {"x": 1}, ("a", "b"), 0),
        ({"x": 1}, {"x": 1}, ("a-x", "b-x"), 1),
        ({"x": "w" * 24}, {"x": "w" * 24}, ("a", "b"), 1),  # a long text is no chance
        ({"t": {"x": 1, "y": 2}}, {"x": 1, "y": 2}, ("a", "b"), 0),
        ({"x": 1, "y": 2}, {"t": {"x": 1, "y": 2}}, ("a", "b"), 1),  # a header came between
        ({"x-one": 1, "y": 2}, {"x-two": 1, "y": 2}, ("a", "b"), 1),  # a key got another word
        ({"x": 1, "y": 2}, {"z": 1, "y": 2}, ("a", "b"), 0),
    ],
)  # fmt: skip
def test_how_alike_two_tables_are(old, new, names, expected):
    assert likeness_of(old, new, *((name,) for name in names)) == expected


def test_a_pair_is_the_one_best_of_both():
    a, b, x, y = ("a",), ("b",), ("x",), ("y",)
    assert best_pairs({(a, x): 1, (a, y): 0.5, (b, y): 0.8}) == {a: x, b: y}
    assert best_pairs({(a, x): 1, (a, y): 1}) == {}
    assert best_pairs({(a, x): 1, (b, x): 1}) == {}
    assert best_pairs({(a, x): 0.5, (b, x): 1, (a, y): 0.4}) == {b: x}
    assert best_pairs({}) == {}
