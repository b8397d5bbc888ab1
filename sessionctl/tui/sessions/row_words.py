"""Row words: the cells of a session in the list; each word with a sign that says the same."""

from __future__ import annotations

from sessionctl.core.text.amount import age, size
from sessionctl.core.text.plural import counted
from sessionctl.services.board.board_row import RowState
from sessionctl.tui.widgets.row_table import TableColumn, TableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.render.drawing import Charset
    from sessionctl.services.board.board_row import BoardRow

COLUMNS = (
    TableColumn("name"),
    TableColumn("state"),
    TableColumn("git", 56),
    TableColumn("connections", 66),
    TableColumn("secrets", 76),
    TableColumn("panes", 110),
    TableColumn("changed", 56),
    TableColumn("size", 120),
    TableColumn("file", 96, keeps_end=True),
)
_SIGNS = {
    "live": ("\u25cf", "*", "good"),
    "taken": ("\u25d0", "=", "warning"),
    "saved": ("\u25cb", "-", ""),
    "unsaved": ("\u25cc", "+", "changed"),
    "conflict": ("!", "!", "warning"),
    "invalid": ("\u2717", "x", "error"),
    "unreadable": ("?", "?", "error"),
}
_GIT_ROLES = {"changed": "changed", "new": "added", "blocked": "error", "missing": "removed"}
_NOT_OF_GIT = ("", "conflicts", "invalid", "unreadable")
_WAITING = "..."


def state_cell(row: BoardRow, charset: Charset) -> tuple[str, str]:
    """Return the sign and the words for how a session is, and their role."""
    word = row.word
    sign, plain, role = _SIGNS[word]
    state = row.state or RowState()
    if word == "conflict" and state.conflicts:
        word = counted(state.conflicts, "conflict")
    if word == "taken":
        word = "name taken"
    if word == "unsaved":
        word = "live, not saved"
    if word in ("invalid",) and row.is_live:
        word = "invalid, live"
    return f"{plain if charset.is_ascii else sign} {word}", role


def table_row(row: BoardRow, now_s: float, charset: Charset, home: str) -> TableRow:
    """Return the row of a session in the list."""
    state = row.state
    git = ("", "")
    if row.file and state is None:
        git = (_WAITING, "dim")
    elif state is not None and state.git not in _NOT_OF_GIT:
        git = (state.git, _GIT_ROLES.get(state.git, "dim"))
    is_read = bool(row.file) and not row.problem
    cells = (
        (row.name, "key"),
        state_cell(row, charset),
        git,
        _connections(row),
        _secrets(state),
        (f"{row.panes} in {counted(row.windows, 'window')}" if is_read else "", ""),
        (f"{age(now_s - row.modified_s)} ago" if row.modified_s else "", "dim"),
        (size(row.size_bytes) if row.size_bytes else "", "dim"),
        (below(row.file, home), "dim"),
    )
    return TableRow(row.key, cells)


def _connections(row: BoardRow) -> tuple[str, str]:
    if not row.connections:
        return ("", "")
    opened = row.state.open_connections if row.state is not None else 0
    return (f"{row.connections}, {opened} open", "good") if opened else (str(row.connections), "")


def _secrets(state: RowState | None) -> tuple[str, str]:
    if state is None or not state.secrets:
        return ("", "")
    if state.missing_secrets:
        return (f"{state.missing_secrets} missing", "error")
    if state.unsealed_secrets:
        return (f"{state.unsealed_secrets} unsealed", "warning")
    return (f"{state.secrets} sealed", "")


def below(file: str, home: str) -> str:
    """Return a path as one would type it: below the home directory with "~"."""
    return f"~{file[len(home) :]}" if home and file.startswith(f"{home}/") else file
