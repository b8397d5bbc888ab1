"""pgdesk on PostgreSQL: the server goes away while somebody types, and comes back."""

from __future__ import annotations

import os

import pytest

from tests.world import REPEATS

PASSWORD = "Zq7-canary-11"
WHAT = "typed meanwhile"
SESSION = """schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "pgdesk"

[connections.main]
driver = "postgres"
host = "127.0.0.1"
port = {port}
user = "app"
database = "app"
password = {{ secret = "main.password" }}
"""


@pytest.fixture
def server(start_postgres):
    server = start_postgres()
    server.add_user("app", PASSWORD, "app")
    return server


@pytest.fixture
def ready(desk, server):
    from tests.world import run_sessionctl

    desk.session.write_text(SESSION.format(port=server.port))
    env = desk.environ | {
        name: "" for name in os.environ if name.startswith(("XDG_", "SESSIONCTL_"))
    }
    for words, stdin in (
        (["key", "new"], ""),
        (["secret", "set", str(desk.session), "main.password"], PASSWORD),
    ):
        done = run_sessionctl(*words, stdin=stdin, env=env, cwd=desk.folder)
        assert done.returncode == 0, done.stderr
    desk.start()
    desk.shows("main: connected")
    return desk


def test_the_server_stops_at_once_and_comes_back(ready, server):
    ready.type("set search_path = pg_catalog")
    ready.press("F5")
    ready.shows("0 rows")
    server.stop()
    ready.shows("reconnecting")
    ready.press("C-n")
    ready.has_focus("sql2")
    ready.type("select 6 * 7 as answer")
    ready.shows("select 6 * 7 as answer")
    ready.press("F5")
    ready.shows("nothing was sent")
    ready.holds("sql2-text", "select 6 * 7 as answer")
    server.start()
    ready.shows("connected again")
    ready.press("F5")
    ready.shows("42")
    ready.until(lambda: ready.stored()["result"].get("rows") == [["42"]])
    assert PASSWORD not in ready.session.read_text()
    ready.kill()

    ready.start()
    ready.shows("sql1", "sql2", "select 6 * 7 as answer", "42", "main: connected")


@pytest.mark.sweep
@pytest.mark.parametrize("turn", range(REPEATS or 2))
def test_every_time(ready, server, turn):
    ready.type(f"select {turn} + 1000 as sum")
    server.stop()
    ready.shows("reconnecting")
    ready.type(f", '{WHAT}' as what")
    server.start()
    ready.shows("connected again")
    ready.press("F5")
    ready.shows(str(turn + 1000), WHAT)
    ready.until(lambda: ready.stored()["result"].get("rows") == [[str(turn + 1000), WHAT]])
    ready.kill()
    ready.start()
    ready.shows(str(turn + 1000), "what", "main: connected")
