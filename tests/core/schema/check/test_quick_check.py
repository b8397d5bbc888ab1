"""accept and blame, against jsonschema as the oracle."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import UTC, date, datetime, time

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.schema.check.formats import has_format
from sessionctl.core.schema.check.keyword_check import blame
from sessionctl.core.schema.check.moment import Moment, plain
from sessionctl.core.schema.check.pattern import UnsupportedPatternError, compiled, searcher
from sessionctl.core.schema.check.quick_check import (
    Acceptance,
    UnsureError,
    accepts,
    is_type,
    point,
)
from sessionctl.core.schema.model import Schema
from sessionctl.core.schema.session_schema import SESSION
from tests.jsonschema_oracle import violations
from tests.schema_cases import GOOD
from tests.together import together

DRAFT_07_EXPORT = "session.v1.draft-07"
GOOD_VALUE = tomllib.loads(GOOD)
OFTEN_ASKED = Schema.session()
for _ in range(40):  # compiled meanwhile
    assert OFTEN_ASKED.accepts(GOOD_VALUE)

leaves = st.one_of(
    st.booleans(),
    st.integers(-2, 70000),
    st.sampled_from([0.5, 1.0, float("inf")]),
    st.sampled_from(["", "a", "30%", "run", "tiled", "postgres", "redis", "acme.kafka", "x y"]),
    st.sampled_from(["2026-01-02T03:04:05Z", "https://example.org", "https://a:b@example.org"]),
    st.just([]),
    st.just({}),
    st.just({"secret": "a.b"}),
    st.just(["a", "b"]),
)
names = st.sampled_from([
    "name", "run", "start", "size", "env", "windows", "panes", "driver", "host", "port", "url",
    "password", "secret", "when", "os", "layout", "preferences", "x", "index", "schema_version",
])  # fmt: skip


def places(value, path=()):
    """Yield the path of every value inside ``value``."""
    children = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for part, inner in children:
        yield (*path, part)
        yield from places(inner, (*path, part))


@st.composite
def mutated(draw):
    """Return the good session with up to three things in it changed."""
    value = copy.deepcopy(GOOD_VALUE)
    for _ in range(draw(st.integers(0, 3))):
        everywhere = list(places(value))
        path = draw(st.sampled_from(everywhere))
        target = value
        for part in path[:-1]:
            target = target[part]
        change = draw(st.sampled_from(["replace", "delete", "add"]))
        if change == "replace":
            target[path[-1]] = copy.deepcopy(draw(leaves))
        elif change == "delete":
            del target[path[-1]]
        elif isinstance(target, dict):
            target[draw(names)] = copy.deepcopy(draw(leaves))
        if not list(places(value)):
            break
    return value


def told(found):
    """Return violations in a form that can be compared, whatever found them."""
    return sorted(
        (v.keyword, v.path, v.detail, v.branch, v.is_key, str(told(v.context))) for v in found
    )


@given(mutated())
def test_accept_and_blame_agree_with_jsonschema_on_sessions(value):
    expected = list(violations(SESSION, plain(value)))
    assert accepts(SESSION, value) == (not expected)
    assert told(blame(SESSION, value)) == told(expected)
    assert OFTEN_ASKED.accepts(value) == (not expected)


def has_float(value):
    if isinstance(value, dict | list):
        return any(map(has_float, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


@given(mutated())
def test_sessions_are_valid_under_the_export_exactly_when_under_the_source(value):
    from sessionctl.resources import schema_text

    export = json.loads(schema_text(DRAFT_07_EXPORT))
    if not has_float(value):  # stock jsonschema takes 1.0 for an integer
        stock = jsonschema.Draft7Validator(export).is_valid(value)
        assert stock == jsonschema.Draft202012Validator(SESSION).is_valid(value)
        # Stock jsonschema holds no string to its format.
        if has_format("date-time", str(value.get("last_saved", "2026-01-02T03:04:05Z"))):
            assert stock == accepts(SESSION, value)


SMALL = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "ab", "b1"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "ab"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def keywords(inner):
    bounds = st.integers(-2, 3)
    sizes = st.integers(0, 3)
    kinds = ["string", "integer", "number", "boolean", "array", "object", "null"]
    by_key = st.dictionaries(st.sampled_from(["a", "b", "ab"]), inner, max_size=2)
    some = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(
                st.sampled_from(kinds),
                st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True),
            ),
            "const": st.one_of(st.booleans(), bounds, st.sampled_from(["a", "ab"])),
            "enum": st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, unique=True),
            "minimum": bounds,
            "exclusiveMaximum": bounds,
            "exclusiveMinimum": bounds,
            "maximum": bounds,
            "minLength": sizes,
            "maxLength": sizes,
            "pattern": st.sampled_from(["^a", "b$", r"\d"]),
            "minItems": sizes,
            "maxItems": sizes,
            "minProperties": sizes,
            "maxProperties": sizes,
            "properties": by_key,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner, max_size=2),
            "additionalProperties": st.one_of(st.booleans(), inner),
            "propertyNames": inner,
            "required": st.lists(st.sampled_from(["a", "b"]), unique=True),
            "items": st.one_of(st.booleans(), inner),
            "prefixItems": some,
            "uniqueItems": st.booleans(),
            "allOf": some,
            "anyOf": some,
            "oneOf": some,
            "title": st.just("a title"),
        },
    )


leaf_schemas = st.sampled_from([
    {}, {"type": "string"}, {"type": "integer"}, {"type": "object"}, {"type": ["array", "null"]},
    {"const": "a"}, {"enum": ["a", "b"]}, {"minimum": 1}, {"required": ["a"]}, {"maxLength": 1},
    {"pattern": "^a"}, {"minItems": 1},
])  # fmt: skip
schemas = st.recursive(leaf_schemas, keywords, max_leaves=8).filter(bool)

TABLES = [{}, {"a": 1}, {"a": "x", "b": True}, {"b": [1]}, {"ab": {"a": "x"}}]
LISTS = [[], ["a"], [1, "a"], ["a", 1, True], ["a", "a"]]
SINGLE = ["", "a", "ab", 0, 1, 2, 2.5, True]


@together("value", [*TABLES, *LISTS, *SINGLE], ids=repr)
@together(
    "schema",
    [
        {"properties": {"a": {"type": "string"}, "b": True, "ab": False}},
        {"patternProperties": {"^a": {"type": "integer"}, "b$": {"type": "object"}}},
        {
            "properties": {"a": True},
            "patternProperties": {"b": True},
            "additionalProperties": False,
        },
        {"properties": {"a": True}, "additionalProperties": {"type": "boolean"}},
        {"propertyNames": {"maxLength": 1, "pattern": "a"}},
        {"required": ["a", "b"]},
        {"minProperties": 1, "maxProperties": 1},
        {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"type": "boolean"}},
        {"items": False},
        {"uniqueItems": True},
        {"uniqueItems": False},
        {"minItems": 1, "maxItems": 2},
        {"minLength": 1, "maxLength": 1, "pattern": "^a"},
        {"minimum": 1, "maximum": 2},
        {"exclusiveMinimum": 0, "exclusiveMaximum": 2.5},
        {"allOf": [True, {"type": ["string", "array"]}, {"const": "a"}]},
        {"anyOf": [False, {"type": "string"}, {"required": ["a"], "type": "object"}]},
        {"oneOf": [{"type": "string"}, {"enum": ["a", 1]}, {"type": ["array", "object"]}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$id": "urn:b", "type": "string"}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "number"}}, "minimum": 1, "x-y": 1},
        {"$id": "urn:a", "title": "t", "format": "date", "default": 1},
    ],
    ids=str,
)
def test_each_keyword_agrees_with_jsonschema(schema, value):
    expected = list(violations(schema, value))
    assert (not expected) == jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.FormatChecker(["date"])
    ).is_valid(value)
    try:
        assert told(blame(schema, value)) == told(expected)
    except UnsureError:
        assert not accepts(schema, value)
    else:
        assert accepts(schema, value) == (not expected)


@given(schemas, SMALL)
def test_accept_and_blame_agree_with_jsonschema_on_any_schema(schema, value):
    expected = list(violations(schema, value))
    try:
        found = blame(schema, value)
    except UnsureError:
        assert not accepts(schema, value)
        return
    assert told(found) == told(expected)
    assert accepts(schema, value) == (not expected)


@given(schemas, SMALL)
def test_jsonschema_as_we_hold_it_agrees_with_stock_jsonschema(schema, value):
    ours = not list(violations(schema, value))
    assert ours == jsonschema.Draft202012Validator(schema).is_valid(value)


@together(
    ("schema", "value"),
    [
        ({"$anchor": "a"}, {}),
        ({"properties": {"a": {"$id": "urn:x"}}}, {"a": 1}),
        ({"const": {"a": 1}}, {}),
        ({"enum": [[1]]}, []),
        ({"uniqueItems": True}, [1, 1]),
        ({"$ref": "#a"}, 1),
        ({"$ref": "#/nope"}, 1),
        ({"$ref": "#/$defs/a%20b", "$defs": {"a b": {}}}, 1),
        ({"$ref": "#/required", "required": []}, 1),
        ({"$ref": "other.json"}, 1),
        ({"minimum": 1}, float("nan")),
        ({"pattern": "("}, "a"),
        ({"$ref": "#"}, 1),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, 1),
    ],
)
def test_accept_never_says_yes_to_what_it_is_not_sure_of(schema, value):
    assert not accepts(schema, value)


def test_accept_knows_boolean_schemas_and_the_root_as_a_target():
    assert accepts(True, 1)
    assert not accepts(False, 1)
    tree = {"type": "object", "additionalProperties": {"$ref": "#"}}
    assert accepts(tree, {"a": {"b": {}}})
    assert not accepts(tree, {"a": {"b": 1}})
    assert accepts({"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "string"}}}, "x")
    assert point({"a": True}, "#/a") is True


def test_accept_keeps_what_it_resolved():
    run = Acceptance({"$defs": {"a": {}}})
    assert run.resolve("#/$defs/a", {}) is run.resolve("#/$defs/a", {})


def test_blame_tells_a_false_schema_and_a_second_alternative_that_fits():
    (found,) = blame({"properties": {"a": False}}, {"a": 1})
    assert (found.keyword, found.path) == ("None", ("a",))
    (found,) = blame({"oneOf": [{"type": "integer"}, {"minimum": 0}]}, 1)
    assert (found.keyword, found.context) == ("oneOf", ())


def test_integers_floats_and_booleans_are_told_apart():
    assert is_type(1, "integer") and is_type(1, "number") and not is_type(1, "boolean")
    assert not is_type(1.0, "integer") and is_type(1.0, "number")
    assert not is_type(True, "integer") and is_type(True, "boolean")
    assert not accepts({"const": 1}, True)
    assert not is_type("x", "null") and is_type(None, "null") and not is_type(None, "array")


MOMENTS = {
    "date-time": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "date-time-local": datetime.fromisoformat("2026-01-02T03:04:05"),
    "date": date(2026, 1, 2),
    "time": time(3, 4, 5),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_toml_date_is_accepted_where_a_string_of_its_format_is_asked(name):
    value = {"a": MOMENTS[name]}
    fine = {"properties": {"a": {"type": "string", "format": name, "minLength": 3}}}
    assert accepts(fine, value)
    assert not list(violations(fine, plain(value)))
    for schema in ({"type": "string"}, {"type": "string", "format": "uuid"}, {"type": "integer"}):
        wrong = {"properties": {"a": schema}}
        assert not accepts(wrong, value)
        assert told(blame(wrong, value)) == told(violations(wrong, plain(value)))


@together("keyword", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
def test_of_what_is_no_number_nothing_is_sure(keyword):
    schema = {"oneOf": [{keyword: 2}, {"title": "anything"}]}
    for value, is_sure in ((float("nan"), False), (float("inf"), True), (-float("inf"), True)):
        found = [accepts(one, value) for one in ({keyword: 2}, schema)]
        assert found.count(True) == int(is_sure)
    assert accepts(schema, True) is accepts(schema, "x") is False
    assert accepts({keyword: 2}, True) is accepts({keyword: 2}, "x") is True


def test_the_text_of_a_date_is_what_patterns_and_choices_see():
    day = date(2026, 1, 2)
    assert accepts({"pattern": "^2026"}, day)
    assert accepts({"enum": ["2026-01-02"]}, day)
    assert accepts({"const": "2026-01-02"}, day)
    assert not accepts({"maxLength": 3}, day)
    assert accepts({"required": ["a"], "items": False}, day)
    assert plain([day]) == [Moment("2026-01-02")]


@together(
    ("name", "good", "bad"),
    [
        ("date", ["2024-02-29"], ["2023-02-29", "2024-2-9", "20240229", "x"]),
        (
            "date-time",
            ["2024-02-29T01:02:03Z", "2024-02-29t01:02:03.5+01:00", "2016-12-31T23:59:60Z"],
            [
                "2024-02-29",
                "2024-02-29 01:02:03Z",
                "2024-02-29T01:02:03",
                "2024-02-30T01:02:03Z",
                "2024-02-29x01:02:03Z",
            ],
        ),
        (
            "time",
            [
                "01:02:03Z",
                "01:02:03.25-00:30",
                "23:59:60Z",
                "00:59:60+01:00",
                "05:29:60+05:30",
                "20:29:60-03:30",
                "23:59:59+23:59",
                "00:00:00-23:59",
            ],
            [
                "24:00:00Z",
                "25:00:00Z",
                "01:02:03+24:00",
                "01:02:03+01:60",
                "1:2:3Z",
                "01:60:00Z",
                "12:00:60Z",
                "01:02:61Z",
                "23:59:61Z",
                "23:59:60+01:00",
                "22:59:60+01:00",
                "22:59:60-01:30",
                "20:59:60-03:30",
            ],
        ),
        (
            "duration",
            ["P1D", "P2W", "P1Y2M3DT4H5M6S", "PT36H", "P1MT1M"],
            ["", "P", "P1", "PT", "P1DT", "1D", "P1Y2W", "P2D1Y", "PT1.5S", "P१D"],
        ),
        (
            "email",
            [
                "me@example.org",
                "a.b+c@x",
                '"a b"@example.org',
                "me@[127.0.0.1]",
                "me@[IPv6:::1]",
                "a" * 64 + "@x",
            ],
            [
                "",
                "me",
                "me@",
                "@x",
                ".a@x",
                "a..b@x",
                "a b@x",
                "me@x_y",
                "me@[1]",
                "é@x",
                "a@b@c",
                "a" * 65 + "@x",
            ],
        ),
        (
            "hostname",
            ["localhost", "db-1.example.org", "1x", "a" * 63],
            ["", "a_b", "-a", "a-", "a..b", "a" * 64, "é", "a b", "a.", ".".join(["abc"] * 64)],
        ),
        (
            "uri",
            ["https://example.org/a?b=c#d", "urn:a:b", "mailto:me@x", "http://u:p@[::1]:80/", "a:"],
            [
                "",
                "/a",
                "//x",
                "a b:c",
                "http://x y",
                "http://[1]/",
                "c:\\a",
                "http://x:a/",
                "1a:b",
                "http://é",
                "http://x/%zz",
                "http://x/<a>",
                "http://x#a#b",
            ],
        ),
        (
            "uri-reference",
            ["", "/a", "a/b", "../a?b#c", "#x", "//x/y", "https://x"],
            ["a b", "\\a", "%", "1a:b"],
        ),
        (
            "regex",
            ["^a$", r"(?<x>a)\k<x>", r"\p{Script=Greek}", "(?<=a+)b"],
            ["(", "[", "a**", "\\"],
        ),
        ("json-pointer", ["", "/", "/a~0b/~1"], ["a", "/~", "/~2"]),
        ("relative-json-pointer", ["0", "1/a", "2#"], ["", "/a", "01", "-1", "1#a"]),
        ("ipv4", ["127.0.0.1"], ["127.0.0", "::1", "1.2.3.4.5"]),
        ("ipv6", ["::1"], ["127.0.0.1", "::1%eth0", ":::"]),
        ("uuid", ["3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"], ["3f0d8c2e6d1f4c1e9a530f2f7f0c4a11"]),
        ("unknown", ["anything"], []),
    ],
)
def test_formats(name, good, bad):
    for text in good:
        assert has_format(name, text), text
        assert accepts({"format": name}, text)
    for text in bad:
        assert not has_format(name, text), text
        assert [v.keyword for v in violations({"format": name}, text)] == ["format"]


@together(
    ("pattern", "good", "bad"),
    [
        (r"^a$", "a", "a\n"),
        (r"^\d+$", "12", "१२"),
        (r"^[\d]+$", "12", "१२"),
        (r"^\w$", "a", "é"),
        (r"^\D\W$", "a-", "1-"),
        (r"^(?<x>a)$", "a", "b"),
        (r"^\cJ$", "\n", "j"),
        (r"^\u{e9}\u00e9$", "éé", "e"),
        (r"^[[$]$", "$", "a"),
        (r"^[^$\]]$", "a", "]"),
        (r"^\$\a\/$", "$a/", "a"),
        (r"(?<=a)b(?!c)", "ab", "abc"),
        (r"^[\w.]$", ".", "-"),
        (r"^[^\W\d]+$", "ab_", "a1"),
        (r"^[\D]$", "a", "1"),
        (r"^[\S]+$", "ab", "a b"),
        (r"^[^\S\n]$", " ", "\n"),
        (r"^\s$", "\ufeff", "\x85"),
        (r"^\S$", "\x1c", "\u3000"),
        (r"^.$", "a", "\u2028"),
        (r"\bfoo\b", "éfoo", "_foo"),
        (r"a\B", "ab", "a"),
        (r"^\p{L}+$", "éa", "a1"),
        (r"^\P{Lowercase_Letter}$", "A", "a"),
        (r"^[\p{Lu}\p{gc=Nd}]+$", "É१", "é"),
        (r"^\p{ASCII}\p{Any}$", "aé", "éa"),
        (r"^\p{Uppercase}\p{Lowercase}\p{LC}$", "Aaa", "aAA"),
        (r"^(?<y-1>a)\k<y-1>$", "aa", "ab"),
        (r"^(?P<y>a)(?P=y)$", "aa", "ab"),
        (r"^(a)\1$", "aa", "a"),
        (r"^\uD83D\uDE00$", "😀", "a"),
        (r"^[\uD83D\uDE00-\uD83D\uDE02]$", "😁", "😃"),
        (r"^[\w-.]+$", "a-.", "!"),
        (r"^[a-\d]$", "-", "b"),
        (r"^[--/]$", ".", "0"),
        (r"^[\b]$", "\b", "b"),
        (r"^(?:[]|x)$", "x", "]"),
        (r"^[^]$", "\n", ""),
        (r"^[(?<x>{1,2}]$", "<", "y"),
        (r"^a{,5}$", "a{,5}", "aa"),
        (r"^{}$", "{}", ""),
        (r"^\x41\0\/$", "A\0/", "A"),
        (r"^\xyz$", "xyz", "yz"),
        (r"\A\d\z", "1", "1\n"),
        (r"(?<!a)b$", "cb", "ab"),
        ("[[&&a]", "&", "b"),
        (r"^[A-Z_\-/]+$", "A-/_", "a"),
        (r"^[+\--/]+$", "+-/", ","),
        (r"^(?i)abc$", "ABC", "abd"),
        (r"(?i)^abc", "Abc", "xabc"),
        (r"^(?i:ab)c$", "ABc", "abC"),
        (r"^[^\uD800-\uDFFF]$", "😀", "ab"),
    ],
)
def test_patterns_mean_what_they_mean_in_javascript(pattern, good, bad):
    assert searcher(pattern)(good)
    assert not searcher(pattern)(bad)


@together(
    "pattern",
    [
        "(",
        "[",
        "a++",
        "a|*",
        r"\p{Script=Greek}",
        r"[\p{Emoji}]",
        r"\k<x>",
        "a{99999999999}",
        r"^\uD83D[\uDC00-\uDFFF]$",
        r"[\uD800-\uDBFF]",
        "(?<=a+)b",
        "(?<x>a)(?<x>b)",
        "[b-a]",
        r"\u{110000}",
        "a\\",
        "a{2,1}",
    ],
)
def test_a_pattern_python_cannot_stand_in_for_is_refused(pattern):
    with pytest.raises(UnsupportedPatternError):
        searcher(pattern)


@pytest.mark.parametrize("value", ["2026-01-02", True, 4, 4.0, Moment.of(date(2026, 1, 2)), []])
def test_jsonschema_applies_a_keyword_only_to_its_type(value):
    schema = {
        "dependentRequired": {"b": ["c"]},
        "multipleOf": 2,
        "format": "date",
        "pattern": "^2026",
        "patternProperties": {"a": False},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert not list(violations(schema, value))


def test_dependent_keys_that_are_there_or_not_needed_are_fine():
    schema = {"dependentRequired": {"b": ["c"], "x": ["y"]}}
    assert not list(violations(schema, {"b": 1, "c": 1}))


def test_a_class_of_all_other_characters_is_written_by_those_it_leaves_out():
    # Python compiles a range up to the last character of all in milliseconds.
    assert compiled(r"[^\x00-\x1f\x7f].\S").pattern == (
        r"[^\x00-\x1f\x7f][^\x0a\x0d\u2028\u2029]"
        r"[^\x09-\x0d\x20\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
    )
