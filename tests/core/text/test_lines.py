"""A text as its lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.text.lines import split_lines


@given(st.text("ab\n\r\x0b\u2028"))
def test_the_lines_of_a_text_are_the_text(text):
    assert "".join(split_lines(text)) == text


def test_only_a_line_feed_ends_a_line():
    assert split_lines("a\r\nb\x0bc\u2028d\ne") == ["a\r\n", "b\x0bc\u2028d\n", "e"]
    assert split_lines("") == []
    assert split_lines("a\n") == ["a\n"]
