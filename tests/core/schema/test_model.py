"""What a schema says about a path, and what explain makes of it."""

from __future__ import annotations

import json

import pytest

from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import Span
from sessionctl.core.schema.explanation import explain
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.model import Schema
from sessionctl.core.toml.document import Document
from sessionctl.core.toml.key_places import KeyPlaces
from sessionctl.errors import KeyNotFoundError
from sessionctl.resources import schema_text
from tests.together import together

SESSION = Schema.session()
DESCRIBED = Schema(json.loads(schema_text("session.v1")), "session")


def test_annotations_are_found_with_and_without_indexes():
    assert SESSION.item_key(["windows"]) == "name"
    assert SESSION.item_key(KeyPath.parse("windows[0].panes")) == "name"
    assert SESSION.item_key(KeyPath.parse("windows[name=a].panes")) == "name"
    assert SESSION.item_key(["windows", "panes"]) == "name"
    assert SESSION.item_key(["preferences", "x"]) is None
    assert SESSION.merge_rule(["windows", "panes", "run"]) == "atomic"
    assert SESSION.merge_rule(["name"]) is None
    assert SESSION.is_volatile(["windows", 3, "focus"])
    assert SESSION.is_volatile(["history", "queries", 0])
    assert not SESSION.is_volatile(["windows", 3])
    assert SESSION.is_secret(["connections", "c", "password"])
    assert SESSION.annotation(["nope"], "x-merge") is None


@together(
    "data, has_some",
    [
        ({}, False),
        ({"properties": {"a": {"type": "array"}}}, False),
        ({"properties": {"a": {"items": {"x-item-key": "name"}}}}, True),
        ({"$defs": {"a": {"x-item-key": "name"}}}, True),
    ],
)
def test_a_schema_says_whether_items_have_a_field_that_identifies_them(data, has_some):
    assert Schema(data).has_item_keys  # as far as known: it was not read yet
    schema = load_schema(data)
    assert [schema.has_item_keys, schema.has_item_keys] == [has_some, has_some]


def test_what_is_known_of_paths_is_forgotten_when_it_is_much(monkeypatch):
    monkeypatch.setattr("sessionctl.core.schema.model._MOST_PATHS", 10)
    schema = Schema({"additionalProperties": {"x-item-key": "name"}})
    for number in range(100):
        assert schema.item_key([f"k{number}"]) == "name"
        assert schema.at([f"k{number}"])
    caches = (schema._cache, schema._steps, schema._item_keys)
    assert all(len(cache) <= 10 for cache in caches)


def test_annotations_of_a_wrong_type_do_not_count():
    schema = Schema({"properties": {"a": {"x-item-key": 1, "x-merge": 2}}})
    assert schema.item_key(["a"]) is None
    assert schema.merge_rule(["a"]) is None


def test_the_newest_version_is_the_one_of_the_schema():
    assert SESSION.newest_version == 1
    assert Schema({}).newest_version is None
    assert Schema({"properties": {"schema_version": {"const": "x"}}}).newest_version is None


def test_subschemas_are_found_through_every_keyword():
    schema = Schema(
        {
            "properties": {"a": {"if": {"title": "if"}, "then": {"title": "then"}}},
            "patternProperties": {"^b": {"title": "b"}, "(": {"title": "broken"}},
            "additionalProperties": {"prefixItems": [{"title": "p"}], "items": {"title": "i"}},
        }
    )
    assert [s.get("title") for s in schema.at(["a"])] == [None, "if", "then"]
    assert [s.get("title") for s in schema.at(["bb"])] == ["b"]
    assert [s.get("title") for s in schema.at(["c", 0])] == ["p"]
    assert [s.get("title") for s in schema.at(["c", 1])] == ["i"]
    assert repr(schema) == "<Schema schema>"


def test_references_are_followed_as_far_as_they_lead():
    schema = Schema({"$defs": {"a": True, "b": False, "c": {"$ref": "#/$defs/c"}}})
    assert schema.resolve({"$ref": "#/$defs/a"}) == {}
    assert schema.resolve({"$ref": "#/$defs/b"}) == {"not": {}}
    assert schema.resolve({"$ref": "#/$defs/c"}) == {"$ref": "#/$defs/c"}
    assert schema.resolve({"$ref": "nowhere"}) == {"$ref": "nowhere"}
    assert schema.resolve({"$ref": 5}) == {"$ref": 5}


