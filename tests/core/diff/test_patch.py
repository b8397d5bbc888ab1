"""patch: after's value and comments, before's bytes, or an error that names the path."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from sessionctl import EditError, GuardError, ParseError
from sessionctl.core.diff import patch as patching
from sessionctl.core.diff.change import CommentChanged, Diff, Moved, Removed
from sessionctl.core.diff.comment_owners import comments_of
from sessionctl.core.diff.comparison import diff
from sessionctl.core.diff.patch import patch
from sessionctl.core.keypath import KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from tests.strategies import documents, edit_pairs
from tests.together import together


def patched(before, after, target=None):
    """Return the text of ``target`` (or before) with the change from before to after."""
    return patch(before if target is None else target, diff(before, after)).text


def comment_lines(document):
    return Counter(line for item in comments_of(document) for line in item.text.split("\n"))


# -- laws ------------------------------------------------------------------------------


@given(edit_pairs(most=6))
def test_the_patch_of_a_diff_has_the_value_of_after(pair):
    found = diff(*pair)
    assert same_value(patch(found.before, found).value, found.after.value)


@given(documents(), documents())
def test_the_patch_between_two_strangers_has_the_value_of_after(before, after):
    found = diff(before, after)
    assert same_value(patch(before, found).value, found.after.value)


@given(edit_pairs(most=6))
def test_no_comment_is_lost_or_made_up(pair):
    found = diff(*pair)
    assert comment_lines(patch(found.before, found)) == comment_lines(found.after)


@given(edit_pairs())
def test_an_empty_diff_changes_no_byte(pair):
    before, _ = pair
    assert patch(before, diff(before, before)).text == before


# -- bytes and places ------------------------------------------------------------------

BEFORE = """\
# settings of the api
name   =  'api'   # short
\troot="~/src"

# windows

[[windows]]
name = "editor"   # first
layout = "tiled"

[[windows]]
name = "logs"

