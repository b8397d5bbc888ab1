"""SQLite: what is opened, what comes back, what is lost, and how failures are told apart."""

from __future__ import annotations

import os
import sqlite3
import threading
import time

import pytest

from sessionctl.connections import (
    ConnectionFailure,
    ConnectionRequest,
    Deadline,
    FailureKind,
    OpenStep,
)
from sessionctl.connections.sqlite.sqlite_adapter import SqliteAdapter

ADAPTER = SqliteAdapter()


def request(folder, accepts_any_version=False, **settings):
    settings = {"driver": "sqlite", "file": "a.db", **settings}
    return ConnectionRequest(
        "db", settings, {}, str(folder), str(folder), {}, "", accepts_any_version
    )


def opened(folder, seconds=5, **settings):
    steps = []
    handle = ADAPTER.open(request(folder, **settings), Deadline(seconds), steps.append)
    return handle, steps


def failure(folder, **settings):
    with pytest.raises(Exception) as caught:
        opened(folder, **settings)
    return ADAPTER.classify(caught.value)


def database(path, *statements):
    connection = sqlite3.connect(path)
    for statement in ("CREATE TABLE t (x)", *statements):
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.fixture
def folder(tmp_path):
    database(tmp_path / "a.db")
    return tmp_path


def test_a_database_is_opened_in_steps_asked_and_closed(folder):
    handle, steps = opened(folder)
    assert steps == [OpenStep.RESOLVE, OpenStep.CONNECT, OpenStep.VALIDATE]
    assert ADAPTER.probe(handle, Deadline(2)).latency_s < 1
    assert ADAPTER.identity(handle, Deadline(2)).key.endswith("a.db#0")
    ADAPTER.close(handle)
    ADAPTER.close(handle)
    with pytest.raises(sqlite3.Error) as caught:
        ADAPTER.probe(handle, Deadline(2))
    assert ADAPTER.classify(caught.value).kind is FailureKind.TRANSIENT


def test_attachments_and_pragmas_come_back_and_the_rest_is_listed(folder):
    database(folder / "logs?#.db")
    handle, _ = opened(folder, attach={"own": "logs?#.db"}, pragmas={"foreign_keys": True})
    assert ADAPTER.capture(handle, Deadline(2)) == {}
    run = handle.connection.execute
    run("ATTACH ? AS extra", (str(folder / "logs?#.db"),))
    run("PRAGMA foreign_keys = 0")
    run("PRAGMA cache_size = 77")
    run("CREATE TEMP TABLE scratch (x)")
    handle.connection.create_function("twice", 1, lambda x: 2 * x)
    run("BEGIN")
    run("INSERT INTO t VALUES (1)")
    state = ADAPTER.capture(handle, Deadline(2))
    assert ADAPTER.probe(handle, Deadline(2)).is_skipped
    ADAPTER.close(handle)

    handle, _ = opened(folder, attach={"own": "logs?#.db"}, pragmas={"foreign_keys": True})
    report = ADAPTER.resume(handle, state, Deadline(2))
    assert report.restored == (
        "attached database extra",
        "pragma cache_size",
        "pragma foreign_keys",
    )
    assert report.lost == (
        "function twice",
        "temporary table scratch",
        "the open transaction: what was not committed is rolled back",
    )
    run = handle.connection.execute
    assert run("PRAGMA cache_size").fetchone() == (77,)
    assert run("PRAGMA foreign_keys").fetchone() == (0,)
    assert run("SELECT count(*) FROM extra.t").fetchone() == (0,)
    assert run("SELECT count(*) FROM t").fetchone() == (0,)
    ADAPTER.close(handle)


def test_an_attached_file_that_is_gone_is_for_the_user(folder):
    handle, _ = opened(folder)
    state = {"attached": {"extra": str(folder / "gone.db")}}
    report = ADAPTER.resume(handle, state, Deadline(2))
    assert report.needs_user[0].startswith("attached database extra: its file is not there")
    assert not (folder / "gone.db").exists()
    ADAPTER.close(handle)


