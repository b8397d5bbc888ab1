"""Classes of characters: sets of ranges, written for Python's ``re``; plain sets are the oracle."""

from __future__ import annotations

import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.schema.check.character_class import CharacterClass, property_class
from tests.together import together

LAST = sys.maxunicode
spans = st.tuples(st.integers(0, 12), st.integers(0, 3)).map(lambda at: (at[0], at[0] + at[1]))
classes = st.lists(spans, max_size=4).map(
    lambda found: CharacterClass(()).joined(CharacterClass(tuple(found)))
)


def points(one):
    return {point for start, end in one.ranges for point in range(start, end + 1)}


@given(classes, classes)
def test_classes_are_joined_and_inverted_as_sets_are(one, other):
    joined = one.joined(other)
    assert points(joined) == points(one) | points(other)
    assert list(joined.ranges) == sorted(joined.ranges)
    assert all(b[0] > a[1] + 1 for a, b in zip(joined.ranges, joined.ranges[1:], strict=False))
    small = CharacterClass(((16, LAST),))
    rest = one.joined(small).inverted()
    assert points(rest) == set(range(16)) - points(one)
    assert one.inverted().inverted() == one


@together(
    "ranges, written",
    [
        ((), r"[^\x00-\U0010ffff]"),
        (((97, 97),), "[a]"),
        (((97, 98),), "[ab]"),
        (((97, 99),), "[a-c]"),
        (((45, 45), (93, 94)), r"[\x2d\x5d\x5e]"),
        (((0x80, 0x80), (0xFFFF, 0xFFFF), (0x10000, 0x10000)), r"[\u0080\uffff\U00010000]"),
        (((127, 128),), r"[\x7f\u0080]"),
        (((0, LAST),), r"[\x00-\U0010ffff]"),
        (((0, 9), (11, LAST)), r"[^\x0a]"),
        (((11, LAST),), r"[^\x00-\x0a]"),
    ],
)
def test_a_class_is_written_with_its_ranges(ranges, written):
    assert CharacterClass(ranges).written() == written
    if any(LAST in span for span in ranges) or not ranges:
        return  # which takes re a while
    found = re.compile(written)
    edges = {point + step for span in ranges for point in span for step in (-1, 0, 1)} | {0, LAST}
    for point in edges - {-1, LAST + 1}:
        is_in = any(start <= point <= end for start, end in ranges)
        assert bool(found.fullmatch(chr(point))) is is_in


@together(
    "name, wanted",
    [
        ("Lu", lambda c: unicodedata.category(c) == "Lu"),
        ("L", lambda c: unicodedata.category(c)[0] == "L"),
        ("LC", lambda c: unicodedata.category(c) in ("Lu", "Ll", "Lt")),
        ("Letter", lambda c: unicodedata.category(c)[0] == "L"),
        ("gc=Nd", lambda c: unicodedata.category(c) == "Nd"),
        ("General_Category=Uppercase_Letter", lambda c: unicodedata.category(c) == "Lu"),
        ("ASCII", str.isascii),
        ("Any", lambda c: True),
    ],
)
def test_a_property_has_the_characters_of_unicode(name, wanted):
    found = property_class(name)
    there = {point for start, end in found.ranges for point in range(start, min(end, 0x2200) + 1)}
    for point in (*range(0x600), *range(0x2000, 0x2200)):
        assert (point in there) is wanted(chr(point)), hex(point)
    assert (found.ranges[-1][1] == LAST) is wanted(chr(LAST))


@together("name", ["Greek", "Script=Latin", "Xx", "lu", "", "gc="])
def test_other_properties_are_not_known(name):
    assert property_class(name) is None
