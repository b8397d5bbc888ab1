"""A new session file reads as a person would have written it, and holds what it should."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.schema.verdict import validate
from sessionctl.core.session.session_text import render_session
from sessionctl.core.toml.document import Document
from sessionctl.core.values import same_value
from tests.golden import parts_of
from tests.together import together

GOLDEN = parts_of(Path(__file__).parent / "golden" / "session_text.txt")


def test_the_keys_stand_in_the_order_of_the_schema_and_panes_further_in():
    value = {
        "windows": [
            {
                "panes": [{"run": "ssh build\ncd /srv", "cwd": "src"}, {"run": ["vi", "."]}],
                "options": {"main-pane-width": "60%"},
                "name": "editor",
            },
            {"name": ""},
        ],
        "name": "api",
        "schema_version": 1,
    }
    assert render_session(value, ["the shop", ""]) == (
        "# the shop\n#\n\n"
        'schema_version = 1\nname = "api"\n\n'
        '[[windows]]\nname = "editor"\noptions = { main-pane-width = "60%" }\n\n'
        '  [[windows.panes]]\n  cwd = "src"\n  run = """\nssh build\ncd /srv"""\n\n'
        '  [[windows.panes]]\n  run = ["vi", "."]\n\n'
        '[[windows]]\nname = ""\n'
    )


FOUR = {name: name.lower() for name in "ABCD"}
EVERYTHING = {
    "zzz": {"deep": {"x": 1}},
    "apps": {"pgdesk": {"tab": 1}, "empty": {}},
    "windows": [
        {
            "panes": [
                {
                    "env": FOUR,
                    "run": ["vi", 'a"b'],
                    "float": {"x": 1, "y": 2, "width": 3, "height": 4},
                    "cwd": {"bytes": "\\xe9"},
                },
                {},
            ],
            "name": "w",
            "env": dict(list(FOUR.items())[:3]),
        },
        {
            "name": "v",
            "options": {"a" * 30: "b" * 60},
            "panes": [{"run": 'a\nb \\ "c"\n'}],
        },
    ],
    "connections": {"db": {"password": {"secret": "db"}, "driver": "postgres"}, "web": {}},
    "preferences": {"theme": "dark"},
    "name": "x",
    "schema_version": 1,
    "root": "~/a\\b",
    "my key": "it's",
    "overrides": [{"root": "/x", "when": {"host": "a"}, "windows": [{"name": "w", "cwd": "/"}]}],
    "history": {"prod": ["a", "b"]},
    "env": {},
}


@together(
    "title, value, comments",
    [
        ("everything", EVERYTHING, ["one", "", "tab\tand \x1b"]),
        ("nearly nothing", {"name": "x"}, ()),
        ("odd values", {"connections": {"a": 1}, "apps": {}, "windows": []}, ()),
    ],
)
def test_a_session_is_written_as_a_person_would(title, value, comments):
    assert render_session(value, comments) == GOLDEN[title]


def test_long_tables_get_a_header_and_references_never():
    env = {name: name.lower() for name in "ABCD"}
    value = {
        "schema_version": 1,
        "name": "x",
        "windows": [{"name": "w", "env": env, "panes": [{"env": env}]}],
        "connections": {"db": {"driver": "postgres", "password": {"secret": "db"}}},
    }
    text = render_session(value)
    assert not validate(text)
    for line in ("  [windows.env]", "    [windows.panes.env]", "[connections.db]"):
        assert f"\n{line}\n" in text
    assert 'password = { secret = "db" }' in text


_names = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=8)
_plain = st.one_of(_names, st.integers(), st.booleans(), st.floats(allow_nan=False))
_values = st.recursive(
    _plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(_names, _values, max_size=5), st.lists(st.text(), max_size=2))
def test_every_value_comes_back(value, comments):
    text = render_session(value, comments)
    assert same_value(Document.parse(text).value, value)
