"""What a secret is bound to: all that could say where whatever refers to it sends it."""

from __future__ import annotations

import datetime
import tomllib

import pytest

from sessionctl.core.schema.session_schema import SESSION as SESSION_SCHEMA
from sessionctl.core.secrets.destination.binding import bind_of, references
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
    return bind_of(tomllib.loads(text), name)


def test_a_connection_binds_by_where_it_leads_and_by_the_key():
    assert bind(SESSION) == {
        "rules": 2,
        "key": ["password"],
        "connection": {
            "driver": "postgres", "host": "db", "port": 5432, "user": "app", "database": "app",
        },
    }  # fmt: skip


def test_without_a_reference_nothing_is_bound():
    assert bind(SESSION, "other") == {}


LINES = [
    'sslmode = "disable"', 'sslrootcert = "/tmp/x"', 'options = { hostaddr = "192.0.2.1" }',
    'hostaddr = "192.0.2.1"', 'service = "evil"', 'dsn = "host=evil"', 'proxy = "socks5://evil"',
    'passfile = "/tmp/x"', 'HOST = "evil"', '"host " = "evil"', "unknown = 1", "sentinels = ['e']",
    'proxy_command = "nc evil 22"', "\"rules\" = 2", "'connection' = { host = 'e' }",
    "[[overrides]]\nconnections.prod.host = 'e'", "[[overrides]]\nconnections.prod.dsn = 'e'",
    "[[overrides]]\nconnections.prod.database = 'host=e'",
    "[[overrides]]\nconnections.prod.headers.Host = 'e'",
    "[[overrides]]\nconnections.prod.driver = 'acme.evil'",
]  # fmt: skip


@together("line", LINES)
@together("driver", ["postgres", "redis", "ssh", "http", "line", "zmq-json", "acme.mq", "odd"])
def test_what_redirects_or_weakens_a_connection_is_bound(line, driver):
    text = SESSION.replace("postgres", driver)
    assert bind(f"{text}\n{line}\n") != bind(text)


@pytest.mark.parametrize(
    ("driver", "line"),
    [
        ("postgres", 'database = "host=evil"'),
        ("http", 'probe = "//evil"'),
        ("http", 'headers = { Host = "evil" }'),
        ("acme.mq", 'name = "acme://evil"'),
        ("ssh", 'identity_file = "x"'),
        ("redis", "database = 1"),
    ],
)
def test_what_was_not_bound_once_is_bound(driver, line):
    text = SESSION.replace("postgres", driver).replace('database = "app"\n', "")
    assert bind(f"{text}\n{line}\n") != bind(text)


DRIVERS = {
    name: definition["properties"]
    for name, definition in SESSION_SCHEMA["$defs"].items()
    if "driver" in definition.get("properties", {}) and name != "plugin"
}
NOWHERE = "autoconnect connect_count last_connected retry start timeout_s"


@together(
    "driver, more",
    [
        ("sqlite", "create pragmas readonly"),
        ("postgres", "application_name pooler role search_path"),
        ("redis", "client_name protocol"),
        ("ssh", "dynamic_forward local_forward remote_forward"),
        ("http", ""),
        ("line", "identify probe probe_answer quit setup"),
        ("jupyter", ""),
        ("zmq-json", ""),
        ("acme.mq", "color colour description"),
    ],
)
def test_of_the_keys_that_are_known_only_those_that_lead_nowhere_are_not_bound(driver, more):
    keys = {"color", "colour", "description"}.union(*DRIVERS.values()) - {"driver"}
    session = {"driver": driver, "token": {"secret": "p"}}

    def bound(more):
        return bind_of({"connections": {"c": session | more}}, "p")

    free = {key for key in keys if bound({key: "x"}) == bound({})}
    assert free == {*NOWHERE.split(), *more.split()}


