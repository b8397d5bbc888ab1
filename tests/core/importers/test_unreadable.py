"""Files of other tools that cannot be read: what is wrong, and where."""

from __future__ import annotations

import pytest

from sessionctl.core.importers.imported import Importing
from sessionctl.core.importers.nodes.source_node import MAX_NODES
from sessionctl.core.importers.reading import read_source
from sessionctl.errors import DocumentError, ParseError
from tests.together import together


@together(
    "path, text, message, marked",
    [
        ("x.json", '{"a": 1} 2', "1:10: this is not JSON: more than one value", "2"),
        ("x.json", "{a: 1}", "1:2: this is not JSON: a value is missing", "a"),
        ("x.json", "{1: 1}", "1:3: this is not JSON: a key without quotes", ":"),
        ("x.json", '{"a"}', "1:5: this is not JSON: a key without its value", "}"),
        ("x.json", '{"a": 1 "b"}', '1:9: this is not JSON: a comma or "}" is missing', '"'),
        ("x.json", '{"a": [1 2]}', '1:10: this is not JSON: a comma or "]" is missing', "2"),
        ("x.json", '{"a": }', "1:7: this is not JSON: a value is missing", "}"),
        ("x.json", '{\n "a": 1-2}', "2:7: this is not JSON: this is not a value", "1"),
        ("x.json", '{"a": ' + "[" * 200, "1:71: this is not JSON: nested more than 64 deep", "["),
        ("x.yaml", "a: 1\n[1]: 2", "2:1: a key is a list or a map", "[1]"),
        ("x.yaml", "a: 1\n{b: 1}: 2", "2:1: a key is a list or a map", "{b: 1}"),
        ("x.yaml", "a: *b", "1:4: an alias without its anchor", "*b"),
        ("x.yaml", "a: " + "[" * 200 + "]" * 200, "1:68: nested more than 64 deep", "["),
        ("x.kdl", "layout {\n  pane {\n", "2:8: this brace is never closed", "{"),
        ("x.kdl", 'a "}" { // }\n /* } */ r#"}"# {', "2:17: this brace is never closed", "{"),
        ("x.kdl", "a {} }{", "1:7: this brace is never closed", "{"),
        ("x.kdl", "é {\n", "1:3: this brace is never closed", "{"),
        ("x.kdl", "layout {\n  pane\n}}\n", "3:2: this is not KDL", "}"),
        ("x.kdl", 'é "é" {}\n]', "2:1: this is not KDL", "]"),
        ("x.kdl", "a {\n  b {\n    c ]\n  }\n}", "3:7: this is not KDL", "]"),
        ("x.kdl", "a {\n b\n c=[\n}", "3:3: this is not KDL", "=["),
        ("x.kdl", "a {" * 66 + "}" * 66, "1:196: nested more than 64 deep", "a {}"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_is_wrong(path, text, message, marked):
    with pytest.raises(ParseError) as caught:
        read_source(text, path, Importing("x"), "")
    problem = caught.value.problem
    assert caught.value.message == message
    assert text[slice(*problem.span)] == marked
    place = message.partition(": ")[0]
    assert (problem.rule, f"{place}: {problem.message}") == ("syntax", message)
    assert f"{caught.value.line}:{caught.value.column}" == place


@together(
    "path, text, message",
    [
        ("x.yaml", "", "it is empty"),
        ("x.yaml", "\ufeff \r\n", "it is empty"),
        ("x.yaml", "#", "it contains no keys"),
        ("x.yaml", "[1]", "it contains no keys"),
        ("x.yaml", "a: 1", "it is not a file of a known tool"),
        ("x.yaml", " {a: 1}", "it is not a file of a known tool"),
    ],
)
def test_a_file_of_nothing_that_is_known_says_so(path, text, message):
    with pytest.raises(DocumentError) as caught:
        read_source(text, path, Importing("x"), "")
    assert caught.value.message == message


# What stands in the text but for aliases, keys too, and what an alias stands for.
@together(("anchored", "written", "more"), [("[@]", 1005, 1001), ("{k: [@]}", 1007, 1002)])
def test_yaml_that_expands_to_too_much_is_refused_at_the_alias(anchored, written, more):
    words = "x, " * 999 + "x"
    text = f"a: &a {anchored.replace('@', words)}\nb: [" + "*a, " * 60 + "*a]\n"
    with pytest.raises(ParseError) as caught:
        read_source(text, "x.yaml", Importing("x"), "")
    problem = caught.value.problem
    assert problem.message == f"it expands to more than {MAX_NODES} values"
    assert problem.span.start == text.index("b: [") + 4 + 4 * ((MAX_NODES - written) // more)
    assert text[slice(*problem.span)] == "*a"


def test_what_is_of_no_known_tool_comes_with_the_tools():
    kinds = "tmuxp, tmuxinator, sesh, smug, teamocil, resurrect, zellij"
    for text, hint in (
        ("a: 1", f"name its tool with --from, one of {kinds}"),
        ("[1]", "name its tool with --from"),
    ):
        with pytest.raises(DocumentError) as caught:
            read_source(text, "x.yaml", Importing("x"), "")
        assert list(caught.value.hints) == [hint]
