"""How many steps a search of ``re`` may take: so many ways, times a power of the length."""

from __future__ import annotations

import pytest

from sessionctl.core.schema.check.backtracking import PatternCost, cost_of, parsed, ranges_of
from tests.together import together

# Ways and degree: what no power of the length limits has none. A search that is not bound to the
# beginning is begun at each place.
COSTS = {
    (1, 0): r"""
        ^a  \Aa  ^abc  ^[ab]c  ^a*  ^a*b  ^a+b*  ^(ab)*  ^(ab)*c  ^(a|b)*  ^(a|ab)*  ^(a|ab)c
        ^(|a)b  ^(a?|b)c  ^a?b  ^a{2}  ^a{2}b  ^a{2,4}  ^a{2,}  ^(ab?){3}  ^.*\n  ^[^a]*a  ^\s*x
        ^\S*\s  ^(?=a)b  ^(?<=a)b  ^(?<!a)b  ^a*+b  (?i)^a  ^(?i:a)b  ^\ba  ^a*?b  ^(a)(b)?
        ^(a(b(c)?)?)?  ^((a|b)|c)*d  ^(ab|cd?)+e  ^(ab|ac)+e  ^[a-cx-z]+[d-w]
    """,
    (2, 0): r"""
        ^a?a  ^(a|a)
    """,
    (3, 0): r"""
        ^(|a|)b  ^a{2,4}a  ^(a{0,1}){0,1}
    """,
    (4, 0): r"""
        ^(?:ab){0,3}a
    """,
    (5, 0): r"""
        ^(a|b)c{1,5}c
    """,
    (8, 0): r"""
        ^(ab?){3}a  ^(a?){3}  ^(a|a){3}
    """,
    (1048576, 0): r"""
        ^(a|a){20}
    """,
    (1, 1): r"""
        a  a$  ^a*a  ^a{2,}a  ^(?:ab)*a  ^.*x  ^.*.  ^[^a]*b  ^\s*\x20  ^\S*x  ^\d*x  ^\w+x
        ^(?!a*a)b  ^(?>a*)b  ^(?>a*a)  ^a*+a  ^(a)\1  ^a+?a  ^[a-cx-z]+[c-w]  a*  .*  a*b*
    """,
    (2, 1): r"""
        ^(a*|b*)c
    """,
    (1, 2): r"""
        ^(a*)\1  (?i:a)*b
    """,
    (1, 3): r"""
        ^(a*){3}
    """,
    (1, None): r"""
        ^(a*)*  ^(a+)+  ^(a|a){200}  ^((a*)*|b)  ^(b|(a+)+)c  ^(a)(?(1)b|c)  ^((a*)*)?  ^(?=(a*)*)b
    """,
}  # fmt: skip


@together("cost", COSTS)
def test_the_cost_of_a_search(cost):
    for pattern in COSTS[cost].split():
        assert cost_of(parsed(pattern)) == cost, pattern


@together(
    "ways, degree, steps, length, is_within",
    [
        (1, 0, 1, 99, True),
        (2, 0, 1, 0, False),
        (1, None, 10**9, 0, False),
        (2, 1, 10, 5, True),
        (2, 1, 10, 6, False),
        (2, 2, 50, 5, True),
        (2, 2, 49, 5, False),
        (2, 3, 2, 0, True),
        (2, 3, 1, 0, False),
        (11, 1, 10, 1, False),
    ],
)
def test_a_cost_is_within_so_many_steps(ways, degree, steps, length, is_within):
    assert PatternCost(ways, degree).is_within(steps, length) is is_within


LAST = 0x10FFFF


@together(
    "pattern, ranges",
    [
        ("a", ((97, 97),)),
        ("[^a]", ((0, 96), (98, LAST))),
        (".", ((0, 9), (11, LAST))),
        ("[a-c]", ((97, 99),)),
        ("[a-cb-d]", ((97, 100),)),
        ("[a-bc-d]", ((97, 100),)),
        ("[a-be-f]", ((97, 98), (101, 102))),
        ("[e-fa-b]", ((97, 98), (101, 102))),
        ("[a-zb]", ((97, 122),)),
        ("[^b-c]", ((0, 97), (100, LAST))),
        (r"[^\x00-a]", ((98, LAST),)),
        (r"[^b-\U0010ffff]", ((0, 97),)),
        (r"[^a-c\s]", ((0, 8), (14, 27), (33, 96), (100, 0x84), (0x86, 0x9F), (0xA1, 0x167F),
                       (0x1681, 0x1FFF), (0x200B, 0x2027), (0x202A, 0x202E), (0x2030, 0x205E),
                       (0x2060, 0x2FFF), (0x3001, LAST))),
    ],
)  # fmt: skip
def test_the_characters_that_an_item_of_a_pattern_stands_for(pattern, ranges):
    (item,) = parsed(pattern)
    assert ranges_of(item) == ranges


@pytest.mark.parametrize("is_negated", [False, True])
def test_spaces_are_what_re_takes_for_spaces(is_negated):
    (item,) = parsed(r"[\S]" if is_negated else r"[\s]")
    found = {code for start, end in ranges_of(item) for code in range(start, end + 1)}
    codes = range(0x3100)
    assert found & set(codes) == {code for code in codes if chr(code).isspace() is not is_negated}


def test_a_pattern_of_many_characters_is_not_taken_apart():
    for count, cost in ((200, (1, 0)), (201, (2, 0))):
        pattern = "^" + "a" * (count - 2) + "b?[bc]"
        assert cost_of(parsed(pattern.replace("[bc]", "c"))) == cost
        assert cost_of(parsed(pattern)) == (2, 0)
