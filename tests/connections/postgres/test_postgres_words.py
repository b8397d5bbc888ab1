"""What is made of PostgreSQL's codes and words, of its settings, and of the state of a session."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest

from sessionctl.connections import (
    ConnectionFailure,
    ConnectionRequest,
    Failure,
    FailureKind,
    Secret,
)
from sessionctl.connections.connection_adapter import PeerIdentity
from sessionctl.connections.postgres import conninfo
from sessionctl.connections.postgres.postgres_adapter import PostgresAdapter, _check_version
from sessionctl.connections.postgres.postgres_failure import (
    LoginError,
    ServerError,
    classify,
    state_failure,
)
from sessionctl.connections.postgres.session_state import capture, resume, wanted_of_pooled
from sessionctl.system.optional_libraries import install_command
from tests.connections.adapter_calls import soon
from tests.together import together

USER = "check user and host, and pg_hba.conf of the server"
PASSWORD = "check user and password"
DATABASE = "check database; 'psql -l' lists what the server has"
SERVICE = "check the name, and ~/.pg_service.conf or PGSERVICEFILE"
TLS = "check sslmode and sslrootcert: the server and they do not agree on TLS"


def request(settings, *secrets, **more):
    values = {key: Secret(f"the {key}") for key in secrets}
    return ConnectionRequest("c", settings, values, "/s", "/h", {}, "/x", **more)


# -- failures ----------------------------------------------------------------------------------


@together(
    "state, kind, key, hints",
    [
        ("08P01", "incompatible", "", ()), ("08006", "transient", "", ()),
        ("0A000", "incompatible", "", ()), ("28000", "auth", "user", (USER,)),
        ("28P01", "auth", "password", (PASSWORD,)), ("3D000", "config", "database", (DATABASE,)),
        ("3D001", "permanent", "", ()), ("25006", "transient", "", ()),
        ("25P03", "transient", "", ()), ("25P02", "permanent", "", ()),
        ("40001", "transient", "", ()), ("42704", "config", "", ()), ("42601", "permanent", "", ()),
        ("53300", "busy", "", ()), ("55000", "permanent", "", ()), ("55P03", "busy", "", ()),
        ("57P03", "busy", "", ()), ("57P04", "config", "database", (DATABASE,)),
        ("57P01", "transient", "", ()), ("58030", "transient", "", ()),
        ("XX000", "permanent", "", ()),
    ],
)  # fmt: skip
def test_what_a_code_means(state, kind, key, hints):
    expected = Failure(FailureKind(kind), f"no ({state})", hints, key=key)
    assert state_failure(state, "no") == expected
    assert classify(ServerError(state, "ERROR:  No.\nDETAIL: x")) == expected


@together(
    "words, kind, key, message, hints",
    [
        ('definition of service "x" not found', "config", "service", None, (SERVICE,)),
        ('could not translate host name "x" to address: y', "config", "host", None, ()),
        ('root certificate file "x" does not exist', "config", "sslrootcert", None, ()),
        ('could not read root certificate file "x"', "config", "sslrootcert", None, ()),
        ("server does not support SSL, but SSL was required", "config", "sslmode", None, (TLS,)),
        ("SSL error: certificate verify failed", "config", "sslmode",
         "sSL error: certificate verify failed", (TLS,)),
        ('invalid connection option "x"', "config", "options", None, ()),
        ('invalid port number: "x"', "config", "port", None, ()),
        ('FATAL:  no pg_hba.conf entry for host "x"', "auth", "user",
         'no pg_hba.conf entry for host "x"', (USER,)),
        ('FATAL:  password authentication failed for user "x"', "auth", "password",
         'password authentication failed for user "x"', (PASSWORD,)),
        ("fe_sendauth: no password supplied", "auth", "password", None, (PASSWORD,)),
        ('FATAL:  role "x" does not exist', "auth", "user", 'role "x" does not exist', (USER,)),
        ('FATAL:  database "x" does not exist', "config", "database", 'database "x" does not exist',
         (DATABASE,)),
        ('database "x" is not currently accepting connections', "config", "database", None,
         (DATABASE,)),
        ("the database system is starting up", "busy", "", None, ()),
        ("sorry, too many clients already", "busy", "", None, ()),
        ("query_wait_timeout", "busy", "", None, ()),
        ("server is in hot standby mode", "transient", "", None, ()),
        ("session is read-only", "transient", "", None, ()),
        ("unsupported startup parameter: x", "config", "options", None, ()),
        ("unsupported frontend protocol 3.0", "incompatible", "", None, ()),
        ('expected authentication request from server, but received "x"', "incompatible", "", None,
         ()),
        ('connection to server at "h" (1.2.3.4), port 1 failed: Connection refused\n\tIs it?',
         "transient", "", "connection refused", ()),
        ('connection to server on socket "/x" failed: No such file.', "transient", "",
         "no such file", ()),
        ("", "transient", "", "", ()),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_what_the_words_of_a_login_mean(words, kind, key, message, hints):
    error = LoginError(words, used_password=False, needs_password=False)
    message = words if message is None else message
    assert classify(error) == Failure(FailureKind(kind), message, hints, key=key)


@together(
    "words, used, needs, is_refused",
    [
        ("FATALE:  mot de passe", True, False, True),
        ("FATALE:  mot de passe", False, False, False),
        ("FATAL :  mot de passe", True, False, True), ("perdu", True, False, False),
        ("perdu", False, True, True), ("x:\n y", True, False, False),
    ],
)  # fmt: skip
def test_a_login_in_another_language(words, used, needs, is_refused):
    found = classify(LoginError(words, used_password=used, needs_password=needs))
    kind = FailureKind.AUTH if is_refused else FailureKind.TRANSIENT
    assert (found.kind, found.key) == (kind, "password" if is_refused else "")


class OperationalError(Exception):
    """Named as that of psycopg."""


@together(
    "error, kind, message",
    [
        (TimeoutError("x"), "transient", "the server does not answer in time"),
        (OSError(5, "Input/output error"), "transient", "input/output error"),
        (OSError("Odd."), "transient", "odd"),
        (OperationalError("\n\nPANIC:  Lost it.\nmore"), "transient", "lost it"),
        (OperationalError(""), "transient", "the connection is closed"),
        (KeyError("x"), "permanent", "KeyError: 'x'"),
    ],
    ids=repr,
)
def test_what_other_errors_mean(error, kind, message):
    assert classify(error) == Failure(FailureKind(kind), message)


def test_which_versions_are_too_old():
    for number in (100_000, 160_004, 90_600):
        _check_version(number, request({}, accepts_any_version=True))
    _check_version(100_000, request({}))
    with pytest.raises(ConnectionFailure) as caught:
        _check_version(90_624, request({}))
    assert caught.value.failure == Failure(
        FailureKind.INCOMPATIBLE, "the server is PostgreSQL 9.6, and 10 or newer is wanted",
        found="9.6", wanted="10 or newer",
    )  # fmt: skip


# -- settings ----------------------------------------------------------------------------------


@together(
    "settings, found",
    [
        ({}, {}),
        ({"service": "s", "user": "u", "database": "d", "sslmode": "require",
          "application_name": "a", "target_session_attrs": "any", "pooler": "session"},
         {"service": "s", "user": "u", "dbname": "d", "sslmode": "require",
          "application_name": "a", "target_session_attrs": "any"}),
        ({"host": "h", "port": 5433}, {"host": "h", "port": "5433"}),
        ({"hosts": ["a", "b:2", "[::1]:3", "[::1]", "::1"], "port": 9},
         {"host": "a,b,::1,::1,::1", "port": "9,2,3,9,9"}),
        ({"hosts": ["a", "b:2"]}, {"host": "a,b", "port": ",2"}),
        ({"sslrootcert": "ca.pem"}, {"sslrootcert": "/s/ca.pem"}),
        ({"sslrootcert": "~/ca.pem"}, {"sslrootcert": "/h/ca.pem"}),
        ({"sslrootcert": "~"}, {"sslrootcert": "/h"}),
        ({"sslrootcert": "system"}, {"sslrootcert": "system"}),
        ({"options": {"keepalives": False, "tcp_user_timeout": 7}},
         {"keepalives": "0", "tcp_user_timeout": "7"}),
        ({"options": "x"}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_a_connection_as_parameters_of_libpq(settings, found):
    assert conninfo.parameters(request(settings)) == found


HINTS = ("write it into pg_service.conf",
         'or give the connection its own: password = { secret = "NAME" }')  # fmt: skip


@together(
    "settings, key, name",
    [
        ({"service": "s", "host": "h"}, "host", "host"),
        ({"service": "s", "hosts": ["h"]}, "hosts", "hosts"),
        ({"service": "s", "port": 1}, "port", "port"),
        ({"service": "s", "options": {"host": "h"}}, "options.host", "host"),
        ({"options": {"service": "s", "port": "1"}}, "options.port", "port"),
        ({"options": {"hostaddr": "1.2.3.4"}}, "options.hostaddr", "hostaddr"),
        ({"service": "s", "port": 1, "options": {"hostaddr": "1"}}, "options.hostaddr", "hostaddr"),
    ],
    ids=str,
)
def test_a_password_of_libpq_goes_to_no_other_server(settings, key, name):
    with pytest.raises(ConnectionFailure) as caught:
        conninfo.parameters(request(settings))
    message = f"{name} would send a password that libpq has for one server to another"
    assert caught.value.failure == Failure(FailureKind.CONFIG, message, HINTS, key=key)
    assert conninfo.parameters(request(settings, "password"))


def test_what_is_secret_and_what_is_ours():
    asked = request({}, "password", "options.sslpassword", "options.a.b")
    assert conninfo.secrets(asked) == {
        "password": "the password", "sslpassword": "the options.sslpassword",
    }  # fmt: skip
    assert conninfo.with_defences({"keepalives": "0", "host": "h"}) == {
        "keepalives": "0", "keepalives_idle": "2", "keepalives_interval": "1",
        "keepalives_count": "3", "tcp_user_timeout": "5000", "client_encoding": "UTF8",
        "fallback_application_name": "sessionctl", "host": "h",
    }  # fmt: skip
    given = {"a": "", "b": "x y", "password": "p", "c": "o'k\\", "sslpassword": "q", "d": "e"}
    assert conninfo.public_text(given) == r"b='x y' c='o\'k\\' d=e"
    assert conninfo.text({"password": "p"}) == "password=p"
    assert conninfo.name_list(["a_1", "A", 'b"c', "", "1a"]) == 'a_1, "A", "b""c", "", "1a"'


@together(
    "found, each",
    [
        ({"user": "u"}, [{"user": "u"}]),
        ({"host": "a"}, [{"host": "a", "port": ""}]),
        ({"host": "a,b", "port": "1"}, [{"host": "a", "port": "1"}, {"host": "b", "port": "1"}]),
        ({"host": "a,b", "port": "1,2"}, [{"host": "a", "port": "1"}, {"host": "b", "port": "2"}]),
        ({"host": "a", "port": "1", "target_session_attrs": "prefer-standby"},
         [{"host": "a", "port": "1", "target_session_attrs": "standby"},
          {"host": "a", "port": "1", "target_session_attrs": "any"}]),
    ],
    ids=str,
)  # fmt: skip
def test_each_host_is_tried_in_turn(found, each):
    assert conninfo.attempts(found) == each


def test_a_missing_file_is_named(tmp_path):
    conninfo.check_files({})
    conninfo.check_files({"sslrootcert": "system"})
    (tmp_path / "ca").write_text("")
    conninfo.check_files({"sslrootcert": str(tmp_path / "ca")})
    with pytest.raises(ConnectionFailure) as caught:
        conninfo.check_files({"sslrootcert": "/none"})
    assert caught.value.failure == Failure(
        FailureKind.CONFIG, "/none: there is no such file", key="sslrootcert"
    )


# -- the state of a session --------------------------------------------------------------------


class Session:
    """A session that answers what is asked from a script, and notes it."""

    def __init__(self, *answers, **facts):
        self.answers, self.asked = list(answers), []
        self.is_busy = self.is_pooled = False
        self.captured, self.unmet = {}, ()
        self.__dict__.update(facts)

    def ask(self, _deadline, statement, *values):
        self.asked.append((" ".join(statement.split())[:40], *values))
        answer = self.answers.pop(0)
        if isinstance(answer, ServerError):
            raise answer
        return answer


NOTHING = dict.fromkeys(
    ("role", "settings", "channels", "prepared", "temporary", "locks", "cursors")
)
BASE = {**NOTHING, "database": "d", "user": "u"}


@together(
    "more, state",
    [
        ({}, {}),
        ({"role": "none", "locks": 0, "settings": [], "channels": []}, {}),
        ({"role": "r", "locks": 2, "channels": ["a"], "temporary": ["t"], "cursors": ["c"]},
         {"role": "r", "advisory_locks": 2, "channels": ["a"], "temporary": ["t"],
          "cursors": ["c"]}),
        ({"settings": [["work_mem", "4MB"], ["role", "x"], ["transaction_read_only", "on"],
                       ["app.url", "postgres://u:Tr0ub4dor9x@h/d"]]},
         {"settings": {"work_mem": "4MB"}, "withheld": ["setting app.url"]}),
        ({"prepared": [["_pg3_0", "SELECT 1", False, None], ["_pg3_1", "PREPARE x", True, None],
                       ['a"b', "SELECT $1", False, ["integer", "text"]],
                       ["c", "SELECT 1", False, None],
                       ["s", "SELECT 'postgres://u:Tr0ub4dor9x@h/d'", False, None]]},
         {"prepared": [{"name": "_pg3_1", "statement": "PREPARE x"},
                       {"name": 'a"b', "statement": 'PREPARE "a""b" (integer, text) AS SELECT $1'},
                       {"name": "c", "statement": 'PREPARE "c" AS SELECT 1'}],
          "withheld": ["prepared statement s"]}),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_what_is_captured(more, state):
    session = Session([(json.dumps({**BASE, **more}),)])
    assert capture(session, soon()) == {"database": "d", "user": "u", **state}
    session.is_busy = True
    assert capture(session, soon()) == {
        "database": "d", "user": "u", **state, "in_transaction": True,
    }  # fmt: skip
    assert len(session.asked) == 1


def test_what_is_captured_of_what_only_speaks_the_protocol():
    session = Session(ServerError("42P01", "x"), [("d", "u", None)])
    assert capture(session, soon()) == {
        "database": "d", "user": "u", "settings": {"search_path": ""},
    }  # fmt: skip
    assert capture(Session([(None,)], is_pooled=True), soon()) == {"database": "", "pooled": True}
    pooled = Session([("d",)], is_pooled=True)
    assert capture(pooled, soon()) == {"database": "d", "pooled": True}
    assert pooled.asked == [("SELECT pg_catalog.current_database()",)]


STATE = {
    "database": "d", "user": "u", "settings": {"work_mem": "4MB", "app.a": "x", "bad": "y"},
    "prepared": [{"name": "p", "statement": "PREPARE p"}, {"name": "q", "statement": "PREPARE q"}],
    "channels": ['a"b', *"cdefg"], "role": "r", "withheld": ["setting s"], "temporary": ["t"],
    "cursors": ["c"], "advisory_locks": 2, "in_transaction": True,
}  # fmt: skip
LOST = (
    "the open transaction: whether its last statement was carried out is unknown",
    "temporary tables: t", "cursors: c", "advisory locks: 2",
)  # fmt: skip
SET = "SELECT pg_catalog.set_config($1, $2, fals"


def test_what_comes_back():
    refused = ServerError("42501", "x")
    session = Session(
        [("d",)], [("v",)], [("4096kB",)], [("x",)], refused, [], refused, *[[]] * 5, refused,
        [("r",)], unmet=("pooled?",),
    )  # fmt: skip
    found = resume(session, STATE, soon())
    assert found.restored == (
        "database: d", "work_mem: 4096kB", "setting app.a", "prepared statement p",
        'LISTEN a"b', "LISTEN c", "LISTEN d", "LISTEN e", "LISTEN f", "role: r",
    )  # fmt: skip
    assert found.lost == (
        *LOST, "prepared statement q: refused (42501)", "LISTEN g: refused (42501)",
        'notifications that were sent meanwhile: a"b, c, d, e, f and 1 more',
    )  # fmt: skip
    assert found.needs_user == (
        "pooled?", "session user: u, now v", "bad: refused (42501)", "setting s: set it again",
    )  # fmt: skip
    assert session.asked == [
        ("SELECT pg_catalog.current_database()",), ("SELECT session_user",),
        (SET[:40], "work_mem", "4MB"), (SET[:40], "app.a", "x"), (SET[:40], "bad", "y"),
        ("PREPARE p",), ("PREPARE q",), ('LISTEN "a""b"',),
        *((f'LISTEN "{name}"',) for name in "cdefg"), (SET[:40], "role", "r"),
    ]  # fmt: skip


def test_of_a_pooled_session_nothing_comes_back_and_of_none_nothing_is_asked():
    found = resume(Session([("e",)], is_pooled=True), STATE, soon())
    shared = "the pooler shares sessions among its clients"
    gone = ("work_mem", "app.a", "bad", "role", 'LISTEN a"b', *(f"LISTEN {n}" for n in "cdefg"),
            "prepared statement p", "prepared statement q")  # fmt: skip
    assert found == ((), (*LOST, *(f"{one}: {shared}" for one in gone)), ("database: d, now e",))
    assert resume(Session(), {}, soon()) == ((), (), ())
    assert wanted_of_pooled({"role": "r", "search_path": [], "host": "h"}) == tuple(
        f"{key}: not set, for {shared}; set it for the user at the server"
        for key in ("search_path", "role")
    )
    assert wanted_of_pooled({}) == ()


def test_without_psycopg_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConnectionFailure) as caught:
        PostgresAdapter().open(request({}), soon(), lambda _step: pytest.fail("it begins"))
    assert caught.value.failure == Failure(
        FailureKind.CONFIG, "the driver postgres needs psycopg",
        (f"install it: {install_command('postgres')}",), key="driver",
    )  # fmt: skip


class Asked:
    """A server that answers, or refuses, from a list."""

    def __init__(self, *answers, host="db", busy=False, known=None):
        self.answers, self.is_busy, self.identity, self.version = list(answers), busy, known, "16.1"
        self.connection = SimpleNamespace(info=SimpleNamespace(host=host))

    def ask(self, _deadline, _statement):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return [answer]


ABOUT = ("shop", "16384", "1700.5", "true")
KNOWN = PeerIdentity("k", "t")


@together(
    "server, peer",
    [
        (Asked(ABOUT, ("7301",)),
         PeerIdentity("system 7301", "PostgreSQL 16.1 on db", "16.1", "1700.5")),
        # Where it cannot be read, the database stands for it.
        (Asked(ABOUT, ServerError("no", "42501")),
         PeerIdentity("database shop 16384", "PostgreSQL 16.1 on db", "16.1", "1700.5")),
        (Asked((*ABOUT[:2], None, "false"), host=""),
         PeerIdentity("database shop 16384", "PostgreSQL 16.1 on this machine", "16.1", "")),
        (Asked(busy=True, known=KNOWN), KNOWN),
        (Asked(ABOUT, ("1",), known=KNOWN),
         PeerIdentity("system 1", "PostgreSQL 16.1 on db", "16.1", "1700.5")),
        (Asked(ABOUT, ("1",), busy=True),
         PeerIdentity("system 1", "PostgreSQL 16.1 on db", "16.1", "1700.5")),
    ],
    ids=str,
)  # fmt: skip
def test_a_server_is_its_system_or_its_database(server, peer):
    assert PostgresAdapter().identity(server, soon()) == peer
    assert server.identity == peer
    assert server.answers == []
