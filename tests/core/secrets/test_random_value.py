"""Generated values: as long as asked, one of each class, every character as likely."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.secrets.random_value import RandomRules, generate
from sessionctl.errors import UsageError


@given(st.integers(12, 80), st.booleans(), st.integers(0, 1000))
def test_a_value_keeps_to_its_rules(length, has_symbols, seed):
    rules = RandomRules(length, has_symbols)
    text = generate(rules, random.Random(seed).choice).text
    assert len(text) == length
    assert all(any(character in text for character in kind) for kind in rules.classes)
    assert set(text) <= set("".join(rules.classes))


def test_what_lacks_a_class_is_drawn_again():
    draws = iter("a" * 12 + "aB3aaaaaaaaa")
    assert generate(RandomRules(12), lambda _alphabet: next(draws)).text == "aB3aaaaaaaaa"


@pytest.mark.parametrize("length", [-1, 0, 11, 4097])
def test_too_short_and_too_long_is_refused(length):
    with pytest.raises(UsageError) as refused:
        generate(RandomRules(length), lambda alphabet: alphabet[0])
    assert refused.value.message == f"a generated value has 12 to 4096 characters, got {length}"
