"""A table that one side made inline is inline in the result, where a line can hold it."""

from __future__ import annotations

import pytest

from sessionctl.core.merge import merge

BASE = """\
[x]
a = 1

[server]
host = "l"
port = 80

[z]
b = 1
"""


def inline(table):
    """Return BASE with the server written inline, in a section of its own key."""
    return f"server = {table}\n\n[x]\na = 1\n\n[z]\nb = 1\n"


def merged(ours, theirs):
    """Return the text, the same with the sides swapped."""
    result, swapped = merge(BASE, ours, theirs), merge(BASE, theirs, ours)
    assert result.is_clean
    assert swapped.text == result.text
    return result.text


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('{ host = "l", port = 80 }', '{ host = "l", port = 81 }'),
        ('{host = "l", port = 80}', '{host = "l", port = 81}'),
        ('{ host = "l", port = 80 }  # one', '{ host = "l", port = 81 }  # one'),
        ('{ port = 80, host = "l" }', '{ port = 81, host = "l" }'),
    ],
)
def test_an_inline_table_takes_the_edit_of_the_other_side(table, expected):
    assert merged(inline(table), BASE.replace("80", "81")) == inline(expected)


def test_keys_that_are_dotted_or_quoted_keep_their_spelling():
    base = '[s]\nh = "l"\n"p q".r = 1\n'
    ours = 's = { h = "l", "p q".r = 1 }\n'
    assert merge(base, ours, base.replace("1", "2")).text == ours.replace("1", "2")


def test_a_key_that_the_other_side_adds_goes_into_the_line():
    theirs = BASE.replace("port = 80\n", "port = 80\nuser = 1\n")
    text = merged(inline('{ host = "l", port = 80 }'), theirs)
    assert text == inline('{ host = "l", port = 80, user = 1 }')


def test_a_table_below_another_header_is_inline_there():
    base = "[a]\nx = 1\n\n[a.b]\ny = 1\nz = 1\n"
    ours = "[a]\nx = 1\nb = { y = 1, z = 1 }\n"
    assert merge(base, ours, base.replace("z = 1", "z = 2")).text == ours.replace("z = 1", "z = 2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("port = 80", "port = 81  # tunnel"),
        ("port = 80", "# why\nport = 81"),
        ("port = 80", "port = 80\nlist = [\n  1,\n]"),
        ("port = 80", "port = 81\n\n[server.tls]\nv = 3"),
    ],
)
def test_what_one_line_cannot_hold_is_not_lost(old, new):
    theirs = BASE.replace(old, new)
    text = merged(inline('{ host = "l", port = 80 }'), theirs)
    for line in new.split("\n"):
        assert line.strip() in text


def test_a_table_that_is_inline_in_base_too_is_written_as_the_side_that_opened_it():
    base = "a = { b = 1, c = 2 }\n"
    assert merge(base, "a = { b = 1, c = 3 }\n", "[a]\nb = 1\nc = 2\n").text == (
        "[a]\nb = 1\nc = 3\n"
    )


def test_a_table_whose_keys_all_went_is_left_as_it_is():
    result = merge(BASE, inline('{ host = "l" }'), BASE.replace('host = "l"\n', ""))
    assert result.is_clean
    assert "80" not in result.text


def test_a_table_that_the_other_side_deleted_is_gone():
    theirs = BASE.replace('[server]\nhost = "l"\nport = 80\n\n', "").replace("b = 1", "b = 2")
    assert merged(inline('{ host = "l", port = 80 }'), theirs) == theirs
