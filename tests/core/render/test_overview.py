"""The overview of a session."""

from __future__ import annotations

import datetime
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.render.drawing import Charset, text_width
from sessionctl.core.render.overview import draw_overview
from sessionctl.core.render.value_line import short_value
from sessionctl.core.session.session import read_session
from sessionctl.core.text.source import visible
from tests.together import together

UNICODE, ASCII = Charset(is_ascii=False), Charset(is_ascii=True)


def show(text, width=60, charset=UNICODE):
    session = read_session(tomllib.loads(text))
    lines = draw_overview(session, title="file", width=width, charset=charset)
    return ["".join(piece for piece, _ in line) for line in lines]


SESSION = """
name = "api"
description = "the billing API"
root = "~/src/api"

[[windows]]
name = "editor"
layout = "main-vertical"
[[windows.panes]]
name = "code"
cwd = "."
run = ["nvim", "src/main.py"]
[[windows.panes]]
name = "tests"
cwd = "tests"
run = "watchexec pytest"
start = "type"
[[windows.panes]]
start = "skip"

[[windows]]
name = "logs"
cwd = "/var/log"

[connections.prod]
driver = "postgres"
host = "db"
port = 5432
user = "app"
database = "app"
password = { secret = "prod.password" }
sslmode = "require"
options = { a = 1 }
api_key = "hunter2"
[connections.web]
driver = "http"
url = "https://example.org"

[preferences]
theme = "dark"
editor.tab = 4

[apps.pgdesk]
token = "hunter2"

[[overrides]]
when = { host = ["laptop", "build-*"], os = "macos" }
root = "/x"
[[overrides.windows]]
name = "editor"
layout = "tiled"
[[overrides]]
when = { host = "desk", n = 1 }
"""


def test_a_session_is_drawn_in_full():
    assert show(SESSION, width=72) == [
        "api  ~/src/api",
        "the billing API",
        "",
        "┌─ 1 editor ──────────────────────────────┬──────────── main-vertical ─┐",
        "│ code                                    │ tests                      │",
        "│ nvim src/main.py                        │ $ watchexec pytest         │",
        "│                                         │ in tests                   │",
        "│                                         │ typed, not entered         │",
        "│                                         ├────────────────────────────┤",
        "│                                         │ pane 3                     │",
        "│                                         │ a shell                    │",
        "│                                         │ not started                │",
        "└─────────────────────────────────────────┴────────────────────────────┘",
        "┌─ 2 logs  in /var/log ────────────────────────────────────────────────┐",
        "│ a shell                                                              │",
        "└──────────────────────────────────────────────────────────────────────┘",
        "",
        "Connections",
        "  name  driver    address              user  database",
        "  prod  postgres  db:5432              app   app",
        '    secret password: secret prod.password, api_key: ***, sslmode = "req…',
        "  web   http      https://example.org",
        "",
        "Preferences",
        '  theme       "dark"',
        "  editor.tab  4",
        "",
        "Applications",
        '  pgdesk.token  "***"',
        "",
        "On host laptop or build-* and os macos",
        '  root                         "/x"',
        '  windows[name=editor].layout  "tiled"',
        "On host desk and n 1",
    ]


def test_a_secret_is_told_by_its_name_and_never_by_its_value():
    text = '[connections.a]\npassword = { secret = "a.password" }\n[connections.b]\ntoken = "xyz"'
    lines = show(text, width=80)
    assert lines[-3:] == ["  name  secret", "  a     secret a.password", "  b     token: ***"]
    assert "hunter2" not in "\n".join(show(SESSION))


def test_an_empty_session_says_so():
    assert show("") == ["file", "", "no windows"]
    assert show('root = "~"') == ["file  ~", "", "no windows"]


def test_tables_are_shown_key_by_key_down_to_a_depth():
    text = (
        'name = "a"\n[preferences]\nx = { a = { b = { c = { d = 1 } } } }\ny = [[[[1]]]]\nz = {}\n'
        "[apps.z]\nq = { a = { b = { c = 1 } } }\n"
    )
    assert show(text, width=80) == [
        "a",
        "",
        "no windows",
        "",
        "Preferences",
        "  x.a.b  { c = { d = 1 } }",
        "  y      [[[[1]]]]",
        "  z      {}",
        "",
        "Applications",
        "  z.q.a  { b = { c = 1 } }",
    ]


def test_an_overview_is_at_most_so_wide():
    assert show(SESSION, width=120) == show(SESSION, width=121) == show(SESSION, width=500)
    assert show(SESSION, width=119) != show(SESSION, width=120)
    assert max(map(text_width, show(SESSION, width=500))) <= 120


