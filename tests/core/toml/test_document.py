"""Looking things up in a document: values, places, nodes."""

from __future__ import annotations

import pytest
from hypothesis import given

from sessionctl.core.keypath import ItemKey, KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.parse.inline_value import comments_in, read_array, read_key, read_table
from sessionctl.core.toml.parse.tree import ArrayNode, Leaf, ListNode, TableNode, Tree, expand
from sessionctl.errors import KeyNotFoundError, UsageError
from tests.strategies import documents
from tests.together import together

TEXT = """\
a.b = 1
'a'.c = { d = [1, {e.f = 2}], "g" = 3 }
[x.y]
z = [
  10, # ten
  { w = true },
]
[[items]]
name = "one"
on = true
[[items]]
name = "two"
on = false
[items.sub]
[[items]]
other = 1
"""
DOCUMENT = Document.parse(TEXT, "x.toml")


@together(
    ("path", "value", "at", "key"),
    [
        ("a.b", 1, "1", "a.b"),
        ("a", DOCUMENT.value["a"], "a.b", "a.b"),
        ("a.c", DOCUMENT.value["a"]["c"], '{ d = [1, {e.f = 2}], "g" = 3 }', "'a'.c"),
        ("a.c.d", [1, {"e": {"f": 2}}], "[1, {e.f = 2}]", "d"),
        ("a.c.d[0]", 1, "1", "1"),
        ("a.c.d[1]", {"e": {"f": 2}}, "{e.f = 2}", "{e.f = 2}"),
        ("a.c.d[1].e", {"f": 2}, "{e.f = 2}", "{e.f = 2}"),
        ("a.c.d[-1].e.f", 2, "2", "e.f"),
        ("a.c.g", 3, "3", '"g"'),
        ("x", {"y": DOCUMENT.value["x"]["y"]}, "[x.y]", "[x.y]"),
        ("x.y", DOCUMENT.value["x"]["y"], "[x.y]", "[x.y]"),
        ("x.y.z[1].w", True, "true", "w"),
        ("items", DOCUMENT.value["items"], "[[items]]", "[[items]]"),
        ("items[1]", DOCUMENT.value["items"][1], "[[items]]", "[[items]]"),
        ("items[name=two].name", "two", '"two"', "name"),
        ("items[on=true].name", "one", '"one"', "name"),
        ("items[other=1].other", 1, "1", "other"),
        ("items.1.name", "two", '"two"', "name"),
        ("items[1].sub", {}, "[items.sub]", "[items.sub]"),
    ],
)
def test_a_path_leads_to_a_value_and_its_place(path, value, at, key):
    assert DOCUMENT.get(path) == value
    assert path in DOCUMENT
    start, end = DOCUMENT.span(path)
    assert TEXT[start:end] == at
    start, end = DOCUMENT.key_span(path)
    assert TEXT[start:end] == key


def test_the_empty_path_is_the_document():
    assert DOCUMENT.get("") is DOCUMENT.value
    assert DOCUMENT.get(()) is DOCUMENT.value
    assert DOCUMENT.span("") == Span(0, 0)
    assert DOCUMENT.key_span("") == Span(0, 0)


@together(
    ("path", "message", "hints"),
    [
        ("b", 'b: the document has no key "b"', ("there are: a, x, items",)),
        ("item", 'item: the document has no key "item"', ("did you mean items?",)),
        ("a.c.e", 'a.c.e: "a.c" has no key "e"', ("there are: a.c.d, a.c.g",)),
        ("a.b.x", 'a.b.x: "a.b" is an integer, it has no keys', ()),
        ("x.y[0]", 'x.y[0]: "x.y" is a table, it has no item [0]', ()),
        ("items[3]", 'items[3]: "items" has 3 items, and no item [3]', ("the last is items[2]",)),
        (
            "items[-4]",
            'items[-4]: "items" has 3 items, and no item [-4]',
            ("the first is items[0]",),
        ),
        (
            "items[name=x]",
            'items[name=x]: "items" has 3 items, and no item [name=x]',
            ("there are: items[name=one], items[name=two]",),
        ),
        (
            "items[name=None]",
            'items[name=None]: "items" has 3 items, and no item [name=None]',
            ("did you mean items[name=one]?",),
        ),
        ("x.y.z[w=false]", 'x.y.z[w=false]: "x.y.z" has 2 items, and no item [w=false]', ()),
        (
            "items.x",
            'items.x: "items" has 3 items, and no item x',
            ("there are: items[name=one], items[name=two]",),
        ),
        (
            "items.two.on",
            'items.two.on: "items" has 3 items, and no item two',
            ("did you mean items[name=two].on?",),
        ),
        (
            "items.tow.on",
            'items.tow.on: "items" has 3 items, and no item tow',
            ("did you mean items[name=two]?",),
        ),
        (
            ("items", "9" * 5000),
            f'items.{"9" * 5000}: "items" has 3 items, and no item {"9" * 5000}',
            ("there are: items[name=one], items[name=two]",),
        ),
        ("x[name=y]", 'x[name=y]: "x" is a table, it has no item [name=y]', ("did you mean x.y?",)),
        ("x[name=z]", 'x[name=z]: "x" is a table, it has no item [name=z]', ()),
    ],
)
def test_what_is_not_there_is_told(path, message, hints):
    with pytest.raises(KeyNotFoundError) as caught:
        DOCUMENT.get(path)
    assert caught.value.message == message
    assert caught.value.hints == hints
    assert path not in DOCUMENT


