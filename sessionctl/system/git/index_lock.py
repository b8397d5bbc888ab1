"""Index lock: who holds the lock that git takes while it writes its index."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from sessionctl.system.git.directory import find_git_dir
from sessionctl.system.process_table import ProcessTable, open_process_table

# ruff: noqa: PTH118, PTH119

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

YOUNG_S = 0.5
"""A lock of this age may be one that is just being given back."""
_ENDED = ("Z", "X")
_READING = frozenset(
    {
        "blame", "cat-file", "config", "credential-cache--daemon", "daemon", "diff", "fetch",
        "for-each-ref", "fsmonitor--daemon", "grep", "help", "log", "ls-files", "maintenance",
        "push", "remote", "rev-list", "shortlog", "show", "upload-pack",
    }
)  # fmt: skip
"""Commands that hold the lock for no longer than they have the file open."""
_WITH_VALUE = ("-C", "-c", "--git-dir", "--work-tree", "--namespace")
_SHELLS = ("sh", "bash", "dash", "zsh", "env", "perl", "ruby", "node")


class LockHolder(NamedTuple):
    """A program that holds the lock, or may: its process, and its name without arguments.

    ``child`` is the program that it waits for, such as a hook, an editor or one that signs.
    ``is_certain`` is false where this user may not see in which repository it is at work.
    """

    pid: int
    program: str
    child: str = ""
    is_certain: bool = True


class IndexLock(NamedTuple):
    """A lock that is there; without holders, no process of this machine is known to hold it."""

    path: str
    age_s: float
    holders: tuple[LockHolder, ...]

    @property
    def is_left_over(self) -> bool:
        """Whether nobody here holds it, so that whoever took it has gone."""
        return not self.holders and self.age_s >= YOUNG_S


def lock_path(git_dir: str) -> str:
    """Return where git keeps the lock of its index."""
    return os.path.join(os.path.normpath(git_dir), "index.lock")


def read_index_lock(git_dir: str, table: ProcessTable | None = None) -> IndexLock | None:
    """Return who holds the lock of the index of ``git_dir``; None where there is no lock.

    All processes are looked at: a git that is at work in this repository holds it, also
    while it waits for a hook, and whatever has the file open.
    """
    path = lock_path(git_dir)
    try:
        status = os.lstat(path)
    except OSError:
        return None
    table = table or open_process_table()
    holders = tuple(_holders(os.path.realpath(git_dir), os.path.realpath(path), table))
    return IndexLock(path, max(0.0, time.time() - status.st_mtime), holders)


def _holders(git_dir: str, lock: str, table: ProcessTable) -> Iterator[LockHolder]:
    rows = [row for row in table.rows() if row.state[:1] not in _ENDED]
    children = {row.parent: row.pid for row in reversed(rows)}
    for row in rows:
        argv = table.argv(row.pid)
        name = os.path.basename(argv[0]) if argv else ""
        is_git = name == "git" or name.startswith("git-")
        if is_git and _command_of(argv) not in _READING:
            is_here = _is_at(git_dir, row.pid, argv, table)
            if is_here is not False:
                child = children.get(row.pid)
                waits_for = "" if child is None else program_name(table.argv(child))
                yield LockHolder(
                    row.pid, f"git {_command_of(argv)}".strip(), waits_for, is_here is not None
                )
        elif row.pid != os.getpid() and table.has_open(row.pid, lock):
            yield LockHolder(row.pid, program_name(argv))


def _is_at(git_dir: str, pid: int, argv: Sequence[str], table: ProcessTable) -> bool | None:
    """Return whether a git is at work in the repository; None where that cannot be seen."""
    cwd = table.cwd(pid)
    if not cwd:
        return None
    given = _given_directory(argv) or table.environment(pid).get("GIT_DIR", "")
    found = find_git_dir(cwd, {"GIT_DIR": given} if given else {})
    return found is not None and os.path.realpath(found) == git_dir


def _given_directory(argv: Sequence[str]) -> str:
    words = iter(argv[1:])
    for word in words:
        if word == "--git-dir":
            return next(words, "")
        if word.startswith("--git-dir="):
            return word.removeprefix("--git-dir=")
        if word in _WITH_VALUE:
            next(words, "")
        elif not word.startswith("-"):
            break
    return ""


def _command_of(argv: Sequence[str]) -> str:
    words = iter(argv[1:])
    for word in words:
        if word in _WITH_VALUE:
            next(words, "")
        elif not word.startswith("-"):
            return word
    return ""


def program_name(argv: Sequence[str]) -> str:
    """Return what a process is called by its user: of a script, the name of the script."""
    names = [os.path.basename(word) for word in argv[:2]]
    if not names:
        return ""
    is_script = names[0].startswith("python") or names[0] in _SHELLS
    if is_script and len(names) > 1 and not argv[1].startswith("-"):
        return names[1]
    return names[0]
