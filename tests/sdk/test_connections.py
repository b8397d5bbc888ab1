"""A host's connections are held open, and the host hears what happens to them."""

from __future__ import annotations

import pytest

from sessionctl.connections import Deadline
from sessionctl.errors import UsageError
from tests.connections.servers.line_server import LineServer
from tests.connections.servers.tcp_proxy import TcpProxy
from tests.sdk.conftest import until

SESSION = """schema_version = 1
name = "notes"

[connections.image]
driver = "line"
host = "127.0.0.1"
port = {port}
prompt = "> "
probe = "ping"
probe_answer = "pong"

[connections.wrong]
driver = "sqlite"
file = "missing.db"
"""


@pytest.fixture
def proxy():
    server = LineServer()
    server.start()
    proxy = TcpProxy(server.port)
    yield proxy
    proxy.close()
    server.remove()


@pytest.fixture
def host(start, file, proxy):
    file.parent.mkdir()
    file.write_text(SESSION.format(port=proxy.port))
    host = start()
    host.workspace.restore()
    return host


def asked(host, line):
    with host.workspace.connections.lend("image", 10) as handle:
        return handle.ask(line, Deadline(10))


def test_a_connection_is_lent_and_comes_back_after_a_cut(host, proxy):
    connections = host.workspace.connections
    assert connections.names() == ("image", "wrong")
    assert connections.status("image") is None
    connections.open("image")
    host.hears("connected")
    assert asked(host, "ping") == "pong"

    host.set("editor", text="typed while it is gone")
    proxy.refuse()
    proxy.reset()
    event = host.hears("reconnecting")
    assert event.provider == "image"
    with pytest.raises(ConnectionError), connections.lend("image", 1):
        pass
    assert host.workspace.flush(), "the state is saved all the same"
    proxy.listen()
    host.hears("context-preserved")
    until(lambda: connections.status("image").is_open)
    assert asked(host, "ping") == "pong"


def test_one_that_cannot_work_is_reported_and_not_tried_again(host):
    host.workspace.connections.open("wrong")
    event = host.hears("failed")
    assert event.provider == "wrong"
    assert "missing.db" in event.text
    assert host.workspace.connections.status("wrong").next_at is None


def test_one_that_is_not_there_is_a_usage_error(host):
    with pytest.raises(UsageError, match="no connection imgae"):
        host.workspace.connections.open("imgae")


def test_nothing_is_open_after_the_close(host, proxy):
    host.workspace.connections.open("image")
    host.hears("connected")
    assert host.workspace.close()
    with pytest.raises(ConnectionError), host.workspace.connections.lend("image"):
        pass
