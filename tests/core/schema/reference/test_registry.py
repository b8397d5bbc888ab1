"""The registry: where references lead, in which draft, and at what cost."""

from __future__ import annotations

import pytest

from sessionctl import SessionctlError, validate
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.reference.registry import SchemaRegistry
from tests.together import together

DRAFT_04 = "http://json-schema.org/draft-04/schema#"
DRAFT_07 = "http://json-schema.org/draft-07/schema#"


def messages(text, schema):
    return [problem.message for problem in validate(text, schema)]


def bundle(count):
    """Return a schema with as many references into one that is embedded by its ``$id``."""
    inner = {
        "$schema": DRAFT_07,
        "$id": "https://example.org/inner.json",
        "definitions": {f"d{n}": {"type": "integer"} for n in range(count)},
    }
    address = "https://example.org/inner.json#/definitions/d"
    return {
        "$id": "https://example.org/outer.json",
        "properties": {f"p{n}": {"$ref": f"{address}{n}"} for n in range(count)},
        "$defs": {"inner": inner},
    }


def steps(count):
    """Return the steps that loading takes, and those of a registry alone."""
    taken = []
    SchemaRegistry(bundle(count), taken.append).check_references()
    return sum(taken)


def test_loading_takes_steps_as_the_schema_grows_and_no_more():
    assert steps(800) == pytest.approx(8 * steps(100), rel=0.01)


def test_references_into_an_embedded_schema_are_followed_quickly():
    import time

    start = time.process_time()
    schema = load_schema(bundle(4000))
    assert messages("p0 = 1\np3999 = 'x'\n", schema) == ['expected an integer, got "x"']
    assert time.process_time() - start < 10


def test_what_was_looked_up_is_kept_from_one_document_to_the_next():
    schema = load_schema(bundle(10))
    assert validate("p0 = 1", schema) == ()
    reference = schema.data["properties"]["p0"]
    registry = schema.registry
    assert (
        registry.target(reference, reference["$ref"])
        is schema.data["$defs"]["inner"]["definitions"]["d0"]
    )
    assert schema.application().registry is registry


NESTED = {
    "a float as integer": ({"type": "integer"}, "a = 1.0", ["expected an integer, got 1.0"]),
    "a date": (
        {"type": "string", "format": "date"}, "a = '2026-02-30'",
        ['expected a date such as 2026-01-02, got "2026-02-30"'],
    ),
    "a named group": ({"pattern": "^(?<x>a)$"}, "a = 'b'",
                      ['expected a string of the form ^(?<x>a)$, got "b"']),
    "a boolean as integer": ({"enum": [1]}, "a = true", ["expected 1, got true"]),
    "a date of TOML": ({"type": "string"}, "a = 2026-01-02",
                       ["expected a string, got the date 2026-01-02"]),
    "a missing key": ({"required": ["x"]}, "a = {}", ["the key x is missing"]),
    "nothing": (False, "a = 1", ["is not allowed here"]),
}  # fmt: skip


@together("draft", [DRAFT_04, DRAFT_07, "https://json-schema.org/draft/2019-09/schema"])
@together("name", NESTED)
def test_below_a_schema_of_its_own_draft_everything_is_checked_alike(name, draft):
    inner, text, expected = NESTED[name]
    within = {"$schema": draft, "allOf": [inner]}
    assert messages(text, {"properties": {"a": within}}) == expected
    assert messages(text, {"$schema": DRAFT_07, "properties": {"a": within}}) == expected
    assert (
        messages(
            text,
            {"properties": {"a": {"$ref": "#/$defs/w"}}, "$defs": {"w": {**within, "$id": "w"}}},
        )
        == expected
    )


@pytest.mark.parametrize("draft", [DRAFT_04, DRAFT_07])
def test_a_root_with_a_draft_that_refers_to_itself_is_checked_alike_at_each_level(draft):
    schema = {
        "$schema": draft,
        "properties": {
            "n": {"type": "integer"},
            "d": {"type": "string", "format": "date"},
            "g": {"pattern": "^(?<x>a)$"},
            "inner": {"$ref": "#"},
        },
        "additionalProperties": False,
    }
    text = "inner.inner = { n = 1.0, d = 'x', g = 'b', z = 1 }\n"
    found = validate(text, schema)
    assert [str(problem.key_path) for problem in found] == [
        "inner.inner.n", "inner.inner.d", "inner.inner.g", "inner.inner.z",
    ]  # fmt: skip
    assert [problem.rule for problem in found] == ["type", "format", "pattern", "unknown-key"]
    assert [text[problem.span.start : problem.span.end] for problem in found] == [
        "1.0", "'x'", "'b'", "z",
    ]  # fmt: skip


def test_a_schema_of_draft_4_within_a_newer_one_keeps_its_meaning():
    inner = {"$schema": DRAFT_04, "id": "urn:old", "minimum": 1, "exclusiveMinimum": True}
    assert messages("a = 1", {"properties": {"a": inner}}) == ["expected a number above 1, got 1"]
    assert messages("a = 2", {"properties": {"a": inner}}) == []


