"""What a host hears of its connections, and which of them are kept by one keeper."""

from __future__ import annotations

import pytest

from sessionctl.connections.connection_adapter import (
    Failure,
    FailureKind,
    PeerIdentity,
    ResumeReport,
)
from sessionctl.connections.keeping.dialling import OpenedConnection
from sessionctl.connections.keeping.keeper import KeeperEvent
from sessionctl.connections.manager import connection_state as states
from sessionctl.connections.manager.manager_action import StatusEvent
from sessionctl.sdk.host_connections import HostConnections
from sessionctl.sdk.workspace_event import Status
from sessionctl.services.connections.session_connections import SessionConnections
from sessionctl.services.machine import Machine

SESSION = """schema_version = 1
name = "notes"

[connections.a]
driver = "sqlite"
file = "a.db"

[connections.wrong]
driver = "acme.nothing"

[connections.b]
driver = "sqlite"
file = "b.db"
"""
LATER = '\n[connections.c]\ndriver = "sqlite"\nfile = "c.db"\n'
NO = Failure(FailureKind.CONFIG, "no such file")


@pytest.fixture
def host(tmp_path):
    """Return the connections of a host, the file of them, and what the host hears."""
    file, heard = tmp_path / "notes.session.toml", []
    file.write_text(SESSION)
    machine = Machine({"HOME": str(tmp_path / "home")})

    def tell(*event):
        heard.append(event)

    connections = HostConnections(str(file), machine, lambda: None, tell)
    yield connections, file, heard
    connections.close()


def test_one_keeper_has_all_that_the_file_has_at_first(host):
    connections, file, _ = host
    assert (connections.status("a"), connections.kept()) == (None, {})
    connections.stop("a")
    keeper = connections._kept("b")
    assert connections._kept("a") is keeper
    assert connections._keepers == {"a": keeper, "b": keeper}
    assert connections.status("a").state is states.IDLE
    assert connections.kept() == {}
    file.write_text(SESSION + LATER)
    later = connections._kept("c")
    assert later is not keeper
    assert connections._keepers == {"a": keeper, "b": keeper, "c": later}
    with pytest.raises(ConnectionError, match=r"\Awrong: it is not open\Z"):
        connections.lend("wrong")
    connections.close()
    assert connections._keepers == {}


def opened(*lost):
    report = None if lost == (None,) else ResumeReport(lost=lost)
    return OpenedConnection(None, PeerIdentity("k", "t"), report, (), {})


def test_the_host_hears_what_a_connection_comes_to(host):
    connections, file, heard = host
    known = SessionConnections(str(file), connections._context)
    ready, down = states.READY, states.BACKOFF
    for name, before, after, reason, more, told in (
        ("a", states.IDLE, states.CONNECTING, "", {}, None),
        ("a", states.CONNECTING, ready, "new", {"opened": opened()}, (Status.CONNECTED, "new")),
        ("a", ready, states.DEGRADED, "slow", {}, None),
        ("a", states.DEGRADED, ready, "", {"opened": opened()}, None),
        ("a", ready, down, "cut", {"failure": NO}, (Status.RECONNECTING, "cut")),
        ("a", down, states.CIRCUIT_OPEN, "down", {}, (Status.RECONNECTING, "down")),
        ("b", states.CONNECTING, ready, "", {}, (Status.CONNECTED, "")),
        ("a", states.CONNECTING, ready, "r", {"opened": opened("x", "y")},
         (Status.CONTEXT_PRESERVED, "lost: x; y")),
        ("a", states.CONNECTING, ready, "again", {"opened": opened()}, (Status.CONNECTED, "again")),
        ("a", ready, down, "", {}, (Status.RECONNECTING, "")),
        ("a", down, ready, "", {"opened": opened(None)}, (Status.CONTEXT_PRESERVED, "")),
        ("a", ready, states.STOPPED, "by you", {}, None),
        ("a", states.CONNECTING, states.STOPPED, "", {"failure": NO},
         (Status.FAILED, "no such file")),
        ("a", states.CONNECTING, states.NEEDS_AUTH, "", {"failure": NO._replace(message="locked")},
         (Status.FAILED, "locked")),
    ):  # fmt: skip
        heard.clear()
        connections._heard(
            known, KeeperEvent(StatusEvent(name, before, after, reason, 1.0), **more)
        )
        assert heard == ([] if told is None else [(*told, name)]), (before, after, reason)
