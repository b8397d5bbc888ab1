"""Values of YAML, JSON and KDL as the tools read them: their text and what it stands for."""

from __future__ import annotations

import math

import pytest

from sessionctl.core.importers.nodes import yaml_nodes
from sessionctl.core.importers.nodes.json_nodes import read_json
from sessionctl.core.importers.nodes.kdl_nodes import _unquoted, read_kdl
from sessionctl.core.importers.nodes.source_node import MAX_DEPTH, whole_number
from sessionctl.core.importers.nodes.yaml_nodes import read_yaml
from sessionctl.core.problem import Span
from sessionctl.errors import ParseError
from tests.core.importers import reading_tools  # noqa: F401 - skips without the libraries
from tests.together import together


def same(found, value):
    if isinstance(value, float) and math.isnan(value):
        return math.isnan(found)
    return found == value and type(found) is type(value)


@together(
    "written, value",
    [
        ("1", 1),
        ("-1", -1),
        ("+1", 1),
        ("0", 0),
        ("-0", 0),
        ("010", 8),
        ("-010", -8),
        ("08", "08"),
        ("0b101", 5),
        ("-0x1F", -31),
        ("0x_", "0x_"),
        ("1_000", 1000),
        ("9" * 1000, int("9" * 1000)),
        ("9" * 1001, "9" * 1001),
        ("1:30", "1:30"),
        ("1.5", 1.5),
        ("1_0.5", 10.5),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        (".NaN", math.nan),
        ("yes", True),
        ("On", True),
        ("TRUE", True),
        ("no", False),
        ("off", False),
        ("y", "y"),
        ("~", None),
        ("null", None),
        ("", None),
        ("2024-01-02", "2024-01-02"),
        ('"1"', "1"),
        ("'yes'", "yes"),
        ("! 1", "1"),
        ("!!str 1", "1"),
        ("!!int '7'", 7),
        ("!!int x", "x"),
        ("!!float '7'", 7.0),
        ("!!float x", "x"),
        ("!!bool 'on'", True),
        ("!!null x", None),
        ("!ours 1", "1"),
        ("|\n  two\n  lines", "two\nlines"),
    ],
)
def test_a_plain_word_of_yaml_is_what_version_1_1_says(written, value):
    [root] = read_yaml(f"a: {written}").documents
    [(key, node)] = root.entries
    assert (key.text, str(node.path)) == ("a", "a")
    assert same(node.value, value)


@together(
    "written, text, value",
    [
        ("1", "1", 1),
        ("-17", "-17", -17),
        ("9" * 1000, "9" * 1000, int("9" * 1000)),
        ("9" * 1001, "9" * 1001, "9" * 1001),
        ("1.5", "1.5", "1.5"),
        ("0x1F", "0x1F", "0x1F"),
        ("true", "true", True),
        ("#false", "false", False),
        ("truer", "truer", "truer"),
        ("null", "null", None),
        ("#null", "null", None),
        ('"a b"', "a b", "a b"),
        ('"é"', "é", "é"),
        ('"\\n\\r\\t\\b\\f\\s"', "\n\r\t\b\f ", "\n\r\t\b\f "),
        (r'"\u{e9}\u{1F600}"', "é😀", "é😀"),
        ('"a\\\n   b"', "ab", "ab"),
        (r'r"a\b"', r"a\b", r"a\b"),
        ('r#"a"b"#', 'a"b', 'a"b'),
        ('#"a"#', "a", "a"),
        ('(u8)"a"', "a", "a"),
    ],
)
def test_a_value_of_kdl_is_what_is_written(written, text, value):
    source = f"é {written}"
    [node] = read_kdl(source)
    [found] = node.arguments
    assert (found.text, node.name.text, str(found.path)) == (text, "é", '"é"[0][0]')
    assert same(found.value, value)
    assert (node.span, found.span) == (Span(0, len(source)), Span(2, len(source)))


@together(
    "written, text",
    [
        (r'"\\\"\/\q"', '\\"/q'),
        (r'"\u{10FFFF}\u{110000}\u{ffffff}"', "\U0010ffff\ufffd\ufffd"),
        (r'"\u{D7FF}\u{D800}\u{DFFF}\u{E000}"', "\ud7ff\ufffd\ufffd\ue000"),
        ("word", "word"),
        ('r##"a"#b"##', 'a"#b'),
    ],
)
def test_a_string_of_kdl_has_no_escape_that_is_no_character(written, text):
    assert _unquoted(written) == text