[connections.prod]
host = "db" # the host
port = 5432
"""


def test_untouched_bytes_stay():
    after = BEFORE.replace("5432", "5433")
    assert patched(BEFORE, after) == after


def test_a_diff_can_be_carried_out_on_another_document():
    after = BEFORE.replace("5432", "5433").replace('"tiled"', '"x"')
    target = '[[windows]]\nname = "new"\n' + BEFORE.partition("# windows\n\n")[2]
    assert patched(BEFORE, after, target) == target.replace("5432", "5433").replace(
        '"tiled"', '"x"'
    )


def test_an_added_key_stands_behind_the_key_it_follows():
    assert patched("a = 1\nb = 1\n", "a = 1\nx = 1\ny = 1\nb = 1\n") == (
        "a = 1\nx = 1\ny = 1\nb = 1\n"
    )
    assert patched("b = 1\n", "x = 1\nb = 1\n") == "b = 1\nx = 1\n"
    assert patched("a = 1\nb = 1\n", "a = 1\nx = 1\nb = 1\n", "b = 1\nc = 1\n") == (
        "b = 1\nc = 1\nx = 1\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("v = [1, 2, 3]\n", "v = [3, 1, 2]\n", "v = [3, 1, 2]\n"),
        ("v = [1, 2, 3]\n", "v = [3, 2, 4, 1]\n", "v = [3, 2, 4, 1]\n"),
        ("v = [ 1,2 ]\n", "v = [5, 6, 7]\n", "v = [ 5,6,7 ]\n"),
        ("[o]\na = 1 # x\nb = 2\n", "[n]\na = 1 # x\nb = 2\n", "[n]\na = 1 # x\nb = 2\n"),
        (
            '[[w]]\nid = 1 # one\n[[w]]\nid = 2\n[[w]]\nid = 3\n',
            '[[w]]\nid = 2\n[[w]]\nid = 3\n[[w]]\nid = 1 # one\n',
            '[[w]]\nid = 2\n[[w]]\nid = 3\n[[w]]\nid = 1 # one\n',
        ),
    ],
)  # fmt: skip
def test_order_and_names_are_carried_out(before, after, expected):
    assert patched(before, after) == expected


# -- comments --------------------------------------------------------------------------


@together(
    ("before", "after", "expected"),
    [
        ("a = 1\n", "# x\na = 1\n", None),
        ("# x\na = 1\n", "a = 1\n", None),
        ("# x\n# y\na = 1\n", "# x\n# z\na = 1\n", None),
        ("a = 1 # x\n", "a = 1 # y\n", None),
        ("a = 1 # x\n", "a = 1\n", None),
        ("a = 1\n", "a = 1 # x\n", None),
        ("a = 1 # x\n", "# y\na = 1\n", None),
        ("# x\na = 1\n", "a = 1 # y\n", None),
        ("\t[t]\n\ta = 1\n", "\t[t] # t\n\t# x\n\ta = 1\n", None),
        ("a = 1\n", "# x\n\na = 1\n", None),
        ("# y\na = 1\n", "# x\n\n# y\na = 1\n", None),
        ("# x\n\na = 1\n", "a = 1\n", "\na = 1\n"),
        ("a = 1\n", "a = 1\n\n# end\n# of it\n", None),
        ("a = 1", "a = 1\n\n# end", "a = 1\n\n# end\n"),
        ("", "# x\n", None),
        ("a = 1\n# x\n", "a = 1\n# y\n", None),
        ("v = [\n  1,\n  2,\n]\n", "v = [\n  # x\n  1, # y\n  2, # z\n  # end\n]\n", None),
        ("v = [\n  1\n]\n", "v = [\n  1 # y\n]\n", None),
        ("v = [ 1 ]\n", "v = [\n  1 # y\n]\n", "# y\nv = [ 1 ]\n"),
        ("v = [ 1 ]\n", "v = [\n  # y\n1 ]\n", "# y\nv = [ 1 ]\n"),
        ("v = [ 1 ]\n", "v = [ 1\n  # y\n]\n", "# y\nv = [ 1 ]\n"),
        ("v = [ [ 1 ] ]\n", "v = [\n[1], # y\n]\n", "# y\nv = [ [ 1 ] ]\n"),
        ("[a.b]\nx = 1\n", "[a] # a\n[a.b]\nx = 1\n", "# a\n[a.b]\nx = 1\n"),
        ("a = { b = 1 }\n", "[a]\nb = 1 # x\n", "# x\na = { b = 1 }\n"),
        ("a = 1\r\n", "# x\n# y\na = 1\n", "# x\r\n# y\r\na = 1\r\n"),
        ("a = 1\r\n", "a = 1\n# x\n# y\n", "a = 1\r\n\r\n# x\r\n# y\r\n"),
        ("# x\na = 1\nb = 1\n", "b = 1\n", None),
        ("a = 1\nb = 1\n", "a = 1\n# x\nc = 1 # y\nb = 1\n", None),
        ("# x\n\na = 1\nb = 1\n", "# x\n\nb = 1\n", None),
        ("v = 1\n", "v = [ # x\n  1,\n]\n", "# x\nv = [1]\n"),
        ("v = [ 1, # x\n]\n", "v = 2\n", None),
        ("v = [ 1\n# x\n]\n", "v = 2\n", None),
        ("v = [ 1\n# x\n]\n", "v = [ 2\n# x\n]\n", None),
        ("b = 1\n", "# x\n\na = 1\nb = 1\n", "b = 1\n# x\n\na = 1\n"),
        ("# x\n\na = 1\nb = 1\n", "b = 1\n", "\nb = 1\n"),
    ],
)  # fmt: skip
def test_comments_are_carried_out_where_they_have_a_place(before, after, expected):
    assert patched(before, after) == (after if expected is None else expected)


def test_a_comment_that_is_missing_in_another_document_is_put_there():
    assert patched("a = 1 # x\n", "a = 1 # y\n", "a = 1\n") == "a = 1 # y\n"
    assert patched("a = 1 # x\n", "a = 1\n", "a = 1\n") == "a = 1\n"
    assert patched("a = 1 # x\n", "a = 1 # y\n", "a = 1 # z\n") == "# y\na = 1 # z\n"


def test_a_comment_without_a_neighbour_comes_last():
    after = "b = 1\n\n# x\n\n[t]\n"
    assert patched("b = 1\n[t]\n", after, "b = 1\n") == "b = 1\n\n# x\n"


def test_a_comment_that_would_be_none_is_left_out():
    path = KeyPath(["a"])
    for text in ("b = ", "b = 1"):
        changes = (CommentChanged(path, "", text, "above", path),)
        found = diff("a = 1", "a = 1")
        assert patch("a = 1", Diff(changes, found.before, found.after)).text == "a = 1"


def test_what_is_added_to_something_removed_goes_with_it():
    before, after = map(Document.parse, ("[t]\n", "[t]\nx = 1 # x\n"))
    (added,) = diff(before, after)
    removed = Removed(KeyPath(["t"]), {})
    assert patch(before, Diff((removed, added), before, after)).text == ""


# -- refusals --------------------------------------------------------------------------


@together(
    ("before", "after", "target", "message"),
    [
        ("a = 1", "a = 2", "a = 3", "a: the document does not have the value"),
        ("a = 1", "a = 2", "a = 1.0", "a: the document does not have the value"),
        ("a = 1", "", "a = 2", "a: the document does not have the value"),
        ("a = 1", "a = 2", "b = 1", "a: the document has no key"),
        ("", "a = 1", "a = 1", "a: exists already"),
        ("[t]", "[t]\na = 1", "t = 1", "t.a: is no table"),
        ("v = [1, 2]", "v = [1, 2, 3]", "v = []", "v: the array is not the one"),
        ("v = [1, 2, 3]", "v = [3, 1, 2]", "v = [1, 2]", "v[2]: "),
        ('[[w]]\nname = "a"', '[[w]]\nname = "a"\nx = 1', '[[w]]\nname = "b"', "w[name=a]"),
        ("[o]\na = 1\nb = 2", "[n]\na = 1\nb = 2", "[p]", "o: "),
    ],
)
def test_a_document_without_what_the_diff_starts_from_is_refused(before, after, target, message):
    with pytest.raises(EditError) as error:
        patched(before, after, target)
    assert message in error.value.message


def test_moves_that_do_not_fit_together_are_refused():
    place = KeyPath(["v", 0])
    found = diff("v = [1, 2]", "v = [1, 2]")
    moves = tuple(Moved(KeyPath(["v", i]), i, 0, place) for i in (0, 1))
    with pytest.raises(EditError, match="v: the array is not the one"):
        patch("v = [1, 2]", Diff(moves, found.before, found.after))


def test_a_text_that_is_not_toml_is_refused():
    with pytest.raises(ParseError):
        patch("a = ", diff("a = 1", "a = 2"))


def test_a_result_that_is_not_the_one_asked_for_is_never_returned(monkeypatch):
    monkeypatch.setattr(patching, "_carry_out", lambda document, operation: document)
    with pytest.raises(GuardError, match="nothing was changed"):
        patched("a = 1", "a = 2")


@together(
    "before, after",
    [
        ("v = [\n  1,\n  2,\n]\n", "v = [\n  # one\n  # more\n  1,\n  2, # two\n]\n"),
        ("v = [\n  1,\n]\n", "v = [\n  1,\n  # end\n  # of all\n]\n"),
        ("v = [\r\n\t1,\r\n]\r\n", "v = [\r\n\t# a\r\n\t# b\r\n\t1, # c\r\n]\r\n"),
        ("a = 1\nb = 2\n", "# a\n# b\na = 1 # c\nb = 2\n"),
        ("a = 1\n[t]\nb = 2\n", "a = 1\n# t\n[t] # u\nb = 2\n"),
        ("# a\n# b\na = 1 # c\n", "a = 1\n"),
        ("v = [\n  # one\n  1, # two\n]\n", "v = [\n  1,\n]\n"),
        ("v = [\n  # one\n  1, # two\n]\n", "v = [\n  # three\n  1, # four\n]\n"),
    ],
)
def test_comments_of_several_lines_are_put_where_they_belong(before, after):
    assert patched(before, after) == after
