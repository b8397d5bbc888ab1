"""Postgres handle: an open connection, and statements of ours on it that keep a deadline."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, PipelineStatus, TransactionStatus

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import DeadlineError
from sessionctl.connections.postgres.postgres_failure import ServerError
from sessionctl.connections.socket_guard import SocketGuard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sessionctl.connections.connection_adapter import PeerIdentity
    from sessionctl.connections.deadline import Deadline
    from sessionctl.core.values import Table

_ANSWERS = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY)
_CLOSING_S = 5.0


@dataclass(slots=True)
class PostgresHandle:
    """An open connection: ``connection`` is the user's, a connection of psycopg.

    ``is_pooled`` is true behind a pooler that gives each transaction another session: there,
    nothing that belongs to a session may be asked for or promised. ``unmet`` are sentences on
    what the session file wanted and the connection does not have, ``captured`` is the last state.
    """

    connection: psycopg.Connection[Any]
    guard: SocketGuard
    is_pooled: bool = False
    unmet: tuple[str, ...] = ()
    captured: Table = field(default_factory=dict)
    identity: PeerIdentity | None = None

    @property
    def version(self) -> str:
        """The version of the server, as it names it."""
        said = self.connection.pgconn.parameter_status(b"server_version")
        return said.decode("utf-8", "replace").split(" ")[0] if said else ""

    @property
    def is_busy(self) -> bool:
        """Whether the user is in the middle of something: a transaction, a statement."""
        pgconn = self.connection.pgconn
        return bool(
            pgconn.transaction_status != TransactionStatus.IDLE
            or pgconn.pipeline_status != PipelineStatus.OFF
        )

    def ask(self, deadline: Deadline, statement: str, *values: str) -> list[tuple[str | None, ...]]:
        """Return the rows of a statement, as texts; no transaction is begun for it.

        Raises:
          ServerError: the server refuses it.
          DeadlineError: no answer came in time; the connection is cut.
          psycopg.Error: the connection is gone.
        """
        with self.guard.until(deadline), self._turn(deadline):
            pgconn = self.connection.pgconn
            result = pgconn.exec_params(statement.encode(), [value.encode() for value in values])
            # A notification that came with the answer is the user's.
            while pgconn.notify_handler and (notification := pgconn.notifies()):
                pgconn.notify_handler(notification)
            if result.status not in _ANSWERS:
                self._refuse(result)
            return [
                tuple(_text(result.get_value(row, column)) for column in range(result.nfields))
                for row in range(result.ntuples)
            ]

    def listen(self) -> None:
        """Take in what the server said unasked, without saying anything.

        Raises:
          psycopg.Error: it said goodbye.
        """
        if not self.connection.lock.acquire(blocking=False):
            return
        try:
            pgconn = self.connection.pgconn
            if pgconn.transaction_status != TransactionStatus.ACTIVE:
                pgconn.consume_input()
                self._check_standing()
        finally:
            self.connection.lock.release()

    def close(self) -> None:
        """Close the connection; what hangs in it returns first."""
        lock = self.connection.lock
        is_ours = lock.acquire(blocking=False)
        if not is_ours:
            self.guard.cut()
            # libpq's memory must not be freed under a call that is still in it.
            is_ours = lock.acquire(timeout=_CLOSING_S)
        if is_ours:
            try:
                self.connection.close()
            finally:
                lock.release()
        self.guard.close()

    @contextmanager
    def _turn(self, deadline: Deadline) -> Iterator[None]:
        if not self.connection.lock.acquire(timeout=deadline.timeout_s()):
            raise DeadlineError("a statement of the user is running")
        try:
            self._check_standing()
            yield
        finally:
            self.connection.lock.release()

    def _check_standing(self) -> None:
        if self.connection.pgconn.status != ConnStatus.OK:
            raise ConnectionFailure(Failure(FailureKind.TRANSIENT, "the connection is closed"))

    def _refuse(self, result: Any) -> None:
        if (state := result.error_field(DiagnosticField.SQLSTATE)) is None:
            self._check_standing()
            raise psycopg.OperationalError("the server closed the connection")
        message = _text(result.error_field(DiagnosticField.MESSAGE_PRIMARY)) or ""
        raise ServerError(state.decode(), message)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")
