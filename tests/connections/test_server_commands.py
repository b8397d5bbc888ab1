"""The whole program with real servers: secrets that are sealed, and stay so."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from tests.connections.adapter_calls import CANARY
from tests.connections.benches import PostgresBench, RedisBench
from tests.connections.servers.server_process import need_module
from tests.world import need

SESSION = """\
schema_version = 1
name = "shop"

[connections.prod]
driver = "postgres"
host = "127.0.0.1"
port = {postgres}
user = "app"
database = "shop"
search_path = ["app", "public"]
password = {{ secret = "prod.password" }}

[connections.cache]
driver = "redis"
host = "127.0.0.1"
port = {redis}
password = {{ secret = "cache.password" }}
"""


class Shop:
    """A session with connections to both servers, whose passwords are sealed."""

    def __init__(self, directory, postgres, redis):
        self.directory = directory
        self.file = directory / "shop.session.toml"
        ports = {"postgres": postgres.server.port, "redis": redis.server.port}
        self.file.write_text(SESSION.format(**ports))
        self.said = []
        self.run("key", "new")
        for name in ("prod", "cache"):
            self.run("secret", "set", self.file, f"{name}.password", stdin=CANARY)

    def run(self, *words, code=0, stdin=""):
        done = subprocess.run(
            [sys.executable, "-m", "sessionctl", *map(str, words)],
            cwd=self.directory,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        said = done.stdout + done.stderr
        self.said.append(said)
        assert done.returncode == code, said
        return said


@pytest.fixture
def servers(postgres_template):
    need_module("redis")
    benches = [PostgresBench(postgres_template), RedisBench()]
    for bench in benches:
        bench.start()
    yield benches
    for bench in benches:
        bench.close()


@pytest.fixture
def shop(tmp_path, servers):
    return Shop(tmp_path, *servers)


@pytest.mark.slow
def test_connections_open_with_sealed_secrets_which_nobody_sees(shop, servers, home):
    for name in ("prod", "cache"):
        assert "ready" in shop.run("connect", "--once", shop.file, name)
        assert "restored: database" in shop.run("connect", "--once", shop.file, name)
    steps = shop.run("connections", "test", shop.file)
    assert steps.count("authenticate ok") == 2
    shop.run("connections", "history", shop.file, "prod", "--json")
    shop.run("connections", "status", shop.file)
    shop.run("secret", "set", shop.file, "prod.password", stdin="another")
    refused = shop.run("connect", "--once", shop.file, "prod", code=3)
    assert 'password = { secret = "prod.password" }' in refused
    assert "secret set" in refused
    for bench in servers:
        bench.kill()
    shop.run("connect", "--once", shop.file, "cache", code=3)
    texts = [path.read_bytes() for path in [*shop.directory.rglob("*"), *home.rglob("*")]
             if path.is_file()]  # fmt: skip
    logs = [bench.server.log.read_text() for bench in servers]
    logs[0] = logs[0].replace(f"CREATE ROLE app LOGIN PASSWORD '{CANARY}'", "")
    assert len(texts) > 5
    assert not [text for text in texts if CANARY.encode() in text]
    assert not [text for text in (*shop.said, *logs) if CANARY in text]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "program", "more", "answer"),
    [
        ("prod", "psql", "-Atc 'SELECT current_user'", "app"),
        ("cache", "redis-cli", "PING", "PONG"),
    ],
)
def test_the_printed_command_opens_the_same(shop, name, program, more, answer):
    need(program)
    printed = shop.run("connect", "--print", shop.file, name).strip()
    assert CANARY not in printed
    words = shlex.split(printed)
    assert words[0] == "sessionctl"
    line = f"{shlex.quote(sys.executable)} -m {printed} {more}"
    done = subprocess.run(
        ["sh", "-c", line], cwd=shop.directory, capture_output=True, text=True, timeout=120,
        env=dict(os.environ),
    )  # fmt: skip
    assert done.stdout.strip() == answer, done.stderr


def test_drivers_are_loaded_when_they_are_used():
    code = (
        "import sys\n"
        "from sessionctl.connections.driver_registry import connection_adapter\n"
        "for kind in ('postgres', 'redis'):\n"
        "    adapter = connection_adapter(kind)\n"
        "    adapter.schema()\n"
        "print(sorted({'psycopg', 'redis', 'ssl'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
