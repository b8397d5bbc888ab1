"""validate: each kind of mistake, its words, its place and its hint."""

from __future__ import annotations

import pytest

from sessionctl import Document, Problem, SessionctlError, validate
from sessionctl.core.keypath import KeyPath
from sessionctl.core.problem import errors_of
from sessionctl.core.schema.check.violation import Violation
from sessionctl.core.schema.loader import load_schema
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.session_check import session_errors
from sessionctl.core.schema.words.keywords import describe
from sessionctl.core.schema.words.schema_finding import ViolationCase
from tests.schema_cases import GOOD
from tests.together import together

HEAD = 'schema_version = 1\nname = "api"\n'


def only(text, schema=None):
    """Return the one problem of a text as (line, column, marked text, problem)."""
    (problem,) = validate(text, schema)
    document = Document.parse(text)
    line, column = document.source.place(problem.span.start)
    return line, column, text[problem.span.start : problem.span.end], problem


def test_a_good_session_has_no_problems():
    assert validate(GOOD) == ()
    assert validate(Document.parse(GOOD)) == ()


CASES = {
    "a missing key of the document": (
        'schema_version = 1\n', 1, 1, "", "missing-key", "", "the key name is missing",
        'add name = "api"',
    ),
    "a missing key of an item": (
        HEAD + "[[windows]]\nindex = 1\n", 3, 1, "[[windows]]", "missing-key", "windows[0]",
        "the key name is missing", 'add name = "editor"',
    ),
    "a missing key of a table with a header": (
        HEAD + '[connections.build]\ndriver = "ssh"\n', 3, 1, "[connections.build]", "missing-key",
        "connections.build", "the key host is missing", 'add host = "build.example.org"',
    ),
    "a missing key of an inline table": (
        HEAD + 'connections.build = { driver = "ssh" }\n', 3, 13, "build", "missing-key",
        "connections.build", "the key host is missing", 'add host = "build.example.org"',
    ),
    "a missing key of an inline item": (
        HEAD + "windows = [ { index = 1 } ]\n", 3, 13, "{", "missing-key", "windows[0]",
        "the key name is missing", 'add name = "editor"',
    ),
    "a missing key of a dotted table": (
        HEAD + '[connections]\nbuild.driver = "ssh"\n', 4, 1, "build", "missing-key",
        "connections.build", "the key host is missing", 'add host = "build.example.org"',
    ),
    "an unknown key, nearly right": (
        HEAD + 'dscription = "x"\n', 3, 1, "dscription", "unknown-key", "dscription", "unknown key",
        "did you mean description?",
    ),
    "a required key that is misspelt is one problem": (
        'schema_version = 1\nnmae = "x"\n', 2, 1, "nmae", "unknown-key", "nmae", "unknown key",
        "did you mean name, which is missing?",
    ),
    "a required key of an item that has its name in another tool": (
        HEAD + "[[windows]]\nwindow_name = 'w'\n", 4, 1, "window_name", "unknown-key",
        "windows[0].window_name", "unknown key", "did you mean name, which is missing?",
    ),
    "an item as other tools have it": (
        HEAD + "[[windows]]\nname = 'w'\npanes = ['vim']\n", 5, 10, "'vim'", "type",
        "windows[name=w].panes[0]", 'expected a table, got "vim"', 'write it as { run = "vim" }',
    ),
    "an unknown key in another case": (
        HEAD + 'Root = "x"\n', 3, 1, "Root", "unknown-key", "Root", "unknown key",
        "did you mean root?",
    ),
    "an unknown key, far from all": (
        HEAD + "[[windows]]\nname = 'w'\n[[windows.panes]]\nqqqqq = 1\n", 6, 1, "qqqqq",
        "unknown-key", "windows[name=w].panes[0].qqqqq", "unknown key",
        "known keys: name, title, cwd, run, resume, shell, start, needs, env, options, size, float"
        " and 3 more",
    ),
    "an unknown table in a header": (
        HEAD + "[windwos.x]\n", 3, 2, "windwos", "unknown-key", "windwos", "unknown key",
        "did you mean windows?",
    ),
    "an unknown array of tables": (
        HEAD + "[[window]]\nname = 'x'\n", 3, 3, "window", "unknown-key", "window", "unknown key",
        "did you mean windows?",
    ),
    "an unknown key that is quoted": (
        HEAD + '"my\\u001bkey" = 1\n', 3, 1, '"my\\u001bkey"', "unknown-key", '"my\\u001Bkey"',
        "unknown key", None,
    ),
    "an unknown part of a dotted key": (
        HEAD + 'connections.c.driver = "redis"\nconnections.c.prt.x = 1\n', 4, 15, "prt",
        "unknown-key", "connections.c.prt", "unknown key", "did you mean port?",
    ),
    "an unknown key inside an inline table": (
        HEAD + 'connections.c = { driver = "redis", prt.x = 1 }\n', 3, 37, "prt", "unknown-key",
        "connections.c.prt", "unknown key", "did you mean port?",
    ),
    "a choice, nearly right": (
        HEAD + "[[windows]]\nname = 'w'\npanes = [{ start = 'tipe' }]\n", 5, 20, "'tipe'", "enum",
        "windows[name=w].panes[0].start", 'expected one of "run", "type" or "skip", got "tipe"',
        'did you mean "type"?',
    ),
    "a choice or a form": (
        HEAD + "[[windows]]\nname = 'w'\nlayout = 'tilde'\n", 5, 10, "'tilde'", "enum",
        "windows[name=w].layout",
        'expected one of "even-horizontal", "even-vertical", "main-horizontal", '
        '"main-horizontal-mirrored", "main-vertical", "main-vertical-mirrored", "tiled" or a tmux '
        'layout string, got "tilde"', 'did you mean "tiled"?',
    ),
    "a number in quotes": (
        HEAD + '[connections.c]\ndriver = "redis"\nport = "80"\n', 5, 8, '"80"', "type",
        "connections.c.port", 'expected an integer, got "80"', "write it without quotes: 80",
    ),
    "a number that is none": (
        HEAD + '[connections.c]\ndriver = "redis"\nport = "80a"\n', 5, 8, '"80a"', "type",
        "connections.c.port", 'expected an integer, got "80a"', "",
    ),
    "a float for an integer": (
        HEAD + '[connections.c]\ndriver = "redis"\nport = 80.0\n', 5, 8, "80.0", "type",
        "connections.c.port", "expected an integer, got 80.0", "write it without a point: 80",
    ),
    "a number that is too large": (
        HEAD + '[connections.c]\ndriver = "redis"\nport = 70_000\n', 5, 8, "70_000", "maximum",
        "connections.c.port", "expected a number of at most 65535, got 70000", "",
    ),
    "a number that must be above a bound": (
        HEAD + '[connections.c]\ndriver = "redis"\ntimeout_s = 0\n', 5, 13, "0",
        "exclusive-minimum", "connections.c.timeout_s", "expected a number above 0, got 0", "",
    ),
    "a boolean in quotes": (
        HEAD + "[[windows]]\nname = 'w'\nfocus = 'true'\n", 5, 9, "'true'", "type",
        "windows[name=w].focus", 'expected true or false, got "true"',
        "write it without quotes: true",
    ),
    "a date for a string": (
        HEAD + "root = 2026-01-02\n", 3, 8, "2026-01-02", "type", "root",
        "expected a string, got the date 2026-01-02", 'put it in quotes: "2026-01-02"',
    ),
    "a date for a date-time": (
        HEAD + "last_saved = 2026-01-02\n", 3, 14, "2026-01-02", "type", "last_saved",
        "expected a date-time such as 2026-01-02T03:04:05Z, got the date 2026-01-02",
        'for example: last_saved = "2026-01-02T03:04:05Z"',
    ),
    "a string that is no date-time": (
        HEAD + "last_saved = 'soon'\n", 3, 14, "'soon'", "format", "last_saved",
        'expected a date-time such as 2026-01-02T03:04:05Z, got "soon"', "",
    ),
    "a table for an array": (
        HEAD + "[windows]\n", 3, 1, "[windows]", "type", "windows",
        "expected an array, got a table", "",
    ),
    "an array of tables for a table": (
        HEAD + "[[preferences]]\n", 3, 1, "[[preferences]]", "type", "preferences",
        "expected a table, got an array", 'for example: preferences = { theme = "dark" }',
    ),
    "a dotted table for a string": (
        HEAD + "root.a = 1\n", 3, 1, "root", "type", "root", "expected a string, got a table",
        'for example: root = "~/src/api"',
    ),
    "a number for what runs": (
        HEAD + "[[windows]]\nname = 'w'\npanes = [{ run = 5 }]\n", 5, 18, "5", "type",
        "windows[name=w].panes[0].run",
        "expected a program and its arguments or a shell line, got 5",
        'for example: run = ["nvim", "src/main.py"]',
    ),
    "an argument that is no string": (
        HEAD + "[[windows]]\nname = 'w'\npanes = [{ run = ['a', 5] }]\n", 5, 24, "5", "type",
        "windows[name=w].panes[0].run[1]", "expected a string, got 5", 'put it in quotes: "5"',
    ),
    "an empty argv": (
        HEAD + "[[windows]]\nname = 'w'\npanes = [{ run = [] }]\n", 5, 18, "[]", "min-items",
        "windows[name=w].panes[0].run", "has no items", "",
    ),
    "an empty string": (
        "schema_version = 1\nname = ''\n", 2, 8, "''", "min-length", "name", "is empty", "",
    ),
    "an empty table": (
        HEAD + "[[overrides]]\nwhen = {}\n", 4, 8, "{}", "min-properties", "overrides[0].when",
        "has no keys", "",
    ),
    "a form in words": (
        HEAD + "id = 'x'\n", 3, 6, "'x'", "pattern", "id",
        'expected a UUID such as 3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11, got "x"',
        'for example: id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"',
    ),
    "a name of a key that is not allowed": (
        HEAD + "env.a-b = 'x'\n", 3, 5, "a-b", "key-name", "env.a-b",
        'expected a name of letters, digits and underscores, got the key "a-b"', "",
    ),
    "a string or a reference": (
        HEAD + "env.A = 5\n", 3, 9, "5", "type", "env.A",
        'expected a string or a reference { secret = "NAME" }, got 5', 'put it in quotes: "5"',
    ),
    "a driver, nearly right": (
        HEAD + "connections.c.driver = 'postgers'\n", 3, 24, "'postgers'", "enum",
        "connections.c.driver",
        'expected one of "sqlite", "postgres", "redis", "ssh", "http", "line", "jupyter", '
        '"zmq-json" or the name of a '
        "plug-in's "
        'driver such as acme.kafka, got "postgers"', 'did you mean "postgres"?',
    ),
    "a missing driver": (
        HEAD + "[connections.c]\nhost = 'x'\n", 3, 1, "[connections.c]", "missing-key",
        "connections.c", "the key driver is missing, it says which kind this is",
        'add driver = ..., one of "sqlite", "postgres", "redis", "ssh", "http", "line", "jupyter" '
        'or "zmq-json"',
    ),
    "a driver that is no string": (
        HEAD + "[connections.c]\ndriver = 7\n", 4, 10, "7", "type", "connections.c.driver",
        "expected a string, got 7", 'put it in quotes: "7"',
    ),
    "a connection that is no table": (
        HEAD + "connections.c = 7\n", 3, 17, "7", "type", "connections.c",
        "expected a table, got 7", "",
    ),
    "a key of another driver": (
        HEAD + "[connections.c]\ndriver = 'redis'\nsslmode = 'allow'\n", 5, 1, "sslmode",
        "unknown-key", "connections.c.sslmode", "unknown key",
        "known keys: host, port, socket, sentinels, master, user, database, password, "
        "sentinel_user, sentinel_password, tls, tls_ca and 11 more",
    ),
    "one of several systems": (
        HEAD + "[[overrides]]\nwhen.os = ['linux', 'macso']\n", 4, 21, "'macso'", "enum",
        "overrides[0].when.os[1]",
        'expected one of "linux", "macos", "windows" or "freebsd", got "macso"',
        'did you mean "macos"?',
    ),
    "a version in quotes": (
        "schema_version = '1'\nname = 'a'\n", 1, 18, "'1'", "type", "schema_version",
        'expected an integer, got "1"', "write it without quotes: 1",
    ),
    "a version that never was": (
        "schema_version = 0\nname = 'a'\n", 1, 18, "0", "const", "schema_version",
        "expected 1, got 0", "",
    ),
    "a newer version": (
        "schema_version = 2\nnonsense = 1\n", 1, 18, "2", "version", "schema_version",
        "written in version 2 of the format, the newest known one is 1",
        "update sessionctl to use this file; it is left as it is",
    ),
}  # fmt: skip


