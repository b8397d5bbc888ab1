"""Survey: which files need a person: conflicts, mistakes, and what a sync would commit."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH112, PTH118, PTH120
import os
from pathlib import Path

from sessionctl.core.filename import is_session_name, is_vault_path
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import FileError, GitError
from sessionctl.services.documents.validation import Validator
from sessionctl.services.sync.file_state import FileState, StateReader, state_outside
from sessionctl.services.sync.taken_files import (
    SYNCED,
    is_synced,
    pathspecs_of,
    taken_of,
    without_own,
)
from sessionctl.system.files.session_files import find_sessions
from sessionctl.system.git.directory import find_git_dir, operation_under_way
from sessionctl.system.git.program import Git
from sessionctl.system.git.typed_git import typed_git
from sessionctl.system.git.work_state import NEW, is_merging_upstream, read_changes, read_index
from sessionctl.system.os_errors import listing_hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sessionctl.services.sync.taken_files import TakenFiles
    from sessionctl.services.verdicts.verdict_cache import VerdictCache

_TOML = ":(top)*.toml"
_DRIVER = "sessionctl"


class Survey(NamedTuple):
    """How the files stand, and what git is in the middle of (None for nothing).

    ``untracked`` are the session files that git does not know, where it knows no other.
    """

    files: tuple[FileState, ...]
    operation: str | None = None
    untracked: tuple[str, ...] = ()
    git: str = "git"
    """How git is called on a command line here, in the repository of the operation."""
    sync: str = ""
    """The command that ends the operation, where it is a merge of the upstream; else ""."""

    @property
    def needs_person(self) -> bool:
        """Whether some file does."""
        return any(file.needs_person for file in self.files)


class _Area(NamedTuple):
    """What was asked for of one repository: files by their real paths and names, directories.

    Nothing stands for all of it.
    """

    git: Git
    top: Path
    git_dir: Path
    files: dict[str, str]
    folders: list[str]


def survey(
    paths: Sequence[str],
    environ: Mapping[str, str],
    verdicts: VerdictCache | None = None,
    own: Sequence[str] = (),
) -> Survey:
    """Return how the files at and below ``paths`` stand; without paths, of the repository.

    In a git repository these are the tracked session files, what else git merges through
    sessionctl, and whatever a sync of the same paths would commit; outside of one the
    session files. A file that is named is always among them, and a symlink leads to the
    repository of what it names. What ``verdicts`` knows to be valid is not checked again.
    Not looked into are the directories of sessionctl's ``own`` files.

    Raises:
      FileError: one of ``paths`` is not there.
      GitError: there is a repository here that git cannot use.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise FileError(f"{path}: no such file", hints=[listing_hint(path)])
    areas, outside = _areas(paths, environ, own)
    validator = Validator(verdicts=verdicts)
    states = [state_outside(path, validator) for path in outside]
    untracked: list[str] = []
    operation, git, sync = None, "git", ""
    for area in areas:
        if operation is None:
            operation = operation_under_way(str(area.git_dir))
            typed = typed_git(area.top, environ)
            git = typed.command
            if operation == "merge" and is_merging_upstream(area.git):
                sync = f"sessionctl sync{typed.place}"
        found, new = _survey_area(area, validator, own)
        states += found
        untracked += new
    by_path = {state.path: state for state in states}
    return Survey(
        tuple(by_path[path] for path in sorted(by_path)), operation, tuple(untracked), git, sync
    )


def _areas(
    paths: Sequence[str], environ: Mapping[str, str], own: Sequence[str]
) -> tuple[list[_Area], list[str]]:
    """Return what is asked for by repository, and the files that are in none."""
    areas: dict[str, _Area | None] = {}
    outside: list[str] = []
    pending = [*paths] or ["."]
    for path in pending:
        area = _area_of(path, environ, areas)
        if area is not None:
            real = _real_path(path)
            if not os.path.isdir(path):
                area.files[real] = os.path.normpath(path)
            elif paths:
                area.folders.append(real)
        elif os.path.isdir(path):
            for found in find_sessions(path, own=own, with_dangling=True):
                # Stowed: in no repository here, but a link into one.
                linked = os.path.islink(found.path) and os.path.exists(found.path)  # noqa: PTH114
                area = _area_of(found.path, environ, areas) if linked else None
                if area is None:
                    outside.append(found.path)
                else:
                    area.files[os.path.realpath(found.path)] = found.path
        else:
            outside.append(os.path.normpath(path))
    return [area for area in areas.values() if area is not None], outside