def test_an_item_key_that_names_two_items_names_none():
    document = Document.parse('a = [{n = "x"}, {n = "x"}, {n = "x"}, {n = "x"}, {n = "y"}]\n')
    assert ("a", ItemKey("n", "x")) not in document
    with pytest.raises(KeyNotFoundError) as refused:
        document.get("a[n=x].b")
    assert refused.value.message == 'a[n=x].b: "a" has 4 items [n=x]'
    assert refused.value.hints == ("name one by its place: a[0] or a[1] or a[2]",)


def test_a_malformed_path_is_a_usage_error():
    with pytest.raises(UsageError):
        DOCUMENT.get("a..b")


def test_a_path_is_resolved_to_keys_and_indexes():
    assert DOCUMENT.resolve("items[name=two].name") == KeyPath(["items", 1, "name"])
    assert DOCUMENT.resolve(["items", -1]) == KeyPath(["items", 2])


def test_a_document_is_shown_by_its_name_and_size():
    assert repr(DOCUMENT) == f"<Document x.toml, {len(TEXT)} characters>"
    assert repr(Document.parse("")) == "<Document unnamed, 0 characters>"
    assert DOCUMENT.source.name == "x.toml"
    assert Document.parse("").source.name == "<string>"


def test_the_tree_is_made_once():
    assert DOCUMENT.tree is DOCUMENT.tree


def test_nodes_know_their_spelling_and_parents():
    tree = Tree(DOCUMENT.statements)
    spellings = {key: child.spelling for key, child in tree.root.children.items() if key != "items"}
    assert spellings == {"a": "dotted", "x": "implicit"}
    items = DOCUMENT.node("items")
    assert isinstance(items, ArrayNode)
    assert [item.spelling for item in items.items] == ["item"] * 3
    assert [(item.key, item.parent) for item in items.items] == [(n, items) for n in range(3)]
    leaf = DOCUMENT.node("a.c")
    assert isinstance(leaf, Leaf)
    table = expand(TEXT, leaf)
    assert isinstance(table, TableNode)
    assert (table.spelling, table.key, table.statements) == ("inline", "c", [1])
    inner = expand(TEXT, table.children["d"])
    assert isinstance(inner, ListNode)
    assert inner.entry.keys == ("d",)
    assert expand(TEXT, DOCUMENT.node("a.b")) is DOCUMENT.node("a.b")


def test_a_table_opened_after_its_children_becomes_a_header():
    document = Document.parse("[a.b]\n[a]\nx = 1\n")
    node = document.node("a")
    assert (node.spelling, node.section) == ("header", 2)
    assert document.span("a") == Span(6, 9)


def everything(value, path=()):
    yield path, value
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from everything(item, (*path, key))


@given(documents())
def test_every_value_has_a_place_and_every_key_too(text):
    document = Document.parse(text)
    for path, value in everything(document.value):
        start, end = document.span(path)
        written = text[start:end]
        if path and not isinstance(value, dict | list):
            assert Document.parse(f"x = {written}").text
        key_start, key_end = document.key_span(path)
        assert 0 <= key_start <= key_end <= len(text)


# -- inside one value ----------------------------------------------------------------------


