"""Fixtures for tests of connections: real servers on loopback."""

from __future__ import annotations

from functools import partial

import pytest

from tests.connections.servers.postgres_server import (
    PgBouncerServer,
    PostgresServer,
    PostgresTemplate,
)
from tests.connections.servers.redis_server import RedisServer
from tests.connections.servers.server_process import need_module, starter


@pytest.fixture(scope="session")
def postgres_template():
    """A fresh cluster to copy, made once."""
    need_module("psycopg")
    template = PostgresTemplate()
    yield template
    template.remove()


@pytest.fixture
def start_postgres(postgres_template):
    """Return what starts a PostgreSQL; all end with the test."""
    with starter(partial(PostgresServer, postgres_template)) as start:
        yield start


@pytest.fixture
def start_bouncer():
    """Return what starts a PgBouncer before a PostgreSQL; all end with the test."""
    with starter(PgBouncerServer) as start:
        yield start


@pytest.fixture
def start_redis():
    """Return what starts a Redis; all end with the test."""
    need_module("redis")
    with starter(_redis) as start:
        yield start


def _redis(kind=RedisServer, *arguments, **settings):
    return kind(*arguments, **settings)