@together("name", CASES)
def test_a_mistake_is_told_with_its_place(name):
    text, line, column, marked, rule, path, message, hint = CASES[name]
    found_line, found_column, found_marked, problem = only(text)
    assert problem.message == message
    assert str(problem.key_path) == path
    assert (problem.rule, problem.severity) == (rule, "error")
    assert (found_line, found_column, found_marked) == (line, column, marked)
    if hint is not None:
        assert problem.hint == hint


def test_all_problems_are_told_in_the_order_of_the_text():
    text = "nmae = 1\n[[windows]]\nfocus = 1\n[connections]\na = 1\nb.driver = 'x'\n"
    problems = validate(text)
    assert [problem.rule for problem in problems] == [
        "missing-key", "unknown-key", "missing-key", "type", "type", "enum",
    ]  # fmt: skip
    assert [problem.span for problem in problems] == sorted(problem.span for problem in problems)


def test_text_that_is_not_toml_has_that_one_problem():
    (problem,) = validate("a = \n")
    assert problem.rule == "syntax"
    assert problem.span.start == 4


def test_a_second_item_of_the_same_name_is_a_warning():
    text = HEAD + "[[windows]]\nname = 'w'\n[[windows]]\nname = 'w'\n[[windows]]\nname = 'v'\n"
    line, column, marked, problem = only(text)
    assert (line, column, marked) == (6, 8, "'w'")
    assert problem.severity == "warning"
    assert problem.message == "another item of windows has this name already, on line 3"
    assert str(problem.key_path) == "windows[1].name"


