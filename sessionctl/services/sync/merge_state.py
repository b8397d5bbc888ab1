"""Merge state: the files that git could not merge, which of them are settled, what is left."""

from __future__ import annotations

from typing import NamedTuple

from sessionctl.core.filename import is_session_name, is_sidecar_name
from sessionctl.core.light_enum import Enum
from sessionctl.services.merging.marked_places import all_marked_places
from sessionctl.services.sync.sync_checks import check_files, seen_from_here
from sessionctl.system.files.text import read_bytes
from sessionctl.system.git.typed_git import typed_git
from sessionctl.system.git.work_state import as_merge_left_it, unmerged_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.merging.marked_places import MarkedPlace
    from sessionctl.system.git.program import Git
    from sessionctl.system.git.work_state import UnmergedFile


class UnresolvedKind(Enum):
    """Why a person must look at a file."""

    CONFLICTS = "conflicts"
    DELETED = "deleted"
    """Changed on one side, deleted on the other."""
    RENAMED = "renamed"
    """The sides gave it two names."""
    FOREIGN = "foreign"
    """Not one of ours: git merged it."""
    ONE_SIDED = "one-sided"
    """Not merged at all: it holds one side only."""


class UnresolvedFile(NamedTuple):
    """A file of a merge that a person must look at.

    ``path`` is from the top of the work tree, ``name`` the way to it from the current
    directory; ``conflicts`` are those between markers. ``git`` and ``word`` are how git and
    the file are called on a command line.
    """

    path: str
    name: str
    kind: UnresolvedKind
    conflicts: tuple[MarkedPlace, ...] = ()
    git: str = "git"
    word: str = ""


class MergeState(NamedTuple):
    """The files that git could not merge: settled ones, the others, and their faults."""

    resolved: tuple[str, ...] = ()
    unsettled: tuple[UnresolvedFile, ...] = ()
    findings: tuple[CheckedFile, ...] = ()


def read_merge(git: Git, top: Path) -> MergeState:
    """Return how the files stand that git could not merge."""
    resolved: list[str] = []
    unsettled: list[UnresolvedFile] = []
    typed = typed_git(top, git.environ)
    for file in unmerged_files(git):
        found = _unresolved(git, top, file)
        if found is None:
            resolved.append(file.path)
        else:
            word = typed.file(str(top / file.path))
            unsettled.append(found._replace(git=typed.command, word=word))
    return MergeState(tuple(resolved), tuple(unsettled), tuple(check_files(top, resolved)))


def _unresolved(git: Git, top: Path, file: UnmergedFile) -> UnresolvedFile | None:
    name, path = seen_from_here(top, file.path), top / file.path
    if not (file.ours and file.theirs) or not path.is_file():
        is_deleted = file.deleted_by in ("ours", "theirs")
        kind = UnresolvedKind.DELETED if is_deleted else UnresolvedKind.RENAMED
        return UnresolvedFile(file.path, name, kind)
    if not (is_session_name(path.name) or is_sidecar_name(path.name)):
        return UnresolvedFile(file.path, name, UnresolvedKind.FOREIGN)
    places = all_marked_places(name, read_bytes(path).decode(errors="replace"))
    if places:
        return UnresolvedFile(file.path, name, UnresolvedKind.CONFLICTS, places)
    if as_merge_left_it(git, file.path):
        # No markers and no edit: a driver that did not run leaves ours alone, theirs gone.
        return UnresolvedFile(file.path, name, UnresolvedKind.ONE_SIDED)
    return None
