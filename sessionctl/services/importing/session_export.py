"""Session export: a session file as the file of another tool."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH100, PTH119, PTH120
import os
from typing import NamedTuple

from sessionctl.core.exporters.outline import outline_of
from sessionctl.core.exporters.shell_script import render_script
from sessionctl.core.exporters.tmuxp_workspace import render_tmuxp
from sessionctl.core.problem import Problem, Span
from sessionctl.core.session.directories import with_home
from sessionctl.core.session.session import resolve_overrides
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import KeyNotFoundError, UsageError
from sessionctl.services.documents.checked_file import CheckedFile
from sessionctl.services.documents.session_view import read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.exporters.outline import Loss
    from sessionctl.core.toml.document import Document
    from sessionctl.services.machine import Machine

TMUXP, SHELL = "tmuxp", "shell"
TARGETS = (TMUXP, SHELL)


class SessionExport(NamedTuple):
    """The text for another tool, and what of the session is not in it."""

    report: CheckedFile
    text: str


def export_session(
    path: str, target: str, machine: Machine, *, output: str | None = None
) -> SessionExport:
    """Return the session file ``path``, its overrides resolved, as the file of another tool.

    Args:
      path: the session file.
      target: one of ``TARGETS``.
      machine: its overrides hold, and its home directory is written as ``~``.
      output: where the text will go, from where relative directories may start.

    Raises:
      UsageError: it has no windows.
      FileError: it cannot be read.
      ParseError: it is not TOML.
    """
    document = read_document(path)
    value = resolve_overrides(document.value, machine.host, machine.os_name)
    if not value.get("windows"):
        hint = f"add one: sessionctl edit {path_word(path)}"
        raise UsageError(f"export: {path} has no windows", hints=[hint])
    directory = os.path.dirname(os.path.abspath(path))
    stays = output is not None and os.path.dirname(os.path.abspath(output)) == directory
    base = (
        "." if stays and target == TMUXP else with_home(directory, (machine.home or "").rstrip("/"))
    )
    outline = outline_of(value, base)
    if target == TMUXP:
        text, losses = render_tmuxp(outline)
    else:
        text, losses = render_script(outline, os.path.basename(path))
    problems = [_problem(document, loss) for loss in (*outline.losses, *losses)]
    problems.sort(key=lambda problem: problem.span)
    return SessionExport(CheckedFile(path, tuple(problems), document.source), text)


def _problem(document: Document, loss: Loss) -> Problem:
    try:
        span = document.span(loss.path)
    except KeyNotFoundError:  # an override has it
        span = Span(0, 0)
    message = f"it is not exported: {loss.why}"
    return Problem("export-lost", message, span, loss.path, severity="warning")
