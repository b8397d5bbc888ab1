"""Sync plan: what a sync would do here, the problem, and how a merge stands."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.filename import stem_of
from sessionctl.core.text.shellwords import path_word
from sessionctl.errors import FileError, GitError, RefusedError, UsageError
from sessionctl.services.documents.validation import Validator
from sessionctl.services.git.operation import lock_state
from sessionctl.services.sync.merge_state import read_merge
from sessionctl.services.sync.sync_checks import check_taken, is_refused, seen_from_here
from sessionctl.services.sync.taken_files import SYNCED, is_synced, pathspecs_of, read_taken
from sessionctl.system.git.directory import find_git_dir, operation_under_way
from sessionctl.system.git.index_lock import YOUNG_S, lock_path
from sessionctl.system.git.program import Git
from sessionctl.system.git.typed_git import typed_git, typed_git_for
from sessionctl.system.git.work_state import (
    ChangedFile,
    Upstream,
    current_branch,
    find_upstream,
    has_commit,
    is_merging,
    unmerged_files,
)
from sessionctl.system.os_errors import listing_hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sessionctl.services.documents.checked_file import CheckedFile
    from sessionctl.services.git.operation import LockState
    from sessionctl.services.sync.merge_state import MergeState, UnresolvedFile
    from sessionctl.services.verdicts.verdict_cache import VerdictCache
    from sessionctl.system.git.typed_git import TypedGit

_LOOK_S = 0.05
_NAMED_IN_MESSAGE = 3
_READERS = "who can read the secrets"


class Request(NamedTuple):
    """What was asked for: files and directories (none: the repository), and how."""

    environ: Mapping[str, str]
    paths: tuple[str, ...] = ()
    message: str | None = None
    pushes: bool = True
    is_stopped: Callable[[], bool] | None = None
    """Asked while git runs, where nobody is there to end it."""
    verdicts: VerdictCache | None = None
    """What is known to be valid, which is not checked again."""
    sessions: str = ""
    """The user's directory of sessions, "" for none."""
    own: tuple[str, ...] = ()
    """The directories of sessionctl's own files, which are no part of a repository."""


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a sync does; nothing is done yet.

    Paths are from the top of the work tree. ``files`` are to be committed;
    ``merging`` is how a merge of the upstream stands that is to be concluded, None
    without one. ``findings`` are the files with something that speaks against committing
    them.
    """

    git: Git
    top: Path
    branch: str
    is_unborn: bool
    upstream: Upstream | None
    files: tuple[ChangedFile, ...]
    message: str
    pushes: bool
    merging: MergeState | None
    findings: tuple[CheckedFile, ...]

    @property
    def is_stopped(self) -> bool:
        """Whether something must be settled before anything can be done."""
        return bool(self.unsettled) or is_refused(self.findings)

    @property
    def unsettled(self) -> tuple[UnresolvedFile, ...]:
        """The files of the merge under way that a person must look at."""
        return self.merging.unsettled if self.merging is not None else ()


def plan_sync(request: Request) -> SyncPlan:
    """Return what a sync would do; git is only asked, and not over the network.

    Raises:
      UsageError: a path is no session file, or paths are in several repositories.
      GitError: there is no repository with a work tree, or another git is at work.
      RefusedError: no branch is checked out, or git is in the middle of something else.
    """
    git, top, specs = _repository(request)
    branch = current_branch(git)
    upstream = None if branch is None else find_upstream(git, branch)
    is_merging = _check_operation(git, upstream)
    if branch is None:
        typed = typed_git(top, git.environ)
        raise RefusedError(
            f"{top}: no branch is checked out (detached head), a commit could get lost",
            hints=[
                f"go to a branch: {typed.command} switch main, or make one:"
                f" {typed.command} switch -c NAME"
            ],
        )
    merging = read_merge(git, top) if is_merging else None
    taken = read_taken(git, top, specs, request.own)
    if merging is None and taken.unmerged:
        raise _unmerged(git, taken.unmerged[0].path)
    findings = check_taken(git, top, taken, Validator(verdicts=request.verdicts))
    return SyncPlan(
        git,
        top,
        branch,
        not has_commit(git, "HEAD"),
        upstream,
        taken.files,
        request.message or _message(taken.files),
        request.pushes,
        merging,
        (*(merging.findings if merging is not None else ()), *findings),
    )


def _repository(request: Request) -> tuple[Git, Path, list[str]]:
    """Return git at the top of the one repository asked for, and pathspecs of its files."""
    here = Path.cwd()
    if not request.paths:
        try:
            git, top = Git(request.environ, here, is_stopped=request.is_stopped).at_top()
        except GitError as error:
            elsewhere = _linked_elsewhere(here, request.environ)
            raise elsewhere or _sessions_elsewhere(here, request) or error from error
        return git, top, list(SYNCED)
    tops: dict[Path, Git] = {}
    found: list[Path] = []
    for word in request.paths:
        path = Path(os.path.realpath(word))
        is_of_sync = is_synced(path.as_posix())
        if not os.path.lexists(word) and not (is_of_sync and path.parent.is_dir()):
            raise FileError(f"{word}: no such file or directory", hints=[listing_hint(word)])
        if not path.is_dir() and not is_of_sync:
            raise UsageError(
                f"{word}: not a session file, and sync commits no others",
                hints=[f"commit it with git: {_commit_command(word, request.environ)}"],
            )
        start = path if path.is_dir() else path.parent
        cwd = here if "GIT_DIR" in request.environ else start
        git, top = Git(request.environ, cwd, is_stopped=request.is_stopped).at_top()
        if not path.is_relative_to(top):
            raise UsageError(f"{word}: outside of the work tree {top}")
        tops[top] = git
        found.append(path)
    if len(tops) > 1:
        raise UsageError(
            f"sync: one repository at a time, got {' and '.join(map(str, tops))}",
            hints=["run it once for each"],
        )
    top, git = next(iter(tops.items()))
    return git, top, pathspecs_of(top, found)


def _linked_elsewhere(here: Path, environ: Mapping[str, str]) -> GitError | None:
    """Return the error of a directory whose session files are links into a repository, as of stow.

    None for another directory.
    """
    if find_git_dir(str(here), environ) is not None:
        return None
    for name in sorted(os.listdir(here)):  # noqa: PTH208
        there = os.path.dirname(os.path.realpath(here / name))  # noqa: PTH120
        if (here / name).is_symlink() and is_synced(name) and find_git_dir(there, {}) is not None:
            top = Git(environ, Path(there)).at_top()[1]
            hint = f"its session files are links into one: sessionctl sync {path_word(str(top))}"
            return GitError(f"{here}: not in a git repository", hints=[hint])
    return None


def _sessions_elsewhere(here: Path, request: Request) -> GitError | None:
    """Return the error outside of a repository, where the user's sessions are in one."""
    environ = request.environ
    if find_git_dir(str(here), environ) is not None or not os.path.isdir(request.sessions):  # noqa: PTH112
        return None
    # The directory above them may be a link into a repository, as of stow.
    if find_git_dir(os.path.realpath(request.sessions), environ) is None:
        return None
    hint = f"your sessions are in one: sessionctl sync {path_word(request.sessions)}"
    return GitError(f"{here}: not in a git repository", hints=[hint])


