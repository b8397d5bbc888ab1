"""Postgres adapter: connections to PostgreSQL, by libpq and psycopg."""

from __future__ import annotations

import time

from sessionctl.connections.connection_adapter import (
    API,
    ConnectionFailure,
    Failure,
    FailureKind,
    Health,
    OpenStep,
    PeerIdentity,
    PrintedCommand,
    ResumeReport,
)
from sessionctl.connections.postgres import conninfo, postgres_failure
from sessionctl.connections.schema_table import schema_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.connection_adapter import ConnectionRequest
    from sessionctl.connections.deadline import Deadline
    from sessionctl.connections.postgres.postgres_handle import PostgresHandle
    from sessionctl.core.values import Table

OLDEST = 10
"""The oldest version of the server that psycopg 3 speaks to."""

_ABOUT = """
SELECT pg_catalog.current_database(),
  (SELECT oid::text FROM pg_catalog.pg_database
    WHERE datname = pg_catalog.current_database()),
  extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text,
  pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')::text
"""
_SYSTEM = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()"


class PostgresAdapter:
    """Connections to PostgreSQL; see ``ConnectionAdapter``."""

    kind = "postgres"
    api = API

    def schema(self) -> Table:
        """Return its part of the schema of session files."""
        return schema_table(self.kind)

    def open(
        self, request: ConnectionRequest, deadline: Deadline, step: Callable[[OpenStep], None]
    ) -> PostgresHandle:
        """Return an open connection in autocommit mode, with role and search_path as asked for."""
        try:
            import psycopg

            from sessionctl.connections.postgres.login import log_in
            from sessionctl.connections.postgres.postgres_handle import PostgresHandle
        except ImportError as error:
            raise ConnectionFailure(postgres_failure.classify(error)) from None
        found = conninfo.with_defences(conninfo.parameters(request))
        conninfo.check_files(found)
        pgconn = log_in(conninfo.attempts(found), conninfo.secrets(request), deadline, step)
        from sessionctl.connections.socket_guard import SocketGuard

        connection = psycopg.Connection(pgconn)
        handle = PostgresHandle(connection, SocketGuard(pgconn.socket))
        try:
            step(OpenStep.VALIDATE)
            _check_version(pgconn.server_version, request)
            connection.autocommit = True
            self._prepare(handle, request, deadline)
        except BaseException:
            handle.close()
            raise
        return handle

    def _prepare(
        self, handle: PostgresHandle, request: ConnectionRequest, deadline: Deadline
    ) -> None:
        settings = request.settings
        handle.is_pooled = _is_pooled(handle, settings.get("pooler"), deadline)
        if handle.is_pooled:
            handle.connection.prepare_threshold = None
            from sessionctl.connections.postgres.session_state import wanted_of_pooled

            handle.unmet = wanted_of_pooled(settings)
            return
        set_config = "SELECT pg_catalog.set_config($1, $2, false)"
        if path := settings.get("search_path"):
            handle.ask(deadline, set_config, "search_path", conninfo.name_list(path))
        if role := settings.get("role"):
            try:
                handle.ask(deadline, set_config, "role", str(role))
            except postgres_failure.ServerError as error:
                kind = FailureKind.CONFIG
                raise ConnectionFailure(Failure(kind, str(error), key="role")) from None

    def probe(self, handle: PostgresHandle, deadline: Deadline) -> Health:
        """Ask for nothing and wait for the answer; inside a transaction only listen."""
        if handle.is_busy:
            handle.listen()
            return Health(is_skipped=True)
        began_s = time.monotonic()
        handle.ask(deadline, "")
        return Health(latency_s=time.monotonic() - began_s)

    def identity(self, handle: PostgresHandle, deadline: Deadline) -> PeerIdentity:
        """Return the system identifier of the cluster, and when the server was started.

        Where it cannot be read, the database stands for it: its name and its number.
        """
        if handle.is_busy and handle.identity is not None:
            return handle.identity
        [(database, number, run, is_readable)] = handle.ask(deadline, _ABOUT)
        key = f"database {database} {number}"
        if is_readable == "true":
            try:
                [(system,)] = handle.ask(deadline, _SYSTEM)
                key = f"system {system}"
            except postgres_failure.ServerError:
                pass
        version = handle.version
        text = f"PostgreSQL {version} on {handle.connection.info.host or 'this machine'}"
        handle.identity = PeerIdentity(key, text, version, run or "")
        return handle.identity

    def capture(self, handle: PostgresHandle, deadline: Deadline) -> Table:
        """Return settings, role, channels, prepared statements, and what could be lost."""
        from sessionctl.connections.postgres.session_state import capture

        return capture(handle, deadline)

    def resume(self, handle: PostgresHandle, state: Table, deadline: Deadline) -> ResumeReport:
        """Bring back what ``capture`` returned, and say what is lost."""
        from sessionctl.connections.postgres.session_state import resume

        return resume(handle, state, deadline)

    def classify(self, error: BaseException) -> Failure:
        """Return what an error means, by SQLSTATE where there is one."""
        return postgres_failure.classify(error)

    def close(self, handle: PostgresHandle) -> None:
        """Close the connection; never raises."""
        handle.close()

    def command(self, request: ConnectionRequest) -> PrintedCommand:
        """Return a call of psql; passwords come by variables."""
        found = conninfo.public_text(conninfo.parameters(request))
        variables = {"PGPASSWORD": "password"} if "password" in request.secrets else {}
        environ = {}
        if path := request.settings.get("search_path"):
            names = conninfo.name_list(path).replace("\\", "\\\\").replace(" ", "\\ ")
            environ["PGOPTIONS"] = f"-csearch_path={names}"
        return PrintedCommand(("psql", found) if found else ("psql",), environ, variables)


def _check_version(number: int, request: ConnectionRequest) -> None:
    if number < OLDEST * 10_000 and not request.accepts_any_version:
        found = f"{number // 10_000}.{number // 100 % 100}"
        raise ConnectionFailure(
            Failure(
                FailureKind.INCOMPATIBLE,
                f"the server is PostgreSQL {found}, and {OLDEST} or newer is wanted",
                found=found,
                wanted=f"{OLDEST} or newer",
            )
        )


def _is_pooled(handle: PostgresHandle, pooler: object, deadline: Deadline) -> bool:
    """Return whether sessions are not the client's own.

    A pooler does not say that it is one. But it hands out keys of its own for cancelling, so
    the process that it greeted with is not the one that answers.
    """
    if pooler is not None:
        return pooler == "transaction"
    [(pid,)] = handle.ask(deadline, "SELECT pg_catalog.pg_backend_pid()")
    return pid != str(handle.connection.pgconn.backend_pid)
