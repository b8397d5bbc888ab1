"""Statements of ours on an open PostgreSQL connection, by its states: without a server."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

pytest.importorskip("psycopg", reason="the module psycopg is not installed")

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import Deadline, DeadlineError
from sessionctl.connections.postgres.postgres_failure import ServerError
from sessionctl.connections.postgres.postgres_handle import PostgresHandle

DEADLINE = Deadline(3600)
CLOSED = Failure(FailureKind.TRANSIENT, "the connection is closed")


class Link:
    """The connection, libpq below it and the guard beside it, in one; it notes what is asked."""

    def __init__(self):
        self.lock, self.pgconn, self.asked = threading.Lock(), self, []
        self.status, self.transaction_status = ConnStatus.OK, TransactionStatus.IDLE
        self.pipeline_status = PipelineStatus.OFF
        self.notify_handler, self.waiting, self.result = None, [], None
        self.handle = PostgresHandle(self, SimpleNamespace(
            until=self.until, cut=lambda: self.asked.append("cut"),
            close=lambda: self.asked.append("guard closed")))  # fmt: skip

    @contextmanager
    def until(self, deadline):
        self.asked.append("until")
        yield

    def exec_params(self, statement, values):
        assert self.lock.locked()
        self.asked.append((statement, values))
        return self.result

    def notifies(self):
        return self.waiting.pop(0) if self.waiting else None

    def consume_input(self):
        self.asked.append("consume")

    def close(self):
        self.asked.append("closed")


@pytest.fixture
def link():
    return Link()


def answer(rows, status=ExecStatus.TUPLES_OK, **fields):
    return SimpleNamespace(
        status=status, ntuples=len(rows), nfields=len(rows[0]) if rows else 0,
        get_value=lambda row, column: rows[row][column],
        error_field=lambda kind: fields.get(kind.name),
    )  # fmt: skip


def failure_of(function, *arguments):
    with pytest.raises(ConnectionFailure) as raised:
        function(*arguments)
    return raised.value.failure


def test_rows_are_texts_and_notifications_are_the_user_s(link):
    heard = []
    link.notify_handler, link.waiting = heard.append, ["one", "two"]
    link.result = answer([(b"a", None), (b"\xff", b"2")])
    assert link.handle.ask(DEADLINE, "SELECT $1", "v") == [("a", None), ("\ufffd", "2")]
    assert (link.asked, heard) == (["until", (b"SELECT $1", [b"v"])], ["one", "two"])
    assert not link.lock.locked()
    link.notify_handler, link.waiting = None, ["three"]
    for status in (ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY):
        link.result = answer([], status)
        assert link.handle.ask(DEADLINE, "SET x") == []
    assert (heard, link.waiting) == (["one", "two"], ["three"])


def test_what_the_server_refuses_or_no_longer_answers(link):
    link.result = answer([], ExecStatus.FATAL_ERROR, SQLSTATE=b"42501", MESSAGE_PRIMARY=b"no")
    with pytest.raises(ServerError) as raised:
        link.handle.ask(DEADLINE, "SELECT 1")
    assert str(raised.value) == str(ServerError("42501", "no"))
    link.result = answer([], ExecStatus.FATAL_ERROR)
    with pytest.raises(psycopg.OperationalError, match=r"\Athe server closed the connection\Z"):
        link.handle.ask(DEADLINE, "SELECT 1")
    link.status = ConnStatus.BAD
    assert failure_of(link.handle._refuse, link.result) == CLOSED
    link.asked.clear()
    assert failure_of(link.handle.ask, DEADLINE, "SELECT 1") == CLOSED
    assert link.asked == ["until"]  # nothing is sent
    assert not link.lock.locked()


def test_a_statement_of_the_user_is_not_waited_for(link):
    words = r"\Aa statement of the user is running\Z"
    with link.lock:
        with pytest.raises(DeadlineError, match=words):
            link.handle.ask(Deadline(0.01), "SELECT 1")
        link.handle.listen()
    assert "consume" not in link.asked
    link.transaction_status = TransactionStatus.ACTIVE
    link.handle.listen()
    assert "consume" not in link.asked
    link.transaction_status = TransactionStatus.INTRANS
    link.handle.listen()
    assert link.asked[-1] == "consume"
    link.status = ConnStatus.BAD
    assert failure_of(link.handle.listen) == CLOSED
    assert not link.lock.locked()


def test_busy_is_whoever_is_in_the_middle_of_something(link):
    for transaction, pipeline, is_busy in (
        (TransactionStatus.IDLE, PipelineStatus.OFF, False),
        (TransactionStatus.INTRANS, PipelineStatus.OFF, True),
        (TransactionStatus.ACTIVE, PipelineStatus.OFF, True),
        (TransactionStatus.IDLE, PipelineStatus.ON, True),
    ):
        link.transaction_status, link.pipeline_status = transaction, pipeline
        assert link.handle.is_busy is is_busy


def test_the_end_closes_what_no_call_is_in(link):
    link.handle.close()
    assert link.asked == ["closed", "guard closed"]
    assert not link.lock.locked()
    for said, version in ((b"16.2 (Debian)", "16.2"), (b"", ""), (None, "")):
        link.parameter_status = {b"server_version": said}.get
        assert link.handle.version == version