def test_a_node_of_kdl_has_its_arguments_properties_and_children():
    text = 'a 1 x=2 "b" y="é" x=3 /-x=4 { c 5; /- d 6\n c 7 z=8; }\na'
    first, second = read_kdl(text)

    def shown(node):
        return (
            str(node.path),
            text[slice(*node.span)],
            [(str(one.path), one.text, text[slice(*one.span)]) for one in node.arguments],
            [(key.text, value.text, str(value.path)) for key, value in node.properties],
            [shown(child) for child in node.children],
        )

    assert shown(first) == (
        "a[0]",
        text.removesuffix("a"),
        [("a[0][0]", "1", "1"), ("a[0][1]", "b", '"b"')],
        [("x", "2", "a[0].x"), ("y", "é", "a[0].y"), ("x", "3", "a[0].x")],
        [
            ("a[0].c[0]", "c 5;", [("a[0].c[0][0]", "5", "5")], [], []),
            (
                "a[0].c[1]",
                "c 7 z=8;",
                [("a[0].c[1][0]", "7", "7")],
                [("z", "8", "a[0].c[1].z")],
                [],
            ),
        ],
    )
    assert shown(second) == ("a[1]", "a", [], [], [])
    assert [getattr(first.get(key), "text", None) for key in ("x", "c", "d")] == ["3", "5", None]


@together(
    "written, text, value",
    [
        ("1", "1", 1),
        ("-1.5e+2", "-1.5e+2", -150.0),
        ("true", "true", True),
        ("null", "", None),
        ('"a\\u00e9\\n"', "aé\n", "aé\n"),
        ('""', "", ""),
    ],
)
def test_a_value_of_json_is_what_python_reads(written, text, value):
    source = f'\ufeff {{ "a" : [{written} ] , "b": {{}} }} \n'
    root, problems = read_json(source)
    [(key, items), (_, empty)] = root.entries
    [found] = items.items
    assert (found.text, str(found.path), str(key.path)) == (text, "a[0]", "a")
    assert same(found.value, value)
    marked = [source[slice(*one.span)] for one in (root, key, items, found, empty)]
    assert marked == [source.strip("\ufeff \n"), '"a"', f"[{written} ]", written, "{}"]
    assert (empty.entries, problems) == ((), ())


def test_keys_of_json_that_are_repeated_are_lost_with_all_they_hold():
    text = '{"a": {"b": [1, 2]}, "c": 0, "a": {}, "a": 3}'
    root, problems = read_json(text)
    assert [(key.text, str(value.path)) for key, value in root.entries] == [("c", "c"), ("a", "a")]
    found = [
        (p.rule, p.message, text[slice(*p.span)], str(p.key_path), p.severity) for p in problems
    ]
    what = "this is left out: its key is repeated, and the last one counts"
    assert found == [
        ("import-lost", what, "1", "a.b[0]", "warning"),
        ("import-lost", what, "2", "a.b[1]", "warning"),
        ("import-lost", what, '"a"', "a", "warning"),
    ]


def test_values_are_read_as_deep_as_the_limit():
    for deep in ("[" * MAX_DEPTH + "]" * MAX_DEPTH, "{a: " * MAX_DEPTH + "}" * MAX_DEPTH):
        assert len(read_yaml(deep).documents) == 1
    assert read_json("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH)[1] == ()
    assert len(read_kdl("a {" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1))) == 1


def test_a_whole_number_has_digits_only_and_nine_at_most():
    texts = ["0", "7", "007", "123456789", "1234567890", "-1", "1.0", "", "²", "٣"]
    assert [whole_number(text) for text in texts] == [
        0, 7, 7, 123456789, None, None, None, None, None, 3,
    ]  # fmt: skip


def test_each_value_and_each_key_of_yaml_counts(monkeypatch):
    for text, count in (
        ("a: [1, 2]", 5),
        ("a", 1),
        ("a: {b: c}", 5),
        ("a: &x [1]\nb: *x", 7),
        ("a: &x {b: 1}\nc: [*x, *x]", 11),
    ):
        monkeypatch.setattr(yaml_nodes, "MAX_NODES", count)
        assert len(read_yaml(text).documents) == 1
        monkeypatch.setattr(yaml_nodes, "MAX_NODES", count - 1)
        with pytest.raises(ParseError, match=f"it expands to more than {count - 1} values"):
            read_yaml(text)
