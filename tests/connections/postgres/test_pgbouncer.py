"""The adapter for PostgreSQL behind PgBouncer."""

from __future__ import annotations

import pytest

from sessionctl.connections import FailureKind
from sessionctl.connections.postgres.postgres_adapter import PostgresAdapter
from tests.connections.adapter_calls import failure, opened, request, soon
from tests.connections.servers.server_process import HOST

ADAPTER = PostgresAdapter()


@pytest.fixture
def server(start_postgres):
    server = start_postgres()
    server.query("CREATE ROLE bouncer LOGIN", "CREATE DATABASE shop OWNER bouncer")
    return server


@pytest.fixture
def open_(server):
    handles = []

    def open_(bouncer, **settings):
        table = {"driver": "postgres", "host": HOST, "port": bouncer.port, "user": "app"}
        handle, _ = opened(ADAPTER, request(table | {"database": "shop"} | settings))
        handles.append(handle)
        return handle

    yield open_
    for handle in handles:
        ADAPTER.close(handle)


def value(handle, statement):
    return handle.connection.execute(statement).fetchall()


def test_a_pooler_is_recognised_and_nothing_of_a_session_is_set(server, start_bouncer, open_):
    bouncer = start_bouncer(server)
    handle = open_(bouncer, search_path=["app"], role="nobody")
    assert handle.is_pooled
    assert handle.connection.prepare_threshold is None
    assert value(handle, "SHOW search_path") == [('"$user", public',)]
    for _ in range(10):
        value(handle, "SELECT 1")
    assert server.query("SELECT count(*) FROM pg_prepared_statements") == [(0,)]
    ADAPTER.probe(handle, soon())
    assert ADAPTER.capture(handle, soon()) == {"database": "shop", "pooled": True}
    report = ADAPTER.resume(handle, {}, soon())
    assert [each.split(":")[0] for each in report.needs_user] == ["search_path", "role"]


def test_what_a_session_had_is_not_promised_behind_a_pooler(server, start_bouncer, open_):
    direct = open_(server, user="bouncer")
    assert not direct.is_pooled
    direct.connection.execute("SET statement_timeout = 5000")
    direct.connection.execute("LISTEN jobs")
    state = ADAPTER.capture(direct, soon())
    report = ADAPTER.resume(open_(start_bouncer(server)), state, soon())
    assert report.restored == ("database: shop",)
    assert report.lost == (
        "statement_timeout: the pooler shares sessions among its clients",
        "LISTEN jobs: the pooler shares sessions among its clients",
    )


def test_two_clients_share_a_session_and_disturb_each_other_in_nothing(
    server, start_bouncer, open_
):
    bouncer = start_bouncer(server)
    bouncer.settings["default_pool_size"] = "1"
    bouncer.stop()
    bouncer.start()
    handles = [open_(bouncer, search_path=["app"]) for _ in range(3)]
    for _ in range(8):
        for number, handle in enumerate(handles):
            assert value(handle, f"SELECT {number} + 0") == [(number,)]
            ADAPTER.probe(handle, soon())
            ADAPTER.capture(handle, soon())


def test_a_pooler_that_keeps_sessions_apart_is_said_in_the_file(server, start_bouncer, open_):
    handle = open_(start_bouncer(server, "session"), pooler="session", search_path=["app"])
    assert not handle.is_pooled
    assert value(handle, "SHOW search_path") == [("app",)]


def test_a_pooler_without_its_server_is_tried_again(server, start_bouncer, open_):
    bouncer = start_bouncer(server, query_wait_timeout="4")
    handle = open_(bouncer)
    server.kill()
    assert failure(ADAPTER, ADAPTER.probe, handle, soon()).kind is FailureKind.TRANSIENT
    said = failure(ADAPTER, lambda: open_(bouncer))
    assert said.kind in {FailureKind.TRANSIENT, FailureKind.BUSY}, said
    server.start()


def test_a_database_that_the_pooler_does_not_know(server, start_bouncer, open_):
    bouncer = start_bouncer(server)
    said = failure(ADAPTER, lambda: open_(bouncer, database="nothing"))
    assert (said.kind, said.key) == (FailureKind.CONFIG, "database")
    said = failure(ADAPTER, lambda: open_(bouncer, options={"options": "-cgeqo=off"}))
    assert (said.kind, said.key) == (FailureKind.CONFIG, "options")
