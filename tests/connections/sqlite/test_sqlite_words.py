"""All that is said of a database: why it does not open, how it is, who it is, what comes back."""

from __future__ import annotations

import os
import sqlite3

import pytest

from sessionctl.connections import ConnectionFailure, ConnectionRequest, Failure, FailureKind
from sessionctl.connections.connection_adapter import Health, PeerIdentity
from sessionctl.connections.sqlite.database_state import pragma_word, quoted_name, set_pragma
from sessionctl.connections.sqlite.sqlite_adapter import SqliteAdapter
from tests.connections.adapter_calls import soon
from tests.together import together

ADAPTER = SqliteAdapter()


def opened(folder, **settings):
    table = {"file": "a.db", **settings}
    request = ConnectionRequest("c", table, {}, str(folder), str(folder / "home"), {}, "/x")
    return ADAPTER.open(request, soon(), lambda _: None)


@pytest.fixture
def folder(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA application_id = 77")
    connection.close()
    (tmp_path / "b.db").write_bytes((tmp_path / "a.db").read_bytes())
    (tmp_path / "home").mkdir()
    return tmp_path


CREATE = "name the right file, or create it: create = true"


@together(
    "settings, message, hints, key",
    [
        ({"file": "none.db"}, "none.db: there is no such file", (CREATE,), "file"),
        ({"file": "none.db", "create": True, "readonly": True}, "none.db: there is no such file",
         (CREATE,), "file"),
        ({"file": "no/c.db", "create": True}, "FOLDER/no: there is no such directory", (), "file"),
        ({"file": "home"}, "home: it is a directory", (), "file"),
        ({"file": "~"}, "~: it is a directory", (), "file"),
        ({"attach": {"b": "none.db"}}, "none.db: there is no such file", (), "attach.b"),
        ({"pragmas": {"foreign_keys": 7}},
         "SQLite does not take the value of the pragma foreign_keys", (), "pragmas.foreign_keys"),
    ],
    ids=str,
)  # fmt: skip
def test_why_a_database_does_not_open(folder, settings, message, hints, key):
    with pytest.raises(ConnectionFailure) as caught:
        opened(folder, **settings)
    assert caught.value.failure == Failure(
        FailureKind.CONFIG, message.replace("FOLDER", str(folder)), hints, key=key
    )


def test_a_file_of_another_kind_is_named_with_what_is_wrong(folder):
    (folder / "c.db").write_bytes(b"x" * 200)
    with pytest.raises(ConnectionFailure) as caught:
        opened(folder, file="c.db")
    assert caught.value.failure == Failure(
        FailureKind.INCOMPATIBLE, "c.db: it is not an SQLite database, or it is encrypted",
        ("name another file with the key 'file'",),
        found="another kind of file", wanted=caught.value.failure.wanted, key="file",
    )  # fmt: skip


def test_how_a_database_may_be_used(folder):
    handle = opened(folder, readonly=True, attach={"b": "b.db"})
    for statement in ("INSERT INTO t VALUES (1)", "INSERT INTO b.t VALUES (1)"):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            handle.connection.execute(statement)
    ADAPTER.close(handle)
    made = opened(folder, file="~/new.db", create=True)
    made.connection.execute("CREATE TABLE u (x)")
    assert made.connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    ADAPTER.close(made)
    ADAPTER.close(made)
    assert (folder / "home" / "new.db").stat().st_size > 0
    handle = opened(
        folder, attach={'o"b': "~/new.db"}, pragmas={"cache_size": -5, "user_version": 3}
    )
    handle.connection.execute('INSERT INTO "o""b".u VALUES (1)')
    assert handle.connection.execute("PRAGMA cache_size").fetchone() == (-5,)
    ADAPTER.close(handle)


def test_a_probe_looks_at_the_file_and_leaves_a_transaction_alone(folder):
    handle = opened(folder)
    file = folder / "a.db"
    handle.connection.execute("PRAGMA busy_timeout = 1234")
    health = ADAPTER.probe(handle, soon())
    assert (health.is_skipped, health.missed, 0 < health.latency_s < 20) == (False, (), True)
    assert handle.connection.execute("PRAGMA busy_timeout").fetchone() == (1234,)
    handle.connection.execute("BEGIN")
    assert ADAPTER.probe(handle, soon()) == Health(is_skipped=True)
    handle.connection.execute("ROLLBACK")
    os.replace(folder / "b.db", file)
    for words in ("is another one now", "is gone"):
        with pytest.raises(ConnectionFailure) as caught:
            ADAPTER.probe(handle, soon())
        assert caught.value.failure == Failure(
            FailureKind.TRANSIENT, f"{file}: the file {words}", key="file"
        )
        file.unlink(missing_ok=True)
    ADAPTER.close(handle)


def test_a_database_is_its_path_and_whose_it_says_to_be(folder):
    (folder / "link.db").symlink_to("a.db")
    handle = opened(folder, file="link.db")
    found = ADAPTER.identity(handle, soon())
    ADAPTER.close(handle)
    assert found == PeerIdentity(
        f"{folder}/a.db#77", f"SQLite {sqlite3.sqlite_version}, {folder}/link.db",
        sqlite3.sqlite_version, str((folder / "a.db").stat().st_ino),
    )  # fmt: skip
    made = opened(folder, file="new.db", create=True)
    assert ADAPTER.identity(made, soon()).key == f"{folder}/new.db#0"
    ADAPTER.close(made)


def error_of(code, text="no", kind=sqlite3.OperationalError):
    error = kind(text)
    error.sqlite_errorcode = code
    return error


@together(
    "error, kind, message, key",
    [
        (error_of(5), "busy", "no", ""), (error_of(261), "busy", "no", ""),
        (error_of(6), "busy", "no", ""), (error_of(9), "transient", "no", ""),
        (error_of(10), "transient", "no", ""), (error_of(13), "transient", "no", ""),
        (error_of(3), "config", "no", "file"), (error_of(8), "config", "no", "file"),
        (error_of(14), "config", "no", "file"), (error_of(1), "permanent", "no", ""),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), "transient",
         "Cannot operate on a closed database.", ""),
        (sqlite3.ProgrammingError("odd"), "permanent", "odd", ""),
        (TimeoutError(), "busy", "the database did not answer in time", ""),
        (PermissionError(13, "Permission denied", "/a.db"), "config", "/a.db: permission denied",
         "file"),
        (PermissionError(13, "Permission denied", b"/a.db"), "config", "/a.db: permission denied",
         "file"),
        (OSError(5, "Input/output error"), "config", "input/output error", "file"),
        (OSError("x"), "config", "oserror", "file"),
        (MemoryError(), "transient", "it was closed while a statement ran", ""),
        (KeyError("x"), "permanent", "KeyError: 'x'", ""),
    ],
    ids=repr,
)  # fmt: skip
def test_what_an_error_means(error, kind, message, key):
    assert ADAPTER.classify(error) == Failure(FailureKind(kind), message, key=key)


