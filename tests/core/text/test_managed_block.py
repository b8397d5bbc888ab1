"""The managed block: put in, changed, taken out, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.text.managed_block import BEGIN, END, find_block, put_block, take_block
from sessionctl.errors import DocumentError

LINES = ["*.a x", "*.b y"]
texts = st.text(st.sampled_from("ab*# \r\n\u00e9")) | st.none()


@given(text=texts, lines=st.lists(st.sampled_from(["one", "two words", "#"])))
def test_taking_the_block_out_undoes_putting_it_in(text, lines):
    assert take_block(put_block(text, lines, "f"), "f") == text


@given(text=texts, first=st.lists(st.just("1")), second=st.lists(st.just("2")))
def test_a_block_is_replaced_in_its_place(text, first, second):
    once = put_block(text, first, "f")
    twice = put_block(once, second, "f")
    assert find_block(twice, "f").lines == second
    assert take_block(twice, "f") == text


@given(text=texts)
def test_putting_the_same_lines_again_changes_nothing(text):
    once = put_block(text, LINES, "f")
    assert put_block(once, LINES, "f") == once


def test_a_block_stands_at_the_end_in_the_line_ends_of_the_file():
    assert put_block("a\r\n", ["b"], "f") == f"a\r\n{BEGIN}\r\nb\r\n{END}\r\n"


def test_a_block_in_the_middle_goes_alone():
    text = put_block("a\n", LINES, "f") + "z\n"
    assert take_block(text, "f") == "a\nz\n"


def test_a_line_end_that_was_added_stays_when_lines_follow():
    text = put_block("a", LINES, "f") + "z\n"
    assert take_block(text, "f") == "a\nz\n"


def test_a_new_file_with_more_than_the_block_stays():
    text = "a\n" + put_block(None, LINES, "f")
    assert take_block(text, "f") == "a\n"


def test_a_block_that_ends_the_file_without_a_line_end_is_found():
    text = put_block("a\n", LINES, "f").removesuffix("\n")
    assert take_block(text, "f") == "a\n"


def test_without_a_block_there_is_nothing_to_take():
    assert find_block("a\n", "f") is None
    assert take_block("a\n", "f") == "a\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"a\n{BEGIN}\nb\n", f"f:2:1: '{BEGIN}' without '{END}' below it"),
        (f"{END}\n", f"f:1:1: '{END}' without '{BEGIN}' above it"),
        (f"{END}\n{BEGIN}\n", f"f:2:1: '{BEGIN}' without '{END}' below it"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", "f:2:1: a second block of sessionctl"),
        (f"{BEGIN}\n{END}\n{END}\n", "f:3:1: a second block of sessionctl"),
    ],
)
def test_a_broken_block_is_refused_with_its_place(text, message):
    for act in (lambda: put_block(text, [], "f"), lambda: take_block(text, "f")):
        with pytest.raises(DocumentError) as caught:
            act()
        assert caught.value.message == message
        hint = "edit the file so that one whole block, or none, is left"
        assert list(caught.value.hints) == [hint]