def test_items_without_a_name_of_their_own_are_told_by_number():
    text = HEAD + "[[windows]]\nname = 'w'\nx = 1\n[[windows]]\nname = 'w'\nx = 1\n"
    paths = [str(p.key_path) for p in validate(text) if p.severity == "error"]
    assert paths == ["windows[0].x", "windows[1].x"]


def test_items_are_told_by_any_field_that_names_them():
    schema = {"properties": {"a": {"items": {"properties": {"v": {"type": "integer"}}}}}}
    text = "a = [{ id = 'one', v = '' }, { path = '/x', v = '' }, { v = '' }, 1]\n"
    paths = [str(problem.key_path) for problem in validate(text, schema)]
    assert paths == ["a[id=one].v", "a[path=/x].v", "a[2].v"]


SECRETS = {
    "by the schema": "[connections.c]\ndriver = 'http'\nurl = 'http://x'\ntoken = 'hunter2'\n",
    "by its name": "[env]\nDB_PASSWORD = ['hunter2']\nAPI_KEY = 54321\n",
    "inside a reference": "[connections.c]\ndriver = 'redis'\npassword = { value = 'hunter2' }\n",
    "in an address": "[connections.c]\ndriver = 'http'\nurl = 'http://me:hunter2@x'\n",
    "as a key that is wrong": "[connections.c]\ndriver = 'redis'\npasword = 'hunter2'\n",
    "in a shell line": "[[windows]]\nname = 'w'\nlayout = 'mysql --password=hunter2 db'\n",
    "as a boolean": "[connections.c]\ndriver = 'redis'\npassword = true\n",
    "as a date": "[connections.c]\ndriver = 'redis'\npassword = 2026-01-02\n",
}


