"""Session import: what a file of another tool becomes, and the plan that writes it."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH103, PTH119, PTH120
import os
from dataclasses import dataclass
from typing import NamedTuple

from sessionctl.core.filename import is_session_name
from sessionctl.core.importers.imported import ImportedSession, Importing
from sessionctl.core.importers.kind import RESURRECT, SESH, TITLES
from sessionctl.core.importers.parts.ledger import NOTE
from sessionctl.core.importers.reading import ImportResult, read_source
from sessionctl.core.problem import Problem, Span, errors_of
from sessionctl.core.schema.verdict import validate
from sessionctl.core.session.directories import is_rooted, joined, with_home
from sessionctl.core.session.session_text import render_session
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.text.source import Source
from sessionctl.errors import GuardError, ParseError, SessionctlError, ToolError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.session_creation import session_file, start_session
from sessionctl.services.importing.source_files import (
    read_source_text,
    source_name,
    source_stem,
)
from sessionctl.system.os_errors import cannot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessionctl.core.values import Table
    from sessionctl.services.plan.plan import Plan
    from sessionctl.system.store.store import Store

_LIBRARIES = {"yaml": "PyYAML", "tree_sitter": "tree-sitter", "tree_sitter_kdl": "tree-sitter-kdl"}
_MAX_STEM = 80


class ImportRequest(NamedTuple):
    """What is asked for: of which ``kind`` the files are ("" to find out), and where to.

    ``session`` is the one session that is wanted of a file with many. ``output`` is the
    file to write, else it is named after the session, in ``directory``; with None for
    both nothing is written. ``make_id`` gives the UUID of a session.
    """

    make_id: Callable[[], str]
    kind: str = ""
    session: str = ""
    output: str | None = None
    directory: str | None = "."
    home: str = ""
    arguments: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


class NewSession(NamedTuple):
    """A session that was made of a file: its name, its value, its text and where it goes."""

    name: str
    value: Table
    text: str
    path: str = ""


class FileImport(NamedTuple):
    """What became of one file: of which kind it is, its sessions, and the report."""

    report: CheckedFile
    kind: str = ""
    sessions: tuple[NewSession, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where it could be read, 1 where it is not what it must be, else 3."""
        if self.report.failure is not None:
            return self.report.failure.exit_code
        return 1 if self.report.errors else 0


@dataclass(frozen=True, slots=True)
class BeginSession:
    """Write a session to a new file; with ``force``, in place of one that is kept beside it."""

    path: str
    text: str
    force: bool = False

    def render(self) -> str:
        """Return what is done."""
        return f"write {self.path}, {self.text.count(chr(10))} lines"

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"action": "begin-session", "path": self.path}

    def carry_out(self, store: Store, /) -> None:
        """Write the file; raises ``EditError`` where there is one, and ``FileError``."""
        parent = os.path.dirname(self.path)
        try:
            os.makedirs(parent or ".", exist_ok=True)
        except OSError as error:
            raise cannot("write", self.path, error) from error
        start_session(self.path, self.text, store, force=self.force)


def import_file(path: str, request: ImportRequest, taken: set[str] | None = None) -> FileImport:
    """Return what a file of another tool becomes; what is wrong with it is in the report.

    ``taken`` are the paths that other sessions of this run go to; those of this file are
    added.
    """
    name = source_name(path)
    source = Source("", name)
    try:
        text = read_source_text(path)
        source = Source(text, name)
        if is_session_name(os.path.basename(path)) and not request.kind:
            hint = f"copy it: sessionctl cp {path_word(path)} NEW"
            own = Problem("import-nothing", "it is a session already", Span(0, 0), hint=hint)
            return FileImport(CheckedFile(name, (own,), source))
        found = _read(text, path, request)
    except ParseError as error:
        problem = error.problem
        if source.text and isinstance(problem, Problem):
            return FileImport(CheckedFile(name, (problem,), source), request.kind)
        return FileImport(CheckedFile(name, failure=error))
    except SessionctlError as error:
        return FileImport(CheckedFile(name, failure=_named(error, name)))
    writer = _SessionMaker(path, request, set() if taken is None else taken)
    chosen = [one for one in found.sessions if request.session in ("", one.name)]
    sessions = tuple(writer.session(one, found) for one in chosen)
    problems = (*found.problems, *writer.problems)
    if found.is_readable and not sessions:
        problems = (*problems, _nothing(found, request.session))
    return FileImport(CheckedFile(name, problems, source), found.kind, sessions)


