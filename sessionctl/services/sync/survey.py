"""Survey: which files need a person: conflicts, mistakes, and what changed since HEAD."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH112, PTH118
import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.conflict.marked_text import read_conflicts
from sessionctl.core.filename import SESSION_PATHSPEC
from sessionctl.core.leftover import is_leftover
from sessionctl.core.problem import problem_of
from sessionctl.errors import FileError, GitError, ParseError, SessionctlError
from sessionctl.services.merging.marked_places import marked_places
from sessionctl.system.files.session_files import find_sessions
from sessionctl.system.files.text import decode_text, read_text
from sessionctl.system.git.directory import operation_under_way
from sessionctl.system.git.program import Git
from sessionctl.system.git.work_state import NEW, changed_files, left_out_files, unmerged_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sessionctl.core.problem import Problem
    from sessionctl.services.merging.marked_places import MarkedPlace
    from sessionctl.system.git.program import Repository
    from sessionctl.system.git.work_state import UnmergedFile

_TOML = "*.toml"
_DRIVER = "sessionctl"


class ProblemPlace(NamedTuple):
    """A problem of a file, and where it is."""

    line: int
    column: int
    problem: Problem


class FileState(NamedTuple):
    """How one file stands; ``path`` is the way to it from the current directory.

    ``state`` is the most urgent of: "unreadable", "conflicts", "unmerged" (git could not
    merge it, and there are no markers in it), "invalid", "missing", "changed", "new",
    "clean". ``changes`` is the number of changes since HEAD, key by key; None where that
    cannot be told. ``failure`` is why it could not be read.
    """

    path: str
    state: str
    conflicts: tuple[MarkedPlace, ...] = ()
    errors: tuple[ProblemPlace, ...] = ()
    changes: int | None = None
    failure: str = ""
    deleted_by: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether something is to be done about it."""
        return self.state in ("unreadable", "conflicts", "unmerged", "invalid")


