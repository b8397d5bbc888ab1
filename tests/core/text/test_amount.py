"""How large something is, and how long ago, in words."""

from __future__ import annotations

import pytest

from sessionctl.core.text.amount import age, size


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (999_949, "999.9 KB"),
        (1_000_000, "1.0 MB"),
        (12_345, "12.3 KB"),
        (10**10, "10000.0 MB"),
    ],
)
def test_a_size_is_told_in_few_digits(number, words):
    assert size(number) == words


def test_an_age_is_told_in_its_largest_unit():
    times = (-1, 0, 59.9, 60, 3_599, 3_600, 86_399, 86_400, 2_629_799, 2_629_800, 31_557_599)
    assert [age(seconds) for seconds in times] == [
        "0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "1 d", "30 d", "1 mo", "11 mo",
    ]  # fmt: skip
    assert age(31_557_600) == "1 y"
    assert age(100_000_000) == "3 y"
