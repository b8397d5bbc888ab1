"""What is encoded is looked into from eight characters on, and only where it is a text."""

from __future__ import annotations

import pytest

from sessionctl.core.scan.rules.encoded import encoded_parts


@pytest.mark.parametrize(
    ("word", "is_found"),
    [
        ("%61%62%63defgh", True),
        ("%61%62%63defg", False),
        ("%61%62%00defghij", False),
        ("%61%0A%0D%09efghij", True),
    ],
)
def test_a_text_of_eight_characters_or_more_is_looked_into(word, is_found):
    assert bool(list(encoded_parts(word, lambda _: True))) == is_found
    assert not list(encoded_parts(word, lambda _: False))
