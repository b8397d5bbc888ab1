"""Findings in the forms of --format: text for people, GitHub's commands, SARIF; and JSON.

Errors of a text that is not TOML are shown as its findings are.
"""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH113
import os

from sessionctl.core.text.source import Source, visible
from sessionctl.errors import FileError, ParseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from sessionctl.cli.output.console import Console
    from sessionctl.core.problem import Problem
    from sessionctl.errors import SessionctlError
    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.settings.settings_files import LoadedSettings

_SARIF = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_UNREADABLE = "unreadable"


def print_as(console: Console, checked: CheckedFile, form: str) -> None:
    """Print the findings of one file in the form of --format; SARIF is printed at the end."""
    if form != "sarif":
        (print_github if form == "github" else print_text)(console, checked)


def print_sarif(console: Console, files: Sequence[CheckedFile]) -> None:
    """Print the findings of all files as SARIF."""
    from sessionctl.cli.output.json_text import render_json

    console.stdout.write(render_json(sarif_log(list(files))) + "\n")


def print_text(console: Console, checked: CheckedFile) -> None:
    """Print the findings of one file: place, message, excerpt and hint of each."""
    if checked.failure is not None:
        place, message = _failure(checked, checked.failure)
        console.out(f"{_head(console, place, 'error', _UNREADABLE)} {message}")
        for hint in failure_hints(console, checked.failure):
            console.out(f"  {console.style('hint:', 'hint')} {hint}")
    width = _width(console, console.stdout) if checked.problems else 0
    for problem, excerpt in zip(checked.problems, checked.excerpts(width), strict=True):
        line, column, _, _ = checked.place(problem)
        head = _head(
            console, f"{visible(checked.name)}:{line}:{column}", problem.severity, problem.rule
        )
        console.out(f"{head} {_said(problem)}")
        for text in _colored(console, excerpt, problem.severity):
            console.out(text)
        if problem.hint:
            console.out(f"  {console.style('hint:', 'hint')} {visible(problem.hint)}")


def print_error(console: Console, error: SessionctlError, *, is_named: bool = False) -> None:
    """Print on stderr why something could not be done, with the excerpt of a text.

    With ``is_named``, which file was meant has been said where the files were named.
    """
    hints = (failure_hints if is_named else error_hints)(console, error)
    console.error(error.message, excerpt=error_excerpt(console, error), hints=hints)


def error_hints(console: Console, error: SessionctlError) -> list[str]:
    """Return the hints of an error, with those that only a command knows."""
    return [*_near_hints(console, error), *error.hints, *_edit_hints(error)]


def _near_hints(console: Console, error: SessionctlError) -> list[str]:
    """Return which file was probably meant by one that is not there, else where to look."""
    missing = error.missing if isinstance(error, FileError) else ""
    if not missing:
        return []
    from sessionctl.services.naming.session_names import NamePlaces, SessionNames

    if missing == "-":
        return ["stdin is not read here: name a file"]
    near = SessionNames(NamePlaces.of(console.machine)).near(missing)
    if near:
        return [f"did you mean {' or '.join(near)}?"]
    from sessionctl.system.os_errors import listing_hint

    return [listing_hint(missing)]


def failure_hints(console: Console, failure: SessionctlError) -> list[str]:
    """Return the hints of what could not be read; which file was meant has been said already."""
    hints = error_hints(console, failure)
    return [hint for hint in hints if not hint.startswith("did you mean")]


def _edit_hints(error: SessionctlError) -> list[str]:
    """Return how to fix a session file that is not TOML."""
    if not isinstance(error, ParseError) or not error.name.endswith(".session.toml"):
        return []
    if "conflict marker" in error.problem.message or not os.path.isfile(error.name):
        return []  # a conflict is for 'resolve'; or it is a text in git or on stdin
    from sessionctl.core.text.shellwords import path_word

    if "UTF-8" in error.problem.message:  # which no editor opens as text
        word = path_word(error.name)
        return [] if error.hints else [f"see what else can be restored: sessionctl recover {word}"]
    return [f"fix it: sessionctl edit {path_word(error.name)}"]


def error_excerpt(console: Console, error: SessionctlError) -> Iterator[str]:
    """Yield the lines that show on stderr where a text is not TOML, as ``validate`` does."""
    # A text without a name is made from others, and a user has no such lines.
    if not isinstance(error, ParseError) or not error.name or not error.text:
        return
    from sessionctl.core.problem import problem_of
    from sessionctl.services.documents.checked_file import CheckedFile

    problem = problem_of(error)
    checked = CheckedFile(error.name, (problem,), Source(error.text, error.name))
    (excerpt,) = checked.excerpts(_width(console, console.stderr))
    yield from _colored(console, excerpt, problem.severity)


def _width(console: Console, stream: TextIO) -> int:
    """Return how wide an excerpt may be: a line that wraps has its caret elsewhere."""
    if not stream.isatty():
        return 0
    from sessionctl.cli.output.terminal import terminal_width

    return terminal_width(console, stream)


