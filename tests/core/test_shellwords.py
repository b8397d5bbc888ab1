"""Words quoted for a shell."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.shellwords import quoted


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("api.session.toml", "api.session.toml"),
        ("a=b/~", "a=b/~"),
        ("a b", "'a b'"),
        ("", "''"),
        ("it's", "'it'\"'\"'s'"),
        ("windows[0]", "'windows[0]'"),
        ("日本", "日本"),
    ],
)
def test_a_word_is_quoted_where_it_needs_to_be(word, expected):
    assert quoted(word) == expected


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_a_shell_reads_the_word_again(word):
    assert shlex.split(quoted(word)) == [word]
