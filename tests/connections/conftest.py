"""Fixtures for tests of connections: real servers on loopback."""

from __future__ import annotations

import pytest

from tests.connections.servers.postgres_server import (
    PgBouncerServer,
    PostgresServer,
    PostgresTemplate,
)
from tests.connections.servers.redis_server import RedisServer
from tests.connections.servers.server_process import need_module


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
    servers = []

    def start(**options):
        server = PostgresServer(postgres_template, **options)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.remove()


@pytest.fixture
def start_bouncer():
    """Return what starts a PgBouncer before a PostgreSQL; all end with the test."""
    servers = []

    def start(server, pool_mode="transaction"):
        bouncer = PgBouncerServer(server, pool_mode)
        servers.append(bouncer)
        bouncer.start()
        return bouncer

    yield start
    for server in servers:
        server.remove()


@pytest.fixture
def start_redis():
    """Return what starts a Redis; all end with the test."""
    need_module("redis")
    servers = []

    def start(kind=RedisServer, *arguments, **settings):
        server = kind(*arguments, **settings)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.remove()