DRAFTS = {
    "an open bound": (DRAFT_04, {"maximum": 5, "exclusiveMaximum": True}, "a = 5",
                      ["expected a number below 5, got 5"]),
    "a bound that is not open": (DRAFT_04, {"maximum": 5, "exclusiveMaximum": False}, "a = 5", []),
    "items one by one": (DRAFT_04, {"items": [{"type": "string"}, {}], "additionalItems": False},
                         "a = [1, 2, 3]", ["expected a string, got 1", "is not allowed here"]),
    "items one by one, more of a kind": (
        DRAFT_07, {"items": [{}], "additionalItems": {"type": "integer"}}, "a = [1, 'x']",
        ['expected an integer, got "x"'],
    ),
    "more items of one schema": (DRAFT_07, {"items": {}, "additionalItems": False}, "a = [1]", []),
    "a dependency, a list": (DRAFT_07, {"dependencies": {"x": ["y"]}}, "a = { x = 1 }",
                             ["the key y is missing, x needs it"]),
    "a dependency, a table before a list": (
        DRAFT_07, {"dependencies": {"z": {"required": ["w"]}, "x": ["y"]}}, "a = { x = 1, z = 1 }",
        ["the key w is missing, z needs it", "the key y is missing, x needs it"],
    ),
    "a dependency, a list before a table": (
        DRAFT_04, {"dependencies": {"x": ["y"], "z": {"required": ["w"]}}}, "a = { x = 1, z = 1 }",
        ["the key y is missing, x needs it", "the key w is missing, z needs it"],
    ),
    "a dependency that is never met": (DRAFT_07, {"dependencies": {"x": False}}, "a = { x = 1 }",
                                       ["is not allowed here"]),
    "beside a reference nothing counts": (
        DRAFT_07, {"$ref": "#/definitions/i", "maximum": 1}, "a = 5", [],
    ),
    "const is not known yet": (DRAFT_04, {"const": 1}, "a = 2", []),
    "if is not known yet": ("http://json-schema.org/draft-06/schema#",
                            {"if": {}, "then": False}, "a = 2", []),
    "an id is an address": (
        DRAFT_04, {"id": "http://x.example/y", "allOf": [{"$ref": "#/d"}], "d": {"type": "string"}},
        "a = 1", ["expected a string, got 1"],
    ),
    "an id is a name": (DRAFT_07, {"$ref": "#named"}, "a = 1", ["expected a string, got 1"]),
}  # fmt: skip


@together("name", DRAFTS)
def test_each_draft_has_its_own_meaning(name):
    draft, inner, text, expected = DRAFTS[name]
    schema = {
        "$schema": draft,
        "properties": {"a": inner},
        "definitions": {"i": {"type": "integer"}, "n": {"$id": "#named", "type": "string"}},
    }
    assert messages(text, schema) == expected


def test_a_draft_may_be_named_with_either_scheme():
    schema = {"$schema": "https://json-schema.org/draft-07/schema", "properties": {"a": False}}
    assert messages("a = 1", schema) == ["is not allowed here"]


FORMS = {
    "#/properties/a/minLength: expected an integer": {"properties": {"a": {"minLength": "3"}}},
    "#/properties/a/minLength: expected a number of at least 0": {
        "properties": {"a": {"minLength": -1}}
    },
    "#/anyOf: has no items": {"anyOf": []},
    "#/allOf/0: expected a table or true or false": {"allOf": [1]},
    "#/required/1: expected a string": {"required": ["a", 1]},
    "#/required: the items [0] and [1] are the same": {"required": ["a", "a"]},
    "#/type/0: expected one of": {"type": ["text"]},
    "#/exclusiveMinimum: expected a number": {"exclusiveMinimum": True},
    "#/exclusiveMinimum: expected true or false": {
        "$schema": DRAFT_04,
        "minimum": 1,
        "exclusiveMinimum": 1,
    },
    "#/multipleOf: expected a number above 0": {"multipleOf": 0},
    "#/dependencies/a/0: expected a string": {"$schema": DRAFT_07, "dependencies": {"a": [1]}},
    "#/items: expected a table or true or false": {"items": [{}]},
    "#/x/pattern: expected a string": {"$ref": "#/x", "x": {"pattern": 1}},
    "#/enum: expected an array": {"enum": 1},
}


@together("message", FORMS)
def test_a_keyword_of_the_wrong_form_is_refused_with_its_place(message):
    with pytest.raises(SessionctlError) as caught:
        load_schema(FORMS[message], "s.json")
    assert caught.value.message.startswith(f"s.json: not a JSON Schema: {message}")


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"id": {"type": "string"}, "$id": {}, "required": {"minLength": 1}}},
        {"$schema": DRAFT_07, "id": {"any": "thing"}, "dependentRequired": 1},
        {"$schema": DRAFT_04, "const": 1, "if": 5, "contains": "x"},
        {"x-more": {"type": 1}, "default": {"type": 1}, "examples": [{"$ref": "x"}]},
        {
            "minLength": 2.0,
            "$schema": DRAFT_07,
            "$ref": "#/definitions/a",
            "definitions": {"a": {}},
        },
    ],
)
def test_what_is_no_keyword_may_hold_anything(schema):
    load_schema(schema)


