"""Conflict choices: the conflicts that a host's file has, decided one by one.

There are two kinds: the file and the live state changed one key (both go on with their own value
until it is decided), and marks that a merge left in the file.
"""

from __future__ import annotations

from sessionctl.core.conflict.conflict_row import ConflictRow, SideLabels, deed_of
from sessionctl.core.conflict.marked_text import Side
from sessionctl.core.scan.text_scan import without_secrets
from sessionctl.errors import SessionctlError
from sessionctl.services.merging.resolution_desk import ResolutionDesk
from sessionctl.services.settings.user_store import user_store
from sessionctl.system.files.text import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sessionctl.core.conflict.conflict import Conflict
    from sessionctl.sdk.host_workspace import HostWorkspace

_MARK = "<<<<<<<"


class LiveConflicts:
    """Keys that the file ("ours") and the application ("theirs") both changed."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        self._conflicts = conflicts
        self._chosen: dict[int, str] = {}
        self._past: list[dict[int, str]] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._conflicts)

    @property
    def left(self) -> int:
        """For how many nothing is chosen."""
        return self.count - len(self._chosen)

    def is_outdated(self, workspace: HostWorkspace) -> bool:
        """Whether there are other conflicts now."""
        return _sides(workspace.conflicts) != _sides(self._conflicts)

    def row(self, index: int) -> ConflictRow:
        """Return a conflict as a row, its secrets masked."""
        found = self._conflicts[index]
        ours, theirs = without_secrets(found.ours or ""), without_secrets(found.theirs or "")
        choice = self._chosen.get(index, "")
        result = {"": None, "ours": ours, "theirs": theirs}[choice]
        base = None if found.base is None else without_secrets(found.base)
        deeds = (deed_of(found.base, found.ours or ""), deed_of(found.base, found.theirs or ""))
        return ConflictRow(str(found.path), base, ours, theirs, result, choice, deeds=deeds)

    def labels(self, _index: int) -> SideLabels:
        """Return what the sides are called."""
        return SideLabels("last agreed", "the file", "the application")

    def take(self, index: int, side: str) -> str:
        """Choose a side; return why that cannot be, "" where it can."""
        return self._choose({index: side})

    def take_rest(self, side: str) -> None:
        """Choose a side for all that is open."""
        self._choose({i: side for i in range(self.count) if i not in self._chosen})

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        if self._past:
            self._chosen = self._past.pop()
            return True
        return False

    def write(self, workspace: HostWorkspace) -> tuple[str, ...]:
        """Decide what is chosen; return the problem."""
        for side in ("ours", "theirs"):
            paths = [str(self._conflicts[i].path) for i, s in self._chosen.items() if s == side]
            if paths:
                workspace.resolve(by_file=side == "ours", paths=paths)
        return ()

    def _choose(self, choices: dict[int, str]) -> str:
        self._past.append(self._chosen)
        self._chosen = {**self._chosen, **choices}
        return ""


class MarkedConflicts:
    """What a merge could not decide, between marks in the file."""

    def __init__(self, desk: ResolutionDesk) -> None:
        self._desk = desk

    @property
    def count(self) -> int:
        """How many there are."""
        return self._desk.count

    @property
    def left(self) -> int:
        """For how many nothing is chosen."""
        return len(self._desk.open_indexes())

    def is_outdated(self, _workspace: HostWorkspace) -> bool:
        """Whether the file was changed since it was read."""
        return self._desk.is_outdated()

    def row(self, index: int) -> ConflictRow:
        """Return a conflict as a row, its secrets masked."""
        return self._desk.row(index)

    def labels(self, index: int) -> SideLabels:
        """Return what the sides are called."""
        return self._desk.labels(index)

    def take(self, index: int, side: str) -> str:
        """Choose a side; return why that cannot be, "" where it can."""
        return self._desk.take(index, Side(side))

    def take_rest(self, side: str) -> None:
        """Choose a side for all that is open."""
        self._desk.take_rest(Side(side))

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        return self._desk.undo()

    def write(self, workspace: HostWorkspace) -> tuple[str, ...]:
        """Write what is chosen; what is open keeps its marks. Return the problem.

        Raises:
          FileError, ChangedError: it cannot be written, or was changed meanwhile.
        """
        verdict = self._desk.check(self._desk.choices)
        if not verdict.is_valid:
            return (
                *verdict.others,
                *(
                    f"{self._desk.row(index).key}: {text}"
                    for index, found in verdict.by_conflict.items()
                    for text in found
                ),
            )
        self._desk.write(user_store(workspace.machine))
        return ()


def open_conflicts(workspace: HostWorkspace) -> LiveConflicts | MarkedConflicts | None:
    """Return the conflicts that are open now; None without one.

    Raises:
      SessionctlError: the marks in the file cannot be read.
    """
    if _is_marked(workspace.file):
        return MarkedConflicts(ResolutionDesk.read(workspace.file, workspace.machine.environ))
    found = workspace.conflicts
    return LiveConflicts(found) if found else None


def _is_marked(file: str) -> bool:
    try:
        return any(line.startswith(_MARK) for line in read_text(file).splitlines())
    except (OSError, SessionctlError):
        return False


def _sides(conflicts: tuple[Conflict, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(str(one.path), one.ours, one.theirs) for one in conflicts]