def print_github(console: Console, checked: CheckedFile) -> None:
    """Print the findings of one file as workflow commands, which annotate a change."""
    name = _github_value(visible(checked.name))
    if checked.failure is not None:
        _, message = _failure(checked, checked.failure)
        console.out(f"::error file={name},title=sessionctl {_UNREADABLE}::{_github_text(message)}")
    for problem in checked.problems:
        line, column, end_line, end_column = checked.place(problem)
        end = f",endColumn={max(column, end_column - 1)}" if end_line == line else ""
        text = _said(problem) + (f" (hint: {visible(problem.hint)})" if problem.hint else "")
        console.out(
            f"::{problem.severity} file={name},line={line},endLine={end_line},col={column}{end},"
            f"title=sessionctl {_github_value(problem.rule)}::{_github_text(text)}"
        )


def file_lines(checked: CheckedFile) -> list[str]:
    """Return the findings of one file, each in one line: place, key and message."""
    from sessionctl.core.render.problem_line import keyed_message

    lines = [] if checked.failure is None else [checked.failure.message]
    for problem in checked.problems:
        line, column, _, _ = checked.place(problem)
        lines.append(f"{checked.name}:{line}:{column}: {keyed_message(problem)}")
    return lines


def complaint_lines(loaded: LoadedSettings) -> list[str]:
    """Return all that is wrong with settings, one line each: place and message."""
    lines = [line for checked in loaded.findings for line in file_lines(checked)]
    return [*lines, *loaded.messages]


def file_data(checked: CheckedFile) -> dict[str, object]:
    """Return the findings of one file for ``--json``."""
    failure = checked.failure
    return {
        "file": checked.name,
        "valid": checked.is_valid,
        "schema": checked.schema or None,
        "problems": [_problem_data(checked, problem) for problem in checked.problems],
        "failure": None
        if failure is None
        else {"message": failure.message, "hints": list(failure.hints)},
    }


def sarif_log(files: list[CheckedFile]) -> dict[str, object]:
    """Return the findings of all files as a SARIF 2.1.0 log."""
    from sessionctl._version import __version__

    rules = sorted({problem.rule for checked in files for problem in checked.problems})
    notifications = [
        {"level": "error", "message": {"text": checked.failure.message}}
        for checked in files
        if checked.failure is not None
    ]
    driver = {"name": "sessionctl", "version": __version__, "rules": [{"id": r} for r in rules]}
    invocation = {
        "executionSuccessful": not notifications,
        "toolExecutionNotifications": notifications,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_sarif_result(checked, p) for checked in files for p in checked.problems],
    }
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _failure(checked: CheckedFile, failure: SessionctlError) -> tuple[str, str]:
    """Return the place and the message of what could not be read."""
    name, message = visible(checked.name), visible(failure.message)
    if message.startswith(f"{name}: "):
        return name, message.removeprefix(f"{name}: ")
    if message.startswith(f"{name}:"):  # a line and a column follow
        line, column, rest = message.removeprefix(f"{name}:").split(":", 2)
        return f"{name}:{line}:{column}", rest.strip()
    return name, message


def _head(console: Console, place: str, severity: str, rule: str) -> str:
    role = "error" if severity == "error" else "warning"
    return f"{console.style(f'{place}:', 'place')} {console.style(f'{severity}[{rule}]:', role)}"


def _said(problem: Problem) -> str:
    path = visible(str(problem.key_path))
    return f"{path}: {visible(problem.message)}" if path else visible(problem.message)


def _colored(console: Console, excerpt: list[str], severity: str) -> list[str]:
    """Return the lines of an excerpt, the caret, which the last one ends with, in colour."""
    lines = list(excerpt)
    if lines:
        lead = lines[-1].rstrip("^")
        caret = lines[-1][len(lead) :]
        lines[-1] = lead + console.style(caret, "error" if severity == "error" else "warning")
    return lines


def _problem_data(checked: CheckedFile, problem: Problem) -> dict[str, object]:
    line, column, end_line, end_column = checked.place(problem)
    return {
        "severity": problem.severity,
        "rule": problem.rule,
        "key": problem.key_path,
        "message": problem.message,
        "hint": problem.hint or None,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _sarif_result(checked: CheckedFile, problem: Problem) -> dict[str, object]:
    from urllib.parse import quote

    line, column, end_line, end_column = checked.place(problem)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    uri = quote(checked.name.encode("utf-8", "surrogateescape"))
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}
    }
    if problem.key_path:
        location["logicalLocations"] = [{"fullyQualifiedName": str(problem.key_path)}]
    hint = f" (hint: {problem.hint})" if problem.hint else ""
    return {
        "ruleId": problem.rule,
        "level": problem.severity,
        "message": {"text": f"{_said(problem)}{hint}"},
        "locations": [location],
    }


def _github_text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_value(text: str) -> str:
    return _github_text(text).replace(":", "%3A").replace(",", "%2C")