def test_the_keys_of_a_table_are_told():
    assert list(SESSION.keys_at(["overrides", 0, "when"])) == ["host", "os"]
    assert "sslmode" in SESSION.keys_at(["connections", "c"])


PLACES = """\
a.b.c = 1
d = { e.f = [1, { g = 2 }] }
[h.i]
j = 1
[[k.l]]
m = 1
[[k.l]]
"""


@together(
    ("path", "value", "key", "table"),
    [
        ("a", "a", "a", "a"),
        ("a.b", "b", "b", "b"),
        ("a.b.c", "1", "c", "c"),
        ("d", "{ e.f = [1, { g = 2 }] }", "d", "d"),
        ("d.e", "e", "e", "e"),
        ("d.e.f", "[1, { g = 2 }]", "f", "f"),
        ("d.e.f[0]", "1", "1", "1"),
        ("d.e.f[1]", "{ g = 2 }", "{ g = 2 }", "{"),
        ("d.e.f[1].g", "2", "g", "g"),
        ("h", "h", "h", "h"),
        ("h.i", "[h.i]", "i", "[h.i]"),
        ("k", "k", "k", "k"),
        ("k.l", "[[k.l]]", "l", "l"),
        ("k.l[0]", "[[k.l]]", "[[k.l]]", "[[k.l]]"),
        ("k.l[0].m", "1", "m", "m"),
    ],
)
def test_values_keys_and_tables_are_placed(path, value, key, table):
    places = KeyPlaces(Document.parse(PLACES))

    def text(span):
        return PLACES[span.start : span.end]

    where = KeyPath.parse(path)
    assert text(places.value(where)) == value
    assert text(places.key(where)) == key
    assert text(places.table(where)) == table


def test_the_document_itself_is_placed_at_its_beginning():
    places = KeyPlaces(Document.parse(PLACES))
    root = KeyPath()
    assert places.value(root) == places.key(root) == places.table(root) == Span(0, 0)


def told(key):
    return explain(DESCRIBED, KeyPath.parse(key))


def test_explain_tells_all_about_a_key():
    (variant,) = told("windows.panes.start").variants
    assert variant.type == "a string"
    assert variant.description.startswith("What restoring does with 'run'")
    assert (variant.default, variant.allowed) == ("run", ("run", "type", "skip"))
    assert (variant.examples, variant.required, variant.owner) == (("type",), False, "")


def test_explain_accepts_indexes_and_names():
    assert told("windows[0].panes[name=x].start").variants == told("windows.panes.start").variants
    assert told("windows[0]").variants[0].type == "a table"


def test_explain_lists_the_keys_of_a_table_and_of_items():
    children = {child.name: child for child in told("windows").children}
    assert children["name"].required
    assert children["name"].summary == "The name of the window."
    assert not children["panes"].required
    assert told("windows").variants[0].type == "an array of tables"
    assert [child.name for child in told("connections").children] == ["NAME"]
    assert not next(c for c in told("connections.c").children if c.name == "url").required


def test_explain_tells_a_key_once_for_each_kind_of_table():
    owners = [variant.owner for variant in told("connections.c.port").variants]
    assert owners == [
        "a PostgreSQL connection", "a Redis connection", "an SSH connection",
        "a line-based connection", "a connection with JSON messages over ZeroMQ",
    ]  # fmt: skip
    required = [variant.required for variant in told("connections.c.port").variants]
    assert required == [False, False, False, True, False]


