"""How large something is, in words."""

from __future__ import annotations

import pytest

from sessionctl.core.text.amount import size


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (12_345, "12.3 KB"),
        (10**10, "10000.0 MB"),
    ],
)
def test_a_size_is_told_in_few_digits(number, words):
    assert size(number) == words
