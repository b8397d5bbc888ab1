"""What errors of PostgreSQL and libpq are taken for, from a real server and by their codes."""

from __future__ import annotations

import socket
import threading
import traceback

import pytest

from sessionctl.connections import ConnectionFailure, Deadline, Failure, FailureKind
from sessionctl.connections.postgres.postgres_adapter import PostgresAdapter
from sessionctl.connections.postgres.postgres_failure import LoginError, ServerError, state_failure
from tests.connections.adapter_calls import CANARY, failure, opened, request, soon
from tests.connections.servers.server_process import HOST, free_port, wait_until
from tests.connections.servers.tcp_proxy import TcpProxy

ADAPTER = PostgresAdapter()


@pytest.fixture
def server(start_postgres):
    server = start_postgres(max_connections="8", superuser_reserved_connections="3")
    server.add_user("app", CANARY, "shop")
    return server


@pytest.fixture
def attempt(server):
    def attempt(secret=CANARY, seconds=20, **settings):
        table = {"driver": "postgres", "host": HOST, "port": server.port, "user": "app"}
        table |= {"database": "shop"} | settings
        secrets = {} if secret is None else {"password": secret}
        wanted = request(table, server.directory, secrets)
        ADAPTER.close(opened(ADAPTER, wanted, seconds)[0])

    return attempt


@pytest.mark.parametrize(
    ("settings", "kind", "key"),
    [
        ({"secret": "wrong"}, "AUTH", "password"),
        ({"secret": None}, "AUTH", "password"),
        ({"user": "nobody"}, "AUTH", "password"),
        ({"database": "nothing"}, "CONFIG", "database"),
        ({"host": "no-such-host.invalid"}, "CONFIG", "host"),
        ({"host": "two..dots"}, "CONFIG", "host"),
        ({"port": 1}, "TRANSIENT", ""),
        ({"sslmode": "require"}, "CONFIG", "sslmode"),
        ({"sslmode": "verify-full", "sslrootcert": "missing.crt"}, "CONFIG", "sslrootcert"),
        ({"service": "nothing"}, "CONFIG", "service"),
        ({"role": "nobody"}, "CONFIG", "role"),
        ({"options": {"no_such": 1}}, "CONFIG", "options"),
        ({"target_session_attrs": "standby"}, "TRANSIENT", ""),
        ({"host": "/nowhere"}, "TRANSIENT", ""),
    ],
)
def test_what_cannot_be_opened(attempt, settings, kind, key):
    said = failure(ADAPTER, lambda: attempt(**settings))
    assert (said.kind, said.key) == (FailureKind[kind], key), said
    assert not said.message[0].isupper()
    assert not said.message.endswith(".")
    assert CANARY not in repr(said)


def test_a_server_that_is_full_is_busy(server, attempt):
    taken = [server.connect() for _ in range(5)]
    wait_until(lambda: failure_of(attempt), "a full server")
    assert failure_of(attempt).kind is FailureKind.BUSY
    for connection in taken:
        connection.close()
    wait_until(lambda: failure_of(attempt) is None, "room again")


def failure_of(attempt):
    try:
        attempt()
    except Exception as error:  # noqa: BLE001
        return ADAPTER.classify(error)
    return None


def test_a_database_that_takes_nobody(server, attempt):
    server.query("ALTER DATABASE shop ALLOW_CONNECTIONS false")
    said = failure(ADAPTER, attempt)
    assert (said.kind, said.key) == (FailureKind.CONFIG, "database")


def test_a_user_who_may_not_log_in(server, attempt):
    server.query("ALTER ROLE app NOLOGIN")
    said = failure(ADAPTER, attempt)
    assert (said.kind, said.key) == (FailureKind.AUTH, "user")


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n"])
def test_what_is_no_postgresql(attempt, greeting):
    with socket.create_server((HOST, 0)) as listener:

        def serve():
            for _ in range(2):
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    client.sendall(greeting)
                    client.recv(1000)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        said = failure(ADAPTER, lambda: attempt(port=listener.getsockname()[1], sslmode="disable"))
        assert said.kind is FailureKind.INCOMPATIBLE, said
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(20)


def test_a_host_that_swallows_all_has_its_share_of_the_time_and_no_more(server, attempt):
    with TcpProxy(server.port) as proxy:
        proxy.black_hole()
        hosts = {"hosts": [f"{HOST}:{proxy.port}", f"{HOST}:{server.port}"]}
        attempt(host="unused", seconds=2, **hosts)
        said = failure(ADAPTER, lambda: attempt(port=proxy.port, seconds=0.5))
        assert said.kind is FailureKind.TRANSIENT


