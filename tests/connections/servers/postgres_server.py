"""PostgreSQL and PgBouncer on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.connections.servers.server_process import HOST, ServerProcess, lacking, let_pass

_HBA = """\
local all postgres trust
host all bouncer 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""
_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql")


def postgres_program(name: str) -> str:
    """Return the path of a program of the server, which Debian keeps out of PATH."""
    found = [shutil.which(name) or ""]
    for place in _PLACES:
        found += sorted(map(str, Path(place).glob(f"*/bin/{name}")))[-1:]
        found += map(str, Path(place).glob(f"bin/{name}"))
    path = next((each for each in found if each), None)
    return path or lacking(f"{name} of PostgreSQL is not installed")


def unprivileged() -> str | None:
    """Return the user that servers run as which refuse to be root's."""
    return "postgres" if os.getuid() == 0 else None


class PostgresTemplate:
    """A fresh cluster, made once for a run of the tests: copying it takes no time."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="pg-template-"))
        let_pass(tempfile.gettempdir())
        self._give_away(self.directory)
        self.data = self.directory / "data"
        initdb = postgres_program("initdb")
        rights = _rights()
        done = subprocess.run(
            [initdb, "-D", self.data, "-A", "trust", "-U", "postgres", "--no-sync",
             "--wal-segsize=1", "-E", "UTF8", "--no-locale"],
            cwd=self.directory, capture_output=True, text=True, **rights,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (self.data / "pg_hba.conf").write_text(_HBA)

    @staticmethod
    def _give_away(path):
        if user := unprivileged():
            shutil.chown(path, user, user)

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)


def _rights():
    user = unprivileged()
    return {"user": user, "group": user, "extra_groups": []} if user else {}


class PostgresServer(ServerProcess):
    """A server whose user postgres comes in by the socket without a password.

    By TCP a password is asked for; ``bouncer`` needs none. ``options`` are settings of the server.
    """

    kind = "pg"
    stop_signal = signal.SIGINT  # ends connections

    def __init__(self, template: PostgresTemplate, **options: str):
        self.program = postgres_program("postgres")
        super().__init__()
        self.user = unprivileged()
        self.options = {"fsync": "off", "max_connections": "20", "log_statement": "all"} | options
        self.data = self.directory / "data"
        subprocess.run(["cp", "-a", template.data, self.data], check=True)
        if self.user:
            shutil.chown(self.directory, self.user, self.user)

    def argv(self):
        options = {
            "port": str(self.port),
            "listen_addresses": HOST,
            "unix_socket_directories": str(self.directory),
            **self.options,
        }
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return [self.program, "-D", str(self.data), *settings]

    def is_ready(self):
        with contextlib.suppress(Exception):
            self.query("SELECT 1")
            return True
        return False

    def connect(self, **more):
        """Return a connection of its administrator, beside all that is tested."""
        import psycopg

        where = {"host": str(self.directory), "port": self.port, "user": "postgres"}
        where |= {"dbname": "postgres", "autocommit": True, "connect_timeout": 5}
        return psycopg.connect(**where | more)

    def query(self, *statements, **more):
        """Carry statements out as the administrator; return the rows of the last."""
        with self.connect(**more) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def add_user(self, name, password, database):
        """Create a user with a database of the same owner."""
        self.query(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        self.query(f"CREATE DATABASE {database} OWNER {name}")


class PgBouncerServer(ServerProcess):
    """A PgBouncer before ``server``; ``pool_mode`` is "transaction" or "session".

    ``settings`` are further ones of its file.
    """

    kind = "bouncer"

    def __init__(self, server: PostgresServer, pool_mode: str = "transaction", **settings: str):
        self.program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        if self.program is None:
            lacking("pgbouncer is not installed")
        super().__init__()
        self.user = unprivileged()
        self.server = server
        self.pool_mode = pool_mode
        self.settings = {"server_login_retry": "1", "query_wait_timeout": "10"} | settings
        if self.user:
            shutil.chown(self.directory, self.user, self.user)

    def argv(self):
        users = self.directory / "users.txt"
        users.write_text('"bouncer" ""\n')
        file = self.directory / "bouncer.ini"
        more = "".join(f"{key} = {value}\n" for key, value in self.settings.items())
        file.write_text(
            f"[databases]\n* = host={HOST} port={self.server.port} user=bouncer\n"
            f"[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {self.port}\n"
            f"unix_socket_dir =\nauth_type = any\nauth_file = {users}\n"
            f"pool_mode = {self.pool_mode}\n{more}"
        )
        return [self.program, str(file)]