@together("name", SECRETS)
def test_a_message_never_holds_the_value_of_a_secret(name):
    problems = validate(HEAD + SECRETS[name])
    assert problems
    for problem in problems:
        for text in (problem.message, problem.hint):
            assert "hunter2" not in text
            assert "54321" not in text
            assert "2026-01-02" not in text


def test_a_message_never_holds_what_stands_unquoted_in_the_place_of_a_value():
    (problem,) = validate("password = hunter2\n")
    assert problem.message == "this is not a value; a string needs quotes"
    (problem,) = validate("a = 12ab\n")
    assert "12ab" not in problem.message


def test_a_long_value_is_cut():
    (problem,) = validate(HEAD + f"id = '{'x' * 500}'\n")
    assert len(problem.message) < 200
    (problem,) = validate(HEAD + f"root = {'9' * 500}\n")
    assert len(problem.message) < 200


ANY = {
    "not": ({"not": {"type": "string"}}, "a = 'x'", "not", 'cannot be "x" here'),
    "not, in words": (
        {"not": {"const": "x"}, "x-expected": "anything but x"}, "a = 'x'", "not",
        'expected anything but x, got "x"',
    ),
    "multiple": ({"multipleOf": 0.1}, "a = 0.25", "multiple-of",
                 "expected a multiple of 0.1, got 0.25"),
    "multiple of what is not a number": ({"multipleOf": 2}, "a = nan", "multiple-of",
                                         "expected a multiple of 2, got nan"),
    "unique": ({"uniqueItems": True}, "a = ['x', 'y', 'x']", "unique-items",
               "the items [0] and [2] are the same"),
    "unique, as JSON counts": ({"uniqueItems": True}, "a = [1, 1.0]", "unique-items",
                               "has an item twice"),
    "dependent": ({"dependentRequired": {"b": ["c"]}}, "a = { b = 1 }", "missing-key",
                  "the key c is missing, b needs it"),
    "false": (False, "a = 1", "unknown-key", "is not allowed here"),
    "unevaluated": ({"unevaluatedProperties": False, "properties": {"bb": {}}},
                    "a = { b = 1 }", "unknown-key", "unknown key"),
    "unevaluated, by a schema": ({"unevaluatedProperties": {"type": "string"}},
                                 "a = { b = 1 }", "unknown-key", "unknown key"),
    "a format of another draft": ({"format": "date", "if": {}}, "a = 'x'", "format",
                                  'expected a date such as 2026-01-02, got "x"'),
    "unevaluated items": ({"unevaluatedItems": False}, "a = [1]", "unevaluated-items",
                          'does not meet "unevaluatedItems" of the schema'),
    "contains": ({"contains": {"type": "string"}}, "a = [1]", "contains",
                 "no item is a string"),
    "pattern": ({"pattern": "^x"}, "a = 'y'", "pattern",
                'expected a string of the form ^x, got "y"'),
    "several fit": ({"oneOf": [{"title": "a number", "type": "number"},
                               {"title": "a count", "minimum": 0}]}, "a = 1", "one-of",
                    "fits more than one of the alternatives: a number or a count"),
    "several fit, without names": ({"oneOf": [{}, {}]}, "a = 1", "one-of",
                                   "fits more than one of the alternatives"),
    "many choices": ({"enum": list("abcdefghijklmnop")}, "a = 'zz'", "enum",
                     'expected one of "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" '
                     'or 4 more, got "zz"'),
    "choices of tables": ({"enum": [{"b": 1}, [None], {}]}, "a = 5", "enum",
                          "expected one of { b = 1 }, [nothing] or {}, got 5"),
    "types": ({"type": ["integer", "number", "string", "null"]}, "a = []", "type",
              "expected a number, a string or nothing, got an array"),
    "a type that is rare": ({"type": "null"}, "a = true", "type", "expected nothing, got true"),
    "lengths": ({"maxLength": 2}, "a = 'xyz'", "max-length",
                "expected at most 2 characters, got 3"),
    "lengths, one": ({"maxItems": 1}, "a = [1, 2]", "max-items",
                     "expected at most 1 item, got 2"),
    "a key's length": ({"propertyNames": {"maxLength": 1}}, "a = { bb = 1 }", "key-name",
                       'expected a key of at most 1 character, got the key "bb"'),
    "then": ({"if": {}, "then": {"type": "string"}}, "a = 1", "type", "expected a string, got 1"),
}  # fmt: skip


