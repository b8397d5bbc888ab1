"""Files of other tools that cannot be read: what is wrong, and where."""

from __future__ import annotations

import pytest

from sessionctl.core.importers.imported import Importing
from sessionctl.core.importers.reading import read_source
from sessionctl.errors import DocumentError
from tests.together import together


@together(
    "path, text, message",
    [
        ("x.json", '{"a": 1} 2', "1:10: this is not JSON: more than one value"),
        ("x.json", "{a: 1}", "1:2: this is not JSON: a value is missing"),
        ("x.json", "{1: 1}", "1:3: this is not JSON: a key without quotes"),
        ("x.json", '{"a"}', "1:5: this is not JSON: a key without its value"),
        ("x.json", '{"a": 1 "b"}', '1:9: this is not JSON: a comma or "}" is missing'),
        ("x.json", '{"a": [1 2]}', '1:10: this is not JSON: a comma or "]" is missing'),
        ("x.json", '{"a": }', "1:7: this is not JSON: a value is missing"),
        ("x.json", '{\n "a": 1-2}', "2:7: this is not JSON: this is not a value"),
        ("x.json", '{"a": ' + "[" * 200, "1:71: this is not JSON: nested more than 64 deep"),
        ("x.yaml", "a: 1\n[1]: 2", "2:1: a key is a list or a map"),
        ("x.yaml", "a: *b", "1:4: an alias without its anchor"),
        ("x.yaml", "a: " + "[" * 200 + "]" * 200, "1:68: nested more than 64 deep"),
        ("x.yaml", "", "it is empty"),
        ("x.yaml", "[1]", "it contains no keys"),
        ("x.yaml", "a: 1", "it is not a file of a known tool"),
        ("x.kdl", "layout {\n  pane {\n", "2:8: this brace is never closed"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_is_wrong(path, text, message):
    with pytest.raises(DocumentError) as caught:
        read_source(text, path, Importing("x"), "")
    assert caught.value.message == message


def test_what_is_of_no_known_tool_comes_with_the_tools():
    kinds = "tmuxp, tmuxinator, sesh, smug, teamocil, resurrect, zellij"
    for text, hint in (
        ("a: 1", f"name its tool with --from, one of {kinds}"),
        ("[1]", "name its tool with --from"),
    ):
        with pytest.raises(DocumentError) as caught:
            read_source(text, "x.yaml", Importing("x"), "")
        assert list(caught.value.hints) == [hint]
