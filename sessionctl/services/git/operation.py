"""Operation: what git is in the middle of, and how a file stands in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sessionctl.core.text.shellwords import path_word, quoted
from sessionctl.errors import GitError
from sessionctl.system.git.directory import find_git_dir, operation_under_way
from sessionctl.system.git.work_state import is_merging_upstream, unmerged_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessionctl.system.git.index_lock import IndexLock, LockHolder


class LockState(NamedTuple):
    """Who holds the lock of an index, and the next step, in words."""

    reason: str
    hint: str


class Situation(NamedTuple):
    """How things stand in the repository of one file; outside of one, nothing is known.

    ``operation`` is None where none is under way; ``git`` and ``file`` are how the two are
    called on a command line here. ``others`` are other files that are not merged yet;
    ``holds_ours`` tells that the file is unmerged and exactly what it was on our side;
    ``deleted_by`` is the side that deleted the file while the other changed it, "" for none;
    ``is_synced`` tells that a sync ends the operation, which is a merge of the upstream.
    """

    operation: str | None = None
    git: str = "git"
    file: str = ""
    is_unmerged: bool = False
    others: int = 0
    holds_ours: bool = False
    deleted_by: str = ""
    is_synced: bool = False

    @property
    def place(self) -> str:
        """What commands of ours take that are about the repository: "" in it, else " DIR"."""
        return self.git.removeprefix("git -C").removeprefix("git")


def read_situation(file: str, text: str, environ: Mapping[str, str]) -> Situation:
    """Return how things stand for ``file``, which holds ``text``; symlinks are followed.

    Without git, or outside of a repository, a situation that knows nothing.
    """
    from sessionctl.system.git.program import Git

    real = Path(os.path.realpath(file))
    # GIT_DIR, where it is set, is meant from the current directory.
    directory = "." if environ.get("GIT_DIR") else str(real.parent)
    git_dir = find_git_dir(directory, environ)
    if git_dir is None:
        return Situation()
    operation = operation_under_way(git_dir)
    here = find_git_dir(".", environ)
    is_here = here is not None and os.path.realpath(here) == os.path.realpath(git_dir)
    is_link = os.path.realpath(file) != os.path.abspath(file)  # noqa: PTH100 - no symlinks here
    command, word = "git", file
    if is_link or not is_here:
        command, word = f"git -C {quoted(directory)}", real.name
    git = Git(environ, Path(directory))
    try:
        top = git.repository().work_tree
        unmerged = unmerged_files(git)
    except GitError:
        return Situation(operation, command, word)
    mine = [found for found in unmerged if top is not None and top / found.path == real]
    holds_ours = any(
        git.run("cat-file", "blob", m.ours).stdout == text.encode() for m in mine if m.ours
    )
    others = len(unmerged) - len(mine)
    deleted_by = "".join(m.deleted_by for m in mine)
    is_synced = operation == "merge" and is_merging_upstream(git)
    return Situation(
        operation, command, word, bool(mine), others, holds_ours, deleted_by, is_synced
    )


def lock_state(git_dir: str) -> LockState | None:
    """Return who holds the lock of the index of ``git_dir``; None where there is no lock.

    To remove it is proposed where no process is known to hold it, and nowhere else: git
    that goes on without its lock damages the index.
    """
    from sessionctl.system.git.index_lock import read_index_lock

    lock = read_index_lock(git_dir)
    if lock is None:
        return None
    if lock.holders:
        return _held(lock.holders[0])
    if not lock.is_left_over:
        return LockState("git is at work here", hint="wait a moment, and try it again")
    return LockState(
        "git left its lock here, and no process of this machine holds it",
        hint=f"if none on another machine does, remove it: rm {path_word(_shown(lock))}",
    )


def _held(holder: LockHolder) -> LockState:
    who = f"{holder.program} (process {holder.pid})"
    if not holder.is_certain:
        who = f"{who}, of another user or elsewhere, may be"
    else:
        who = f"{who} is"
    child = f", and waits for {holder.child}" if holder.child else ""
    return LockState(f"{who} at work here{child}", hint=f"let it end; see it: ps -fp {holder.pid}")


def _shown(lock: IndexLock) -> str:
    path, here = Path(lock.path), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