@together("name", ANY)
def test_any_keyword_of_any_schema_is_told(name):
    schema, text, rule, message = ANY[name]
    (problem,) = validate(text, {"properties": {"a": schema}})
    assert (problem.rule, problem.message) == (rule, message)


UNIONS = {
    "the types tell": (
        [{"type": "object", "required": ["x"]}, {"type": "string"}], "a = {}",
        "the key x is missing",
    ),
    "no type fits, no names": (
        [{"type": ["integer", "boolean"]}, {"const": "x"}, {"type": "object"}], "a = []",
        "expected an integer, true or false, a string or a table, got an array",
    ),
    "a discriminator that nothing fits": (
        [{"properties": {"k": {"const": "one"}}}, {"properties": {"k": {"enum": ["two", "six"]}}}],
        "a = { k = 'tow' }", 'expected one of "one", "two" or "six", got "tow"',
    ),
    "a discriminator that is not there": (
        [{"properties": {"k": {"const": 1}}, "required": ["k"]},
         {"properties": {"k": {"const": 2}}, "required": ["k"]}],
        "a = {}", "the key k is missing, it says which kind this is",
    ),
    "a discriminator that one fits": (
        [{"properties": {"k": {"const": 1}, "v": {"type": "string"}}, "required": ["k"]},
         {"properties": {"k": {"const": 2}, "v": {"type": "boolean"}}, "required": ["k"]}],
        "a = { k = 2, v = 1 }", "expected true or false, got 1",
    ),
    "a discriminator of integers": (
        [{"properties": {"k": {"const": 1}}}, {"properties": {"k": {"const": 2}}}],
        "a = { k = 'x' }", 'expected one of 1 or 2, got "x"',
    ),
    "no discriminator: the nearest": (
        [{"required": ["x", "y"], "properties": {"x": {}}}, {"required": ["x"]}], "a = {}",
        "the key x is missing",
    ),
    "forms without words": (
        [{"type": "string", "pattern": "^x"}, {"type": "string", "pattern": "^y"}], "a = 'z'",
        'expected a string of the form ^x or a string of the form ^y, got "z"',
    ),
    "two forms in words": (
        [{"pattern": "^x", "title": "an x"}, {"pattern": "^y", "x-expected": "a y"}], "a = 'z'",
        'expected an x or a y, got "z"',
    ),
    "too many alternatives that a key does not tell apart": (
        [{"properties": {"k": {"const": 1}}, "required": ["x", "y"]},
         {"properties": {"k": {"const": 2}}, "required": ["x", "y"]},
         {"properties": {"k": {}}, "required": ["x", "y"]},
         {"properties": {"k": {}}, "required": ["z"]}],
        "a = {}", "the key z is missing",
    ),
    "boolean alternatives": ([False, {"type": "string"}], "a = 1", "is not allowed here"),
    "a choice that is not a list": (
        [{"properties": {"k": {}}, "required": ["z"]},
         {"properties": {"k": {}}, "required": ["y"]}],
        "a = {}", "one of the keys z or y is missing",
    ),
    "alternatives inside alternatives": (
        [{"type": "string"}, {"type": "array", "items": {"anyOf": [{"type": "string"},
                                                                  {"type": "boolean"}]}}],
        "a = [1]", "expected a string or true or false, got 1",
    ),
    "a reference to nowhere known": (
        [{"$ref": "#here"}, {"type": "string", "$anchor": "here"}], "a = 1",
        "expected a string, got 1",
    ),
}  # fmt: skip


@together("name", UNIONS)
def test_alternatives_are_told_by_what_tells_them_apart(name):
    branches, text, message = UNIONS[name]
    found = [
        problem.message for problem in validate(text, {"properties": {"a": {"anyOf": branches}}})
    ]
    assert message in found
    assert len(found) == 1


