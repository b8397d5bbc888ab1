"""The adapter for PostgreSQL, against a real server."""

from __future__ import annotations

import pytest

from sessionctl.connections import FailureKind, OpenStep
from sessionctl.connections.postgres.postgres_adapter import PostgresAdapter
from tests.connections.adapter_calls import CANARY, failure, opened, request, soon
from tests.connections.servers.server_process import HOST, free_port, wait_until

ADAPTER = PostgresAdapter()


@pytest.fixture
def server(start_postgres):
    server = start_postgres()
    server.add_user("app", CANARY, "shop")
    return server


@pytest.fixture
def wanted(server):
    def wanted(secret=CANARY, accepts_any_version=False, **settings):
        table = {"driver": "postgres", "host": HOST, "port": server.port, "user": "app"}
        table |= {"database": "shop"} | settings
        table = {key: value for key, value in table.items() if value is not None}
        secrets = {} if secret is None else {"password": secret}
        return request(table, server.directory, secrets, accepts_any_version=accepts_any_version)

    return wanted


@pytest.fixture
def open_(wanted):
    handles = []

    def open_(**settings):
        handle, _ = opened(ADAPTER, wanted(**settings))
        handles.append(handle)
        return handle

    yield open_
    for handle in handles:
        ADAPTER.close(handle)


def run(handle, *statements):
    for statement in statements:
        cursor = handle.connection.execute(statement)
    return cursor.fetchall() if cursor.description else []


def test_it_opens_step_by_step_and_answers(wanted):
    handle, steps = opened(ADAPTER, wanted())
    assert steps == [
        OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.AUTHENTICATE, OpenStep.VALIDATE,
    ]  # fmt: skip
    assert run(handle, "SELECT current_user::text, current_database()::text") == [("app", "shop")]
    health = ADAPTER.probe(handle, soon())
    assert not health.is_skipped
    assert health.latency_s > 0
    ADAPTER.close(handle)
    ADAPTER.close(handle)
    assert failure(ADAPTER, ADAPTER.probe, handle, soon()).kind is FailureKind.TRANSIENT


def test_it_opens_with_search_path_role_and_name(server, open_):
    server.query("CREATE ROLE reader", "GRANT reader TO app")
    handle = open_(search_path=["a b", "public"], role="reader", application_name="desk")
    [row] = run(
        handle,
        "SELECT current_setting('search_path'), current_user::text, "
        "current_setting('application_name')",
    )
    assert row == ('"a b", public', "reader", "desk")


def test_it_comes_in_by_a_socket(server, open_):
    handle = open_(host=str(server.directory), user="postgres", secret=None)
    assert run(handle, "SELECT inet_client_addr()") == [(None,)]


@pytest.mark.parametrize("way", ["hosts", "commas"])
def test_of_several_hosts_the_one_that_answers_and_fits_is_taken(server, open_, way):
    nobody = free_port()
    if way == "hosts":
        where = {"hosts": [f"{HOST}:{nobody}", f"{HOST}:{server.port}"], "host": None}
    else:
        where = {
            "host": f"{HOST},{HOST}",
            "options": {"port": f"{nobody},{server.port}"},
            "port": None,
        }
    handle = open_(target_session_attrs="read-write", **where)
    assert handle.connection.info.port == server.port


def test_a_service_is_handed_to_libpq(server, open_, home):
    (home / ".pg_service.conf").write_text(
        f"[shop]\nhost={HOST}\nport={server.port}\nuser=app\ndbname=shop\n"
    )
    (home / ".pgpass").write_text(f"{HOST}:*:shop:app:{CANARY}\n")
    (home / ".pgpass").chmod(0o600)
    nothing = dict.fromkeys(("host", "port", "user", "database"))
    handle = open_(service="shop", secret=None, **nothing)
    assert run(handle, "SELECT current_user::text") == [("app",)]


def test_who_is_there_is_the_cluster_and_not_the_address(server, open_, start_postgres):
    handle = open_()
    first = ADAPTER.identity(handle, soon())
    assert first.key.startswith("system ")
    assert first.version == first.text.split()[1]
    ADAPTER.close(handle)
    server.stop()
    server.start()
    second = ADAPTER.identity(open_(), soon())
    assert (second.key, second.text) == (first.key, first.text)
    assert second.run != first.run


def test_where_the_cluster_may_not_be_read_its_database_stands_for_it(server, open_):
    server.query("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC", dbname="shop")
    identity = ADAPTER.identity(open_(), soon())
    assert identity.key.startswith("database shop ")
    assert identity.run


def test_inside_a_transaction_nothing_is_asked(server, open_):
    handle = open_()
    ADAPTER.identity(handle, soon())
    run(handle, "BEGIN", "SELECT 1")
    before = server.log.read_text().count("statement")
    assert ADAPTER.probe(handle, soon()).is_skipped
    assert ADAPTER.capture(handle, soon())["in_transaction"] is True
    ADAPTER.identity(handle, soon())
    assert server.log.read_text().count("statement") == before
    server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'")
    wait_until(lambda: is_gone(handle), "the end of the backend, while only listening")


def is_gone(handle):
    try:
        return not ADAPTER.probe(handle, soon()).is_skipped
    except Exception as error:  # noqa: BLE001
        return ADAPTER.classify(error).kind is FailureKind.TRANSIENT