def _check_operation(git: Git, upstream: Upstream | None) -> bool:
    """Return whether a merge of the upstream is under way; refuse all else git is at.

    Raises:
      GitError: another git is at work.
      RefusedError: git is in the middle of something else.
    """
    git_dir = git.git_dir or find_git_dir(str(git.cwd), git.environ) or git.repository().git_dir
    advice = _lock_that_stays(str(git_dir))
    if advice is not None:
        raise GitError(f"{lock_path(str(git_dir))}: {advice.reason}", hints=[advice.hint])
    operation = operation_under_way(str(git_dir))
    if operation is None:
        return False
    if operation == "merge" and is_merging(git, upstream):
        return True
    typed = typed_git(git.cwd, git.environ)
    command = f"{typed.command} {operation}"
    raise RefusedError(
        f"{git.cwd}: git is in the middle of a {operation}",
        hints=[
            *_steps_out(git, typed),
            f"finish it: {command} --continue, or abort it: {command} --abort",
            f"then: sessionctl sync{typed.place}",
        ],
    )


def _unmerged(git: Git, path: str) -> RefusedError:
    """Return the error of a file with a conflict of no merge, such as ``git stash pop`` leaves."""
    typed = typed_git(git.cwd, git.environ)
    return RefusedError(
        f"{seen_from_here(git.cwd, path)}: git could not merge it, so it would not be committed",
        hints=[*_steps_out(git, typed), f"then: sessionctl sync{typed.place}"],
    )


def _steps_out(git: Git, typed: TypedGit) -> list[str]:
    """Return what has to be done before git can go on: the first file that is in conflict."""
    for file in unmerged_files(git):
        if not (is_synced(file.path) and file.ours and file.theirs):
            return [f"first resolve the conflicts: {typed.command} status"]
        word = typed.file(str(git.cwd / file.path))
        place = path_word(seen_from_here(git.cwd, file.path))
        return [f"first: sessionctl resolve {place} && {typed.command} add {word}"]
    return []


def _commit_command(file: str, environ: Mapping[str, str]) -> str:
    typed = typed_git_for(file, environ)
    return f"{typed.command} add {typed.file(file)} && {typed.command} commit"


def _lock_that_stays(git_dir: str) -> LockState | None:
    """Return who holds the lock; one that is held for a moment only is waited for."""
    end = time.monotonic() + 2 * YOUNG_S
    while os.path.lexists(lock_path(git_dir)) and time.monotonic() < end:
        time.sleep(_LOOK_S)
    return lock_state(git_dir)


def _message(files: Sequence[ChangedFile]) -> str:
    """Return the message of a commit of ``files``."""
    stems = (stem_of(file.path.rpartition("/")[2]) for file in files)
    names = sorted({stem for stem in stems if stem}) or [_READERS]
    if len(names) > _NAMED_IN_MESSAGE:
        return f"sync: {len(files)} session files"
    return f"sync: {', '.join(names)}"
