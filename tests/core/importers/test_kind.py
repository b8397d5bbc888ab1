"""Which tool a file is of: by its place, by its text, by the keys of what it holds."""

from __future__ import annotations

import json

import pytest

from sessionctl.core.importers.kind import (
    is_save,
    kind_of_node,
    kind_of_path,
    kind_of_text,
    may_be_one,
)
from tests.together import together


@together(
    "value, kind",
    [
        ({"session_name": "a"}, "tmuxp"),
        ({"windows": [{"window_name": "a"}]}, "tmuxp"),
        ({"windows": [{"panes": [], "shell_command": "ls"}]}, "tmuxp"),
        ({"session": {"windows": []}}, "teamocil"),
        ({"session": {"name": "a"}}, ""),
        ({"windows": [{"name": "a", "panes": []}]}, "teamocil"),
        ({"windows": [{"name": "a", "splits": []}]}, "teamocil"),
        ({"windows": [{"panes": []}]}, "teamocil"),
        ({"windows": [{"name": "a", "panes": [], "commands": []}]}, "smug"),
        ({"windows": [{"name": "a", "splits": [], "commands": []}]}, "smug"),
        ({"windows": [{"name": "a", "root": "/", "manual": True}]}, "smug"),
        ({"windows": [{"name": "a", "layout": "x", "selected": True}]}, "smug"),
        ({"windows": [{"name": "a", "filters": {}, "before_start": []}]}, "smug"),
        ({"windows": [{"name": "a", "commands": []}]}, ""),
        ({"session": "a", "windows": []}, "smug"),
        ({"before_start": [], "windows": []}, "smug"),
        ({"project_name": "a", "windows": []}, "tmuxinator"),
        ({"tabs": []}, "tmuxinator"),
        ({"name": "a", "windows": {"b": "ls"}}, "tmuxinator"),
        ({"name": "a", "windows": [{"b": "ls", "c": "pwd"}]}, "tmuxinator"),
        ({"root": "a", "windows": [{"b": "ls", "c": "pwd"}]}, "tmuxinator"),
        ({"windows": [{"b": "ls"}]}, "tmuxinator"),
        ({"windows": [{"b": "ls", "c": "pwd"}]}, ""),
        ({"windows": {"b": "ls"}}, ""),
        ({"name": "a", "windows": {}}, ""),
        ({"name": "a", "windows": 3}, ""),
        ({"tabs": 4}, ""),
        ({"windows": ["a"]}, ""),
        ({"a": 1}, ""),
        ({}, ""),
        ([], ""),
    ],
    ids=str,
)
def test_the_keys_show_the_tool(value, kind):
    pytest.importorskip("yaml")
    from sessionctl.core.importers.nodes.json_nodes import read_json

    node, _ = read_json(json.dumps(value))
    assert kind_of_node(node) == kind


@together(
    "text, path, kind",
    [
        ("pane\tapi\t0\t1\n", "x", "resurrect"),
        ("window\tapi\t0\t1\n", "x.yaml", "resurrect"),
        ("", "x.kdl", "zellij"),
        ("", "x.toml", "sesh"),
        ("[[session]]\n", "x", "sesh"),
        (" [[ session ]]  # a\n", "x", ""),
        ("a = 1\n [[session]]  # a\n", "x", "sesh"),
        ("layout {\n", "x", "zellij"),
        ("layout a=1 {", "x", ""),
        ("layout: {", "x", ""),
        ("windows: []", "x.yaml", ""),
        ("", "x", ""),
    ],
    ids=repr,
)
def test_the_text_shows_the_tool_of_what_is_neither_yaml_nor_json(text, path, kind):
    assert kind_of_text(text, path) == kind
    assert is_save(text) == (kind == "resurrect")


@together(
    "path, kind",
    [
        ("/home/a/.config/tmuxinator/x.yml", "tmuxinator"),
        ("/home/a/.tmuxinator/x.yml", "tmuxinator"),
        ("/home/a/.config/tmuxp/x.yaml", "tmuxp"),
        ("/home/a/.tmuxp/x.json", "tmuxp"),
        ("/home/a/.teamocil/x.yml", "teamocil"),
        ("/home/a/.config/smug/x.yml", "smug"),
        ("/home/a/.config/sesh/sesh.toml", "sesh"),
        ("/home/a/.config/zellij/layouts/x.kdl", "zellij"),
        ("/home/a/x.yml", ""),
    ],
)
def test_the_place_shows_the_tool(path, kind):
    assert kind_of_path(path) == kind


@together(
    "text, is_worth_it",
    [
        ("pane\tapi\t0\t1\n", True),
        ("a: 1\nwindow\tapi\t0\t", True),
        ("pane\tapi\tx\t1\n", False),
        ("session_name: a", True),
        ("{ 'windows' : []}", True),
        ('a: 1\n{"tabs": []}', True),
        ("  session: {}", True),
        ("sessions: {}", False),
        ("a: windows: b", False),
        (" [[session]]", True),
        ("[[wildcard]]", True),
        ("[session]", False),
        ("  layout a {", True),
        ("layout: {", False),
        ("", False),
    ],
    ids=repr,
)
def test_only_a_text_with_a_mark_of_a_tool_is_worth_reading(text, is_worth_it):
    assert may_be_one(text) == is_worth_it