def test_a_user_without_autocommit_gets_no_transaction_of_ours(open_):
    handle = open_()
    handle.connection.autocommit = False
    ADAPTER.probe(handle, soon())
    ADAPTER.capture(handle, soon())
    assert handle.connection.info.transaction_status.name == "IDLE"


LOADS_PLPGSQL = "DO $$ BEGIN NULL; END $$"
SETUP = (
    "SET search_path = app, public",
    "SET statement_timeout = '5s'",
    LOADS_PLPGSQL,
    "SET plpgsql.extra_warnings = 'all'",
    "SET ROLE reader",
    "LISTEN jobs",
    'LISTEN "Odd ""name"',
    "PREPARE one (int) AS SELECT $1 + 1",
    "CREATE TEMP TABLE scratch (a int)",
    "SELECT pg_advisory_lock(7)",
    "BEGIN",
    "DECLARE walk CURSOR WITH HOLD FOR SELECT 1",
    "COMMIT",
)


@pytest.fixture
def state(server, open_):
    server.query("CREATE ROLE reader", "GRANT reader TO app")
    server.query("GRANT TEMP, CREATE ON DATABASE shop TO reader")
    handle = open_()
    run(handle, *SETUP)
    state = ADAPTER.capture(handle, soon())
    ADAPTER.close(handle)
    return state


def test_the_report_is_true_on_what_comes_back_and_what_is_lost(open_, state):
    handle = open_()
    report = ADAPTER.resume(handle, state, soon())
    assert set(report.restored) == {
        "database: shop",
        "search_path: app, public",
        "statement_timeout: 5s",
        "setting plpgsql.extra_warnings",
        "role: reader",
        "LISTEN jobs",
        'LISTEN Odd "name',
        "prepared statement one",
    }
    assert report.lost == (
        "temporary tables: scratch",
        "cursors: walk",
        "advisory locks: 1",
        'notifications that were sent meanwhile: Odd "name, jobs',
    )
    assert report.needs_user == ()
    [row] = run(
        handle,
        "SELECT current_setting('search_path'), current_setting('statement_timeout'), "
        "current_setting('plpgsql.extra_warnings'), current_user::text",
    )
    assert row == ("app, public", "5s", "all", "reader")
    assert run(handle, "SELECT pg_listening_channels() ORDER BY 1") == [('Odd "name',), ("jobs",)]
    assert run(handle, "EXECUTE one (41)") == [(42,)]
    run(handle, LOADS_PLPGSQL)
    again = ADAPTER.capture(handle, soon())
    gone = {"temporary", "cursors", "advisory_locks"}
    assert again == {key: value for key, value in state.items() if key not in gone}


def test_what_may_not_be_had_any_more_is_said(server, open_, state):
    server.query("REVOKE reader FROM app")
    report = ADAPTER.resume(open_(), state, soon())
    assert report.needs_user == ("role: refused (42501)",)
    assert "search_path: app, public" in report.restored


def test_what_was_prepared_on_a_table_that_is_gone_is_lost(server, open_):
    handle = open_()
    run(handle, "CREATE TABLE t (a int)", "PREPARE two AS SELECT a FROM t")
    state = ADAPTER.capture(handle, soon())
    server.query("DROP TABLE public.t", dbname="shop")
    report = ADAPTER.resume(open_(), state, soon())
    assert report.lost == ("prepared statement two: refused (42P01)",)


def test_a_protocol_statement_is_prepared_again_and_those_of_psycopg_are_left_to_it(open_):
    handle = open_()
    handle.connection.pgconn.prepare(b"three", b"SELECT $1::int * 2")
    handle.connection.execute("SELECT %s::int", (1,), prepare=True)
    state = ADAPTER.capture(handle, soon())
    assert [each["name"] for each in state["prepared"]] == ["three"]
    other = open_()
    assert "prepared statement three" in ADAPTER.resume(other, state, soon()).restored
    assert run(other, "EXECUTE three (21)") == [(42,)]


def test_secrets_in_settings_and_statements_are_not_captured(open_):
    handle = open_()
    address = f"postgres://app:{CANARY}@db.example.org/shop"
    run(handle, f"SET application_name = '{address}'", f"PREPARE leak AS SELECT '{address}'")
    state = ADAPTER.capture(handle, soon())
    assert CANARY not in str(state)
    report = ADAPTER.resume(open_(), state, soon())
    assert report.needs_user == (
        "setting application_name: set it again",
        "prepared statement leak: set it again",
    )


def test_an_open_transaction_is_reported_as_lost(open_):
    handle = open_()
    ADAPTER.capture(handle, soon())
    run(handle, "BEGIN", "SET LOCAL statement_timeout = 1")
    state = ADAPTER.capture(handle, soon())
    report = ADAPTER.resume(open_(), state, soon())
    assert report.lost[0].startswith("the open transaction")
    assert report.restored == ("database: shop",)


def test_a_notification_that_comes_with_a_probe_reaches_the_user(server, open_):
    handle = open_()
    run(handle, "LISTEN jobs")
    server.query("NOTIFY jobs, 'one'", dbname="shop")
    ADAPTER.probe(handle, soon())
    server.query("NOTIFY jobs, 'two'", dbname="shop")
    found = [each.payload for each in handle.connection.notifies(timeout=20, stop_after=2)]
    assert found == ["one", "two"]