def test_another_secret_of_the_connection_changes_nothing():
    more = 'token = { secret = "q" }\nheaders = { X = { secret = "r" }, Y = "y" }\n'
    assert bind(SESSION + more)["connection"]["headers"] == {"Y": "y"}
    assert bind(SESSION + 'token = { secret = "q" }\n') == bind(SESSION)


def test_an_override_is_part_of_the_destination():
    override = '[[overrides]]\nwhen = { host = "laptop" }\nconnections.prod.host = "localhost"\n'
    found = bind(SESSION + override)
    assert found["overrides"] == [{"fields": {"host": "localhost"}, "when": {"host": "laptop"}}]
    harmless = '[[overrides]]\nwhen = { host = "laptop" }\nconnections.prod.timeout_s = 1\n'
    assert bind(SESSION + harmless) == bind(SESSION)
    assert bind("overrides = 1\n" + SESSION) == bind(SESSION)
    assert bind("overrides = [1, { root = 'x' }]\n" + SESSION) == bind(SESSION)


def test_a_reference_in_an_override_is_bound_to_its_connection_and_its_condition():
    text = """
    [[overrides]]
    when = { os = "linux" }
    [overrides.connections.x]
    host = "h"
    password = { secret = "p" }
    """
    assert bind(text) == {
        "rules": 2,
        "when": {"os": "linux"},
        "key": ["password"],
        "connection": {},
        "overrides": [{"fields": {"host": "h"}, "when": {"os": "linux"}}],
    }


def test_two_referrers_give_a_list_that_no_order_changes():
    other = '[connections.b]\ndriver = "redis"\nhost = "r"\npassword = { secret = "p" }\n'
    found = bind(SESSION + other)
    assert found == bind(other + SESSION)
    assert {item["connection"]["driver"] for item in found} == {"postgres", "redis"}
    same = SESSION.replace("connections.prod", "connections.again")
    assert bind(SESSION + same) == bind(SESSION)


def test_of_a_plug_in_all_counts_but_what_surely_does_not():
    text = """
    [connections.a]
    driver = "acme.mq"
    name = "n"
    since = 2026-01-02
    weight = 1.5
    hosts = ["x", { y = true }]
    color = "red"
    token = { secret = "p" }
    """
    assert bind(text)["connection"] == {
        "driver": "acme.mq",
        "name": "n",
        "since": "2026-01-02",
        "weight": "1.5",
        "hosts": ["x", {"y": True}],
    }


SWAPS = [
    "[env]\nA = { secret = 'p' }\nB = { secret = 'q' }\n",
    "[preferences]\na = { secret = 'p' }\nb = { secret = 'q' }\n",
    "[apps.x]\nitems = [{ t = { secret = 'p' } }, { t = { secret = 'q' } }]\n",
    "[apps.x]\nitems = [{ id = 'a', t = { secret = 'p' } }, { id = 'b', t = { secret = 'q' } }]\n",
    "[apps.x]\ntoken = { secret = 'p' }\n[apps.y]\ntoken = { secret = 'q' }\n",
    "[[windows]]\nname = 'w'\n[[windows.panes]]\nname = 'a'\nenv = { T = { secret = 'p' } }\n"
    "[[windows.panes]]\nname = 'b'\nenv = { T = { secret = 'q' } }\n",
    "[[windows]]\nname = 'v'\nenv = { T = { secret = 'p' } }\n"
    "[[windows]]\nname = 'w'\nenv = { T = { secret = 'q' } }\n",
    "[[overrides]]\nwhen = { os = 'linux' }\nenv.T = { secret = 'p' }\n"
    "[[overrides]]\nwhen = { os = 'macos' }\nenv.T = { secret = 'q' }\n",
    "[connections.w]\ndriver = 'http'\nurl = 'https://h'\ntoken = { secret = 'p' }\n"
    "password = { secret = 'q' }\n",
    "[connections.w]\nheaders = { A = { secret = 'p' }, B = { secret = 'q' } }\n",
]


