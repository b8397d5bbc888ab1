"""What is said of keywords that are about keys together, items and several alternatives."""

# The lines of the table are read across.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from sessionctl import Document, validate
from tests.together import together

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
PYPROJECT = {
    "properties": {
        "project": {
            "required": ["name"],
            "oneOf": [
                {
                    "required": ["dynamic"],
                    "properties": {"dynamic": {"contains": {"const": "version"}}},
                },
                {"required": ["version"]},
            ],
        }
    }
}
POETRY = {
    "properties": {
        "source": {
            "items": {
                "anyOf": [
                    {"required": ["name", "url"]},
                    {"required": ["name"], "properties": {"name": {"enum": ["PyPI"]}}},
                ]
            }
        }
    }
}
URL_OR_PATH = {
    "anyOf": [
        {"type": "object", "required": [key], "properties": {key: {"type": "string"}},
         "additionalProperties": False}
        for key in ("url", "path")
    ]
}  # fmt: skip
EXCLUDING = "a source has either a url or a path"
# Schema, text, line, column, marked text, rule, message, hint.
WORDS = {
    "keys that exclude each other": (
        {"not": {"required": ["a", "b"]}}, "b = 1\nx = 1\na = 2\n", 3, 1, "a", "not",
        "the keys a and b exclude each other", "remove one of them",
    ),
    "three keys": (
        {"not": {"required": ["a", "b", "c d"]}}, "a = 1\nb = 1\n'c d' = 2\n", 3, 1, "'c d'", "not",
        'the keys a, b and "c d" exclude each other', "remove one of them",
    ),
    "a key that is not allowed": (
        {"not": {"required": ["old"]}, "description": "Use new. It is better."}, "old = 1\n", 1, 1,
        "old", "not", "is not allowed here", "the schema says: Use new.",
    ),
    "one of several that are not allowed": (
        {"not": {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}}, "x = 1\nb = 1\n", 2, 1, "b",
        "not", "is not allowed here", "",
    ),
    "keys that exclude each other, by a reference": (
        {"not": {"$ref": "#/$defs/both"}, "$defs": {"both": {"required": ["a", "b"]}}},
        "[a]\n[b]\n", 2, 2, "b", "not", "the keys a and b exclude each other", "remove one of them",
    ),
    "a value under a key": (
        {"not": {"properties": {"k": {"const": "x"}}, "required": ["k"]}}, "k = 'x'\n", 1, 5, "'x'",
        "not", 'cannot be "x" here', "",
    ),
    "the value of a secret": (
        {"not": {"properties": {"password": {"const": "hunter2"}}}}, "password = 'hunter2'\n", 1, 12,
        "'hunter2'", "not", "cannot be a string here", "",
    ),
    "an item": (
        {"properties": {"x": {"not": {"contains": {"const": "b"}}}}}, "x = ['a', 'b']\n", 1, 11,
        "'b'", "not", 'cannot be "b" here', "",
    ),
    "a form": (
        {"properties": {"x": {"not": {"pattern": "^v"}}}}, "x = 'v1'\n", 1, 5, "'v1'", "not",
        'expected a string that is not of the form ^v, got "v1"', "",
    ),
    "something else about a table": (
        {"properties": {"x": {"not": {"minProperties": 1}}}}, "[x]\na = 1\n", 1, 1, "[x]", "not",
        'is excluded by "not" of the schema', "",
    ),
    "an item where none can be right": (
        {"properties": {"x": {"contains": False}}}, "x = [1]\n", 1, 5, "[1]", "contains",
        "no item is what the schema asks for", "",
    ),
    "an item where any is right": (
        {"properties": {"x": {"contains": True}}}, "x = []\n", 1, 5, "[]", "contains",
        "no item is what the schema asks for", "",
    ),
    "no item at all": (
        {"properties": {"x": {"not": {"contains": True}}}}, "x = [1]\n", 1, 5, "[1]", "not",
        "cannot be an array here", "",
    ),
    "an item that is missing": (
        {"properties": {"x": {"contains": {"const": "main"}}}}, "x = ['a']\n", 1, 5, "['a']",
        "contains", 'no item is "main"', 'add "main"',
    ),
    "an item of a form that is missing": (
        {"properties": {"x": {"contains": {"pattern": "^v"}, "description": "Tags."}}},
        "x = ['a']\n", 1, 5, "['a']", "contains", "no item is a string of the form ^v",
        "the schema says: Tags.",
    ),
    "an item with a key": (
        {"properties": {"x": {"contains": {"required": ["a", "b"]}}}}, "x = [{ a = 1 }]\n", 1, 5,
        "[{ a = 1 }]", "contains", "no item is a table with the keys a and b", "",
    ),
    "not enough items": (
        {"properties": {"x": {"contains": {"type": "integer"}, "minContains": 2}}}, "x = [1, 'a']\n",
        1, 5, "[1, 'a']", "contains",
        "expected at least 2 items that can be an integer, got 1", "",
    ),
    "too many items": (
        {"properties": {"x": {"contains": {"x-expected": "a default"}, "maxContains": 1}}},
        "x = [1, 2]\n", 1, 5, "[1, 2]", "contains",
        "expected at most 1 item that can be a default, got 2", "",
    ),
    "a key of a list": (
        {"propertyNames": {"enum": ["linux", "macos"]}}, "linx = 1\n", 1, 1, "linx", "key-name",
        'expected one of "linux" or "macos", got the key "linx"', "did you mean linux?",
    ),
    "a key of a form": (
        {"propertyNames": {"pattern": "^[a-z]+$", "description": "A word."}}, "Abc = 1\n", 1, 1,
        "Abc", "key-name", 'expected a key of the form ^[a-z]+$, got the key "Abc"',
        "the schema says: A word.",
    ),
    "one key of two": (
        {"oneOf": [{"required": ["url"]}, {"required": ["path"]}]}, "x = 1\n", 1, 1, "",
        "missing-key", "one of the keys url or path is missing", "add url = ... or path = ...",
    ),
    "both keys of two": (
        {"oneOf": [{"required": ["url"]}, {"required": ["path"]}], "description": EXCLUDING},
        "path = 'y'\nurl = 'x'\n", 2, 1, "url", "one-of", "the keys url and path exclude each other",
        f"remove one of them; the schema says: {EXCLUDING}",
    ),
    "two keys or another": (
        {"anyOf": [{"required": ["a", "b"]}, {"required": ["c", "d"]}]}, "x = 1\n", 1, 1, "",
        "missing-key", "the keys are missing of one of these: a and b or c and d",
        "add a = ... and b = ... or c = ... and d = ...",
    ),
    "a key that is there decides": (
        {"anyOf": [{"required": ["a", "b"]}, {"required": ["c", "d"]}]}, "c = 1\n", 1, 1, "",
        "missing-key", "the key d is missing", "",
    ),
    "a version or that it is dynamic": (
        PYPROJECT, "[project]\nname = 'x'\n", 1, 1, "[project]", "missing-key",
        "one of the keys dynamic or version is missing", "add dynamic = ... or version = ...",
    ),
    "another address or another name": (
        POETRY, "[[source]]\nname = 'x'\n", 1, 1, "[[source]]", "any-of",
        'fits none of the alternatives: the key url is missing, or name: expected "PyPI", got "x"',
        "",
    ),
    "two tables, both as near": (
        {"properties": {"x": URL_OR_PATH}}, "x = {}\n", 1, 1, "x", "missing-key",
        "one of the keys url or path is missing", 'add url = "..." or path = "..."',
    ),
    "two tables, one nearer": (
        {"properties": {"x": URL_OR_PATH}}, "x = { url = 1 }\n", 1, 13, "1", "type",
        "expected a string, got 1", 'put it in quotes: "1"',
    ),
    "two kinds of items, both as near": (
        {"properties": {"x": {"anyOf": [{"items": {"type": "string"}},
                                        {"items": {"type": "integer"}}]}}},
        "x = [1, 'a']\n", 1, 5, "[1, 'a']", "any-of",
        "fits none of the alternatives: [0]: expected a string, got 1, or [1]: expected an integer, "
        'got "a"', "",
    ),
    "a list of values or a form": (
        {"properties": {"x": {"anyOf": [{"enum": ["a", "b"]}, {"pattern": "^x-"}]}}}, "x = 'q'\n",
        1, 5, "'q'", "enum",
        'expected one of "a", "b" or a string of the form ^x-, got "q"', "",
    ),
    "a list of values or a format": (
        {"properties": {"x": {"anyOf": [{"enum": ["a"]}, {"type": "string", "format": "uuid"}]}}},
        "x = 'q'\n", 1, 5, "'q'", "enum", 'expected "a" or a UUID, got "q"', "",
    ),
    "a value or a range of another type": (
        {"properties": {"x": {"oneOf": [{"const": "auto"},
                                        {"type": "integer", "minimum": 1, "maximum": 5}]}}},
        "x = 'q'\n", 1, 5, "'q'", "enum", 'expected "auto" or an integer from 1 to 5, got "q"', "",
    ),
    "a value or a range": (
        {"properties": {"x": {"oneOf": [{"const": -1}, {"type": "integer", "minimum": 1}]}}},
        "x = 0\n", 1, 5, "0", "enum", "expected -1 or an integer of at least 1, got 0", "",
    ),
    "a list of values or an array": (
        {"properties": {"x": {"anyOf": [{"enum": ["all", "none"]},
                                        {"type": "array", "items": {"type": "string"}}]}}},
        "x = 'some'\n", 1, 5, "'some'", "enum",
        'expected one of "all", "none" or an array, got "some"', "",
    ),
    "keys that all alternatives of a not ask for": (
        {"not": {"allOf": [{"required": ["a"]}, {"required": ["b"]}]}}, "a = 1\nb = 2\n", 2, 1, "b",
        "not", "the keys a and b exclude each other", "remove one of them",
    ),
    "pairs of keys that exclude another": (
        {"oneOf": [{"required": ["host", "port"]}, {"required": ["socket"]}]},
        "host = 1\nport = 2\nsocket = 3\n", 3, 1, "socket", "one-of",
        "the keys host and port and the key socket exclude each other", "remove one of them",
    ),
    "an item with a value under a key": (
        {"properties": {"x": {"contains": {"properties": {"name": {"const": "main"}}}}}},
        "x = [{ name = 'a' }]\n", 1, 5, "[{ name = 'a' }]", "contains",
        'no item is a table with name = "main"', "",
    ),
    "a key that is not allowed by name": (
        {"propertyNames": {"not": {"enum": ["old"]}}}, "old = 1\n", 1, 1, "old", "key-name",
        'the key "old" is not allowed here', "",
    ),
    "a key of several forms": (
        {"propertyNames": {"anyOf": [{"enum": ["a"]}, {"pattern": "^x-"}]}}, "b = 1\n", 1, 1, "b",
        "key-name", 'expected "a" or a string of the form ^x-, got the key "b"', "",
    ),
    "one key of two, as the schema says": (
        {"oneOf": [{"required": ["url"]}, {"required": ["path"]}], "description": EXCLUDING},
        "x = 1\n", 1, 1, "", "missing-key", "one of the keys url or path is missing",
        f"add url = ... or path = ...; the schema says: {EXCLUDING}",
    ),
    "values and forms within another union": (
        {"properties": {"x": {"anyOf": [{"anyOf": [{"const": "a"}, {"minLength": 3}]},
                                        {"const": "b"}, {"minLength": 2, "maxLength": 2,
                                                         "pattern": "^z"}]}}},
        "x = 'q'\n", 1, 5, "'q'", "enum",
        'expected one of "a", "b", a string of at least 3 characters or a string of the form ^z, '
        'got "q"', "",
    ),
    "what another key asks for": (
        {"$schema": DRAFT_07, "dependencies": {"a": {"required": ["b"]}}}, "a = 1\n", 1, 1, "",
        "missing-key", "the key b is missing, a needs it", "",
    ),
    "a message of the schema": (
        {"properties": {"x": {"pattern": "^v", "errorMessage": "Begin it with v."}}}, "x = '1'\n", 1,
        5, "'1'", "pattern", 'expected a string of the form ^v, got "1"',
        "the schema says: Begin it with v.",
    ),
    "a message for a keyword": (
        {"properties": {"x": {"maximum": 3, "errorMessage": {"maximum": "No\nmore", "type": "t"}}}},
        "x = 4\n", 1, 5, "4", "maximum", "expected a number of at most 3, got 4",
        "the schema says: No",
    ),
    "a message for a pattern": (
        {"properties": {"x": {"pattern": "^v", "patternErrorMessage": "a\u001bv " + "x" * 200}}},
        "x = '1'\n", 1, 5, "'1'", "pattern", 'expected a string of the form ^v, got "1"',
        "the schema says: av " + "x" * 156 + "...",
    ),
    "the description of a key": (
        {"properties": {"x": {"$ref": "#/$defs/v", "description": "The version. As v1."}},
         "$defs": {"v": {"pattern": "^v"}}},
        "x = '1'\n", 1, 5, "'1'", "pattern", 'expected a string of the form ^v, got "1"',
        "the schema says: The version.",
    ),
}  # fmt: skip


