"""Session view: one session in full, or many in a list."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH119
import os

from sessionctl.core.filename import SESSION_SUFFIX, STDIN, STDIN_NAME
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.core.session.session import Session, read_session, resolve_overrides
from sessionctl.core.text.shellwords import path_word
from sessionctl.core.toml.document import Document
from sessionctl.errors import SessionctlError, UsageError
from sessionctl.system.files.session_files import find_sessions
from sessionctl.system.files.text import read_stdin, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessionctl.core.values import Table
    from sessionctl.services.machine import Machine


class SessionSummary(NamedTuple):
    """A session file in a list; ``problem`` is "" or what is wrong, with file and place.

    ``modified`` is the time of its last change, in seconds since 1970.
    """

    path: str
    name: str
    windows: int
    panes: int
    connections: int
    problem: str
    modified: float


def read_document(file: str) -> Document:
    """Return the document in ``file``; ``-`` is stdin.

    Raises:
      FileError: it cannot be read.
      ParseError: it is not TOML; the message carries the place.
    """
    if file == STDIN:
        return Document.parse(read_stdin(), STDIN_NAME)
    return Document.parse(read_text(file), file)


def load_session(file: str, *, machine: Machine | None = None) -> tuple[Session, Table]:
    """Return the session in ``file`` and its value, on ``machine`` when one is given.

    Raises:
      FileError, ParseError: as ``read_document``.
    """
    value = read_document(file).value
    if machine is not None:
        value = resolve_overrides(value, machine.host, machine.os_name)
    return read_session(value), value


def choose_session(directory: str = ".", *, command: str = "show", behind: str = "") -> str:
    """Return the one session file that lies in ``directory``.

    ``command`` is for the hints, and so is ``behind``, what was typed behind it.

    Raises:
      UsageError: there is none, or there are several; the hints say what to type.
    """
    found = [item.path for item in find_sessions(directory, below=False)]
    if not found:
        raise UsageError(
            "which session? there is no session file here",
            hints=[
                f"name one: sessionctl {command} NAME{behind}",
                "see them: sessionctl list",
                "or create one: sessionctl new NAME",
            ],
        )
    if len(found) > 1:
        raise UsageError(
            f"which session? there are {len(found)} here: {', '.join(found)}",
            hints=[f"name one: sessionctl {command} {path_word(found[0])}{behind}"],
        )
    return found[0]


def list_sessions(directories: Iterable[str], own: Iterable[str] = ()) -> list[SessionSummary]:
    """Return the session files in and below ``directories``, each once.

    A file that cannot be read is listed with its problem. Not looked into are the directories
    of sessionctl's ``own`` files.

    Raises:
      FileError: one of the directories cannot be read.
    """
    listed: dict[str, SessionSummary] = {}
    for directory in directories:
        for path, modified in find_sessions(directory, own=own, with_dangling=True):
            real = os.path.realpath(path)
            if real not in listed:
                listed[real] = summary_of(path, modified)
    return list(listed.values())


def summary_of(path: str, modified: float) -> SessionSummary:
    """Return the summary of one session file, with what is wrong where it cannot be read."""
    name = os.path.basename(path).removesuffix(SESSION_SUFFIX)
    try:
        session, _ = load_session(path)
    except SessionctlError as error:
        return SessionSummary(path, name, 0, 0, 0, error.message, modified)
    return SessionSummary(
        path=path,
        name=session.name or name,
        windows=len(session.windows),
        panes=sum(max(1, len(window.panes)) for window in session.windows),
        connections=len(session.connections),
        problem="",
        modified=modified,
    )
