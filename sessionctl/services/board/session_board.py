"""Session board: the sessions of a user, found quickly, looked into a few at a time."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH112, PTH116, PTH118
import os
from typing import NamedTuple

from sessionctl.core.text.source import visible
from sessionctl.errors import FileError, SessionctlError
from sessionctl.services.board.board_row import BoardRow, RowState
from sessionctl.services.documents.session_view import summary_of
from sessionctl.services.live.standing_marks import StandingMarks
from sessionctl.system.files.session_files import find_sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sessionctl.services.live.live_context import LiveContext
    from sessionctl.services.sync.file_state import FileState

_NS = 1e9


class _KnownRow(NamedTuple):
    """A row that was read, what its file was like then, and what lay around it."""

    row: BoardRow
    stamp: tuple[int, int, int]
    around: tuple[int, ...] = ()


class SessionBoard:
    """The sessions in ``paths``; without any those of this directory and of the user.

    What was read is read again only where the file changed. ``notes`` are what could not be
    looked at, each once.
    """

    def __init__(self, paths: Sequence[str], context: LiveContext) -> None:
        self._paths = tuple(paths)
        self._context = context
        self._known: dict[str, _KnownRow] = {}
        self._git_dirs: dict[str, str | None] = {}
        self.notes: dict[str, tuple[str, ...]] = {}

    def rows(self) -> list[BoardRow]:
        """Return the sessions: those that run first, then by name; their files are read."""
        self.notes.clear()
        known: dict[str, _KnownRow] = {}
        for path in self._files():
            real = os.path.realpath(path)
            if real not in known:
                found = self._read(path, real)
                if found is not None:
                    known[real] = found
        self._known = known
        return self._with_live([one.row for one in known.values()])

    def has_changed(self) -> bool:
        """Return whether a file that was read changed or is gone, or what its state depends on."""
        return any(
            _stamp(one.row.file) != one.stamp or self._is_stale(one) for one in self._known.values()
        )

    def pending(self) -> list[BoardRow]:
        """Return the rows whose state is not known, or not any more."""
        known = self._known.values()
        return [one.row for one in known if one.row.state is None or self._is_stale(one)]

    def _is_stale(self, known: _KnownRow) -> bool:
        return known.row.state is not None and self._around(known.row.file) != known.around

    def _around(self, file: str) -> tuple[int, ...]:
        """Return when what the state of ``file`` depends on changed: its sidecar, git's index."""
        from sessionctl.core.filename import sidecar_name
        from sessionctl.system.git.directory import find_git_dir

        folder, name = os.path.split(os.path.realpath(file))
        if folder not in self._git_dirs:
            self._git_dirs[folder] = find_git_dir(folder, self._context.machine.environ)
        git_dir = self._git_dirs[folder]
        beside = [os.path.join(folder, sidecar_name(name))]
        if git_dir is not None:
            beside += [os.path.join(git_dir, part) for part in ("index", "HEAD", "logs/HEAD")]
        return tuple(_stamp(path)[0] for path in beside)

    def states(self, rows: Iterable[BoardRow]) -> dict[str, RowState]:
        """Return the state of ``rows`` by their files; git is asked once for all of them."""
        there = [row for row in rows if row.file and os.path.lexists(row.file)]
        surveyed = self._survey([row.file for row in there])
        found: dict[str, RowState] = {}
        for row in there:
            found[row.file] = self._state(row, surveyed.get(os.path.normpath(row.file)))
        for file, state in found.items():
            key = os.path.realpath(file)
            if key in self._known:
                known = self._known[key]
                row, around = known.row._replace(state=state), self._around(file)
                self._known[key] = known._replace(row=row, around=around)
        return found

    # -- files -----------------------------------------------------------------------------

    def _files(self) -> Iterator[str]:
        if not self._paths:
            yield from (record.file for record in self._context.memory.records())
            config = self._context.machine.config
            if config and os.path.isdir(f"{config}/sessions"):
                yield from self._found(f"{config}/sessions")
        for path in self._paths or (".",):
            if os.path.isdir(path):
                yield from self._found(path)
            else:
                yield path

    def _found(self, directory: str) -> Iterator[str]:
        own = self._context.machine.own_places
        try:
            yield from (found.path for found in find_sessions(directory, own=own))
        except FileError as error:
            self.notes[error.message] = error.hints

    def _read(self, path: str, real: str) -> _KnownRow | None:
        stamp = _stamp(path)
        before = self._known.get(real)
        if before is not None and before.stamp == stamp and before.row.file == path:
            return before
        if not any(stamp):
            # Named on the command line, and gone; what is only remembered is left out.
            if path not in self._paths:
                return None
            return _KnownRow(BoardRow(path, _base(path), problem="no such file"), stamp)
        summary = summary_of(path, stamp[0] / _NS)
        row = BoardRow(
            summary.path, summary.name, summary.windows, summary.panes, summary.connections,
            summary.problem, stamp[1], summary.modified,
        )  # fmt: skip
        return _KnownRow(row, stamp)

    # -- what runs -------------------------------------------------------------------------

    def _with_live(self, rows: list[BoardRow]) -> list[BoardRow]:
        """Return the rows that say which sessions run, with those that have no file."""
        live = self._live()
        names = {row.name for row in rows}
        marks = StandingMarks(self._context.store.directory)
        owners = {name: marks.file_of(name) or "" for name in live}
        marked = [_with_owner(row, owners) for row in rows]
        if not self._paths:
            marked += [BoardRow("", name, is_live=True) for name in live if name not in names]
        return sorted(marked, key=lambda row: (not row.is_live, row.name.casefold(), row.file))

    def _live(self) -> list[str]:
        from sessionctl.services.live.tmux.adapter import TmuxAdapter

        context = self._context
        try:
            adapter = TmuxAdapter(context.machine.environ, context.socket, context.store.directory)
            return adapter.sessions()
        except SessionctlError as error:
            self.notes[error.message] = error.hints
            return []

    # -- what takes longer -------------------------------------------------------------------

    def _survey(self, files: Sequence[str]) -> dict[str, FileState]:
        if not files:
            return {}
        from sessionctl.services.sync.survey import survey
        from sessionctl.services.verdicts.user_verdicts import user_verdicts

        verdicts = user_verdicts(self._context.machine)
        try:
            machine = self._context.machine
            found = survey(files, machine.environ, verdicts, machine.own_places)
        except SessionctlError as error:
            self.notes[error.message] = error.hints
            return {}
        finally:
            verdicts.keep()
        return {state.path: state for state in found.files}

    def _state(self, row: BoardRow, found: FileState | None) -> RowState:
        state = RowState()
        if found is not None:
            word = "" if found.state == "clean" and found.changes is None else found.state
            first = found.errors[0] if found.errors else None
            state = state._replace(
                git=word,
                conflicts=len(found.conflicts),
                errors=len(found.errors),
                first_error="" if first is None else first.problem.message,
                failure=found.failure,
            )
        try:
            state = _with_secrets(state, row.file)
        except SessionctlError as error:
            state = state._replace(failure=state.failure or error.message)
        if row.connections:
            state = state._replace(open_connections=self._open_connections(row.file))
        return state

    def _open_connections(self, file: str) -> int:
        from sessionctl.services.connections.keeper_process import KeeperPlace

        try:
            answer = KeeperPlace(self._context.machine, file).answer()
        except SessionctlError:
            return 0
        if answer is None:
            return 0
        return sum(one["state"] in ("ready", "degraded") for one in answer.connections)


def _with_owner(row: BoardRow, owners: Mapping[str, str]) -> BoardRow:
    """Return the row that says whether its session runs, or only another one of its name."""
    owner = owners.get(row.name)
    if owner is None:
        return row
    is_live = bool(owner) and os.path.realpath(owner) == os.path.realpath(row.file)
    return row._replace(is_live=is_live, is_taken=not is_live, owner=owner)


def _with_secrets(state: RowState, file: str) -> RowState:
    from sessionctl.services.secrets.entries.listing import list_secrets

    secrets = list_secrets(file).secrets
    entries = [secret.entry for secret in secrets]
    return state._replace(
        secrets=len(secrets),
        missing_secrets=sum(entry is None for entry in entries),
        unsealed_secrets=sum(entry is not None and entry.is_unsealed for entry in entries),
    )


def _stamp(path: str) -> tuple[int, int, int]:
    """Return the time of the last change, the size and the inode of a file; zeros without one."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _base(path: str) -> str:
    return visible(os.path.basename(path))  # noqa: PTH119
