"""What x-merge of a schema changes in a merge."""

from __future__ import annotations

import pytest

from sessionctl.core.merge import merge
from sessionctl.core.schema.model import Schema
from tests.core.merge import oracle

ITEM = {"properties": {"argv": {"x-merge": "atomic"}, "tags": {"x-merge": "set"}}}
SCHEMA = Schema(
    {
        "properties": {
            "argv": {"x-merge": "atomic"},
            "tags": {"x-merge": "set"},
            "notes": {"x-merge": "text"},
            "secret": {"x-merge": "atomic"},
            "items": {"x-merge": "list", "x-item-key": "name", "items": ITEM},
            "inline": {"items": ITEM},
        }
    }
)


def paths(result):
    return [(conflict.kind.value, str(conflict.path)) for conflict in result.conflicts]


def both(base, ours, theirs, **options):
    """Merge under the schema, from both sides; the value must be the same."""
    result = merge(base, ours, theirs, schema=SCHEMA, **options)
    swapped = merge(base, theirs, ours, schema=SCHEMA, **options)
    assert sorted(paths(result)) == sorted(
        (oracle.swapped_kind(conflict.kind).value, str(conflict.path))
        for conflict in swapped.conflicts
    )
    if result.is_clean:
        values = [oracle.value_of(one.text) for one in (result, swapped)]
        assert oracle.leaves(values[0]) == oracle.leaves(values[1])
    return result


# -- atomic ----------------------------------------------------------------------------


def test_an_atomic_array_takes_the_change_of_one_side_and_the_layout_of_the_other():
    base, ours = "argv = ['a', 'b']\n", "argv = [\n  'a',\n  'b',\n]\n"
    assert both(base, ours, "argv = ['a', 'c']\n").text == ours.replace("'b'", "'c'")
    commented = "argv = [\n  'a',\n  'b', # why\n]\n"
    assert both(base, commented, "argv = ['c', 'b']\n").is_clean


def test_an_atomic_array_that_both_changed_alike_is_no_conflict():
    base, ours, theirs = (
        "argv = ['a']\n",
        "argv = ['b', 'c']\n",
        "argv = [\n  'b', # x\n  'c',\n]\n",
    )
    result = both(base, ours, theirs)
    assert result.is_clean


def test_an_atomic_array_of_an_item_is_one_conflict():
    base, ours, theirs = (
        f"[[items]]\nname = 'x'\nx = {n}\nargv = {v}\n"
        for n, v in ((1, "[1, 2, 3]"), (1, "[0, 2, 3]"), (2, "[1, 2, 4]"))
    )
    result = both(base, ours, theirs)
    assert [kind for kind, _ in paths(result)] == ["both-modified"]
    assert "x = 2\n" in result.text


def test_an_atomic_array_in_an_inline_table_is_a_conflict_of_the_statement():
    base, ours, theirs = (
        f"inline = [{{ name = 'x', argv = {v} }}]\n" for v in ("[1, 2]", "[0, 2]", "[1, 3]")
    )
    assert paths(both(base, ours, theirs)) == [("both-modified", "inline")]
    assert merge(base, ours, theirs).is_clean


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("[secret]\na = 1\nb = 1\n", "[secret]\na = 2\nb = 1\n", "[secret]\na = 1\nb = 2\n"),
        (
            "secret.a = 1\nsecret.b = 1\n",
            "secret.a = 2\nsecret.b = 1\n",
            "secret.a = 1\nsecret.b = 2\n",
        ),
        (
            "secret = { a = 1, b = 1 }\n",
            "secret = { a = 2, b = 1 }\n",
            "secret = { a = 1, b = 2 }\n",
        ),
        (
            "secret = { a = 1, b = 1 }\n",
            "secret.a = 2\nsecret.b = 1\n",
            "secret = { a = 1, b = 2 }\n",
        ),
        ("", "[secret]\na = 2\n", "[secret]\nb = 2\n"),
    ],
)
def test_an_atomic_table_is_one_conflict_however_it_is_written(base, ours, theirs):
    result = both(base, ours, theirs)
    assert len(result.conflicts) == 1
    assert "secret" in str(result.conflicts[0].path) or result.conflicts[0].kind.value == "opaque"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (
            "[secret]\na = 1\nb = 1\n",
            "[secret]\na = 2\nb = 1\n",
            "[secret]\na = 1\nb = 1\n\n[x]\ny = 1\n",
        ),
        (
            "[secret]\na = 1\n\n\nb = 1\n",
            "[secret]\na = 2\n\n\nb = 2\n",
            "[secret]\nb = 2\na = 2\n",
        ),
        (
            "[secret]\na = 1\n\n\nb = 1\n",
            "[secret]\na = 2\n\n\nb = 1\n",
            "[secret]\nb = 1\na = 1\n",
        ),
    ],
)
def test_an_atomic_table_that_one_side_changed_is_no_conflict(base, ours, theirs):
    result = both(base, ours, theirs)
    assert result.is_clean
    assert oracle.value_of(result.text)["secret"]["a"] == 2