@pytest.mark.parametrize(
    ("settings", "kind", "key", "says"),
    [
        ({"file": "none.db"}, FailureKind.CONFIG, "file", "there is no such file"),
        ({"file": "none/x.db", "create": True}, FailureKind.CONFIG, "file", "no such directory"),
        ({"file": "."}, FailureKind.CONFIG, "file", "it is a directory"),
        ({"attach": {"x": "none.db"}}, FailureKind.CONFIG, "attach.x", "there is no such file"),
        ({"file": "text.db"}, FailureKind.INCOMPATIBLE, "file", "not an SQLite database"),
        ({"file": "two.db"}, FailureKind.INCOMPATIBLE, "file", "SQLite 2"),
        ({"file": "new.db"}, FailureKind.INCOMPATIBLE, "file", "format 9 of SQLite"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_key(folder, settings, kind, key, says):
    (folder / "text.db").write_text("what stands here is no database\n" * 9)
    (folder / "two.db").write_bytes(
        b"** This file contains an SQLite 2.1 database **\0" + b"x" * 99
    )
    head = bytearray((folder / "a.db").read_bytes())
    head[18] = 9
    (folder / "new.db").write_bytes(head)
    found = failure(folder, **settings)
    assert (found.kind, found.key) == (kind, key)
    assert says in found.message
    if kind is FailureKind.INCOMPATIBLE:
        assert found.found and found.wanted
        assert opened(folder, **settings, readonly=True) if settings["file"] == "new.db" else True


def test_a_file_is_made_where_that_is_wanted_and_never_else(folder):
    handle, _ = opened(folder, file="new.db", create=True)
    handle.connection.execute("CREATE TABLE t (x)")
    ADAPTER.close(handle)
    assert (folder / "new.db").stat().st_size > 0
    assert failure(folder, file="~/other.db").kind is FailureKind.CONFIG
    assert not (folder / "other.db").exists()


def test_what_is_opened_to_read_cannot_be_written(folder):
    handle, _ = opened(folder, readonly=True)
    with pytest.raises(sqlite3.OperationalError) as caught:
        handle.connection.execute("INSERT INTO t VALUES (1)")
    assert ADAPTER.classify(caught.value).kind is FailureKind.CONFIG
    ADAPTER.close(handle)


def test_a_locked_database_is_busy_within_the_deadline(folder):
    handle, _ = opened(folder)
    other = sqlite3.connect(folder / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with pytest.raises(sqlite3.OperationalError) as caught:
        ADAPTER.probe(handle, Deadline(0.3))
    assert time.monotonic() - began < 10
    assert ADAPTER.classify(caught.value).kind is FailureKind.BUSY
    assert failure(folder, seconds=0.3).kind is FailureKind.BUSY
    other.execute("ROLLBACK")
    assert ADAPTER.probe(handle, Deadline(2))
    assert handle.connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    other.close()
    ADAPTER.close(handle)


def test_a_file_that_was_replaced_is_another_one(folder):
    handle, _ = opened(folder)
    database(folder / "b.db")
    os.replace(folder / "b.db", folder / "a.db")
    with pytest.raises(ConnectionFailure) as caught:
        ADAPTER.probe(handle, Deadline(2))
    assert caught.value.failure.kind is FailureKind.TRANSIENT
    ADAPTER.close(handle)


def test_closing_ends_a_statement_that_runs(folder):
    handle, _ = opened(folder)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT sum(x) FROM c"
    errors = []

    def run():
        try:
            handle.connection.execute(endless).fetchall()
        except (sqlite3.Error, MemoryError) as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive():
        ADAPTER.close(handle)
        thread.join(0.05)
    assert ADAPTER.classify(errors[0]).kind is FailureKind.TRANSIENT
    ADAPTER.close(handle)


def test_the_program_is_printed_with_attachments_and_pragmas(folder):
    printed = ADAPTER.command(
        request(folder, attach={"o'x": "b.db"}, pragmas={"foreign_keys": True}, readonly=True)
    )
    assert printed.argv == (
        "sqlite3", "-readonly",
        "-cmd", f"ATTACH DATABASE '{folder}/b.db' AS \"o'x\"",
        "-cmd", "PRAGMA foreign_keys = 1",
        f"{folder}/a.db",
    )  # fmt: skip


def test_the_value_of_a_pragma_is_no_statement_where_the_program_is_printed(folder):
    value = "1; SELECT load_extension('./x.so')"
    printed = ADAPTER.command(request(folder, pragmas={"foreign_keys": value}))
    assert printed.argv[2] == "PRAGMA foreign_keys = '1; SELECT load_extension(''./x.so'')'"


def test_its_schema_is_that_of_the_shipped_one():
    schema = ADAPTER.schema()
    assert schema["required"] == ["file"]
    assert {"file", "readonly", "create", "attach", "pragmas"} == set(schema["properties"])
