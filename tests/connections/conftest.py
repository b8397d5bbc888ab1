"""Fixtures for tests of connections: real servers on loopback."""

from __future__ import annotations

import pytest

from tests.connections.servers.postgres_pool import PostgresPool
from tests.connections.servers.postgres_server import PgBouncerServer, PostgresTemplate
from tests.connections.servers.redis_server import RedisServer
from tests.connections.servers.server_process import need_module, starter


@pytest.fixture(scope="session")
def postgres_template():
    """A fresh cluster to copy, made once."""
    need_module("psycopg")
    template = PostgresTemplate()
    yield template
    template.remove()


@pytest.fixture(scope="session")
def postgres_pool(postgres_template):
    """The servers that tests have one after another."""
    pool = PostgresPool(postgres_template)
    yield pool
    pool.remove()


@pytest.fixture
def start_postgres(postgres_pool):
    """Return what gives a running PostgreSQL with a fresh cluster; the test may end it."""
    with postgres_pool.lender() as lend:
        yield lend


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