def test_an_array_is_read_with_its_commas():
    text = "[ 1 , [2, 3], # c, ]\n '],' , {a = 1, b = 2}, ]"
    array = read_array(text, Span(0, len(text)))
    assert [text[s:e] for s, e in array.items] == ["1", "[2, 3]", "'],'", "{a = 1, b = 2}"]
    assert len(array.commas) == 4
    assert all(text[comma] == "," for comma in array.commas)
    assert len(read_array("[1, 2]", Span(0, 6)).commas) == 1
    assert read_array("[]", Span(0, 2)).items == ()


def test_strings_of_all_kinds_are_single_elements():
    items = ['"a\\"]"', "''", '"""x", "y"""""', "'''it's'''", '""""""', "1979-05-27 07:32:00Z"]
    text = f"[{', '.join(items)}]"
    found = read_array(text, Span(0, len(text))).items
    assert [text[s:e] for s, e in found[:5]] == items[:5]
    assert [text[s:e] for s, e in found[5:]] == items[5:]


def test_an_inline_table_is_read_with_its_keys():
    text = '{ a.b = 1, "c=d" = { e = [1, 2] } , \'f\' . g=""}'
    table = read_table(text, Span(0, len(text)))
    assert [entry.keys for entry in table.entries] == [("a", "b"), ("c=d",), ("f", "g")]
    assert [text[slice(*e.key)] for e in table.entries] == ["a.b", '"c=d"', "'f' . g"]
    assert [text[slice(*e.value)] for e in table.entries] == ["1", "{ e = [1, 2] }", '""']
    assert len(table.commas) == 2
    assert read_table("{}", Span(0, 2)).entries == ()


def test_a_dotted_key_is_read_in_parts():
    text = 'a . "b\\t.\\"" .\'c\''
    keys, spans = read_key(text, Span(0, len(text)))
    assert keys == ("a", 'b\t."', "c")
    assert [text[s:e] for s, e in spans] == ["a", '"b\\t.\\""', "'c'"]


def test_comments_in_a_value_are_found():
    text = "[ # one \n '#', # two\n]"
    assert comments_in(text, Span(0, len(text))) == ["# one", "# two"]


@together(
    ("path", "message", "hint"),
    [
        ("aa0", 'aa0: the document has no key "aa0"', "did you mean aa4 or aa3 or aa2?"),
        ("aa1.x", 'aa1.x: "aa1" is an integer, it has no keys', ""),
        ("t[0]", 't[0]: "t" is a table, it has no item [0]', ""),
        ("t[name=x]", 't[name=x]: "t" is a table, it has no item [name=x]', "did you mean t.x?"),
        ("t.y", 't.y: "t" has no key "y"', "there are: t.x"),
        ("w[9]", 'w[9]: "w" has 9 items, and no item [9]', "the last is w[8]"),
        ("l[9]", 'l[9]: "l" has 1 item, and no item [9]', "the last is l[0]"),
        (
            "w[name=n0].x",
            'w[name=n0].x: "w" has 4 items [name=n0]',
            "name one by its place: w[0] or w[2] or w[4]",
        ),
        (
            "v[name=vv]",
            'v[name=vv]: "v" has 5 items, and no item [name=vv]',
            "did you mean v[name=vv4] or v[name=vv3] or v[name=vv2]?",
        ),
        ("v[port=vv]", 'v[port=vv]: "v" has 5 items, and no item [port=vv]', ""),
        ("v.vv1.x", 'v.vv1.x: "v" has 5 items, and no item vv1', "did you mean v[name=vv1].x?"),
        (
            "v.vv9",
            'v.vv9: "v" has 5 items, and no item vv9',
            "did you mean v[name=vv4] or v[name=vv3] or v[name=vv2]?",
        ),
    ],
)
def test_what_is_not_there_says_what_is_near(path, message, hint):
    keys = "".join(f"aa{number} = 1\n" for number in range(1, 5))
    twins = "".join(f"[[w]]\nname = 'n{number}'\n" for number in "010305079")
    others = "".join(f"[[v]]\nname = 'vv{number}'\nport = 'vvv'\n" for number in range(5))
    document = Document.parse(f"{keys}l = [1]\nt = {{ x = 1 }}\n{twins}{others}")
    with pytest.raises(KeyNotFoundError) as caught:
        document.get(path)
    assert caught.value.message == message
    assert list(caught.value.hints) == ([hint] if hint else [])
    assert path not in document


def test_a_document_has_no_name_unless_it_is_given():
    assert Document("", {}, []).name == Document.parse("").name == ""
    assert repr(Document.parse("")) == "<Document unnamed, 0 characters>"
