"""Words take the place of stretches of a text."""

from __future__ import annotations

from sessionctl.core.scan.redaction import redact
from sessionctl.core.text.splicing import spliced


def test_stretches_are_replaced_and_the_rest_stays():
    assert spliced("abcdef", []) == "abcdef"
    assert spliced("abcdef", [((1, 2), "X"), ((4, 6), "")]) == "aXcd"


def test_nothing_is_left_of_stretches_that_overlap():
    assert spliced("abcdef", [((1, 4), "X"), ((2, 5), "Y"), ((2, 3), "Z")]) == "aXf"


def test_many_secrets_are_masked_each():
    assert redact("password=a\n" * 5000) == "password=***\n" * 5000