def plan_import(files: Iterable[FileImport], *, force: bool = False) -> Plan[Store]:
    """Return the plan that writes the sessions of ``files``; one that fails stops no other."""
    from sessionctl.services.plan.plan import StepGroup

    steps = tuple(
        BeginSession(session.path, session.text, force)
        for file in files
        for session in file.sessions
        if session.path
    )
    return (StepGroup("", steps, goes_on=True),) if steps else ()


def _read(text: str, path: str, request: ImportRequest) -> ImportResult:
    importing = Importing(source_stem(path), request.home, request.arguments, request.settings)
    try:
        return read_source(text, os.path.abspath(path), importing, request.kind)
    except ModuleNotFoundError as error:
        library = _LIBRARIES.get(error.name or "")
        if library is None:
            raise
        from sessionctl.system.optional_libraries import install_command

        raise ToolError(
            f"{source_name(path)}: cannot read it without {library}, which is not installed",
            hints=[f"install it: {install_command('import')}"],
        ) from error


def _named(error: SessionctlError, name: str) -> SessionctlError:
    if error.message.startswith(name):
        return error
    return type(error)(f"{name}: {error.message}", hints=error.hints)


def _nothing(found: ImportResult, wanted: str) -> Problem:
    names = ", ".join(session.name for session in found.sessions)
    message = f"it has no session {wanted}" if wanted else "it has no session in it"
    return Problem("import-nothing", message, Span(0, 0), hint=f"it has {names}" if names else "")


class _SessionMaker:
    """Makes the text of each session of a file, and chooses where it goes."""

    def __init__(self, path: str, request: ImportRequest, taken: set[str]) -> None:
        self.path = path
        self.request = request
        self.taken = taken
        self.problems: list[Problem] = []

    def session(self, session: ImportedSession, found: ImportResult) -> NewSession:
        target = self._target(session.name)
        value: Table = {"schema_version": 1, "id": self.request.make_id(), **session.value}
        root = self._root(str(value.get("root", "")), target, found)
        if root:
            value["root"] = root
        text = render_session(value, (*session.comments, *self._origin(found)))
        errors = errors_of(validate(text))
        if errors:
            raise GuardError(
                f"{self.path}: the session that was made is not valid: {errors[0].rule}"
            )
        return NewSession(session.name, value, text, target)

    def _origin(self, found: ImportResult) -> tuple[str, ...]:
        tool = TITLES.get(found.kind, found.kind)
        return (f"Imported from {os.path.basename(source_name(self.path))} of {tool}.",)

    def _target(self, name: str) -> str:
        if self.request.output is not None:
            return self.request.output
        if self.request.directory is None:
            return ""
        stem = file_stem(name)
        path = session_file(stem, self.request.directory)
        number = 2
        while path in self.taken:
            path = session_file(f"{stem}-{number}", self.request.directory)
            number += 1
        self.taken.add(path)
        if stem != name:
            message = f'the file of the session "{name}" is {os.path.basename(path)}'
            self.problems.append(Problem(NOTE, message, Span(0, 0), severity="note"))
        return path

    def _root(self, root: str, target: str, found: ImportResult) -> str:
        """Return the root as seen from the session file; "" for the directory of that."""
        if is_rooted(root):
            return root
        here = os.path.dirname(os.path.abspath(self.path))
        if not root and not os.path.basename(self.path).startswith("."):
            if found.kind not in (RESURRECT, SESH):
                message = (
                    f"it names no directory: {found.kind} starts where it is run, "
                    "the session in the directory of its file"
                )
                self.problems.append(Problem(NOTE, message, Span(0, 0), severity="note"))
            return ""
        wanted = joined(here, root)
        if target:
            base = os.path.dirname(os.path.abspath(target))
            if wanted == base:
                return "."
            if wanted.startswith(f"{base}/"):
                return wanted[len(base) + 1 :]
        return with_home(wanted, self.request.home)


def file_stem(name: str) -> str:
    """Return what the file of a session of this name is called: letters, digits, dashes."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name)
    stem = "-".join(part for part in kept.split("-") if part).strip(".-")
    return stem[:_MAX_STEM].strip(".-") or "session"