@pytest.mark.parametrize(
    ("schema", "draft"),
    [
        ({"items": [{"type": "string"}]}, "http://json-schema.org/draft-07/schema#"),
        ({"minimum": 1, "exclusiveMinimum": True}, DRAFT_04),
        (
            {"id": "http://x.example/y", "allOf": [{"$ref": "http://x.example/y#/a"}], "a": {}},
            DRAFT_04,
        ),
    ],
)
def test_a_schema_of_an_older_draft_that_names_none_gets_the_hint_to(schema, draft):
    with pytest.raises(SessionctlError) as caught:
        load_schema(schema)
    assert caught.value.hints == (f'add its draft: "$schema": "{draft}"',)
    load_schema({"$schema": draft, **schema})


def test_a_mistake_in_any_draft_has_no_such_hint():
    for schema in ({"required": True}, {"$schema": DRAFT_07, "exclusiveMinimum": True}):
        with pytest.raises(SessionctlError) as caught:
            load_schema(schema)
        assert not caught.value.hints


LEADS = {
    "an escaped pointer": "#/%24defs/a~1b/anyOf/1",
    "an anchor that is escaped": "#n%31",
    "an address that is escaped": "urn:x#/%24defs/i",
    "its own address": "urn:x#n1",
}


@pytest.mark.parametrize("name", LEADS)
def test_references_of_any_form_are_followed(name):
    schema = {
        "$id": "urn:x",
        "properties": {"a": {"$ref": LEADS[name]}},
        "$defs": {
            "a/b": {"anyOf": [{}, {"type": "integer"}]},
            "i": {"type": "integer"},
            "n": {"$anchor": "n1", "type": "integer"},
        },
    }
    assert messages("a = 1", schema) == []
    assert messages("a = ''", schema) == ['expected an integer, got ""']


@pytest.mark.parametrize("reference", ["#/anyOf/7", "#/anyOf/x", "#gone", "#/anyOf", "urn:y"])
def test_references_that_lead_nowhere_are_refused(reference):
    with pytest.raises(SessionctlError, match="which is not in it"):
        load_schema({"anyOf": [{"$ref": reference}]})


def test_a_schema_that_no_keyword_leads_to_is_taken_for_a_part_of_the_whole():
    registry = SchemaRegistry({"$schema": DRAFT_04})
    assert registry.home({"type": "string"}).dialect.name == "draft-04"


UNEVALUATED = {
    "the first items": ({"prefixItems": [{}], "unevaluatedItems": False}, "[1, 2]", False),
    "all items": ({"items": {}, "unevaluatedItems": False}, "[1, 2]", True),
    "what it contains": ({"contains": {"const": 1}, "unevaluatedItems": False}, "[1, 2]", False),
    "what it contains, all": ({"contains": {}, "unevaluatedItems": False}, "[1, 2]", True),
    "items of another": ({"allOf": [{"items": {}}], "unevaluatedItems": False}, "[1]", True),
    "unevaluated of another": (
        {"anyOf": [{"unevaluatedItems": {}}], "unevaluatedItems": False}, "[1]", True,
    ),
    "keys of a pattern": (
        {"patternProperties": {"^a": {}}, "unevaluatedProperties": False}, "{ ab = 1 }", True,
    ),
    "all other keys": (
        {"anyOf": [{"additionalProperties": {}}], "unevaluatedProperties": False},
        "{ b = 1 }", True,
    ),
    "keys of a condition": (
        {"if": {"required": ["a"]}, "then": {"properties": {"b": {}}}, "else": False,
         "properties": {"a": {}}, "unevaluatedProperties": False}, "{ a = 1, b = 1 }", True,
    ),
    "keys another asks for": (
        {"dependentSchemas": {"a": {"properties": {"b": {}}}}, "properties": {"a": {}},
         "unevaluatedProperties": False}, "{ a = 1, b = 1 }", True,
    ),
    "unevaluated keys of another": (
        {"allOf": [{"unevaluatedProperties": {}}], "unevaluatedProperties": False}, "{ b = 1 }",
        True,
    ),
}  # fmt: skip


@together("name", UNEVALUATED)
def test_what_other_keywords_looked_at_is_not_left_over(name):
    inner, value, is_valid = UNEVALUATED[name]
    assert bool(messages(f"a = {value}", {"properties": {"a": inner}})) is not is_valid


@pytest.mark.parametrize(("value", "is_valid"), [("[1, 'x']", True), ("[1, 'x', 2]", False)])
def test_items_of_2019_are_evaluated_one_by_one(value, is_valid):
    draft = "https://json-schema.org/draft/2019-09/schema"
    inner = {"items": [{}, {}], "unevaluatedItems": False}
    schema = {"$schema": draft, "properties": {"a": inner}}
    assert bool(messages(f"a = {value}", schema)) is not is_valid
    inner["additionalItems"] = {}
    assert messages(f"a = {value}", schema) == []