@pytest.mark.parametrize("width", [10, 40, 60, 80, 200])
def test_an_address_is_shown_whole_with_its_port(width):
    host = "analytics-replica-01.internal.eu-central-1.compute.example.org"
    text = f"[connections.db]\ndriver = 'postgres'\nhost = '{host}'\nport = 54321\nuser = 'me'"
    assert f"{host}:54321" in "".join(
        line.strip().removeprefix("address").strip() for line in show(text, width=width)
    )


def test_a_long_root_is_cut_and_dropped_where_there_is_no_room():
    assert show(f'name = "{"n" * 20}"\nroot = "{"r" * 20}"', width=40)[0] == (
        "nnnnnnnnnnnnnnnnnnnn  rrrrrrrrrrrrrrrrr…"
    )
    assert show(f'name = "{"n" * 30}"\nroot = "{"r" * 20}"', width=40)[0] == "n" * 30


def test_a_description_may_have_lines():
    assert show('description = """\na\nb\n"""')[1:3] == ["a", "b"]


def test_panes_too_narrow_to_read_are_stacked():
    panes = "[[windows]]\nlayout = 'even-horizontal'\npanes = [{}, {}, {}, {}]"
    assert show(panes, width=44)[2] == "┌─ 1 ──────────────────── even-horizontal ─┐"
    assert show(panes, width=60)[3].count("│") == 5


def test_a_layout_string_is_called_custom():
    text = "[[windows]]\nlayout = '80x24,0,0[80x12,0,0,0,80x11,0,13,1]'\npanes = [{}, {}]"
    assert " custom layout " in show(text)[2]


def test_a_long_command_is_wrapped_to_three_lines():
    lines = show(f"[[windows]]\npanes = [{{ run = '{'word ' * 60}' }}]", width=40)
    assert lines[3:6] == [
        "│ pane 1                               │",
        "│ $ word word word word word word word │",
        "│ word word word word word word word   │",
    ]
    assert lines[6] == "│ word word word word word word word … │"


def test_an_unknown_start_is_shown_as_it_is():
    assert "start: maybe" in "\n".join(show("[[windows]]\npanes = [{start = 'maybe'}]"))


def test_in_ascii_nothing_else_is_printed():
    text = "\n".join(show(SESSION.replace("billing", "bílling"), charset=ASCII))
    assert text.isascii()
    assert "+- 1 editor -" in text
    assert "b\\xedlling" in text


def test_control_characters_are_made_visible():
    lines = show('name = "a\\u001b[31m"\n[[windows]]\nname = "\\u0007"\npanes=[{run="\\n"}]')
    assert lines[0] == "a␛[31m"
    assert "\u2407" in lines[2]
    assert all(line.isprintable() for line in lines)


@together(
    ("value", "expected"),
    [
        ('a"b\n', '"a\\"b\\n"'),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.5, "1.5"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC), "2026-01-02T03:04:05Z"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5, 120000), "2026-01-02T03:04:05.12"),  # noqa: DTZ001
        (datetime.time(3, 4, 5), "03:04:05"),
        (["a" * 58], f'["{"a" * 58}"]'),
        (["a" * 59], "an array of 1 item"),
        ({"k": "v" * 54}, f'{{ k = "{"v" * 54}" }}'),
        ({"k": "v" * 55}, "a table of 1 key"),
        ([1, "a"], '[1, "a"]'),
        ([], "[]"),
        ({"a b": 1}, '{ "a b" = 1 }'),
        ({}, "{}"),
        (list(range(50)), "an array of 50 items"),
        ({"k": "v" * 80}, "a table of 1 key"),
        ({"k": 1, "l": "v" * 80}, "a table of 2 keys"),
    ],
)
def test_a_value_is_told_in_one_line(value, expected):
    assert short_value(value) == expected


values = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": values,
            "root": values,
            "description": st.text(max_size=20),
            "windows": st.lists(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "name": st.text(max_size=80),
                        "layout": st.text(max_size=20),
                        "panes": st.lists(
                            st.dictionaries(st.sampled_from(["name", "run", "cwd"]), values)
                        ),
                    },
                ),
                max_size=3,
            ),
            "connections": st.dictionaries(st.text(max_size=9), values, max_size=3),
            "preferences": st.dictionaries(st.text(max_size=30), values, max_size=3),
            "overrides": st.lists(
                st.dictionaries(st.sampled_from(["when", "root"]), values), max_size=2
            ),
        },
    ),
    st.integers(0, 130),
)
def test_any_session_is_drawn_within_the_width(value, width):
    lines = draw_overview(read_session(value), title="t", width=width, charset=UNICODE)
    texts = ["".join(piece for piece, _ in line) for line in lines]
    assert texts == [visible(text) for text in texts]
    boxes = [text for text in texts if text[:1] in "┌│├└" and text]
    assert {text_width(text) for text in boxes} <= {max(24, min(width, 120))}
