"""Taken files: which files a sync commits, and which it must not; status shows the same ones.

A sync takes the sessions that differ from the last commit and what opens their secrets:
sidecars, readers, vaults. Those go along where git is told not to look for new files, too,
for a session without them opens nowhere else.
"""

from __future__ import annotations

# Most sessions have nothing beside them: plain os calls first.
# ruff: noqa: PTH118
import os

from sessionctl.core.filename import (
    RECIPIENTS_FILE,
    SESSION_PATHSPEC,
    SIDECAR_PATHSPEC,
    VAULT_FILE,
    VAULT_FOLDER,
    VAULT_INFO_FILE,
    is_session_name,
    is_sidecar_name,
    is_vault_path,
    session_name,
    sidecar_name,
)
from sessionctl.core.leftover import is_leftover
from sessionctl.core.light_enum import Enum
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.system.files.session_files import own_below
from sessionctl.system.git.work_state import (
    DELETED,
    NEW,
    ChangedFile,
    literal_paths,
    read_changes,
    without_ignored,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sessionctl.system.git.program import Git
    from sessionctl.system.git.work_state import UnmergedFile, WorkChanges

MERGED = (SESSION_PATHSPEC, SIDECAR_PATHSPEC)
"""The files that git merges through sessionctl."""
VAULT_PATHSPECS = (
    f":(top,glob)**/{RECIPIENTS_FILE}",
    f":(top,glob)**/{VAULT_FOLDER}/{VAULT_FILE}",
    f":(top,glob)**/{VAULT_FOLDER}/{VAULT_INFO_FILE}",
)
SYNCED = (*MERGED, *VAULT_PATHSPECS)
"""The sessions and what opens their secrets: the files that sync commits."""

_VAULT = f"{VAULT_FOLDER}/{VAULT_FILE}"
_VAULT_NAMES = (RECIPIENTS_FILE, _VAULT, f"{VAULT_FOLDER}/{VAULT_INFO_FILE}")


class Absence(Enum):
    """Why a file would be missing elsewhere."""

    IGNORED = "ignored"
    LET_GO = "let go"
    """Staged for removal, and still on disk."""
    DELETED = "deleted"


class MissingFile(NamedTuple):
    """A file that opens the secrets of the session ``needed_by``, and would be missing."""

    path: str
    needed_by: str
    why: Absence


class TakenFiles(NamedTuple):
    """What a sync takes; all paths are from the top of the work tree.

    Of the ``partly_staged`` only a part is staged, and a sync commits whole files. Without
    what is ``missing``, secrets could not be opened elsewhere. ``touched`` are sessions
    that do not change, but their sidecars do. ``unmerged`` are files that git could not
    merge, not ours alone.
    """

    files: tuple[ChangedFile, ...] = ()
    partly_staged: tuple[str, ...] = ()
    missing: tuple[MissingFile, ...] = ()
    touched: tuple[str, ...] = ()
    unmerged: tuple[UnmergedFile, ...] = ()
    has_own_attributes: bool = False

    @property
    def on_disk(self) -> list[str]:
        """The files with content to check: those not deleted, and the touched sessions."""
        return [*(file.path for file in self.files if file.change != DELETED), *self.touched]


def is_synced(path: str) -> bool:
    """Return whether sync commits a file of this path: a session, or what opens its secrets."""
    name = path.rpartition("/")[2]
    if is_leftover(name):
        return False
    return is_session_name(name) or is_sidecar_name(name) or is_vault_path(path)


def pathspecs_of(top: Path, files: Iterable[Path]) -> list[str]:
    """Return what a sync of these files and directories in ``top`` looks at, for git."""
    found = []
    for path in files:
        found.append(path.relative_to(top).as_posix())
        if is_session_name(path.name):
            found.append(path.with_name(sidecar_name(path.name)).relative_to(top).as_posix())
    return [*literal_paths(found), *VAULT_PATHSPECS]


def read_taken(
    git: Git, top: Path, pathspecs: Sequence[str] = SYNCED, own: Sequence[str] = ()
) -> TakenFiles:
    """Return what a sync of ``pathspecs`` takes; git must run at the top.

    New files in the directories of sessionctl's ``own`` files are none of them.
    """
    changes = without_own(read_changes(git, pathspecs), top, own)
    return taken_of(git, top, changes, set(git.tracked(*pathspecs)))


def without_own(changes: WorkChanges, top: Path, own: Sequence[str]) -> WorkChanges:
    """Return ``changes`` without new files in the directories of sessionctl's ``own`` files.

    The work tree can be a home directory: a draft of a session is no session to commit.
    """
    places = tuple(f"{place}/" for place in own_below(str(top), own))
    files = tuple(
        file
        for file in changes.files
        if file.change != NEW or not os.path.join(top, file.path).startswith(places)
    )
    return changes._replace(files=files)


def taken_of(git: Git, top: Path, changes: WorkChanges, tracked: Collection[str]) -> TakenFiles:
    """Return what a sync takes of ``changes``, where ``tracked`` are the tracked files."""
    files = {file.path: file for file in changes.files if is_synced(file.path)}
    gone = {path for path, file in files.items() if file.change == DELETED}
    sessions = sorted(
        path
        for path in {*tracked, *files} - gone
        if is_session_name(_base(path)) and os.path.isfile(os.path.join(top, path))  # noqa: PTH113
    )
    needed = dict(_companions(top, sessions))
    unknown = [path for path in needed if path not in files and path not in tracked]
    let_go = [path for path in unknown if path in changes.let_go]
    found, ignored = without_ignored(git, [path for path in unknown if path not in let_go])
    files.update((path, ChangedFile(path, NEW)) for path in found)
    return TakenFiles(
        tuple(files.values()),
        tuple(path for path in changes.partly_staged if path in files),
        (
            *(MissingFile(path, needed[path], Absence.IGNORED) for path in ignored),
            *(MissingFile(path, needed[path], Absence.LET_GO) for path in let_go),
            *_lost(needed, gone),
        ),
        tuple(_touched(sessions, files)),
        changes.unmerged,
        changes.has_own_attributes,
    )


def _companions(top: Path, sessions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each file there is that opens the secrets of a session, and that session."""
    roots: dict[str, str | None] = {}
    for session in sessions:
        folder, name = os.path.split(session)
        sidecar = os.path.join(folder, sidecar_name(name))
        if not os.path.lexists(os.path.join(top, sidecar)):
            continue
        yield sidecar, session
        if folder not in roots:
            roots[folder] = _vault_root(top, folder)
        root = roots[folder]
        if root is None:
            continue
        for file in _VAULT_NAMES:
            path = os.path.normpath(os.path.join(root, file))
            if os.path.lexists(os.path.join(top, path)):
                yield path, session


def _lost(needed: Mapping[str, str], gone: Collection[str]) -> Iterator[MissingFile]:
    """Yield each vault that is deleted while sidecars are left which only it opens."""
    left = [_covered_by(path) for path in needed if _is_vault(path)]
    for vault in gone:
        if not _is_vault(vault):
            continue
        for path, session in needed.items():
            roots = (root for root in left if path.startswith(root))
            is_other = any(len(root) > len(_covered_by(vault)) for root in roots)
            if (
                is_sidecar_name(_base(path))
                and path.startswith(_covered_by(vault))
                and not is_other
            ):
                yield MissingFile(vault, session, Absence.DELETED)
                break


def _is_vault(path: str) -> bool:
    return path == _VAULT or path.endswith(f"/{_VAULT}")


def _covered_by(vault: str) -> str:
    """Return what the paths begin with of the files that a vault is for."""
    return vault.removesuffix(_VAULT)


def _vault_root(top: Path, folder: str) -> str | None:
    """Return the directory of the vault for ``folder``, None where it is not in this work tree."""
    from sessionctl.services.secrets.access.secret_place import find_root

    root = find_root((top / folder).resolve())
    return root.relative_to(top).as_posix() if root.is_relative_to(top) else None


def _touched(sessions: Iterable[str], files: Collection[str]) -> Iterator[str]:
    """Yield the sessions that stay as they are while their sidecars change."""
    there = set(sessions)
    for path in files:
        folder, name = os.path.split(path)
        session = os.path.join(folder, session_name(name))
        if is_sidecar_name(name) and session in there and session not in files:
            yield session


def _base(path: str) -> str:
    return path.rpartition("/")[2]