@together("name", WORDS)
def test_keys_items_and_alternatives_are_named_where_they_are(name):
    schema, text, line, column, marked, rule, message, hint = WORDS[name]
    (problem,) = validate(text, schema)
    start, end = problem.span
    assert problem.message == message
    assert problem.rule == rule
    assert Document.parse(text).source.place(start) == (line, column)
    assert text[start:end] == marked
    assert problem.hint == hint


FORMS = {
    "above 1": ({"exclusiveMinimum": 1}, "a number above 1"),
    "open bounds of draft 4": (
        {"minimum": 1, "exclusiveMinimum": True, "maximum": 2, "exclusiveMaximum": True},
        "a number above 1 and below 2",
    ),
    "at most": ({"maximum": 2, "type": "integer"}, "an integer of at most 2"),
    "not empty": ({"minLength": 1, "type": "string"}, "a string that is not empty"),
    "one length": ({"minLength": 2, "maxLength": 2}, "a string of 2 characters"),
    "two lengths": ({"minLength": 2, "maxLength": 4}, "a string of 2 to 4 characters"),
    "a length at most": ({"maxLength": 1}, "a string of at most 1 character"),
    "types": ({"type": ["string", "boolean"]}, "a string or true or false"),
    "a type": ({"type": "array"}, "an array"),
    "a key": ({"required": ["a"]}, "a table with the key a"),
    "nothing": ({}, ""),
}


@together("name", FORMS)
def test_what_a_schema_allows_is_put_into_words(name):
    from sessionctl.core.schema.words.forms import form_of

    schema, words = FORMS[name]
    assert form_of(schema) == words


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("email", ("must be an email address such as me@example.org",)),
        ("iri", ('its format "iri" is not checked',)),
        ("date", ()),
        (7, ()),
    ],
)
def test_the_explanation_of_a_key_says_whether_its_format_is_checked(name, notes):
    from sessionctl.core.keypath import KeyPath
    from sessionctl.core.schema.explanation import explain
    from sessionctl.core.schema.model import Schema

    found = explain(Schema({"properties": {"a": {"format": name}}}), KeyPath(["a"]))
    assert found.variants[0].notes == notes


def test_every_format_that_is_checked_has_words():
    from sessionctl.core.schema.check import formats
    from sessionctl.core.schema.words.forms import FORMATS

    assert set(formats._CHECKS) == set(FORMATS)
    assert formats.is_checked("uri") and not formats.is_checked("iri")
