"""Items of arrays of tables: made by naming them, moved with all that is theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.item_edits import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    by_identity,
    moved,
    place_without,
    with_value,
    without,
)
from sessionctl.errors import EditError, KeyNotFoundError
from tests.together import together

TEXT = """\
name = "api"

# the editor
[[windows]]
name = "editor"   # main

  # code
  [[windows.panes]]
  name = "code"

# logs
[[windows]]
name = "logs"

[connections.x]
driver = "redis"
"""


def made(text, path, value=1):
    return with_value(Document.parse(text), KeyPath.parse(path), value)


@together(
    ("path", "value"),
    [
        ("windows[name=new].layout", "tiled"),
        ("windows[name=new]", {"layout": "tiled"}),
        ("windows[name=new].panes[name=a].run", ["x"]),
        ("windows[name=logs].panes[name=a].run", "y"),
        ("windows[name=logs].panes[0].run", "y"),
        ("windows[2].name", "third"),
        ("windows[name=editor].panes[name=code].run", "z"),
        ("others[id=q].a.b", True),
        ("a.b[name=x].c[name=y].d", 1),
    ],
)
def test_an_item_that_is_named_is_made_with_its_identity(path, value):
    document = made(TEXT, path, value)
    wanted = value if not isinstance(value, dict) else {"name": "new", **value}
    assert document.get(path) == wanted
    old = Document.parse(TEXT)
    lines = iter(document.text.splitlines())
    assert all(line in lines for line in old.text.splitlines()), "every line of before, in order"
    for number, part in enumerate(KeyPath.parse(path)):
        if isinstance(part, ItemKey):
            item = document.get(KeyPath(KeyPath.parse(path)[: number + 1]))
            assert item[part.field] == part.value


names = st.text(min_size=1, max_size=12)


@given(
    window=names,
    pane=names,
    text=st.sampled_from(["", "a = 1\n", TEXT, TEXT.replace("\n", "\r\n")]),
)
def test_any_name_makes_one_item_that_the_same_path_finds(window, pane, text):
    path = KeyPath(["windows", ItemKey("name", window), "panes", ItemKey("name", pane), "run"])
    before = Document.parse(text)
    document = with_value(before, path, "x")
    assert document.get(path) == "x"
    assert with_value(document, path, "x") is document
    assert KeyPath.parse(str(path)) == path
    known = len(before.value.get("windows", []))
    assert len(document.value["windows"]) == known + (path[:2] not in before)
    # Taken out again, nothing else has changed.
    if known and path[:2] not in before:
        assert document.delete(path[:2]).value == before.value


@given(start=st.integers(0, 3), target=st.integers(0, 3), where=st.sampled_from([BEFORE, AFTER]))
def test_a_moved_item_stands_where_it_was_asked_for(start, target, where):
    text = "".join(f'# c{n}\n[[w]]\nname = "{n}"  # of {n}\n\n' for n in range(4))
    document = Document.parse(text)
    after = moved(document, KeyPath(["w", start]), where, KeyPath(["w", target]))
    order = [item["name"] for item in after.value["w"]]
    assert sorted(order) == ["0", "1", "2", "3"]
    if start != target:
        step = 1 if where == AFTER else -1
        assert order.index(str(start)) == order.index(str(target)) + step
    assert sorted(after.text.split()) == sorted(text.split())
    for n in range(4):
        assert f'# c{n}\n[[w]]\nname = "{n}"  # of {n}\n' in after.text


def test_the_ends_of_a_list():
    document = Document.parse(TEXT)
    first = moved(document, KeyPath.parse("windows[name=logs]"), FIRST)
    assert [w["name"] for w in first.value["windows"]] == ["logs", "editor"]
    assert moved(first, KeyPath.parse("windows[name=logs]"), LAST).value == document.value


@together(
    ("path", "said", "hints"),
    [
        (
            "windows[layout=x].name",
            "windows[layout=x]: there is no such item, and layout does not identify a new one",
            ["name it: windows[name=NAME]"],
        ),
        (
            "others[layout=x].a",
            "others[layout=x]: there is no such item, and layout does not identify a new one",
            ["name it: others[name=NAME]"],
        ),
        (
            "windows[name=new]",
            "windows[name=new]: a new item is a table, got an integer",
            [
                "set a key in it: windows[name=new].KEY",
                "or give the table: '{ KEY = VALUE }'",
            ],
        ),
        (
            "windows[name=new].name",
            "windows[name=new]: there is no such item to rename",
            [
                "there are: windows[name=editor], windows[name=logs]",
                "name a new one in the path: windows[name=NAME]",
            ],
        ),
        (
            "other[3].a",
            "other[3].a: there is no other yet, so an item 3 cannot be made",
            ["begin with the first: other[0]"],
        ),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_next_step(path, said, hints):
    with pytest.raises(EditError) as caught:
        made(TEXT, path)
    assert caught.value.message == said
    assert list(caught.value.hints) == hints


def test_an_item_to_rename_that_was_misspelt_is_named():
    with pytest.raises(EditError) as caught:
        made(TEXT, "windows[name=edtor].name", "x")
    assert caught.value.hints[0] == "did you mean windows[name=editor]?"


@pytest.mark.parametrize("path", ["windows[9].name", "connections.x[name=a].b", "name[name=a].b"])
def test_what_leads_nowhere_is_refused(path):
    with pytest.raises(EditError):
        made(TEXT, path)


def test_two_items_of_one_name_are_not_made_three():
    with pytest.raises(KeyNotFoundError, match="has 2 items"):
        made('[[a]]\nname = "x"\n[[a]]\nname = "x"\n', "a[name=x].b")


def test_a_number_that_identifies_stays_a_number():
    document = made("[[a]]\nid = 1\n", "a[id=2].b", "c")
    assert document.value["a"][1] == {"id": 2, "b": "c"}


@together(
    ("path", "other", "said", "hints"),
    [
        (
            "name",
            None,
            "name: it is no item of an array, only those have an order",
            ["name one: windows[name=editor]"],
        ),
        (
            "windows[name=logs]",
            "windows[0].panes[0]",
            "windows[0].panes[0]: it is not in the same array as windows[name=logs]",
            [],
        ),
        (
            "windows[name=lgs]",
            None,
            'windows[name=lgs]: "windows" has 2 items, and no item [name=lgs]',
            ["did you mean windows[name=logs]?"],
        ),
    ],
)
def test_what_cannot_be_moved_is_refused(path, other, said, hints):
    beside = None if other is None else KeyPath.parse(other)
    with pytest.raises(EditError) as refused:
        moved(Document.parse(TEXT), KeyPath.parse(path), BEFORE if other else FIRST, beside)
    assert refused.value.message == said
    assert list(refused.value.hints) == hints


def test_a_path_by_identity_names_each_item():
    document = Document.parse(TEXT)
    path = KeyPath(["windows", 0, "panes", 0, "name"])
    assert str(by_identity(document, path)) == "windows[name=editor].panes[name=code].name"
    assert by_identity(document, KeyPath(["x", 3])) == ("x", 3)


@together("newline", ["\n", "\r\n"])
@together("gap", ["", "\n"])
@together("about", ["", "# about b\n"])
def test_a_comment_below_an_item_is_never_that_of_the_new_one(about, gap, newline):
    above = (
        'name = "f"\n[[windows]]\nname = "a"\n'
        '  [[windows.panes]]\n  name = "p"\n  # tail of p\n  # and more\n'
    )
    below = f'{gap}{about}[[windows]]\nname = "b"\n'
    text = (above + below).replace("\n", newline)
    after = made(text, "windows[name=a].panes[name=r].start", "type").text
    assert after.startswith(above.replace("\n", newline))
    assert after.endswith(below.replace("\n", newline))
    lines = after[len(above.replace("\n", newline)) :].split(newline)
    assert lines[:2] == ["", "  [[windows.panes]]"]


def test_an_item_that_a_boolean_identifies_is_the_one_there_is():
    text = "[[a]]\non = true\nx = 1\n"
    assert made(text, "a[on=true].x", 2).text == text.replace("x = 1", "x = 2")


def test_what_is_removed_is_what_the_indexes_named_at_first():
    text = "a = [0, 1, 2, 3]\n[[w]]\nn = 0\n[[w]]\nn = 1\n[[w]]\nn = 2\n[t]\nx.y = 1\nx.z = 2\n"
    typed = ["a[0]", "a[2]", "w[0]", "w[1].n", "w[1]", "t.x.y", "t", "t.x.z"]
    paths = [KeyPath.parse(path) for path in typed]
    assert without(Document.parse(text), paths).text == "a = [1, 3]\n[[w]]\nn = 2\n"
    assert place_without(KeyPath.parse("w[2].n"), paths) == KeyPath.parse("w[0].n")
    assert place_without(KeyPath.parse("a[3]"), paths) == KeyPath.parse("a[1]")
    assert place_without(KeyPath.parse("b[3]"), paths) == KeyPath.parse("b[3]")
