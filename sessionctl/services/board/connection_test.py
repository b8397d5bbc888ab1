"""Connection test: one connection opened once, step by step, and closed again."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.keeping.dialling import opened_within
from sessionctl.errors import SessionctlError
from sessionctl.services.connections.failure_advice import kind_of, options_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sessionctl.connections.keeping.dialling import DialStep
    from sessionctl.services.connections.session_connections import SessionConnections


class ConnectionVerdict(NamedTuple):
    """What became of a test: the server that answered, or what failed, with its place.

    ``remarks`` are what came back, was lost or is for the user to do.
    """

    name: str
    is_ready: bool
    server: str = ""
    failure: str = ""
    excerpt: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def run_connection_test(
    connections: SessionConnections, name: str, watch: Callable[[DialStep], None]
) -> ConnectionVerdict:
    """Open the connection ``name`` once and close it; ``watch`` is called after each step.

    Nothing is remembered. What fails is in the outcome, not raised.
    """
    try:
        target = connections.target(name)
        opened = opened_within(target, Deadline(target.timeout_s), watch)
    except ConnectionFailure as error:
        return _failed(connections, name, error.failure)
    except SessionctlError as error:
        return ConnectionVerdict(name, is_ready=False, failure=error.message, hints=error.hints)
    try:
        remarks: list[str] = []
        if opened.report is not None:
            for word, items in (
                ("would be restored", opened.report.restored),
                ("lost", opened.report.lost),
                ("for you to do", opened.report.needs_user),
            ):
                remarks += [f"{word}: {item}" for item in items]
        if opened.strangers is not None:
            before, now = opened.strangers
            remarks.append(f"another server answers than before: {now} instead of {before}")
        return ConnectionVerdict(
            name, is_ready=True, server=opened.peer.text, remarks=tuple(remarks)
        )
    finally:
        target.adapter.close(opened.handle)


def _failed(connections: SessionConnections, name: str, failure: Failure) -> ConnectionVerdict:
    place = connections.place(name, failure.key)
    where = f"{connections.file}:{place.line}:{place.column}: {place.key_path}"
    excerpt = connections.excerpt(place) if failure.key else []
    sides = (("found", failure.found), ("wanted", failure.wanted))
    known = ", ".join(f"{word} {side}" for word, side in sides if side)
    if known and failure.kind is not FailureKind.CONFIG:
        excerpt.append(known)
    return ConnectionVerdict(
        name,
        is_ready=False,
        failure=f"{where}: {kind_of(failure)}: {failure.message}",
        excerpt=tuple(excerpt),
        hints=tuple(options_after(connections, name, failure)),
    )