def test_a_failure_stays_and_a_foreign_file_says_what_it_is():
    known = Failure(FailureKind.AUTH, "x")
    assert ADAPTER.classify(ConnectionFailure(known)) is known
    assert ADAPTER.classify(error_of(26, kind=sqlite3.DatabaseError)) == Failure(
        FailureKind.INCOMPATIBLE, "no",
        found="another kind of file", wanted="SQLite 3", key="file",
    )  # fmt: skip


def test_what_was_changed_is_captured_and_comes_back(folder):
    handle = opened(folder, attach={"b": "b.db"}, pragmas={"cache_size": -7})
    assert ADAPTER.capture(handle, soon()) == {}
    new = folder / "new.db"
    for statement in (
        f"ATTACH DATABASE '{new}' AS c", "CREATE TABLE c.v (x)", "PRAGMA cache_size = -9",
        "PRAGMA foreign_keys = 1", "CREATE TEMP TABLE scratch (x)", "CREATE TEMP TABLE also (x)",
        "BEGIN",
    ):  # fmt: skip
        handle.connection.execute(statement)
    handle.connection.create_function("mine", 1, abs)
    state = ADAPTER.capture(handle, soon())
    ADAPTER.close(handle)
    assert state == {
        "pragmas": {"cache_size": -9, "foreign_keys": 1}, "attached": {"c": str(new)},
        "functions": ["mine"], "temporary": ["also", "scratch"], "in_transaction": True,
    }  # fmt: skip
    lost = (
        "function mine", "temporary table also", "temporary table scratch",
        "the open transaction: what was not committed is rolled back",
    )  # fmt: skip
    again = opened(folder, attach={"b": "b.db"})
    both = {**state, "attached": {"b": str(folder / "b.db"), **state["attached"], "d": "/none",
                                  "main": str(new)}}  # fmt: skip
    assert ADAPTER.resume(again, both, soon()) == (
        ("attached database c", "pragma cache_size", "pragma foreign_keys"), lost,
        ("attached database d: its file is not there: /none",
         "attached database main: database main is already in use"),
    )  # fmt: skip
    assert again.connection.execute("PRAGMA cache_size").fetchone() == (-9,)
    assert again.connection.execute("SELECT count(*) FROM c.v").fetchone() == (0,)
    odd = {"pragmas": {"foreign_keys": 7, "bad name": 1}, "attached": 5, "functions": "x"}
    assert ADAPTER.resume(again, odd, soon()) == (
        ("pragma bad name",), ("pragma foreign_keys",), (),
    )  # fmt: skip
    ADAPTER.close(again)


def test_words_of_statements_are_quoted():
    for value, word in (
        (True, "1"), (False, "0"), (-5, "-5"), ("7", "7"), ("-", "'-'"), ("a'b", "'a''b'"),
        ("", "''"), ("\u0667", "'\u0667'"), (1.5, "'1.5'"), ("5; DROP", "'5; DROP'"),
    ):  # fmt: skip
        assert pragma_word(value) == word
    assert quoted_name('a"b') == '"a""b"'


@together(
    "name, value, is_taken",
    [
        ("recursive_triggers", True, True), ("recursive_triggers", 2, False),
        ("foreign_keys", True, False), ("user_version", 7, True),
        ("user_version", 1 << 40, False), ("no_such_pragma", 5, True), ("cache_size", "-300", True),
        ("journal_mode", "wal", True), ("synchronous", 1, False),
    ],
)  # fmt: skip
def test_a_pragma_takes_its_value_or_does_not(name, value, is_taken):
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")  # in a transaction some stay as they are
    assert set_pragma(connection, name, value) is is_taken
    connection.close()
    assert set_pragma(connection, name, value) is False
