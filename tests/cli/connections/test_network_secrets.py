"""A known secret goes through ssh, a line service and a backend, and shows nowhere."""

from __future__ import annotations

import pytest
import tomlkit

from tests.connections.servers.line_server import LineServer
from tests.connections.servers.ssh_server import SshServer
from tests.connections.servers.zmq_server import ZmqServer
from tests.desk import ID, files_of

CANARY = "c4n4ry-8d21aa-password"
LOGIN = [{"expect": "login: ", "send": "user"}, {"expect": "Password: ", "send": "password"}]


def ssh(password):
    server = SshServer(password=password)
    return server, server.settings(options={"PubkeyAuthentication": False}), "password"


def line(password):
    server = LineServer(user="ada", password=password)
    return server, server.settings(user="ada", login=LOGIN, probe="ping"), "password"


def zmq_json(password):
    server = ZmqServer(token=password)
    return server, server.settings(), "token"


@pytest.fixture
def start(bare_desk):
    """Return what starts a server and writes a session with a connection to it."""
    servers = []

    def start_one(make, password):
        server, settings, key = make(password)
        servers.append(server)
        server.start()
        settings[key] = {"secret": "c.secret"}
        session = {"schema_version": 1, "id": ID, "name": "api", "connections": {"c": settings}}
        bare_desk.session.write_text(tomlkit.dumps(session))
        bare_desk.new_key()
        bare_desk.set(CANARY.encode(), "c.secret")
        return server

    yield start_one
    for server in servers:
        server.remove()


def where_it_shows(desk):
    places = {"output": "\n".join(desk.said).encode()}
    for folder in (desk.folder, desk.home):
        places |= {f"{folder}/{name}": data for name, data in files_of(folder).items()}
    return [name for name, data in places.items() if CANARY.encode() in data]


@pytest.mark.parametrize("make", [ssh, line, zmq_json])
def test_a_stored_secret_lets_in_and_shows_nowhere(bare_desk, start, make):
    server = start(make, CANARY)
    bare_desk.run("connect", "--once", "--json", "api.session.toml", "c", code=0)
    said = bare_desk.run("connections", "test", "api.session.toml", code=0).output
    assert "authenticate" in said
    bare_desk.run("connections", "history", "api.session.toml", code=0)
    bare_desk.run("connect", "--print", "api.session.toml", "c")
    assert where_it_shows(bare_desk) == []
    assert CANARY not in server.log.read_text()


@pytest.mark.parametrize("make", [ssh, line, zmq_json])
def test_a_refused_secret_is_a_failure_of_authentication(bare_desk, start, make):
    start(make, "another-password-16")
    said = bare_desk.run("connect", "--once", "api.session.toml", "c", code=3).output
    assert "authentication" in said
    assert "sessionctl secret set api.session.toml c.secret" in said
    assert where_it_shows(bare_desk) == []