class Survey(NamedTuple):
    """How the files stand, and what git is in the middle of (None for nothing).

    ``untracked`` are the session files that git does not know, where it knows no other.
    """

    files: tuple[FileState, ...]
    operation: str | None = None
    untracked: tuple[str, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Whether some file does."""
        return any(file.needs_person for file in self.files)


def survey(paths: Sequence[str], environ: Mapping[str, str]) -> Survey:
    """Return how the files at and below ``paths`` stand; without paths, of the repository.

    In a git repository these are the tracked session files and what else git merges
    through sessionctl, outside of one the session files. A file that is named is always
    among them.

    Raises:
      FileError: one of ``paths`` is not there.
      GitError: there is a repository here that git cannot use.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise FileError(f"{path}: no such file")
    return _Surveyor(paths, environ).run()


class _Surveyor:
    """State of one survey; ``git`` is None outside of a repository."""

    def __init__(self, paths: Sequence[str], environ: Mapping[str, str]) -> None:
        self.paths = paths
        self.git = Git(environ, Path.cwd())
        self.repository = self._repository()
        self.unmerged: dict[str, UnmergedFile] = {}
        self.tracked: set[str] = set()
        self.differs: set[str] | None = set()

    def run(self) -> Survey:
        operation = None
        if self.repository is not None:
            operation = operation_under_way(str(self.repository.git_dir))
            top = str(self.repository.work_tree)
            self.unmerged = {os.path.join(top, f.path): f for f in unmerged_files(self.git)}
            self.differs = self._read_differing(top)
        states = [self._state(path) for path in sorted(set(self._files()))]
        untracked = () if states or self.repository is None else self._untracked()
        return Survey(tuple(states), operation, tuple(untracked))

    # -- which files -----------------------------------------------------------------

    def _repository(self) -> Repository | None:
        try:
            found = self.git.repository()
        except GitError as error:
            # Any other reason is one to be told: the files may well be in a repository.
            if "not in a git repository" in error.message or "not found" in error.message:
                return None
            raise
        return found if found.work_tree is not None else None

    def _files(self) -> Iterator[str]:
        if self.repository is None:
            for path in self.paths or (".",):
                if os.path.isdir(path):
                    yield from (found.path for found in find_sessions(path))
                else:
                    yield os.path.normpath(path)
            return
        directories = [path for path in self.paths if os.path.isdir(path)]
        yield from (os.path.normpath(path) for path in self.paths if path not in directories)
        if self.paths and not directories:
            return
        areas = [f"{os.path.relpath(path)}/" for path in directories] or [":/"]
        for path, is_session in self._tracked_files():
            if areas == [":/"] or any(_is_below(path, area) for area in areas):
                self.tracked.add(path)
                if is_session:
                    yield path

    def _tracked_files(self) -> Iterator[tuple[str, bool]]:
        """Yield the tracked TOML files from here, and whether each is one of ours."""
        sessions = set(self.git.tracked(SESSION_PATHSPEC))
        others = sorted({*self.git.tracked(f":(top){_TOML}")} - sessions)
        merged = self.git.attributes(others, "merge") if others else {}
        top = self.repository.work_tree if self.repository is not None else None
        left_out = left_out_files(self.git, SESSION_PATHSPEC)
        for path in sorted(sessions):
            if is_leftover(os.path.basename(path)):  # noqa: PTH119
                continue
            if not left_out or os.path.relpath(path, top) not in left_out:
                yield path, True
        for path in others:
            yield path, merged[path]["merge"] == _DRIVER

    def _untracked(self) -> list[str]:
        """Return the session files that git does not know yet, from here."""
        top = str(self.repository.work_tree) if self.repository is not None else ""
        found = changed_files(self.git, [SESSION_PATHSPEC])
        new = [f.path for f in found if f.change == NEW]
        new = [path for path in new if not is_leftover(os.path.basename(path))]  # noqa: PTH119
        return sorted(os.path.relpath(os.path.join(top, path)) for path in new)

    def _read_differing(self, top: str) -> set[str] | None:
        """Return the files that differ from HEAD; None where there is no commit yet."""
        words = ("diff", "--name-only", "-z", "--no-ext-diff", "HEAD", "--")
        done = self.git.run(*words, ok=(0, 128))
        if done.returncode != 0:
            return None
        return {os.path.join(top, name) for name in os.fsdecode(done.stdout).split("\0")[:-1]}

    # -- how they stand --------------------------------------------------------------

    def _state(self, path: str) -> FileState:
        real = os.path.realpath(path)
        unmerged = self.unmerged.get(real)
        deleted_by = unmerged.deleted_by if unmerged is not None else ""
        if not os.path.lexists(path):
            return FileState(path, "unmerged" if unmerged else "missing", deleted_by=deleted_by)
        try:
            text = read_text(path)
        except ParseError as error:  # not UTF-8
            place = ProblemPlace(error.line, error.column, problem_of(error))
            return FileState(path, "invalid", errors=(place,))
        except SessionctlError as error:
            return FileState(path, "unreadable", failure=error.message)
        conflicts = marked_places(path, text)
        if conflicts:
            return FileState(path, "conflicts", conflicts)
        errors, failure = _errors(path, text)
        if unmerged is not None:
            return FileState(path, "unmerged", (), errors, None, failure, deleted_by)
        if failure:
            return FileState(path, "unreadable", failure=failure)
        if errors:
            return FileState(path, "invalid", errors=errors)
        return self._compared(path, real, text)

    def _compared(self, path: str, real: str, text: str) -> FileState:
        """Return the state of a valid file against HEAD."""
        top = None if self.repository is None else self.repository.work_tree
        if top is None or not real.startswith(f"{top}{os.sep}"):
            return FileState(path, "clean")
        if path in self.tracked and self.differs is not None and real not in self.differs:
            return FileState(path, "clean", changes=0)
        name = os.path.relpath(real, top)
        done = self.git.run("cat-file", "blob", f"HEAD:{name}", ok=(0, 128))
        if done.returncode != 0:
            return FileState(path, "new")
        from sessionctl.services.documents.document_comparison import DocumentVersion, compare

        try:
            before = DocumentVersion(path, decode_text(done.stdout, f"HEAD:{name}"))
            changes = len(compare(before, DocumentVersion(path, text)).diff)
        except ParseError:
            return FileState(path, "changed")
        state = "clean" if before.text == text else "changed"
        return FileState(path, state, changes=changes)


def _is_below(path: str, area: str) -> bool:
    return path.startswith(area) or (area == "./" and not path.startswith("../"))


def _errors(path: str, text: str) -> tuple[tuple[ProblemPlace, ...], str]:
    """Return the mistakes in a file, and why it could not be checked ("" when it was)."""
    from sessionctl.core.text.source import Source
    from sessionctl.services.documents.file_validation import check_file
    from sessionctl.services.documents.validation import Validator

    source = Source(text)
    broken = read_conflicts(text).problems
    if broken:
        return tuple(ProblemPlace(*source.place(p.span.start), p) for p in broken), ""
    checked = check_file(path, Validator())
    if checked.failure is not None:
        return (), checked.failure.message
    return tuple(ProblemPlace(*checked.place(p)[:2], p) for p in checked.errors), ""
