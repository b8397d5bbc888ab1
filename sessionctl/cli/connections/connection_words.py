"""Connection words: states, steps, failures and reports of connections, for people and JSON."""

from __future__ import annotations

from sessionctl.core.text.shellwords import last_words, path_word
from sessionctl.core.text.source import visible
from sessionctl.services.connections.failure_advice import kind_of, options_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.connections.connection_adapter import Failure, ResumeReport
    from sessionctl.connections.keeping.dialling import DialStep, OpenedConnection
    from sessionctl.services.connections.session_connections import SessionConnections


def print_failure(
    console: Console, connections: SessionConnections, name: str, failure: Failure
) -> None:
    """Say why a connection failed, at the key that is at fault, and what can be done."""
    place = connections.place(name, failure.key)
    where = f"{visible(connections.file)}:{place.line}:{place.column}: "
    console.error(
        f"{where}{place.key_path}: {kind_of(failure)}: {visible(failure.message)}",
    )
    if failure.key:
        for line in connections.excerpt(place):
            console.aside(line)
    if failure.found or failure.wanted:
        console.aside(f"  found {visible(failure.found)}, wanted {visible(failure.wanted)}")
    for hint in options_after(connections, name, failure):
        console.hint(hint)


def failure_data(connections: SessionConnections, name: str, failure: Failure) -> dict[str, object]:
    """Return a failure for ``--json``."""
    place = connections.place(name, failure.key)
    return {
        "kind": kind_of(failure),
        "message": failure.message,
        "key": str(place.key_path),
        "line": place.line,
        "column": place.column,
        "found": failure.found or None,
        "wanted": failure.wanted or None,
        "retry_after_s": failure.retry_after_s,
        "hints": options_after(connections, name, failure),
    }


def print_opened(console: Console, name: str, opened: OpenedConnection) -> None:
    """Say what is open, what came back and what was lost."""
    total = sum(step.seconds for step in opened.steps)
    console.out(f"{visible(name)}: ready: {visible(opened.peer.text)} ({milliseconds(total)})")
    if opened.report is not None:
        print_report(console, opened.report)


def print_stranger(
    console: Console, connections: SessionConnections, name: str, opened: OpenedConnection
) -> None:
    """Say that another server answers than the one the state is of."""
    if opened.strangers is None:
        return
    before, now = opened.strangers
    file, word = path_word(connections.file), last_words(name)
    console.warn(
        f"{visible(name)}: another server answers than before, so its state was not applied: "
        f"{visible(now)} instead of {visible(before)}",
        hints=[
            f"if it is right: sessionctl connect --once --new-server {file} {word}",
            f"or forget the state: sessionctl connections forget {file} {word}",
        ],
    )


def print_report(console: Console, report: ResumeReport) -> None:
    """Say what came back, what is lost, what only the user can do."""
    for word, role, items in (
        ("restored", "added", report.restored),
        ("lost", "removed", report.lost),
        ("for you to do", "changed", report.needs_user),
    ):
        for item in items:
            console.out(f"  {console.style(f'{word}:', role)} {visible(item)}")


def opened_data(opened: OpenedConnection) -> dict[str, object]:
    """Return what is open for ``--json``."""
    return {
        "server": opened.peer.text,
        "version": opened.peer.version or None,
        "steps": steps_data(opened.steps),
        "report": report_data(opened.report),
        "another_server": None
        if opened.strangers is None
        else {"before": opened.strangers[0], "now": opened.strangers[1]},
    }


def report_data(report: ResumeReport | None) -> dict[str, object] | None:
    """Return a report for ``--json``; None where nothing was remembered."""
    if report is None:
        return None
    return {
        "restored": list(report.restored),
        "lost": list(report.lost),
        "needs_user": list(report.needs_user),
    }


def steps_data(steps: Sequence[DialStep]) -> list[dict[str, object]]:
    """Return the steps of an attempt for ``--json``."""
    return [
        {
            "step": one.step.value,
            "ok": one.failure is None,
            "seconds": round(one.seconds, 4),
        }
        for one in steps
    ]


def milliseconds(seconds: float) -> str:
    """Return a short time in words: "12 ms", "3.1 s"."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
