"""Executable files: whether one is, making one so, and moving it out of the way."""

from __future__ import annotations

import os

from sessionctl.errors import FileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def is_executable(path: Path) -> bool:
    """Return whether ``path`` is a file that this user may run."""
    return path.is_file() and os.access(path, os.X_OK)


def make_executable(path: Path) -> None:
    """Let everyone who may read the file run it.

    Raises:
      FileError: it is not there, or is someone else's.
    """
    try:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o444) >> 2)
    except OSError as error:
        raise FileError(f"{path}: cannot make it executable: {_reason(error)}") from error


def move_file(path: Path, to: Path) -> None:
    """Give a file, or a symlink as it is, another name in the same file system.

    Raises:
      FileError: something has that name already, or the system said no.
    """
    if os.path.lexists(to):
        raise FileError(f"{to}: there is already a file", hints=["look at it, and move it away"])
    try:
        path.rename(to)
    except OSError as error:
        raise FileError(f"{path}: cannot move it to {to}: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
