"""Test run: connections opened once, each step reported with its time."""

from __future__ import annotations

from sessionctl.cli.connections.connection_words import (
    failure_data,
    milliseconds,
    print_failure,
    print_report,
    print_stranger,
    report_data,
    steps_data,
)
from sessionctl.connections.connection_adapter import ConnectionFailure, Failure, FailureKind
from sessionctl.connections.deadline import Deadline
from sessionctl.connections.keeping.dialling import DialStep, opened_within
from sessionctl.core.text.source import visible
from sessionctl.errors import SessionctlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessionctl.cli.output.console import Console
    from sessionctl.services.connections.session_connections import OpenOptions, SessionConnections

_COULD_NOT = 3


def run_tests(
    console: Console,
    connections: SessionConnections,
    names: Sequence[str],
    options: OpenOptions,
    *,
    as_json: bool,
) -> int:
    """Test each connection; return 0 where all are ready, else 3."""
    results = [_test(console, connections, name, options, is_shown=not as_json) for name in names]
    if as_json:
        console.print_json("connections test", file=connections.file, connections=results)
    return 0 if all(result["ready"] for result in results) else _COULD_NOT


def _test(
    console: Console,
    connections: SessionConnections,
    name: str,
    options: OpenOptions,
    *,
    is_shown: bool,
) -> dict[str, object]:
    steps: list[DialStep] = []

    def watch(step: DialStep) -> None:
        steps.append(step)
        if is_shown:
            word, role = ("ok", "added") if step.failure is None else ("failed", "removed")
            text = f"  {step.step.value:<12} {console.style(f'{word:<6}', role)}"
            console.out(f"{text} {milliseconds(step.seconds):>7}")
            console.flush()

    if is_shown:
        console.out(console.style(visible(name), "heading"))
    try:
        target = connections.target(name, options)
        opened = opened_within(target, Deadline(target.timeout_s), watch)
    except (ConnectionFailure, SessionctlError) as error:
        failure = error.failure if isinstance(error, ConnectionFailure) else _own(error)
        if isinstance(error, SessionctlError) and is_shown:
            console.error(error.message, hints=error.hints)  # it names the place
        elif is_shown:
            print_failure(console, connections, name, failure)
        return {
            "name": name,
            "ready": False,
            "steps": steps_data(steps),
            "failure": failure_data(connections, name, failure),
            "server": None,
            "report": None,
        }
    try:
        if is_shown:
            console.out(f"  {console.style('ready', 'added')}: {visible(opened.peer.text)}")
            if opened.report is not None:
                print_report(console, opened.report)
            print_stranger(console, connections, name, opened)
    finally:
        target.adapter.close(opened.handle)
    return {
        "name": name,
        "ready": True,
        "steps": steps_data(steps),
        "failure": None,
        "server": opened.peer.text,
        "report": report_data(opened.report),
    }


def _own(error: SessionctlError) -> Failure:
    return Failure(FailureKind.CONFIG, error.message, error.hints)
