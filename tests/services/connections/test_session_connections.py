"""The connections of a session file: names, places, requests, advice, each answer whole."""

from __future__ import annotations

import pytest

from sessionctl.connections.connection_adapter import Failure, FailureKind
from sessionctl.errors import SessionctlError
from sessionctl.services.board.connection_test import _failed, run_connection_test
from sessionctl.services.connections.failure_advice import kind_of, options_after
from sessionctl.services.connections.session_connections import (
    ConnectionContext,
    OpenOptions,
    SessionConnections,
)
from sessionctl.services.machine import Machine
from tests.record import note

TEXT = """\
schema_version = 1
id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
name = "api"

[connections.prod]
driver = "postgres"
host = "db.example.org"
user = "app"
timeout_s = 5
password = { secret = "prod.password" }

[connections.local]
driver = "sqlite"
file = "a b.db"

[connections."second db"]
driver = "postgres"
host = "db2.example.org"
password = "hunter2hunter2"

[connections.third]
driver = "postgres"

[connections.odd]
driver = "no-such"

[[overrides]]
when = { host = "desk" }
connections.prod.host = "127.0.0.1"
"""


@pytest.fixture
def connections(tmp_path, monkeypatch):
    """Return a function that reads the connections of a session, on a host."""
    monkeypatch.chdir(tmp_path)

    def read(host="", text=TEXT):
        (tmp_path / "api.session.toml").write_text(text)
        environ = {"HOME": str(tmp_path / "h"), "XDG_RUNTIME_DIR": str(tmp_path / "run"),
                   "SESSIONCTL_IDENTITY": "x", "PATH": "/bin"}  # fmt: skip
        context = ConnectionContext(Machine(environ, host=host, os_name="linux"), vault=None)
        return SessionConnections("api.session.toml", context)

    return read


def test_names_and_what_is_chosen(connections):
    found = connections()
    assert found.names() == ("prod", "local", "second db", "third", "odd")
    assert found.chosen("local") == ("local",)
    assert found.chosen(None) == found.names()
    assert found.alternatives("prod") == ["second db", "third"]
    assert found.alternatives("third") == ["prod", "second db"]
    assert found.alternatives("local") == []
    assert found.references("prod") == {"password": "prod.password"}
    nested = TEXT.replace("timeout_s = 5", 'headers = { A = { secret = "h.a" }, B = "b" }')
    assert connections(text=nested).references("prod") == {
        "headers.A": "h.a", "password": "prod.password",
    }  # fmt: skip
    assert connections(text=nested).request("prod", with_secrets=False).settings["headers"] == {
        "B": "b",
    }  # fmt: skip
    assert found.references("local") == {}
    assert found.settings("prod")["host"] == "db.example.org"
    assert connections("desk").settings("prod")["host"] == "127.0.0.1"
    for ask in (
        lambda: found.chosen("prd"),
        lambda: connections(text="connections = { a = 1 }\n").chosen(None),
        lambda: connections().adapter("odd"),
    ):
        with pytest.raises(SessionctlError):
            ask()


def test_a_request_has_what_the_adapter_needs_and_no_more(connections, tmp_path):
    request = connections().request(
        "prod", OpenOptions(accepts_any_version=True), with_secrets=False
    )
    assert request.name == "prod"
    assert request.settings == {
        "driver": "postgres", "host": "db.example.org", "user": "app", "timeout_s": 5,
    }  # fmt: skip
    assert {key: one.reveal() for key, one in request.secrets.items()} == {
        "password": b"",
    }
    assert request.directory == str(tmp_path)
    assert request.home == str(tmp_path / "h")
    assert "SESSIONCTL_IDENTITY" not in request.environ
    assert request.environ["PATH"] == "/bin"
    assert request.scratch == f"{tmp_path}/run/sessionctl/connections"
    assert (tmp_path / "run/sessionctl/connections").stat().st_mode & 0o777 == 0o700
    assert request.accepts_any_version
    (tmp_path / "file").write_text("")
    found = connections()
    places = {"HOME": "/dev/null", "XDG_RUNTIME_DIR": str(tmp_path / "file"),
              "TMPDIR": str(tmp_path)}  # fmt: skip
    machine = Machine(places, user_id=7)
    found.context = found.context._replace(machine=machine)
    plain = found.request("local")
    assert (plain.secrets, plain.accepts_any_version) == ({}, False)
    assert plain.scratch == f"{tmp_path}/sessionctl-7/connections"