def test_a_name_with_several_addresses_does_not_wait_for_the_first(server, attempt, monkeypatch):
    with TcpProxy(server.port) as proxy:
        proxy.black_hole()
        real = socket.getaddrinfo
        # The proxy swallows at 127.0.0.1, and nobody but the server is at 127.0.0.2.
        found = real(HOST, proxy.port, type=socket.SOCK_STREAM)
        other = real("127.0.0.2", proxy.port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found + other)
        with socket.create_server(("127.0.0.2", proxy.port)) as listener:
            relay = threading.Thread(target=relay_one, args=(listener, server.port), daemon=True)
            relay.start()
            attempt(host="db.example.org", port=proxy.port, seconds=3)
            relay.join(20)


def relay_one(listener, port):
    client, _ = listener.accept()
    with client, socket.socket() as server:
        server.connect((HOST, port))  # looks up no name, unlike create_connection
        pairs = [(client, server), (server, client)]
        threads = [threading.Thread(target=copy, args=pair, daemon=True) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)


def copy(source, drain):
    while data := source.recv(65536):
        drain.sendall(data)
    drain.shutdown(socket.SHUT_WR)


def test_an_attempt_on_nobody_is_over_at_once(attempt):
    assert failure(ADAPTER, lambda: attempt(port=free_port())).kind is FailureKind.TRANSIENT


def test_a_deadline_that_has_passed_opens_nothing(server):
    wanted = request({"driver": "postgres", "host": HOST, "port": server.port})
    said = failure(ADAPTER, ADAPTER.open, wanted, Deadline(0), lambda _: None)
    assert said.kind is FailureKind.TRANSIENT


def test_closing_ends_a_statement_of_another_thread(server):
    table = {"driver": "postgres", "host": HOST, "port": server.port, "user": "app"}
    wanted = request(table | {"database": "shop"}, secrets={"password": CANARY})
    handle, _ = opened(ADAPTER, wanted)
    errors = []

    def sleep():
        try:
            handle.connection.execute("SELECT pg_sleep(300)")
        except Exception as error:  # noqa: BLE001
            errors.append(ADAPTER.classify(error).kind)

    thread = threading.Thread(target=sleep)
    thread.start()
    wait_until(lambda: handle.connection.info.transaction_status.name == "ACTIVE", "a statement")
    assert ADAPTER.probe(handle, soon()).is_skipped
    ADAPTER.close(handle)
    thread.join(20)
    assert not thread.is_alive()
    assert errors == [FailureKind.TRANSIENT]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("28P01", "AUTH"), ("28000", "AUTH"), ("3D000", "CONFIG"), ("53300", "BUSY"),
        ("53200", "BUSY"), ("57P03", "BUSY"), ("57P01", "TRANSIENT"), ("57P02", "TRANSIENT"),
        ("08006", "TRANSIENT"), ("08P01", "INCOMPATIBLE"), ("0A000", "INCOMPATIBLE"),
        ("25006", "TRANSIENT"), ("40001", "TRANSIENT"), ("58030", "TRANSIENT"),
        ("42501", "PERMANENT"), ("42601", "PERMANENT"), ("XX000", "PERMANENT"),
    ],
)  # fmt: skip
def test_codes_of_the_server(state, kind):
    assert state_failure(state, "words").kind is FailureKind[kind]
    assert ADAPTER.classify(ServerError(state, "words")).kind is FailureKind[kind]


@pytest.mark.parametrize(
    ("message", "used", "kind"),
    [
        ("FATAL:  Passwort-Authentifizierung für Benutzer »app« fehlgeschlagen", True, "AUTH"),
        ("FATAL:  das Datenbanksystem startet", False, "TRANSIENT"),
        ("FATAL:  the database system is starting up", False, "BUSY"),
        ("FATAL:  the database system is not yet accepting connections", False, "BUSY"),
        ("server closed the connection unexpectedly", True, "TRANSIENT"),
        ('FATAL:  database "shop" does not exist', True, "CONFIG"),
        ("FATAL:  sorry, too many clients already", True, "BUSY"),
        ("FATAL:  no pg_hba.conf entry for host", False, "AUTH"),
        ("FATAL:  unsupported frontend protocol 3.0", False, "INCOMPATIBLE"),
    ],
)
def test_words_of_a_server_that_lets_nobody_in(message, used, kind):
    error = LoginError(message, used_password=used, needs_password=False)
    assert ADAPTER.classify(error).kind is FailureKind[kind]


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyboardInterrupt(), OSError(5, "io"), ConnectionResetError(), None]
)
def test_classifying_never_raises(error):
    assert isinstance(ADAPTER.classify(error), Failure)
    known = Failure(FailureKind.BUSY, "x")
    assert ADAPTER.classify(ConnectionFailure(known)) is known


