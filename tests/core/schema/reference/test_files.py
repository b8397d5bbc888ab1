"""Schemas in other files: found beside the one that refers to them, or as saved copies."""

from __future__ import annotations

import posixpath

import pytest

from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.reference.registry import SchemaFile, UnresolvedError
from sessionctl.core.schema.reference.saved_copy import SavedCopy, names_itself, saved_copy
from sessionctl.core.schema.verdict import validate
from sessionctl.errors import SessionctlError
from tests.together import together

STRING, INTEGER = {"type": "string"}, {"type": "integer"}


def loaded(schema, files):
    """Return a schema whose references to other files lead into ``files``."""

    def find(around, path):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(around), path))
        if name == "main.json":
            return SchemaFile("")
        if name not in files:
            raise UnresolvedError(path, is_absent=True)
        return SchemaFile(name, files[name])

    return load_schema(schema, "main.json", find)


def of(reference):
    return {"properties": {"a": {"$ref": reference}}}


# Where the reference leads in the end, "a" is a string.
@together(
    "schema, files",
    [
        (of("b.json"), {"b.json": STRING}),
        (of("./b.json#"), {"b.json": STRING}),
        (of("x/b.json#/$defs/s"), {"x/b.json": {"$defs": {"s": STRING}}}),
        (of("my%20file.json"), {"my file.json": STRING}),
        (of("b.json#/$defs/a~1b~0c"), {"b.json": {"$defs": {"a/b~c": STRING}}}),
        (of("b.json#/$defs/a%20b"), {"b.json": {"$defs": {"a b": STRING}}}),
        (of("b.json#/prefixItems/1"), {"b.json": {"prefixItems": [INTEGER, STRING]}}),
        (of("b.json#here"), {"b.json": {"$defs": {"s": {"$anchor": "here", **STRING}}}}),
        # From file to file, seen from where each is, and back to the first.
        (of("x/b.json"), {"x/b.json": {"$ref": "c.json"}, "x/c.json": STRING}),
        (of("x/b.json"), {"x/b.json": {"$ref": "../c.json"}, "c.json": STRING}),
        ({**of("b.json"), "$defs": {"s": STRING}}, {"b.json": {"$ref": "main.json#/$defs/s"}}),
        # What has an address of its own is found by that.
        ({"$id": "https://x.org/main.json", **of("b.json")}, {"b.json": STRING}),
        (of("b.json"), {"b.json": {"$id": "https://y.org/b.json", "$ref": "#/$defs/s",
                                   "$defs": {"s": STRING}}}),
        (of("https://x.org/s.json"), {"x.org/s.json": STRING}),
        (of("https://x.org/v1/s.json#/$defs/s"), {"x.org/v1/s.json": {"$defs": {"s": STRING}}}),
        (of("https://x.org/v1/s.json"), {"s.json": {"$id": "https://x.org/v1/s.json", **STRING}}),
        (of("http://x.org/v1/s.json"), {"s.json": {"$id": "https://x.org/v1/s.json#", **STRING}}),
        ({"$id": "https://x.org/v1/main.json", **of("s.json")}, {"x.org/v1/s.json": STRING}),
        # An embedded one comes before a file.
        ({**of("b.json"), "$defs": {"b": {"$id": "b.json", **STRING}}}, {"b.json": INTEGER}),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_a_reference_leads_to_the_schema_of_another_file(schema, files):
    found = loaded(schema, files)
    assert validate("a = 'x'\n", found) == ()
    (problem,) = validate("a = 1\n", found)
    assert problem.message == "expected a string, got 1"


NEVER = "which is not in it; schemas are never fetched"


@together(
    "schema, files, message, hints",
    [
        (of("b.json"), {}, f"main.json: #/properties/a/$ref: refers to b.json, {NEVER}", ()),
        (of("b.json"), {"b.json": 3},
         "main.json: #/properties/a/$ref: refers to b.json, which is not a JSON Schema", ()),
        (of("b.json#/x"), {"b.json": STRING},
         f"main.json: #/properties/a/$ref: refers to /x, {NEVER}", ()),
        (of("b.json#x"), {"b.json": STRING},
         f"main.json: #/properties/a/$ref: refers to b.json#x, {NEVER}", ()),
        (of("b.json#/prefixItems/2"), {"b.json": {"prefixItems": [True, True]}},
         f"main.json: #/properties/a/$ref: refers to /prefixItems/2, {NEVER}", ()),
        (of("b.json#/required"), {"b.json": {"required": ["a"]}},
         f"main.json: #/properties/a/$ref: refers to /required, {NEVER}", ()),
        (of("b.json"), {"b.json": {"$ref": "c.json"}}, f"b.json: #/$ref: refers to c.json, {NEVER}",
         ()),
        (of("b.json"), {"b.json": {"type": "text"}},
         'b.json: not a JSON Schema: #/type: expected one of "array", "boolean", "integer", "null",'
         ' "number", "object" or "string", got "text"', ()),
        ({"$ref": "https://x.org/s.json"}, {"s.json": STRING},
         f"main.json: #/$ref: refers to https://x.org/s.json, {NEVER}",
         ("save that schema as x.org/s.json",)),
        (of("/etc/x.json"), {"etc/x.json": STRING, "/etc/x.json": STRING},
         f"main.json: #/properties/a/$ref: refers to /etc/x.json, {NEVER}", ()),
        (of("file:b.json"), {"b.json": STRING},
         f"main.json: #/properties/a/$ref: refers to file:b.json, {NEVER}", ()),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_says_where_it_stands(schema, files, message, hints):
    with pytest.raises(SessionctlError) as caught:
        loaded(schema, files)
    assert (caught.value.message, tuple(caught.value.hints)) == (message, hints)


@together(
    "address, copy, suggested",
    [
        ("https://x.org/a/b.json", SavedCopy("x.org/a/b.json", "b.json"), "x.org/a/b.json"),
        ("http://x.org/a/", SavedCopy("x.org/a", "a"), "x.org/a.json"),
        ("https://x.org", None, None),
        ("https://x.org/../b", None, None),
        ("https://x.org/a//b", None, None),
        ("https://x.org/.b", None, None),
        ("https://x.org/a b", None, None),
        ("https://x.org/a?b", None, None),
        ("file:///x/a", None, None),
        ("x.org/a", None, None),
    ],
)
def test_a_copy_of_a_schema_of_the_network_has_a_name(address, copy, suggested):
    assert saved_copy(address) == copy
    assert (copy and copy.suggested) == suggested


@together(
    "schema, address, is_own",
    [
        ({"$id": "https://x.org/a"}, "https://x.org/a", True),
        ({"$id": "https://x.org/a#"}, "http://x.org/a", True),
        ({"id": "http://x.org/a"}, "http://x.org/a#", True),
        ({"$id": "https://x.org/b", "id": "https://x.org/a"}, "https://x.org/a", False),
        ({"$id": "x.org/a"}, "https://x.org/a", False),
        ({"$id": "https://x.org/ax"}, "https://x.org/a", False),
        ({"$id": 3}, "https://x.org/a", False),
        ({}, "https://x.org/a", False),
        ([], "https://x.org/a", False),
    ],
)
def test_a_copy_names_itself(schema, address, is_own):
    assert names_itself(schema, address) is is_own