@together("text", SWAPS)
def test_two_references_that_are_swapped_are_noticed(text):
    swapped = text.replace("'p'", "'-'").replace("'q'", "'p'").replace("'-'", "'q'")
    for name in "pq":
        assert bind(text, name) != bind(swapped, name)


def test_outside_of_connections_the_key_is_bound_and_addresses_beside_it():
    app = '[apps.pgdesk]\ntab = "x"\nurl = "https://h"\ntoken = { secret = "p" }\n'
    assert bind(app) == {
        "rules": 2, "key": ["apps", "pgdesk", "token"], "beside": [{"url": "https://h"}],
    }  # fmt: skip
    assert bind(app.replace("https://h", "https://evil")) != bind(app)
    assert bind(app.replace('"x"', '"y"')) == bind(app)
    above = '[apps.x]\nserver = "h"\n[apps.x.login]\ntoken = { secret = "p" }\n'
    assert bind(above)["beside"] == [{"server": "h"}]
    assert bind('[apps]\nx.api_url = "e"\nx.t = { secret = "p" }')["beside"] == [{"api_url": "e"}]
    assert bind('env.TOKEN = { secret = "p" }')["key"] == ["env", "TOKEN"]
    assert bind('connections = { secret = "p" }')["key"] == ["connections"]
    assert bind('[connections]\na = { secret = "p" }\n')["key"] == ["connections", "a"]


def test_a_named_item_may_move_in_its_list():
    panes = ["{ name = 'a', env = { T = { secret = 'p' } } }", "{ name = 'b' }"]
    one, other = (
        f"windows = [{{ panes = [{', '.join(order)}] }}]" for order in (panes, panes[::-1])
    )
    assert bind(one) == bind(other)


def test_references_come_with_their_place():
    found = references(tomllib.loads(SESSION + "x = [{ secret = 'q' }]\n"))
    assert [(str(ref.path), ref.name) for ref in found] == [
        ("connections.prod.password", "p"),
        ("connections.prod.x[0]", "q"),
    ]


def test_any_toml_value_can_be_bound():
    session = {
        "connections": {"a": {"x": datetime.time(1, 2), "n": float("nan"), "p": {"secret": "p"}}}
    }
    assert bind_of(session, "p")["connection"] == {"x": "01:02:00", "n": "nan"}


def test_the_fields_of_an_override_are_those_of_its_driver_or_of_the_one_it_changes():
    base = '[connections.c]\ndriver = "ssh"\nlocal_forward = "1"\nt = { secret = "p" }\n'
    same = '[[overrides]]\nwhen.os = "linux"\nconnections.c.local_forward = "2"\n'
    assert bind(base + same) == bind(base)
    assert bind(base)["connection"] == {"driver": "ssh"}
    other = f"{same}connections.c.driver = 'http'\n"
    assert bind(base + other)["overrides"] == [
        {"fields": {"driver": "http", "local_forward": "2"}, "when": {"os": "linux"}}
    ]
    odd = "[connections.c]\nlocal_forward = '1'\nt = { secret = 'p' }\n"
    assert bind(odd)["connection"] == {"local_forward": "1"}
    no_table = "connections.c = 1\n[[overrides]]\nconnections.c.t = { secret = 'p' }\n"
    assert bind(no_table) == {
        "rules": 2, "when": {}, "key": ["t"], "connection": {},
    }  # fmt: skip


def test_items_go_by_their_name_or_their_id_and_tables_above_are_looked_at():
    text = """
    host = "not looked at"
    [[overrides]]
    when = { host = "a" }
    [[overrides]]
    when = { host = "b" }
    [overrides.apps.x]
    server = "s"
    items = [{ x = 1 }, { id = "i", url = "u", more = [{ y = 1 }, { t = { secret = "p" } }] }]
    """
    assert bind(text) == {
        "rules": 2,
        "when": {"host": "b"},
        "key": ["apps", "x", "items", ["i"], "more", 1, "t"],
        "beside": [{"server": "s"}, {"url": "u"}],
    }