def _real_path(path: str) -> str:
    """Return the path without links; a link that leads nowhere is the file that it is itself."""
    if os.path.exists(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder or "."), name)


def _area_of(path: str, environ: Mapping[str, str], areas: dict[str, _Area | None]) -> _Area | None:
    """Return the area of the repository that a path leads into, None for none."""
    real = _real_path(path)
    start = real if os.path.isdir(real) else os.path.dirname(real)
    git_dir = find_git_dir(start, environ)
    if git_dir is None:
        return None
    key = os.path.realpath(git_dir)
    if key not in areas:
        areas[key] = _open_area(Git(environ, Path.cwd() if "GIT_DIR" in environ else Path(start)))
    area = areas[key]
    if area is None or not f"{real}{os.sep}".startswith(f"{area.top}{os.sep}"):
        return None
    return area


def _open_area(git: Git) -> _Area | None:
    try:
        repository = git.repository()
    except GitError as error:
        # Any other reason is one to be reported: the files may well be in a repository.
        if "not in a git repository" in error.message or "not found" in error.message:
            return None
        raise
    top = repository.work_tree
    if top is None:
        return None
    given = (repository.git_dir, top) if "GIT_DIR" in git.environ else ()
    return _Area(Git(git.environ, top, *given), top, repository.git_dir, {}, [])


def _survey_area(
    area: _Area, validator: Validator, own: Sequence[str]
) -> tuple[list[FileState], list[str]]:
    """Return how the files of one repository stand, and the untracked ones where none is."""
    git, top = area.git, area.top
    is_whole = not (area.files or area.folders)
    asked = [Path(path) for path in (*area.files, *area.folders)]
    specs = [*SYNCED, _TOML] if is_whole else pathspecs_of(top, asked)
    changes = without_own(read_changes(git, specs), top, own)
    index = read_index(git, specs)
    taken = taken_of(git, top, changes, index.tracked)
    reader = StateReader(git, top, index.tracked, changes, taken, validator)
    shown = dict.fromkeys(_blocked(taken))
    shown.update(dict.fromkeys(file.path for file in changes.unmerged if is_vault_path(file.path)))
    shown.update(dict.fromkeys(file.path for file in taken.files))
    if is_whole or area.folders:
        folders = [os.path.relpath(folder, top) for folder in area.folders]
        there = index.tracked - index.left_out
        shown.update(dict.fromkeys(_ours(git, _below(there.difference(shown), folders))))
    names = {os.path.relpath(real, top): name for real, name in area.files.items()}
    files = [(path, names.get(path, "")) for path in sorted({*shown, *names})]
    states = reader.read_all(files)
    news = [file.path for file in taken.files if file.change == NEW]
    has_session = any(_is_session(path) for path in index.tracked)
    if has_session or not news:
        return states, []
    return states, [state.path for state in states if state.state == "new"]


def _blocked(taken: TakenFiles) -> Iterator[str]:
    yield from taken.partly_staged
    yield from (file.path for file in taken.missing)


def _below(paths: Iterable[str], folders: Sequence[str]) -> Iterator[str]:
    """Yield the paths in one of the folders; without folders, all of them."""
    for path in paths:
        if not folders or any(folder == "." or path.startswith(f"{folder}/") for folder in folders):
            yield path


def _ours(git: Git, paths: Iterable[str]) -> Iterator[str]:
    """Yield the sessions and the other TOML that git merges through sessionctl."""
    others: list[str] = []
    for path in paths:
        if _is_session(path):
            yield path
        elif path.endswith(".toml") and not is_session_name(os.path.basename(path)):  # noqa: PTH119
            others.append(path)
    if others:
        for path, found in git.attributes(others, "merge").items():
            if found["merge"] == _DRIVER:
                yield path


def _is_session(path: str) -> bool:
    return is_synced(path) and is_session_name(os.path.basename(path))  # noqa: PTH119
