"""What an older sessionctl bound a secret to, and what it left out must not move a value."""

from __future__ import annotations

import datetime
import tomllib

import pytest

from sessionctl.core.secrets.destination.older_binding import destination_fields, older_bind_of
from tests.together import together

SESSION = """
[connections.prod]
driver = "postgres"
host = "db"
port = 5432
user = "app"
database = "app"
timeout_s = 3
password = { secret = "p" }
"""


def bind(text, name="p"):
    return older_bind_of(tomllib.loads(text), name)


def test_a_connection_binds_by_where_it_leads():
    assert bind(SESSION) == {"driver": "postgres", "host": "db", "port": 5432, "user": "app"}


def test_without_a_reference_nothing_is_bound():
    assert bind(SESSION, "other") == {}


@pytest.mark.parametrize(
    "line",
    [
        'sslmode = "disable"',
        'options = { hostaddr = "192.0.2.1" }',
    ],
)
def test_what_redirects_or_weakens_a_connection_is_bound(line):
    assert bind(f"{SESSION}\n{line}\n") != bind(SESSION)


@pytest.mark.parametrize(
    "line", ['search_path = ["x"]', "autoconnect = false", 'application_name = "x"']
)
def test_what_is_no_destination_is_not_bound(line):
    assert bind(f"{SESSION}\n{line}\n") == bind(SESSION)


def test_an_override_of_the_host_is_part_of_the_destination():
    override = '[[overrides]]\nwhen = { host = "laptop" }\nconnections.prod.host = "localhost"\n'
    found = bind(SESSION + override)
    assert found["overrides"] == [{"host": "localhost", "when": {"host": "laptop"}}]
    harmless = '[[overrides]]\nwhen = { host = "laptop" }\nconnections.prod.timeout_s = 1\n'
    assert bind(SESSION + harmless) == bind(SESSION)
    assert bind("overrides = 1\n" + SESSION) == bind(SESSION)
    assert bind("overrides = [1, { root = 'x' }]\n" + SESSION) == bind(SESSION)


def test_a_reference_in_an_override_is_bound_to_its_connection():
    text = """
    [[overrides]]
    when = { os = "linux" }
    [overrides.connections.x]
    host = "h"
    password = { secret = "p" }
    """
    assert bind(text) == {"overrides": [{"host": "h", "when": {"os": "linux"}}]}


def test_two_referrers_give_a_list_that_no_order_changes():
    other = '[connections.b]\ndriver = "redis"\nhost = "r"\npassword = { secret = "p" }\n'
    found = bind(SESSION + other)
    assert found == bind(other + SESSION)
    assert {item["driver"] for item in found} == {"postgres", "redis"}
    same = SESSION.replace("connections.prod", "connections.again")
    assert bind(SESSION + same) == bind(SESSION)


def test_of_a_plug_in_all_counts_but_what_surely_does_not():
    text = """
    [connections.a]
    driver = "acme.mq"
    broker = "b"
    since = 2026-01-02
    weight = 1.5
    hosts = ["x", { y = true }]
    color = "red"
    token = { secret = "p" }
    """
    assert bind(text) == {
        "driver": "acme.mq",
        "broker": "b",
        "since": "2026-01-02",
        "weight": "1.5",
        "hosts": ["x", {"y": True}],
    }


def test_outside_of_connections_the_variable_or_key_is_bound():
    assert bind('env.TOKEN = { secret = "p" }') == {"env": "TOKEN"}
    assert bind('[[windows]]\n[[windows.panes]]\nenv = { T = { secret = "p" } }') == {"env": "T"}
    assert bind('[apps.pgdesk]\ntoken = { secret = "p" }') == {"key": "apps.pgdesk.token"}
    assert bind('connections = { secret = "p" }') == {"key": "connections"}
    assert bind('[connections]\na = { secret = "p" }\n') == {"key": "connections.a"}


def test_the_schema_says_which_fields_count():
    assert destination_fields("line") == {
        "driver", "host", "port", "user", "tls", "verify", "ca_file", "login",
    }  # fmt: skip
    assert destination_fields("acme.mq") is None
    assert destination_fields("plugin") is None
    assert destination_fields("window") is None
    assert destination_fields("port") is None


def test_any_toml_value_can_be_bound():
    session = {
        "connections": {"a": {"x": datetime.time(1, 2), "n": float("nan"), "p": {"secret": "p"}}}
    }
    assert older_bind_of(session, "p") == {"x": "01:02:00", "n": "nan"}


HTTP = """
[connections.web]
driver = "http"
url = "https://api.example.org"
token = { secret = "p" }
"""


@together(
    ("text", "line"),
    [
        (SESSION.replace('database = "app"', ""), 'database = "host=evil.example.org"'),
        (SESSION.replace('database = "app"', ""), 'database = "postgresql://evil.example.org/app"'),
        (SESSION.replace('database = "app"', ""), 'database = "app hostaddr = 192.0.2.1"'),
        (SESSION, 'dsn = "host=evil"'),
        (SESSION, 'hostaddr = "192.0.2.1"'),
        (SESSION, 'servicefile = "evil"'),
        (SESSION, 'HOST = "evil"'),
        (SESSION, "[[overrides]]\nconnections.prod.hostaddr = '192.0.2.1'"),
        (SESSION, "[[overrides]]\nconnections.prod.database = 'host=evil'"),
        (SESSION, "[[overrides]]\nconnections.prod = { driver = 'http', probe = '//evil/' }"),
        (HTTP, 'probe = "//evil.example.org/"'),
        (HTTP, 'probe = "/\\\\evil.example.org/"'),
        (HTTP, 'probe = "/@evil.example.org/"'),
        (HTTP, 'proxy = "http://evil.example.org"'),
        (HTTP, 'headers = { Host = "evil.example.org" }'),
        (HTTP, 'headers = { "x-forwarded-host" = "evil.example.org" }'),
        (HTTP, 'headers = { Accept = "a\\r\\nHost: evil" }'),
        (HTTP, 'headers = { "Host " = { secret = "q" } }'),
        (HTTP.replace("http", "acme.x", 1), 'database = "acme://evil"'),
    ],
)
def test_what_was_not_bound_and_could_move_the_value_is_refused(text, line):
    assert bind(text) is not None
    assert bind(f"{text}\n{line}\n") is None


@pytest.mark.parametrize(
    ("driver", "line"),
    [
        ("postgres", 'service = "evil"'),
        ("postgres", 'hosts = ["evil"]'),
        ("redis", 'socket = "/tmp/evil"'),
        ("redis", 'sentinels = ["evil"]'),
        ("redis", "tls_verify = false"),
    ],
)
def test_a_key_that_says_where_to_and_came_later_is_bound(driver, line):
    text = SESSION.replace("postgres", driver).replace('database = "app"\n', "")
    assert bind(text) is not None
    assert bind(f"{text}\n{line}\n") != bind(text)


@pytest.mark.parametrize(
    "line",
    [
        'headers = { Accept = "x", X-Key = { secret = "q" } }',
        'probe = "/healthz?x=1"',
        "timeout_s = 1",
    ],
)
def test_what_was_not_bound_and_is_harmless_stays_as_it_was(line):
    assert bind(f"{HTTP}\n{line}\n") == bind(HTTP)