# -- sets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "members"),
    [
        ("['a']", "['b']", "['c']", "bc"),
        ("['a', 'b']", "['b', 'a']", "['a']", "a"),
        ("['a', 'b', 'c']", "['c', 'b', 'a']", "['b', 'c', 'a', 'd']", "abcd"),
        ("['a>=1']", "['a>=2']", "[]", {"a>=2"}),
        ("[]", "['a', 'b']", "['b', 'a']", "ab"),
        ("[[1], [2]]", "[[1], [3]]", "[[2], [4]]", None),
    ],
)
def test_a_set_is_never_a_conflict(base, ours, theirs, members):
    result = both(*(f"tags = {value}\n" for value in (base, ours, theirs)))
    assert result.is_clean
    found = oracle.value_of(result.text)["tags"]
    assert members is None or (set(found) == set(members) and len(found) == len(set(members)))


def test_a_set_that_is_written_over_lines_is_no_conflict_either():
    base = "tags = [\n  'a',\n  'b', # two\n]\n"
    ours, theirs = base.replace("'a'", "'x'"), base.replace("'a'", "'y'").replace("two", "deux")
    result = both(base, ours, theirs)
    assert result.is_clean
    assert result.text == "tags = [\n  'x',\n  'y',\n  'b', # deux\n]\n"


def test_a_set_of_lines_that_git_would_merge_wrongly_is_merged_as_a_set():
    base = "tags = [\n  'a',\n  'b',\n  'c',\n]\n"
    ours, theirs = base.replace("  'a'", "  'x',\n  'a'"), base.replace("  'c'", "  'c',\n  'x'")
    assert oracle.value_of(both(base, ours, theirs).text)["tags"] == ["x", "a", "b", "c"]


# -- texts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "text"),
    [
        (r'"a\nb\nc"', r'"A\nb\nc"', r'"a\nb\nC"', r'"A\nb\nC"'),
        (r'"a\nb\nc"', "'''\nA\nb\nc'''", r'"a\nb\nC"', "'''\nA\nb\nC'''"),
        (r'"a\nb\nc"', r'"A\nb\nc"', '"""a\nb\nC"""', '"""A\nb\nC"""'),
    ],
)
def test_a_text_is_merged_by_the_lines_of_its_value(base, ours, theirs, text):
    texts = [f"notes = {value}\n" for value in (base, ours, theirs)]
    assert merge(*texts, schema=SCHEMA).text == f"notes = {text}\n"
    assert not merge(*texts).is_clean


@pytest.mark.parametrize("lines", [("a", "b", "c"), ("a\\nb", "c\\nb", "d\\nb")])
def test_a_line_of_a_text_that_both_changed_is_a_conflict(lines):
    assert len(both(*(f'notes = "{text}"\n' for text in lines)).conflicts) == 1