BROKEN = {
    "a list": ([1], "expected an object at the top"),
    "an unknown type": ({"type": "strnig"}, '#/type: expected one of "array"'),
    "an unknown draft": ({"$schema": "x"}, '"$schema" names no draft that is known'),
    "a draft that is not text": ({"$schema": 1}, '"$schema" names no draft that is known'),
    "properties that are none": ({"properties": []}, "#/properties: expected a table, got"),
    "an address": ({"$ref": "https://x.example/y"}, "refers to https://x.example/y, which is not"),
    "an address in a list": (
        {"allOf": [{"$ref": "https://x.example/y"}]}, "refers to https://x.example/y, which is not",
    ),
    "another file": ({"$ref": "other.json"}, "schemas are never fetched"),
    "a pointer to nothing": ({"$ref": "#/nope"}, "refers to /nope, which is not in it"),
    "an id that is no address": ({"$id": "http://[", "$ref": "x"}, "cannot be"),
}  # fmt: skip


@together("name", BROKEN)
def test_a_schema_that_cannot_be_used_is_refused_with_its_place(name):
    schema, message = BROKEN[name]
    with pytest.raises(SessionctlError) as caught:
        load_schema(schema, "my.json")
    assert caught.value.message.startswith("my.json: ")
    assert message in caught.value.message
    assert caught.value.exit_code == 3


