"""Plurals in messages."""

from __future__ import annotations

import pytest

from sessionctl.core.text.plural import counted, counted_subject


@pytest.mark.parametrize(("number", "expected"), [(0, "0 keys"), (1, "1 key"), (2, "2 keys")])
def test_a_noun_agrees_with_its_number(number, expected):
    assert counted(number, "key") == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "1 staged file is"), (3, "3 staged files are")]
)
def test_a_verb_agrees_with_its_number(number, expected):
    assert counted_subject(number, "staged file") == expected
