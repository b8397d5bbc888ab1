"""PostgreSQL servers that one test after another uses: each finds a fresh cluster."""

from __future__ import annotations

import contextlib
import os

from tests.connections.servers.postgres_server import PostgresServer, PostgresTemplate

_KEPT_DATABASES = "'postgres', 'template0', 'template1'"
_OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


class PostgresPool:
    """Lends servers, and takes them back as fresh as they were.

    What a test ended, or cannot be cleaned, is removed; the next one gets another.
    """

    def __init__(self, template: PostgresTemplate):
        self._template = template
        self._servers: list[PostgresServer] = []
        self._idle: list[PostgresServer] = []

    @contextlib.contextmanager
    def lender(self):
        """Give what lends a running server with options; all come back at the end."""
        lent = []

        def lend(**options):
            server = self._take(options)
            lent.append((server, server.process))
            return server

        try:
            yield lend
        finally:
            for server, process in lent:
                self._take_back(server, process)

    def remove(self):
        """End all servers and remove their directories."""
        for server in self._servers:
            server.remove()

    def _take(self, options):
        for server in self._idle:
            if server.made_with == options:
                self._idle.remove(server)
                return server
        server = PostgresServer(self._template, **options)
        server.made_with = options
        self._servers.append(server)
        server.start()
        return server

    def _take_back(self, server, process):
        if server.process is process and process.poll() is None:
            server.go_on()
            with contextlib.suppress(Exception):
                _clean(server)
                self._idle.append(server)
                return
        server.remove()
        self._servers.remove(server)


def _clean(server):
    """End all sessions, and drop all databases and roles, which a new cluster has not."""
    with server.connect() as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {_OTHERS}")
        names = f"SELECT datname FROM pg_database WHERE datname NOT IN ({_KEPT_DATABASES})"
        for (name,) in connection.execute(names).fetchall():
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        names = "SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%'"
        for (name,) in connection.execute(names).fetchall():
            if name != "postgres":
                connection.execute(f'DROP ROLE "{name}"')
        assert not connection.execute("SELECT 1 FROM pg_class WHERE relnamespace = 2200").fetchall()
    os.truncate(server.log, 0)