@together(
    ("key", "kind", "note"),
    [
        ("", "a table", None),
        ("windows.layout", "a tmux layout or a tmux layout string", "merges as a whole"),
        ("windows.panes.run", "a program and its arguments or a shell line", "must not be empty"),
        ("windows.panes.size", "a number of cells or a share such as \"30%\"", "at least 1"),
        ("connections.c.port", "an integer", "from 1 to 65535"),
        ("connections.c.timeout_s", "a number", "above 0"),
        ("connections.c.password", "a table",
         "is secret: the file holds only a reference"),
        ("connections.c.search_path", "an array of strings", "merges item by item, in order"),
        ("connections.c.driver", "a string", None),
        ("windows.focus", "true or false", "is volatile: kept outside the committed file"),
        ("windows", "an array of tables", "items are known by their name"),
        ("id", "a string", "must be a UUID such as 3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"),
        ("overrides.when.os", "an operating system or several operating systems", None),
        ("preferences", "a table", None),
    ],
)  # fmt: skip
def test_explain_tells_types_and_notes_in_words(key, kind, note):
    variant = told(key).variants[0]
    assert variant.type == kind
    assert note is None or note in variant.notes


def test_explain_finds_words_for_any_schema():
    data = {
        "properties": {
            "a": {"const": "x"},
            "b": {"maximum": 5},
            "c": {"exclusiveMaximum": 5, "minLength": 2, "maxItems": 3},
            "d": {"type": "array", "items": {"type": "boolean"}},
            "e": {"type": ["string", "integer"]},
            "f": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "g": {"anyOf": [{}, {"type": "integer"}]},
            "h": {"type": "array"},
            "i": {"anyOf": [{"type": ["string"]}]},
            "j": False,
        }
    }
    found = {key: explain(Schema(data), KeyPath([key])).variants[0] for key in "abcdefghi"}
    assert [found[key].type for key in "abcdefghi"] == [
        "a string", "", "", "an array", "a string or an integer", "a string or an integer", "",
        "an array", "",
    ]  # fmt: skip
    assert found["b"].notes == ("at most 5",)
    assert found["c"].notes == ("below 5", "at least 2 characters", "at most 3 items")
    assert [child.name for child in explain(Schema(data), KeyPath()).children] == list("abcdefghi")


@pytest.mark.parametrize(
    ("key", "message", "hint"),
    [
        ("windws", "windws: a session has no key windws", "did you mean windows?"),
        ("dir", "dir: a session has no key dir", "did you mean root?"),
        ("panes", "panes: a session has no key panes", "did you mean panes, a key of windows?"),
        (
            "windows.panes.shell_command",
            'windows.panes.shell_command: "windows.panes" has no key shell_command',
            "did you mean windows.panes.run?",
        ),
        (
            "windows.panes.strat.x", 'windows.panes.strat.x: "windows.panes" has no key strat',
            "did you mean windows.panes.start?",
        ),
        ("overrides.when.z", 'overrides.when.z: "overrides.when" has no key z',
         "known keys: host, os"),
        ("preferences.x", 'preferences.x: "preferences" has no key x',
         'what is in "preferences" is of your own choice'),
    ],
)  # fmt: skip
def test_explain_of_an_unknown_key_names_the_nearest(key, message, hint):
    with pytest.raises(KeyNotFoundError) as caught:
        told(key)
    assert caught.value.message == message
    assert caught.value.hints == (hint,)


def test_items_one_by_one_are_looked_up_in_older_drafts_too():
    inner = {"items": [{"title": "one"}], "additionalItems": {"title": "more"}}
    data = {"properties": {"a": inner}}
    schema = Schema(data)
    assert schema.annotation(["a", 0], "title") == "one"
    assert schema.annotation(["a", 1], "title") == "more"
    assert set(schema.keys_at(["a"])) == set()


def test_what_a_draft_does_not_know_may_hold_anything():
    data = {
        "$ref": "#/definitions/d",
        "properties": False,
        "patternProperties": 1,
        "prefixItems": "x",
        "anyOf": 5,
        "definitions": {"d": {"properties": {"a": {"title": "an a"}}}},
    }
    schema = Schema(data)
    assert schema.annotation(["a"], "title") == "an a"
    assert schema.at(["a", 0]) == ()


def test_a_boolean_alternative_can_be_explained():
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.explanation import explain

    schema = Schema({"properties": {"a": {"anyOf": [True, {"title": "a b", "type": "string"}]}}})
    assert explain(schema, KeyPath(["a"])).variants[0].type == "a b"
