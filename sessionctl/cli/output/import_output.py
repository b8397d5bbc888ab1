"""What an import says: the report line by line, and its answer as data."""

from __future__ import annotations

from sessionctl.cli.output.problem_output import file_data, print_error
from sessionctl.core.text.plural import counted
from sessionctl.core.text.source import visible
from sessionctl.core.values import tables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.cli.output.console import Console
    from sessionctl.core.problem import Problem
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.importing.session_import import FileImport

ERB_HINT = (
    "no Ruby is run; look at it, render it yourself ('erb FILE > plain.yml' runs it, "
    "'tmuxinator debug NAME' shows what it makes), then import that"
)
_HINTS = {"import-erb": ERB_HINT}


def print_report(console: Console, file: FileImport) -> None:
    """Write what became of one file on stderr, a line for each thing; notes not with -q."""
    report = file.report
    if report.failure is not None:
        print_error(console, report.failure)
        return
    print_problems(console, report)
    if report.problems and report.problems[-1].rule in _HINTS:
        console.hint(_HINTS[report.problems[-1].rule])


def print_problems(console: Console, report: CheckedFile) -> None:
    """Write the problems of a file on stderr, a line each; notes not with -q."""
    for problem, excerpt in zip(report.problems, report.excerpts(), strict=True):
        write = console.note if problem.severity == "note" else console.aside
        write(_line(console, report, problem))
        if console.verbosity > 0:
            for text in excerpt:
                console.detail(text)
        if problem.hint:
            write(f"  {console.style('hint:', 'hint')} {visible(problem.hint)}")


def print_summary(console: Console, file: FileImport) -> None:
    """Write on stderr what was made of one file, in numbers."""
    if not file.sessions:
        return
    windows = [window for one in file.sessions for window in tables_in(one.value, "windows")]
    panes = sum(max(1, len(tables_in(window, "panes"))) for window in windows)
    counts = [
        counted(len(file.sessions), "session"),
        counted(len(windows), "window"),
        counted(panes, "pane"),
    ]
    reported = sum(1 for problem in file.report.problems if problem.severity != "note")
    looks = f"; {counted(reported, 'thing')} to look at" if reported else ""
    console.note(f"{visible(file.report.name)}: {file.kind}, {', '.join(counts)}{looks}")


def import_data(file: FileImport, *, with_text: bool) -> dict[str, object]:
    """Return what became of one file for ``--json``."""
    found = file_data(file.report)
    return {
        "file": found["file"],
        "kind": file.kind or None,
        "sessions": [
            {
                "name": one.name,
                "file": one.path or None,
                "text": one.text if with_text else None,
            }
            for one in file.sessions
        ],
        "problems": found["problems"],
        "failure": found["failure"],
    }


def _line(console: Console, report: CheckedFile, problem: Problem) -> str:
    line, column, _, _ = report.place(problem)
    place = f"{visible(report.name)}:{line}:{column}:"
    role = "error" if problem.severity == "error" else "warning"
    head = f"{problem.severity}[{problem.rule}]:"
    key = visible(str(problem.key_path))
    said = f"{key}: {visible(problem.message)}" if key else visible(problem.message)
    shown = console.style(head, role) if problem.severity != "note" else head
    return f"{console.style(place, 'place')} {shown} {said}"