FAR = {"$ref": "https://x.example/y"}
ABSENT = {
    "a value": ({"properties": {"a": FAR}}, "a = 'x'", "a", "'x'"),
    "a table": ({"properties": {"a": FAR}}, "[a]\nb = 1", "a", "[a]"),
    "an item": ({"properties": {"a": {"items": FAR}}}, "a = ['x']", "a[0]", "'x'"),
    "within not": ({"properties": {"a": {"not": FAR}}}, "a = 'x'", "", "a = 'x'"),
    "one of two": ({"properties": {"a": {"oneOf": [FAR, {"type": "string"}]}}}, "a = 'x'", "a",
                   "'x'"),
    "any of two": ({"properties": {"a": {"anyOf": [FAR, {"type": "integer"}]}}}, "a = 'x'", "a",
                   "'x'"),
    "beside others": ({"properties": {"a": {"allOf": [FAR, {"type": "string"}]}}}, "a = 'x'", "a",
                      "'x'"),
    "under a condition": (
        {"properties": {"a": {"if": FAR, "then": {"minLength": 2}}}}, "a = 'x'", "a", "'x'",
    ),
    "of all keys, the rest unevaluated": (
        {"allOf": [FAR], "unevaluatedProperties": False}, "a = 1", "", "a = 1",
    ),
    "of more items than that": (
        {"properties": {"a": {"allOf": [FAR], "unevaluatedItems": False}}}, "a = [1]", "a", "[1]",
    ),
    "in what an array contains": (
        {"properties": {"a": {"contains": FAR, "maxContains": 1}}}, "a = ['x', 'y']", "",
        "a = ['x', 'y']",
    ),
    "by a reference within": (
        {"properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"minLength": 1, **FAR}}},
        "a = 'x'", "a", "'x'",
    ),
}  # fmt: skip


@together("name", ABSENT)
def test_a_schema_of_the_network_is_reported_where_it_would_be_needed(name):
    schema, text, path, marked = ABSENT[name]
    _, _, found, problem = only(text, schema)
    assert (problem.rule, problem.severity) == ("not-checked", "warning")
    assert problem.message == (
        "not checked: the schema for this is https://x.example/y; schemas are never fetched"
    )
    assert problem.hint == (
        'put that schema under "$defs" of schema, with "$id": "https://x.example/y"'
    )
    assert str(problem.key_path) == path
    assert found in (marked, "")


def test_a_schema_of_the_network_is_not_missed_where_nothing_asks_for_it():
    schema = {"properties": {"a": FAR}, "additionalProperties": {"type": "integer"}}
    assert validate("b = 1", schema) == ()
    assert [p.rule for p in validate("b = 'x'", schema)] == ["type"]
    fixed = {**schema, "$defs": {"y": {"$id": "https://x.example/y", "type": "integer"}}}
    assert validate("a = 1", fixed) == ()
    assert [p.rule for p in validate("a = 'x'", fixed)] == ["type"]


GREEK = "\\p{Script=Greek}"
UNSEARCHABLE = {
    "a value": ({"properties": {"a": {"pattern": GREEK}}}, "a = 'x'", "a", "'x'"),
    "an item": (
        {"properties": {"a": {"items": {"pattern": GREEK}}}}, "a = [1, 'x']", "a[1]", "'x'",
    ),
    "within not": ({"properties": {"a": {"not": {"pattern": GREEK}}}}, "a = 'x'", "", "a = 'x'"),
    "one of two": (
        {"properties": {"a": {"oneOf": [{"pattern": GREEK}, {"type": "string"}]}}}, "a = 'x'", "a",
        "'x'",
    ),
    "under a condition": (
        {"properties": {"a": {"if": {"pattern": GREEK}, "then": {"minLength": 2}}}}, "a = 'x'", "a",
        "'x'",
    ),
    "of names": ({"propertyNames": {"pattern": GREEK}}, "a = 1", "a", "a"),
    "of keys": (
        {"patternProperties": {GREEK: {"type": "string"}}, "additionalProperties": False}, "a = 1",
        "a", "a",
    ),
    "of keys, the rest unevaluated": (
        {"patternProperties": {GREEK: {"type": "string"}}, "unevaluatedProperties": False}, "a = 1",
        "a", "a",
    ),
    "in what an array contains": (
        {"properties": {"a": {"contains": {"pattern": GREEK}, "maxContains": 1}}}, "a = ['x', 'y']",
        "", "a = ['x', 'y']",
    ),
}  # fmt: skip


@together("name", UNSEARCHABLE)
def test_a_pattern_that_cannot_be_searched_for_is_reported_and_refuses_nothing(name):
    schema, text, path, marked = UNSEARCHABLE[name]
    _, _, found, problem = only(text, schema)
    assert (problem.rule, problem.severity) == ("not-checked", "warning")
    assert problem.message == (
        f'the pattern "{GREEK}" of the schema is not checked: {GREEK} is not supported'
    )
    assert str(problem.key_path) == path
    assert found in (marked, "")


def test_beside_a_pattern_that_is_not_checked_all_else_is():
    schema = {"properties": {"a": {"pattern": "(", "maxLength": 1}, "b": {"pattern": "^x$"}}}
    problems = validate("a = 'xy'\nb = 'y'\n", schema)
    assert [(p.rule, p.severity) for p in problems] == [
        ("max-length", "error"), ("not-checked", "warning"), ("pattern", "error"),
    ]  # fmt: skip
    assert validate("b = 'x'\n", schema) == ()


def test_a_schema_that_refers_to_itself_without_end_is_refused():
    with pytest.raises(SessionctlError, match="refers to itself without end"):
        validate("a = 1", {"$ref": "#"})


def test_a_reference_that_leads_nowhere_is_told_when_it_is_met():
    with pytest.raises(SessionctlError, match=r"^s: refers to other\.json, which is not in it"):
        validate("a = 1", Schema({"$ref": "other.json"}, "s"))


def test_keys_that_jsonschema_does_not_name_are_told_at_their_table():
    violation = Violation("unevaluatedProperties", False, {}, {"a": 1}, ())
    finding = describe(ViolationCase(violation, KeyPath(), Schema({}), False))
    assert finding.message == "holds keys that the schema does not allow"


def test_what_looks_like_a_reference_in_data_is_none():
    schema = {"properties": {"a": {"enum": [{"pattern": "(", "$ref": "x"}]}}}
    assert validate("a = 1", schema)[0].rule == "enum"


@pytest.mark.parametrize(
    "draft",
    [
        "2019-09/schema",
        "draft-07/schema#",
        "draft-06/schema#",
        "draft-04/schema#",
        "draft-07/schema",
    ],
)
def test_older_drafts_are_understood(draft):
    host = "https" if draft.startswith("2019") else "http"
    address = f"{host}://json-schema.org/{'draft/' if host == 'https' else ''}{draft}"
    definitions = {"b": {"type": "integer"}}
    schema = {
        "$schema": address,
        "definitions": definitions,
        "properties": {"a": {"$ref": "#/definitions/b"}},
        "additionalProperties": False,
    }
    assert validate("a = 1", schema) == ()
    assert [p.message for p in validate("a = ''\nb = 1", schema)] == [
        'expected an integer, got ""', "unknown key",
    ]  # fmt: skip


def test_a_reference_to_a_known_metaschema_is_no_fetch():
    schema = {"properties": {"a": {"$ref": "https://json-schema.org/draft/2020-12/schema"}}}
    assert validate("a.type = 'string'", schema) == ()


def test_boolean_schemas():
    assert load_schema(True).accepts({"a": 1})
    assert validate("a = 1", load_schema(False))[0].rule == "not"


def test_a_problem_is_a_value():
    assert isinstance(only("schema_version = 1\n")[3], Problem)
    assert hash(only("schema_version = 1\n")[3])


@pytest.mark.slow
def test_a_document_with_many_problems_is_told_in_good_time():
    import time

    text = "a = [" + ",".join(["1"] * 20_000) + "]\n"
    start = time.perf_counter()
    problems = validate(text, {"properties": {"a": {"items": {"type": "string"}}}})
    assert len(problems) == 20_000
    assert time.perf_counter() - start < 20


@together(
    ("kind", "text", "bare"),
    [
        ("integer", "80", "80"),
        ("integer", " -80 ", "-80"),
        ("number", "+7", "+7"),
        ("boolean", "false", "false"),
        (["boolean", "integer"], "7", "7"),
        ("integer", "true", ""),
        ("boolean", "80", ""),
        ("array", "80", ""),
        ("object", "true", ""),
        ("integer", "", ""),
        ("integer", "8-0", ""),
        ("integer", "eight", ""),
        ("integer", "1" * 20, ""),
        ("integer", "\u0661\u0662", ""),  # digits, but not those of TOML
        ("boolean", "True", ""),
    ],
)
def test_only_a_string_that_would_fit_is_to_be_written_without_quotes(kind, text, bare):
    [problem] = validate(f'a = "{text}"\n', load_schema({"properties": {"a": {"type": kind}}}))
    assert problem.hint == (f"write it without quotes: {bare}" if bare else "")


@pytest.mark.parametrize("edit", ["", "schema_version = 99", "unknown = 1", "windows = 3"])
def test_session_errors_are_the_errors_of_validate(edit):
    text = 'name = "a"\nroot = "C:\\new"\n' + edit + "\n"
    if not edit.startswith("schema_version"):
        text = "schema_version = 1\n" + text
    document = Document.parse(text)
    assert session_errors(document) == errors_of(validate(document))
    assert bool(session_errors(document)) == bool(edit)


# What a missing key may be, and the value that the hint has for it.
SAMPLES = [
    ({"const": 5}, "5"), ({"default": True}, "true"), ({"default": {"x": [1]}}, "{ x = [1] }"),
    ({"examples": ["x", 2]}, '"x"'), ({"examples": []}, ""), ({"examples": "x"}, ""),
    ({"enum": ["one", "two"]}, '"one"'), ({"type": "string"}, '"..."'), ({"type": "integer"}, "1"),
    ({"type": "number"}, "1"), ({"type": "boolean"}, "true"), ({"type": "array"}, "[]"),
    ({"type": "object"}, "{}"), ({"type": ["string", "array"]}, ""), ({}, ""), (True, ""),
    ({"type": "string", "examples": ["e"], "default": "d"}, '"d"'),
    ({"type": "string", "enum": ["n", "e"], "examples": ["e"]}, '"e"'),
    ({"allOf": [{"type": "integer"}, {"examples": [7]}]}, "7"),
    ({"$ref": "#/$defs/b"}, '"r"'),
    # TOML has no null.
    ({"default": None, "type": "integer"}, "1"), ({"const": None}, ""), ({"enum": [None, 2]}, "2"),
    ({"default": {"x": [None]}, "examples": [None, [None], [3]]}, "[3]"),
]  # fmt: skip


@together("schema, sample", SAMPLES)
def test_the_hint_for_a_missing_key_has_a_value_that_may_stand_there(schema, sample):
    whole = load_schema({"required": ["a"], "properties": {"a": schema}, "$defs": {"b": REFERRED}})
    (problem,) = validate("", whole)
    assert (problem.rule, problem.message) == ("missing-key", "the key a is missing")
    assert problem.hint == (f"add a = {sample}" if sample else "")


REFERRED = {"const": "r"}
NAMED = {
    "properties": {
        "w": {"x-item-key": "name", "items": {"properties": {"p": {"x-item-key": "id"}}}},
        "u": {"x-item-key": "n"},
        "v": {"x-item-key": ""},
    }
}
ITEMS = '[[w]]\nname = "a"\n[[w.p]]\nid = "x"\n[[w.p]]\nid = "x"\n'


@together(
    "text, found",
    [
        ('w = [{ name = "a" }, { name = "b" }, { name = "a" }]\n',
         [(1, 47, '"a"', "w[2].name", "another item of w has this name already, on line 1")]),
        ('w = [{ name = "a" },\n  { name = "a" },\n  { name = "a" }]\n',
         [(2, 12, '"a"', "w[1].name", "another item of w has this name already, on line 1"),
          (3, 12, '"a"', "w[2].name", "another item of w has this name already, on line 1")]),
        (f'{ITEMS}[[w]]\nname = "b"\n[[w.p]]\nid = "x"\n',
         [(6, 6, '"x"', "w[0].p[1].id", "another item of w[0].p has this id already, on line 3")]),
        ('u = [[{ n = "a" }, { n = "a" }], { n = "a" }]\n',
         [(1, 26, '"a"', "u[0][1].n", "another item of u[0] has this n already, on line 1")]),
        ("w = [{ name = 1 }, { name = 1 }, {}, {}, 5, 5]\n", []),
        ('v = [{ "" = "x" }, { "" = "x" }]\nx = { w = [{ name = "a" }, { name = "a" }] }\n', []),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_items_of_one_identity_are_a_warning(text, found):
    document = Document.parse(text)
    problems = validate(document, load_schema(NAMED))
    assert [
        (*document.source.place(one.span.start), document.text[slice(*one.span)],
         str(one.key_path), one.message)
        for one in problems
    ] == found  # fmt: skip
    for one in problems:
        assert (one.rule, one.severity) == ("duplicate-item", "warning")
        key = one.key_path[-1]
        assert one.hint == f"give each its own {key}, so that edits are merged into the right one"
