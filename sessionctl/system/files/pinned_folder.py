"""Pinned folder: a directory that is held open, so that nothing is put in its place."""

from __future__ import annotations

# ruff: noqa: PTH118
import os

_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | os.O_CLOEXEC
_OPEN_FILES = "/proc/self/fd"
_NOT_OPEN = -1


def pinned(target: str) -> PinnedPath:
    """Return what gives a path of ``target`` that leads into its directory as it is now.

    ``target`` is a real path. Who can write to a directory above may put a symlink in its
    place between a check and the write: what goes through that path goes on into the
    directory that was opened, and a symlink that exists already is an error. Where the
    system has no such paths, it is ``target`` itself.

    Raises:
      OSError: a directory on the way is a symlink, or is none.
    """
    return PinnedPath(target)


class PinnedPath:
    """What ``pinned`` returns; a class, since contextlib costs start-up."""

    __slots__ = ("_descriptor", "_target")

    def __init__(self, target: str) -> None:
        self._target = target
        self._descriptor = _NOT_OPEN

    def __enter__(self) -> str:
        """Return the path."""
        directory, name = os.path.split(self._target)
        if not (os.path.isabs(directory) and os.path.isdir(_OPEN_FILES)):  # noqa: PTH112, PTH117
            return self._target
        try:
            self._descriptor = _open(directory)
        except FileNotFoundError:
            return os.path.join(_OPEN_FILES, "-1", name)  # a directory that is not there
        return os.path.join(_OPEN_FILES, str(self._descriptor), name)

    def __exit__(self, *_: object) -> None:
        """Let go of the directory."""
        if self._descriptor != _NOT_OPEN:
            os.close(self._descriptor)


def make_folders(directory: str, root: str) -> None:
    """Make ``directory`` and those above it that are missing, below the directory ``root``.

    Each is made in the one before, held open; nothing is made where that leads out of ``root``.

    Raises:
      OSError: one cannot be made, or a symlink took the place of one.
    """
    missing: list[str] = []
    place = directory
    while not os.path.lexists(place):
        place, name = os.path.split(place)
        missing.insert(0, name)
    real = os.path.realpath(place)
    if not missing or not is_below(f"{real}/", root):
        return
    descriptor = _open(real)
    try:
        for name in missing:
            try:  # noqa: SIM105 - contextlib costs start-up
                os.mkdir(name, dir_fd=descriptor)
            except FileExistsError:
                pass
            above = descriptor
            descriptor = os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=above)
            os.close(above)
    finally:
        os.close(descriptor)


def is_below(target: str, root: str) -> bool:
    """Return whether the real path ``target`` is in or below the directory ``root``."""
    real = os.path.realpath(root)
    return target.startswith(f"{real.rstrip('/')}/")


def _open(directory: str) -> int:
    """Open each directory in the one before, none through a symlink."""
    descriptor = os.open("/", _FLAGS)
    for name in directory.split("/"):
        if not name:
            continue
        above = descriptor
        try:
            descriptor = os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=above)
        finally:
            os.close(above)
    return descriptor
