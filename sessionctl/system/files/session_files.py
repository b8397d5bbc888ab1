"""Finding session files in directories."""

from __future__ import annotations

# pathlib costs start-up: plain os calls here.
# ruff: noqa: PTH110, PTH112
import os

from sessionctl.core.filename import SESSION_SUFFIX
from sessionctl.core.leftover import is_leftover
from sessionctl.core.named_tuple import NamedTuple
from sessionctl.errors import FileError

_SKIPPED = {
    ".bzr", ".cache", ".git", ".hg", ".jj", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache",
    ".svn", ".tox", ".venv", "__pycache__", "node_modules", "site-packages", "venv",
}  # fmt: skip


class FoundFile(NamedTuple):
    """A session file: its path and the time of its last change, in seconds since 1970."""

    path: str
    modified: float


def find_sessions(
    directory: str,
    *,
    below: bool = True,
    suffix: str | tuple[str, ...] = SESSION_SUFFIX,
    with_leftovers: bool = False,
    with_dangling: bool = False,
) -> list[FoundFile]:
    """Return the session files in ``directory``, and ``below`` it, sorted by path.

    With another ``suffix``, or several, the files whose names end so.

    Not looked into: what version control, package managers and caches keep, symlinked
    directories, and directories below that cannot be read. What editors and programs that
    copy files left behind counts only ``with_leftovers``, and a link that leads nowhere only
    ``with_dangling``.

    Raises:
      FileError: ``directory`` itself cannot be read.
    """
    try:
        entries = list(os.scandir(directory))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise FileError(f"{directory}: cannot read the directory: {reason}") from error
    found: list[FoundFile] = []
    pending = [entries]
    while pending:
        for entry in pending.pop():
            try:
                if with_dangling and entry.name.endswith(suffix) and _is_dangling(entry):
                    modified = entry.stat(follow_symlinks=False).st_mtime
                    found.append(FoundFile(os.path.normpath(entry.path), modified))
                elif entry.name.endswith(suffix) and entry.is_file():
                    if is_leftover(entry.name) and not with_leftovers:
                        continue
                    found.append(FoundFile(os.path.normpath(entry.path), entry.stat().st_mtime))
                elif below and entry.name not in _SKIPPED and entry.is_dir(follow_symlinks=False):
                    pending.append(list(os.scandir(entry.path)))
            except OSError:
                continue
    return sorted(found)


_NEARBY_ENTRIES = 20_000


def nearby_sessions(directory: str) -> list[str]:
    """Return the session files in and below ``directory``, what is nearest first.

    Not looked into is what ``find_sessions`` leaves out, nor what cannot be read; a link that
    leads nowhere is among them, for it has the name of a session. The search
    ends after 20,000 entries: a name must not make a whole disk be read.
    """
    found: list[str] = []
    level = [directory]
    budget = _NEARBY_ENTRIES
    while level and budget > 0:
        below: list[str] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            budget -= len(entries)
            for entry in entries:
                name = entry.name
                if name.endswith(SESSION_SUFFIX):
                    if not is_leftover(name) and (_is_file(entry) or _is_dangling(entry)):
                        found.append(os.path.normpath(entry.path))
                elif name not in _SKIPPED and _is_folder(entry):
                    below.append(entry.path)
            if budget <= 0:
                break
        level = below
    return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_dangling(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not os.path.exists(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def is_directory(path: str) -> bool:
    """Tell whether ``path`` leads to a directory."""
    return os.path.isdir(path)
