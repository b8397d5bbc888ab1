"""The typed view of a session, and its overrides."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionctl.core.session.session import (
    ConnectionSpec,
    Override,
    Pane,
    SecretRef,
    Session,
    Window,
    applies,
    read_session,
    resolve_overrides,
)
from tests.together import together

FULL = """
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"
description = "billing"
root = "~/src/api"
extra = "kept out"

[[windows]]
name = "editor"
layout = "main-vertical"
cwd = "src"
panes = [
  { name = "code", cwd = ".", run = ["nvim", "a b.py"] },
  { run = "watchexec pytest", start = "type" },
  {},
]

[connections.prod]
driver = "postgres"
host = "::1"
port = 5432
user = "app"
database = "app"
password = { secret = "prod.password" }
sslmode = "require"

[connections.cache]
driver = "redis"
database = 2
password = "hunter2"

[connections.web]
driver = "http"
url = "https://u:pw@example.org"

[preferences]
theme = "dark"

[apps.pgdesk]
tab = 1

[[overrides]]
when = { os = "macos" }
root = "/x"
"""


def read(text):
    return read_session(tomllib.loads(text))


def test_a_full_session_is_read():
    session = read(FULL)
    assert session == Session(
        schema_version=1,
        id="3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11",
        name="api",
        description="billing",
        root="~/src/api",
        windows=(
            Window(
                "editor",
                "main-vertical",
                "src",
                (
                    Pane("code", ".", ("nvim", "a b.py"), "run"),
                    Pane("", "", "watchexec pytest", "type"),
                    Pane("", "", None, "run"),
                ),
            ),
        ),
        connections=(
            ConnectionSpec(
                "prod", "postgres", "", "::1", 5432, "app", "app",
                (("password", SecretRef("prod.password")),), {"sslmode": "require"},
            ),
            ConnectionSpec("cache", "redis", "", "", None, "", "2", (("password", None),), {}),
            ConnectionSpec("web", "http", "https://u:***@example.org", "", None, "", "", (), {}),
        ),
        preferences={"theme": "dark"},
        apps={"pgdesk": {"tab": 1}},
        overrides=(Override({"os": "macos"}, {"root": "/x"}),),
    )  # fmt: skip


def test_commands_read_as_one_would_type_them():
    code, tests, shell = read(FULL).windows[0].panes
    assert code.command == "nvim 'a b.py'"
    assert tests.command == "$ watchexec pytest"
    assert shell.command == ""
    assert Pane("", "", ("echo", "it's", "", "a=b/~"), "run").command == (
        "echo 'it'\"'\"'s' '' a=b/~"
    )
    assert Pane("", "", "psql pg://u:pw@h", "run").command == "$ psql pg://u:***@h"


def test_addresses_are_urls_or_host_and_port():
    prod, cache, web = read(FULL).connections
    assert [prod.address, cache.address, web.address] == [
        "[::1]:5432", "", "https://u:***@example.org",
    ]  # fmt: skip
    assert prod._replace(port=None).address == "::1"
    assert prod._replace(host="db").address == "db:5432"


def test_no_secret_value_is_kept():
    assert "hunter2" not in repr(read(FULL))
    assert "'pw'" not in repr(read(FULL))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "windows = 1\nconnections = 2\noverrides = 3\npreferences = []\napps = 1",
        'schema_version = "x"\nid = 1\nname = []',
        "schema_version = true",
        "windows = [1, {panes = 2}, {panes = [1, {run = 7, start = 1}]}]",
        "connections = {a = 1, b = {driver = 1, port = true, database = 1.5, password = {}}}",
        "overrides = [1, {when = 1}]",
    ],
)
def test_a_half_written_session_shows_what_it_has(text):
    session = read(text)
    assert isinstance(session, Session)
    assert session.name == ""


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["windows", "panes", "run", "connections", "overrides", "when", "name", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_like.filter(lambda value: isinstance(value, dict)))
def test_reading_and_resolving_never_raise(value):
    read_session(value)
    assert "overrides" not in resolve_overrides(value, "h", "linux")


# -- overrides ---------------------------------------------------------------------------


def resolve(text, host="laptop", os_name="linux"):
    return resolve_overrides(tomllib.loads(text), host, os_name)


def test_an_override_changes_values_where_it_applies():
    text = """
    root = "a"
    preferences = { theme = "dark", size = 1 }
    [[overrides]]
    when = { host = "laptop" }
    root = "b"
    preferences.theme = "light"
    """
    assert resolve(text) == {"root": "b", "preferences": {"theme": "light", "size": 1}}
    assert resolve(text, host="desk") == {
        "root": "a",
        "preferences": {"theme": "dark", "size": 1},
    }


def test_later_overrides_win():
    text = """
    [[overrides]]
    when.os = "linux"
    root = "a"
    [[overrides]]
    when.host = "laptop"
    root = "b"
    """
    assert resolve(text) == {"root": "b"}


def test_windows_and_panes_are_joined_by_their_names():
    text = """
    [[windows]]
    name = "one"
    layout = "tiled"
    [[windows.panes]]
    run = "x"
    [[windows.panes]]
    name = "log"
    run = "y"
    [[overrides]]
    when.os = "linux"
    [[overrides.windows]]
    name = "one"
    [[overrides.windows.panes]]
    name = "log"
    run = ["z"]
    [[overrides.windows]]
    name = "two"
    """
    assert resolve(text)["windows"] == [
        {"name": "one", "layout": "tiled", "panes": [{"run": "x"}, {"name": "log", "run": ["z"]}]},
        {"name": "two"},
    ]


def test_other_arrays_and_references_are_replaced():
    text = """
    list = [1, 2]
    panes = [{ name = "a" }]
    password = { secret = "a", hint = "x" }
    [[overrides]]
    when.os = "linux"
    list = [3]
    panes = [{ run = "b" }]
    password = { secret = "b" }
    """
    assert resolve(text) == {"list": [3], "panes": [{"run": "b"}], "password": {"secret": "b"}}


def test_resolving_leaves_the_given_value_alone():
    text = 'a = { b = 1 }\n[[overrides]]\nwhen.os = "linux"\na.b = 2'
    value = tomllib.loads(text)
    assert resolve_overrides(value, "h", "linux")["a"] == {"b": 2}
    assert value == tomllib.loads(text)


@together(
    ("when", "host", "os_name", "expected"),
    [
        ({"host": "laptop"}, "laptop", "linux", True),
        ({"host": "Laptop"}, "LAPTOP.lan", "linux", True),
        ({"host": "laptop.lan"}, "laptop.lan", "linux", True),
        ({"host": "laptop.lan"}, "laptop", "linux", False),
        ({"host": ["desk", "laptop"]}, "laptop", "linux", True),
        ({"host": []}, "laptop", "linux", False),
        ({"host": "build-*"}, "build-7", "linux", True),
        ({"host": "*a*b*"}, "xaxbx", "linux", True),
        ({"host": "*a*b*"}, "xbxax", "linux", False),
        ({"host": "a*a"}, "a", "linux", False),
        ({"host": "b*"}, "laptop", "linux", False),
        ({"host": "*"}, "laptop", "linux", True),
        ({"host": 1}, "laptop", "linux", False),
        ({"os": "macos"}, "laptop", "darwin", True),
        ({"os": "darwin"}, "laptop", "darwin", True),
        ({"os": "windows"}, "laptop", "win32", True),
        ({"os": ["linux", "freebsd"]}, "laptop", "linux", True),
        ({"host": "laptop", "os": "macos"}, "laptop", "linux", False),
        ({"host": "laptop", "moon": "full"}, "laptop", "linux", False),
        ({}, "laptop", "linux", False),
    ],
)
def test_every_condition_must_hold(when, host, os_name, expected):
    assert applies(Override(when, {}), host, os_name) is expected
