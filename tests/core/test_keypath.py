"""Key paths as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.keypath import ItemKey, KeyPath, as_path, escape_basic, render_key
from sessionctl.errors import UsageError
from tests.together import together


@together(
    ("text", "parts"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a.b-c.D_1.2", ("a", "b-c", "D_1", "2")),
        ("windows[0].panes[-1]", ("windows", 0, "panes", -1)),
        ("a[0][1]", ("a", 0, 1)),
        ("windows[name=editor]", ("windows", ItemKey("name", "editor"))),
        ('windows[name="a ] b\\n"].x', ("windows", ItemKey("name", "a ] b\n"), "x")),
        ("windows[name=two words]", ("windows", ItemKey("name", "two words"))),
        ("a[k=]", ("a", ItemKey("k", ""))),
        ('"a b".\'c"d\'', ("a b", 'c"d')),
        ('"\\t\\u00e9\\U0001F600\\q"', ("\t\u00e9\U0001f600q",)),
        (" a . b [ 0 ] ", ("a", "b", 0)),
        ('""', ("",)),
    ],
)
def test_a_path_is_read(text, parts):
    path = KeyPath.parse(text)
    assert path == parts
    assert [type(part) for part in path] == [type(part) for part in parts]


@together(
    ("text", "column"),
    [
        (".a", 1),
        ("a.", 2),
        ("a..b", 3),
        ("[0]", 1),
        ("a.[0]", 3),
        ("a b", 3),
        ("a[", 2),
        ("a[0", 2),
        ('"a', 1),
        ("a/b", 2),
        ("a[99999999999999999999]", 2),
        ("a[\u0663]", 2),
    ],
)
def test_what_is_no_path_is_refused_with_the_column(text, column):
    with pytest.raises(UsageError) as caught:
        KeyPath.parse(text)
    assert caught.value.message == (
        f"key path {text!r}, column {column}: expected a key such as windows[0].name"
    )
    assert caught.value.hints == ('quote keys with other characters: preferences."my key"',)


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\Uffffffff"', 'a[b="\\udfff"]'])
def test_an_escape_that_is_no_character_is_refused(text):
    with pytest.raises(UsageError, match="not a Unicode scalar value"):
        KeyPath.parse(text)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PARTS = st.one_of(
    TEXT,
    st.integers(-(10**17), 10**17),
    st.builds(ItemKey, st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True), TEXT),
)


@given(TEXT, st.lists(PARTS, max_size=4))
def test_the_text_of_a_path_is_read_as_the_path(first, rest):
    path = KeyPath([first, *rest])
    assert KeyPath.parse(str(path)) == path
    assert repr(path) == f"KeyPath({str(path)!r})"


def test_paths_are_joined_and_taken_apart():
    path = KeyPath(["a", 0])
    assert path / "b c" == ("a", 0, "b c")
    assert str(path / "b c" / ItemKey("k", "v")) == 'a[0]."b c"[k=v]'
    assert path.parent == ("a",)
    assert KeyPath().parent == ()


def test_an_item_key_has_a_field_and_a_value():
    key = ItemKey("name", "x")
    assert (key.field, key.value) == ("name", "x")
    assert repr(key) == "ItemKey('name', 'x')"


def test_keys_are_quoted_where_they_must_be():
    assert render_key("a-B_1") == "a-B_1"
    assert render_key("") == '""'
    assert render_key('a.b\n\x01\x7f"\\') == '"a.b\\n\\u0001\\u007F\\"\\\\"'
    assert escape_basic("\b\t\f\r\u00e9") == "\\b\\t\\f\\r\u00e9"


def test_a_name_in_brackets_is_answered_with_the_field_it_is_the_value_of():
    with pytest.raises(UsageError) as caught:
        KeyPath.parse("windows[web].panes[0].run")
    assert caught.value.hints == ("did you mean windows[name=web].panes[0].run?",)


def test_a_path_is_taken_as_text_as_parts_or_as_it_is():
    path = KeyPath(["a", 0])
    assert as_path(path) is path
    for one in ("a[0]", ["a", 0], ("a", 0), iter(path)):
        found = as_path(one)
        assert (found, type(found)) == (path, KeyPath)