def test_a_target_has_the_limits_and_the_memory_of_its_connection(connections):
    target = connections().target("prod", OpenOptions(adopts_peer=True))
    assert (target.name, target.host, target.timeout_s, target.adopts_peer) == (
        "prod", "postgres db.example.org", 5.0, True,
    )  # fmt: skip
    plain = connections().target("local")
    assert (plain.timeout_s, plain.adopts_peer) == (10.0, False)
    assert plain.request().settings == {"driver": "sqlite", "file": "a b.db"}


def test_what_the_file_says_wrongly_of_a_connection_stops_that_one_alone(connections):
    wrong = TEXT.replace('file = "a b.db"', "file = 1").replace('name = "api"', "name = 1")
    connections(text=wrong).check("prod")
    with pytest.raises(SessionctlError):
        connections(text=wrong).check("local")
    two = TEXT.replace('file = "a b.db"', "file = 1\nfle = 2")
    found = connections(text=two)
    found.check("prod")
    with pytest.raises(SessionctlError):
        found.check("local")
    in_override = f"{TEXT}connections.local.file = 2\n"
    with pytest.raises(SessionctlError):
        connections(text=in_override).check("local")
    connections(text=in_override).check("prod")


def test_a_key_stands_where_this_machine_has_it_from(connections):
    for host in ("", "desk"):
        found = connections(host)
        for name, key in (
            ("prod", "host"), ("prod", "port"), ("prod", ""), ("prod", "password"),
            ("second db", "password"), ("odd", "driver"),
        ):  # fmt: skip
            place = found.place(name, key)
            note(f"{host} {name} {key}: {place.line}:{place.column} {place.key_path}")
            for line in found.excerpt(place):
                note(line)


FAILURES = [
    Failure(FailureKind.TRANSIENT, "gone away", hints=("look", "")),
    Failure(FailureKind.BUSY, "too many", key="host"),
    Failure(FailureKind.AUTH, "no", key="password"),
    Failure(FailureKind.AUTH, "no", hints=("again: sessionctl secret set api.session.toml x",)),
    Failure(FailureKind.INCOMPATIBLE, "too old", found="9", wanted="12", key="driver"),
    Failure(FailureKind.CONFIG, "no such database", key="database", found="x", wanted="y"),
    Failure(FailureKind.PERMANENT, "broken", found="1"),
]


def test_each_kind_of_failure_has_its_place_and_its_way_out(connections):
    found = connections()
    for failure in FAILURES:
        for name in ("prod", "second db"):
            verdict = _failed(found, name, failure)
            assert (verdict.name, verdict.is_ready, verdict.server) == (name, False, "")
            assert list(verdict.hints) == options_after(found, name, failure)
            note(f"-- {kind_of(failure)}: {verdict.failure}")
            for line in (*verdict.excerpt, *verdict.hints):
                note(f"   {line}")


def test_what_cannot_be_opened_at_all_is_a_verdict_too(connections, tmp_path):
    steps = []
    for name in ("odd", "nothing"):
        verdict = run_connection_test(connections(), name, steps.append)
        note(f"{verdict.name}: {verdict.is_ready} {verdict.failure} {verdict.hints}")
    (tmp_path / "a b.db").mkdir()
    verdict = run_connection_test(connections(), "local", steps.append)
    note(f"{verdict.failure}\n{verdict.excerpt}\n{verdict.hints}")
