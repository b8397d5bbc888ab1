"""Session preview: the windows of a session as they would be restored, and what needs trust."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.render.boxes.window_plan import (
    SKIPPED_SIGN,
    TYPED_SIGN,
    UNTRUSTED_SIGN,
    USUAL_SIZE,
    PlannedWindow,
)
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.core.text.lookalike import unmistakable
from sessionctl.core.text.shellwords import quoted
from sessionctl.core.workspace.layout import NAMES, arrange
from sessionctl.core.workspace.layout_cells import read_cells
from sessionctl.core.workspace.workspace import SKIP, TYPE
from sessionctl.services.live.workspace_restore import read_session_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.render.drawing import Line
    from sessionctl.core.workspace.workspace import Workspace, WorkspacePane, WorkspaceWindow
    from sessionctl.services.live.live_context import LiveContext

_SIGNS = {TYPE: TYPED_SIGN, SKIP: SKIPPED_SIGN}
_WORDS = {TYPE: "typed, not entered", SKIP: "not started"}
_LONGEST = 200


class SessionPreview(NamedTuple):
    """What a session would be; ``untrusted`` counts the items that were not allowed yet.

    ``signs`` are the signs that stand before panes, to be explained.
    """

    file: str
    name: str
    root: str
    windows: tuple[PlannedWindow, ...]
    untrusted: int
    signs: tuple[str, ...]


def preview_session(file: str, context: LiveContext) -> SessionPreview:
    """Return the preview of the session in ``file``; it is only read.

    Raises:
      FileError, ParseError: it cannot be read, or is not TOML.
      UsageError: it has no name.
    """
    session = read_session_file(file, context)
    workspace = session.workspace
    windows = tuple(
        _window(number, window, workspace)
        for number, window in enumerate(workspace.windows, workspace.base_index or 1)
    )
    signs = {line[0][0][0] for window in windows for line in window.panes if line}
    return SessionPreview(
        file,
        workspace.name,
        workspace.root,
        windows,
        len(session.review.new),
        tuple(sign for sign in (UNTRUSTED_SIGN, TYPED_SIGN, SKIPPED_SIGN) if sign in signs),
    )


def _window(number: int, window: WorkspaceWindow, workspace: Workspace) -> PlannedWindow:
    panes = tuple(_pane(pane, workspace) for pane in window.panes)
    cell = read_cells(window.layout)
    size = USUAL_SIZE
    if window.size is not None:
        size = (window.size.width, window.size.height)
    elif cell is not None:
        size = (cell.width, cell.height)
    note = window.layout if window.layout in NAMES and len(panes) > 1 else ""
    if any(pane.is_zoomed for pane in window.panes):
        note = "zoomed"
    shown = number if window.number is None else window.number
    title = f"{shown} {unmistakable(window.name)}".rstrip()
    active = "*" if window.is_active else ""
    empty: tuple[Line, ...] = ([("a shell", "dim")],)
    return PlannedWindow(
        f"{title}{active}", note, size, arrange(window.layout, len(panes)), panes or empty
    )


def _pane(pane: WorkspacePane, workspace: Workspace) -> Line:
    """Return the lines of a pane: sign and name, what runs, why it does not, where."""
    run = pane.restarted
    command = "a shell"
    if run:
        command = run if isinstance(run, str) else " ".join(map(quoted, run))
        command = unmistakable(without_secrets(command)[:_LONGEST])
    beginning = pane.beginning if run else ""
    sign = _SIGNS.get(beginning, "")
    mark = (_WORDS[beginning], "changed") if beginning in _WORDS else None
    if not pane.is_allowed and run:
        sign, mark = UNTRUSTED_SIGN, ("not trusted", "warning")
    role = "warning" if sign == UNTRUSTED_SIGN else "key"
    first = f"{sign} {pane.name or command}" if sign else pane.name or command
    lines: Line = [(first, role if pane.name or sign else "" if run else "dim")]
    if pane.name:
        lines.append((command, "" if run else "dim"))
    if mark is not None:
        lines.append(mark)
    if pane.cwd and pane.cwd != workspace.root:
        lines.append((f"in {pane.cwd}", "dim"))
    if pane.is_active:
        lines.append(("active", "dim"))
    if pane.floating is not None:
        lines.append(("floats above the others", "dim"))
    return lines