def test_no_secret_is_in_an_error_a_log_or_an_argument(server, attempt):
    errors = []
    for settings in ({"database": "nothing"}, {"port": 1}, {"options": {"no_such": CANARY}},
                     {"options": {"port": CANARY}}, {"user": "nobody"}):  # fmt: skip
        try:
            attempt(**settings)
        except Exception as error:  # noqa: BLE001
            errors.append("".join(traceback.format_exception(error)) + repr(error))
            errors.append(repr(ADAPTER.classify(error)))
    table = {"driver": "postgres", "host": HOST, "port": server.port, "user": "app"}
    wanted = request(table | {"database": "shop"}, secrets={"password": CANARY})
    handle, _ = opened(ADAPTER, wanted)
    state = ADAPTER.capture(handle, soon())
    said = [repr(handle), repr(wanted), repr(state), repr(ADAPTER.identity(handle, soon()))]
    said.append(repr(ADAPTER.command(wanted)))
    ADAPTER.close(handle)
    log = server.log.read_text().replace(f"CREATE ROLE app LOGIN PASSWORD '{CANARY}'", "")
    assert len(errors) == 10
    for text in (*errors, *said, log):
        assert CANARY not in text


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"service": "shop", "host": HOST}, "host"),
        ({"service": "shop", "options": {"hostaddr": HOST}}, "options.hostaddr"),
        ({"host": "db.example", "user": "app", "options": {"hostaddr": HOST}}, "options.hostaddr"),
    ],
)
def test_a_password_that_libpq_has_goes_to_no_other_server(tmp_path, monkeypatch, more, key):
    service = tmp_path / "service.conf"
    service.write_text(f"[shop]\nhost=db.example\nuser=app\npassword={CANARY}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    with socket.create_server((HOST, 0)) as other:
        other.settimeout(0)
        where = {"port": str(other.getsockname()[1])}
        settings = {**more, "options": where | more.get("options", {})}
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.open(request(settings), Deadline(3), lambda _: None)
        failure = caught.value.failure
        assert (failure.kind, failure.key) == (FailureKind.CONFIG, key)
        with pytest.raises(BlockingIOError):
            other.accept()


@pytest.mark.parametrize(
    ("settings", "argv", "environ"),
    [
        ({}, ["psql"], {}),
        (
            {"host": "db", "port": 5433, "user": "app", "database": "my shop",
             "sslmode": "require", "search_path": ["app", "My s"]},
            ["psql", "host=db port=5433 user=app dbname='my shop' sslmode=require"],
            {"PGOPTIONS": '-csearch_path=app,\\ "My\\ s"'},
        ),
        ({"service": "prod"}, ["psql", "service=prod"], {}),
        (
            {"hosts": ["a", "b:5433"], "target_session_attrs": "primary"},
            ["psql", "target_session_attrs=primary host=a,b port=,5433"],
            {},
        ),
        (
            {"host": "db", "options": {"password": CANARY, "gssencmode": "disable", "x": True}},
            ["psql", "host=db gssencmode=disable x=1"],
            {},
        ),
        (
            {"database": "it's \\ odd", "sslrootcert": "~/ca.crt"},
            ["psql", "dbname='it\\'s \\\\ odd' sslrootcert=/home/ada/ca.crt"],
            {},
        ),
    ],
)  # fmt: skip
def test_the_command_opens_the_same_without_a_secret(settings, argv, environ):
    wanted = request(settings, secrets={"password": CANARY})._replace(home="/home/ada")
    printed = ADAPTER.command(wanted)
    assert list(printed.argv) == argv
    assert printed.environ == environ
    assert printed.secret_variables == {"PGPASSWORD": "password"}
    assert CANARY not in repr(printed)


def test_the_command_is_run_as_it_stands(server):
    import os
    import subprocess

    from tests.world import need

    need("psql")
    table = {"driver": "postgres", "host": HOST, "port": server.port, "user": "app"}
    table |= {"database": "shop", "search_path": ["app", "My s", 'q"']}
    printed = ADAPTER.command(request(table, secrets={"password": CANARY}))
    done = subprocess.run(
        [*printed.argv, "-Atc", "SHOW search_path"],
        env={**os.environ, **printed.environ, "PGPASSWORD": CANARY},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == 'app, "My s", "q"""', done.stderr
